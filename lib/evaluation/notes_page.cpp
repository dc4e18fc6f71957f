// The page of notes: what is heard, and where the latents lie.
#include <torch/torch.h>

#include <algorithm>
#include <functional>

#include "evaluation/notes.h"
#include "evaluation/page.h"
#include "evaluation/sound_card.h"
#include "evaluation/tsne.h"
#include "nn/floats.h"
#include "report/chooser.h"
#include "report/scatter.h"

namespace nr {

using report::element;
using report::Markup;

namespace {

constexpr int64_t kPoints = 400;
constexpr size_t kMixtures = 2;  // pairs of styles on the page


HeardNote heard(const std::string& title, const SoundMaker& maker, const NoteSubject& s, const torch::Tensor& seen) {
  return {title, floats_of(maker.make(s.system->spectrogram(), seen.unsqueeze(0)))};
}

std::string name_of(const NoteSubject& s, const NoteSet& set, size_t note) {
  std::string out;
  for (size_t l = 0; l < s.labels.size(); ++l)
    out += (out.empty() ? "" : " ") + s.labels[l].classes[size_t(set.labels[l][note])];
  return out;
}

report::Points points_of(const torch::Tensor& points) {
  report::Points out;
  const auto d = points.size(1);
  for (int64_t i = 0; i < points.size(0); ++i) {
    const auto at = [&](int64_t k) { return k < d ? points[i][k].item<double>() : 0.0; };
    out.push_back({at(0), at(1), at(2)});
  }
  return out;
}

// view: of latents [n, d].
report::Scatter scatter_of(const NoteSubject& s, const NoteSet& set, const LatentCourse& course,
                           const std::string& note, const std::function<torch::Tensor(const torch::Tensor&)>& view) {
  const int64_t n = std::min(kPoints, course[0].second.size(0));
  report::Scatter out{s.facts.run, note, {}, {}, {}};
  for (const auto& [step, latents] : course)
    out.before.emplace_back(text("step ", step), points_of(view(latents.narrow(0, 0, n))));
  out.now = out.before.back().first, out.points = std::move(out.before.back().second);
  out.before.pop_back();
  for (int64_t i = 0; i < n; ++i) out.labels.push_back(name_of(s, set, size_t(i)));
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
    row.notes.push_back({"Recording", floats_of(whole_notes(*first.dataset, {first.clips[i]}))});
    const auto seen = bench.test.seen[int64_t(i)];
    for (const SoundMaker& maker : makers) row.notes.push_back(heard("Spectrogram, " + maker.name, maker, first, seen));
    std::vector<std::vector<int64_t>> classes;
    for (const auto& labels : bench.test.labels) classes.push_back({labels[i]});
    for (const NoteSubject& s : subjects) {
      const auto z = s.system->encode(seen.unsqueeze(0));
      row.notes.push_back(heard(s.facts.run, sound_makers_of(s, makers).back(), s,
                                s.system->decode(z, s.condition(classes))[0]));
    }
    out.push_back(std::move(row));
  }
  for (const NoteSubject& s : subjects) {
    const SoundMaker maker = sound_makers_of(s, makers).back();
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
        row.notes.push_back(heard(style.classes[c], maker, s, s.system->decode(z, condition)[0]));
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
          mixture.notes.push_back(heard(fixed_text(weights[w], 2), maker, s, made[int64_t(w)]));
        out.push_back(std::move(mixture));
      }
    }
  }
  return out;
}

std::string notes_page(const std::vector<RunResult>& results, const std::vector<NoteSubject>& subjects,
                       const NoteBench& bench, const std::vector<LatentCourse>& courses,
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
                  "plane by t-SNE. What a class has in one place can still be read from the latent. Where checkpoints "
                  "were kept (training.keep), a slider goes through them. A click on a point plays its recording.");
  Markup plots;
  const auto sounds = wavs_of_points(
      std::min(kPoints, courses[0][0].second.size(0)), first.config.data.sample_rate,
      [&](int64_t i) { return floats_of(whole_notes(*first.dataset, {first.clips[size_t(i)]})); });
  for (size_t i = 0; i < subjects.size(); ++i) {
    const auto plot = [&](const char* note, const std::function<torch::Tensor(const torch::Tensor&)>& view) {
      plots += report::scatter_plot(scatter_of(subjects[i], bench.test, courses[i], note, view));
    };
    plot("latent", [](const torch::Tensor& z) { return z; });
    if (courses[i][0].second.size(0) >= 4) plot("t-SNE", [](const torch::Tensor& z) { return tsne(z); });
  }
  body += element("div", {{"class", "cards"}}, plots) + report::scatter_script(sounds);
  body += element("h2", {}, "To hear");
  for (const HeardNotes& notes : heard) body += sounds_section(notes, first.config.data.sample_rate);
  std::vector<TrainingCurves> training;
  for (const NoteSubject& s : subjects) training.push_back({s.facts.run, read_journal(s.folder / "journal.jsonl")});
  body += training_section(training);
  for (const RunResult& run : results) body += every_number(run);
  return report::page(first.facts.run, body);
}

}  // namespace nr
