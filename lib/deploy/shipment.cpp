#include "deploy/shipment.h"

#include <algorithm>

namespace nr {

TestVector make_test_vector(const Lowered& program, const std::vector<Signal>& inputs, const Played& played,
                            int ticks) {
  const bool exact = program.program.precision != NR_FLOAT32;
  TestVector test;
  test.ticks = std::min(ticks, Playback(program).ticks(inputs));
  for (size_t i = 0; i < inputs.size(); ++i) {
    const nr_port& p = program.inputs[i];
    Signal loop = is_noise(p) ? Signal{} : inputs[i];
    loop.rows.resize(is_noise(p) ? 0 : size_t(test.ticks) * block_of(p));
    if (exact)
      test.loop.emplace_back(quantised(loop, p.scale));
    else
      test.loop.emplace_back(std::move(loop.rows));
  }
  const size_t block = block_of(program.outputs[0]);
  if (exact) {
    test.checksum = checksum({played.exact.begin(), played.exact.begin() + test.ticks * block});
    return test;
  }
  for (int t = 0; t < test.ticks; ++t) test.probes.push_back(played.output[t * block + (37 * size_t(t)) % block]);
  return test;
}

int driven_controls(const Shipment& s) {
  for (const nr_port& p : s.program.inputs)
    if (p.name == std::string("controls")) return p.channels;
  return 0;
}

ShippedModel::ShippedModel(const Shipment& s) {
  for (const Control& c : s.controls)
    controls.push_back({c.name.c_str(), c.unit.c_str(), float(c.low), float(c.high), c.warp});
  for (const NumberTable& table : s.test.loop)
    loop.push_back(
        std::visit([](const auto& t) { return t.empty() ? nullptr : static_cast<const void*>(t.data()); }, table));
  model = {s.name.c_str(),  &s.program.program, s.sample_rate, s.program.macs,  int(controls.size()),
           controls.data(), s.test.ticks,       loop.data(),   s.test.checksum, s.test.probes.data()};
}

}  // namespace nr
