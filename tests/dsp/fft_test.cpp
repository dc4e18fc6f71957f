#include "dsp/fft.h"

#include <gtest/gtest.h>

#include <vector>

#include "support/errors.h"
#include "support/signals.h"

namespace nr {
namespace {

TEST(RealFft, EqualsTheSumThatDefinesIt) {
  const int size = 60;
  const std::vector<float> x = noise(size);
  RealFft fft(size);
  std::vector<std::complex<float>> bins(fft.bins());
  fft.forward(x.data(), bins.data());
  for (int k = 0; k < fft.bins(); ++k) {
    std::complex<double> sum = 0;
    for (int n = 0; n < size; ++n) sum += double(x[n]) * std::polar(1.0, -2 * M_PI * k * n / size);
    EXPECT_NEAR(bins[k].real(), sum.real(), 1e-6) << k;
    EXPECT_NEAR(bins[k].imag(), sum.imag(), 1e-6) << k;
  }
}

TEST(RealFft, InverseUndoesForwardTimesItsSize) {
  for (const int size : {2, 16, 750, 2048, 3072}) {
    const std::vector<float> x = noise(size);
    RealFft fft(size);
    std::vector<std::complex<float>> bins(fft.bins());
    std::vector<float> back(size);
    fft.forward(x.data(), bins.data());
    fft.inverse(bins.data(), back.data());
    for (int n = 0; n < size; ++n) ASSERT_NEAR(back[n] / size, x[n], 1e-6) << size;
  }
}

TEST(RealFft, RefusesSizesItCannotDoInPlaceAndNamesTheNext) {
  EXPECT_EQ(error_of([] { RealFft fft(1022); }),
            "a transform of 1022 samples: expected an even number without prime factors above 5, such as 1024");
  EXPECT_EQ(RealFft::at_least(2931), 3000);
}

}  // namespace
}  // namespace nr
