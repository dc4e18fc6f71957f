#include "base/log.h"

#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>

namespace nr {
namespace {

spdlog::logger& logger() {
  static const auto instance = [] {
    auto made = spdlog::stderr_color_mt("neurorave");
    made->set_pattern("%^%L%$ %v");
    return made;
  }();
  return *instance;
}

}  // namespace

void log_info(const std::string& line) { logger().info(line); }
void log_warning(const std::string& line) { logger().warn(line); }
void log_error(const std::string& line) { logger().error(line); }

double now_seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

std::string duration_text(double seconds) {
  const long s = static_cast<long>(seconds + 0.5);
  char out[32];
  if (s < 60) std::snprintf(out, sizeof out, "%ld s", s);
  else if (s < 3600) std::snprintf(out, sizeof out, "%ld min %02ld s", s / 60, s % 60);
  else std::snprintf(out, sizeof out, "%ld h %02ld min", s / 3600, s / 60 % 60);
  return out;
}

Progress::Progress(std::string what, double begun_at)
    : what_(std::move(what)), begun_at_(begun_at), started_(now_seconds()), terminal_(isatty(2)) {}

Progress::~Progress() {
  if (open_) std::fputc('\n', stderr);
}

void Progress::update(double fraction, const std::string& detail) {
  const double now = now_seconds(), since = now - printed_;
  if (printed_ > 0 && since < (terminal_ ? 0.1 : 10.0)) return;
  printed_ = now;
  const double elapsed = now - started_, share = fraction - begun_at_;
  const double left = share > 0 ? elapsed * (1 - fraction) / share : 0;
  std::fprintf(stderr, "%s%s %3.0f %%  %s  %s left%s", terminal_ ? "\r\033[K" : "", what_.c_str(), 100 * fraction,
               detail.c_str(), duration_text(left).c_str(), terminal_ ? "" : "\n");
  open_ = terminal_;
}

void Progress::done(const std::string& detail) {
  std::fprintf(stderr, "%s%s: %s in %s\n", open_ ? "\r\033[K" : "", what_.c_str(), detail.c_str(),
               duration_text(now_seconds() - started_).c_str());
  open_ = false;
}

}  // namespace nr
