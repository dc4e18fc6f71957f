#include "deploy/target.h"

#include "deploy/deploy.h"
#include "deploy/emit.h"
#include "deploy/onnx.h"
#include "deploy/read_back.h"
#include "deploy/torchscript.h"
#include "program/file.h"

namespace nr {
namespace {

void write_program_file(const Shipment& shipment, std::ostream& out) {
  out << program_bytes(ShippedModel(shipment).model);
}

}  // namespace

const Table<Target>& targets() {
  static const Table<Target> table{
      "target",
      {
          // C, compiled into a firmware; its tables are played, for want of a compiler
          {"header", true, false, emit, play_header, "export/runtime"},
          // program/file.h, loaded by players on a desktop
          {"program", false, false, write_program_file, play_program_file, "lib/engine"},
          // nn~ in Max and Pure Data, LibTorch
          {"torchscript", false, true, write_torchscript, play_torchscript, "LibTorch's JIT"},
          // onnxruntime, which is not linked
          {"onnx", false, true, write_onnx, play_onnx, "LibTorch's operators"},
      }};
  return table;
}

std::vector<std::string> target_names() { return targets().names(); }

}  // namespace nr
