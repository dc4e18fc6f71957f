// Which files of its folder `render` may overwrite and remove: those that it made itself. It keeps their list in the
// folder, rendered.txt. Everything else belongs to the user.
#pragma once
#include <filesystem>
#include <set>
#include <string>

namespace nr {

class RenderedFolder {
 public:
  // Reads the list; changes nothing. Error when the list is not of render's making, or names what is not inside the
  // folder.
  explicit RenderedFolder(const std::filesystem::path& folder);

  // Error, and nothing is changed, when one of these files, relative to the folder, exists and is not in the list, or
  // when a link leads from one of them out of the folder.
  void claim(const std::set<std::string>& files);
  // Removes the files of the list that are not among these.
  void remove_all_but(const std::set<std::string>& files);

 private:
  void check(const std::string& file, const std::string& where) const;
  void write(const std::set<std::string>& files);

  std::filesystem::path folder_;
  std::set<std::string> made_;
};

}  // namespace nr
