#include "generation/osc.h"

#include <gmock/gmock.h>

#include <cmath>

#include "base/random.h"
#include "support/errors.h"

namespace nr {
namespace {

using testing::HasSubstr;
using namespace std::string_literals;

// The example of the specification.
TEST(Osc, WritesTheBytesOfTheSpecification) {
  EXPECT_EQ(osc_bytes({"/oscillator/4/frequency", {440.f}}), "/oscillator/4/frequency\0,f\0\0\x43\xdc\0\0"s);
  EXPECT_EQ(osc_bytes({"/foo", {1000, -1, "hello"s, 1.234f, 5.678f}}),
            "/foo\0\0\0\0,iisff\0\0\0\0\x03\xe8\xff\xff\xff\xffhello\0\0\0\x3f\x9d\xf3\xb6\x40\xb5\xb2\x2d"s);
}

TEST(Osc, ReadsWhatItWrites) {
  const OscMessage message{"/params", {"cutoff"s, 0.5f, ""s, -7, "four"s}};
  const auto back = parse_osc(osc_bytes(message));
  ASSERT_EQ(back.size(), 1u);
  EXPECT_EQ(back[0].path, message.path);
  EXPECT_EQ(back[0].arguments, message.arguments);
}

TEST(Osc, ReadsBundlesAndWideNumbers) {
  const std::string one = osc_bytes({"/a", {1}}), two = "/b\0\0,dTF\0\0\0\0\x3f\xe0\0\0\0\0\0\0"s;
  const auto with_size = [](const std::string& s) { return "\0\0\0"s + char(s.size()) + s; };
  const std::string bundle = "#bundle\0\0\0\0\0\0\0\0\1"s + with_size(one) + with_size(two);
  const auto found = parse_osc(bundle);
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].path, "/a");
  EXPECT_EQ(found[1].arguments, (std::vector<OscArgument>{0.5f, 1, 0}));
}

TEST(Osc, RefusesWhatIsNoMessage) {
  const auto error = [](const std::string& bytes) { return error_of([&] { parse_osc(bytes); }); };
  EXPECT_THAT(error(""), HasSubstr("has no end"));
  EXPECT_THAT(error("ping"), HasSubstr("has no end"));
  EXPECT_THAT(error("ping\0\0\0\0"s), HasSubstr("does not begin with '/'"));
  EXPECT_THAT(error("/a\0\0,f\0\0\1"s), HasSubstr("cut off"));
  EXPECT_THAT(error("/a\0\0,b\0\0\0\0\0\0"s), HasSubstr("an argument of type 'b'"));
  EXPECT_THAT(error(osc_bytes({"/a", {1}}) + "\0\0\0\0"s), HasSubstr("longer than its types say"));
  std::string nested = osc_bytes({"/a", {}});
  for (int i = 0; i < 20; ++i)
    nested = "#bundle\0\0\0\0\0\0\0\0\1\0\0"s + char(nested.size() >> 8) + char(nested.size()) + nested;
  EXPECT_THAT(error(nested), HasSubstr("in one another"));
}

// Bytes that nobody would write: an error or messages, never more.
TEST(Osc, SurvivesRandomBytes) {
  Random random(7);
  const std::string good = osc_bytes({"/decode", {0.5f, -1.f, 0, 1, "text"s}});
  for (int i = 0; i < 3000; ++i) {
    std::string bytes = i % 3 ? good : std::string(random.below(64), '\0');
    const uint64_t changes = 1 + random.below(6);
    for (uint64_t c = 0; c < changes && !bytes.empty(); ++c)
      bytes[random.below(bytes.size())] = char(random.below(256));
    if (i % 3 == 2) bytes.resize(random.below(bytes.size() + 1));
    try {
      EXPECT_LT(parse_osc(bytes).size(), 100u);
    } catch (const Error& error) {
      EXPECT_FALSE(std::string(error.what()).empty());
    }
  }
}

TEST(UdpPort, CarriesADatagramAndRefusesATakenPort) {
  UdpPort here("127.0.0.1", 0), there("127.0.0.1", 0);
  there.send("127.0.0.1", here.port(), osc_bytes({"/ping", {}}));
  const auto got = here.receive(5000);
  ASSERT_TRUE(got);
  EXPECT_EQ(parse_osc(*got)[0].path, "/ping");
  EXPECT_FALSE(here.receive(0));
  EXPECT_THAT(error_of([&] { UdpPort("127.0.0.1", here.port()); }), HasSubstr("cannot listen on UDP 127.0.0.1:"));
  EXPECT_THAT(error_of([&] { here.send("localhost", 1, ""); }), HasSubstr("is no IPv4 address"));
}

}  // namespace
}  // namespace nr
