// How long OpenMP's threads spin while they wait for one another.
#pragma once

namespace nr {

// Limits it to a moment, by starting the program again with GOMP_SPINCOUNT set: libgomp reads its settings when it is
// loaded, before main. To be called first in main, with main's argv. Returns in the restarted program, and where the
// user has set GOMP_SPINCOUNT or OMP_WAIT_POLICY.
void limit_openmp_spinning(char** argv);

}  // namespace nr
