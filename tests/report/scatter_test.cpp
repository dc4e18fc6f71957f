#include "report/scatter.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

namespace nr::report {
namespace {
using testing::HasSubstr;
using testing::Not;

Scatter two_points() {
  Scatter out{"run", "latent", {{1, 0, 0}, {0, -2, 0.5}}, {"C4 oboe", "D4 flute"}, {}};
  out.colourings = {{"style", {"oboe", "flute"}, {0, 1}}};
  out.now = "step 20";
  return out;
}

nlohmann::json data_of(const Markup& plot) {
  const size_t from = plot.text.find("data-points=\"") + 13;
  std::string data = plot.text.substr(from, plot.text.find('"', from) - from);
  for (size_t at; (at = data.find("&quot;")) != std::string::npos;) data.replace(at, 6, "\"");
  return nlohmann::json::parse(data);
}

TEST(Scatter, HoldsItsPointsInsideMinusOneToOne) {
  const Markup plot = scatter_plot(two_points());
  const auto data = data_of(plot);
  EXPECT_EQ(data["t"][0]["p"], (std::vector<std::vector<double>>{{0.5, 0, 0}, {0, -1, 0.25}}));
  EXPECT_EQ(data["l"][1], "D4 flute");
  EXPECT_EQ(data["c"][0]["classes"], (std::vector<int>{0, 1}));
  EXPECT_THAT(plot.text, Not(HasSubstr("type=\"range\""))) << "there is one time only";
}

TEST(Scatter, HasTheSoundsOfItsPoints) {
  EXPECT_THAT(scatter_script({{'R', 'I', 'F', 'F'}, {'x'}}).text,
              HasSubstr("class=\"sounds\">[\"data:audio/wav;base64,UklGRg==\","
                        "\"data:audio/wav;base64,eA==\"]</script>"));
  EXPECT_THAT(scatter_script().text, HasSubstr("class=\"sounds\">[]</script>"));
}

TEST(Scatter, GoesThroughTheTimesOnOneScale) {
  Scatter scatter = two_points();
  scatter.before = {{"step 0", {{4, 0, 0}, {0, 0, 0}}}, {"step 10", {{2, 0, 0}, {0, 1, 0}}}};
  const Markup plot = scatter_plot(scatter);
  const auto data = data_of(plot);
  ASSERT_EQ(data["t"].size(), 3u);
  EXPECT_EQ(data["t"][0]["n"], "step 0");
  EXPECT_EQ(data["t"][0]["p"][0][0], 1);
  EXPECT_EQ(data["t"][2]["n"], "step 20");
  EXPECT_EQ(data["t"][2]["p"][1][1], -0.5);
  EXPECT_THAT(plot.text, HasSubstr("type=\"range\""));
  EXPECT_THAT(plot.text, HasSubstr("max=\"2\""));
  EXPECT_THAT(plot.text, HasSubstr(">step 20<")) << "the last is shown first";
}

}  // namespace
}  // namespace nr::report
