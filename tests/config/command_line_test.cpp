#include "config/command_line.h"

#include <gmock/gmock.h>

#include <algorithm>

#include "support/errors.h"

namespace nr {
namespace {
using config::Any;
using config::at_least;
using config::between;
using config::one_of;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

struct Inner {
  int depth = 1;
  template <class V>
  void fields(V& v) {
    v("depth", depth);
  }
};
struct Options {
  std::string run, board = "seed", precision = "int8";
  std::vector<int> ratios{4, 2};
  std::vector<std::string> source;
  int clips = 0, grains = 20;
  int64_t seed = 1;
  double loop_seconds = 4, share = 0.5;
  bool strict = false;
  std::map<std::string, double> weights;
  Named<int> phases;
  std::variant<Inner> kind;
  Inner inner;

  template <class V>
  void fields(V& v) {
    v("run", run, Any{}, "run folder");
    v("board", board);
    v("precision", precision, one_of({"float32", "int8"}), "of the weights");
    v("ratios", ratios, at_least(2), "strides");
    v("source", source);
    v("clips", clips, at_least(0), "test clips used; 0: all");
    v("seed", seed);
    v("loop_seconds", loop_seconds, at_least(0.1), "of the loop");
    v("share", share, between(0, 1));
    v("grains", grains, between(10, 1000000));
    v("strict", strict, Any{}, "fail when anything is skipped");
    v("weights", weights, one_of({"rms"}));
    v("phases", phases);
    v("kind", kind);
    v("inner", inner);
  }
};

struct Parsed {
  Options options;
  CLI::App app{"test"};
  std::string error;
  explicit Parsed(std::vector<std::string> words, const std::vector<std::string>& needed = {}) {
    config::add_options(app, options, needed);
    std::reverse(words.begin(), words.end());
    try {
      app.parse(words);
    } catch (const CLI::ParseError& e) {
      error = e.what();
    }
  }
};

TEST(CommandLine, FillsTheStructAndKeepsTheDefaultsOfWhatIsAbsent) {
  const Parsed parsed({"--loop-seconds", "1.5", "--ratios", "8", "4", "--precision=float32", "--strict", "--seed", "-7",
                       "--source", "a b", "c"});
  EXPECT_EQ(parsed.error, "");
  const Options& o = parsed.options;
  EXPECT_EQ(o.loop_seconds, 1.5);
  EXPECT_THAT(o.ratios, ElementsAre(8, 4));
  EXPECT_THAT(o.source, ElementsAre("a b", "c"));
  EXPECT_EQ(o.precision, "float32");
  EXPECT_EQ(o.seed, -7);
  EXPECT_TRUE(o.strict);
  EXPECT_EQ(o.board, "seed");
  EXPECT_EQ(o.clips, 0);
}

TEST(CommandLine, ShowsHelpRangeAndDefault) {
  const std::string help = Parsed({}).app.help();
  for (const char* shown :
       {"--clips INT", "test clips used; 0: all; at least 0; default 0\n", "--loop-seconds NUMBER",
        "of the loop; at least 0.1; default 4\n", "--share NUMBER", "from 0 to 1; default 0.5\n",
        "from 10 to 1000000; default 20\n",
        "--precision TEXT",
        "of the weights; float32 | int8; default int8\n", "--ratios INT ...", "strides; at least 2; default 4, 2\n",
        "--run TEXT", "run folder\n", "--board TEXT", "  default seed\n", "--strict  "})
    EXPECT_THAT(help, HasSubstr(shown));
  for (const char* in_files_only : {"--weights", "--phases", "--kind", "--inner"})
    EXPECT_THAT(help, Not(HasSubstr(in_files_only)));
}

TEST(CommandLine, RefusesWithTheOptionWhatWasFoundAndWhatWasExpected) {
  EXPECT_EQ(Parsed({"--clips", "-1"}).error, "command line: --clips: -1 must be at least 0");
  EXPECT_EQ(Parsed({"--clips", "many"}).error, "command line: --clips: 'many' is not a whole number");
  EXPECT_EQ(Parsed({"--share=1.5"}).error, "command line: --share: 1.5 is outside [0, 1]");
  EXPECT_EQ(Parsed({"--ratios", "4", "1"}).error, "command line: --ratios.1: 1 must be at least 2");
  EXPECT_EQ(Parsed({"--precision", "int"}).error,
            "command line: --precision: unknown value 'int' (did you mean 'int8'?)");
  EXPECT_THAT(Parsed({"--nothing", "1"}).error, HasSubstr("--nothing"));
}

TEST(CommandLine, TakesWhatIsNeededByItsPlaceOrItsName) {
  const Parsed parsed({"runs/a", "--board", "patch"}, {"run", "--board"});
  EXPECT_EQ(parsed.error, "");
  EXPECT_EQ(parsed.options.run, "runs/a");
  EXPECT_EQ(parsed.options.board, "patch");
  EXPECT_EQ(Parsed({"runs/a"}, {"run", "--board"}).error, "--board is required");
  EXPECT_EQ(Parsed({"--board", "patch"}, {"run", "--board"}).error, "run is required");
  EXPECT_EQ(error_of([] { Parsed({}, {"--output"}); }), "command line: '--output' must be given but is no option");
}

}  // namespace
}  // namespace nr
