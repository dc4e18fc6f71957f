#include "engine/engine.h"
#include "ticks.h"

namespace nr {
namespace {

class OnEngine : public Ticks {
 public:
  OnEngine(const nr_program& program, int threads) : engine_(program, threads) {}
  void tick(const float* const* inputs, float* const* outputs) override { engine_.tick(inputs, outputs); }
  void reset() override { engine_.reset(); }

 private:
  Engine engine_;
};

}  // namespace

std::unique_ptr<Ticks> on_engine(const nr_program& program) { return on_engine_with(1)(program); }

MakeTicks on_engine_with(int threads) {
  return [threads](const nr_program& program) { return std::make_unique<OnEngine>(program, threads); };
}

}  // namespace nr
