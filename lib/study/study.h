// A study: one file, one command, one table. Its rows are prepared and trained where they are not yet, evaluated with
// every seed, and compared. No torch, so that apps may include it.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

namespace nr {

// In the folder `runs`/profile: seed_1/<row> is a run, cache/ holds prepared data. In the folder `out`/profile:
// seed_1/report.html is the page of all rows with that seed, and table.md, results.json and index.html are the table of
// all seeds, written anew after each of them. A row that is trained stays as it is, one that was stopped goes on. Where
// a row's config has changed, the old run becomes <row>.1 and the row is trained anew. A row's data.cache is not used.
// An input that is missing is rendered from the recipe of its name beside it (data/demo from data/demo.yaml) by the
// program `render` in the folder of the running one. A row that fails leaves the others to go on: Error at the end, and
// a line in the table. Ctrl-C saves the row that is trained, and returns; while a seed is evaluated it ends the
// program, and the table of the seeds before stays.
// profile: one of the file's; empty: its first. Error as of read_study.
void evaluate_study(const std::filesystem::path& file, const std::string& profile = "");

// Several, one after another; a study that fails leaves the others to go on. index.html in `out` (empty: runs) has a
// short table of each and leads to their pages. Error at the end as above.
void evaluate_studies(const std::vector<std::filesystem::path>& files, const std::string& profile = "",
                      const std::filesystem::path& out = {});

}  // namespace nr
