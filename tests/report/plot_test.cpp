#include "report/plot.h"

#include <gmock/gmock.h>

#include <cmath>

namespace nr::report {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(Ticks, AreRoundNumbersInsideTheAxis) {
  EXPECT_THAT(ticks({"", 0, 1.87}, 4), ElementsAre(0, 0.5, 1, 1.5));
  EXPECT_THAT(ticks({"", -62, -8}, 4), ElementsAre(-60, -40, -20));
}

TEST(Ticks, OfALogarithmicAxisStepByOneTwoFive) {
  EXPECT_THAT(ticks({"", 150, 2500, true}, 4), ElementsAre(200, 500, 1000, 2000));
}

TEST(Ticks, OfAnEmptyAxisAreNone) { EXPECT_TRUE(ticks({"", 1, 1}, 4).empty()); }

TEST(TickText, IsShort) {
  EXPECT_EQ(tick_text(0.5), "0.5");
  EXPECT_EQ(tick_text(-40), "−40");
  EXPECT_EQ(tick_text(2000), "2k");
  EXPECT_EQ(tick_text(1500000), "1.5M");
}

TEST(Position, OnALogarithmicAxisPutsTheGeometricMeanInTheMiddle) {
  EXPECT_NEAR(position({"", 100, 10000, true}, 1000), 0.5, 1e-12);
  EXPECT_NEAR(position({"", -10, 10}, 0), 0.5, 1e-12);
}

TEST(AxisAround, LeavesRoomAndPassesOverWhatIsNotFinite) {
  const Axis axis = axis_around({1, NAN, 3, INFINITY}, "dB");
  EXPECT_LT(axis.low, 1);
  EXPECT_GT(axis.low, 0.5);
  EXPECT_GT(axis.high, 3);
  EXPECT_LT(axis.high, 3.5);
  EXPECT_GT(axis_around({5, 5}, "").high, axis_around({5, 5}, "").low);
}

TEST(LinePlot, BreaksItsLineWhereAValueIsMissing) {
  LinePlot plot;
  plot.x = {"s", 0, 3}, plot.y = {"", 0, 1};
  plot.series.push_back({"asked", {0, 1, 2, 3}, {0.5, NAN, 0.5, 0.5}});
  const std::string svg = line_plot(plot).text;
  const std::string path = svg.substr(svg.find("<path"));
  EXPECT_EQ(std::count(path.begin(), path.end(), 'M'), 2);
  EXPECT_THAT(svg, Not(HasSubstr("nan")));
}

TEST(LinePlot, NamesItsAxesUnitsAndCurves) {
  LinePlot plot;
  plot.title = "centroid", plot.note = "r = 0.93";
  plot.x = {"s", 0, 2}, plot.y = {"Hz", 100, 4000, true};
  plot.series.push_back({"measured", {0, 1}, {200, 400}});
  const std::string svg = line_plot(plot).text;
  for (const char* expected : {">centroid<", ">r = 0.93 · Hz<", ">2 s<", "series measured", ">1k<"})
    EXPECT_THAT(svg, HasSubstr(expected));
}

TEST(PicturePlot, CarriesItsPictureInside) {
  PicturePlot plot;
  plot.png = {1, 2, 3};
  plot.y_ticks = {{0.5, "1k"}};
  EXPECT_THAT(picture_plot(plot).text, HasSubstr("href=\"data:image/png;base64,AQID\""));
}

TEST(AudioPlayer, CarriesItsSoundInside) {
  EXPECT_THAT(audio_player({1, 2, 3}).text, HasSubstr("src=\"data:audio/wav;base64,AQID\""));
}

}  // namespace
}  // namespace nr::report
