// A run's diary: one JSON object a line, {"step": 100, "phase": "...", "seconds": 12.3, "autoencoder/kl": 0.1}. Flushed
// at each line.
#pragma once
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>

namespace nr {

class Journal {
 public:
  // Keeps the lines up to `step` of an existing journal: a resumed run goes on where its checkpoint stands.
  Journal(const std::filesystem::path& file, int64_t step);
  void write(int64_t step, const std::string& phase, const std::map<std::string, double>& numbers);
  double seconds() const;  // of training, resumed runs added up

 private:
  std::ofstream out_;
  double before_ = 0, started_;
};

}  // namespace nr
