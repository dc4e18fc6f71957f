#include "generation/osc.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/error.h"

namespace nr {
namespace {

constexpr size_t kLargest = 65507;  // bytes of a datagram
constexpr int kDeepest = 8;         // bundles in bundles

class OscReader {
 public:
  explicit OscReader(const std::string& bytes) : bytes_(bytes) {}
  bool done() const { return at_ == bytes_.size(); }
  std::string text() {
    const size_t end = bytes_.find('\0', at_);
    if (end == std::string::npos) fail("a text in an OSC message has no end");
    const std::string out = bytes_.substr(at_, end - at_);
    skip((end - at_) / 4 * 4 + 4);
    return out;
  }
  uint32_t word() {
    uint32_t out;
    std::memcpy(&out, take(4), 4);
    return ntohl(out);
  }
  uint64_t wide() {
    const uint64_t high = word();
    return high << 32 | word();
  }
  std::string bytes(size_t count) { return {take(count), count}; }

 private:
  const char* take(size_t count) {
    const size_t from = at_;
    skip(count);
    return bytes_.data() + from;
  }
  void skip(size_t count) {
    if (count > bytes_.size() - at_) fail("an OSC message is cut off after ", bytes_.size(), " bytes");
    at_ += count;
  }
  const std::string& bytes_;
  size_t at_ = 0;
};

template <class Number, class Bits>
Number as(Bits bits) {
  Number out;
  static_assert(sizeof out == sizeof bits);
  std::memcpy(&out, &bits, sizeof out);
  return out;
}

OscArgument argument(char type, OscReader& in) {
  switch (type) {
    case 'i': return as<int32_t>(in.word());
    case 'f': return as<float>(in.word());
    case 'h': return int32_t(as<int64_t>(in.wide()));
    case 'd': return float(as<double>(in.wide()));
    case 'T': return 1;
    case 'F': return 0;
    case 's':
    case 'S': return in.text();
    default: fail("an OSC message has an argument of type '", type, "', expected one of i f s S h d T F");
  }
}

OscMessage message_of(OscReader& in) {
  OscMessage out{in.text(), {}};
  if (out.path.empty() || out.path[0] != '/') fail("an OSC message does not begin with '/'");
  const std::string types = in.done() ? "," : in.text();
  if (types.empty() || types[0] != ',') fail(out.path, ": has no list of types");
  for (const char type : types.substr(1)) out.arguments.push_back(argument(type, in));
  if (!in.done()) fail(out.path, ": is longer than its types say");
  return out;
}

void parse(const std::string& bytes, int depth, std::vector<OscMessage>& out) {
  OscReader in(bytes);
  if (bytes.compare(0, 8, std::string("#bundle\0", 8)) != 0) {
    out.push_back(message_of(in));
    return;
  }
  if (depth == kDeepest) fail("more than ", kDeepest, " OSC bundles in one another");
  in.text(), in.wide();
  while (!in.done()) parse(in.bytes(in.word()), depth + 1, out);
}

void add_text(const std::string& text, std::string& out) {
  out += text.substr(0, text.find('\0'));
  out.append(4 - out.size() % 4, '\0');
}

void add_word(uint32_t word, std::string& out) {
  word = htonl(word);
  out.append(reinterpret_cast<const char*>(&word), 4);
}

sockaddr_in address(const std::string& host, int port) {
  sockaddr_in out{};
  out.sin_family = AF_INET, out.sin_port = htons(uint16_t(port));
  if (inet_pton(AF_INET, host.c_str(), &out.sin_addr) != 1) fail("'", host, "' is no IPv4 address, such as 127.0.0.1");
  return out;
}

}  // namespace

std::string osc_bytes(const OscMessage& message) {
  std::string out, types = ",", values;
  for (const OscArgument& a : message.arguments) {
    if (const auto* whole = std::get_if<int32_t>(&a)) types += 'i', add_word(as<uint32_t>(*whole), values);
    else if (const auto* number = std::get_if<float>(&a)) types += 'f', add_word(as<uint32_t>(*number), values);
    else types += 's', add_text(std::get<std::string>(a), values);
  }
  add_text(message.path, out);
  add_text(types, out);
  return out + values;
}

std::vector<OscMessage> parse_osc(const std::string& bytes) {
  std::vector<OscMessage> out;
  parse(bytes, 0, out);
  return out;
}

UdpPort::UdpPort(const std::string& host, int port) : socket_(socket(AF_INET, SOCK_DGRAM, 0)), port_(port) {
  sockaddr_in here = address(host, port);
  socklen_t size = sizeof here;
  if (socket_ < 0 || bind(socket_, reinterpret_cast<sockaddr*>(&here), size) != 0 ||
      getsockname(socket_, reinterpret_cast<sockaddr*>(&here), &size) != 0) {
    const std::string reason = std::strerror(errno);
    if (socket_ >= 0) close(socket_);
    fail("cannot listen on UDP ", host, ":", port, ": ", reason);
  }
  port_ = ntohs(here.sin_port);
}

UdpPort::~UdpPort() { close(socket_); }

std::optional<std::string> UdpPort::receive(int milliseconds) {
  pollfd waiting{socket_, POLLIN, 0};
  if (poll(&waiting, 1, milliseconds) <= 0) return {};
  std::string out(kLargest, '\0');
  const ssize_t count = recv(socket_, out.data(), out.size(), 0);
  if (count < 0) return {};
  out.resize(size_t(count));
  return out;
}

void UdpPort::send(const std::string& host, int port, const std::string& bytes) {
  const sockaddr_in to = address(host, port);
  sendto(socket_, bytes.data(), bytes.size(), 0, reinterpret_cast<const sockaddr*>(&to), sizeof to);
}

}  // namespace nr
