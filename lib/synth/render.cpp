#include "synth/render.h"

#include <algorithm>
#include <cmath>
#include <mutex>
#include <optional>
#include <set>

#include "audio/clip.h"
#include "base/error.h"
#include "base/files.h"
#include "base/log.h"
#include "base/parallel.h"
#include "config/writer.h"
#include "synth/folder.h"
#include "synth/plan.h"
#include "synth/presets.h"

namespace nr {
namespace fs = std::filesystem;
namespace {

bool speaks(const Recipe& recipe) { return !recipe.spoken.words.empty(); }

// What made the folder: the resolved recipe and, of notes, the SoundFont's size.
std::string fingerprint(const Recipe& recipe) {
  std::error_code none;
  const auto bytes = fs::file_size(recipe.soundfont, none);
  return config::dump(recipe) + (none || speaks(recipe) ? "" : text("# rendered from ", bytes, " bytes\n"));
}

std::string licence(const Recipe& recipe) {
  if (speaks(recipe))
    return "Spoken by eSpeak NG (Debian package espeak-ng), which was run as a program of its own. The program and\n"
           "the phoneme data that it makes sound from are under the GNU General Public Licence, version 3 or later:\n"
           "/usr/share/doc/espeak-ng/copyright.\n";
  return "Rendered with FluidSynth from " + fs::path(recipe.soundfont).filename().string() + ".\n" +
         "FluidR3_GM (Debian package fluid-soundfont-gm): Copyright 2000-2002, 2008 Frank Wen, released under the MIT\n"
         "licence; its text and the contributors: /usr/share/doc/fluid-soundfont-gm/copyright. Another soundfont:\n"
         "that soundfont's licence.\n";
}

// What makes the sound of one list's jobs.
struct Source {
  std::optional<Soundfont> soundfont;
  std::optional<Speech> speech;

  explicit Source(const Recipe& recipe) {
    if (speaks(recipe)) speech.emplace(recipe.sample_rate);
    else soundfont.emplace(recipe.soundfont, recipe.sample_rate, recipe.gain);
  }
  std::vector<float> samples(const Job& job) {
    const Note* note = std::get_if<Note>(&job.sound);
    return note ? soundfont->play(*note) : speech->say(std::get<Utterance>(job.sound));
  }
};

}  // namespace

RenderReport render(const Recipe& recipe, const fs::path& out) {
  if (!recipe.presets.synth.empty())
    return render_presets(recipe, out, [&] { return make_synth(recipe.presets.synth); });
  const Plan files = plan(recipe);
  RenderReport report;
  std::set<std::string> wanted;
  for (const auto& list : files.lists)
    for (const Job& job : list) {
      wanted.insert(job.path);
      report.seconds += job.seconds;
    }
  report.files = wanted.size();
  wanted.insert({"manifest.csv", "LICENCE.txt", "recipe.yaml"});

  const std::string made_by = fingerprint(recipe);
  const auto is_there = [&](const std::string& path) { return fs::exists(out / path); };
  report.up_to_date =
      std::all_of(wanted.begin(), wanted.end(), is_there) && read_file(out / "recipe.yaml") == made_by;
  if (report.up_to_date) return report;

  RenderedFolder folder(out);
  if (speaks(recipe)) check_voices(recipe.spoken.voices);
  folder.claim(wanted);
  fs::remove(out / "recipe.yaml");  // comes back last: a run that was cut short is never taken for a whole one
  folder.remove_all_but(wanted);

  Progress progress("render");
  std::mutex guard;
  size_t done = 0;
  parallel_for(files.lists.size(), [&](size_t i) {
    Source source(recipe);  // one a list, so that a SoundFont's samples are loaded once
    for (const Job& job : files.lists[i]) {
      const std::vector<float> samples = source.samples(job);
      float peak = 0;
      for (const float sample : samples) peak = std::max(peak, std::abs(sample));
      write_wav(out / job.path, samples, recipe.sample_rate);
      const std::lock_guard<std::mutex> lock(guard);
      report.peak = std::max<double>(report.peak, peak);
      report.clipped_files += peak > 1;
      if (peak < 1.f / 32768) ++report.silent_files, report.a_silent_file = job.path;
      progress.update(static_cast<double>(++done) / report.files, job.path);
    }
  });
  write_file(out / "manifest.csv", manifest(files));
  write_file(out / "LICENCE.txt", licence(recipe));
  write_file(out / "recipe.yaml", made_by);
  progress.done(text(report.files, " files"));
  return report;
}

}  // namespace nr
