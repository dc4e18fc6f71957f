#!/usr/bin/env bash
# Installs missing packages (Debian 12, as root or with sudo), builds, and runs every test. --build-only: no tests.
set -euo pipefail
cd "$(dirname "$0")"
case "${1:-}" in
  "") ;;
  --build-only) exec .ci/build ;;
  *) echo "usage: ./test.sh [--build-only]" >&2; exit 1 ;;
esac
.ci/build
jobs=$(nproc)
# One test for each core, one thread for each test: OpenMP threads spin while they wait and would take cores from other
# tests. `nproc` reads this variable too, so it is called first.
export OMP_NUM_THREADS=1
exec ctest --preset release -j "$jobs"
