// A sound on the page: its mel spectrogram, and a player.
#pragma once
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "report/html.h"

namespace nr {

// The brightest value of its spectrogram, ln of a magnitude: what cards that are compared share as their top.
double brightest(const std::vector<float>& samples, int sample_rate);
// Spectrogram and player, by themselves and in a card. top: of the colours, which reach 80 dB down. Without samples it
// says that the sound could not be made.
report::Markup sound_figure(const std::string& title, const std::vector<float>& samples, int sample_rate, double top);
report::Markup sound_card(const std::string& title, const std::vector<float>& samples, int sample_rate, double top);

// The sounds 0 to n - 1 as WAVs, as many of them as 4 MB hold: for report::scatter_script.
std::vector<std::vector<unsigned char>> wavs_of_points(int64_t n, int sample_rate,
                                                       const std::function<std::vector<float>(int64_t)>& sound);

}  // namespace nr
