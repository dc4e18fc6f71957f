// A part of a model as an ONNX model whose state is explicit: what a call remembers comes in as state_* and goes out as
// next_*, so that any runtime can stream it. Opset 13, which onnxruntime and onnxruntime-web read.
#pragma once
#include <ostream>

#include "deploy/shipment.h"
#include "deploy/tensor_program.h"

namespace nr {

constexpr int kOnnxOpset = 13;

// Inputs: audio, latent or controls (in [-1, 1]), [batch, channels, frames], frames a whole number of ticks; then every
// state, zeros at the start. Outputs: `output` (audio, or the latent), then the next of every state. Metadata:
// sample_rate (Hz), tick (samples), tick_PORT (frames of that input), latency (samples), controls (JSON: name, unit,
// low, high, scale) and states (JSON: name, next, shape, type).
void write_onnx(const Shipment& shipment, std::ostream& out);
std::string onnx_bytes(const TensorProgram& program, const Shipment& shipment);

}  // namespace nr
