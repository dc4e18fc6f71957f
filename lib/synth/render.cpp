#include "synth/render.h"

#include <algorithm>
#include <cmath>
#include <mutex>
#include <set>
#include <sstream>

#include "audio/clip.h"
#include "base/error.h"
#include "base/files.h"
#include "base/log.h"
#include "base/parallel.h"
#include "config/writer.h"
#include "synth/soundfont.h"

namespace nr {
namespace fs = std::filesystem;
namespace {

struct Job {
  std::string path, instrument, family;  // path relative to the folder
  Note note;
};

// Names become folders and CSV cells.
void check_name(const std::string& name, const char* what) {
  const bool plain = !name.empty() && std::all_of(name.begin(), name.end(), [](unsigned char c) { return std::isalnum(c) || c == '_' || c == '-'; });
  if (!plain) fail("recipe: ", what, " '", name, "' must be made of letters, digits, '_' and '-'");
}

// One list an instrument: the unit of parallel work, so that a SoundFont's samples are loaded once.
std::vector<std::vector<Job>> plan(const Recipe& recipe) {
  std::vector<std::vector<Job>> out;
  std::set<std::string> names;
  const auto begin = [&](const std::string& name, const std::string& family) {
    check_name(name, "instrument");
    check_name(family, "family");
    if (!names.insert(name).second) fail("recipe: two instruments are named '", name, "'");
    out.emplace_back();
  };
  const auto add = [&](const auto& part, const Note& base) {
    for (const int velocity : part.velocities.empty() ? recipe.velocities : part.velocities) {
      Note note = base;
      note.velocity = velocity;
      note.held = part.held > 0 ? part.held : recipe.held;
      note.release = part.release > 0 ? part.release : recipe.release;
      char file[32];
      std::snprintf(file, sizeof file, "%03d-%03d.wav", note.key, velocity);
      out.back().push_back({part.name + "/" + file, part.name, part.family, note});
    }
  };
  for (const Instrument& part : recipe.instruments) {
    begin(part.name, part.family);
    if (part.low > part.high) fail("recipe: instrument '", part.name, "' goes from key ", part.low, " up to key ", part.high);
    for (int key = part.low; key <= part.high; key += part.step) add(part, {key, 0, 0, 0, false, part.program});
  }
  for (const Drum& part : recipe.percussion) {
    begin(part.name, part.family);
    add(part, {part.key, 0, 0, 0, true, 0});
  }
  if (out.empty()) fail("recipe: neither instruments nor percussion");
  return out;
}

std::string manifest(const std::vector<std::vector<Job>>& plan) {
  std::string out = "path,instrument,family,pitch,velocity\n";
  for (const auto& jobs : plan)
    for (const Job& job : jobs) out += text(job.path, ",", job.instrument, ",", job.family, ",", job.note.key, ",", job.note.velocity, "\n");
  return out;
}

// What made the folder: the resolved recipe and the SoundFont's size.
std::string fingerprint(const Recipe& recipe) {
  std::error_code none;
  const auto bytes = fs::file_size(recipe.soundfont, none);
  return config::dump(recipe) + (none ? "" : text("# rendered from ", bytes, " bytes\n"));
}

std::vector<std::string> files_of_manifest(const fs::path& folder) {
  std::vector<std::string> out;
  if (!fs::exists(folder / "manifest.csv")) return out;
  std::istringstream lines(read_file(folder / "manifest.csv"));
  std::string line;
  std::getline(lines, line);
  while (std::getline(lines, line)) out.push_back(line.substr(0, line.find(',')));
  return out;
}

void write_licence(const Recipe& recipe, const fs::path& out) {
  write_file(out / "LICENCE.txt",
             "Rendered with FluidSynth from " + fs::path(recipe.soundfont).filename().string() + ".\n" +
                 "FluidR3_GM (Debian package fluid-soundfont-gm): Copyright 2000-2002, 2008 Frank Wen, released under the MIT licence;\n"
                 "its text and the contributors: /usr/share/doc/fluid-soundfont-gm/copyright. Another soundfont: that soundfont's licence.\n");
}

}  // namespace

RenderReport render(const Recipe& recipe, const fs::path& out) {
  const auto jobs = plan(recipe);
  RenderReport report;
  std::set<std::string> wanted;
  for (const auto& list : jobs)
    for (const Job& job : list) {
      wanted.insert(job.path);
      report.seconds += job.note.held + job.note.release;
    }
  report.files = wanted.size();

  const std::string made_by = fingerprint(recipe);
  const auto present = [&] { return std::all_of(wanted.begin(), wanted.end(), [&](const std::string& path) { return fs::exists(out / path); }); };
  report.up_to_date = fs::exists(out / "recipe.yaml") && fs::exists(out / "manifest.csv") && read_file(out / "recipe.yaml") == made_by && present();
  if (report.up_to_date) return report;

  make_folder(out);
  fs::remove(out / "recipe.yaml");  // comes back last: a run that was cut short is never taken for a whole one
  for (const std::string& path : files_of_manifest(out))
    if (!wanted.count(path) && path.find("..") == std::string::npos) fs::remove(out / path);

  Progress progress("render");
  std::mutex guard;
  size_t done = 0;
  parallel_for(jobs.size(), [&](size_t i) {
    Soundfont soundfont(recipe.soundfont, recipe.sample_rate, recipe.gain);
    for (const Job& job : jobs[i]) {
      const std::vector<float> samples = soundfont.play(job.note);
      float peak = 0;
      for (const float sample : samples) peak = std::max(peak, std::abs(sample));
      write_wav(out / job.path, samples, recipe.sample_rate);
      const std::lock_guard<std::mutex> lock(guard);
      report.peak = std::max<double>(report.peak, peak);
      report.clipped_files += peak > 1;
      progress.update(static_cast<double>(++done) / report.files, job.instrument);
    }
  });
  write_file(out / "manifest.csv", manifest(jobs));
  write_licence(recipe, out);
  write_file(out / "recipe.yaml", made_by);
  progress.done(text(report.files, " files"));
  return report;
}

}  // namespace nr
