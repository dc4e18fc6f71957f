// One table of several seeds.
#pragma once
#include <string>
#include <vector>

#include "evaluation/results.h"
#include "study/config.h"

namespace nr {

// What every seed's evaluation found, [seed][row of the table]. The value of a clip in a combined row is its mean over
// the seeds in which it is defined, so an interval says what other clips would give, not what other seeds would. Rows
// go by their names. Error when a row was evaluated on other clips than with the first seed that has it.
using SeedResults = std::vector<std::vector<RunResult>>;
std::vector<RunResult> combine(const SeedResults& seeds, const EvaluationConfig& config);

// What a table says beyond its numbers.
struct StudyFacts {
  std::string title;
  std::vector<int64_t> seeds;           // of SeedResults
  std::vector<std::string> failed;      // "C-RAVE, seed 2: error ..."
  Published published;
};

// Headline numbers of each seed, with their range, below the combined table; then what others published.
std::string study_markdown(const StudyFacts& facts, const SeedResults& seeds, const EvaluationConfig& config);
std::string study_page(const StudyFacts& facts, const SeedResults& seeds, const EvaluationConfig& config);

// One of several studies, for the page that joins them.
struct StudySummary {
  StudyFacts facts;
  std::vector<RunResult> results;  // of all seeds
  std::string page;                // address of the study's own
};
std::string index_page(const std::vector<StudySummary>& studies);

}  // namespace nr
