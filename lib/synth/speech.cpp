#include "synth/speech.h"

#include <stdlib.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstring>

#include "audio/clip.h"
#include "base/error.h"
#include "base/process.h"

namespace nr {
namespace fs = std::filesystem;
namespace {

constexpr const char* kInstall = "apt-get install espeak-ng";

Outcome sample(const std::string& voice) {
  return run_program({"espeak-ng", "-v", voice, "--stdout", "--", "one"}, kInstall);
}

}  // namespace

std::vector<std::string> speech_command(const Utterance& utterance, const fs::path& wav) {
  return {"espeak-ng", "-z",  // no pause after the word
          "-v",        utterance.voice,
          "-s",        std::to_string(utterance.speed),
          "-p",        std::to_string(utterance.pitch),
          "-a",        std::to_string(utterance.amplitude),
          "-w",        wav.string(),
          "--",        utterance.word};
}

void check_voices(const std::vector<std::string>& voices) {
  for (const std::string& voice : voices) {
    const std::string language = voice.substr(0, voice.find('+'));
    const Outcome plain = sample(language);
    if (plain.status != 0) fail("espeak-ng has no voice '", language, "' (espeak-ng --voices lists them)");
    // A variant that it does not know, or of a language that is only another name of a voice's file, it ignores
    // without a word.
    if (voice != language && sample(voice).output == plain.output)
      fail("espeak-ng says '", voice, "' as it says '", language,
           "': the variant is not in espeak-ng --voices=variant, or '", language,
           "' is not under File in espeak-ng --voices ('en+f3' works, 'en-gb+f3' does not)");
  }
}

Speech::Speech(int sample_rate) : sample_rate_(sample_rate) {
  std::string name = (fs::temp_directory_path() / "neurorave-speech-XXXXXX").string();
  if (!mkdtemp(name.data())) fail(name, ": cannot make this folder (", std::strerror(errno), ")");
  folder_ = name;
}

Speech::~Speech() {
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

std::vector<float> Speech::say(const Utterance& utterance) const {
  const fs::path wav = folder_ / "word.wav";
  fs::remove(wav);  // espeak-ng reports success where it could not write
  const Outcome outcome = run_program(speech_command(utterance, wav), kInstall);
  if (outcome.status != 0 || !fs::exists(wav))
    fail("espeak-ng: could not say '", utterance.word, "' as '", utterance.voice, "' (status ", outcome.status, ": ",
         outcome.output.substr(0, outcome.output.find('\n')), ")");
  const std::vector<float> word = read_clip(wav, sample_rate_).samples;
  std::vector<float> out(static_cast<size_t>(std::llround(utterance.seconds * sample_rate_)));
  if (word.size() > out.size())
    fail("recipe: '", utterance.word, "' by '", utterance.voice, "' at ", utterance.speed, " words a minute lasts ",
         double(word.size()) / sample_rate_, " s, more than ", utterance.seconds,
         " s: raise spoken.speeds or spoken.seconds");
  std::copy(word.begin(), word.end(), out.begin() + (out.size() - word.size()) / 2);
  return out;
}

}  // namespace nr
