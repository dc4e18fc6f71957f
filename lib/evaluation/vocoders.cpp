#include "evaluation/vocoders.h"

#include <torch/torch.h>

#include <algorithm>
#include <cmath>
#include <ctime>
#include <functional>

#include "base/files.h"
#include "base/log.h"
#include "evaluation/note_measures.h"
#include "evaluation/note_subject.h"
#include "evaluation/page.h"
#include "evaluation/sound_card.h"
#include "nn/checkpoint.h"
#include "nn/device.h"
#include "nn/floats.h"
#include "nn/griffin_lim.h"
#include "nn/parameter_count.h"
#include "synth/similarity.h"

namespace nr {
namespace fs = std::filesystem;
namespace {

struct VocoderSubject : TestClips {
  std::unique_ptr<VocoderSystem> system;
};

VocoderSubject load(const fs::path& run, const EvaluationConfig& config) {
  const Checkpoint checkpoint = read_checkpoint(find_checkpoint(run));
  std::unique_ptr<VocoderSystem> system = load_vocoder(checkpoint);
  const RunConfig trained = system->config();
  VocoderSubject out{test_clips(run, trained, checkpoint, config), std::move(system)};
  ModelFacts& f = out.facts;
  f.parameters = count_parameters(*out.system->parts()[0].module);
  f.hop = std::get<VocoderConfig>(trained.model).step, f.graph_hash = out.system->fingerprint();
  return out;
}

using Sounds = std::vector<std::vector<float>>;
// Magnitudes of bands [1, mels, frames] -> sound [1, 1, samples].
using Maker = std::function<torch::Tensor(const torch::Tensor&)>;

struct VocoderRow {
  ModelFacts facts;
  Maker make;
};


std::vector<VocoderRow> rows_of(const std::vector<VocoderSubject>& subjects, const MelBands& bands,
                                const VocoderConfig& model) {
  std::vector<VocoderRow> out;
  for (const VocoderSubject& s : subjects)
    out.push_back({s.facts, [&s](const torch::Tensor& m) { return s.system->sound(m); }});
  for (const auto& [rounds, fast] :
       {std::pair{1, false}, {10, false}, {50, false}, {100, false}, {10, true}, {50, true}, {100, true}}) {
    ModelFacts facts = subjects[0].facts;
    facts.run = text(fast ? "fast Griffin-Lim, " : "Griffin-Lim, ", rounds);
    facts.type = "no model", facts.parameters = 0, facts.step = 0;
    const int r = rounds;
    const bool f = fast;
    out.push_back({facts, [&bands, &model, r, f](const torch::Tensor& m) {
                     return griffin_lim(bands.spectrum(m), model.window, model.step, r, f).unsqueeze(1);
                   }});
  }
  return out;
}

}  // namespace

std::vector<RunResult> evaluate_vocoders(const std::vector<fs::path>& runs, const EvaluationConfig& config,
                                         const fs::path& out) {
  const torch::NoGradGuard no_grad;
  choose_device("cpu");
  torch::set_num_threads(1);  // speed is that of one core
  std::vector<VocoderSubject> subjects;
  for (const fs::path& run : runs) {
    if (!is_vocoder(run)) fail(run.string(), ": is no vocoder, but ", runs[0].string(), " is one; evaluate them apart");
    subjects.push_back(load(run, config));
    if (subjects.back().names != subjects[0].names)
      fail(run.string(), ": has other test recordings than the first run");
  }
  const RunConfig& trained = subjects[0].system->config();
  const auto& model = std::get<VocoderConfig>(trained.model);
  const int rate = trained.data.sample_rate;
  const MelBands bands(model, rate);
  const std::vector<VocoderRow> rows = rows_of(subjects, bands, model);
  std::vector<RunResult> results;
  for (const VocoderRow& row : rows) {
    results.emplace_back();
    results.back().facts = row.facts, results.back().clips = subjects[0].names;
    results.back().data = recordings_fingerprint(*subjects[0].dataset);
  }
  std::vector<Sounds> heard(size_t(std::max(0, config.examples)));  // [example][recording and rows]
  Progress progress("evaluate " + subjects[0].facts.run);
  const auto longest = int64_t(config.seconds * rate) / model.step * model.step;
  for (size_t i = 0; i < subjects[0].clips.size(); ++i) {
    const int clip = subjects[0].clips[i];
    const int64_t length = (subjects[0].dataset->clips()[size_t(clip)].samples + model.step - 1) / model.step;
    auto audio = torch::zeros({1, 1, std::max<int64_t>(model.window, std::min(longest, length * model.step))});
    subjects[0].dataset->read(clip, 0, audio.size(2), audio.data_ptr<float>());
    const auto magnitudes = bands.magnitudes(audio);
    const auto spectrum = short_time_magnitudes(audio.squeeze(1), model.window, model.step);
    if (i < heard.size()) heard[i].push_back(floats_of(audio));
    for (size_t r = 0; r < rows.size(); ++r) {
      const std::clock_t begun = std::clock();  // processor time
      const auto made = rows[r].make(magnitudes);
      const double took = std::max(1e-6, double(std::clock() - begun) / CLOCKS_PER_SEC);
      const auto again = short_time_magnitudes(made.squeeze(1), model.window, model.step);
      RunResult& result = results[r];
      const double convergence = spectral_convergences(spectrum, again)[0];
      result.add(i, "vocoder_sc", "", "dB", 20 * std::log10(std::max(1e-9, convergence)));
      result.add(i, "vocoder_lsd", "", "dB", log_spectral_distances(spectrum, again)[0]);
      result.add(i, "vocoder_mss", "", "dB", compare_sounds(floats_of(audio), floats_of(made), rate).mss);
      result.add(i, "vocoder_speed", "", "", double(audio.size(2)) / rate / took);
      result.seconds += double(audio.size(2)) / rate;
      if (i < heard.size()) heard[i].push_back(floats_of(made));
    }
    progress.update(double(i + 1) / double(subjects[0].clips.size()));
  }
  progress.done(text(subjects[0].clips.size(), " recordings, ", rows.size(), " rows"));
  for (RunResult& result : results) result.summarise_rows(config.bootstrap, uint64_t(config.seed));

  using report::element;
  report::Markup body = element("header", {},
                                element("h1", {}, subjects[0].facts.run) +
                                    element("p", {{"class", "lead"}},
                                            "From the true mel spectrograms of test recordings back to sound.")) +
                        model_section(results) + numbers_section(results, config);
  for (size_t e = 0; e < heard.size() && e < subjects[0].names.size(); ++e) {
    const double top = brightest(heard[e][0], rate);
    report::Markup cards = sound_card("Recording", heard[e][0], rate, top);
    for (size_t r = 0; r < rows.size(); ++r) cards += sound_card(rows[r].facts.run, heard[e][r + 1], rate, top);
    body += element("h2", {}, subjects[0].names[e]) + element("div", {{"class", "cards"}}, cards);
  }
  std::vector<TrainingCurves> training;
  for (const VocoderSubject& s : subjects) training.push_back({s.facts.run, read_journal(s.folder / "journal.jsonl")});
  body += training_section(training);
  const fs::path folder = out.empty() ? subjects[0].folder / "evaluation" : out;
  make_folder(folder);
  write_file(folder / "results.json", to_json(results, config));
  write_file(folder / "table.md", to_markdown(results, config));
  write_file(folder / "report.html", report::page(subjects[0].facts.run, body));
  log_info("wrote " + (folder / "table.md").string() + ", results.json and report.html");
  return results;
}

}  // namespace nr
