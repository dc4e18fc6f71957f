#include "synth/subtractive_fm.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/error.h"
#include "base/random.h"

namespace nr {
namespace {

constexpr int kBlock = 16;       // samples between changes of pitch, cutoff and modulation
constexpr int kOscillators = 3;
constexpr double kGain = 0.3;    // of full scale, of one oscillator at level 1
constexpr double kFmIndex = 1;   // cycles of phase at a modulator's peak and an amount of 1
constexpr double kTrackedFrom = 36;  // key at which tracking leaves the cutoff where it is

enum class Wave { kSine, kTriangle, kSaw, kPulse };
enum class SlowWave { kSine, kTriangle, kSquare, kRandom };
enum class FilterType { kOff, kLowPass, kBandPass, kHighPass };

// Of a step of height 2 at phase 0, what a band-limited one has more or less in the two samples around it (Valimaki and
// Huovilainen 2007).
double step_correction(double phase, double increment) {
  if (phase < increment) {
    const double t = phase / increment;
    return t + t - t * t - 1;
  }
  if (phase > 1 - increment) {
    const double t = (phase - 1) / increment;
    return t * t + t + t + 1;
  }
  return 0;
}

double wrapped(double phase) { return phase - std::floor(phase); }

double oscillate(Wave wave, double phase, double increment, double width) {
  switch (wave) {
    case Wave::kSine:
      return std::sin(2 * M_PI * phase);
    case Wave::kTriangle:
      return 1 - 4 * std::abs(wrapped(phase + 0.25) - 0.5);
    case Wave::kSaw:
      return 2 * phase - 1 - step_correction(phase, increment);
    case Wave::kPulse:
      return (phase < width ? 1 : -1) + step_correction(phase, increment) -
             step_correction(wrapped(phase + 1 - width), increment);
  }
  return 0;
}

// Linear to 1, held, then falls to the sustain level; after note-off it falls to 0. A fall is exponential: what is left
// of it after the time given is e^-3, 5 %.
struct Envelope {
  double attack, hold, decay, sustain, release;

  double at(double t, double note_off) const {
    if (t > note_off) return at(note_off, note_off) * std::exp(-3 * (t - note_off) / release);
    if (t < attack) return t / attack;
    return sustain + (1 - sustain) * std::exp(-3 * std::max(0.0, t - attack - hold) / decay);
  }
};

struct SlowOscillator {
  SlowWave wave;
  double rate, delay;
  uint64_t seed;

  double at(double t) const {
    const double cycles = rate * t, phase = wrapped(cycles);
    const double fade = delay > 0 ? std::min(1.0, t / delay) : 1;
    switch (wave) {
      case SlowWave::kSine:
        return fade * std::sin(2 * M_PI * phase);
      case SlowWave::kTriangle:
        return fade * (1 - 4 * std::abs(wrapped(phase + 0.25) - 0.5));
      case SlowWave::kSquare:
        return fade * (phase < 0.5 ? 1 : -1);
      case SlowWave::kRandom:
        return fade * Random(seed, static_cast<int64_t>(cycles)).uniform(-1, 1);
    }
    return 0;
  }
};

// State-variable filter by trapezoidal integration (Zavalishin, The Art of VA Filter Design, 2012, section 3.10).
struct Filter {
  double first = 0, second = 0;

  double process(FilterType type, double x, double g, double damping) {
    const double high = (x - (g + damping) * first - second) / (1 + g * (g + damping));
    const double band = g * high + first, low = g * band + second;
    first = g * high + band, second = g * band + low;
    return type == FilterType::kLowPass ? low : type == FilterType::kBandPass ? damping * band : high;
  }
};

// A delay of 5 to 15 ms, swept by a sine.
struct Chorus {
  std::vector<double> line;
  size_t at = 0;
  double sample_rate;

  explicit Chorus(double rate) : line(size_t(0.03 * rate) + 4), sample_rate(rate) {}
  double process(double x, double t, double rate, double depth) {
    line[at] = x;
    const double delay = sample_rate * (0.01 + 0.005 * depth * std::sin(2 * M_PI * rate * t));
    const size_t whole = size_t(delay), size = line.size();
    const double part = delay - double(whole);
    const double near = line[(at + size - whole) % size], far = line[(at + size - whole - 1) % size];
    at = (at + 1) % size;
    return near + part * (far - near);
  }
};

// A preset's values by name, and what stays the same over a note.
struct Patch {
  const std::vector<double>& values;
  double operator()(const std::string& name) const { return values[index_of(subtractive_fm_parameters(), name)]; }
  template <class Choice>
  Choice choice(const std::string& name) const {
    return static_cast<Choice>(std::lround((*this)(name)));
  }
};

// What a block reads.
struct Amounts {
  double glide_semitones, glide_time, lfo1_pitch, lfo1_cutoff, lfo1_amp, lfo1_width, lfo2_pitch, lfo2_cutoff, lfo2_fm,
      lfo2_level, mod_pitch, mod_fm, fm_21, fm_32, cutoff, tracking, filter_env_amount;

  explicit Amounts(const Patch& p)
      : glide_semitones(p("glide_semitones")), glide_time(p("glide_time")), lfo1_pitch(p("lfo1_pitch")),
        lfo1_cutoff(p("lfo1_cutoff")), lfo1_amp(p("lfo1_amp")), lfo1_width(p("lfo1_width")),
        lfo2_pitch(p("lfo2_pitch")), lfo2_cutoff(p("lfo2_cutoff")), lfo2_fm(p("lfo2_fm")),
        lfo2_level(p("lfo2_level")), mod_pitch(p("mod_pitch")), mod_fm(p("mod_fm")), fm_21(p("fm_21")),
        fm_32(p("fm_32")), cutoff(p("filter_cutoff")), tracking(p("filter_tracking")),
        filter_env_amount(p("filter_env_amount")) {}
};

struct Oscillator {
  Wave wave;
  double level, pitch, width;  // pitch: keys
};

// One of the voices in unison.
struct UnisonVoice {
  std::array<double, kOscillators> phase{}, increment{};
  double detune = 0;   // keys
  double before = 0;   // what oscillator 1 gave last, for its feedback
};

class Playing {
 public:
  Playing(const std::vector<double>& values, const SynthNote& note, uint64_t seed)
      : p_{values},
        a_(p_),
        note_(note),
        amp_{p_("amp_attack"), p_("amp_hold"), p_("amp_decay"), p_("amp_sustain"), p_("amp_release")},
        filter_env_{p_("filter_attack"), 0, p_("filter_decay"), p_("filter_sustain"), p_("filter_release")},
        mod_env_{p_("mod_attack"), 0, p_("mod_decay"), 0, p_("mod_decay")},
        lfo1_{p_.choice<SlowWave>("lfo1_wave"), p_("lfo1_rate"), p_("lfo1_delay"), seed + 1},
        lfo2_{p_.choice<SlowWave>("lfo2_wave"), p_("lfo2_rate"), p_("lfo2_delay"), seed + 2},
        noise_(seed, 3),
        damping_(2 - 1.94 * p_("filter_resonance")),
        feedback_(0.5 * p_("feedback")),
        ring_(p_("ring")),
        noise_level_(p_("noise_level")),
        noise_keep_(0.97 * p_("noise_color")),
        sync_(p_("sync") != 0),
        voices_(1 + size_t(std::lround(p_("unison")))) {
    for (const std::string osc : {"osc1", "osc2", "osc3"})
      oscillators_.push_back({p_.choice<Wave>(osc + "_wave"), p_(osc + "_level"),
                              note.key + p_(osc + "_semitones") + p_(osc + "_fine") / 100, p_(osc + "_width")});
    Random chance(seed, 4);
    for (size_t v = 1; v < voices_.size(); ++v)
      for (double& phase : voices_[v].phase) phase = chance.uniform();
    for (size_t v = 0; v < voices_.size() && voices_.size() > 1; ++v)
      voices_[v].detune = p_("unison_detune") / 100 * (2.0 * double(v) / double(voices_.size() - 1) - 1);
  }

  std::vector<float> render() {
    const double rate = note_.sample_rate, volume = p_("volume"), drive = p_("drive"), chorus_mix = p_("chorus_mix");
    const double driven = 1 + 19 * drive, level = kGain * (0.5 + 0.5 * note_.velocity / 127.0);
    const double chorus_rate = p_("chorus_rate"), chorus_depth = p_("chorus_depth");
    const FilterType type = p_.choice<FilterType>("filter_type");
    const bool steep = p_("filter_slope") != 0;
    Chorus chorus(rate);
    std::vector<float> out(size_t(std::llround(note_.seconds * rate)));
    for (size_t i = 0; i < out.size(); ++i) {
      const double t = double(i) / rate;
      if (i % kBlock == 0) begin_block(t, rate);
      double x = level * mix();
      if (type != FilterType::kOff) {
        x = first_.process(type, x, g_, damping_);
        if (steep) x = second_.process(type, x, g_, M_SQRT2);
      }
      x *= amp_.at(t, note_.held) * tremolo_;
      if (drive > 0) x = std::tanh(driven * x) / std::sqrt(driven);
      if (chorus_mix > 0) x = (x + chorus_mix * chorus.process(x, t, chorus_rate, chorus_depth)) / (1 + chorus_mix);
      out[i] = float(volume * x);
    }
    return out;
  }

 private:
  void begin_block(double t, double rate) {
    const double slow1 = lfo1_.at(t), slow2 = lfo2_.at(t), bend = mod_env_.at(t, note_.held);
    const double shared =
        a_.glide_semitones * std::exp(-3 * t / a_.glide_time) + a_.lfo1_pitch * slow1 + a_.mod_pitch * bend;
    for (UnisonVoice& voice : voices_)
      for (int k = 0; k < kOscillators; ++k) {
        const double key = oscillators_[k].pitch + shared + voice.detune + (k == 1 ? a_.lfo2_pitch * slow2 : 0);
        voice.increment[k] = std::min(0.45, 440 * std::exp2((key - 69) / 12) / rate);
      }
    const double octaves = a_.tracking * (note_.key - kTrackedFrom) / 12 +
                           a_.filter_env_amount * filter_env_.at(t, note_.held) + a_.lfo1_cutoff * slow1 +
                           a_.lfo2_cutoff * slow2;
    g_ = std::tan(M_PI * std::clamp(a_.cutoff * std::exp2(octaves) / rate, 0.0005, 0.45));
    const double more = std::max(0.0, 1 + a_.lfo2_fm * slow2) * (1 + 2 * a_.mod_fm * bend);
    fm_21_ = kFmIndex * a_.fm_21 * more, fm_32_ = kFmIndex * a_.fm_32 * more;
    tremolo_ = 1 - a_.lfo1_amp * (0.5 - 0.5 * slow1);
    for (int k = 0; k < kOscillators; ++k) {
      width_[k] = std::clamp(oscillators_[k].width + 0.45 * a_.lfo1_width * slow1, 0.05, 0.95);
      level_[k] = oscillators_[k].level;
    }
    level_[1] *= std::max(0.0, 1 + a_.lfo2_level * slow2);
  }

  double mix() {
    double sum = 0;
    for (UnisonVoice& voice : voices_) sum += next(voice);
    sum /= std::sqrt(double(voices_.size()));
    if (noise_level_ > 0) {
      coloured_ += (1 - noise_keep_) * (noise_.uniform(-1, 1) - coloured_);
      sum += noise_level_ * coloured_ / std::sqrt(1 - noise_keep_);
    }
    return sum;
  }

  double next(UnisonVoice& voice) {
    const auto sound = [&](int k, double modulation) {
      return oscillate(oscillators_[k].wave, wrapped(voice.phase[k] + modulation), voice.increment[k], width_[k]);
    };
    const double third = sound(2, 0);
    const double second = sound(1, fm_32_ * third);
    const double first = sound(0, fm_21_ * second + feedback_ * voice.before);
    voice.before = first;
    for (int k = 0; k < kOscillators; ++k) voice.phase[k] += voice.increment[k];
    if (sync_ && voice.phase[0] >= 1)
      voice.phase[1] = (voice.phase[0] - 1) * voice.increment[1] / voice.increment[0];
    for (double& phase : voice.phase) phase = wrapped(phase);
    return level_[0] * first + level_[1] * second + level_[2] * third + ring_ * first * second;
  }

  Patch p_;
  Amounts a_;
  SynthNote note_;
  Envelope amp_, filter_env_, mod_env_;
  SlowOscillator lfo1_, lfo2_;
  Random noise_;
  double damping_, feedback_, ring_, noise_level_, noise_keep_;
  bool sync_;
  std::vector<UnisonVoice> voices_;
  std::vector<Oscillator> oscillators_;
  Filter first_, second_;
  double g_ = 0, fm_21_ = 0, fm_32_ = 0, tremolo_ = 1, coloured_ = 0;  // of the block, and the noise's filter
  std::array<double, kOscillators> width_{}, level_{};
};

}  // namespace

std::vector<float> SubtractiveFm::play(const std::vector<double>& values, const SynthNote& note, uint64_t seed) {
  if (values.size() != parameters().size())
    fail(kName, ": ", values.size(), " values for ", parameters().size(), " parameters");
  return Playing(values, note, seed).render();
}

}  // namespace nr
