#include "synth/soundfont.h"

#include <fluidsynth.h>

#include <cmath>
#include <mutex>

#include "audio/clip.h"
#include "audio/resampler.h"
#include "base/error.h"

namespace nr {
namespace {

// Voices are rendered here and then resampled: FluidSynth reads its 44.1 kHz samples without an anti-aliasing filter.
constexpr int kInnerRate = 48000;
constexpr int kBlock = 64;  // FluidSynth starts a note at a multiple of its block
constexpr int kLongestFade = kInnerRate / kBlock;  // blocks
constexpr int kPercussionBank = 128;
constexpr int kModulation = 1;  // the controller's number

void quiet(int, const char*, void*) {}

// The first synth of a process fills FluidSynth's tables and default modulators; a second one made at the same time by
// another thread does not wait for them.
fluid_synth_t* new_synth(fluid_settings_t* settings) {
  static std::mutex guard;
  const std::lock_guard<std::mutex> lock(guard);
  return new_fluid_synth(settings);
}

}  // namespace

struct Soundfont::State {
  std::string file;
  int sample_rate;
  std::unique_ptr<fluid_settings_t, void (*)(fluid_settings_t*)> settings{new_fluid_settings(), delete_fluid_settings};
  std::unique_ptr<fluid_synth_t, void (*)(fluid_synth_t*)> synth{nullptr, delete_fluid_synth};
  int font = -1;
};

Soundfont::Soundfont(const std::filesystem::path& file, int sample_rate, double gain) : state_(new State) {
  if (!std::filesystem::exists(file))
    fail(file.string(),
         ": no such soundfont (apt-get install fluid-soundfont-gm puts one at /usr/share/sounds/sf2/FluidR3_GM.sf2)");
  for (const int level : {FLUID_PANIC, FLUID_ERR, FLUID_WARN, FLUID_INFO})
    fluid_set_log_function(level, quiet, nullptr);
  state_->file = file.string();
  state_->sample_rate = sample_rate;
  fluid_settings_t* settings = state_->settings.get();
  fluid_settings_setnum(settings, "synth.sample-rate", kInnerRate);
  fluid_settings_setnum(settings, "synth.gain", gain);
  fluid_settings_setint(settings, "synth.reverb.active", 0);
  fluid_settings_setint(settings, "synth.chorus.active", 0);
  fluid_settings_setint(settings, "synth.dynamic-sample-loading", 1);
  fluid_settings_setint(settings, "synth.lock-memory", 0);
  state_->synth.reset(new_synth(settings));
  if (!state_->synth) fail(state_->file, ": FluidSynth could not be started");
  state_->font = fluid_synth_sfload(state_->synth.get(), state_->file.c_str(), 0);
  if (state_->font < 0) fail(state_->file, ": is not a SoundFont that FluidSynth can read");
}

Soundfont::~Soundfont() = default;

std::vector<float> Soundfont::play(const Note& note) {
  fluid_synth_t* synth = state_->synth.get();
  const int channel = note.percussion ? 9 : 0;
  const int bank = note.percussion ? kPercussionBank : 0;
  fluid_synth_all_sounds_off(synth, channel);
  if (fluid_synth_program_select(synth, channel, state_->font, bank, note.program) != FLUID_OK)
    fail(state_->file, ": has no ", note.percussion ? "drum kit " : "program ", note.program);
  fluid_synth_cc(synth, channel, kModulation, note.modulation);  // every time: it outlasts the note before

  const auto blocks = [](double seconds) { return static_cast<size_t>(std::ceil(seconds * kInnerRate / kBlock)); };
  const size_t held = blocks(note.held), all = blocks(note.held + note.release);
  std::vector<float> mono(all * kBlock);
  float left[kBlock], right[kBlock];
  fluid_synth_noteon(synth, channel, note.key, note.velocity);
  for (size_t block = 0; block < all; ++block) {
    if (block == held) fluid_synth_noteoff(synth, channel, note.key);
    fluid_synth_write_float(synth, kBlock, left, 0, 1, right, 0, 1);
    for (int i = 0; i < kBlock; ++i) mono[block * kBlock + i] = 0.5f * (left[i] + right[i]);
  }
  fluid_synth_all_sounds_off(synth, channel);
  // The voices fade out where nobody hears them, so that the next note finds none.
  for (int block = 0; block < kLongestFade && (block == 0 || fluid_synth_get_active_voice_count(synth) > 0); ++block)
    fluid_synth_write_float(synth, kBlock, left, 0, 1, right, 0, 1);

  std::vector<float> out = resample(mono, kInnerRate, state_->sample_rate);
  out.resize(static_cast<size_t>(std::llround((note.held + note.release) * state_->sample_rate)));
  return out;
}

}  // namespace nr
