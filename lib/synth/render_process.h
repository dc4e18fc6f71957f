// Notes of a synthesizer in processes of their own. A worker loads the synthesizer once and plays a note to warm it up.
// For every note it forks a child, so that no note hears what the one before left, and a crash, a hang or a blow-up
// costs one note.
#pragma once
#include <sys/types.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "synth/host.h"

namespace nr {

struct Rendering {
  std::vector<float> samples;
  std::string problem;  // why there are none: "crashed (signal 11)"; empty: none
};

class RenderProcess {
 public:
  using Make = std::function<std::unique_ptr<SynthHost>()>;

  // limit: seconds that a note, or loading the synthesizer, may take. The worker ends with the thread that makes it.
  // Error when the synthesizer cannot be loaded.
  explicit RenderProcess(const Make& make, double limit = 20);
  ~RenderProcess();
  RenderProcess(const RenderProcess&) = delete;

  const SynthParameters& parameters() const { return parameters_; }
  const std::string& version() const { return version_; }
  const std::vector<std::vector<double>>& shipped() const { return shipped_; }  // SynthHost::shipped()
  // One note at a time. Problems: a crash, more than `limit` seconds, a sample that is not finite or beyond +60 dB of
  // full scale, an Error of the host. Error when the worker itself is gone.
  Rendering play(const std::vector<double>& values, const SynthNote& note, uint64_t seed);

 private:
  void end();

  int socket_ = -1;
  pid_t worker_ = -1;
  double limit_;
  SynthParameters parameters_;
  std::string version_;
  std::vector<std::vector<double>> shipped_;
};

}  // namespace nr
