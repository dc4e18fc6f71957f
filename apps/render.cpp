// render RECIPE.yaml OUT: an offline data set of notes, spoken words or presets, with its manifest and licence note.
#include <CLI/CLI.hpp>
#include <cmath>
#include <cstdio>

#include "base/main.h"
#include "base/log.h"
#include "config/reader.h"
#include "synth/render.h"

int main(int argc, char** argv) {
  CLI::App app{
      "Renders notes of a SoundFont, words spoken by espeak-ng or presets of a synthesizer to WAV files with a "
      "manifest.csv"};
  std::string recipe_file, out;
  std::vector<std::string> assignments;
  app.add_option("recipe", recipe_file, "data/*.yaml")->required();
  app.add_option("out", out, "folder to fill")->required();
  app.add_option("--set", assignments, "key=value, over the recipe")->allow_extra_args(false);
  CLI11_PARSE(app, argc, argv);

  return nr::run_main([&] {
    nr::config::Value root = nr::config::load(recipe_file);
    for (const std::string& assignment : assignments) nr::config::set(root, assignment);
    const nr::RenderReport report = nr::render(nr::config::read<nr::Recipe>(root), out);
    if (report.up_to_date) {
      std::printf("%s is up to date: %zu files, %s\n", out.c_str(), report.files,
                  nr::duration_text(report.seconds).c_str());
      return;
    }
    std::printf("%s: %zu files, %s of audio, peak %.1f dBFS\n", out.c_str(), report.files,
                nr::duration_text(report.seconds).c_str(), 20 * std::log10(report.peak));
    if (!report.rejected.empty())
      nr::log_warning(nr::text(report.rejected.size(), " presets are left out (rejected.csv), such as ",
                               report.rejected[0].first, ": ", report.rejected[0].second));
    if (report.clipped_files)
      nr::log_warning(nr::text(report.clipped_files, " files are clipped: lower `gain` or `spoken.amplitude`"));
    if (report.silent_files)
      nr::log_warning(
          nr::text(report.silent_files, " files are silent, such as ", report.a_silent_file, ": leave those keys out"));
  });
}
