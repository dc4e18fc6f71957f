// A TensorBoard event file, from which `tensorboard --logdir` draws a run while it trains. Records as in TensorFlow's
// record_writer.h (length, data, and a CRC-32C of each), messages as in its event.proto and summary.proto.
#pragma once
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <vector>

namespace nr::report {

class EventFile {
 public:
  // A new file in `folder`, beside those of earlier starts. Readers forget what these say of later steps than `step`,
  // where this start goes on. Error when it cannot be written.
  EventFile(const std::filesystem::path& folder, int64_t step);

  // A name is a tag: what stands before its first '/' is a group of plots. Written at once. Error when the disk is
  // full.
  void scalars(int64_t step, const std::map<std::string, double>& values);
  // wav: a whole WAV file of one channel.
  void sound(int64_t step, const std::string& name, const std::vector<unsigned char>& wav, int64_t samples,
             int sample_rate);
  void image(int64_t step, const std::string& name, const std::vector<unsigned char>& png, int width, int height);
  // Counts in 64 equal bins from the least value to the largest; nothing where there are none or one is not finite.
  void histogram(int64_t step, const std::string& name, const std::vector<float>& values);

 private:
  void write(const std::string& event);

  std::filesystem::path file_;
  std::ofstream out_;
};

// CRC-32C (Castagnoli), as RFC 3720 has it, appendix B.4.
uint32_t crc32c(const std::string& bytes);

}  // namespace nr::report
