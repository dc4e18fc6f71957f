// Inputs -> the recordings they name, each once. No recording is opened here; what cannot be used is listed with the
// reason.
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
  std::string record;                         // key in the RAVE data set that path is; empty: path is a recording
  int channel = -1;                           // the one taken; -1: the mean of all
  bool train_only = false;                    // of data.train_only
  bool outside = false;                       // a manifest or data set names it, but not in its own folder
  std::filesystem::path wet;                  // the same sound behind an effect; empty: none is asked for

  std::string shown() const;  // path, with record and channel
};

struct Scan {
  std::vector<Source> sources;           // in order of path
  std::map<std::string, int> other;      // extension -> number of files passed over because they are not audio
};

// Folders are walked through links, hidden files left out; a manifest.csv or examples.json found inside one labels the
// files it names. Some labels come by themselves: `folder`, `speaker` of names like Speech Commands'
// 0a7c2a8d_nohash_0.wav, and a note's (note_labels.h). A RAVE data set gives its records, or the files they name; those
// made of the same file lie side by side and carry no name, so up to 32 in a row (a tenth of a small set) share one and
// stay in one split.
// inputs may be patterns ("takes/*/dry"); exclude: patterns of names relative to their input ("*/noise/*").
// wet: a manifest column of paths, relative to the manifest's folder. A recording without a wet version has that as its
// problem; one that is only another's wet version is no source of its own.
// Error when an input does not exist or a manifest cannot be understood.
Scan scan(const std::vector<std::string>& inputs, const std::vector<std::string>& exclude = {},
          const std::string& wet = "");

// ".wav 12, .txt 3"
std::string extensions_text(const std::map<std::string, int>& extensions);

}  // namespace nr
