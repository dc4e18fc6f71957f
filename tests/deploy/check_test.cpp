// Targets that are played back from what was written, and the table of all.
#include "deploy/check.h"

#include <gmock/gmock.h>

#include "base/files.h"
#include "deploy/onnx_run.h"
#include "deploy/toy_run.h"
#include "support/errors.h"

namespace nr {
namespace {
using testing::HasSubstr;

class Check : public ToyRun {};

TEST_F(Check, PutsEveryTargetBesideLibTorch) {
  ExportConfig c = config();
  c.board = "emulated", c.check = true;
  for (const char* part : {"decoder", "whole", "encoder"}) {
    c.part = part;
    const std::vector<CheckedTarget> rows = check_targets(c);
    ASSERT_EQ(rows.size(), 8u);  // header and program in three precisions, torchscript, onnx
    for (const CheckedTarget& row : rows) {
      const std::string name = text(part, " as ", row.target, " of ", row.precision);
      EXPECT_EQ(row.refused, "") << name;
      const bool exact = row.precision == "float32";
      EXPECT_GT(row.snr_db, exact ? 90 : row.precision == "int16" ? 45 : 25) << name;
      EXPECT_LT(row.largest, exact ? 1e-4 : 10) << name;
      EXPECT_GT(row.bytes, 10000) << name;
      EXPECT_GT(row.times_real_time, 0.1) << name;
    }
    // Both play the same tables.
    for (const int i : {1, 2}) EXPECT_EQ(rows[i].snr_db, rows[i + 3].snr_db) << part;
    EXPECT_THAT(to_text(rows), HasSubstr("onnx         float32"));
  }
  EXPECT_FALSE(std::filesystem::exists(c.output));
  EXPECT_THAT(config::dump(c), HasSubstr("check: true")) << "an option of the command line";
}

TEST_F(Check, SaysWhyATargetDoesNotShip) {
  ExportConfig c = config(24);
  c.boot = "none", c.precision = "int8";
  const std::vector<CheckedTarget> rows = check_targets(c);
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_THAT(rows[0].refused, HasSubstr("does not fit daisy_seed/none"));
  EXPECT_EQ(rows[1].refused, "");
  EXPECT_THAT(to_text(rows), HasSubstr("header       int8      does not ship: the network does not fit"));
}

TEST_F(Check, FloatTargetsOfEveryPartArePlayedBackBeforeTheyAreWritten) {
  for (const char* target : {"torchscript", "onnx"})
    for (const char* part : {"decoder", "whole", "encoder"}) {
      ExportConfig c = config();
      c.target = target, c.part = part, c.output = folder_ / "toy.bin";
      if (part != std::string("whole")) c.latents = 2;
      const ExportReport r = export_model(c);
      EXPECT_GT(r.snr_db, 90) << target << " " << part;
      EXPECT_EQ(size_t(r.file_bytes), read_file(c.output).size());
      EXPECT_THAT(to_text(r), HasSubstr(text("file       ", r.file_bytes, " bytes")));
    }
  EXPECT_EQ(OnnxRun(read_file(folder_ / "toy.bin")).metadata().at("controls"), "[]") << "an encoder has none";
}

TEST_F(Check, RefusesIntegersWhereATargetHoldsFloats) {
  ExportConfig c = config();
  c.target = "onnx", c.precision = "int8";
  EXPECT_EQ(error_of([&] { export_model(c); }), "target onnx holds floats: expected --precision float32, found int8");
}

}  // namespace
}  // namespace nr
