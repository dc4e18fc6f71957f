// The rates at which a Daisy's audio runs (libDaisy's SaiHandle::Config::SampleRate). A model of another rate would
// sound at another pitch.
#pragma once

namespace nr {

constexpr int kDaisyRates[] = {8000, 16000, 32000, 48000, 96000};  // Hz

constexpr bool daisy_plays(int hz) {
  for (const int rate : kDaisyRates)
    if (rate == hz) return true;
  return false;
}

}  // namespace nr
