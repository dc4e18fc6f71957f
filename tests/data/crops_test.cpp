#include "data/crops.h"

#include <gmock/gmock.h>

#include "support/errors.h"

namespace nr {
namespace {

TEST(Crops, LieInsideTheirClipsAndOnTheGrid) {
  const std::vector<int64_t> lengths{100000, 5000, 1, 4096, 700};
  const Crops crops({0, 1, 2, 3, 4}, lengths, {1, 1, 1, 1, 1}, {8192, 256, 1024});
  for (int seed = 0; seed < 2000; ++seed) {
    Random random(seed);
    int64_t end = 0;
    for (const Piece& piece : crops.draw(random)) {
      EXPECT_GE(piece.from, 0);
      EXPECT_LT(piece.from, piece.to);
      EXPECT_LE(piece.to, lengths[piece.clip]);
      EXPECT_EQ(piece.from % 256, 0);
      EXPECT_EQ(piece.at % 1024, 0);
      EXPECT_GE(piece.at, end);
      EXPECT_LT(piece.at - end, 1024);  // what is padded is less than a latent frame
      end = piece.at + piece.to - piece.from;
    }
    EXPECT_LE(end, 8192);
    EXPECT_GT(end, 8192 - 1024);
  }
}

TEST(Crops, DrawClipsInProportionToTheirLength) {
  const Crops crops({0, 1}, {30000, 90000}, {1, 1}, {8192, 256, 1024});
  int second = 0;
  for (int seed = 0; seed < 4000; ++seed) {
    Random random(seed);
    second += crops.draw(random)[0].clip == 1;
  }
  EXPECT_NEAR(second / 4000.0, 0.75, 0.03);
}

TEST(Crops, DrawByWeightToo) {
  const Crops crops({0, 1}, {30000, 90000}, {3, 1}, {8192, 256, 1024});
  int second = 0;
  for (int seed = 0; seed < 4000; ++seed) {
    Random random(seed);
    second += crops.draw(random)[0].clip == 1;
  }
  EXPECT_NEAR(second / 4000.0, 0.5, 0.03);
}

TEST(Crops, ReachTheEndOfALongClip) {
  const Crops crops({0}, {16384}, {1}, {8192, 256, 1024});
  int64_t last = 0;
  for (int seed = 0; seed < 1000; ++seed) {
    Random random(seed);
    last = std::max(last, crops.draw(random)[0].to);
  }
  EXPECT_EQ(last, 16384);
}

TEST(Crops, NeedASegmentThatHoldsWholeLatentFrames) {
  EXPECT_EQ(error_of([] { Crops({0}, {9000}, {1}, {5000, 256, 1024}); }), 
            "data.segment is 5000 samples: it must be a multiple of the model's hop of 1024");
  EXPECT_EQ(error_of([] {
              Crops({}, {}, {}, {4096, 256, 1024});
            }),
            "no recording in this split: nothing to draw crops from");
}

TEST(Crops, OfWholeClipsBeginAtTheStartAndDrawEveryClipAsOften) {
  const std::vector<int64_t> lengths{90000, 3000, 8192};
  const Crops crops({0, 1, 2}, lengths, {1, 1, 1}, {8192, 256, 1024, true});
  std::vector<int> drawn(3);
  for (int seed = 0; seed < 3000; ++seed) {
    Random random(seed);
    const std::vector<Piece> pieces = crops.draw(random);
    ASSERT_EQ(pieces.size(), 1u);
    EXPECT_EQ(pieces[0].from, 0);
    EXPECT_EQ(pieces[0].to, std::min<int64_t>(8192, lengths[pieces[0].clip]));
    EXPECT_EQ(pieces[0].at, 0);
    ++drawn[pieces[0].clip];
  }
  for (const int count : drawn) EXPECT_NEAR(count, 1000, 90);
}

using testing::DoubleEq;
using testing::Pair;
using testing::UnorderedElementsAre;

TEST(Shares, AreCountedInSamplesAndSumToOne) {
  const std::vector<Piece> pieces{{7, 256, 1256, 0}, {3, 0, 2500, 1024}, {7, 0, 500, 4096}};  // 1000, 2500, 500
  EXPECT_THAT(shares(pieces, 0, 4596), UnorderedElementsAre(Pair(7, DoubleEq(0.375)), Pair(3, DoubleEq(0.625))));
  EXPECT_THAT(shares(pieces, 500, 1524), UnorderedElementsAre(Pair(7, DoubleEq(0.5)), Pair(3, DoubleEq(0.5))));
  EXPECT_THAT(shares(pieces, 1100, 3000), UnorderedElementsAre(Pair(3, DoubleEq(1))));
}

TEST(Shares, HoldWhatLiesBeforeTheFirstPieceInItsClip) {
  const std::vector<Piece> pieces{{0, 512, 1536, 0}, {1, 0, 1024, 1024}};
  EXPECT_THAT(shares(pieces, -1024, 1024), UnorderedElementsAre(Pair(0, 1)));
  EXPECT_THAT(shares(pieces, -1024, 2048), UnorderedElementsAre(Pair(0, DoubleEq(0.6)), Pair(1, DoubleEq(0.4))));
}

TEST(Shares, DoNotCountPadding) {
  const std::vector<Piece> pieces{{0, 0, 100, 0}, {1, 0, 300, 1024}};
  EXPECT_THAT(shares(pieces, 0, 2048), UnorderedElementsAre(Pair(0, DoubleEq(0.25)), Pair(1, DoubleEq(0.75))));
  EXPECT_THAT(shares(pieces, 200, 900), UnorderedElementsAre(Pair(1, 1)));
}

}  // namespace
}  // namespace nr
