// A blind listening test: a page on which a listener chooses, clip by clip, which of two runs' reconstructions is
// nearer to the original; and what the saved answers say.
#pragma once
#include <array>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace nr {

struct ListeningPair {
  std::string clip;
  int sample_rate = 0;
  std::vector<float> original, first, second;  // of the first and the second run
};

// Writes listening.html, which needs no other file, and listening.json, which says which sound is whose. The page does
// not: the order of the clips is drawn by the seed, and so is the half of them in which the second run comes first.
void write_listening_test(const std::vector<ListeningPair>& pairs, const std::array<std::string, 2>& runs,
                          uint64_t seed, const std::filesystem::path& folder);

// The answers that the page saved, a file a listener, as a table: how often each run was nearer, by listener and in
// all, and Wilcoxon's test over clips of the listeners' mean preference. folder: of listening.json. Error when a file
// is no answer to that test, or a listener's name stands there twice.
std::string listening_table(const std::filesystem::path& folder, const std::vector<std::string>& answers);

}  // namespace nr
