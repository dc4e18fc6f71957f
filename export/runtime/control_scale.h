// From physical values to controls in [-1, 1], for players: what Scale (lib/descriptors/scale.h) does on a desktop,
// without a C library.
#pragma once
#include "program.h"

namespace nr {

constexpr float kDecibelsPerOctave = 6.02059991f;  // 20 log10(2)

// log2(x), within 1e-6; -127 where x is less than any normal number, or not a number.
float log2_of(float x);

// In the unit in which the control is linear: octaves above 1 Hz, at least 0; decibels, at least -120; or as it is.
float warped(const nr_control& control, float physical);

// The control's value in [-1, 1] at a value in its warped unit; -1 where that is not a number.
float control_at(const nr_control& control, float w);

// The number of the control of this name; -1: there is none.
int control_named(const nr_model& model, const char* name);

}  // namespace nr
