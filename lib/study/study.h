// A study: one file, one command, one table. Its rows are prepared and trained where they are not yet, evaluated with
// every seed, and compared. No torch, so that apps may include it.
#pragma once
#include <filesystem>
#include <string>

namespace nr {

// In the folder `out`/profile: seed_1/<row> is a run, seed_1/report.html the page of all rows with that seed, and
// table.md, results.json and index.html the table of all seeds, written anew after each of them. A row that is trained
// stays as it is, one that was stopped goes on. Where a row's config has changed, the old run becomes <row>.1 and the
// row is trained anew. Prepared data lie in cache/, whatever a row's data.cache says. An input that is missing is
// rendered from the recipe of its name beside it (data/demo from data/demo.yaml) by the program `render` in the folder
// of the running one. A row that fails leaves the others to go on: Error at the end, and a line in the table. Ctrl-C
// saves the row that is trained, and returns.
// profile: one of the file's; empty: its first. Error as of read_study.
void evaluate_study(const std::filesystem::path& file, const std::string& profile = "");

}  // namespace nr
