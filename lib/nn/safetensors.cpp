#include "nn/safetensors.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>
#include <tuple>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/files.h"

namespace nr {
namespace fs = std::filesystem;
using nlohmann::json;

std::string shape_text(at::IntArrayRef shape) {
  std::string out;
  for (const int64_t size : shape) out += (out.empty() ? "" : ", ") + std::to_string(size);
  return "[" + out + "]";
}

namespace {

constexpr uint64_t kLongestHeader = 100'000'000;  // the format's own limit, in bytes

constexpr std::array<std::pair<const char*, at::ScalarType>, 10> kKinds{{{"F64", at::kDouble},
                                                                        {"I64", at::kLong},
                                                                        {"F32", at::kFloat},
                                                                        {"I32", at::kInt},
                                                                        {"F16", at::kHalf},
                                                                        {"BF16", at::kBFloat16},
                                                                        {"I16", at::kShort},
                                                                        {"I8", at::kChar},
                                                                        {"U8", at::kByte},
                                                                        {"BOOL", at::kBool}}};

struct Entry {
  std::string name;
  at::ScalarType kind;
  std::vector<int64_t> shape;
  uint64_t begin, end;  // bytes of the data
};

// Bytes of a tensor, or none where a damaged header would overflow.
bool bytes_of(const std::vector<int64_t>& shape, uint64_t element, uint64_t& bytes) {
  bytes = element;
  for (const int64_t size : shape) {
    if (size != 0 && bytes > std::numeric_limits<uint64_t>::max() / uint64_t(size)) return false;
    bytes *= uint64_t(size);
  }
  return true;
}

bool whole_number(const json& value, uint64_t& out) {
  if (!value.is_number_unsigned()) return false;
  out = value.get<uint64_t>();
  return out <= uint64_t(std::numeric_limits<int64_t>::max());
}

Entry read_entry(const std::string& where, const std::string& name, const json& found) {
  const auto refuse = [&](const std::string& why) { fail(where, ": tensor '", name, "': ", why); };
  if (!found.is_object() || !found.contains("dtype") || !found.contains("shape") || !found.contains("data_offsets"))
    refuse("expected the fields dtype, shape and data_offsets");
  Entry entry{name, at::kFloat, {}, 0, 0};
  const json &dtype = found["dtype"], &shape = found["shape"], &offsets = found["data_offsets"];
  const auto kind = std::find_if(kKinds.begin(), kKinds.end(), [&](const auto& k) { return dtype == k.first; });
  if (kind == kKinds.end()) refuse("unknown dtype " + dtype.dump(-1, ' ', true, json::error_handler_t::replace));
  entry.kind = kind->second;
  if (!shape.is_array()) refuse("its shape is no list");
  uint64_t number = 0, bytes = 0;
  for (const json& size : shape) {
    if (!whole_number(size, number)) refuse("its shape holds something else than sizes");
    entry.shape.push_back(int64_t(number));
  }
  if (!offsets.is_array() || offsets.size() != 2 || !whole_number(offsets[0], entry.begin) || !whole_number(offsets[1], entry.end) ||
      entry.end < entry.begin)
    refuse("its data_offsets are not a begin and an end");
  if (!bytes_of(entry.shape, c10::elementSize(entry.kind), bytes) || bytes != entry.end - entry.begin)
    refuse(text("it has ", entry.end - entry.begin, " bytes, not what ", kind->first, " ", shape_text(entry.shape), " takes"));
  return entry;
}

// In the order of their data, which they must cover without gap or overlap.
std::vector<Entry> read_entries(const std::string& where, const json& header, uint64_t found, uint64_t before) {
  std::vector<Entry> entries;
  for (const auto& [name, value] : header.items())
    if (name != "__metadata__") entries.push_back(read_entry(where, name, value));
  std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) { return std::tie(a.begin, a.end) < std::tie(b.begin, b.end); });
  uint64_t expected = 0;
  for (const Entry& entry : entries) {
    if (entry.begin != expected) fail(where, ": tensor '", entry.name, "' begins at byte ", entry.begin, ", expected ", expected);
    expected = entry.end;
  }
  if (found < expected) fail(where, ": truncated: ", before + found, " bytes found, ", before + expected, " expected");
  if (found > expected) fail(where, ": ", before + found, " bytes found, only ", before + expected, " expected");
  return entries;
}

}  // namespace

void write_checkpoint(const fs::path& path, const Checkpoint& checkpoint) {
  std::vector<std::pair<std::string, torch::Tensor>> tensors;
  for (const auto& [name, tensor] : checkpoint.tensors) tensors.emplace_back(name, tensor.detach().to(torch::kCPU).contiguous());
  // Widest elements first: then every tensor lies aligned in a mapped file.
  std::stable_sort(tensors.begin(), tensors.end(), [](const auto& a, const auto& b) { return a.second.element_size() > b.second.element_size(); });
  json header = json::object();
  if (!checkpoint.texts.empty()) header["__metadata__"] = checkpoint.texts;
  uint64_t offset = 0;
  for (const auto& [name, tensor] : tensors) {
    const auto kind = std::find_if(kKinds.begin(), kKinds.end(), [type = tensor.scalar_type()](const auto& k) { return k.second == type; });
    if (kind == kKinds.end()) fail(path.string(), ": tensor '", name, "' is of a kind (", tensor.dtype().name(), ") that safetensors does not know");
    header[name] = {{"dtype", kind->first}, {"shape", tensor.sizes().vec()}, {"data_offsets", {offset, offset + tensor.nbytes()}}};
    offset += tensor.nbytes();
  }
  std::string head = header.dump(-1, ' ', false, json::error_handler_t::replace);
  head.resize((head.size() + 7) / 8 * 8, ' ');
  write_file(path, [&](std::ostream& out) {
    const uint64_t length = head.size();
    out.write(reinterpret_cast<const char*>(&length), sizeof length) << head;
    for (const auto& [name, tensor] : tensors) out.write(static_cast<const char*>(tensor.data_ptr()), std::streamsize(tensor.nbytes()));
  });
}

Checkpoint read_checkpoint(const fs::path& path) {
  const std::string where = path.string();
  std::error_code error;
  if (!fs::is_regular_file(path, error)) fail(where, ": ", fs::exists(path, error) ? "is not a file" : "no such checkpoint");
  std::ifstream in(path, std::ios::binary);
  const uint64_t size = fs::file_size(path, error);
  if (!in || error) fail(where, ": cannot be read");
  return read_checkpoint(in, size, where);
}

Checkpoint read_checkpoint(std::istream& in, uint64_t size, const std::string& where) {
  uint64_t length = 0;
  if (size < sizeof length) fail(where, ": truncated: ", size, " bytes found, at least ", sizeof length, " expected");
  in.read(reinterpret_cast<char*>(&length), sizeof length);
  if (in.peek() != '{' && size > sizeof length) fail(where, ": not a safetensors file: its header does not begin with '{'");
  if (length > kLongestHeader) fail(where, ": not a safetensors file: a header of ", length, " bytes, at most ", kLongestHeader, " expected");
  const uint64_t before = sizeof length + length;
  if (size < before) fail(where, ": truncated: ", size, " bytes found, ", before, " expected for the header alone");
  std::string head(length, ' ');
  in.clear();
  in.read(head.data(), std::streamsize(length));
  const json header = json::parse(head, nullptr, false);
  if (!header.is_object()) fail(where, ": not a safetensors file: its header is not JSON");

  Checkpoint checkpoint;
  checkpoint.name = where;
  if (header.contains("__metadata__")) {
    const json& texts = header["__metadata__"];
    if (!texts.is_object()) fail(where, ": __metadata__ must hold texts");
    for (const auto& [key, value] : texts.items()) {
      if (!value.is_string()) fail(where, ": __metadata__ must hold texts, and '", key, "' is none");
      checkpoint.texts[key] = value.get<std::string>();
    }
  }
  for (const Entry& entry : read_entries(where, header, size - before, before)) {
    torch::Tensor tensor = torch::empty(entry.shape, entry.kind);
    in.read(static_cast<char*>(tensor.data_ptr()), std::streamsize(entry.end - entry.begin));
    checkpoint.tensors.emplace(entry.name, std::move(tensor));
  }
  if (!in) fail(where, ": cannot be read to its end");
  return checkpoint;
}

std::map<std::string, torch::Tensor> below(const Checkpoint& checkpoint, const std::string& prefix) {
  std::map<std::string, torch::Tensor> out;
  for (const auto& [name, tensor] : checkpoint.tensors)
    if (name.rfind(prefix, 0) == 0) out[name.substr(prefix.size())] = tensor;
  return out;
}

}  // namespace nr
