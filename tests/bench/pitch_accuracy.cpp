// pitch_accuracy FOLDER: raw pitch accuracy on labelled notes, a row a family: the share of sounding frames within 50
// cents, as mir_eval counts them. FOLDER has a manifest.csv with columns path, family, pitch_midi, f0_est_hz. A note
// counts when its MIDI pitch and its estimated frequency agree within 50 cents; that frequency is then the truth. Exits
// with 1 below 95 % over all families.
#include <cmath>
#include <cstdio>
#include <map>
#include <mutex>

#include "audio/clip.h"
#include "base/error.h"
#include "base/main.h"
#include "base/parallel.h"
#include "data/manifest.h"
#include "descriptors/descriptor.h"
#include "descriptors/yin.h"

namespace nr {
namespace {

struct Note {
  std::string path, family;
  double hz;
};

double cents(double hz, double reference) { return 1200 * std::log2(hz / reference); }

std::vector<Note> trusted_notes(const std::string& folder) {
  std::vector<Note> notes;
  for (const Manifest::Entry& entry : read_manifest(folder + "/manifest.csv").entries) {
    const auto label = [&](const char* name) {
      const auto found = entry.labels.find(name);
      return found == entry.labels.end() ? std::string() : found->second;
    };
    if (label("pitch_midi").empty() || label("f0_est_hz").empty()) continue;
    const double named = 440 * std::exp2((std::stod(label("pitch_midi")) - 69) / 12),
                 hz = std::stod(label("f0_est_hz"));
    if (hz >= Yin::kLow && hz <= Yin::kHigh && std::fabs(cents(hz, named)) <= 50)
      notes.push_back({folder + "/" + entry.path, label("family"), hz});
  }
  return notes;
}

struct Score {
  int notes = 0, frames = 0, right = 0, voiced = 0;
};

Score score(const Note& note) {
  const Clip clip = read_clip(note.path);
  const Framing framing =
      clip.sample_rate > 16000 ? Framing{clip.sample_rate, 2048, 512} : Framing{clip.sample_rate, 1024, 256};
  const auto curves = analyse(clip.samples, {"rms", "pitch"}, framing);
  const std::vector<bool> active = active_frames(curves[0]);
  Yin yin(framing.sample_rate, framing.window);
  Score s{1};
  for (size_t i = 0; i < active.size(); ++i) {
    const int64_t start = int64_t(i) * framing.hop + framing.hop / 2 - framing.window / 2;
    if (!active[i] || start < 0 || start + framing.window > int64_t(clip.samples.size())) continue;
    ++s.frames;
    s.right += std::fabs(cents(yin.of(clip.samples.data() + start).hz, note.hz)) < 50;
    s.voiced += !std::isnan(curves[1][i]);
  }
  return s;
}

// Share of the frames that are right, over all.
double measure(const std::vector<Note>& notes) {
  std::map<std::string, Score> families;
  std::mutex guard;
  parallel_for(notes.size(), [&](size_t i) {
    const Score s = score(notes[i]);
    const std::lock_guard<std::mutex> lock(guard);
    for (const std::string& key : {notes[i].family, std::string("(all)")}) {
      Score& sum = families[key];
      sum.notes += s.notes, sum.frames += s.frames, sum.right += s.right, sum.voiced += s.voiced;
    }
  });
  std::printf("%-12s %6s %8s %10s %8s\n", "family", "notes", "frames", "accuracy", "voiced");
  for (const auto& [family, s] : families)
    std::printf("%-12s %6d %8d %9.2f%% %7.2f%%\n", family.c_str(), s.notes, s.frames, 100. * s.right / s.frames,
                100. * s.voiced / s.frames);
  if (families["(all)"].frames == 0) fail("no trusted note");
  return double(families["(all)"].right) / families["(all)"].frames;
}

}  // namespace
}  // namespace nr

int main(int argc, char** argv) {
  return nr::run_main([&] {
    if (argc != 2) nr::fail("usage: pitch_accuracy FOLDER");
    if (const double share = nr::measure(nr::trusted_notes(argv[1])); share < 0.95)
      nr::fail("accuracy is ", share, ", expected at least 0.95");
  });
}
