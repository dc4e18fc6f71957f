#include "synth/render_process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cmath>
#include <cstring>
#include <type_traits>

#include "base/error.h"
#include "base/log.h"

namespace nr {
namespace {

constexpr float kLoudest = 1000;  // +60 dB of full scale

// Bytes of what the processes say to each other: one machine, one build.
struct Message {
  std::string bytes;

  template <class T>
  void add(const T& value) {
    static_assert(std::is_trivially_copyable_v<T>);
    bytes.append(reinterpret_cast<const char*>(&value), sizeof value);
  }
  void add(const std::string& text) {
    add(uint64_t(text.size()));
    bytes += text;
  }
  template <class T>
  void add(const std::vector<T>& items) {
    add(uint64_t(items.size()));
    for (const T& item : items) add(item);
  }
};

struct MessageReader {
  const std::string& bytes;
  size_t at = 0;

  void take(void* to, size_t count) {
    if (bytes.size() - at < count) fail("a rendering process sent a message that is cut short");
    if (count) std::memcpy(to, bytes.data() + at, count);
    at += count;
  }
  template <class T>
  void get(T& value) {
    take(&value, sizeof value);
  }
  void get(std::string& text) {
    uint64_t size = 0;
    get(size);
    if (size > bytes.size()) fail("a rendering process sent a text that is cut short");
    text.resize(size);
    take(text.data(), size);
  }
  template <class T>
  void get(std::vector<T>& items) {
    uint64_t size = 0;
    get(size);
    if (size > bytes.size()) fail("a rendering process sent a list that is cut short");
    items.resize(size);
    for (T& item : items) get(item);
  }
};

bool send_bytes(int file, const char* from, size_t count) {
  while (count > 0) {
    const ssize_t sent = send(file, from, count, MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) return false;
    from += sent, count -= size_t(sent);
  }
  return true;
}

bool send_message(int file, const Message& message) {
  const uint64_t size = message.bytes.size();
  return send_bytes(file, reinterpret_cast<const char*>(&size), sizeof size) &&
         send_bytes(file, message.bytes.data(), message.bytes.size());
}

enum class Received { kWhole, kEnded, kLate };

// until: of now_seconds(); 0: waits for ever.
Received receive_bytes(int file, char* to, size_t count, double until) {
  while (count > 0) {
    const double left = until - now_seconds();
    if (until > 0 && left <= 0) return Received::kLate;
    pollfd waiting{file, POLLIN, 0};
    const int ready = poll(&waiting, 1, until > 0 ? int(std::ceil(left * 1000)) : -1);
    if (ready == 0 || (ready < 0 && errno == EINTR)) continue;
    const ssize_t got = recv(file, to, count, 0);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return Received::kEnded;
    to += got, count -= size_t(got);
  }
  return Received::kWhole;
}

Received receive_message(int file, std::string& bytes, double until) {
  uint64_t size = 0;
  const Received head = receive_bytes(file, reinterpret_cast<char*>(&size), sizeof size, until);
  if (head != Received::kWhole) return head;
  if (size > (uint64_t(1) << 32)) return Received::kEnded;
  bytes.resize(size);
  return receive_bytes(file, bytes.data(), size, until);
}

struct Ends {
  int ours = -1, theirs = -1;
};
Ends make_ends() {
  int both[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, both) != 0)
    fail("no socket to a rendering process (", std::strerror(errno), ")");
  return {both[0], both[1]};
}

// -> 0 in the child, which ends with its parent.
pid_t fork_child() {
  const pid_t parent = getpid(), child = fork();
  if (child < 0) fail("no rendering process (", std::strerror(errno), ")");
  if (child == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    signal(SIGINT, SIG_IGN);  // Ctrl-C is for the program that asked
    if (getppid() != parent) _exit(1);
  }
  return child;
}

int wait_for(pid_t child) {
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return status;
}

std::string problem_of(const std::vector<float>& samples) {
  for (size_t i = 0; i < samples.size(); ++i) {
    if (!std::isfinite(samples[i])) return text("blew up: sample ", i, " is not finite");
    if (std::abs(samples[i]) > kLoudest) return text("blew up: sample ", i, " is beyond +60 dB");
  }
  return "";
}

void put_parameter(Message& out, const SynthParameter& p) {
  out.add(p.name), out.add(p.kind), out.add(p.law), out.add(p.low), out.add(p.high), out.add(p.initial);
  out.add(p.unit), out.add(p.choices), out.add(p.heard_with);
}
void get_parameter(MessageReader& in, SynthParameter& p) {
  in.get(p.name), in.get(p.kind), in.get(p.law), in.get(p.low), in.get(p.high), in.get(p.initial);
  in.get(p.unit), in.get(p.choices), in.get(p.heard_with);
}

// In the child: one note.
[[noreturn]] void play_and_end(int file, SynthHost& host, const std::vector<double>& values, const SynthNote& note,
                               uint64_t seed) {
  Message out;
  try {
    const std::vector<float> samples = host.play(values, note, seed);
    out.add(std::string()), out.add(samples);
  } catch (const std::exception& error) {
    out.bytes.clear();
    out.add(std::string(error.what())), out.add(std::vector<float>());
  }
  _exit(send_message(file, out) ? 0 : 1);
}

Rendering render_in_child(SynthHost& host, const std::vector<double>& values, const SynthNote& note, uint64_t seed,
                          double limit) {
  const Ends ends = make_ends();
  const pid_t child = fork_child();
  if (child == 0) play_and_end(ends.theirs, host, values, note, seed);
  close(ends.theirs);
  std::string bytes;
  const Received received = receive_message(ends.ours, bytes, now_seconds() + limit);
  close(ends.ours);
  if (received != Received::kWhole) kill(child, SIGKILL);
  const int status = wait_for(child);
  Rendering out;
  if (received == Received::kLate) {
    out.problem = text("took longer than ", limit, " s");
  } else if (received == Received::kEnded) {
    const int signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    out.problem = signal && signal != SIGKILL ? text("crashed (signal ", signal, ")") : "ended before the note did";
  } else {
    MessageReader in{bytes};
    in.get(out.problem), in.get(out.samples);
    if (out.problem.empty()) out.problem = problem_of(out.samples);
  }
  if (!out.problem.empty()) out.samples.clear();
  return out;
}

// The worker, until its other end is closed.
void serve(int file, const RenderProcess::Make& make, double limit) {
  Message hello;
  std::unique_ptr<SynthHost> host;
  try {
    host = make();
    host->play(initial_values(host->parameters()), {60, 100, 0.02, 0.05, 22050}, 1);
    hello.add(std::string()), hello.add(host->version()), hello.add(host->shipped());
    hello.add(uint64_t(host->parameters().size()));
    for (const SynthParameter& p : host->parameters()) put_parameter(hello, p);
  } catch (const std::exception& error) {
    hello.bytes.clear();
    hello.add(std::string(error.what()));
  }
  if (!send_message(file, hello) || !host) return;
  std::string bytes;
  while (receive_message(file, bytes, 0) == Received::kWhole) {
    MessageReader in{bytes};
    std::vector<double> values;
    SynthNote note;
    uint64_t seed = 0;
    in.get(values), in.get(note), in.get(seed);
    const Rendering made = render_in_child(*host, values, note, seed, limit);
    Message out;
    out.add(made.problem), out.add(made.samples);
    if (!send_message(file, out)) return;
  }
}

}  // namespace

RenderProcess::RenderProcess(const Make& make, double limit) : limit_(limit) {
  const Ends ends = make_ends();
  worker_ = fork_child();
  if (worker_ == 0) {
    close(ends.ours);
    if (const int nowhere = open("/dev/null", O_WRONLY); nowhere >= 0)  // for what plug-ins print
      dup2(nowhere, STDOUT_FILENO), dup2(nowhere, STDERR_FILENO), close(nowhere);
    try {
      serve(ends.theirs, make, limit);
    } catch (...) {  // the parent sees that the worker has ended
    }
    _exit(0);
  }
  close(ends.theirs);
  socket_ = ends.ours;
  std::string bytes, error;
  const Received received = receive_message(socket_, bytes, now_seconds() + limit);
  if (received == Received::kWhole) {
    MessageReader in{bytes};
    in.get(error);
    uint64_t count = 0;
    if (error.empty()) in.get(version_), in.get(shipped_), in.get(count);
    for (uint64_t i = 0; i < count; ++i) get_parameter(in, parameters_.emplace_back());
    if (error.empty()) return;
  }
  end();
  if (received == Received::kLate) fail("the synthesizer was not loaded within ", limit, " s");
  fail(error.empty() ? "the synthesizer crashed while it was loaded" : error);
}

RenderProcess::~RenderProcess() { end(); }

void RenderProcess::end() {
  if (socket_ >= 0) close(socket_);
  if (worker_ > 0) {
    kill(worker_, SIGKILL);
    wait_for(worker_);
  }
  socket_ = -1, worker_ = -1;
}

Rendering RenderProcess::play(const std::vector<double>& values, const SynthNote& note, uint64_t seed) {
  if (values.size() != parameters_.size())
    fail(values.size(), " values for the ", parameters_.size(), " parameters of a synthesizer");
  Message request;
  request.add(values), request.add(note), request.add(seed);
  std::string bytes;
  const double until = now_seconds() + 2 * limit_ + 5;  // the worker keeps the limit itself
  if (!send_message(socket_, request) || receive_message(socket_, bytes, until) != Received::kWhole)
    fail("a rendering process was lost");
  Rendering out;
  MessageReader in{bytes};
  in.get(out.problem), in.get(out.samples);
  return out;
}

}  // namespace nr
