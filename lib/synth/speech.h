// Words spoken by espeak-ng, offline. It is under the GPL: run as a program of its own, never linked.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

namespace nr {

struct Utterance {
  std::string word, voice;  // voice: "en", "en-us+f3"
  int speed = 175;          // words a minute, 80 ... 450
  int pitch = 50;           // 0 ... 99
  int amplitude = 100;      // 1 ... 200, linear
  double seconds = 1;       // of what say() returns
};

// The program and its arguments.
std::vector<std::string> speech_command(const Utterance& utterance, const std::filesystem::path& wav);

// Error when espeak-ng is absent (names the package that holds it), or has no such language, or ignores a variant.
void check_voices(const std::vector<std::string>& voices);

class Speech {
 public:
  explicit Speech(int sample_rate);
  ~Speech();
  Speech(const Speech&) = delete;
  // The word amid silence. Error when it lasts longer than `seconds`, or espeak-ng fails.
  std::vector<float> say(const Utterance& utterance) const;

 private:
  int sample_rate_;
  std::filesystem::path folder_;  // temporary: espeak-ng writes files
};

}  // namespace nr
