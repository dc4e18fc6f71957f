// From a checkpoint to a header, and the refusals.
#include <gmock/gmock.h>

#include "base/files.h"
#include "config/reader.h"
#include "deploy/board.h"
#include "deploy/play.h"
#include "deploy/random_network.h"
#include "deploy/toy_run.h"
#include "export/runtime/stream.h"
#include "program/file.h"
#include "support/errors.h"

namespace nr {
namespace {
using testing::HasSubstr;
namespace fs = std::filesystem;

class Export : public ToyRun {};

TEST_F(Export, SaysWhatTheNetworkCostsAndHowCloseItIs) {
  const ExportReport r = export_model(config());
  EXPECT_EQ(r.hop, 64);
  EXPECT_EQ(r.latency, 64);
  EXPECT_GT(r.parameters, 1000);
  EXPECT_GT(r.float_snr_db, 90);
  EXPECT_GT(r.snr_db, 25);
  EXPECT_LT(r.snr_db, r.float_snr_db);
  EXPECT_THAT(to_text(r), HasSubstr("AXI SRAM   "));
  EXPECT_THAT(r.memory, HasSubstr(" left: libDaisy 72648, engine and player 27500, weights "));
  const std::string half = " half of " + (folder_ / "sound.wav").string();
  EXPECT_EQ(r.calibrated_on, "the first" + half);
  EXPECT_THAT(to_text(r), HasSubstr(" dB signal to error against LibTorch over 1 s of the second" + half));
  const std::string header = read_file(r.output);
  const auto holds = [&](const char* part) { return header.find(part) != std::string::npos; };
  EXPECT_TRUE(holds("\"centroid\",\"Hz\""));
  EXPECT_TRUE(holds("#define NR_PLAYS_AUDIO"));
  EXPECT_FALSE(holds("NR_HEARS_AUDIO"));
}

TEST_F(Export, GivesConvolutions16BitsUntilTheSignalToErrorIsMet) {
  ExportConfig c = config();
  const ExportReport narrow = export_model(c);
  EXPECT_EQ(narrow.precisions, "");
  c.snr = 66, c.target = "program", c.output = folder_ / "toy.nrp";
  const ExportReport mixed = export_model(c);
  EXPECT_GT(mixed.snr_db, narrow.snr_db + 1);
  EXPECT_THAT(to_text(mixed), HasSubstr("precision  16 bits in "));
  EXPECT_THAT(to_text(mixed), HasSubstr("           int16  "));
  EXPECT_THAT(to_text(mixed), testing::Not(HasSubstr("less than")));
  const ProgramFile file(read_file(c.output), c.output);
  int bits[17] = {};
  for (int i = 0; i < file.model().program->n_nodes; ++i) ++bits[file.model().program->nodes[i].weight_bits % 17];
  EXPECT_GT(bits[16], 1) << "the filter bank, and others";
  c.precision = "int16";
  EXPECT_THAT(error_of([&] { export_model(c); }),
              HasSubstr("expected --precision int8 or auto and a target of integers, found int16 and program"));
}

TEST_F(Export, KeepsAsManyPrincipalComponentsAsAreAskedFor) {
  for (const char* part : {"decoder", "encoder"}) {
    ExportConfig c = config();
    c.part = part, c.latents = 2;
    const ExportReport r = export_model(c);
    EXPECT_GT(r.float_snr_db, 90) << part;
    EXPECT_GT(r.snr_db, 20) << part;
    EXPECT_THAT(to_text(r), HasSubstr("latents    2 of 4, which hold 99."));
    c.latents = 0, c.fidelity = 0.9;
    EXPECT_EQ(export_model(c).latents, 2);
  }
  ExportConfig c = config();
  c.latents = 5;
  EXPECT_EQ(error_of([&] { export_model(c); }), "--latents 5: the model has 4");
  c.part = "whole", c.latents = 2;
  EXPECT_THAT(error_of([&] { export_model(c); }), HasSubstr("the whole model has no latent outside"));
}

TEST_F(Export, OfEveryPartInEveryPrecisionStaysCloseToLibTorch) {
  for (const char* part : {"decoder", "whole", "encoder"})
    for (const char* precision : {"float32", "int16", "int8"}) {
      ExportConfig c = config();
      c.part = part, c.precision = precision, c.board = "emulated";
      const ExportReport r = export_model(c);
      EXPECT_GT(r.snr_db, precision == std::string("float32") ? 90
                          : precision == std::string("int16") ? 45
                                                              : 25)
          << part << " " << precision;
    }
}

TEST_F(Export, RefusesInOneLineAndWritesNothingWhenTheNetworkIsTooBig) {
  ExportConfig c = config(24);
  c.boot = "none";
  const std::string error = error_of([&] { export_model(c); });
  EXPECT_THAT(error, HasSubstr("does not fit daisy_seed/none: "));
  EXPECT_THAT(error, HasSubstr(" bytes too many for the flash of 131072 bytes (libDaisy 57520, "));
  EXPECT_THAT(error, HasSubstr("; what fits: "));
  EXPECT_EQ(error.find('\n'), std::string::npos);
  EXPECT_FALSE(fs::exists(c.output));
}

TEST_F(Export, RefusesAPriorInOneLineThatSaysWhoTakesIt) {
  Checkpoint prior;
  prior.texts = {{"config", "prior: {run: runs/flute}\n"}};
  write_checkpoint(folder_ / "prior/checkpoints/last.safetensors", prior);
  ExportConfig c = config();
  c.run = folder_ / "prior";
  EXPECT_THAT(error_of([&] { export_model(c); }), HasSubstr("holds a prior, which `generate` plays"));
  EXPECT_FALSE(fs::exists(c.output));
}

TEST_F(Export, RefusesAnUnknownBoardWithTheOnesThereAre) {
  ExportConfig c = config();
  c.board = "daisy_sed";
  EXPECT_EQ(error_of([&] { export_model(c); }), "no board named 'daisy_sed' (did you mean 'daisy_seed'?)");
}

TEST_F(Export, WithoutAnySoundSaysHowToNameSome) {
  ExportConfig c = config();
  c.audio = "";
  const std::string error = error_of([&] { export_model(c); });
  EXPECT_THAT(error, HasSubstr("no sound to calibrate with"));
  EXPECT_THAT(error, HasSubstr("--audio"));
  EXPECT_FALSE(fs::exists(c.output));
}

TEST_F(Export, WeightsForQspiAreNotConstSoThatTheStartUpCopiesThem) {
  ExportConfig c = config();
  c.boot = "qspi";
  export_model(c);
  EXPECT_NE(read_file(c.output).find("#define toy_WEIGHTS static\n"), std::string::npos);
}

TEST_F(Export, RefusesARateThatADaisyDoesNotPlayAndTakesItForOthers) {
  ExportConfig c = config(4, 44100);
  EXPECT_EQ(error_of([&] { export_model(c); }),
            "the network runs at 44100 Hz, daisy_seed/sram plays at 8000, 16000, 32000, 48000, 96000 Hz: prepare and "
            "train at one of "
            "these (data.sample_rate), or export for another board or target");
  EXPECT_FALSE(fs::exists(c.output));
  c.board = "emulated";
  EXPECT_EQ(export_model(c).sample_rate, 44100);
  c.board = "patch_sm", c.target = "program", c.output = folder_ / "toy.nrp";
  EXPECT_EQ(export_model(c).board, "");
}

// The test vector of the header is the program file's: both stream the same.
TEST_F(Export, AsAProgramFileStreamsWhatTheHeaderHolds) {
  for (const char* precision : {"float32", "int16", "int8"}) {
    ExportConfig c = config();
    c.precision = precision, c.board = "emulated";
    export_model(c);
    const std::string header = read_file(c.output);
    c.target = "program", c.output = folder_ / "toy.nrp";
    const ExportReport r = export_model(c);
    EXPECT_THAT(to_text(r), HasSubstr("toy.nrp (program)\n"));
    const ProgramFile file(read_file(c.output), c.output);
    const nr_model& m = file.model();
    EXPECT_STREQ(m.name, "toy");
    EXPECT_EQ(m.sample_rate, 16000);
    ASSERT_EQ(m.n_controls, 2);
    EXPECT_STREQ(m.controls[1].unit, "Hz");
    EXPECT_EQ(Stream::arena_bytes(*m.program), std::stoi(header.substr(header.find("toy_arena_bytes = ") + 18)));
    std::vector<int64_t> arena(Stream::arena_bytes(*m.program) / 8 + 1);
    Stream stream(*m.program, arena.data());
    std::vector<int16_t> heard;
    const int block = m.program->outputs[0].channels * m.program->outputs[0].frames;
    for (int t = 0; t < m.n_loop; ++t) {
      const auto at = [&](int i) { return t * m.program->inputs[i].channels * m.program->inputs[i].frames; };
      if (m.program->precision == NR_FLOAT32) {
        std::vector<float> out(block);
        const float* in[] = {static_cast<const float*>(m.loop[0]) + at(0),
                             static_cast<const float*>(m.loop[1]) + at(1)};
        float* to[] = {out.data()};
        stream.tick(in, to);
        ASSERT_NEAR(out[(37 * t) % block], m.probes[t], 1e-5) << t;
      } else {
        heard.resize(heard.size() + block);
        const int16_t* in[] = {static_cast<const int16_t*>(m.loop[0]) + at(0),
                               static_cast<const int16_t*>(m.loop[1]) + at(1)};
        int16_t* to[] = {heard.data() + heard.size() - block};
        stream.tick(in, to);
      }
    }
    if (m.program->precision == NR_FLOAT32) continue;
    EXPECT_EQ(checksum(heard), m.checksum);
    EXPECT_NE(header.find(text(",", m.checksum, "u,")), std::string::npos) << "the header's checksum";
  }
}

TEST_F(Export, RefusesAnUnknownTargetWithTheOnesThereAre) {
  ExportConfig c = config();
  c.target = "wasm";
  EXPECT_EQ(error_of([&] { export_model(c); }),
            "no target named 'wasm' (there are: header, program, torchscript, onnx)");
}

TEST(Board, RefusesMoreControlsThanItHasKnobs) {
  EXPECT_EQ(error_of([] { check_fit(board_named("patch_sm", "sram"), {}, 13); }),
            "the network has 13 controls, patch_sm/sram has 12 inputs for them");
}

TEST(Board, RefusesAStateBeyondItsMemoryAndSaysByHowMuch) {
  Footprint found;
  found.weights = 1000, found.weights_int8 = 1000, found.state = 200000, found.state_int8 = 100000;
  EXPECT_EQ(error_of([&] { check_fit(board_named("daisy_seed", "none"), found, 1); }),
            "the network does not fit daisy_seed/none: 85312 bytes too many for the DTCM of 131072 bytes (stack 16384, "
            "state 200000); what fits: --precision int8");
  found.state_int8 = found.state;
  EXPECT_THAT(error_of([&] { check_fit(board_named("daisy_seed", "none"), found, 1); }),
              HasSubstr("what fits: a smaller capacity, and fewer dilations"));
}

TEST(Board, RefusesTheFirstByteThatDoesNotFit) {
  for (const Board& board : boards().rows)
    for (int64_t Footprint::*part : {&Footprint::weights, &Footprint::test_vector, &Footprint::state}) {
      Footprint found;
      const auto fits = [&](int64_t bytes) {
        found.*part = bytes;
        return error_of([&] { check_fit(board, found, 1); }) == "no error";
      };
      int64_t most = 0;
      for (int64_t step = 1 << 24; step; step /= 2)
        if (fits(most + step)) most += step;
      EXPECT_TRUE(fits(most)) << board.name;
      EXPECT_THAT(to_text(board, found), HasSubstr(" bytes, 0 left: ")) << board.name;
      EXPECT_FALSE(fits(most + 1)) << board.name;
    }
}

TEST(Board, NamesWhatWouldFitWhereAModelDoesNot) {
  Footprint large;
  large.weights = 200000, large.weights_int8 = 200000, large.test_vector = 12000, large.state = 30000;
  EXPECT_THAT(error_of([&] { check_fit(board_named("daisy_seed", "none"), large, 1); }),
              HasSubstr("; what fits: --boot sram, --boot qspi"));
  large.weights = 400000;
  EXPECT_THAT(error_of([&] { check_fit(board_named("patch_sm", "sram"), large, 1); }),
              HasSubstr("; what fits: --boot qspi, --precision int8, a network of the size of daisy_l at precision "
                        "int8"));
  large.weights = large.weights_int8 = 380000;
  EXPECT_THAT(error_of([&] { check_fit(board_named("patch_sm", "sram"), large, 1); }),
              HasSubstr("--boot qspi, fewer --loop-seconds"));
}

// The table of presets is what they are: six controls, precision int8.
TEST(Board, KnowsTheSizesOfTheDaisyPresets) {
  for (const DecoderSize& preset : daisy_sizes()) {
    const config::Value root = config::load(NR_SOURCE_DIR "/configs/models/" + preset.name + ".yaml");
    AutoencoderConfig model;
    config::Reader::read(*root.find("model"), model, "model");
    const Graph decoder = describe(model, 6).decoder;
    const Footprint found = footprint(ship(decoder, random_weights(decoder, 2), NR_INT8).program, 0);
    EXPECT_EQ(found.weights, preset.footprint.weights) << preset.name;
    EXPECT_EQ(found.nodes, preset.footprint.nodes) << preset.name;
    EXPECT_EQ(found.state, preset.footprint.state) << preset.name;
    EXPECT_EQ(found.buffers, preset.footprint.buffers) << preset.name;
  }
}

}  // namespace
}  // namespace nr
