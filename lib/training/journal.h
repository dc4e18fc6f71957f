// A run's diary: one JSON object a line, {"step": 100, "phase": "...", "seconds": 12.3, "autoencoder/kl": 0.1}. Flushed
// at each line. The same numbers go to a TensorBoard file beside it.
#pragma once
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <string>

#include "report/events.h"
#include "training/standing.h"

namespace nr {

class Journal {
 public:
  // Keeps the lines up to `step` of an existing journal.jsonl: a resumed run goes on where its checkpoint stands.
  // history: empty; it gets what the kept lines say. Without a folder nothing is written and nothing is said.
  Journal(const std::filesystem::path& folder, int64_t step, History history, bool tensorboard);
  // -> what is wrong with training since this line (standing.h). Error when the disk is full.
  std::vector<std::string> write(int64_t step, const std::string& phase, const std::map<std::string, double>& numbers);
  double seconds() const;                                    // of training, resumed runs added up
  report::EventFile* events() const { return events_.get(); }  // null without tensorboard

 private:
  std::filesystem::path file_;
  std::ofstream out_;
  std::unique_ptr<report::EventFile> events_;
  History history_;
  double before_ = 0, started_;
};

}  // namespace nr
