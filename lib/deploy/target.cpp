#include "deploy/target.h"

#include "deploy/deploy.h"
#include "deploy/emit.h"
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
          {"header", true, emit},                  // C, compiled into a firmware
          {"program", false, write_program_file},  // program/file.h, loaded by players on a desktop
      }};
  return table;
}

std::vector<std::string> target_names() { return targets().names(); }

}  // namespace nr
