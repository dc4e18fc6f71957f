#include "synth/folder.h"

#include <sstream>

#include "base/error.h"
#include "base/files.h"

namespace nr {
namespace fs = std::filesystem;
namespace {

constexpr const char* kList = "rendered.txt";
constexpr const char* kTitle = "Made by render, one file a line. The next render may replace or remove them.";

bool is_inside(const fs::path& path, const fs::path& folder) {
  const fs::path relative = path.lexically_relative(folder);
  return !relative.empty() && *relative.begin() != "..";
}

// True also of a link to nothing.
bool is_there(const fs::path& path) {
  std::error_code error;
  return fs::exists(fs::symlink_status(path, error));
}

}  // namespace

RenderedFolder::RenderedFolder(const fs::path& folder) : folder_(folder) {
  const fs::path list = folder / kList;
  if (!is_there(list)) return;
  std::istringstream lines(read_file(list));
  std::string line;
  if (!std::getline(lines, line) || line != kTitle)
    fail(list.string(), ":1: is not a list that render wrote: name another folder");
  for (int number = 2; std::getline(lines, line); ++number) {
    check(line, text(list.string(), ":", number, ": "));
    made_.insert(line);
  }
}

void RenderedFolder::check(const std::string& file, const std::string& where) const {
  const fs::path path(file);
  if (path.empty() || path.is_absolute() || !is_inside(path.lexically_normal(), "."))
    fail(where, "'", file, "' is not the path of a file inside the folder");
  std::error_code error;
  const fs::path home = fs::weakly_canonical(folder_, error);
  const fs::path parent = fs::weakly_canonical((folder_ / path).parent_path(), error);
  if (parent != home && !is_inside(parent, home))
    fail(where, (folder_ / path).string(), " leads out of the folder, to ", parent.string());
}

void RenderedFolder::claim(const std::set<std::string>& files) {
  for (const std::string& file : files) {
    check(file, "");
    if (is_there(folder_ / file) && !made_.count(file))
      fail((folder_ / file).string(), ": was not made by render (", kList, " does not list it): name another folder");
  }
  std::set<std::string> all = made_;
  all.insert(files.begin(), files.end());
  write(all);  // before the first of them is made, so that the next run may replace what a run that was cut short left
}

void RenderedFolder::remove_all_but(const std::set<std::string>& files) {
  for (const std::string& file : made_) {
    if (files.count(file) || fs::is_directory(fs::symlink_status(folder_ / file))) continue;
    fs::remove(folder_ / file);
  }
  write(files);
}

void RenderedFolder::write(const std::set<std::string>& files) {
  std::string out = text(kTitle, "\n");
  for (const std::string& file : files) out += file + "\n";
  write_file(folder_ / kList, out);
  made_ = files;
}

}  // namespace nr
