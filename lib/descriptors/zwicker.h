// Specific loudness of a stationary sound in the free field: ISO 532-1:2017 method 1 (Zwicker), from third-octave
// levels. A signal whose RMS is full scale counts as 100 dB sound pressure level.
#pragma once
#include <array>
#include <vector>

namespace nr {

constexpr double kFullScaleDb = 100;

using ThirdOctaveLevels = std::array<double, 28>;  // dB, 25 Hz ... 12.5 kHz

// From the power spectrum of one Hann window, weighted by the responses of third-octave filters of the sixth order.
// Bands above half the sample rate are empty. Below about 150 Hz a band is narrower than the window resolves, and
// neighbouring bands share energy.
class ThirdOctaves {
 public:
  ThirdOctaves(int sample_rate, int window);
  void measure(const float* power, ThirdOctaveLevels& levels) const;  // power: [window / 2 + 1]
  std::vector<float> weights(int bins) const;                         // [bin][band]: power to mean square

 private:
  struct Band {
    int first = 0;               // bin
    std::vector<float> weights;  // spectrum to mean square
  };
  std::array<Band, 28> bands_;
};

struct SpecificLoudness {
  std::array<float, 240> at;  // sone a Bark, at 0.1, 0.2, ... 24 Bark
  double total = 0;           // sone
};

void specific_loudness(const ThirdOctaveLevels& levels, SpecificLoudness& loudness);

}  // namespace nr
