// YAML from elsewhere: what nests, repeats or contains itself ends in an error that says the limit.
#include <gmock/gmock.h>

#include "base/files.h"
#include "config/value.h"
#include "support/errors.h"
#include "support/temporary.h"

namespace nr {
namespace {
using testing::HasSubstr;

std::string refusal(const std::string& yaml) {
  return error_of([&] { config::parse_text(yaml, "x.yaml"); });
}

std::string repeated(const std::string& part, int times) {
  std::string out;
  for (int i = 0; i < times; ++i) out += part;
  return out;
}

TEST(YamlLimits, RefuseAValueThatContainsItself) {
  EXPECT_EQ(refusal("b: 1\na: &a [*a]\n"), "x.yaml:2: an alias stands inside the value that it repeats");
  EXPECT_EQ(refusal("a: &a {b: {c: [1, *a]}}\n"), "x.yaml:1: an alias stands inside the value that it repeats");
}

TEST(YamlLimits, RefuseAliasesThatMultiply) {
  std::string yaml = "a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol, lol]\n";
  for (int i = 1; i < 10; ++i) {
    const std::string before = "*a" + std::to_string(i - 1), name = "a" + std::to_string(i);
    yaml += name + ": &" + name + " [" + before + repeated(", " + before, 9) + "]\n";
  }
  EXPECT_EQ(refusal(yaml), "x.yaml:4: more than 20000 values, the limit (an alias counts as all that it repeats)");
}

TEST(YamlLimits, RefuseMoreThan64Levels) {
  const std::string error = "x.yaml:1: nested deeper than 64 levels, the limit";
  EXPECT_EQ(refusal(repeated("[", 64) + repeated("]", 64)), "no error");
  EXPECT_EQ(refusal(repeated("[", 65) + repeated("]", 65)), error);
  EXPECT_THAT(refusal(repeated("[", 500000)), HasSubstr("x.yaml:1: ")) << "a list that never ends";
  EXPECT_EQ(refusal(repeated("{a: ", 70) + repeated("}", 70)), error);
  EXPECT_EQ(refusal(repeated("- ", 70)), error);
  std::string chain = "a0: &a0 [1]\n";  // each alias stands one level deeper than the one before
  for (int i = 1; i < 80; ++i) chain += text("a", i, ": &a", i, " [*a", i - 1, "]\n");
  EXPECT_EQ(refusal(chain), "x.yaml:63: nested deeper than 64 levels, the limit");
}

TEST(YamlLimits, RefuseMoreThan20000Values) {
  EXPECT_EQ(refusal("[0" + repeated(",0", 19998) + "]"), "no error");
  EXPECT_THAT(refusal("[0" + repeated(",0", 19999) + "]"), HasSubstr("more than 20000 values, the limit"));
}

TEST(YamlLimits, RefuseATextOfMoreThanAMebibyte) {
  const std::string comment(1 << 20, '#');
  EXPECT_EQ(refusal(comment), "no error");
  EXPECT_EQ(refusal(comment + "#"), "x.yaml: is 1048577 bytes long, the limit of a YAML text is 1048576");
  const TemporaryFolder folder;
  write_file(folder / "x.yaml", comment + "#");
  EXPECT_EQ(error_of([&] { config::load(folder / "x.yaml"); }),
            (folder / "x.yaml").string() + ": is longer than 1048576 bytes, the limit");
  EXPECT_EQ(error_of([] { config::load("/dev/zero"); }), "/dev/zero: is longer than 1048576 bytes, the limit");
}

TEST(Yaml, AliasesRepeatWhatTheirAnchorNamed) {
  const config::Value root = config::parse_text("a: &a {x: [1, 2]}\nb: *a\nc: &b 3\nd: [*b, *a]\n");
  EXPECT_EQ(config::dump(root), "a:\n  x: [1, 2]\nb:\n  x: [1, 2]\nc: 3\nd:\n  - 3\n  - x: [1, 2]\n");
}

TEST(Yaml, RefusesAKeyThatIsNoText) {
  EXPECT_EQ(refusal("a: 1\n? [x, y]\n: 2\n"), "x.yaml:2: a key must be a text, found a list or a table");
  EXPECT_EQ(refusal("~: 2\n"), "x.yaml:1: a key must be a text");
  EXPECT_EQ(refusal("a: &a [1]\n*a : 2\n"), "x.yaml:2: a key must be a text");
}

}  // namespace
}  // namespace nr
