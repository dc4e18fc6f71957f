#include "evaluation/note_rows.h"

#include <torch/torch.h>

#include <algorithm>
#include <ctime>
#include <numeric>

#include "evaluation/note_measures.h"
#include "evaluation/statistics.h"
#include "losses/mmd.h"

namespace nr {
namespace {

constexpr int kProbes = 5;   // seeds
constexpr int64_t kRowsAtOnce = 64;  // notes through a network at a time
const MmdConfig kDistance{"rbf", false};

torch::Tensor in_parts(const torch::Tensor& in, const std::function<torch::Tensor(int64_t, int64_t)>& of) {
  std::vector<torch::Tensor> out;
  for (int64_t from = 0; from < in.size(0); from += kRowsAtOnce)
    out.push_back(of(from, std::min(kRowsAtOnce, in.size(0) - from)));
  return torch::cat(out);
}

torch::Tensor encode(const NoteSubject& s, const torch::Tensor& seen) {
  return in_parts(seen, [&](int64_t at, int64_t n) { return s.system->encode(seen.narrow(0, at, n)); });
}
torch::Tensor decode(const NoteSubject& s, const torch::Tensor& z, const torch::Tensor& c) {
  return in_parts(z, [&](int64_t at, int64_t n) { return s.system->decode(z.narrow(0, at, n), c.narrow(0, at, n)); });
}

torch::Tensor draws(int64_t n, int64_t size, uint64_t seed) {
  torch::manual_seed(seed);
  return torch::randn({n, size});
}

void add_all(const std::vector<double>& values, const std::string& metric, const std::string& part,
             const std::string& unit, RunResult& result) {
  for (size_t i = 0; i < values.size(); ++i) result.add(i, metric, part, unit, values[i]);
}

// Share of the notes whose class is the one asked, and the macro F1 of the set.
void add_classes(const std::string& metric, const std::string& part, const std::vector<int64_t>& asked,
                 const std::vector<int64_t>& found, int64_t classes, RunResult& result) {
  for (size_t i = 0; i < asked.size(); ++i) result.add(i, metric, part, "", asked[i] == found[i]);
  add_all(macro_f1_values(asked, found, classes), metric, part.empty() ? "F1" : part + ", F1", "", result);
}

std::vector<int64_t> column(const std::vector<std::vector<int64_t>>& rows, size_t at) {
  std::vector<int64_t> out;
  for (const auto& row : rows) out.push_back(row[at]);
  return out;
}

// The places of a role among the labels; -1: none.
int place_of(const NoteSubject& s, const std::string& role) {
  for (size_t l = 0; l < s.labels.size(); ++l)
    if (s.labels[l].role == role) return int(l);
  return -1;
}

// What is asked of n notes, [label][n]. Styles take turns, so that each is asked as often. seen: a training note's
// classes; else semitone and octave by chance.
std::vector<std::vector<int64_t>> asked_of(const NoteSubject& s, const NoteSet& train, int64_t n, bool all_octaves,
                                           bool seen, uint64_t seed) {
  std::vector<std::vector<int64_t>> out(s.labels.size());
  const int style = place_of(s, "style");
  for (int64_t i = 0; i < n; ++i) {
    Random random(seed, i, all_octaves, seen);
    const int64_t wanted = style < 0 ? -1 : i % int64_t(s.labels[size_t(style)].classes.size());
    std::vector<size_t> of_style;
    for (size_t t = 0; seen && t < train.labels[0].size(); ++t)
      if (style < 0 || train.labels[size_t(style)][t] == wanted) of_style.push_back(t);
    const size_t donor = of_style.empty() ? 0 : of_style[random.below(of_style.size())];
    for (size_t l = 0; l < s.labels.size(); ++l) {
      const NoteLabel& label = s.labels[l];
      const auto octaves = label.role == "octave" ? octaves_of(label, all_octaves) : std::vector<int64_t>{};
      out[l].push_back(!of_style.empty()   ? train.labels[l][donor]
                       : int(l) == style ? wanted
                       : octaves.empty() ? int64_t(random.below(label.classes.size()))
                                         : octaves[random.below(octaves.size())]);
    }
  }
  return out;
}

}  // namespace

std::vector<int64_t> octaves_of(const NoteLabel& octave, bool all) {
  std::vector<int64_t> out, every(octave.classes.size());
  std::iota(every.begin(), every.end(), 0);
  for (size_t c = 0; c < octave.classes.size(); ++c)
    if (octave.classes[c] == "3" || octave.classes[c] == "4") out.push_back(int64_t(c));
  return all || out.empty() ? every : out;
}

void measure_reconstruction(const NoteSubject& s, const NoteBench& bench, const std::vector<SoundMaker>& makers,
                            size_t sounds, RunResult& result) {
  const NoteSpectrogram& spectrogram = s.system->spectrogram();
  const auto& seen = bench.test.seen;
  const auto z = encode(s, seen), c = s.condition(bench.test.labels), made = decode(s, z, c);
  const auto target = spectrogram.linear(seen), magnitudes = spectrogram.linear(made);
  add_all(root_mean_squares(seen, made), "note_rmse", "", "", result);
  add_all(log_spectral_distances(target, magnitudes), "note_lsd", "", "dB", result);
  add_all(spectral_convergences(target, magnitudes), "note_sc", "", "", result);
  const int64_t heard = std::min<int64_t>(int64_t(sounds), seen.size(0));
  const MelBands bands(s.system->model(), s.config.data.sample_rate);
  for (size_t m = 0; m < makers.size(); ++m) {
    std::vector<double> values, milliseconds;
    for (int64_t i = 0; i < heard; ++i) {
      const std::clock_t begun = std::clock();  // processor time, whatever else the machine does
      const auto note = s.system->decode(z.narrow(0, i, 1), c.narrow(0, i, 1));
      const auto audio = makers[m].make(spectrogram, note);
      milliseconds.push_back(1000 * double(std::clock() - begun) / CLOCKS_PER_SEC);
      const auto again = s.system->model().law == "power" ? bands.powers(audio) : bands.magnitudes(audio);
      values.push_back(spectral_convergences(target.narrow(0, i, 1), again)[0]);
    }
    add_all(values, "note_sc_sound", m ? makers[m].name : "", "", result);
    add_all(milliseconds, "note_on", m ? makers[m].name : "", "ms", result);
  }
}

void measure_latents(const NoteSubject& s, const NoteBench& bench, RunResult& result) {
  const auto train = encode(s, bench.train.seen), test = encode(s, bench.test.seen);
  const auto one = draws(test.size(0), test.size(1), 1), other = draws(test.size(0), test.size(1), 2);
  result.add(0, "latent_mmd", "", "", discrepancy(test, one, kDistance).item<double>());
  result.add(0, "latent_mmd", "prior and prior", "", discrepancy(other, one, kDistance).item<double>());
  for (size_t l = 0; l < s.labels.size(); ++l) {
    const int64_t classes = int64_t(s.labels[l].classes.size());
    std::vector<double> right(s.clips.size(), 0), f1 = right;
    for (int seed = 1; seed <= kProbes; ++seed) {
      const auto found = probe_classes(train, bench.train.labels[l], classes, test, uint64_t(seed));
      const auto of_seed = macro_f1_values(bench.test.labels[l], found, classes);
      for (size_t i = 0; i < right.size(); ++i)
        right[i] += double(found[i] == bench.test.labels[l][i]) / kProbes, f1[i] += of_seed[i] / kProbes;
    }
    add_all(right, "probe_" + s.labels[l].role, "", "", result);
    add_all(f1, "probe_" + s.labels[l].role, "F1", "", result);
  }
}

void measure_control(const NoteSubject& s, const NoteBench& bench, uint64_t seed, RunResult& result) {
  if (!s.system->classes()) return;
  const int64_t n = int64_t(s.clips.size());
  for (const auto& [part, all_octaves, seen] :
       {std::tuple{"", false, false}, {"all octaves", true, false}, {"combinations of training", false, true}}) {
    const auto asked = asked_of(s, bench.train, n, all_octaves, seen, seed);
    const auto made = decode(s, draws(n, s.system->model().latent_size, seed), s.condition(asked));
    const auto found = likeliest(*bench.classifier, made);
    for (size_t l = 0; l < s.labels.size(); ++l)
      if (s.is_given(s.labels[l]))
        add_classes("control_" + s.labels[l].role, part, asked[l], column(found, l),
                    int64_t(s.labels[l].classes.size()), result);
  }
}

void measure_recorded(const NoteSubject& s, const NoteBench& bench, RunResult& result) {
  const auto found = likeliest(*bench.classifier, bench.test.seen);
  for (size_t l = 0; l < s.labels.size(); ++l)
    add_classes("control_" + s.labels[l].role, "", bench.test.labels[l], column(found, l),
                int64_t(s.labels[l].classes.size()), result);
}

void measure_chance(const NoteSubject& s, const NoteBench& bench, RunResult& result) {
  for (size_t l = 0; l < s.labels.size(); ++l) {
    const auto classes = s.labels[l].classes.size();
    std::vector<int64_t> counts(classes, 0);
    for (const int64_t c : bench.train.labels[l]) ++counts[size_t(c)];
    const int64_t commonest = std::max_element(counts.begin(), counts.end()) - counts.begin();
    const std::vector<int64_t> always(s.clips.size(), commonest);
    add_classes("probe_" + s.labels[l].role, "", bench.test.labels[l], always, int64_t(classes), result);
    result.add(0, "control_" + s.labels[l].role, "", "", 1.0 / double(classes));
  }
}

std::vector<std::pair<int64_t, int64_t>> mixed_styles(const NoteLabel& label) {
  static const std::vector<std::pair<const char*, const char*>> published{
      {"clarinet", "violin"},    {"oboe", "english_horn"}, {"alto_sax", "french_horn"}, {"trumpet", "piano"},
      {"bassoon", "cello"},      {"flute", "cello"},       {"pizzicato", "tremolo"},    {"short", "vibrato_medium"},
      {"tremolo", "vibrato_strong"}};
  const auto place = [&](const char* name) {
    return std::find(label.classes.begin(), label.classes.end(), name) - label.classes.begin();
  };
  std::vector<std::pair<int64_t, int64_t>> out;
  const auto count = int64_t(label.classes.size());
  for (const auto& [from, to] : published)
    if (place(from) < count && place(to) < count) out.emplace_back(place(from), place(to));
  return out.empty() ? std::vector<std::pair<int64_t, int64_t>>{{0, count - 1}} : out;
}

torch::Tensor mixed_condition(const NoteSubject& s, const NoteLabel& style, std::pair<int64_t, int64_t> pair,
                              int64_t semitone, int64_t octave, const std::vector<double>& weights) {
  auto out = torch::zeros({int64_t(weights.size()), s.system->classes()});
  for (const ConditionGroup& group : s.system->groups())
    for (size_t i = 0; i < weights.size(); ++i) {
      auto row = out[int64_t(i)].narrow(0, group.at, int64_t(group.classes.size()));
      if (group.label == style.name) row[pair.first] += float(1 - weights[i]), row[pair.second] += float(weights[i]);
      else row[group.label == "semitone" ? semitone : group.label == "octave" ? octave : 0] = 1.f;
    }
  return out;
}

void measure_mixing(const NoteSubject& s, const NoteBench& bench, uint64_t seed, RunResult& result) {
  constexpr int kNotes = 8, kSteps = 9;
  int64_t at = 0;
  size_t pairs = 0;
  const int octave = place_of(s, "octave");
  for (const NoteLabel& label : s.labels) {
    for (const auto& pair : s.is_given(label) && label.role == "style" ? mixed_styles(label)
                                                                        : std::vector<std::pair<int64_t, int64_t>>{}) {
      std::vector<double> weights, found;
      for (int w = 0; w < kSteps; ++w) weights.push_back(double(w) / (kSteps - 1));
      for (int i = 0; i < kNotes; ++i) {
        Random random(seed, i, 3);
        const auto octaves = octave < 0 ? std::vector<int64_t>{0} : octaves_of(s.labels[size_t(octave)], false);
        const auto c = mixed_condition(s, label, pair, int64_t(random.below(12)), octaves[random.below(octaves.size())],
                                       weights);
        const auto z = draws(1, s.system->model().latent_size, random()).expand({kSteps, -1});
        const auto belief = probabilities(*bench.classifier, s.system->decode(z, c)).to(torch::kDouble).contiguous();
        const auto along = [&](int64_t style) {
          const auto row = belief.select(1, at + style).contiguous();
          return std::vector<double>(row.data_ptr<double>(), row.data_ptr<double>() + kSteps);
        };
        found.push_back(spearman(weights, along(pair.second)));
        found.push_back(-spearman(weights, along(pair.first)));
      }
      for (double& f : found)
        if (std::isnan(f)) f = 0;  // a belief that does not move
      result.add(pairs++, "mixing", "", "", mean(found));
      result.add(0, "mixing", label.classes[size_t(pair.first)] + " to " + label.classes[size_t(pair.second)], "",
                 mean(found));
    }
    at += int64_t(label.classes.size());
  }
}

}  // namespace nr
