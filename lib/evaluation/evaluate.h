// Evaluates trained runs on their test clips: metrics with 95 % intervals as JSON and Markdown, and an HTML report with
// sounds. No torch, so that apps may include it.
#pragma once
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "config/checks.h"

namespace nr {

// What each field is stands in fields(), where the command line takes it from.
struct EvaluationConfig {
  int clips = 0;
  double seconds = 10;
  int bootstrap = 2000;
  int64_t seed = 1;
  int examples = 3;
  std::string midi, voice;
  int candidates = 8, renders = 0;
  std::vector<std::string> recordings, vocoders, chains;
  int draws = 4, donors = 1, listening = 0;
  std::string cluster, cdpam, split = "test";

  template <class V>
  void fields(V& v) {
    v("clips", clips, config::at_least(0), "clips used, drawn by the seed; 0: all");
    v("split", split, config::one_of({"test", "validation"}),
      "clips that are evaluated; choices are made on validation, and test is read at the end");
    v("seconds", seconds, config::at_least(0.1), "longest part of a clip used, from its start");
    v("bootstrap", bootstrap, config::between(100, 1000000), "resamples of an interval");
    v("seed", seed, config::Any{}, "of the clips drawn, the donors and the intervals");
    v("examples", examples, config::between(0, 20), "clips to hear in the report");
    v("midi", midi, config::Any{}, "MIDI file that a model with a control for pitch plays in the report");
    v("voice", voice, config::Any{},
      "recording whose pitch and level a model with a control for pitch plays in the report");
    v("candidates", candidates, config::between(1, 1000),
      "presets that a model of flow matching draws and renders for a sound, in a row of their own: the nearest counts");
    v("renders", renders, config::between(0, 100000),
      "notes that a search by CMA-ES renders for a sound, from there on, in a row of its own; 0: no search");
    v("recordings", recordings, config::Any{},
      "folders or files of sounds that no preset of the synthesizer made, such as instruments or a voice: a model that "
      "infers parameters is evaluated on them in place of its test clips, on several together and on each by itself");
    v("vocoders", vocoders, config::Any{}, "runs of vocoders that make the sound of notes, beside Griffin-Lim");
    v("chains", chains, config::Any{},
      "files of chains of effects that a model of effects is evaluated with beside its own: other ranges, other "
      "effects");
    v("donors", donors, config::between(1, 20), "other clips whose curves each test clip gets in turn");
    v("listening", listening, config::between(0, 200),
      "clips of a blind listening test between the first two runs, in listening.html; 0: none");
    v("cluster", cluster, config::Any{},
      "label, or labels joined by +, whose clips an interval resamples and a test counts together, such as "
      "instrument; empty: every clip by itself");
    v("cdpam", cdpam, config::Any{},
      "safetensors file of CDPAM's weights: its distance is measured too; slow");
    v("draws", draws, config::between(1, 100), "draws of a chain for each test clip of a model of effects");
  }
};

struct RunResult;  // results.h

// Writes results.json, table.md and report.html into `out`, and returns the table's rows. Empty: the folder evaluation/
// in the first run. A run is a folder with a config and checkpoints, or one checkpoint. Several runs are compared with
// the first: clip by clip if both were evaluated on the same recordings, else the tables say that they are not. A model
// without controls gets no control metrics, nor does one with a single test clip, as no other clip can give it curves
// (a warning says so). Priors are compared by the likelihood of the test clips, without a page. Error when a run or its
// prepared data cannot be read, or has no test clips, or a model's output is not finite; where `failed` is given, a run
// of the RAVE family is then left out, and the reason is added to it.
std::vector<RunResult> evaluate(const std::vector<std::filesystem::path>& runs, const EvaluationConfig& config,
                                const std::filesystem::path& out = {}, std::vector<std::string>* failed = nullptr);

}  // namespace nr
