// An exported header for the browser: what the page's audio thread calls. What it does is in export/player.
#include NR_HEADER

#include <emscripten/emscripten.h>

#include <cstdio>
#include <memory>
#include <string>

#include "player.h"

#ifndef NR_PLAYS_AUDIO
#error This header makes no sound: it holds an encoder, or gives parameters. Export the decoder or the whole of a sound.
#endif

namespace {

constexpr int kMost = 128;  // samples a call: a block of Web Audio
std::unique_ptr<nr::Player> player;
float heard[kMost], played[kMost];
std::string description;

}  // namespace

extern "C" {

EMSCRIPTEN_KEEPALIVE void web_start(double rate) { player = std::make_unique<nr::Player>(NR_MODEL, rate); }
EMSCRIPTEN_KEEPALIVE float* web_heard() { return heard; }    // the next 128 samples in
EMSCRIPTEN_KEEPALIVE float* web_played() { return played; }  // and out
EMSCRIPTEN_KEEPALIVE void web_process() { player->process(heard, played, kMost); }
EMSCRIPTEN_KEEPALIVE void web_set(int parameter, float value) { player->set(parameter, value); }
EMSCRIPTEN_KEEPALIVE void web_note(int key, int velocity) { player->voice().note_on(key, velocity); }
EMSCRIPTEN_KEEPALIVE void web_control(int number, int value) { player->voice().control_change(number, value); }
EMSCRIPTEN_KEEPALIVE void web_bend(int value) { player->voice().bend(value); }
EMSCRIPTEN_KEEPALIVE int web_latency() { return player->latency(); }

// JSON: whether the model hears sound, and its parameters.
EMSCRIPTEN_KEEPALIVE const char* web_description() {
  description = std::string("{\"hears\":") + (nr::Player::hears(NR_MODEL) ? "true" : "false") + ",\"parameters\":[";
  const char* between = "";
  for (const nr::Parameter& p : nr::Player::parameters(NR_MODEL)) {
    char numbers[128];
    std::snprintf(numbers, sizeof numbers, "\"low\":%.7g,\"high\":%.7g,\"initial\":%.7g,\"logarithmic\":%s",
                  double(p.low), double(p.high), double(p.initial), p.logarithmic ? "true" : "false");
    description += std::string(between) + "{\"name\":\"" + p.name + "\",\"unit\":\"" + p.unit + "\"," + numbers + "}";
    between = ",";
  }
  return (description += "]}").c_str();
}
}
