// Volts to octaves: a pitch voltage of one volt an octave, its calibration at two voltages, and the removal of its
// noise. No hardware here.
#pragma once

namespace nr {

// volts = scale * reading + offset; a reading is what libDaisy gives of the input: -1 ... 1 or 0 ... 1.
struct Calibration {
  float scale = 1, offset = 0;

  float volts(float reading) const { return scale * reading + offset; }
  bool operator==(const Calibration& other) const { return scale == other.scale && offset == other.offset; }
  bool operator!=(const Calibration& other) const { return !(*this == other); }
};

// From the readings at 1 and 3 V.
inline Calibration calibrated(float at_1_volt, float at_3_volts) {
  const float scale = 2.0f / (at_3_volts - at_1_volt);
  return {scale, 1.0f - scale * at_1_volt};
}

// Whether parts with their tolerances can be the cause: within a quarter of the nominal scale and half a volt. False
// for numbers that are none, so that what other firmware left in the flash is not believed.
inline bool plausible(const Calibration& found, const Calibration& nominal) {
  const float scale = found.scale / nominal.scale, offset = found.offset - nominal.offset;
  return scale > 0.75f && scale < 1.25f && offset > -0.5f && offset < 0.5f;
}

// The player applies 1 V, holds a button for a second, applies 3 V and holds it again. What was read while it was held
// is averaged.
class Calibrator {
 public:
  // Once a tick of `seconds`. True when `calibration` was replaced. Readings that are not plausible change nothing.
  bool update(bool pressed, float reading, float seconds, const Calibration& nominal, Calibration& calibration) {
    if (pressed) {
      sum_ += reading, held_ += seconds, ++count_;
      return false;
    }
    const float mean = sum_ / count_;
    const bool long_enough = count_ > 0 && held_ >= kLeastSeconds;
    sum_ = 0, held_ = 0, count_ = 0;
    if (!long_enough) return false;
    waiting_ = !waiting_;
    if (waiting_) {
      at_1_volt_ = mean;
      return false;
    }
    const Calibration found = calibrated(at_1_volt_, mean);
    if (!plausible(found, nominal)) return false;
    calibration = found;
    return true;
  }
  bool waiting() const { return waiting_; }  // for 3 V

 private:
  static constexpr float kLeastSeconds = 1;
  float sum_ = 0, held_ = 0, at_1_volt_ = 0;
  int count_ = 0;
  bool waiting_ = false;
};

// The pitch that a voltage asks for. Changes of 20 cents and more are followed at once, smaller ones by a share that
// shrinks with them down to a tenth: so noise is averaged, no note or glide is smeared, and what is given lies within
// 5 cents of what was read.
class PitchCv {
 public:
  // Volts, limited to +-10, once a tick; where they are not a number, the last ones count.
  float octaves(float volts) {
    const float now = volts < -10.0f ? -10.0f : volts > 10.0f ? 10.0f : volts == volts ? volts : at_;
    const float change = now - at_, share = (change < 0 ? -change : change) / kFollowed;
    at_ += started_ && share < 1.0f ? change * (share > kLeastShare ? share : kLeastShare) : change;
    started_ = started_ || volts == volts;
    return at_;
  }

 private:
  static constexpr float kFollowed = 20.0f / 1200, kLeastShare = 0.1f;
  float at_ = 0;
  bool started_ = false;
};

}  // namespace nr
