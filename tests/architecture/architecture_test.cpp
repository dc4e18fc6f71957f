#include <gmock/gmock.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <regex>
#include <set>
#include <sstream>

#include "architecture/layers.h"
#include "base/error.h"
#include "base/files.h"

namespace nr {
namespace {
namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::IsEmpty;

using Sources = std::map<std::string, std::string>;  // path from the root -> contents
using Lines = std::vector<std::string>;

bool begins(const std::string& text, const std::string& prefix) { return text.rfind(prefix, 0) == 0; }

Sources read_sources(const Lines& folders) {
  Sources out;
  for (const std::string& folder : folders) {
    const fs::path top = fs::path(NR_SOURCE_DIR) / folder;
    if (!fs::exists(top)) continue;
    for (const auto& entry : fs::recursive_directory_iterator(top)) {
      const std::string path = entry.path().lexically_relative(NR_SOURCE_DIR).string(),
                        extension = entry.path().extension();
      const bool source = std::set<std::string>{".h", ".hpp", ".cpp", ".c", ".S"}.count(extension) > 0;
      if (source && !begins(path, "export/models/")) out[path] = read_file(entry.path());
    }
  }
  return out;
}

const Sources& tree() {
  static const Sources sources = read_sources({"lib", "export", "apps"});
  return sources;
}

struct Include {
  std::string path;
  bool quoted;
};

std::vector<Include> includes_of(const std::string& contents) {
  static const std::regex pattern(R"(^\s*#\s*include\s*(["<])([^">]+)[">])");
  std::vector<Include> out;
  std::istringstream in(contents);
  std::smatch match;
  for (std::string line; std::getline(in, line);)
    if (std::regex_search(line, match, pattern)) out.push_back({match[2], match[1] == "\""});
  return out;
}

const Layer* layer_of(const std::string& path) {
  for (const Layer& layer : layers())
    if (begins(path, layer.folder)) return &layer;
  return nullptr;
}

// Where a quoted include lies: beside its file, under lib/, or from the root; "" when it is not ours.
std::string resolve(const Sources& sources, const std::string& from, const std::string& include) {
  const std::string beside = (fs::path(from).parent_path() / include).lexically_normal();
  for (const std::string& path : {beside, "lib/" + include, include})
    if (sources.count(path)) return path;
  return "";
}

bool is_torch(const std::string& include) {
  return begins(include, "torch/") || begins(include, "ATen/") || begins(include, "c10/");
}

// One line for every #include that crosses the table.
Lines crossings(const Sources& sources) {
  Lines out;
  for (const auto& [path, contents] : sources) {
    const Layer* layer = layer_of(path);
    if (!layer) {
      out.push_back(path + " lies in no layer");
      continue;
    }
    for (const Include& include : includes_of(contents)) {
      const std::string target = include.quoted ? resolve(sources, path, include.path) : "";
      const Layer* other = layer_of(target);
      if (is_torch(include.path) && !layer->torch)
        out.push_back(path + " includes <" + include.path + "> above the torch wall");
      if (other && other != layer && std::count(layer->may_include.begin(), layer->may_include.end(), other->name) == 0)
        out.push_back(path + " includes " + target + ": " + layer->name + " may not include " + other->name);
      if (include.quoted && !other && !begins(layer->folder, "export/"))
        out.push_back(path + " includes " + include.path + ", which is not there");
      if (layer->name == "runtime" && !other &&
          std::count(freestanding().begin(), freestanding().end(), include.path) == 0)
        out.push_back(path + " includes " + include.path + ", which is not freestanding");
      for (const auto& [library, home] : kept_behind())
        if (begins(include.path, library) && !begins(path, home) && !(library == "CLI/" && begins(path, "apps/")))
          out.push_back(path + " includes <" + include.path + ">, which only " + home + " may");
    }
  }
  return out;
}

// Everything a file includes, directly or through ours.
std::set<std::string> reached(const Sources& sources, const std::string& path) {
  std::set<std::string> seen;
  Lines open{path};
  while (!open.empty()) {
    const std::string file = open.back();
    open.pop_back();
    for (const Include& include : includes_of(sources.at(file))) {
      const std::string target = include.quoted ? resolve(sources, file, include.path) : "";
      if (seen.insert(target.empty() ? include.path : target).second && !target.empty()) open.push_back(target);
    }
  }
  return seen;
}

Lines apps_that_reach_torch(const Sources& sources) {
  Lines out;
  for (const auto& [path, contents] : sources)
    if (begins(path, "apps/"))
      for (const std::string& include : reached(sources, path))
        if (is_torch(include)) out.push_back(path + " reaches <" + include + ">");
  return out;
}

Lines badly_named(const Sources& sources) {
  Lines out;
  for (const auto& [path, contents] : sources)
    for (const fs::path& part : fs::path(path)) {
      std::istringstream words(part.stem().string());
      for (std::string word; std::getline(words, word, '_');)
        if (std::count(forbidden_names().begin(), forbidden_names().end(), word)) out.push_back(path);
    }
  return out;
}

Lines too_long(const Sources& sources) {
  Lines out;
  for (const auto& [path, contents] : sources) {
    const auto lines = std::count(contents.begin(), contents.end(), '\n');
    if (lines > 300) out.push_back(text(path, ": ", lines, " lines"));
  }
  return out;
}

// Types that two headers define by one name in one namespace: the linker would take the functions of either for both.
Lines defined_twice(const Sources& sources) {
  static const std::regex type("^(?:struct|class|enum class) (\\w+)(?: final)?(?: : [^;]*)? ?\\{",
                               std::regex::multiline);
  static const std::regex space("^namespace ([\\w:]+) \\{", std::regex::multiline);
  std::map<std::string, std::set<std::string>> homes;
  for (const auto& [path, contents] : sources) {
    if (fs::path(path).extension() != ".h") continue;
    std::smatch found;
    const std::string prefix = std::regex_search(contents, found, space) ? found[1].str() + "::" : "";
    for (std::sregex_iterator i(contents.begin(), contents.end(), type), end; i != end; ++i)
      homes[prefix + (*i)[1].str()].insert(path);
  }
  Lines out;
  for (const auto& [name, paths] : homes)
    if (paths.size() > 1) out.push_back(name + " in " + *paths.begin() + " and " + *paths.rbegin());
  return out;
}

// Lines of more than 120 characters of UTF-8.
Lines too_wide(const Sources& sources) {
  Lines out;
  for (const auto& [path, contents] : sources) {
    std::istringstream lines(contents);
    int number = 0;
    for (std::string line; std::getline(lines, line);) {
      ++number;
      if (std::count_if(line.begin(), line.end(), [](char c) { return (c & 0xc0) != 0x80; }) > 120)
        out.push_back(text(path, ":", number));
    }
  }
  return out;
}

TEST(Layers, AreKeptByEveryInclude) {
  ASSERT_GT(tree().size(), 30u);
  EXPECT_THAT(crossings(tree()), IsEmpty());
}

TEST(Layers, AllowOnlyEarlierOnes) {
  std::set<std::string> earlier;
  for (const Layer& layer : layers()) {
    for (const std::string& name : layer.may_include)
      EXPECT_TRUE(earlier.count(name)) << layer.name << " includes " << name;
    earlier.insert(layer.name);
  }
}

TEST(Layers, AppsReachNoTorchHeader) { EXPECT_THAT(apps_that_reach_torch(tree()), IsEmpty()); }

TEST(Layers, CrossedAreReported) {
  const Sources wrong{
      {"apps/train.cpp", "#include \"training/train.h\"\n"},
      {"export/runtime/stream.cpp", "#include <vector>\n#include <stdint.h>\n"},
      {"lib/base/names.h", "#include \"graph/graph.h\"\n#include <spdlog/spdlog.h>\n"},
      {"lib/graph/graph.h", "  #  include <torch/types.h>\n"},
      {"lib/nn/x.h", "#include <torch/torch.h>\n#include \"nowhere.h\"\n"},
      {"lib/odd/x.h", ""},
      {"lib/training/train.h", "#include \"nn/x.h\"\n"},
  };
  EXPECT_THAT(crossings(wrong),
              ElementsAre("export/runtime/stream.cpp includes vector, which is not freestanding",
                          "lib/base/names.h includes lib/graph/graph.h: base may not include graph",
                          "lib/base/names.h includes <spdlog/spdlog.h>, which only lib/base/log.cpp may",
                          "lib/graph/graph.h includes <torch/types.h> above the torch wall",
                          "lib/nn/x.h includes nowhere.h, which is not there", "lib/odd/x.h lies in no layer"));
  EXPECT_THAT(apps_that_reach_torch(wrong), ElementsAre("apps/train.cpp reaches <torch/torch.h>"));
}

TEST(SourceFiles, AreAtMostThreeHundredLines) {
  EXPECT_THAT(too_long(tree()), IsEmpty());
  EXPECT_THAT(too_long(read_sources({"tests"})), IsEmpty());
  EXPECT_THAT(too_long({{"a.h", std::string(301, '\n')}, {"b.h", std::string(300, '\n')}}),
              ElementsAre("a.h: 301 lines"));
}

TEST(SourceFiles, HaveLinesOfAtMost120Columns) {
  EXPECT_THAT(too_wide(tree()), IsEmpty());
  EXPECT_THAT(too_wide(read_sources({"tests"})), IsEmpty());
  EXPECT_THAT(too_wide({{"a.h", "\n" + std::string(121, 'x') + "\n"}, {"b.h", std::string(119, 'x') + "\u00e9\n"}}),
              ElementsAre("a.h:2"));
}

TEST(SourceFiles, AreNamedForWhatTheyHold) {
  EXPECT_THAT(badly_named(tree()), IsEmpty());
  EXPECT_THAT(badly_named(read_sources({"tests"})), IsEmpty());
  EXPECT_THAT(badly_named({{"lib/a/string_util.h", ""}, {"lib/common/x.h", ""}, {"lib/a/encore.h", ""}}),
              ElementsAre("lib/a/string_util.h", "lib/common/x.h"));
}

TEST(SourceFiles, DefineEachTypeOnce) {
  Sources headers = tree();
  for (auto source = headers.begin(); source != headers.end();) {  // firmware is another program
    const bool other = begins(source->first, "export/") && !begins(source->first, "export/player/");
    source = other ? headers.erase(source) : std::next(source);
  }
  EXPECT_THAT(defined_twice(headers), IsEmpty());
  EXPECT_THAT(defined_twice({{"a.h", "namespace nr {\nstruct Part {\n"},
                             {"b.h", "namespace nr {\nclass Part : public X {\n"},
                             {"c.h", "namespace nr::config {\nstruct Part {\n"},
                             {"d.h", "namespace nr {\nstruct Part;\n"}}),
              ElementsAre("nr::Part in a.h and b.h"));
}

TEST(SourceFiles, EachLibraryIsIncludedByOneFile) {
  for (const auto& [library, home] : kept_behind()) {
    const bool files = home.back() != '/';  // home names them: an LV2 host has several
    Lines found;
    for (const auto& [path, contents] : tree())
      for (const Include& include : includes_of(contents))
        if (begins(include.path, library) && !begins(path, "apps/") && !(files && begins(path, home)) &&
            (found.empty() || found.back() != path))
          found.push_back(path);
    EXPECT_LE(found.size(), files ? 0u : 1u) << library << " in " << found.front() << " and " << found.back();
  }
}

TEST(SourceFiles, HeadersOpenWithWhatTheyAre) {
  for (const auto& [path, contents] : tree()) {
    if (fs::path(path).extension() != ".h") continue;
    EXPECT_TRUE(begins(contents, "// ") || begins(contents, "/* ")) << path;
  }
}

}  // namespace
}  // namespace nr
