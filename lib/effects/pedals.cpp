#include "effects/pedals.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <iterator>
#include <sstream>
#include <utility>

#include "base/error.h"
#include "effects/parameters.h"

namespace nr {
namespace {

constexpr size_t kLate = 8192;   // samples that a program and the pipes to it may hold back
constexpr int kPatience = 5000;  // ms

// Bytes in, bytes out.
class PedalProcess {
 public:
  // The first of the arguments is the program, which is called as its package is. `install`: what its effect needs.
  PedalProcess(std::string name, const std::vector<std::string>& arguments, std::string install)
      : name_(std::move(name)), program_(arguments[0]), install_(std::move(install)) {
    std::vector<char*> argv;
    for (const std::string& a : arguments) argv.push_back(const_cast<char*>(a.c_str()));
    argv.push_back(nullptr);
    std::vector<char*> environment;  // Debian's folder of plug-ins is not the one that sox looks in
    for (char** v = environ; *v; ++v) environment.push_back(*v);
    std::string path = "LADSPA_PATH=/usr/lib/ladspa";
    if (!std::getenv("LADSPA_PATH")) environment.push_back(path.data());
    environment.push_back(nullptr);
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
      fail(name_, ": no socket to ", program_, " (", std::strerror(errno), ")");
    socket_ = ends[0];
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    const int error = posix_spawnp(&child_, argv[0], &actions, nullptr, argv.data(), environment.data());
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);
    if (!error) return;
    close(socket_);
    fail(name_, ": ", program_, " cannot be started (", std::strerror(error), "): apt-get install ", program_);
  }
  PedalProcess(const PedalProcess&) = delete;
  ~PedalProcess() {
    close(socket_);
    kill(child_, SIGKILL);
    while (waitpid(child_, nullptr, 0) < 0 && errno == EINTR) {
    }
  }

  // Sends the samples and appends what comes, until `wanted` have come in all.
  void exchange(const float* samples, size_t count, size_t wanted, std::deque<float>& out) {
    const char* from = reinterpret_cast<const char*>(samples);
    size_t left = count * sizeof(float);
    while (left > 0 || received_ < wanted) {
      pollfd waiting{socket_, short(POLLIN | (left > 0 ? POLLOUT : 0)), 0};
      const int ready = poll(&waiting, 1, kPatience);
      if (ready < 0 && errno == EINTR) continue;
      if (ready == 0) fail(name_, ": ", program_, " gave nothing for ", kPatience / 1000, " s");
      if (waiting.revents & POLLOUT) {
        const ssize_t sent = send(socket_, from, left, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent > 0) from += sent, left -= size_t(sent);
        else if (errno != EAGAIN && errno != EINTR) ended();
      }
      if (waiting.revents & (POLLIN | POLLHUP)) receive(out);
    }
  }

 private:
  [[noreturn]] void ended() const {
    fail(name_, ": ", program_, " has ended; what it needs may not be there: ", install_);
  }

  void receive(std::deque<float>& out) {
    char bytes[4096];
    const ssize_t got = recv(socket_, bytes, sizeof bytes, MSG_DONTWAIT);
    if (got == 0) ended();
    if (got < 0) {
      if (errno != EAGAIN && errno != EINTR) ended();
      return;
    }
    rest_.insert(rest_.end(), bytes, bytes + got);
    size_t at = 0;
    for (; at + sizeof(float) <= rest_.size(); at += sizeof(float), ++received_) {
      float sample;
      std::memcpy(&sample, rest_.data() + at, sizeof sample);
      out.push_back(sample);
    }
    rest_.erase(rest_.begin(), rest_.begin() + long(at));
  }

  std::string name_, program_, install_;
  int socket_ = -1;
  pid_t child_ = 0;
  size_t received_ = 0;  // samples
  std::vector<char> rest_;  // of one that is not whole yet
};

// Who hosts effects whose text begins with `prefix`. The command's words RATE, SCRIPT and EFFECT are replaced.
struct PedalHost {
  const char* prefix;
  const char* command;
  const char* installer;
};

const PedalHost kHosts[]{
    {"lv2=",
     "ffmpeg -nostdin -v quiet -probesize 32 -analyzeduration 0 -fflags nobuffer -f f32le -ar RATE -ac 1 -i pipe:0 "
     "-flush_packets 1 -f f32le -ar RATE -ac 1 -af EFFECT pipe:1",
     "apt-get install "},
    {"pedalboard.", "python3 -c SCRIPT EFFECT RATE", "pip install numpy "},
    {"", "sox -V1 --buffer 256 -t f32 -r RATE -c 1 - -t f32 - EFFECT", "apt-get install "},
};

const char* const kScript = R"(
import sys, numpy, pedalboard
effect, rate = eval(sys.argv[1]), float(sys.argv[2])
while block := sys.stdin.buffer.read(1024):
    sys.stdout.buffer.write(effect(numpy.frombuffer(block, numpy.float32), rate, reset=False).tobytes())
    sys.stdout.buffer.flush()
)";

struct Pedal {
  const char* name;
  const char* reading;
  const char* package;
  const char* effect;  // a "%" for each parameter
  SynthParameters parameters;
};

const Pedal kPedals[]{
    {"pedal_overdrive", "sox: overdrive", "sox", "overdrive % %",
     {decibels("gain", 0, 100, 20), plain("colour", 0, 100, 20)}},
    {"pedal_contrast", "sox: contrast", "sox", "contrast %", {plain("amount", 0, 100, 75)}},
    {"pedal_valve", "swh: valve saturation", "swh-plugins", "ladspa valve_1209 valve % %",
     {plain("level", 0, 1, 0.5), plain("character", 0, 1, 0.5)}},
    {"pedal_foldover", "swh: foldover", "swh-plugins", "ladspa foldover_1213 foldover % %",
     {plain("drive", 0, 1, 0.5), plain("skew", 0, 1, 0)}},
    {"pedal_diode", "swh: none, half and full wave", "swh-plugins", "ladspa diode_1185 diode %",
     {plain("mode", 0, 3, 1)}},
    {"pedal_decimator", "swh: few bits, low rate", "swh-plugins", "ladspa decimator_1202 decimator % %",
     {plain("bits", 1, 24, 8), logarithmic("rate", 1000, 22050, 4000, "Hz")}},
    {"pedal_fast_overdrive", "swh: fast overdrive", "swh-plugins", "ladspa foverdrive_1196 foverdrive %",
     {plain("drive", 1, 3, 2)}},
    {"pedal_gsm", "swh: GSM 06.10, so many times over", "swh-plugins", "ladspa gsm_1215 gsm 1 % % 0",
     {plain("passes", 1, 10, 1), plain("errors", 0, 30, 0)}},
    {"pedal_sigmoid", "TAP: sigmoid booster", "tap-plugins", "ladspa tap_sigmoid tap_sigmoid % 0",
     {decibels("gain", 0, 20, 10)}},
    {"pedal_tube_warmth", "TAP: tape to tube", "tap-plugins", "ladspa tap_tubewarmth tap_tubewarmth % %",
     {logarithmic("drive", 0.1, 10, 2.5, ""), plain("blend", -10, 10, 10)}},
    {"pedal_saturate", "CAPS: one of its curves", "caps", "ladspa caps Saturate % % %",
     {plain("curve", 1, 11, 1), decibels("gain", -24, 72, 20), plain("bias", 0, 1, 0)}},
    {"pedal_ds1", "Guitarix: Boss DS-1", "guitarix-lv2",
     R"(lv2=p=http\\://guitarix.sourceforge.net/plugins/gx_bossds1_#_bossds1_:c=DRIVE=%|TONE=%)",
     {plain("drive", 0, 1, 0.5), plain("tone", 0, 1, 0.5)}},
    {"pedal_tube_screamer", "Guitarix: Ibanez TS-9", "guitarix-lv2",
     R"(lv2=p=http\\://guitarix.sourceforge.net/plugins/gxts9#ts9sim:c=fslider2_=%|fslider1_=%)",
     {plain("drive", 0, 1, 0.5), plain("tone", 100, 1000, 400, "Hz")}},
    {"pedal_fuzz_face", "Guitarix: Fuzz Face", "guitarix-lv2",
     R"(lv2=p=http\\://guitarix.sourceforge.net/plugins/gx_fuzzface_#_fuzzface_:c=FUZZ=%)",
     {plain("fuzz", 0, 1, 0.5)}},
    {"pedal_tube", "Invada: tube distortion", "invada-studio-plugins-lv2",
     R"(lv2=p=http\\://invadarecords.com/plugins/lv2/tube/mono:c=drive=%|dcoffset=%|mix=100)",
     {decibels("drive", 0, 18, 9), plain("offset", -1, 1, 0)}},
    {"pedalboard_chorus", "pedalboard: chorus", "pedalboard",
     "pedalboard.Chorus(rate_hz=%,depth=%,centre_delay_ms=%,feedback=%,mix=%)",
     {plain("rate", 0, 100, 1, "Hz"), plain("depth", 0, 1, 0.25), plain("centre", 1, 50, 7, "ms"),
      plain("feedback", -1, 1, 0), plain("mix", 0, 1, 0.5)}},
    {"pedalboard_distortion", "pedalboard: tanh", "pedalboard", "pedalboard.Distortion(drive_db=%)",
     {decibels("drive", 0, 60, 25)}},
    {"pedalboard_reverb", "pedalboard: reverberation", "pedalboard",
     "pedalboard.Reverb(room_size=%,damping=%,wet_level=%,dry_level=%)",
     {plain("room", 0, 1, 0.5), plain("damping", 0, 1, 0.5), plain("wet", 0, 1, 0.33), plain("dry", 0, 1, 0.4)}},
};

const PedalHost& host_of(const Pedal& pedal) {
  return *std::find_if(std::begin(kHosts), std::end(kHosts), [&](const PedalHost& host) {
    return std::string(pedal.effect).rfind(host.prefix, 0) == 0;
  });
}

std::vector<std::string> arguments(const Pedal& pedal, const Settings& settings, int rate) {
  std::string effect = pedal.effect;
  for (const double value : settings) {
    char number[32];
    std::snprintf(number, sizeof number, "%.9g", value);
    effect.replace(effect.find('%'), 1, number);
  }
  std::vector<std::string> out;
  std::istringstream command(host_of(pedal).command);
  for (std::string word; command >> word;) {
    std::istringstream parts(word == "EFFECT" ? effect : word == "RATE" ? text(rate) : word);
    if (word == "SCRIPT") out.push_back(kScript);
    else out.insert(out.end(), std::istream_iterator<std::string>(parts), {});
  }
  return out;
}

class PedalEffect : public Effect {
 public:
  PedalEffect(const Pedal& pedal, const Settings& settings, int rate)
      : process_(pedal.name, arguments(pedal, settings, rate), text(host_of(pedal).installer, pedal.package)),
        waiting_(kLate, 0.f) {}

  void process(float* samples, int count) override {
    given_ += size_t(count);
    process_.exchange(samples, size_t(count), given_ > kLate ? given_ - kLate : 0, waiting_);
    std::copy_n(waiting_.begin(), count, samples);
    waiting_.erase(waiting_.begin(), waiting_.begin() + count);
  }
  int latency() const override { return int(kLate); }

 private:
  PedalProcess process_;
  std::deque<float> waiting_;  // what has come, behind the silence of the latency
  size_t given_ = 0;
};

template <size_t I>
std::unique_ptr<Effect> started(const Settings& settings, int rate) {
  return std::make_unique<PedalEffect>(kPedals[I], settings, rate);
}

template <size_t... I>
std::vector<EffectKind> kinds(std::index_sequence<I...>) {
  return {{kPedals[I].name, "pedal", kPedals[I].reading, kPedals[I].parameters, started<I>, true}...};
}

}  // namespace

std::vector<EffectKind> pedals() { return kinds(std::make_index_sequence<std::size(kPedals)>()); }

}  // namespace nr
