// What the plug-in is, for DPF. NR_TITLE and NR_EFFECT come from the Makefile.
#pragma once
#define DISTRHO_PLUGIN_BRAND "NeuroRave"
#define DISTRHO_PLUGIN_NAME NR_TITLE
#define DISTRHO_PLUGIN_URI "urn:neurorave:" NR_TITLE
#define DISTRHO_PLUGIN_CLAP_ID "neurorave." NR_TITLE
#define DISTRHO_PLUGIN_HAS_UI 0
#define DISTRHO_PLUGIN_IS_RT_SAFE 1
#define DISTRHO_PLUGIN_WANT_LATENCY 1
#define DISTRHO_PLUGIN_WANT_MIDI_INPUT 1
#define DISTRHO_PLUGIN_NUM_OUTPUTS 2
#ifdef NR_EFFECT /* a network a channel */
#define DISTRHO_PLUGIN_NUM_INPUTS 2
#define DISTRHO_PLUGIN_IS_SYNTH 0
#define DISTRHO_PLUGIN_LV2_CATEGORY "lv2:SpectralPlugin"
#define DISTRHO_PLUGIN_VST3_CATEGORIES "Fx|Stereo"
#define DISTRHO_PLUGIN_CLAP_FEATURES "audio-effect", "stereo"
#else
#define DISTRHO_PLUGIN_NUM_INPUTS 0
#define DISTRHO_PLUGIN_IS_SYNTH 1
#define DISTRHO_PLUGIN_LV2_CATEGORY "lv2:InstrumentPlugin"
#define DISTRHO_PLUGIN_VST3_CATEGORIES "Instrument|Synth"
#define DISTRHO_PLUGIN_CLAP_FEATURES "instrument", "synthesizer", "stereo"
#endif
