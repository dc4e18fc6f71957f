// The page's part about what a latent does to a synthesizer's sounds.
#pragma once
#include <string>

#include "evaluation/latent_study.h"
#include "report/html.h"

namespace nr {

report::Markup latent_section(const std::string& run, const LatentStudy& study, int rate);

}  // namespace nr
