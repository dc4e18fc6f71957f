#include "evaluation/listening.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "base/files.h"
#include "support/errors.h"
#include "support/temporary.h"

namespace nr {
namespace {
namespace fs = std::filesystem;

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr size_t kClips = 8;

void write_test(const fs::path& folder) {
  std::vector<ListeningPair> pairs;
  for (size_t i = 0; i < kClips; ++i)
    pairs.push_back({"clip_" + std::to_string(i) + ".wav", 16000, std::vector<float>(400),
                     std::vector<float>(400, 0.1f), std::vector<float>(400, 0.2f)});
  write_listening_test(pairs, {"plain", "steered"}, 1, folder);
}

nlohmann::json key(const fs::path& folder) { return nlohmann::json::parse(read_file(folder / "listening.json")); }

// A listener who always finds the run nearer, or says `other` in the first `undecided` clips.
std::string answers(const fs::path& folder, const std::string& listener, int run, size_t undecided = 0,
                    const std::string& other = "=") {
  nlohmann::json out{{"test", key(folder)["test"]}, {"listener", listener}, {"answers", nlohmann::json::array()}};
  for (size_t i = 0; i < kClips; ++i)
    out["answers"].push_back(i < undecided ? other : (key(folder)["pairs"][i]["A"] == run) ? "A" : "B");
  const fs::path file = folder / (listener + ".json");
  write_file(file, out.dump());
  return file.string();
}

TEST(Listening, ThePageDoesNotSayWhichSoundIsWhose) {
  const TemporaryFolder folder;
  write_test(folder / "test");
  const std::string page = read_file(folder / "test/listening.html");
  EXPECT_THAT(page, AllOf(HasSubstr("no difference"), HasSubstr("Save the answers"), HasSubstr("data:audio/wav")));
  for (const char* secret : {"plain", "steered", "clip_", "http:", "https:"}) EXPECT_THAT(page, Not(HasSubstr(secret)));
  const nlohmann::json truth = key(folder / "test");
  size_t swapped = 0;
  for (const auto& pair : truth["pairs"]) swapped += pair["A"] == 1;
  EXPECT_EQ(swapped, kClips / 2);
}

TEST(Listening, AnswersAreCountedForTheRunWhoseSoundItWas) {
  const TemporaryFolder folder;
  write_test(folder / "test");
  const std::string first = answers(folder / "test", "first", 1), second = answers(folder / "test", "second", 1, 2),
                    table = listening_table(folder / "test", {first, second});
  EXPECT_THAT(table, HasSubstr("| listener | plain | steered | no difference |"));
  EXPECT_THAT(table, HasSubstr("| first | 0 | 8 | 0 |"));
  EXPECT_THAT(table, HasSubstr("| second | 0 | 6 | 2 |"));
  EXPECT_THAT(table, HasSubstr("| all | 0 | 14 | 2 |"));
  EXPECT_THAT(table, HasSubstr("p = 0.008 "));  // 2 of 2^8
  EXPECT_THAT(listening_table(folder / "test", {answers(folder / "test", "third", 0, 3, "")}),
              HasSubstr("| third | 5 | 0 | 0 |"));
}

TEST(Listening, RefusesWhatIsNoAnswerToThisTest) {
  const TemporaryFolder folder;
  write_test(folder / "test");
  const auto refusal = [&](const std::string& contents) {
    write_file(folder / "a.json", contents);
    return error_of([&] { listening_table(folder / "test", {(folder / "a.json").string()}); });
  };
  const std::string test = key(folder / "test")["test"];
  EXPECT_THAT(refusal("{"), HasSubstr("a.json: holds no answers"));
  EXPECT_THAT(refusal(R"({"test": "00", "answers": []})"), HasSubstr("answers another listening test (\"00\","));
  EXPECT_THAT(refusal(R"({"test": ")" + test + R"(", "answers": ["A"]})"), HasSubstr("1 answers, expected 8"));
  EXPECT_THAT(refusal(R"({"test": ")" + test + R"(", "answers": ["A","A","A","A","A","A","A","C"]})"),
              HasSubstr("answer 8 is \"C\", expected"));
  const std::string first = answers(folder / "test", "first", 1);
  EXPECT_THAT(error_of([&] { listening_table(folder / "test", {first, first}); }),
              HasSubstr("'first' has answered already"));
}

}  // namespace
}  // namespace nr
