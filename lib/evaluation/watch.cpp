#include "evaluation/watch.h"

#include "base/error.h"
#include "base/log.h"
#include "evaluation/results.h"
#include "nn/checkpoint.h"

namespace nr {
namespace fs = std::filesystem;

void watch(const fs::path& run, EvaluationConfig config, const fs::path& out, const std::function<bool()>& wait) {
  config.split = "validation";
  const fs::path checkpoint = find_checkpoint(run);
  fs::file_time_type seen = fs::last_write_time(checkpoint);
  evaluate({run}, config, out);
  log_info("waits for " + checkpoint.string() + " to change; Ctrl-C ends");
  while (wait()) {
    std::error_code gone;
    const fs::file_time_type now = fs::last_write_time(checkpoint, gone);
    if (gone || now == seen) continue;
    seen = now;
    try {
      evaluate({run}, config, out);
    } catch (const Error& error) {
      log_error(error.what());
    }
  }
}

}  // namespace nr
