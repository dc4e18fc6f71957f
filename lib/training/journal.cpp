#include "training/journal.h"

#include <nlohmann/json.hpp>
#include <sstream>

#include "base/error.h"
#include "base/files.h"
#include "base/log.h"

namespace nr {

Journal::Journal(const std::filesystem::path& file, int64_t step) : started_(now_seconds()) {
  std::string kept;
  if (std::filesystem::exists(file)) {
    std::istringstream lines(read_file(file));
    for (std::string line; std::getline(lines, line);) {
      const auto entry = nlohmann::json::parse(line, nullptr, false);
      if (entry.is_discarded() || !entry.is_object() || entry.value("step", int64_t(0)) > step) continue;
      kept += line + "\n";
      before_ = entry.value("seconds", before_);
    }
  }
  write_file(file, kept);
  out_.open(file, std::ios::app);
}

double Journal::seconds() const { return before_ + now_seconds() - started_; }

void Journal::write(int64_t step, const std::string& phase, const std::map<std::string, double>& numbers) {
  nlohmann::ordered_json entry{{"step", step}, {"phase", phase}, {"seconds", seconds()}};
  for (const auto& [name, value] : numbers) entry[name] = value;
  out_ << entry.dump() << std::endl;
  if (!out_) fail("the journal cannot be written (is the disk full?)");
}

}  // namespace nr
