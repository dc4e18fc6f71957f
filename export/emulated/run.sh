#!/bin/sh
# run.sh HEADER OUT.wav [SECONDS | --inputs FILE] [steps | cycles]: compiles an exported header for a Cortex-M7, runs it
# under QEMU, checks its checksum, renders a WAV and counts instructions. The WAV holds a sweep of the controls of so
# many seconds (10), or what the network makes of FILE, written by `play --inputs`; `steps`: prints what each step of a
# tick costs; `cycles`: also in cycles, by a model of the core (cycles/model.h; needs g++, slower). Needs
# gcc-arm-none-eabi, libnewlib-arm-none-eabi and qemu-system-arm. Exit status 1: the checksum differs; 2:
# the WAV cannot be written; 3: more instructions than a Cortex-M7 at 480 MHz can execute in real time; 4: FILE cannot
# be read or is not of this network.
set -eu
usage() { echo "usage: run.sh HEADER OUT.wav [SECONDS | --inputs FILE] [steps | cycles]" >&2; exit 64; }
[ $# -ge 2 ] || usage
header=$(realpath "$1"); wav=$(realpath -m "$2"); shift 2
seconds=10 inputs=""
if [ "${1-}" = --inputs ]; then
  [ $# -ge 2 ] || usage
  inputs=$(realpath "$2"); shift 2
elif [ $# -ge 1 ]; then
  seconds=$1; shift
fi
costs=${1-}
case "$costs" in ""|steps|cycles) ;; *) usage ;; esac
here=$(dirname "$(realpath "$0")")
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
for tool in arm-none-eabi-g++ qemu-system-arm; do
  command -v $tool > /dev/null || { echo "run.sh: $tool is not installed" >&2; exit 69; }
done
arm-none-eabi-g++ -mcpu=cortex-m7 -mthumb -mfpu=fpv5-d16 -mfloat-abi=hard -std=c++17 -O3 -ffp-contract=fast \
  -fno-exceptions -fno-rtti -fno-threadsafe-statics -ffunction-sections -fdata-sections \
  -I"$here/../runtime" -I"$here" -DNR_HEADER="\"$header\"" -DNR_WAV="\"$wav\"" -DNR_SECONDS="$seconds" \
  -DNR_INPUTS="\"$inputs\"" ${costs:+-DNR_STEPS} \
  "$here/main.cpp" "$here/semihosting.cpp" "$here"/../runtime/*.cpp \
  -nostartfiles -nodefaultlibs -T "$here/mps2_an500.ld" -Wl,--gc-sections -lc -lgcc -o "$work/model.elf"
arm-none-eabi-size "$work/model.elf" |
  awk 'NR == 2 {print "code and tables", $1, "bytes, initialised data", $2, "bytes, zeroed data", $3, "bytes"}'
run() {
  qemu-system-arm -M mps2-an500 -display none -serial none -monitor none -icount shift=6 \
    -semihosting-config enable=on,target=native -kernel "$work/model.elf" "$@"
}
status=0
if [ "$costs" != cycles ]; then
  run || status=$?
  exit $status
fi
g++ -std=c++17 -O2 -shared -fPIC "$here"/cycles/*.cpp -o "$work/cycles.so"
arm-none-eabi-objdump -dC --no-show-raw-insn "$work/model.elf" > "$work/code"
run -plugin "$work/cycles.so,disassembly=$work/code,out=$work/cycles" > "$work/says" 2>&1 || status=$?
awk -v file="$work/cycles" '
  BEGIN {while ((getline cost < file) > 0) cycles[++n] = cost}
  /^step / {$0 = $0 " modelled cycles " cycles[ticks + ++steps]}
  {print}
  / MACs a tick$/ {ticks = $1; macs = $6}
  /^instructions a MAC/ {
    for (i = 1; i <= ticks; ++i) {sum += cycles[i]; if (cycles[i] > most) most = cycles[i]}
    printf "modelled cycles a tick: %d (at most %d)\n", sum / ticks, most
    printf "modelled cycles a MAC: %.2f\n", sum / ticks / macs
  }' "$work/says"
exit $status
