// An exported header as a Daisy instrument: the loop's latents are played, and knobs, a pitch voltage, a gate and MIDI
// set the controls (played_controls.h); an exported `whole` runs on the audio input. The main loop computes one tick at
// a time into a double buffer that the audio interrupt drains, so layers that run once a tick make no load peak. The
// LED is lit above 60 % load and when the interrupt found nothing to play; while a calibration waits for 3 V it blinks.
// Options of the Makefile: NR_PATCH_SM, NR_GATE, NR_MIDI_CHANNEL, NR_KNOBS, NR_ZERO_NOTE, NR_BOOT_QSPI.
#include NR_HEADER
#ifdef NR_PATCH_SM
#include "board_patch_sm.h"
#else
#include "board_seed.h"
#endif
#ifndef NR_STATE /* tightly coupled memory: no cache misses; not zeroed at start, Stream's constructor does */
#define NR_STATE DTCM_MEM_SECTION
#endif
#include "codec.h"
#include "fifo.h"
#include "played_controls.h"
#include "stream.h"

#ifndef NR_PLAYS_AUDIO
#error This header makes no sound: it holds an encoder, or gives parameters. Export the decoder or the whole of a sound.
#endif

static_assert(nr::daisy_plays(NR_SAMPLE_RATE),
              "the codec does not play at this model's rate: see codec.h for those it has");

namespace {

constexpr int kBlock = 48;     // samples an interrupt
constexpr float kBusy = 0.6f;  // load that lights the LED
constexpr nr::Wiring kWiring = [] {
  nr::Wiring wiring;
#ifdef NR_GATE
  wiring.gate = true;
#endif
#ifdef NR_KNOBS
  wiring.knobs = NR_KNOBS;
#endif
#ifdef NR_ZERO_NOTE
  wiring.note_at_0_volts = NR_ZERO_NOTE;
#endif
  return wiring;
}();
#ifdef NR_HEARS_AUDIO
constexpr bool kHears = true;
#else
constexpr bool kHears = false;
#endif

const nr_model& model = NR_MODEL;
const nr_program& program = *model.program;
alignas(8) uint8_t NR_STATE arena[NR_ARENA_BYTES];
float inputs[NR_INPUT_ELEMENTS], values[NR_INPUT_ELEMENTS];  // values: of the controls
nr::TickFifo<NR_OUTPUT_ELEMENTS> to_play;
#ifdef NR_HEARS_AUDIO
nr::TickFifo<NR_OUTPUT_ELEMENTS> heard;
float* recording = nullptr;
int recorded = 0;
nr::PitchFollower follower(NR_SAMPLE_RATE);
#endif
nr::Hardware hardware;
nr::MidiVoice voice;
#ifndef NR_BOOT_QSPI
daisy::PersistentStorage<nr::Calibration> stored(hardware.board().qspi);
#endif
nr::Calibration calibration = nr::Hardware::kNominal;
nr::Calibrator calibrator;
daisy::CpuLoadMeter meter;
volatile bool starved = false;

void audio(daisy::AudioHandle::InputBuffer in, daisy::AudioHandle::OutputBuffer out, size_t size) {
  (void)in;
  for (size_t i = 0; i < size; ++i) {
#ifdef NR_HEARS_AUDIO
    if (!recording) recording = heard.room(), recorded = 0;
    if (recording) {
      recording[recorded] = in[0][i];
      if (++recorded == NR_OUTPUT_ELEMENTS) heard.push(), recording = nullptr;
    }
#endif
    float sample = 0;
    if (!to_play.pop(sample)) starved = true;
    out[0][i] = out[1][i] = sample;
  }
}

bool named(const nr_port& port, const char* name) {
  const char* p = port.name;
  while (*p && *p == *name) ++p, ++name;
  return *p == *name;
}

// Silence until the input has brought a whole tick.
void read_audio(float* to, int count) {
#ifdef NR_HEARS_AUDIO
  const bool whole = heard.waiting() >= uint32_t(count);
  for (int i = 0; i < count; ++i)
    if (!whole || !heard.pop(to[i])) to[i] = 0;
#else
  (void)to, (void)count;
#endif
}

void read_loop(int port, int tick, float* to, int count) {
  for (int i = 0; i < count; ++i) {
    const int at = tick * count + i;
    to[i] = program.precision == NR_FLOAT32
                ? static_cast<const float*>(model.loop[port])[at]
                : static_cast<const int16_t*>(model.loop[port])[at] * program.inputs[port].scale;
  }
}

// The calibration of the pitch input, which the button renews. No program can write to the flash that it runs from.
void load_calibration() {
#ifndef NR_BOOT_QSPI
  stored.Init(calibration);
  if (nr::plausible(stored.GetSettings(), nr::Hardware::kNominal)) calibration = stored.GetSettings();
#endif
}

void calibrate(float reading, float seconds) {
  const bool renewed = calibrator.update(hardware.button(), reading, seconds, nr::Hardware::kNominal, calibration);
#ifndef NR_BOOT_QSPI
  if (!renewed) return;
  stored.GetSettings() = calibration;
  stored.Save();
#else
  (void)renewed;
#endif
}

// Inputs: the pitch voltage first where the model has a pitch, then the knobs.
void read_player(nr::PlayedControls& controls, const nr::Heard& sound, float seconds) {
  float knobs[nr::PlayedControls::kInputs];
  nr::Readings read;
  hardware.poll();
#ifdef NR_MIDI_CHANNEL
  hardware.midi().poll(NR_MIDI_CHANNEL, voice);
#endif
  int input = 0;
  if (controls.has_pitch()) {
    const float reading = hardware.reading(input++);
    calibrate(reading, seconds);
    read.volts = calibration.volts(reading);
  }
  for (int i = 0; i < controls.knobs(); ++i) knobs[i] = hardware.knob(input++);
  read.knobs = knobs, read.gate = kWiring.gate && hardware.gate(), read.heard = sound;
  controls.tick(read, voice, values);
}

// Where each input's block begins; null for noise, which the stream draws. Fills all but the controls.
nr::Heard read_inputs(int tick, const nr::PlayedControls& controls, const float** at) {
  nr::Heard sound;
  float* in = inputs;
  for (int i = 0; i < program.n_inputs; ++i) {
    const nr_port& port = program.inputs[i];
    const int count = model.loop[i] ? port.channels * port.frames : 0;
    at[i] = count ? in : nullptr;
    if (named(port, "audio")) {
      read_audio(in, count);
#ifdef NR_HEARS_AUDIO
      if (controls.follows()) sound = follower.hear(in, count);
#endif
    } else if (count && !named(port, "controls")) {
      read_loop(i, tick, in, count);
    }
    in += count;
  }
  (void)controls;
  return sound;
}

void write_controls(const float* const* at) {
  for (int i = 0; i < program.n_inputs; ++i) {
    const nr_port& port = program.inputs[i];
    if (!named(port, "controls")) continue;
    float* to = inputs + (at[i] - inputs);
    for (int j = 0; j < port.frames * port.channels; ++j) to[j] = values[j % port.channels];
  }
}

daisy::SaiHandle::Config::SampleRate sai_rate(int hz) {
  using Rate = daisy::SaiHandle::Config::SampleRate;
  constexpr Rate rates[] = {Rate::SAI_8KHZ, Rate::SAI_16KHZ, Rate::SAI_32KHZ, Rate::SAI_48KHZ, Rate::SAI_96KHZ};
  int i = 0;
  while (nr::kDaisyRates[i] != hz) ++i;  // one of them is: asserted above
  return rates[i];
}

}  // namespace

int main() {
  const float seconds = static_cast<float>(program.hop) / model.sample_rate;
  nr::PlayedControls controls(model, kWiring, kHears, seconds);
  hardware.init(controls.knobs() + (controls.has_pitch() ? 1 : 0), kWiring.gate);
#ifdef NR_MIDI_CHANNEL
  static_assert(NR_MIDI_CHANNEL >= 0 && NR_MIDI_CHANNEL <= 16, "a MIDI channel is 1 ... 16, or 0 for all");
  hardware.init_midi();
#endif
  if (controls.has_pitch()) load_calibration();
  hardware.board().SetAudioBlockSize(kBlock);
  hardware.board().SetAudioSampleRate(sai_rate(model.sample_rate));
  meter.Init(hardware.board().AudioSampleRate(), program.hop);
  nr::Stream stream(program, arena);
  hardware.board().StartAudio(audio);
  uint32_t played = 0;  // samples
  for (int tick = 0;;) {
    float* out = to_play.room();
    if (!out) continue;
    meter.OnBlockStart();
    const float* at[NR_N_INPUTS];
    const nr::Heard sound = read_inputs(tick, controls, at);
    read_player(controls, sound, seconds);
    write_controls(at);
    float* const outs[] = {out};
    stream.tick(at, outs);
    meter.OnBlockEnd();
    to_play.push();
    tick = (tick + 1) % model.n_loop;
    played += uint32_t(program.hop);
    const bool blink = calibrator.waiting() && (played / uint32_t(model.sample_rate / 4)) % 2 == 0;
    hardware.board().SetLed(calibrator.waiting() ? blink : starved || meter.GetAvgCpuLoad() > kBusy);
    starved = false;
  }
}
