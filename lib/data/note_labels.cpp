#include "data/note_labels.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <regex>
#include <sstream>
#include <vector>

#include "config/reader.h"

namespace nr {

const char* const kSemitones[12] = {"C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B"};

namespace {

struct FileNote {
  std::optional<int> key;
  std::string instrument, style;
};

std::vector<std::string> split(const std::string& name, char mark) {
  std::vector<std::string> out;
  std::istringstream in(name);
  for (std::string part; std::getline(in, part, mark);) out.push_back(part);
  return out;
}

FileNote nsynth(const std::string& name) {
  static const std::regex pattern("(.+)-([0-9]{3})-([0-9]{3})");
  std::smatch found;
  if (!std::regex_match(name, found, pattern)) return {};
  const int key = std::stoi(found[2]);
  return key > 127 ? FileNote{} : FileNote{key, found[1], ""};
}

// instrument, style in any number of parts, note, and what else there is.
FileNote named(const std::string& name, char mark) {
  const std::vector<std::string> parts = split(name, mark);
  for (size_t i = 1; i < parts.size(); ++i) {
    const auto key = key_of_note(parts[i]);
    if (!key) continue;
    FileNote out{key, parts[0], ""};
    for (size_t s = 1; s < i; ++s) out.style += (s > 1 ? std::string(1, mark) : "") + parts[s];
    return out;
  }
  return {};
}

FileNote of_name(const std::string& file) {
  const std::string name = file.substr(0, file.find_last_of('.'));
  for (const FileNote& found : {nsynth(name), named(name, '-'), named(name, '_')})
    if (found.key) return found;
  return {};
}

std::optional<int> key_of_labels(const std::map<std::string, std::string>& labels) {
  for (const char* label : {"key", "pitch", "pitch_midi", "midi", "note"}) {
    const auto found = labels.find(label);
    if (found == labels.end()) continue;
    double number;
    if (config::parse(found->second, number) && number >= 0 && number <= 127 && number == std::floor(number))
      return int(number);
    if (const auto key = key_of_note(found->second)) return key;
  }
  return {};
}

}  // namespace

std::optional<int> key_of_note(const std::string& name) {
  static const std::regex pattern("([A-Ga-g])([#sb]?)(-?[0-9])");
  static const int semitone_of[7] = {9, 11, 0, 2, 4, 5, 7};  // of A ... G
  std::smatch found;
  if (!std::regex_match(name, found, pattern)) return {};
  const int step = found[2] == "" ? 0 : found[2] == "b" ? -1 : 1;
  const int key = 12 * (std::stoi(found[3]) + 1) + semitone_of[std::toupper(found[1].str()[0]) - 'A'] + step;
  if (key < 0 || key > 127) return {};
  return key;
}

void add_note_labels(const std::string& file, std::map<std::string, std::string>& labels) {
  const FileNote name = of_name(file);
  const std::optional<int> given = key_of_labels(labels), key = given ? given : name.key;
  if (key) {
    labels.emplace("key", std::to_string(*key));
    labels.emplace("semitone", kSemitones[*key % 12]);
    if (*key >= 12) labels.emplace("octave", std::to_string(*key / 12 - 1));
  }
  if (!name.instrument.empty()) labels.emplace("instrument", name.instrument);
  if (!name.style.empty()) labels.emplace("style", name.style);
}

}  // namespace nr
