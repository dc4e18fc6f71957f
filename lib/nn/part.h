// A module that optimisers may train and a checkpoint holds, by its name in configs.
#pragma once
#include <torch/torch.h>

#include <memory>
#include <string>
#include <vector>

#include "base/error.h"

namespace nr {

struct Part {
  std::string name;
  std::shared_ptr<torch::nn::Module> module;
};
using Parts = std::vector<Part>;

// Error when there is no part of this name and type.
template <class Module>
Module& part(const Parts& parts, const std::string& name) {
  for (const Part& p : parts)
    if (p.name == name)
      if (auto* module = p.module->as<Module>()) return *module;
  fail("this system has no part '", name, "' of the expected type");
}

}  // namespace nr
