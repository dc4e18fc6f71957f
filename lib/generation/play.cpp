#include "generation/play.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <ostream>

#include "audio/clip.h"
#include "base/error.h"
#include "base/files.h"
#include "base/interrupt.h"
#include "base/log.h"
#include "engine/engine.h"
#include "export/runtime/pcm.h"
#include "generation/generate.h"
#include "generation/live.h"
#include "generation/note_player.h"
#include "generation/synthesizer.h"
#include "midi/performance.h"

namespace nr {
namespace {

bool is_named(const nr_port& port, const char* name) { return std::strcmp(port.name, name) == 0; }
size_t size_of(const nr_port& port) { return size_t(port.channels) * port.frames; }

// Number `frame` of those that are played forth and back: 0 1 2 1 0 1 ...
size_t forth_and_back(int64_t frame, size_t frames) {
  if (frames == 1) return 0;
  const size_t at = size_t(frame) % (2 * frames - 2);
  return at < frames ? at : 2 * frames - 2 - at;
}

void convert(float x, float, float& y) { y = x; }
void convert(float x, float scale, int16_t& y) { y = int16_t(std::clamp(std::round(x / scale), -32768.0f, 32767.0f)); }
float physical(float x, float) { return x; }
float physical(int16_t x, float scale) { return x * scale; }

void write_number(float x, std::ostream& out) {
  uint32_t bits;
  std::memcpy(&bits, &x, sizeof bits);
  for (int i = 0; i < 4; ++i) out.put(char(bits >> (8 * i) & 255));
}
void write_number(int16_t x, std::ostream& out) { out.put(char(x & 255)).put(char(x >> 8 & 255)); }

// Frames of controls in a tick.
int control_frames(const nr_program& p) {
  for (int i = 0; i < p.n_inputs; ++i)
    if (is_named(p.inputs[i], "controls")) return p.inputs[i].frames;
  return 1;
}

// The program's inputs and outputs of one tick; T: float, or int16 of an integer program.
template <class T>
class Player {
 public:
  Player(const Synthesizer& synthesizer, Performance& performance, const std::vector<ControlMove>& moves, int threads)
      : synthesizer_(synthesizer),
        program_(*synthesizer.program),
        performance_(performance),
        moves_(moves),
        engine_(program_, threads),
        controls_(synthesizer.scales.size()),
        frames_(control_frames(program_)),
        in_(program_.n_inputs),
        out_(program_.n_outputs),
        pcm_(program_.hop) {
    for (int i = 0; i < program_.n_inputs; ++i) {
      if (!is_named(program_.inputs[i], "noise")) in_[i].resize(size_of(program_.inputs[i]));
      from_.push_back(in_[i].empty() ? nullptr : in_[i].data());
    }
    for (int i = 0; i < program_.n_outputs; ++i) {
      out_[i].resize(size_of(program_.outputs[i]));
      to_.push_back(out_[i].data());
    }
  }

  // Samples of the next tick.
  const std::vector<int16_t>& tick() {
    for (int f = 0; f < frames_; ++f) fill_frame(f);
    engine_.tick(from_.data(), to_.data());
    for (size_t k = 0; k < pcm_.size(); ++k) {
      const float x = physical(out_[0][k], program_.outputs[0].scale);
      if (!std::isfinite(x)) fail("the network gives a sample that is not a finite number");
      pcm_[k] = to_pcm(x);
    }
    ++ticks_;
    return pcm_;
  }

  void write_inputs(std::ostream& out) const {
    for (const std::vector<T>& block : in_)
      for (const T x : block) write_number(x, out);
  }

 private:
  void next_controls() {
    performance_.next(controls_.data());
    const double share = double(frame_++) / double(performance_.frames() - 1);
    for (const ControlMove& move : moves_) controls_[move.control] = float(move.at(std::min(1.0, share)));
  }

  // Controls and latent of frame f of the tick. What a prior draws lags behind the controls that it is given.
  void fill_frame(int f) {
    const float *controls = controls_.data(), *latent = nullptr;
    next_controls();
    if (synthesizer_.draw) {
      while (!(controls = synthesizer_.draw(controls_.data()))) next_controls();
      latent = controls + controls_.size();
    }
    for (int i = 0; i < program_.n_inputs; ++i) {
      const nr_port& port = program_.inputs[i];
      const bool of_controls = is_named(port, "controls");
      if (!of_controls && !is_named(port, "latent")) continue;
      const float* row = of_controls ? controls : latent;
      if (!row) {
        const std::vector<float>& all = synthesizer_.latent;
        row = all.data() + forth_and_back(ticks_ * frames_ + f, all.size() / port.channels) * port.channels;
      }
      for (int c = 0; c < port.channels; ++c) convert(row[c], port.scale, in_[i][f * port.channels + c]);
    }
  }

  const Synthesizer& synthesizer_;
  const nr_program& program_;
  Performance& performance_;
  const std::vector<ControlMove>& moves_;
  Engine engine_;
  std::vector<float> controls_;  // of the newest frame
  int frames_;                   // of controls and latents in a tick
  std::vector<std::vector<T>> in_, out_;
  std::vector<const T*> from_;
  std::vector<T*> to_;
  std::vector<int16_t> pcm_;
  int64_t ticks_ = 0, frame_ = 0;
};

template <class T>
void play_ticks(Player<T>& player, const PlayConfig& config, int64_t ticks, int hop, int sample_rate) {
  const auto write = [&](std::ostream* inputs) {
    Progress progress("playing");
    write_wav(config.out, ticks * hop, sample_rate, [&](const PcmBlock& block) {
      for (int64_t t = 0; t < ticks; ++t) {
        if (interrupted()) fail("stopped; nothing was written");
        const std::vector<int16_t>& samples = player.tick();
        block(samples.data(), samples.size());
        if (inputs) player.write_inputs(*inputs);
        progress.update(double(t + 1) / double(ticks));
      }
    });
  };
  if (config.inputs.empty())
    write(nullptr);
  else
    write_file(config.inputs, [&](std::ostream& inputs) { write(&inputs); });
}

void play_notes(const PlayConfig& config, MidiFile midi) {
  if (!config.set_control.empty()) fail("set-control: a run of notes has no controls: give --style and --point");
  if (!config.inputs.empty()) fail("inputs: a run of notes is not streamed by a program");
  const NoteInstrument instrument(config.run, config.notes);
  NotePlayer player(instrument, std::move(midi),
                    {config.channel, config.polyphony, config.voice.release, config.voice.velocity_range,
                     config.voice.cc});
  Progress progress("playing");
  std::vector<float> samples(NotePlayer::kBlock);
  std::vector<int16_t> pcm(samples.size());
  write_wav(config.out, player.blocks() * NotePlayer::kBlock, instrument.sample_rate(), [&](const PcmBlock& block) {
    for (int64_t b = 0; b < player.blocks(); ++b) {
      if (interrupted()) fail("stopped; nothing was written");
      player.next(samples.data());
      std::transform(samples.begin(), samples.end(), pcm.begin(), to_pcm);
      block(pcm.data(), pcm.size());
      progress.update(double(b + 1) / double(player.blocks()));
    }
  });
  player.warn();
  log_info(text("wrote ", config.out, ": ", double(player.blocks()) * NotePlayer::kBlock / instrument.sample_rate(),
                " s at ", instrument.sample_rate(), " Hz"));
}

// In constant memory, at the recording's rate. What the model is late by is left out, and played on for behind the end.
void play_recording(const PlayConfig& config) {
  if (config.out.empty()) fail("play needs the sound file to write (--out), or --audio live");
  if (!config.midi.empty()) fail("audio: the model hears a recording or plays a MIDI file, not both");
  if (!config.inputs.empty()) fail("inputs: only what a MIDI file plays is written");
  const ClipHeader header = read_header(config.audio);
  const std::unique_ptr<LiveInstrument> effect = open_live(config, header.sample_rate);
  int64_t ahead = effect->latency();
  const int64_t tail = ahead;
  std::vector<float> heard;
  std::vector<int16_t> pcm;
  Progress progress("playing");
  write_wav(config.out, header.frames, header.sample_rate, [&](const PcmBlock& block) {
    int64_t done = 0;
    const auto process = [&](const float* in, size_t count) {
      if (interrupted()) fail("stopped; nothing was written");
      heard.resize(count), pcm.clear();
      effect->process(in, heard.data(), int(count));
      const size_t skipped = size_t(std::min<int64_t>(ahead, int64_t(count)));
      ahead -= int64_t(skipped), done += int64_t(count);
      std::transform(heard.begin() + std::ptrdiff_t(skipped), heard.end(), std::back_inserter(pcm), to_pcm);
      if (!pcm.empty()) block(pcm.data(), pcm.size());
      progress.update(double(done) / double(header.frames + tail));
    };
    read_blocks(config.audio, 0, process);
    const std::vector<float> silence(1024);
    for (int64_t left = tail; left > 0; left -= int64_t(silence.size()))
      process(silence.data(), size_t(std::min<int64_t>(left, int64_t(silence.size()))));
  });
  log_info(text("wrote ", config.out, ": ", double(header.frames) / header.sample_rate, " s at ", header.sample_rate,
                " Hz"));
}

}  // namespace

void play(const PlayConfig& config) {
  if (!config.audio.empty() && config.latent.latent != "mean")
    fail("latent: a model that hears audio has the latent of what it hears");
  if (!config.audio.empty() && config.audio != "live") return play_recording(config);
  if (config.out.empty() && config.midi.empty()) return play_live(config);
  if (!config.audio.empty()) fail("audio: live needs neither --midi nor --out");
  if (config.out.empty()) fail("play needs the sound file to write (--out)");
  if (config.midi.empty()) fail("play needs the MIDI file to play (--midi)");
  MidiFile midi(read_file(config.midi, kLargestMidi), config.midi);
  if (makes_notes(config.run)) return play_notes(config, std::move(midi));
  const Synthesizer synthesizer = open_synthesizer(config.run, config.latent);
  const nr_program& program = *synthesizer.program;
  const int frames = control_frames(program);
  Performance performance(std::move(midi), config.channel, synthesizer.scales, config.voice,
                          double(program.hop) / synthesizer.sample_rate / frames);
  std::vector<ControlMove> moves;
  for (const std::string& setting : config.set_control) moves.push_back(control_move(setting, synthesizer.scales));
  const int64_t ticks =
      (performance.frames() + frames - 1) / frames + (program.latency + program.hop - 1) / program.hop;
  const auto write_all = [&](auto&& player) {
    play_ticks(player, config, ticks, program.hop, synthesizer.sample_rate);
  };
  if (program.precision == NR_FLOAT32)
    write_all(Player<float>(synthesizer, performance, moves, config.threads));
  else
    write_all(Player<int16_t>(synthesizer, performance, moves, config.threads));
  performance.warn();
  log_info(text("wrote ", config.out, ": ", double(ticks) * program.hop / synthesizer.sample_rate, " s at ",
                synthesizer.sample_rate, " Hz"));
}

}  // namespace nr
