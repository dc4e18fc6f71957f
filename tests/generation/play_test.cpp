// A MIDI file through a model: the stream is given what the notes say, and the WAV is what it makes of it.
#include <gmock/gmock.h>

#include <fstream>

#include "audio/clip.h"
#include "deploy/emit.h"
#include "deploy/random_network.h"
#include "export/runtime/pcm.h"
#include "export/runtime/stream.h"
#include "generation/play_fixture.h"
#include "player.h"
#include "program/file.h"
#include "support/command.h"

namespace nr {
namespace {
using testing::EndsWith;
using testing::HasSubstr;

constexpr int kHop = 64;

// With a harmonic excitation.
Shipment ship_player(nr_precision precision, int sample_rate = 16000, bool whole = false, int capacity = 6) {
  RaveConfig config = small_rave(8, capacity, {4, 2}, 5);
  config.excitation.bins = 5;
  const ModelGraphs graphs = describe(config, ControlInputs({"rms", "pitch", "periodicity"}, sample_rate));
  const Graph& graph = whole ? graphs.whole : graphs.decoder;
  Shipment shipment = ship(graph, random_weights(graph, 2), precision);
  shipment.sample_rate = sample_rate;
  shipment.controls = {{"rms", "1", 0.001, 1, 1}, {"pitch", "Hz", 20, 5120, 2}, {"periodicity", "1", 0, 1, 0}};
  return shipment;
}

struct PlayProgram : Play {
  void use(const Shipment& shipment) {
    config.run = folder / "toy.nrp";
    write_file(config.run, program_bytes(ShippedModel(shipment).model));
  }
};

size_t given(const nr_port& port) { return is_noise(port) ? 0 : block_of(port); }

// What a stream makes of raw inputs, as a WAV holds it.
template <class T>
std::vector<int16_t> streamed(const Shipment& shipment, const std::vector<T>& inputs) {
  const nr_program& p = shipment.program.program;
  std::vector<int64_t> arena(Stream::arena_bytes(p) / 8 + 1);
  Stream stream(p, arena.data());
  std::vector<T> out(block_of(p.outputs[0]));
  std::vector<int16_t> all;
  for (const T* at = inputs.data(); at < inputs.data() + inputs.size();) {
    std::vector<const T*> from;
    for (int i = 0; i < p.n_inputs; at += given(p.inputs[i++])) from.push_back(given(p.inputs[i]) ? at : nullptr);
    T* to[] = {out.data()};
    stream.tick(from.data(), to);
    for (const T x : out) all.push_back(to_pcm(p.precision == NR_FLOAT32 ? float(x) : x * p.outputs[0].scale));
  }
  return all;
}

// One control's row over the ticks, physical.
template <class T>
std::vector<double> control_row(const Shipment& shipment, const std::vector<T>& inputs, int control) {
  const nr_program& p = shipment.program.program;
  size_t block = 0, before = 0;
  float scale = 0;
  for (int i = 0; i < p.n_inputs; block += given(p.inputs[i++]))
    if (p.inputs[i].name == std::string("controls"))
      before = block, scale = p.precision == NR_FLOAT32 ? 1 : p.inputs[i].scale;
  std::vector<double> out;
  for (size_t t = 0; t < inputs.size() / block; ++t) out.push_back(inputs[t * block + before + control] * scale);
  return out;
}

double cents_above_middle_c(double position) { return 1200 * std::log2(20 * std::exp2(4 * (position + 1)) / 261.6256); }

template <class T>
void expect_played(const Play& test, const Shipment& shipment) {
  const std::vector<T> inputs = numbers_of<T>(test.config.inputs);
  const std::vector<int16_t> wanted = streamed(shipment, inputs), heard = samples_of(test.config.out);
  ASSERT_EQ(heard.size(), wanted.size());
  const bool exact = std::is_integral_v<T>;  // the engine's floats are rounded in another order
  for (size_t i = 0; i < heard.size(); ++i) ASSERT_NEAR(heard[i], wanted[i], exact ? 0 : 1) << i;
  const std::vector<double> level = control_row(shipment, inputs, 0), pitch = control_row(shipment, inputs, 1);
  ASSERT_EQ(pitch.size(), 250 / 4 + 3 + size_t(shipment.program.program.latency + kHop - 1) / kHop);
  EXPECT_NEAR(cents_above_middle_c(pitch[10]), 0, 0.5);  // a frame is 4 ms
  EXPECT_NEAR(cents_above_middle_c(pitch[30]), 900, 0.5);
  EXPECT_NEAR(cents_above_middle_c(pitch[36]), 1000, 0.5) << "bent";
  const std::vector<double> periodicity = control_row(shipment, inputs, 2);
  EXPECT_NEAR(periodicity[10], 1, 1e-3);
  EXPECT_NEAR(periodicity[22], -1, 1e-3);
  EXPECT_NEAR(level[10], 1 - 27 / 127.0, 1e-3) << "30 of 60 dB between the strongest velocity and none";
  EXPECT_NEAR(level[22], -1, 1e-3) << "silence between the notes";
  EXPECT_NEAR(level[60], -1, 1e-3);
  EXPECT_NEAR(level[45] - level[36], 2 / 60.0 * 40 * std::log10(60 / 127.0), 1e-3) << "expression";
  EXPECT_GT(*std::max_element(heard.begin(), heard.end()), 300);
}

TEST_F(PlayProgram, OfAProgramFileIsWhatAStreamMakesOfTheInputsInItsOwnPrecision) {
  for (const nr_precision precision : {NR_FLOAT32, NR_INT16, NR_INT8}) {
    const Shipment shipment = ship_player(precision);
    use(shipment);
    play(config);
    if (precision == NR_FLOAT32)
      expect_played<float>(*this, shipment);
    else
      expect_played<int16_t>(*this, shipment);
    EXPECT_EQ(read_header(config.out).sample_rate, 16000);
  }
}

TEST_F(PlayProgram, OfAProgramFileHoldsTheMeanLatentOfItsTest) {
  const Shipment shipment = ship_player(NR_FLOAT32);
  use(shipment);
  play(config);
  const nr_program& p = shipment.program.program;
  ASSERT_EQ(p.inputs[0].name, std::string("latent"));
  const auto& loop = std::get<std::vector<float>>(shipment.test.loop[0]);
  const std::vector<float> inputs = numbers_of<float>(config.inputs);
  for (int c = 0; c < 5; ++c) {
    double sum = 0;
    for (size_t i = c; i < loop.size(); i += 5) sum += loop[i];
    EXPECT_NEAR(inputs[c], sum / (loop.size() / 5.0), 1e-5);
    EXPECT_EQ(inputs[c], inputs[8 * 10 + c]);
  }
}

TEST_F(PlayProgram, HoldsAndMovesControlsThatAreSet) {
  const Shipment shipment = ship_player(NR_FLOAT32);
  use(shipment);
  config.set_control = {"rms=-60:0"};
  play(config);
  const std::vector<double> level = control_row(shipment, numbers_of<float>(config.inputs), 0);
  EXPECT_NEAR(level.front(), -1, 1e-5);
  EXPECT_NEAR(level[31], 2 * 31 / 64.0 - 1, 0.02);
  EXPECT_NEAR(level.back(), 1, 1e-5);
}

TEST_F(PlayProgram, OfAnExportedHeaderIsTheSameFileOnEveryMachine) {
  const std::string tools = std::string(NR_SOURCE_DIR) + "/export";
  const Shipment shipment = ship_player(NR_INT8);
  use(shipment);
  play(config);
  const std::string header = folder / "toy.h", program = folder / "toy", wav = folder / "host.wav";
  write_file(header, [&](std::ostream& out) { emit(shipment, out); });
  const Ran built = run_command("g++ -std=c++17 -O1 -Wall -Wextra -I" + tools + "/runtime -I" + tools +
                                "/emulated -DNR_SECONDS=1 -DNR_INPUTS='\"" + config.inputs + "\"' -DNR_HEADER='\"" +
                                header + "\"' -DNR_WAV='\"" + wav + "\"' " + tools + "/emulated/main.cpp " + tools +
                                "/emulated/host.cpp " + tools + "/runtime/*.cpp -o " + program);
  ASSERT_EQ(built.status, 0) << built.output;
  const Ran ran = run_command(program);
  ASSERT_EQ(ran.status, 0) << ran.output;
  EXPECT_TRUE(read_file(wav) == read_file(config.out));
  const std::string inputs = read_file(config.inputs), board = "/emulated/run.sh " + header + " ";
  if (installed("arm-none-eabi-g++") && installed("qemu-system-arm")) {
    const Ran arm = run_command(tools + board + std::string(folder / "arm.wav") + " --inputs " + config.inputs);
    EXPECT_EQ(arm.status, 0) << arm.output;
    EXPECT_THAT(arm.output, HasSubstr("instructions a MAC: "));
    EXPECT_TRUE(read_file(folder / "arm.wav") == read_file(config.out));
  }
  write_file(config.inputs, inputs.substr(2));
  const Ran cut = run_command(program);
  EXPECT_EQ(cut.status, 4) << cut.output;
  EXPECT_THAT(cut.output, HasSubstr("the inputs cannot be read, or are no whole ticks"));
}

// Kilobytes that this process has held at most.
long peak_memory() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);)
    if (line.rfind("VmHWM:", 0) == 0) return std::stol(line.substr(6));
  return 0;
}

TEST_F(PlayProgram, KeepsNothingOfWhatIsPlayed) {
  const Shipment shipment = ship_player(NR_FLOAT32, 4000, false, 2);
  use(shipment);
  config.inputs.clear();
  play(config);                                 // what is allocated once
  std::ofstream("/proc/self/clear_refs") << 5;  // the peak is what is held now, where the system allows it
  const long before = peak_memory();
  SmfTrack track;
  for (uint32_t second = 0; second < 1800; ++second) track.on(1000 * second, 60).off(1000 * second + 500, 60);
  write_file(config.midi, smf({track.end(1800000)}));
  play(config);
  EXPECT_GE(read_header(config.out).frames, 1800 * 4000);
  EXPECT_LT(peak_memory() - before, 4000) << "the samples take 14,400 KB";
}

TEST_F(PlayProgram, RefusesWhatItCannotPlayAndWritesNothing) {
  const std::string whole = melody();
  use(ship_player(NR_INT8));
  write_file(config.midi, whole.substr(0, whole.size() - 5));
  EXPECT_THAT(refusal(), HasSubstr("melody.mid: is cut short"));
  write_file(config.midi, "no music");
  EXPECT_THAT(refusal(), EndsWith("melody.mid: is not a Standard MIDI File (expected 'MThd' at its start)"));
  write_file(config.midi, whole);
  config.set_control = {"pitc=440"};
  EXPECT_EQ(refusal(), "control 'pitc=440': no control named 'pitc' (did you mean 'pitch'?)");
  config.set_control.clear();
  config.latent.latent = "voice.wav";
  EXPECT_THAT(refusal(), EndsWith("toy.nrp: a program file has no encoder for voice.wav; give its run"));
  config.latent.latent = "mean";
  use(ship_player(NR_INT8, 16000, true));
  EXPECT_THAT(refusal(), EndsWith("toy.nrp: does not make audio of a latent; export the run's decoder"));
  Shipment silent = ship_player(NR_INT8);
  silent.controls[1] = {"centroid", "Hz", 200, 4000, 2};
  use(silent);
  EXPECT_EQ(refusal(),
            "the model has no control 'pitch' and cannot play notes (its controls: rms, centroid, periodicity); train "
            "one with "
            "configs/rave/harmonic.yaml");
  config.midi = folder / "nothing.mid";
  EXPECT_THAT(refusal(), HasSubstr("nothing.mid: cannot be read"));
}

// A whole model's program, a recording of 1.5 s for it, and what a host would play of it.
struct PlayRecording : PlayProgram {
  std::filesystem::path recording = folder / "voice.wav";
  PlayRecording() { config.midi.clear(), config.inputs.clear(), config.audio = recording.string(); }
  std::vector<float> record(int rate) {
    std::vector<float> x(size_t(rate) * 3 / 2);
    for (size_t i = 0; i < x.size(); ++i)
      x[i] = std::round(32767 * 0.3f * float(std::sin(2 * M_PI * 220 * double(i) / rate))) / 32768;
    write_wav(recording, x, rate);
    return x;
  }
  static std::vector<int16_t> hosted(const Shipment& shipment, std::vector<float> x, int rate) {
    const ShippedModel shipped(shipment);
    Player player(shipped.model, rate, on_engine);
    const size_t late = size_t(player.latency()), samples = x.size();
    x.resize(samples + late);
    std::vector<float> y(x.size());
    player.process(x.data(), y.data(), int(x.size()));
    std::vector<int16_t> out;
    std::transform(y.begin() + std::ptrdiff_t(late), y.end(), std::back_inserter(out), to_pcm);
    return out;
  }
};

TEST_F(PlayRecording, IsWhatAHostPlaysOfIt) {
  for (const nr_precision precision : {NR_FLOAT32, NR_INT8})
    for (const int rate : {16000, 22050}) {
      const Shipment shipment = ship_player(precision, 16000, true);
      use(shipment);
      const std::vector<float> x = record(rate);
      for (const int threads : {1, 2}) {
        config.threads = threads;
        play(config);
        const std::vector<int16_t> heard = samples_of(config.out);
        EXPECT_EQ(read_header(config.out).sample_rate, rate);
        ASSERT_EQ(heard.size(), x.size());
        EXPECT_EQ(heard, hosted(shipment, x, rate)) << rate << " Hz";
        EXPECT_GT(*std::max_element(heard.begin(), heard.end()), 100);
      }
    }
}

TEST_F(PlayRecording, HoldsAControlAndRefusesWhatItCannotDo) {
  const auto says = [&](const char* what) { EXPECT_THAT(refusal(), HasSubstr(what)); };
  use(ship_player(NR_INT8, 16000, true));
  says("voice.wav");  // there is none yet
  record(16000);
  config.set_control = {"transpose=12"};
  play(config);
  const std::vector<int16_t> higher = samples_of(config.out);
  config.set_control = {"transpose=0"};
  play(config);
  EXPECT_NE(samples_of(config.out), higher);
  std::filesystem::remove(config.out);
  config.set_control = {"centroid=1000"}, says("the model has no 'centroid'");
  config.set_control.clear();
  config.midi = folder / "melody.mid", says("not both"), config.midi.clear();
  config.latent.latent = recording, says("has the latent of what it hears"), config.latent.latent = "mean";
  config.audio = "live", says("audio: live needs neither"), config.audio = recording.string();
  use(ship_player(NR_INT8)), says("does not make audio of audio; export the whole run");
  config.audio.clear(), config.midi = folder / "melody.mid";
  use(ship_player(NR_INT8, 16000, true)), says("does not make audio of a latent");
}

}  // namespace
}  // namespace nr
