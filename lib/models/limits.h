// Sizes beyond which a config is refused: well above every published model, and small enough that products of them fit
// an integer.
#pragma once

namespace nr {

constexpr int kLongestHop = 65536;      // samples a latent frame; 1.5 s at 44.1 kHz
constexpr int kLongestNote = 1 << 20;   // samples a latent of a model of whole notes; 24 s at 44.1 kHz
constexpr int kWidestLayer = 16384;     // channels
constexpr int kLargestLatent = 4096;    // dimensions
constexpr int kLongestDilation = 4096;  // frames

}  // namespace nr
