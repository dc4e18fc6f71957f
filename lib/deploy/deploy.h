// A trained run -> a C header that streams on a board, and what it costs there. Torch-free: apps include it.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "config/checks.h"

namespace nr {

struct ExportConfig {
  std::string run;                 // run folder or checkpoint
  std::string output;              // header to write
  std::string name;                // C identifier; empty: from the output's file name
  std::string precision = "int8";  // of the weights; activations are int16 with int8 and int16
  std::string part = "decoder";    // decoder: latent and controls -> audio; whole: audio and controls -> audio; encoder: audio -> latent
  int latents = 0;                 // principal components kept of the latent; 0: by fidelity, or the latent as it was trained
  double fidelity = 0;             // share of its variance to keep with the fewest components; 0: not asked for
  std::string board = "daisy_seed";
  std::string boot = "sram";  // how a Daisy starts: none (128 KB of flash), sram, qspi
  std::string audio;          // recording to calibrate and test with; empty: the run's test clips
  double seconds = 20;        // of that sound
  double loop_seconds = 4;    // of the test vector, which is also what the firmware plays

  template <class V>
  void fields(V& v) {
    v("run", run);
    v("output", output);
    v("name", name);
    v("precision", precision, config::one_of({"float32", "int16", "int8"}));
    v("part", part, config::one_of({"decoder", "whole", "encoder"}));
    v("latents", latents, config::at_least(0));
    v("fidelity", fidelity, config::between(0, 1));
    v("board", board);
    v("boot", boot, config::one_of({"none", "sram", "qspi"}));
    v("audio", audio);
    v("seconds", seconds, config::at_least(1));
    v("loop_seconds", loop_seconds, config::at_least(0.1));
  }
};

struct ExportReport {
  std::string header, board;
  int latents = 0, latent_size = 0;                // latents: principal components kept; 0: the latent as it was trained
  double fidelity = 1;                             // share of the latent's variance that they hold
  int64_t parameters = 0;
  double macs_per_second = 0;
  int64_t constant_bytes = 0, constant_limit = 0;  // tables, weights and loop
  int64_t state_bytes = 0, state_limit = 0;        // arena and buffers
  int sample_rate = 0, hop = 0, latency = 0;       // samples; latency: look-ahead, filter bank and one tick
  double float_snr_db = 0, snr_db = 0;             // of the float stream, and of the exported one, against LibTorch on the test sound
  double cpu_percent = 0;                          // at 480 MHz: an estimate, nothing was measured on a board
  double seconds = 0;                              // of test sound
};

// Error, and nothing written, when the run cannot be read, there is no sound to test with, or the network does not fit the board.
ExportReport export_model(const ExportConfig& config);
std::string to_text(const ExportReport& report);

std::vector<std::string> board_names();

}  // namespace nr
