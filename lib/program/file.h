// A program file (.nrp): an exported model as bytes, for players without LibTorch. It holds what a header holds,
// little-endian, with a version and a checksum. A file from elsewhere is foreign bytes: whatever they are, reading ends
// in a program that streams within its arena, or in an Error.
#pragma once
#include <memory>
#include <string>
#include <string_view>

#include "export/runtime/program.h"

namespace nr {

class ProgramFile {
 public:
  // `where` begins every Error: the file's name.
  ProgramFile(std::string_view bytes, const std::string& where);
  ~ProgramFile();
  ProgramFile(ProgramFile&&) noexcept;
  const nr_model& model() const;  // valid as long as this is; a Stream of model().program plays it

 private:
  struct Contents;
  std::unique_ptr<Contents> contents_;
};

// The bytes of a model whose pointers lead to as much as its counts say and its nodes read. Error when no reader would
// take it.
std::string program_bytes(const nr_model& model);

}  // namespace nr
