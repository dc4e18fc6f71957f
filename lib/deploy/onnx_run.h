// Reads an ONNX model of ours back and runs it by LibTorch's operators: to check what was written where no onnxruntime
// is. It knows the operators that onnx.cpp writes.
#pragma once
#include <torch/torch.h>

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace nr {

class OnnxRun {
 public:
  explicit OnnxRun(std::string bytes);  // Error when they are no such model
  const std::map<std::string, std::string>& metadata() const { return metadata_; }
  const std::vector<std::string>& inputs() const { return inputs_; }
  const std::vector<std::string>& outputs() const { return outputs_; }
  int64_t opset() const { return opset_; }
  // One call with every input that is not a state; states start at zero and go on. -> the first output.
  torch::Tensor call(const std::map<std::string, torch::Tensor>& given);
  void reset() { states_.clear(); }

 private:
  struct Node {
    std::string op;
    std::vector<std::string> in;
    std::string out;
    std::map<std::string, std::vector<int64_t>> integers;
    double alpha = 0;
  };
  void read_graph(std::string_view bytes);
  void read_node(std::string_view bytes);
  torch::Tensor run(const Node& node) const;

  std::vector<Node> nodes_;
  std::map<std::string, torch::Tensor> constants_, values_, states_;
  std::map<std::string, std::string> metadata_;
  std::vector<std::string> inputs_, outputs_;
  int64_t opset_ = 0;
};

}  // namespace nr
