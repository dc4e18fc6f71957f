// What real-time code must not do, beside taking memory (allocation.h).
#pragma once
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>

namespace nr {

int64_t mutexes_locked();  // by this thread, so far; std::mutex is one too

// Runs `work` in a child process that the kernel ends at its first system call but exit (seccomp). Where the kernel
// refuses to watch, nothing is known: `unknown` then.
template <class Work>
bool calls_no_system(const Work& work, bool unknown = true) {
  const pid_t child = fork();
  if (child == 0) {
    sock_filter rules[] = {BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
                           BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_exit_group, 1, 0),
                           BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
                           BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)};
    const sock_fprog program{4, rules};
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program)) _exit(2);
    work();
    _exit(0);
  }
  int status = 0;
  waitpid(child, &status, 0);
  if (WIFEXITED(status) && WEXITSTATUS(status) == 2) return unknown;
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

}  // namespace nr
