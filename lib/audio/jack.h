// A client of the JACK server: one output, MIDI in, and an input where one is wanted. The library is loaded when a
// client is opened, so nothing needs it to be installed (https://jackaudio.org/api/).
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace nr {

struct MidiMessage {
  int sample = 0;  // of the block, in order
  int size = 0;
  const unsigned char* bytes = nullptr;
};

class JackClient {
 public:
  // Fills a block, in the server's thread: takes no memory and waits for nothing.
  // in: null without an input.
  using Process =
      std::function<void(const float* in, float* out, int samples, const MidiMessage* messages, int count)>;

  // Error that says what to install when there is no library, or that no server runs. Starts none.
  explicit JackClient(const std::string& name);
  ~JackClient();
  int sample_rate() const;
  const std::string& name() const;  // as the server knows it
  // Ports `out` and `midi`, and `in` if it hears. The first is connected with every physical output, the second with
  // every physical input of MIDI, the third with the first physical input of audio, where there is such. Once.
  void start(bool hears, Process process);
  bool running() const;  // false when the server has gone
  int late() const;      // blocks that came too late

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace nr
