// A trained run -> a file that streams on a board or in a player, and what it costs there. Torch-free: apps include it.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "config/checks.h"

namespace nr {

std::vector<std::string> board_names();
std::vector<std::string> target_names();

struct ExportConfig {
  std::string run, output;
  std::string target = "header";
  std::string name;
  std::string precision = "auto";
  double snr = 0;
  int bytes = 0;
  std::string part = "decoder";
  int latents = 0;
  double fidelity = 0;
  std::string board = "daisy_seed", boot = "sram";
  std::string audio;
  double seconds = 20;
  double loop_seconds = 4;
  bool check = false;

  template <class V>
  void fields(V& v) {
    using namespace config;
    v("run", run, Any{}, "run folder or checkpoint");
    v("output", output, Any{}, "file to write");
    v("target", target, one_of(target_names()),
      "C header for a firmware; program file for players on a desktop; torchscript for nn~ in Max and Pure Data; onnx "
      "for onnxruntime");
    v("name", name, Any{}, "C identifier of the model; empty: from the output's file name");
    v("precision", precision, one_of({"auto", "float32", "int16", "int8"}),
      "of the weights; activations are int16 with int16 and int8. auto: int8, or float32 where a target holds floats");
    v("snr", snr, between(0, 120),
      "signal to error of the calibration set in dB: convolutions get 16 bits, the most useful first, until it is met; "
      "0: not asked for");
    v("bytes", bytes, at_least(0),
      "of weights and tables, at most: convolutions get 16 bits, the most useful first, as far as they fit; 0: not "
      "asked for");
    v("part", part, one_of({"decoder", "whole", "encoder"}),
      "decoder: latent and controls to audio; whole: audio and controls to audio; encoder: audio to latent. "
      "torchscript always holds all three, and of a prior's run the prior too. Of a run that infers a "
      "synthesizer's parameters: decoder, latent to parameters");
    v("latents", latents, at_least(0),
      "principal components of the latent to keep; 0: by fidelity, or the latent as trained; of parameters, those that "
      "move them most, 0: all");
    v("fidelity", fidelity, between(0, 1),
      "share of the latent's variance to keep with the fewest components; 0: not asked for");
    v("board", board, one_of(board_names()), "where a header must fit");
    v("boot", boot, one_of({"none", "sram", "qspi"}), "how a Daisy starts; none: from 128 KB of flash");
    v("audio", audio, Any{},
      "recording whose first half calibrates and whose second half is scored; empty: the run's training and test "
      "clips");
    v("seconds", seconds, at_least(1),
      "of sound to score, at most; as much is calibrated on, and of the run's clips at least 20");
    v("loop_seconds", loop_seconds, at_least(0.1), "of the test vector, which is also what the firmware plays");
    v("check", check, Any{}, "write nothing: a table of every target, its distance from LibTorch, bytes and speed");
  }
};

struct ExportReport {
  std::string output, target;
  std::string board;                 // empty: the target has no board
  int latents = 0, latent_size = 0;  // latents: principal components kept; 0: the latent as it was trained
  double fidelity = 1;               // share of the latent's variance that they hold
  int64_t parameters = 0, file_bytes = 0;
  double macs_per_second = 0;                      // of audio
  std::string memory;                              // of the board: a line each memory, deploy/board.h
  int sample_rate = 0, hop = 0, latency = 0;       // samples; latency: look-ahead, filter bank and one tick
  double float_snr_db = 0, snr_db = 0;             // of the float stream, and of the exported one, against LibTorch
  std::string scored_on, calibrated_on;            // sounds; calibrated_on: empty for float32
  double scored_seconds = 0;
  std::string precisions;  // of every convolution: deploy/mixed_precision.h; empty where snr and bytes are 0
};

// Error, and nothing written, when the run cannot be read, there is no sound, or the network does not fit the board or
// its rates.
ExportReport export_model(const ExportConfig& config);
std::string to_text(const ExportReport& report);

}  // namespace nr
