#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "descriptors/extractor.h"
#include "dsp/fft.h"
#include "dsp/sums.h"
#include "dsp/window.h"

namespace nr {

struct Analyser::State {
  Framing framing;
  std::vector<std::unique_ptr<Extractor>> measures;
  Needs needs = Needs::kSamples;
  double silence = 0;  // sum of squares under the window of a signal whose RMS is -120 dB
  RealFft fft;
  std::unique_ptr<ThirdOctaves> third_octaves;
  std::unique_ptr<Yin> yin;
  SpecificLoudness loudness;
  std::vector<float> hann, windowed, magnitude, power;
  std::vector<std::complex<float>> bins;

  State(const std::vector<std::string>& names, const Framing& f) : framing(f), fft(f.window) {
    for (const std::string& name : names) {
      measures.push_back(descriptors().at(name).make(framing));
      needs = std::max(needs, measures.back()->needs());
      if (measures.back()->needs_pitch() && !yin) yin = std::make_unique<Yin>(f.sample_rate, f.window);
    }
    if (needs >= Needs::kLoudness) third_octaves = std::make_unique<ThirdOctaves>(f.sample_rate, f.window);
    for (const double w : hann_window(f.window)) hann.push_back(static_cast<float>(w)), silence += w * w * 1e-12;
    windowed.resize(f.window), magnitude.resize(fft.bins()), power.resize(fft.bins()), bins.resize(fft.bins());
  }
};

namespace {

void moments(const std::vector<float>& magnitude, Frame& frame) {
  const float* m = magnitude.data();
  frame.sum = lane_sum(frame.bins, [m](int k) { return double(m[k]); });
  frame.first = lane_sum(frame.bins, [m](int k) { return double(m[k]) * k; });
  frame.second = lane_sum(frame.bins, [m](int k) { return double(m[k]) * k * k; });
}

}  // namespace

Analyser::Analyser(const std::vector<std::string>& names, const Framing& framing) {
  if (framing.sample_rate < 1 || framing.hop < 1)
    fail("descriptors at ", framing.sample_rate, " Hz every ", framing.hop, " samples: both must be positive");
  if (!RealFft::fits(framing.window))
    fail("a descriptor window of ", framing.window,
         " samples: expected an even number without prime factors above 5, such as ",
         RealFft::at_least(std::max(2, framing.window)));
  state_ = std::make_unique<State>(names, framing);
}

Analyser::~Analyser() = default;
Analyser::Analyser(Analyser&&) noexcept = default;

void Analyser::process(const float* window, float* values) {
  State& s = *state_;
  const Framing& framing = s.framing;
  const float* fresh = framing.hop > framing.window ? nullptr : window + framing.window / 2 - framing.hop / 2;
  Frame frame{framing};
  frame.samples = window, frame.fresh = fresh, frame.bin_hz = double(framing.sample_rate) / framing.window;
  frame.magnitude = s.magnitude.data(), frame.power = s.power.data(), frame.loudness = &s.loudness;
  if (s.needs >= Needs::kSpectrum) {
    for (int n = 0; n < s.framing.window; ++n) s.windowed[n] = window[n] * s.hann[n];
    s.fft.forward(s.windowed.data(), s.bins.data());
    frame.bins = s.fft.bins(), frame.silent = sum_of_squares(s.windowed.data(), s.framing.window) < s.silence;
    for (int k = 0; k < frame.bins; ++k) {
      s.power[k] = s.bins[k].real() * s.bins[k].real() + s.bins[k].imag() * s.bins[k].imag();
      s.magnitude[k] = std::sqrt(s.power[k]);
    }
    moments(s.magnitude, frame);
  }
  if (s.needs >= Needs::kLoudness) {
    ThirdOctaveLevels levels;
    s.third_octaves->measure(s.power.data(), levels);
    specific_loudness(levels, s.loudness);
  }
  if (s.yin) frame.pitch = s.yin->next(window);
  for (size_t i = 0; i < s.measures.size(); ++i) values[i] = s.measures[i]->of(frame);
}

void Analyser::reset() {
  if (state_->yin) state_->yin->reset();
  for (const auto& measure : state_->measures) measure->reset();
}

}  // namespace nr
