// An exported header as a Daisy instrument: the loop's latents are played and the knobs set the controls; an exported
// `whole` runs on the audio input. The main loop computes one tick at a time into a double buffer that the audio
// interrupt drains, so layers that run once a tick make no load peak. The LED is lit above 60 % load and when the
// interrupt found nothing to play.
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
#include "stream.h"

#ifndef NR_PLAYS_AUDIO
#error This header holds an encoder: it makes no sound. Export the decoder or the whole.
#endif

static_assert(nr::daisy_plays(NR_SAMPLE_RATE),
              "the codec does not play at this model's rate: see codec.h for those it has");

namespace {

constexpr int kBlock = 48;          // samples an interrupt
constexpr float kBusy = 0.6f;       // load that lights the LED
constexpr float kSmoothing = 0.2f;  // of a knob's change in one tick

const nr_model& model = NR_MODEL;
const nr_program& program = *model.program;
alignas(8) uint8_t NR_STATE arena[NR_ARENA_BYTES];
float inputs[NR_INPUT_ELEMENTS], smooth[NR_INPUT_ELEMENTS];
nr::TickFifo<NR_OUTPUT_ELEMENTS> to_play;
#ifdef NR_HEARS_AUDIO
nr::TickFifo<NR_OUTPUT_ELEMENTS> heard;
float* recording = nullptr;
int recorded = 0;
#endif
nr::Hardware hardware;
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

void read_knobs(const nr_port& port, float* to) {
  hardware.poll();
  for (int i = 0; i < port.channels; ++i) {
    smooth[i] += kSmoothing * (2.0f * hardware.knob(i) - 1.0f - smooth[i]);
    for (int frame = 0; frame < port.frames; ++frame) to[frame * port.channels + i] = smooth[i];
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
  hardware.init(model.n_controls);
  hardware.board().SetAudioBlockSize(kBlock);
  hardware.board().SetAudioSampleRate(sai_rate(model.sample_rate));
  meter.Init(hardware.board().AudioSampleRate(), program.hop);
  nr::Stream stream(program, arena);
  hardware.board().StartAudio(audio);
  for (int tick = 0;;) {
    float* out = to_play.room();
    if (!out) continue;
    const float* at[NR_N_INPUTS];
    float* in = inputs;
    for (int i = 0; i < program.n_inputs; ++i) {
      const nr_port& port = program.inputs[i];
      const int count = model.loop[i] ? port.channels * port.frames : 0;
      at[i] = count ? in : nullptr;
      if (!count) continue;  // noise, which the stream draws
      if (named(port, "controls"))
        read_knobs(port, in);
      else if (named(port, "audio"))
        read_audio(in, count);
      else
        read_loop(i, tick, in, count);
      in += count;
    }
    meter.OnBlockStart();
    float* const outs[] = {out};
    stream.tick(at, outs);
    meter.OnBlockEnd();
    to_play.push();
    tick = (tick + 1) % model.n_loop;
    hardware.board().SetLed(starved || meter.GetAvgCpuLoad() > kBusy);
    starved = false;
  }
}
