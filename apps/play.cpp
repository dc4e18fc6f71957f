// play RUN --midi FILE --out SOUND: a trained model, or a program file, plays a MIDI file.
// play RUN: the same live, through JACK.
#include "generation/play.h"

#include "base/interrupt.h"
#include "base/main.h"
#include "config/command_line.h"

int main(int argc, char** argv) {
  CLI::App app(
      "Plays a MIDI file with a trained model into a WAV: a run of notes, or one whose controls include pitch, one "
      "note at a time. Without a file: what comes in through JACK.");
  nr::PlayConfig config;
  nr::config::add_options(app, config, {"run"});
  CLI11_PARSE(app, argc, argv);
  return nr::run_main([&] {
    nr::watch_interrupts();
    nr::play(config);
  });
}
