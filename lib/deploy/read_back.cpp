#include "deploy/read_back.h"

#include <torch/script.h>

#include <algorithm>
#include <ctime>
#include <sstream>

#include "base/error.h"
#include "deploy/onnx_run.h"
#include "deploy/sound.h"
#include "export/runtime/stream.h"
#include "program/file.h"

namespace nr {
namespace {

double processor_seconds() {  // of this thread
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return double(now.tv_sec) + 1e-9 * double(now.tv_nsec);
}

int ticks_of(const nr_program& p, const std::vector<Signal>& inputs) {
  size_t ticks = SIZE_MAX;
  for (int i = 0; i < p.n_inputs; ++i)
    if (!inputs[size_t(i)].rows.empty()) ticks = std::min(ticks, inputs[size_t(i)].rows.size() / block_of(p.inputs[i]));
  return int(ticks);
}

// Of a Stream or an Engine.
template <class Streamer>
PlayedBack play_ticks(Streamer& streamer, const nr_program& p, const std::vector<Signal>& inputs) {
  PlayedBack out;
  std::vector<float> made(block_of(p.outputs[0]));
  float* const to[] = {made.data()};
  const int ticks = ticks_of(p, inputs);
  for (int t = 0; t < ticks; ++t) {
    std::vector<const float*> from;
    for (int i = 0; i < p.n_inputs; ++i) {
      const std::vector<float>& rows = inputs[size_t(i)].rows;
      from.push_back(rows.empty() ? nullptr : rows.data() + size_t(t) * block_of(p.inputs[i]));
    }
    const double before = processor_seconds();
    streamer.tick(from.data(), to);
    out.seconds += processor_seconds() - before;
    out.output.insert(out.output.end(), made.begin(), made.end());
  }
  return out;
}

// call(inputs by name, [1, channels, frames]) -> [1, channels, frames], `block` ticks at a time, on one core.
template <class Call>
PlayedBack play_blocks(const nr_program& p, const std::vector<Signal>& inputs, int block, const Call& call) {
  const int threads = at::get_num_threads();
  at::set_num_threads(1);
  PlayedBack out;
  const int ticks = ticks_of(p, inputs);
  for (int t = 0; t < ticks; t += block) {
    std::map<std::string, torch::Tensor> given;
    const int count = std::min(block, ticks - t);
    for (int i = 0; i < p.n_inputs; ++i) {
      const nr_port& port = p.inputs[i];
      if (is_noise(port)) continue;
      const float* rows = inputs[size_t(i)].rows.data() + size_t(t) * block_of(port);
      given[port.name] = torch::tensor(std::vector<float>(rows, rows + size_t(count) * block_of(port)))
                             .view({1, -1, port.channels}).transpose(1, 2).contiguous();
    }
    const double before = processor_seconds();
    const torch::Tensor made = call(given);
    out.seconds += processor_seconds() - before;
    const std::vector<float> rows = to_signal(made).rows;
    out.output.insert(out.output.end(), rows.begin(), rows.end());
  }
  at::set_num_threads(threads);
  return out;
}

}  // namespace

PlayedBack play_header(const Shipment& shipment, const std::string&, const std::vector<Signal>& inputs) {
  const nr_program& p = shipment.program.program;
  std::vector<int64_t> arena(size_t(Stream::arena_bytes(p)) / 8 + 1);
  Stream stream(p, arena.data());
  return play_ticks(stream, p, inputs);
}

PlayedBack play_program_file(const Shipment&, const std::string& bytes, const std::vector<Signal>& inputs) {
  const ProgramFile file(bytes, "the written program");
  Engine engine(*file.model().program);
  return play_ticks(engine, *file.model().program, inputs);
}

// By the module of the part, which takes curves of the controls; the file's methods read attributes.
PlayedBack play_torchscript(const Shipment& shipment, const std::string& bytes, const std::vector<Signal>& inputs) {
  const c10::InferenceMode guard;
  std::istringstream in(bytes);
  torch::jit::Module file = torch::jit::load(in);
  file.eval();
  const nr_program& p = shipment.program.program;
  const bool hears = p.inputs[0].name == std::string("audio"), sounds = p.outputs[0].name == std::string("audio");
  torch::jit::Module part = file.attr(hears ? sounds ? "whole" : "encoder" : "decoder").toModule();
  const auto call = [&](const std::map<std::string, torch::Tensor>& given) {
    std::vector<torch::jit::IValue> arguments;
    for (int i = 0; i < p.n_inputs; ++i)
      if (!is_noise(p.inputs[i])) arguments.emplace_back(given.at(p.inputs[i].name));
    return part.forward(arguments).toTensor();
  };
  const int block = std::max(1, kHostBlock / p.hop);
  std::vector<Signal> first = inputs;  // the JIT rewrites a graph in its first calls
  for (int i = 0; i < p.n_inputs; ++i)
    first[size_t(i)].rows.resize(std::min(first[size_t(i)].rows.size(), 4 * size_t(block) * block_of(p.inputs[i])));
  play_blocks(p, first, block, call);
  part.get_method("reset")({});
  return play_blocks(p, inputs, block, call);
}

PlayedBack play_onnx(const Shipment& shipment, const std::string& bytes, const std::vector<Signal>& inputs) {
  OnnxRun onnx(bytes);
  return play_blocks(shipment.program.program, inputs, 1,
                     [&](const std::map<std::string, torch::Tensor>& given) { return onnx.call(given); });
}

}  // namespace nr
