#include "data/scan.h"

#include <fnmatch.h>
#include <glob.h>

#include <algorithm>
#include <cctype>
#include <set>
#include <tuple>

#include "base/error.h"
#include "base/names.h"
#include "data/manifest.h"
#include "data/note_labels.h"
#include "data/rave_dataset.h"

namespace nr {
namespace fs = std::filesystem;
namespace {

const std::set<std::string> kAudio{".wav",  ".wave", ".flac", ".ogg", ".oga", ".opus", ".mp3",  ".aif",
                                   ".aiff", ".aifc", ".au",   ".snd", ".caf", ".w64",  ".rf64", ".voc",
                                   ".sph",  ".nist", ".sd2",  ".mat", ".pvf", ".ircam"};
const std::set<std::string> kUndecodable{".m4a", ".aac", ".wma", ".ape",  ".wv", ".mp4",
                                         ".m4b", ".ac3", ".amr", ".webm", ".mka"};

std::string extension(const fs::path& path) {
  std::string out = path.extension().string();
  for (char& c : out) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

// As written, links not followed: a link inside the folder was put there by its owner.
bool leads_out(const fs::path& path, const fs::path& folder) {
  const fs::path relative =
      fs::absolute(path).lexically_normal().lexically_relative(fs::absolute(folder).lexically_normal());
  return relative.empty() || *relative.begin() == "..";
}

class Scanner {
 public:
  explicit Scanner(const std::string& wet) : wet_(wet) {}

  void input(const std::string& text) {
    const fs::path path(text);
    std::error_code error;
    const fs::file_status status = fs::status(path, error);
    if (!fs::exists(status) && text.find_first_of("*?[") != std::string::npos) return pattern(text);
    if (!fs::exists(status)) fail(text, ": no such file or folder");
    if (fs::is_directory(status)) walk(path, "");
    else if (extension(path) == ".csv" || extension(path) == ".json") manifest(path, "", true);
    else add(path, path.filename().string());
  }

  Scan finish(const std::vector<std::string>& exclude) {
    if (!wet_.empty()) pair();
    const auto excluded = [&](const Source& source) {
      return std::any_of(exclude.begin(), exclude.end(),
                         [&](const std::string& p) { return fnmatch(p.c_str(), source.name.c_str(), 0) == 0; });
    };
    out_.sources.erase(std::remove_if(out_.sources.begin(), out_.sources.end(), excluded), out_.sources.end());
    for (Source& source : out_.sources) {
      source.labels.emplace("folder", source.path.parent_path().filename().string());
      const std::string file = source.path.filename().string();
      if (const size_t at = file.find("_nohash_"); at != std::string::npos)
        source.labels.emplace("speaker", file.substr(0, at));
      add_note_labels(file, source.labels);
    }
    std::sort(out_.sources.begin(), out_.sources.end(),
              [](const Source& a, const Source& b) { return std::tie(a.path, a.record) < std::tie(b.path, b.record); });
    return std::move(out_);
  }

 private:
  void pattern(const std::string& text) {
    glob_t found;
    if (glob(text.c_str(), GLOB_BRACE, nullptr, &found) != 0) fail(text, ": no file or folder matches this pattern");
    const std::vector<std::string> paths(found.gl_pathv, found.gl_pathv + found.gl_pathc);
    globfree(&found);
    for (const std::string& path : paths) input(path);
  }

  Source& add(const fs::path& path, const std::string& name) {
    std::error_code error;
    fs::path same = fs::weakly_canonical(path, error);
    if (error) same = path;
    const auto [at, is_new] = index_.emplace(same.string(), out_.sources.size());
    if (is_new) {
      out_.sources.emplace_back();
      out_.sources.back().path = path, out_.sources.back().name = name;
      if (kUndecodable.count(extension(path)))
        out_.sources.back().problem = "libsndfile does not decode " + extension(path) + "; convert it to FLAC";
      if (fs::is_symlink(fs::symlink_status(path, error)) && !fs::exists(path, error))
        out_.sources.back().problem = "is a broken link";
    }
    return out_.sources[at->second];
  }

  // What a list in `folder` names.
  Source& add_named(const fs::path& path, const fs::path& folder, const std::string& name) {
    const size_t before = out_.sources.size();
    Source& source = add(path, name);
    if (out_.sources.size() > before) source.outside = leads_out(path, folder);
    return source;
  }

  void walk(const fs::path& folder, const std::string& prefix) {
    std::error_code error;
    if (!visited_.insert(fs::weakly_canonical(folder, error).string()).second) return;  // a link back up
    fs::directory_iterator entries(folder, error);
    if (error) {
      add(folder, prefix).problem = "this folder cannot be read (" + error.message() + ")";
      return;
    }
    std::vector<fs::directory_entry> sorted(fs::begin(entries), fs::end(entries));
    // Of two links to a file, always the same one is kept.
    std::sort(sorted.begin(), sorted.end());
    if (is_rave_dataset(folder)) return rave_dataset(folder, prefix);
    fs::path labels;
    for (const fs::directory_entry& entry : sorted) {
      const std::string file = entry.path().filename().string();
      if (file[0] == '.') continue;
      if (entry.is_directory(error)) walk(entry.path(), prefix + file + "/");
      else if (kAudio.count(extension(entry.path())) || kUndecodable.count(extension(entry.path())))
        add(entry.path(), prefix + file);
      else if (file == "manifest.csv" || file == "examples.json") labels = entry.path();
      else ++out_.other[extension(entry.path())];
    }
    if (!labels.empty()) manifest(labels, prefix, false);
  }

  void rave_dataset(const fs::path& folder, const std::string& prefix) {
    const std::vector<std::string> keys = rave_keys(folder);
    const size_t together = std::clamp<size_t>(keys.size() / 10, 1, 32);
    for (size_t i = 0; i < keys.size(); ++i) {
      Source record;
      record.path = folder / "data.mdb", record.name = prefix + keys[i - i % together], record.record = keys[i];
      try {
        const std::string file = i == 0 || lazy_ ? read_rave_record(folder, keys[i]).path : "";
        if (i == 0) lazy_ = !file.empty();
        if (lazy_) {
          Source& source = add_named(file, folder, prefix + file);
          std::error_code error;
          if (!fs::exists(file, error)) source.problem = "no such file (named in " + record.shown() + ")";
          continue;
        }
      } catch (const Error& error) {
        record.problem = error.what();
      }
      out_.sources.push_back(std::move(record));
    }
  }

  void manifest(const fs::path& file, const std::string& prefix, bool required) {
    const Manifest manifest = read_manifest(file);
    if (!manifest.has_path) {
      if (required) fail(file.string(), ":1: no column named 'path'", hint("path", manifest.columns));
      return;
    }
    for (const Manifest::Entry& entry : manifest.entries) {
      const fs::path path = file.parent_path() / entry.path;
      Source& source = add_named(path, file.parent_path(), prefix + entry.path);
      source.labels.insert(entry.labels.begin(), entry.labels.end());
      std::error_code error;
      const std::string named = text(" (named in ", file.string(), entry.line ? text(":", entry.line) : "", ")");
      if (source.problem.empty() && !fs::exists(path, error)) source.problem = "no such file" + named;
      const auto wet = entry.labels.find(wet_);
      if (wet_.empty() || !source.wet.empty() || wet == entry.labels.end() || wet->second.empty()) continue;
      source.wet = file.parent_path() / wet->second;
      source.outside = source.outside || leads_out(source.wet, file.parent_path());
      if (source.problem.empty() && !fs::exists(source.wet, error))
        source.problem = text("its wet version ", source.wet.string(), " does not exist", named);
    }
  }

  // Takes out what is only the wet version of another recording, and names what has none.
  void pair() {
    std::set<std::string> wets;
    std::error_code error;
    for (const Source& source : out_.sources)
      if (!source.wet.empty()) wets.insert(fs::weakly_canonical(source.wet, error).string());
    const auto only_wet = [&](const Source& source) {
      return source.wet.empty() && wets.count(fs::weakly_canonical(source.path, error).string());
    };
    out_.sources.erase(std::remove_if(out_.sources.begin(), out_.sources.end(), only_wet), out_.sources.end());
    for (Source& source : out_.sources)
      if (source.problem.empty() && source.wet.empty())
        source.problem = "has no wet version (the label '" + wet_ + "' is empty or absent)";
  }

  std::string wet_;  // the manifest's column
  Scan out_;
  std::map<std::string, size_t> index_;  // canonical path -> source
  std::set<std::string> visited_;
  bool lazy_ = false;  // the RAVE data set's records name files
};

}  // namespace

std::string Source::shown() const {
  return text(path.string(), record.empty() ? "" : ":" + record,
              channel < 0 ? "" : text(" (channel ", channel + 1, ")"));
}

Scan scan(const std::vector<std::string>& inputs, const std::vector<std::string>& exclude, const std::string& wet) {
  if (inputs.empty()) fail("data.inputs is empty: name a folder of recordings");
  Scanner scanner(wet);
  for (const std::string& input : inputs) scanner.input(input);
  return scanner.finish(exclude);
}

std::string extensions_text(const std::map<std::string, int>& extensions) {
  std::vector<std::string> parts;
  for (const auto& [name, count] : extensions)
    parts.push_back(text(name.empty() ? "without extension" : name, " ", count));
  return join(parts);
}

}  // namespace nr
