// The page's parts about a synthesizer's sounds: one sound as a card, and what a latent does.
#pragma once
#include <string>
#include <vector>

#include "evaluation/latent_study.h"
#include "report/html.h"

namespace nr {

// The loudest band of a sound's picture, nats: the top of a scale of colours.
double loudest_band(const std::vector<float>& samples, int rate);
// Spectrogram and player. `top`: of the colours, which go 80 dB down from there. Without samples a sentence says so.
report::Markup sound_card(const std::string& title, const std::vector<float>& samples, int rate, double top);

report::Markup latent_section(const std::string& run, const LatentStudy& study, int rate);

}  // namespace nr
