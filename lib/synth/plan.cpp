#include "synth/plan.h"

#include <algorithm>
#include <cctype>
#include <cstdio>
#include <set>

#include "base/error.h"
#include "synth/presets.h"

namespace nr {
namespace {

// Names become folders, CSV cells and arguments.
void check_name(const std::string& name, const char* what, const std::string& marks, const char* allowed) {
  const auto plain = [&](unsigned char c) { return std::isalnum(c) || marks.find(char(c)) != std::string::npos; };
  if (name.empty() || !std::all_of(name.begin(), name.end(), plain))
    fail("recipe: ", what, " '", name, "' must be made of ", allowed);
}
void check_name(const std::string& name, const char* what) {
  check_name(name, what, "_-", "letters, digits, '_' and '-'");
}

template <class... Numbers>
std::string formatted(const char* format, Numbers... numbers) {
  char out[32];
  std::snprintf(out, sizeof out, format, numbers...);
  return out;
}

Plan notes(const Recipe& recipe) {
  Plan out{"path,instrument,family,style,pitch,velocity", {}};
  std::set<std::string> folders;
  std::string folder, labels;
  const auto begin = [&](const std::string& name, const std::string& family, const std::string& style) {
    check_name(name, "instrument");
    check_name(family, "family");
    check_name(style, "style");
    folder = style == kOrdinario ? name : name + "-" + style;
    labels = name + "," + family + "," + style;
    if (!folders.insert(folder).second) fail("recipe: two instruments are named '", folder, "'");
    out.lists.emplace_back();
  };
  const auto add = [&](const auto& part, Note note) {
    note.held = part.held > 0 ? part.held : recipe.held;
    note.release = part.release > 0 ? part.release : recipe.release;
    for (const int velocity : part.velocities.empty() ? recipe.velocities : part.velocities) {
      note.velocity = velocity;
      out.lists.back().push_back({folder + formatted("/%03d-%03d.wav", note.key, velocity),
                                  labels + formatted(",%d,%d", note.key, velocity), note, note.held + note.release});
    }
  };
  for (const Instrument& part : recipe.instruments) {
    begin(part.name, part.family, part.style);
    if (part.low > part.high)
      fail("recipe: instrument '", folder, "' goes from key ", part.low, " up to key ", part.high);
    for (int key = part.low; key <= part.high; key += part.step)
      add(part, {key, 0, 0, 0, false, part.program, part.modulation});
  }
  for (const Drum& part : recipe.percussion) {
    begin(part.name, part.family, kOrdinario);
    add(part, {part.key, 0, 0, 0, true, 0, 0});
  }
  return out;
}

Plan words(const Spoken& spoken) {
  if (spoken.words.empty()) fail("recipe: spoken.words is empty");
  if (spoken.voices.empty()) fail("recipe: spoken.voices is empty");
  if (spoken.speeds.empty() || spoken.pitches.empty())
    fail("recipe: spoken.", spoken.speeds.empty() ? "speeds" : "pitches", " is empty");
  for (const std::string& word : spoken.words) check_name(word, "word", "", "letters and digits");
  Plan out{"path,word,speaker,speed,pitch", {}};
  std::set<std::string> paths;
  for (const std::string& voice : spoken.voices) {
    check_name(voice, "voice", "_-+", "letters, digits, '_', '-' and '+'");
    out.lists.emplace_back();
    for (const std::string& word : spoken.words)
      for (const int speed : spoken.speeds)
        for (const int pitch : spoken.pitches) {
          const std::string path = word + "/" + voice + formatted("-%03d-%02d.wav", speed, pitch);
          if (!paths.insert(path).second) fail("recipe: ", path, " is spoken twice");
          out.lists.back().push_back({path, word + "," + voice + formatted(",%d,%d", speed, pitch),
                                      Utterance{word, voice, speed, pitch, spoken.amplitude, spoken.seconds},
                                      spoken.seconds});
        }
  }
  return out;
}

}  // namespace

Plan plan(const Recipe& recipe) {
  const bool plays = !recipe.instruments.empty() || !recipe.percussion.empty();
  const bool speaks = !recipe.spoken.words.empty() || !recipe.spoken.voices.empty();
  if (!recipe.presets.synth.empty()) {
    if (plays || speaks) fail("recipe: presets stand in a recipe of their own, without notes and spoken words");
    const RenderProcess process([&] { return make_synth(recipe.presets.synth); });
    return preset_plan(recipe.presets, process.parameters(), process.shipped());
  }
  if (plays && speaks) fail("recipe: notes and spoken words have different manifests: give each a recipe and a folder");
  if (!plays && !speaks) fail("recipe: neither instruments nor percussion nor spoken words nor presets");
  return speaks ? words(recipe.spoken) : notes(recipe);
}

std::string manifest(const Plan& plan) {
  std::string out = plan.columns + "\n";
  for (const auto& jobs : plan.lists)
    for (const Job& job : jobs) out += job.path + "," + job.labels + "\n";
  return out;
}

}  // namespace nr
