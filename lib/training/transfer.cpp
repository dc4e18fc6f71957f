#include "training/transfer.h"

#include <torch/torch.h>

#include "base/names.h"
#include "nn/checkpoint.h"

namespace nr {

std::string take_weights(System& system, const std::filesystem::path& run_or_file) {
  constexpr size_t kNamed = 6;  // of those not taken
  const Checkpoint source = read_checkpoint(find_checkpoint(run_or_file));
  Checkpoint own;
  system.store(own);
  size_t taken = 0, left = 0;
  std::vector<std::string> named;
  for (auto& [name, tensor] : own.tensors) {
    const auto found = source.tensors.find(name);
    const bool there = found != source.tensors.end();
    if (there && found->second.sizes() == tensor.sizes() && found->second.scalar_type() == tensor.scalar_type()) {
      tensor = found->second, ++taken;
      continue;
    }
    if (++left <= kNamed)
      named.push_back(text(name, " ", shape_text(tensor.sizes()),
                           there ? text(" (there ", shape_text(found->second.sizes()), ")") : " (not there)"));
  }
  if (!taken) fail("--init-from ", source.name, ": holds no tensor of the name and shape of one of this model's");
  system.restore(own);
  if (left > kNamed) named.push_back(text("and ", left - kNamed, " more"));
  return text("began with ", taken, " of ", taken + left, " tensors of ", source.name,
              left ? "; not taken: " + join(named) : "");
}

}  // namespace nr
