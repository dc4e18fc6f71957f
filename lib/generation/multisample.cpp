#include "generation/multisample.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "audio/clip.h"
#include "base/error.h"
#include "base/files.h"
#include "base/interrupt.h"
#include "base/log.h"

namespace nr {
namespace fs = std::filesystem;

void write_multisample(const NoteInstrument& instrument, const fs::path& folder, int low, int high, int step) {
  std::vector<int> keys;
  for (int key = low; key <= high; key += step)
    if (instrument.plays(key)) keys.push_back(key);
  if (keys.empty()) fail("keys ", low, " to ", high, ": the model plays none of them");
  fs::path named = fs::absolute(folder).lexically_normal();
  if (!named.has_filename()) named = named.parent_path();
  std::string sfz = text("// ", instrument.style_text(), "\n<global>\nampeg_release=0.2\namp_veltrack=100\n");
  Progress progress("notes");
  for (size_t i = 0; i < keys.size(); ++i) {
    if (interrupted()) fail("stopped; there is no .sfz");
    const std::string file = text("samples/", keys[i], ".flac");
    std::vector<float> note = instrument.note(keys[i], instrument.initial());
    float peak = 1;
    for (const float x : note) peak = std::max(peak, std::abs(x));
    for (float& x : note) x /= peak;
    write_flac(named / file, note, instrument.sample_rate());
    const int from = i ? (keys[i - 1] + keys[i]) / 2 + 1 : keys[0],
              to = i + 1 < keys.size() ? (keys[i] + keys[i + 1]) / 2 : keys.back();
    sfz += text("<region> sample=", file, " pitch_keycenter=", keys[i], " lokey=", from, " hikey=", to, "\n");
    progress.update(double(i + 1) / double(keys.size()));
  }
  const fs::path file = named / (named.filename().string() + ".sfz");
  write_file(file, sfz);
  progress.done(text(keys.size(), " notes, ", file.string()));
}

}  // namespace nr
