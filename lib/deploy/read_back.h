// Written forms read back and played, tick by tick or in the blocks of a host: Target::play of each.
#pragma once
#include "deploy/target.h"

namespace nr {

constexpr int kHostBlock = 2048;  // samples, of TorchScript: whole ticks, and one at least

PlayedBack play_header(const Shipment& shipment, const std::string& text, const std::vector<Signal>& inputs);
PlayedBack play_program_file(const Shipment& shipment, const std::string& bytes, const std::vector<Signal>& inputs);
PlayedBack play_torchscript(const Shipment& shipment, const std::string& bytes, const std::vector<Signal>& inputs);
PlayedBack play_onnx(const Shipment& shipment, const std::string& bytes, const std::vector<Signal>& inputs);

}  // namespace nr
