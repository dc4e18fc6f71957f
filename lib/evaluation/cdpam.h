// CDPAM: the distance of two sounds by a network that was trained on listeners' answers to "are these the same?"
// (arXiv:2102.05109). Its weights are no part of this project: README.md says where they are had.
#pragma once
#include <torch/types.h>

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace nr {

class Cdpam {
 public:
  // A safetensors file of the published state, whose shapes give the network's size. Error when the file is none, a
  // tensor is missing or does not fit.
  explicit Cdpam(const std::filesystem::path& weights);
  // 0: the same; no unit. Both sounds at sample_rate; they are heard at 22,050 Hz. 0 for two empty sounds.
  double distance(const std::vector<float>& reference, const std::vector<float>& other, int sample_rate) const;

  // The same in two steps: [1, half the last channels] of each sound, and the distance of two of these.
  torch::Tensor embedding(const std::vector<float>& samples, int sample_rate) const;
  double distance(torch::Tensor reference, torch::Tensor other) const;

 private:
  const torch::Tensor& tensor(const std::string& name) const;
  std::filesystem::path file_;
  std::map<std::string, torch::Tensor> tensors_;
  std::vector<torch::Tensor> kernels_, biases_;  // of the encoder, with its batch norms in them
};

}  // namespace nr
