// What a user reads while a program runs: lines on stderr, and one progress line that is overwritten in place.
// No spdlog type here: LibTorch 2's wheel bundles another fmt, and the two must not meet in one source.
#pragma once
#include <string>

namespace nr {

void log_info(const std::string& line);
void log_warning(const std::string& line);
void log_error(const std::string& line);

// Overwrites the last progress line on a terminal; elsewhere prints at most one line every ten seconds.
class Progress {
 public:
  // begun_at: the fraction that a resumed run had done before.
  explicit Progress(std::string what, double begun_at = 0);
  ~Progress();
  void update(double fraction, const std::string& detail = "");  // prints percent, detail and the time left
  void done(const std::string& detail = "");                     // ends the line

 private:
  std::string what_;
  double begun_at_, started_, printed_ = 0;
  bool open_ = false, terminal_;
};

// Seconds on a steady clock.
double now_seconds();
// "42 s", "3 min 05 s", "2 h 07 min".
std::string duration_text(double seconds);

}  // namespace nr
