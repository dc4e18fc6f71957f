// The page of notes: what is heard, and where the latents lie.
#include <torch/torch.h>

#include <algorithm>

#include "evaluation/notes.h"
#include "evaluation/page.h"
#include "evaluation/sound_card.h"
#include "evaluation/tsne.h"
#include "report/chooser.h"
#include "report/scatter.h"

namespace nr {

using report::element;
using report::Markup;

namespace {

constexpr int64_t kPoints = 400;
constexpr size_t kMixtures = 2;  // pairs of styles on the page

std::vector<float> samples_of(const torch::Tensor& audio) {
  const auto flat = audio.flatten().to(torch::kCPU, torch::kFloat).contiguous();
  return {flat.data_ptr<float>(), flat.data_ptr<float>() + flat.numel()};
}

HeardNote heard(const std::string& title, const SoundMaker& maker, const NoteSubject& s, const torch::Tensor& seen) {
  return {title, samples_of(maker.make(s.system->spectrogram(), seen.unsqueeze(0)))};
}

std::string name_of(const NoteSubject& s, const NoteSet& set, size_t note) {
  std::string out;
  for (size_t l = 0; l < s.labels.size(); ++l)
    out += (out.empty() ? "" : " ") + s.labels[l].classes[size_t(set.labels[l][note])];
  return out;
}

report::Scatter scatter_of(const NoteSubject& s, const NoteSet& set, const torch::Tensor& points,
                           const std::string& title, const std::string& note) {
  report::Scatter out{title, note, {}, {}, {}};
  const auto n = std::min(kPoints, points.size(0)), d = points.size(1);
  for (int64_t i = 0; i < n; ++i) {
    const auto at = [&](int64_t k) { return k < d ? points[i][k].item<double>() : 0.0; };
    out.points.push_back({at(0), at(1), at(2)});
    out.labels.push_back(name_of(s, set, size_t(i)));
  }
  for (size_t l = s.labels.size(); l-- > 0;) {
    std::vector<int> classes(set.labels[l].begin(), set.labels[l].begin() + n);
    out.colourings.push_back({s.labels[l].name, s.labels[l].classes, classes});
  }
  return out;
}

Markup sounds_section(const HeardNotes& heard, int rate) {
  double top = -100;
  for (const HeardNote& note : heard.notes) top = std::max(top, brightest(note.samples, rate));
  Markup out = element("h3", {}, heard.title) + element("p", {{"class", "note"}}, heard.note), cards;
  std::vector<report::Choice> choices;
  for (const HeardNote& note : heard.notes) {
    const Markup card = sound_card(note.title, note.samples, rate, top);
    if (heard.slides) choices.push_back({note.title, card});
    else cards += card;
  }
  return out + element("div", {{"class", "cards"}}, heard.slides ? report::chooser(heard.title, choices, 0) : cards);
}

}  // namespace

std::vector<HeardNotes> hear_notes(const std::vector<NoteSubject>& subjects, const NoteBench& bench,
                                   const std::vector<SoundMaker>& makers, const EvaluationConfig& config) {
  std::vector<HeardNotes> out;
  const NoteSubject& first = subjects[0];
  const auto count = first.clips.size();
  for (int e = 0; e < config.examples; ++e) {
    const size_t i = size_t(2 * e + 1) * count / size_t(2 * config.examples);
    HeardNotes row{"Test note: " + name_of(first, bench.test, i) + ", " + first.names[i],
                   "The recording, its spectrogram made to sound again, and each model's reconstruction.", {}};
    row.notes.push_back({"Recording", samples_of(whole_notes(*first.dataset, {first.clips[i]}))});
    const auto seen = bench.test.seen[int64_t(i)];
    for (const SoundMaker& maker : makers) row.notes.push_back(heard("Spectrogram, " + maker.name, maker, first, seen));
    std::vector<std::vector<int64_t>> classes;
    for (const auto& labels : bench.test.labels) classes.push_back({labels[i]});
    for (const NoteSubject& s : subjects) {
      const auto z = s.system->encode(seen.unsqueeze(0));
      row.notes.push_back(heard(s.facts.run, makers.back(), s, s.system->decode(z, s.condition(classes))[0]));
    }
    out.push_back(std::move(row));
  }
  for (const NoteSubject& s : subjects)
    for (const NoteLabel& style : s.labels) {
      if (style.role != "style" || !s.is_given(style)) continue;
      const auto places = [&](const std::string& role) {
        for (const NoteLabel& label : s.labels)
          if (label.role == role) return role == "octave" ? octaves_of(label, false) : std::vector<int64_t>{0};
        return std::vector<int64_t>{0};
      };
      const int64_t octave = places("octave").back();
      torch::manual_seed(uint64_t(config.seed));
      const auto z = torch::randn({1, s.system->model().latent_size});
      HeardNotes row{s.facts.run + ": one latent, every style",
                     "Drawn from the prior, then held; only the style changes.",
                     {}};
      for (size_t c = 0; c < style.classes.size(); ++c) {
        const auto condition = mixed_condition(s, style, {int64_t(c), int64_t(c)}, 0, octave, {0});
        row.notes.push_back(heard(style.classes[c], makers.back(), s, s.system->decode(z, condition)[0]));
      }
      out.push_back(std::move(row));
      if (&s != &subjects.back()) continue;
      const auto pairs = mixed_styles(style);
      for (size_t p = 0; p < std::min(kMixtures, pairs.size()); ++p) {
        const std::vector<double> weights{0, 0.25, 0.5, 0.75, 1, 1.5};
        const auto made = s.system->decode(z.expand({int64_t(weights.size()), -1}),
                                           mixed_condition(s, style, pairs[p], 0, octave, weights));
        HeardNotes mixture{s.facts.run + ": from " + style.classes[size_t(pairs[p].first)] + " to " +
                               style.classes[size_t(pairs[p].second)],
                           "The number is the second style's weight; the first has the rest, so at 1.5 it has −0.5.",
                           {}, true};
        for (size_t w = 0; w < weights.size(); ++w)
          mixture.notes.push_back(heard(fixed_text(weights[w], 2), makers.back(), s, made[int64_t(w)]));
        out.push_back(std::move(mixture));
      }
    }
  return out;
}

std::string notes_page(const std::vector<RunResult>& results, const std::vector<NoteSubject>& subjects,
                       const NoteBench& bench, const std::vector<torch::Tensor>& latents,
                       const std::vector<HeardNotes>& heard, const EvaluationConfig& config) {
  const NoteSubject& first = subjects[0];
  std::string conditions;
  for (const NoteLabel& label : first.labels) conditions += (conditions.empty() ? "" : ", ") + label.name;
  Markup body = element(
      "header", {},
      element("h1", {}, first.facts.run) +
          element("p", {{"class", "lead"}},
                  "Single notes in a latent of " + std::to_string(first.facts.latent_size) +
                      " dimensions. The decoder may be given " + conditions +
                      "; whether it obeys is heard by a classifier that learned from recorded notes."));
  body += model_section(results) + numbers_section(results, config);
  body += element("h2", {}, "Where the latents lie") +
          element("p", {{"class", "note"}},
                  "The test notes. Left: the latent's first three dimensions, to be turned. Right: all of them in a "
                  "plane by t-SNE. What a class has in one place can still be read from the latent.");
  Markup plots;
  for (size_t i = 0; i < subjects.size(); ++i) {
    const auto some = latents[i].narrow(0, 0, std::min(kPoints, latents[i].size(0)));
    plots += report::scatter_plot(scatter_of(subjects[i], bench.test, some, subjects[i].facts.run, "latent"));
    if (some.size(0) >= 4)
      plots += report::scatter_plot(scatter_of(subjects[i], bench.test, tsne(some), subjects[i].facts.run, "t-SNE"));
  }
  body += element("div", {{"class", "cards"}}, plots) + report::scatter_script();
  body += element("h2", {}, "To hear");
  for (const HeardNotes& notes : heard) body += sounds_section(notes, first.config.data.sample_rate);
  std::vector<TrainingCurves> training;
  for (const NoteSubject& s : subjects) training.push_back({s.facts.run, read_journal(s.folder / "journal.jsonl")});
  body += training_section(training);
  for (const RunResult& run : results) body += every_number(run);
  return report::page(first.facts.run, body);
}

}  // namespace nr
