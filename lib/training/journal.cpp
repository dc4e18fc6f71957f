#include "training/journal.h"

#include <cerrno>
#include <cstring>
#include <nlohmann/json.hpp>
#include <sstream>

#include "base/error.h"
#include "base/files.h"
#include "base/log.h"

namespace nr {

Journal::Journal(const std::filesystem::path& folder, int64_t step, History history, bool tensorboard)
    : file_(folder / "journal.jsonl"), history_(std::move(history)), started_(now_seconds()) {
  if (folder.empty()) return;
  std::string kept;
  if (std::filesystem::exists(file_)) {
    std::istringstream lines(read_file(file_));
    for (std::string line; std::getline(lines, line);) {
      const auto entry = nlohmann::json::parse(line, nullptr, false);
      if (entry.is_discarded() || !entry.is_object() || entry.value("step", int64_t(0)) > step) continue;
      kept += line + "\n";
      before_ = entry.value("seconds", before_);
      std::map<std::string, double> numbers;
      for (const auto& [name, value] : entry.items())
        if (value.is_number() && name != "step" && name != "seconds") numbers[name] = value.get<double>();
      history_.add(entry.value("step", int64_t(0)), entry.value("phase", std::string()), numbers);
    }
  }
  write_file(file_, kept);
  out_.open(file_, std::ios::app);
  if (tensorboard) events_ = std::make_unique<report::EventFile>(folder / "tensorboard", step);
}

double Journal::seconds() const { return before_ + now_seconds() - started_; }

std::vector<std::string> Journal::write(int64_t step, const std::string& phase,
                                        const std::map<std::string, double>& numbers) {
  if (!out_.is_open()) return {};
  nlohmann::ordered_json entry{{"step", step}, {"phase", phase}, {"seconds", seconds()}};
  for (const auto& [name, value] : numbers) entry[name] = value;
  errno = 0;
  out_ << entry.dump() << std::endl;
  if (!out_) fail(file_.string(), ": cannot be written (", std::strerror(errno ? errno : EIO), ")");
  if (events_) events_->scalars(step, numbers);
  return history_.add(step, phase, numbers);
}

}  // namespace nr
