// Inputs -> the recordings they name, each once. Nothing is opened here; what cannot be used is listed with the reason.
#pragma once
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace nr {

struct Source {
  std::filesystem::path path;                 // as found
  std::string name;                           // relative to its input, '/' between folders: what decides the split
  std::map<std::string, std::string> labels;  // manifest columns
  std::string problem;                        // why it cannot be used; empty: try it
};

struct Scan {
  std::vector<Source> sources;           // in order of path
  std::map<std::string, int> other;      // extension -> number of files passed over because they are not audio
};

// Folders are walked through links, hidden files left out; a manifest.csv or examples.json found inside one labels the files it
// names. Two labels come by themselves: `folder`, and `speaker` of names like Speech Commands' 0a7c2a8d_nohash_0.wav.
// inputs may be patterns ("takes/*/dry"); exclude: patterns of names relative to their input ("*/noise/*").
// Error when an input does not exist or a manifest cannot be understood.
Scan scan(const std::vector<std::string>& inputs, const std::vector<std::string>& exclude = {});

// ".wav 12, .txt 3"
std::string extensions_text(const std::map<std::string, int>& extensions);

}  // namespace nr
