#include "audio/jack.h"

#include <dlfcn.h>

#include <array>
#include <atomic>

#include "base/error.h"

namespace nr {
namespace {

// Of jack/jack.h and jack/midiport.h, which are C and do not change.
using Client = struct Opaque;
using Port = struct OpaquePort;
using Frames = uint32_t;
struct JackMidiEvent {
  Frames time;
  size_t size;
  unsigned char* buffer;
};
constexpr int kNoStartServer = 1;
constexpr unsigned long kIsInput = 1, kIsOutput = 2, kIsPhysical = 4;
constexpr const char *kAudio = "32 bit float mono audio", *kMidi = "8 bit raw midi";
constexpr size_t kMostMessages = 1024;  // of a block; later ones are left out

struct Library {
  void* handle = dlopen("libjack.so.0", RTLD_NOW | RTLD_LOCAL);

  template <class F>
  F* function(const char* name) const {
    void* found = handle ? dlsym(handle, name) : nullptr;
    if (!found) fail("JACK: there is no ", handle ? name : "libjack.so.0", " (apt-get install jackd2)");
    return reinterpret_cast<F*>(found);
  }
};

}  // namespace

struct JackClient::State {
  Library library;
  Client* client = nullptr;
  Port *in = nullptr, *out = nullptr, *midi = nullptr;
  std::string name;
  Process process;
  std::array<MidiMessage, kMostMessages> messages;
  std::atomic<bool> running{false};
  std::atomic<int> late{0};
  void* (*buffer)(Port*, Frames) = nullptr;
  Frames (*count)(void*) = nullptr;
  int (*event)(JackMidiEvent*, void*, uint32_t) = nullptr;

  ~State() {
    if (client) library.function<int(Client*)>("jack_client_close")(client);
    if (library.handle) dlclose(library.handle);
  }

  int run(Frames samples) {
    void* heard = buffer(midi, samples);
    size_t known = 0;
    for (Frames i = 0, all = count(heard); i < all && known < kMostMessages; ++i) {
      JackMidiEvent e;
      if (event(&e, heard, i) == 0) messages[known++] = {int(e.time), int(e.size), e.buffer};
    }
    process(in ? static_cast<const float*>(buffer(in, samples)) : nullptr, static_cast<float*>(buffer(out, samples)),
            int(samples), messages.data(), int(known));
    return 0;
  }

  // An own port and every physical one of the kind, which takes (`to`) or gives; or the first one only.
  void connect(const char* port_name, const char* type, bool to, bool all = true) const {
    const auto ports = library.function<const char**(Client*, const char*, const char*, unsigned long)>(
        "jack_get_ports")(client, nullptr, type, kIsPhysical | (to ? kIsInput : kIsOutput));
    const auto join = library.function<int(Client*, const char*, const char*)>("jack_connect");
    const std::string own = name + ":" + port_name;
    for (const char** port = ports; port && *port && (all || port == ports); ++port)
      join(client, to ? own.c_str() : *port, to ? *port : own.c_str());
    if (ports) library.function<void(void*)>("jack_free")(ports);
  }
};

JackClient::JackClient(const std::string& name) : state_(std::make_unique<State>()) {
  State& s = *state_;
  int status = 0;
  s.client = s.library.function<Client*(const char*, int, int*, ...)>("jack_client_open")(name.c_str(), kNoStartServer,
                                                                                         &status);
  if (!s.client)
    fail("JACK: no server runs (status ", status, "): start one, such as `jackd -d alsa`, or give --out, and --midi or "
         "--audio");
  s.name = s.library.function<char*(Client*)>("jack_get_client_name")(s.client);
  s.buffer = s.library.function<void*(Port*, Frames)>("jack_port_get_buffer");
  s.count = s.library.function<Frames(void*)>("jack_midi_get_event_count");
  s.event = s.library.function<int(JackMidiEvent*, void*, uint32_t)>("jack_midi_event_get");
}

JackClient::~JackClient() = default;

int JackClient::sample_rate() const {
  return int(state_->library.function<Frames(Client*)>("jack_get_sample_rate")(state_->client));
}
const std::string& JackClient::name() const { return state_->name; }
bool JackClient::running() const { return state_->running; }
int JackClient::late() const { return state_->late; }

void JackClient::start(bool hears, Process process) {
  State& s = *state_;
  s.process = std::move(process);
  const auto add = s.library.function<Port*(Client*, const char*, const char*, unsigned long, unsigned long)>(
      "jack_port_register");
  s.out = add(s.client, "out", kAudio, kIsOutput, 0), s.midi = add(s.client, "midi", kMidi, kIsInput, 0);
  if (hears) s.in = add(s.client, "in", kAudio, kIsInput, 0);
  if (!s.out || !s.midi || (hears && !s.in)) fail("JACK: the server gives no more ports");
  s.library.function<int(Client*, int (*)(Frames, void*), void*)>("jack_set_process_callback")(
      s.client, [](Frames samples, void* state) { return static_cast<State*>(state)->run(samples); }, &s);
  s.library.function<int(Client*, int (*)(void*), void*)>("jack_set_xrun_callback")(
      s.client, [](void* state) { return ++static_cast<State*>(state)->late, 0; }, &s);
  s.library.function<void(Client*, void (*)(void*), void*)>("jack_on_shutdown")(
      s.client, [](void* state) { static_cast<State*>(state)->running = false; }, &s);
  s.running = true;
  if (s.library.function<int(Client*)>("jack_activate")(s.client)) fail("JACK: the client cannot be started");
  s.connect("out", kAudio, true), s.connect("midi", kMidi, false);
  if (hears) s.connect("in", kAudio, false, false);
}

}  // namespace nr
