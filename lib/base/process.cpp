#include "base/process.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/error.h"

extern char** environ;

namespace nr {
namespace {

struct Actions {
  posix_spawn_file_actions_t value;
  Actions() { posix_spawn_file_actions_init(&value); }
  ~Actions() { posix_spawn_file_actions_destroy(&value); }
};

std::string read_all(int file) {
  std::string out;
  char buffer[4096];
  for (ssize_t n; (n = read(file, buffer, sizeof buffer)) != 0;) {
    if (n > 0)
      out.append(buffer, size_t(n));
    else if (errno != EINTR)
      break;
  }
  return out;
}

}  // namespace

Outcome run_program(const std::vector<std::string>& arguments, const std::string& install) {
  const std::string& name = arguments.at(0);
  std::vector<char*> argv;
  for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);

  int ends[2];  // closed on exec: a program that another thread starts meanwhile must not hold this one's pipe open
  if (pipe2(ends, O_CLOEXEC) != 0) fail(name, ": no pipe to it (", std::strerror(errno), ")");
  Actions actions;
  posix_spawn_file_actions_addopen(&actions.value, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions.value, ends[1], STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions.value, ends[1], STDERR_FILENO);
  pid_t child = 0;
  const int error = posix_spawnp(&child, argv[0], &actions.value, nullptr, argv.data(), environ);
  close(ends[1]);
  Outcome outcome;
  if (!error) outcome.output = read_all(ends[0]);
  close(ends[0]);
  if (error) fail(name, ": cannot be started (", std::strerror(error), "): ", install);

  int status = 0;
  while (waitpid(child, &status, 0) < 0)
    if (errno != EINTR) fail(name, ": was lost (", std::strerror(errno), ")");
  outcome.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return outcome;
}

}  // namespace nr
