#!/usr/bin/env bash
# Trains a synthesizer with controls on recordings and plays it on an emulated Daisy. A second run repeats only the
# steps whose inputs have changed.
set -euo pipefail
top=$(cd "$(dirname "$0")" && pwd)

usage() {
  cat << 'END'
usage: ./demo.sh [--quick] [--data DIR] [--out DIR]
  --quick     a minute of audio and 40 steps: shows that every step works, not how it sounds
  --data DIR  your own recordings (any format libsndfile reads, any rate) instead of rendered instruments
  --out DIR   folder of the run, the report and the sweep (default: runs/demo, runs/quick, or runs/my_DIR)
END
}
die() { echo "error: $*" >&2; exit 1; }

name=demo config=demo data="" out=""
while [ $# -gt 0 ]; do
  case "$1" in
    --quick) name=quick config=quick; shift ;;
    --data) data=${2:?"--data needs a folder"}; shift 2 ;;
    --out) out=${2:?"--out needs a folder"}; shift 2 ;;
    -h | --help) usage; exit 0 ;;
    *) usage >&2; exit 1 ;;
  esac
done
if [ -n "$data" ]; then
  [ -d "$data" ] || die "$data: no such folder"
  data=$(cd "$data" && pwd)
  name=my_$(basename "$data" | tr -c 'A-Za-z0-9\n' _)
fi
out=$(realpath -m "${out:-$top/runs/$name}")
out=${out#"$top/"}
cd "$top"
trap 'echo; echo "stopped; start ./demo.sh again to continue from here" >&2; exit 130' INT

times=()
# step NAME COMMAND...: runs the command. When it fails, the script ends after the command's own error line.
step() {
  local what=$1 began=$SECONDS
  shift
  printf '\n== %s\n' "$what"
  "$@" || exit 1
  times+=("$(printf '%-9s %5d s' "$what" $((SECONDS - began)))")
}
# once NAME OUTPUT KEY COMMAND...: runs the command, unless OUTPUT was made from the same KEY before.
once() {
  local what=$1 output=$2 stamp=$out/.made/$1 key=$3
  shift 3
  if [ -e "$output" ] && [ "$(cat "$stamp" 2> /dev/null)" = "$key" ]; then
    printf '\n== %s\n%s is up to date\n' "$what" "$output"
    times+=("$(printf '%-9s     0 s' "$what")")
    return
  fi
  rm -f "$stamp"
  step "$what" "$@"
  mkdir -p "$(dirname "$stamp")"
  echo "$key" > "$stamp"
}
key() { cat "$@" | sha256sum | cut -d' ' -f1; }

apps=build/release
run=$out/run report=$out/report header=export/models/$name.h sweep=$out/sweep.wav
program=$out/$name.nrp played=$out/play.wav

step build .ci/build render prepare train evaluate export play

settings=(--set "data.cache='${out//\'/\'\'}/cache'")
if [ -n "$data" ]; then
  settings+=(--set "data.inputs=['${data//\'/\'\'}']")
else
  data=data/$config
  step render $apps/render "data/$config.yaml" "$data"
fi
step prepare $apps/prepare "configs/$config.yaml" "${settings[@]}"

# A run belongs to its config, its recordings and the programs that made it. When one of them changes, training starts
# again. Otherwise it continues.
made_from=$(key <(find "$data" -type f -printf '%P %s %T@\n' | sort) "configs/$config.yaml" \
                configs/demo.yaml configs/rave/*.yaml $apps/prepare $apps/train)
if [ -d "$run" ] && [ "$(cat "$run/.made_from" 2> /dev/null)" != "$made_from" ]; then
  [ -e "$run/.made_from" ] || die "$run: exists already and was not made by ./demo.sh"
  echo "recordings, config or programs have changed: training starts again"
  rm -rf "$run"
fi
mkdir -p "$run"
echo "$made_from" > "$run/.made_from"
resume=()
[ ! -e "$run/checkpoints/last.safetensors" ] || resume=(--resume)
step train $apps/train "configs/$config.yaml" --run "$run" "${resume[@]}" "${settings[@]}"

checkpoint=$run/checkpoints/last.safetensors
# The report plays a phrase, and a voice: its pitch, periodicity and level are given to the model.
voice=$out/voice.wav
[ -e "$voice" ] || espeak-ng -s 110 -p 60 -w "$voice" "Are you an oboe, or am I a violin?" || die "espeak-ng could not speak"
once evaluate "$report/report.html" "$(key "$checkpoint" data/phrase.mid $apps/evaluate)" \
  $apps/evaluate "$run" --out "$report" --midi data/phrase.mid --voice "$voice"
once export "$header" "$(key "$checkpoint" $apps/export)" \
  $apps/export "$run" --precision int8 --board emulated --output "$header"
runtime=$(find export/runtime export/emulated -type f | sort)
once sweep "$sweep" "$(key "$header" $runtime)" export/emulated/run.sh "$header" "$sweep"

# The same notes, by the program file on this machine and by the header on the emulated board: the same samples.
play_on_both() {
  $apps/play "$program" --midi data/phrase.mid --out "$played" --inputs "$out/play.inputs" &&
    export/emulated/run.sh "$header" "$out/board.wav" --inputs "$out/play.inputs" &&
    cmp "$played" "$out/board.wav" && echo "the desktop and the board gave the same samples"
}
if grep -q '{"pitch",' "$header"; then
  once program "$program" "$(key "$checkpoint" $apps/export)" \
    $apps/export "$run" --precision int8 --target program --output "$program"
  once play "$out/board.wav" "$(key "$header" "$program" data/phrase.mid $apps/play $runtime)" play_on_both
else
  played="none: the run has no control 'pitch'"
fi

printf '\nreport      %s\ntable       %s\nrun         %s\nheader      %s\nsweep       %s\nplay        %s\n\n' \
  "$report/report.html" "$report/table.md" "$run" "$header" "$sweep" "$played"
printf '%s\n' "${times[@]}" "$(printf '%-9s %5d s' total $SECONDS)"
