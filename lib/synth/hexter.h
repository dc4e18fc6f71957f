// hexter (GPL, package hexter), a DSSI plug-in that plays voices of the Yamaha DX7.
#pragma once
#include "synth/dx7_voice.h"
#include "synth/host.h"

namespace nr {

// Its parameters are those of a voice; shipped() are the voices of the banks that come with it.
std::unique_ptr<SynthHost> make_hexter();

// A voice as hexter's configure key edit_buffer takes it: the number of bytes, their seven bits each in letters of
// base64, and their sum. The bytes are those of a C structure of a program's number and a voice.
std::string hexter_edit_buffer(const Dx7Voice& voice);

}  // namespace nr
