#include <gmock/gmock.h>

#include "base/files.h"
#include "config/writer.h"
#include "support/errors.h"
#include "support/temporary.h"

namespace nr {
namespace {
using config::at_least;
using config::one_of;

struct Vae {
  static constexpr const char* kType = "vae";
  double beta = 1;
  template <class V>
  void fields(V& v) {
    v("beta", beta, at_least(0));
  }
};
struct Wae {
  static constexpr const char* kType = "wae";
  std::string kernel = "imq";
  template <class V>
  void fields(V& v) {
    v("kernel", kernel, one_of({"imq", "rbf"}));
  }
};
struct Model {
  int bands = 16;
  std::vector<int> ratios{4, 2};
  std::variant<Vae, Wae> latent;
  std::map<std::string, double> weights;
  bool causal = true;
  template <class V>
  void fields(V& v) {
    v("bands", bands, one_of({1, 4, 16}));
    v("ratios", ratios, at_least(2));
    v("latent", latent);
    v("weights", weights);
    v("causal", causal);
  }
};
struct RunConfig {
  Model model;
  template <class V>
  void fields(V& v) {
    v("model", model);
  }
};

std::string refusal(const std::string& yaml) {
  return error_of([&] { config::read<RunConfig>(config::parse_text(yaml, "x.yaml")); });
}

TEST(Config, KeepsTheDefaultOfWhatIsAbsent) {
  const RunConfig run = config::read<RunConfig>(config::parse_text("model:\n  latent: {type: wae}\n"));
  EXPECT_EQ(run.model.bands, 16);
  EXPECT_EQ(std::get<Wae>(run.model.latent).kernel, "imq");
}

TEST(Config, NamesFileLineFieldAndTheNearestSpelling) {
  EXPECT_EQ(refusal("model:\n  bands: 4\n  ratos: [2]\n"),
            "x.yaml:3: model has no field 'ratos' (did you mean 'ratios'?)");
  EXPECT_EQ(refusal("model:\n  bands: 7\n"), "x.yaml:2: model.bands: unknown value '7' (there are: 1, 4, 16)");
  EXPECT_EQ(refusal("model:\n  bands: many\n"), "x.yaml:2: model.bands: 'many' is not a whole number");
  EXPECT_EQ(refusal("model:\n  ratios: [4, 1]\n"), "x.yaml:2: model.ratios.1: 1 must be at least 2");
  EXPECT_EQ(refusal("model:\n  latent: {type: gan}\n"),
            "x.yaml:2: model.latent: unknown type 'gan' (there are: vae, wae)");
  EXPECT_EQ(refusal("model:\n  latent:\n    type: vae\n    beta: -1\n"),
            "x.yaml:4: model.latent.beta: -1 must be at least 0");
  EXPECT_EQ(refusal("model: 3\n"), "x.yaml:1: model must be a table of fields");
  EXPECT_EQ(refusal("model:\n  bands: 4\n  bands: 16\n"), "x.yaml:3: 'bands' is given twice");
}

TEST(Config, ReadsBackWhatItDumps) {
  RunConfig run;
  run.model.bands = 4;
  run.model.latent = Wae{"rbf"};
  run.model.weights = {{"kl", 0.1}};
  const std::string dumped = config::dump(run);
  EXPECT_EQ(config::dump(config::read<RunConfig>(config::parse_text(dumped))), dumped);
  EXPECT_THAT(dumped, testing::HasSubstr("kernel: rbf"));
}

TEST(Config, ExtendsMergesTablesReplacesListsAndRemembersWhereAValueCameFrom) {
  const TemporaryFolder folder;
  write_file(folder / "base.yaml", "model:\n  bands: 5\n  ratios: [4, 4]\n  causal: false\n");
  write_file(folder / "run.yaml", "extends: base.yaml\nmodel:\n  ratios: [8]\n");
  config::Value root = config::load(folder / "run.yaml");
  EXPECT_THAT(error_of([&] { config::read<RunConfig>(root); }), testing::HasSubstr("base.yaml:2: model.bands"));
  config::set(root, "model.bands=4");
  config::set(root, "model.ratios.0=3");
  const RunConfig run = config::read<RunConfig>(root);
  EXPECT_EQ(run.model.ratios, std::vector<int>{3});
  EXPECT_FALSE(run.model.causal);
  config::set(root, "model.bans=4");
  EXPECT_EQ(error_of([&] { config::read<RunConfig>(root); }),
            "--set model.bans: model has no field 'bans' (did you mean 'bands'?)");
}

TEST(Config, FilesJoinedByAPlusAreAFileThatExtendsThem) {
  const TemporaryFolder folder;
  write_file(folder / "a.yaml", "model:\n  bands: 4\n  ratios: [4, 4]\n");
  write_file(folder / "b.yaml", "model:\n  ratios: [8]\n");
  write_file(folder / "c.yaml", "model:\n  causal: false\n");
  write_file(folder / "all.yaml", "extends: [a.yaml, b.yaml, c.yaml]\n");
  const std::string joined =
      std::string(folder / "a.yaml") + "+" + std::string(folder / "b.yaml") + "+" + std::string(folder / "c.yaml");
  EXPECT_EQ(config::dump(config::load(joined)), config::dump(config::load(folder / "all.yaml")));
  EXPECT_THAT(error_of([&] { config::load(joined + "+none.yaml"); }), testing::HasSubstr("none.yaml: cannot be read"));
}

TEST(Config, RefusesATypeWhereThereIsNoChoice) {
  EXPECT_EQ(refusal("model:\n  type: vae\n  bands: 4\n"),
            "x.yaml:2: model has no field 'type' (there are: bands, ratios, latent, weights, causal)");
  EXPECT_EQ(refusal("type: rave\n"), "x.yaml:1: the config has no field 'type' (there are: model)");
  EXPECT_EQ(refusal("model:\n  latent: {type: wae, kernel: rbf}\n"), "no error");
}

struct Step {
  int steps = 0;
  template <class V>
  void fields(V& v) {
    v("steps", steps);
  }
};
struct Plan {
  Named<Step> phases;
  template <class V>
  void fields(V& v) {
    v("phases", phases);
  }
};

TEST(Config, NamedEntriesKeepTheirOrderAndMergeByName) {
  const TemporaryFolder folder;
  write_file(folder / "base.yaml", "phases:\n  z: {steps: 1}\n  a: {steps: 2}\n");
  write_file(folder / "run.yaml", "extends: base.yaml\nphases:\n  a: {steps: 3}\n  m: {steps: 4}\n");
  config::Value root = config::load(folder / "run.yaml");
  config::set(root, "phases.0.steps=9");
  const Plan plan = config::read<Plan>(root);
  ASSERT_EQ(plan.phases.size(), 3u);
  EXPECT_EQ(plan.phases[0].first, "z");
  EXPECT_EQ(plan.phases[0].second.steps, 9);
  EXPECT_EQ(plan.phases[1].second.steps, 3);
  EXPECT_EQ(plan.phases[2].first, "m");
}

TEST(Config, RefusesAFileThatExtendsItselfOrNothing) {
  const TemporaryFolder folder;
  write_file(folder / "a.yaml", "extends: a.yaml\n");
  EXPECT_THAT(error_of([&] { config::load(folder / "a.yaml"); }), testing::HasSubstr("extends itself"));
  write_file(folder / "b.yaml", "extends: none.yaml\n");
  EXPECT_THAT(error_of([&] { config::load(folder / "b.yaml"); }),
              testing::HasSubstr("b.yaml:1: extends 'none.yaml', but there is no "));
  EXPECT_THAT(error_of([&] { config::load(folder / "c.yaml"); }),
              testing::HasSubstr("c.yaml: cannot be read (No such file"));
}

// In a chain, each file names two others that exist: without a limit, 30 files of two lines are read a thousand
// million times.
TEST(Config, RefusesFilesThatExtendOneAnotherWithoutEnd) {
  const TemporaryFolder folder;
  for (int i = 0; i < 30; ++i) {
    const std::string next = std::to_string(i + 1) + ".yaml";
    write_file(folder / (std::to_string(i) + ".yaml"), "extends: [" + next + ", " + next + "]\n");
  }
  write_file(folder / "30.yaml", "model: {}\n");
  EXPECT_THAT(error_of([&] { config::load(folder / "0.yaml"); }),
              testing::HasSubstr(": more than 100 files extend one another, the limit"));
}

TEST(Config, RefusesACircleOfFilesThroughALink) {
  const TemporaryFolder folder;
  make_folder(folder / "real");
  std::filesystem::create_directory_symlink(folder / "real", folder / "real/again");
  write_file(folder / "real/a.yaml", "extends: again/a.yaml\n");
  EXPECT_THAT(error_of([&] { config::load(folder / "real/a.yaml"); }),
              testing::HasSubstr("again/a.yaml: extends itself"));
}

struct Empty {
  template <class V>
  void fields(V&) {}
};

TEST(Config, AFieldOfATableThatSetMadeSaysWhoMadeIt) {
  config::Value root;
  config::set(root, "prior.run", "x");
  EXPECT_EQ(error_of([&] { config::read<Empty>(root); }), "--set prior.run: the config has no field 'prior'");
}

}  // namespace
}  // namespace nr
