// The readers of foreign bytes that are ours, under libFuzzer: the first byte chooses the reader, the rest is its
// input. Whatever the bytes, a reader returns or throws nr::Error.
#include <cstdint>
#include <sstream>
#include <string>

#include "base/error.h"
#include "config/renamed.h"
#include "config/value.h"
#include "data/csv.h"
#include "data/database.h"
#include "data/manifest.h"
#include "data/rave_dataset.h"
#include "data/record.h"
#include "nn/safetensors.h"

namespace {

void require(bool condition) {
  if (!condition) __builtin_trap();
}

void read_manifest(const std::string& bytes) {
  for (const nr::CsvRow& row : nr::parse_csv(bytes, "manifest.csv")) {
    std::string line;
    for (const std::string& cell : row.cells) line += (&cell == row.cells.data() ? "" : ",") + nr::csv_cell(cell);
    if (line.empty()) continue;  // an empty row
    const auto again = nr::parse_csv(line, "again");
    require(again.size() == 1 && again[0].cells == row.cells);
  }
  nr::parse_manifest(bytes, "manifest.csv");
}

void read_yaml(const std::string& bytes) {
  nr::config::Value root = nr::config::parse_text(bytes, "config");
  nr::config::upgrade(root);
  nr::config::dump(root);
}

void read(char reader, const std::string& bytes) {
  switch (reader) {
    case 'm': read_manifest(bytes); break;
    case 'j': nr::parse_manifest(bytes, "examples.json"); break;
    case 'r': nr::unpack_record(bytes); break;
    case 'i': nr::pack(nr::unpack_index(bytes)); break;
    case 'y': read_yaml(bytes); break;
    case 'd': {
      std::istringstream in(bytes);
      nr::database_problem(in, bytes.size());
      break;
    }
    case 'p': nr::parse_rave_record(bytes); break;
    case 'c': {
      std::istringstream in(bytes);
      nr::read_checkpoint(in, bytes.size(), "fuzzed");
      break;
    }
    default: break;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return -1;
  try {
    read(static_cast<char>(data[0]), std::string(data + 1, data + size));
  } catch (const nr::Error&) {
  }
  return 0;
}
