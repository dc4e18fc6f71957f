// A program without operations that plays the values of its controls as its first samples, for the firmware: with a
// latent, or with NR_TOY_HEARS an audio input. With NR_TOY_SOUNDS it plays the pulses that its controls ask for.
#pragma once
#include "program.h"

#define TOY_CONTROLS {"controls", 4, 1, {0, 4}, 1 / 30000.0f}
#ifdef NR_TOY_HEARS
static const nr_port toy_inputs[] = {{"audio", 1, 512, {1024, 1}, 1 / 32767.0f}, TOY_CONTROLS};
#define NR_HEARS_AUDIO
#define NR_INPUT_ELEMENTS 516
#else
static const nr_port toy_inputs[] = {{"latent", 4, 1, {1024, 4}, 1 / 8192.0f}, TOY_CONTROLS};
#define NR_INPUT_ELEMENTS 8
#endif
#ifdef NR_TOY_SOUNDS
static const int32_t toy_steps[] = {143166, 143166};  // 2^32 / 30000
static const nr_node toy_pulses = {NR_PULSES, 16, 512, 1, {1, 4}, {2, 4}, {512, 1}, 1, 0, 0,
                                   1, 1, 1, 512, 0, 0, toy_steps, 0, -369878, 0};  // log2(320 / 16000) in 1/65536
static const nr_port toy_outputs[] = {{"audio", 1, 512, {512, 1}, 1 / 512.0f}};
static const nr_program toy_program = {0, NR_INT16, 512, 0, 2048, 2, 1, 1, 0, toy_inputs, toy_outputs, &toy_pulses, 0};
#else
static const nr_port toy_outputs[] = {{"audio", 1, 512, {0, 1}, 1 / 30000.0f}};
static const nr_program toy_program = {0, NR_INT16, 512, 0, 2048, 2, 1, 0, 0, toy_inputs, toy_outputs, 0, 0};
#endif
static const nr_control toy_controls[] = {
    {"rms", "1", 0.001f, 1.0f, 1},
    {"pitch", "Hz", 20.0f, 5120.0f, 2},
    {"periodicity", "1", 0.0f, 1.0f, 0},
    {"centroid", "Hz", 200.0f, 6400.0f, 2},
};
static const int16_t toy_loop_first[2 * 512] = {0}, toy_loop_controls[2 * 4] = {0};
static const void* const toy_loop[] = {toy_loop_first, toy_loop_controls};
static const nr_model toy_model = {"toy", &toy_program, 16000, 1, 4, toy_controls, 2, toy_loop, 0, 0};
#define NR_MODEL toy_model
#define NR_ARENA_BYTES 4096
#define NR_OUTPUT_ELEMENTS 512
#define NR_N_INPUTS 2
#define NR_SAMPLE_RATE 16000
#define NR_PLAYS_AUDIO
