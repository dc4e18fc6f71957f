// What an autoencoder's parts are to those who run them: named signals in, named signals out.
#pragma once
#include <torch/torch.h>

#include <map>
#include <string>

namespace nr {

using Wires = std::map<std::string, torch::Tensor>;  // by port name; [batch, channels, frames]

class Network : public torch::nn::Module {
 public:
  virtual Wires run(const Wires& inputs) = 0;  // every input by name
};

}  // namespace nr
