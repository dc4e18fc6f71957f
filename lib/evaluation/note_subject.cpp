#include "evaluation/note_subject.h"

#include <torch/torch.h>

#include <algorithm>

#include "base/names.h"
#include "nn/checkpoint.h"
#include "nn/parameter_count.h"

namespace nr {
namespace fs = std::filesystem;
namespace {

constexpr int64_t kNotesAtOnce = 64;

RunConfig config_of(const fs::path& run) { return run_config_of(read_checkpoint(find_checkpoint(run))); }

// Semitone and octave where there are such, and one more: the first that the decoder is given, else the first there is.
std::vector<NoteLabel> labels_of(const NoteSubject& s) {
  const std::vector<LabelGroup>& groups = s.dataset->label_groups();
  const auto is_note = [](const std::string& name) { return name == "semitone" || name == "octave"; };
  std::vector<NoteLabel> notes, styles;
  for (size_t g = 0; g < groups.size(); ++g) {
    const std::string& name = groups[g].name;
    if (!s.config.data.classes.count(name) || groups[g].classes.size() < 2) continue;
    (is_note(name) ? notes : styles).push_back({name, is_note(name) ? name : "style", groups[g].classes, int(g)});
  }
  std::stable_sort(styles.begin(), styles.end(),
                   [&](const NoteLabel& a, const NoteLabel& b) { return s.is_given(a) > s.is_given(b); });
  if (!styles.empty()) notes.push_back(styles[0]);
  return notes;
}

}  // namespace

bool is_wae(const fs::path& run) { return std::holds_alternative<WaeConfig>(config_of(run).model); }
bool is_vocoder(const fs::path& run) { return std::holds_alternative<VocoderConfig>(config_of(run).model); }

torch::Tensor whole_notes(const Dataset& dataset, const std::vector<int>& clips) {
  const int64_t samples = dataset.config().segment;
  auto out = torch::zeros({int64_t(clips.size()), 1, samples});
  for (size_t i = 0; i < clips.size(); ++i)
    dataset.read(clips[i], 0, samples, out.data_ptr<float>() + int64_t(i) * samples);
  return out;
}

NoteSet NoteSubject::notes(const std::vector<int>& wanted) const {
  NoteSet out;
  std::vector<torch::Tensor> seen;
  for (size_t from = 0; from < wanted.size(); from += kNotesAtOnce) {
    const auto to = std::min(wanted.size(), from + kNotesAtOnce);
    const std::vector<int> some(wanted.begin() + long(from), wanted.begin() + long(to));
    seen.push_back(system->spectrogram().forward(whole_notes(*dataset, some)));
  }
  out.seen = torch::cat(seen);
  std::vector<torch::Tensor> one_hot;
  for (const NoteLabel& label : labels) {
    out.labels.emplace_back();
    for (const int clip : wanted) out.labels.back().push_back(dataset->label(clip, label.group));
    one_hot.push_back(torch::one_hot(torch::tensor(out.labels.back(), torch::kLong), int64_t(label.classes.size())));
  }
  if (!one_hot.empty()) out.one_hot = torch::cat(one_hot, 1).to(torch::kFloat);
  return out;
}

bool NoteSubject::is_given(const NoteLabel& label) const { return contains(system->model().conditions, label.name); }

torch::Tensor NoteSubject::condition(const std::vector<std::vector<int64_t>>& asked) const {
  std::vector<torch::Tensor> out;
  for (const ConditionGroup& group : system->groups())
    for (size_t l = 0; l < labels.size(); ++l)
      if (labels[l].name == group.label)
        out.push_back(torch::one_hot(torch::tensor(asked[l], torch::kLong), int64_t(group.classes.size())));
  return out.empty() ? torch::zeros({int64_t(asked.empty() ? 0 : asked[0].size()), 0})
                     : torch::cat(out, 1).to(torch::kFloat);
}

NoteSubject load_notes(const fs::path& run, const EvaluationConfig& config) {
  const Checkpoint checkpoint = read_checkpoint(find_checkpoint(run));
  std::unique_ptr<WaeSystem> system = load_wae(checkpoint);
  NoteSubject out{test_clips(run, system->config(), checkpoint, config), system->config(), std::move(system), {}};
  out.labels = labels_of(out);
  for (const ConditionGroup& group : out.system->groups())
    if (std::none_of(out.labels.begin(), out.labels.end(), [&](const NoteLabel& l) { return l.name == group.label; }))
      fail(run.string(), ": is given '", group.label, "' too, but evaluation takes one label beside the note's");
  ModelFacts& f = out.facts;
  for (const Part& part : out.system->parts())
    if (contains({"encoder", "decoder", "vocoder"}, part.name)) f.parameters += count_parameters(*part.module);
  f.latent_size = out.system->model().latent_size, f.controls = out.system->model().conditions;
  f.graph_hash = out.system->fingerprint();
  return out;
}

std::vector<SoundMaker> sound_makers(const NoteSubject& subject, const std::vector<std::string>& vocoders) {
  const int rounds = subject.system->model().griffin_lim;
  std::vector<SoundMaker> out{{text("Griffin-Lim, ", rounds), [=](const NoteSpectrogram& s, const torch::Tensor& x) {
                                 return s.sound(x, rounds);
                               }}};
  for (const std::string& run : vocoders) {
    const std::shared_ptr<VocoderSystem> vocoder =
        load_vocoder_of(run, subject.system->model(), subject.config.data.sample_rate);
    out.push_back({run_folder(run).filename(), [=](const NoteSpectrogram& s, const torch::Tensor& x) {
                     return vocoder->sound(s.linear(x));
                   }});
  }
  return out;
}

std::vector<SoundMaker> sound_makers_of(const NoteSubject& subject, std::vector<SoundMaker> makers) {
  WaeSystem& system = *subject.system;
  if (system.has_vocoder())
    makers.push_back({"its vocoder", [&system](const NoteSpectrogram&, const torch::Tensor& x) {
                        return system.sound(x);
                      }});
  return makers;
}

}  // namespace nr
