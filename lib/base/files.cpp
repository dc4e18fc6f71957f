#include "base/files.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>

#include "base/error.h"

namespace nr {
namespace fs = std::filesystem;

std::string read_file(const fs::path& path, size_t most) {
  std::ifstream in(path, std::ios::binary);
  if (fs::is_directory(path)) fail(path.string(), ": cannot be read (it is a folder)");
  if (!in) fail(path.string(), ": cannot be read (", std::strerror(errno), ")");
  std::string out;
  char buffer[1 << 16];
  while (in.read(buffer, sizeof buffer), in.gcount() > 0) {
    out.append(buffer, size_t(in.gcount()));
    if (out.size() > most) fail(path.string(), ": is longer than ", most, " bytes, the limit");
  }
  if (in.bad()) fail(path.string(), ": cannot be read (", std::strerror(errno ? errno : EIO), ")");
  return out;
}

void make_folder(const fs::path& path) {
  if (path.empty()) return;
  std::error_code error;
  fs::create_directories(path, error);
  if (error) fail(path.string(), ": cannot make this folder (", error.message(), ")");
}

void write_file(const fs::path& path, const std::function<void(std::ostream&)>& write) {
  make_folder(path.parent_path());
  const fs::path temporary = path.string() + ".part" + std::to_string(getpid());
  struct Removed {
    const fs::path& path;
    ~Removed() { unlink(path.c_str()); }
  } removed{temporary};
  errno = 0;
  std::ofstream out(temporary, std::ios::binary);
  if (out) write(out);
  out.close();
  const auto refuse = [&] { fail(path.string(), ": cannot be written (", std::strerror(errno ? errno : EIO), ")"); };
  if (!out) refuse();
  const int file = open(temporary.c_str(), O_RDONLY);
  if (file < 0) refuse();
  const bool synced = fsync(file) == 0;
  close(file);
  if (!synced || std::rename(temporary.c_str(), path.c_str()) != 0) refuse();
}

void write_file(const fs::path& path, const std::string& contents) {
  write_file(path, [&](std::ostream& out) { out << contents; });
}

}  // namespace nr
