#include <cstdint>
#include <vector>

#include "stream.h"
#include "ticks.h"

namespace nr {
namespace {

class OnStream : public Ticks {
 public:
  explicit OnStream(const nr_program& program)
      : arena_((size_t(Stream::arena_bytes(program)) + 7) / 8), stream_(program, arena_.data()) {}
  void tick(const float* const* inputs, float* const* outputs) override { stream_.tick(inputs, outputs); }
  void reset() override { stream_.reset(); }

 private:
  std::vector<uint64_t> arena_;
  Stream stream_;
};

}  // namespace

std::unique_ptr<Ticks> on_stream(const nr_program& program) { return std::make_unique<OnStream>(program); }

}  // namespace nr
