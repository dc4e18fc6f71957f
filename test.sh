#!/usr/bin/env bash
# Installs what is missing (Debian 12, as root or with sudo), builds, and runs every test. --build-only: no tests.
set -euo pipefail
cd "$(dirname "$0")"
case "${1:-}" in
  "") ;;
  --build-only) exec .ci/build ;;
  *) echo "usage: ./test.sh [--build-only]" >&2; exit 1 ;;
esac
.ci/build
jobs=$(nproc)
export OMP_NUM_THREADS=1  # a test a core: teams that wait by spinning would take the cores from one another; nproc heeds it too
exec ctest --preset release -j "$jobs"
