#include "engine/engine.h"
#include "ticks.h"

namespace nr {
namespace {

class OnEngine : public Ticks {
 public:
  explicit OnEngine(const nr_program& program) : engine_(program) {}
  void tick(const float* const* inputs, float* const* outputs) override { engine_.tick(inputs, outputs); }
  void reset() override { engine_.reset(); }

 private:
  Engine engine_;
};

}  // namespace

std::unique_ptr<Ticks> on_engine(const nr_program& program) { return std::make_unique<OnEngine>(program); }

}  // namespace nr
