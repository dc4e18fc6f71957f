// An LV2 plug-in for tests: a sine of the key's frequency. It needs what a host must offer (options, a worker, states)
// and can crash, hang and blow up.
#include <lv2/atom/util.h>
#include <lv2/core/lv2.h>
#include <lv2/midi/midi.h>
#include <lv2/options/options.h>
#include <lv2/buf-size/buf-size.h>
#include <lv2/parameters/parameters.h>
#include <lv2/state/state.h>
#include <lv2/urid/urid.h>
#include <lv2/worker/worker.h>

#include <cmath>
#include <csignal>
#include <cstring>
#include <memory>
#include <unistd.h>

namespace {

enum Port { kEvents, kAnswers, kAdded, kLeft, kRight, kLevel, kRatio, kPartial, kMuted, kDeed, kSteps, kMeter, kPorts };
enum Deed { kPlays, kCrashes, kHangs, kNoNumber, kBlowsUp, kAddsUnset };

struct Tone {
  void* ports[kPorts] = {};
  LV2_URID_Map* map = nullptr;
  LV2_Worker_Schedule* schedule = nullptr;
  double rate = 0, phase = 0, frequency = 0;  // frequency: 0 until the worker has answered
  float optional_rate = 0;
  int32_t longest_block = 0, octaves = 0;
  std::unique_ptr<float[]> unset{new float[4000]};

  LV2_URID of(const char* uri) const { return map->map(map->handle, uri); }
  float control(Port port) const { return *static_cast<float*>(ports[port]); }
};

LV2_Handle instantiate(const LV2_Descriptor*, double rate, const char*, const LV2_Feature* const* features) {
  auto* tone = new Tone;
  tone->rate = rate;
  const LV2_Options_Option* options = nullptr;
  for (; *features; ++features) {
    if (!std::strcmp((*features)->URI, LV2_URID__map)) tone->map = static_cast<LV2_URID_Map*>((*features)->data);
    if (!std::strcmp((*features)->URI, LV2_WORKER__schedule))
      tone->schedule = static_cast<LV2_Worker_Schedule*>((*features)->data);
    if (!std::strcmp((*features)->URI, LV2_OPTIONS__options))
      options = static_cast<const LV2_Options_Option*>((*features)->data);
  }
  for (; options && tone->map && options->key; ++options) {
    if (options->key == tone->of(LV2_PARAMETERS__sampleRate))
      tone->optional_rate = *static_cast<const float*>(options->value);
    if (options->key == tone->of(LV2_BUF_SIZE__maxBlockLength))
      tone->longest_block = *static_cast<const int32_t*>(options->value);
  }
  if (tone->schedule && tone->optional_rate == float(rate) && tone->longest_block > 0) return tone;
  delete tone;
  return nullptr;
}

void read_events(Tone& tone) {
  const auto* events = static_cast<const LV2_Atom_Sequence*>(tone.ports[kEvents]);
  LV2_ATOM_SEQUENCE_FOREACH(events, event) {
    if (event->body.type != tone.of(LV2_MIDI__MidiEvent)) continue;
    const auto* message = reinterpret_cast<const uint8_t*>(event + 1);
    if (message[0] == 0x90) tone.schedule->schedule_work(tone.schedule->handle, 1, message + 1);
    else tone.frequency = 0;
  }
}

void run(LV2_Handle handle, uint32_t count) {
  Tone& tone = *static_cast<Tone*>(handle);
  read_events(tone);
  const int deed = int(tone.control(kDeed));
  if (deed == kCrashes) raise(SIGSEGV);
  if (deed == kHangs)
    for (;;) pause();
  auto *left = static_cast<float*>(tone.ports[kLeft]), *right = static_cast<float*>(tone.ports[kRight]);
  const double step = tone.frequency * tone.control(kRatio) * tone.control(kPartial) / tone.rate;
  const bool sounds = tone.frequency > 0 && tone.control(kMuted) < 0.5f && int(count) <= tone.longest_block;
  for (uint32_t i = 0; i < count; ++i) {
    left[i] = sounds ? tone.control(kLevel) * float(std::sin(6.283185307179586 * tone.phase)) : 0;
    left[i] += static_cast<float*>(tone.ports[kAdded])[i];
    if (deed == kNoNumber) left[i] = NAN;
    if (deed == kBlowsUp) left[i] = 4000;
    if (deed == kAddsUnset) left[i] += tone.unset[i % 4000];
    right[i] = 0.5f * left[i];
    tone.phase += step;
  }
  *static_cast<float*>(tone.ports[kMeter]) = left[0];
}

// In the worker: a key -> its frequency.
LV2_Worker_Status work(LV2_Handle handle, LV2_Worker_Respond_Function respond, LV2_Worker_Respond_Handle to, uint32_t,
                       const void* data) {
  const int key = *static_cast<const uint8_t*>(data);
  const double frequency = 440 * std::exp2((key - 69) / 12.0 + static_cast<Tone*>(handle)->octaves);
  return respond(to, sizeof frequency, &frequency);
}

LV2_Worker_Status work_response(LV2_Handle handle, uint32_t size, const void* data) {
  std::memcpy(&static_cast<Tone*>(handle)->frequency, data, size);
  return LV2_WORKER_SUCCESS;
}

LV2_State_Status save(LV2_Handle, LV2_State_Store_Function, LV2_State_Handle, uint32_t, const LV2_Feature* const*) {
  return LV2_STATE_SUCCESS;
}

LV2_State_Status restore(LV2_Handle handle, LV2_State_Retrieve_Function retrieve, LV2_State_Handle state, uint32_t,
                         const LV2_Feature* const*) {
  Tone& tone = *static_cast<Tone*>(handle);
  size_t size = 0;
  uint32_t type = 0, flags = 0;
  if (const void* value = retrieve(state, tone.of("urn:neurorave:tone#octaves"), &size, &type, &flags))
    tone.octaves = *static_cast<const int32_t*>(value);
  return LV2_STATE_SUCCESS;
}

const void* extension_data(const char* uri) {
  static const LV2_Worker_Interface worker{work, work_response, nullptr};
  static const LV2_State_Interface state{save, restore};
  if (!std::strcmp(uri, LV2_WORKER__interface)) return &worker;
  return std::strcmp(uri, LV2_STATE__interface) ? nullptr : static_cast<const void*>(&state);
}

const LV2_Descriptor kTone{
    "urn:neurorave:tone",
    instantiate,
    [](LV2_Handle handle, uint32_t port, void* data) { static_cast<Tone*>(handle)->ports[port] = data; },
    nullptr,
    run,
    nullptr,
    [](LV2_Handle handle) { delete static_cast<Tone*>(handle); },
    extension_data};

}  // namespace

extern "C" LV2_SYMBOL_EXPORT const LV2_Descriptor* lv2_descriptor(uint32_t index) {
  return index == 0 ? &kTone : nullptr;
}
