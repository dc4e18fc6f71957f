// Open Sound Control 1.0 (opensoundcontrol.org): messages as bytes, and a UDP port. liblo is not used, because its
// servers listen on every interface, and what is behind this port opens files.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace nr {

using OscArgument = std::variant<int32_t, float, std::string>;
struct OscMessage {
  std::string path;  // "/decode"
  std::vector<OscArgument> arguments;
};

std::string osc_bytes(const OscMessage& message);
// Of one datagram: a message, or a bundle's messages in order, their times ignored. Arguments i, f, s, S, h, d, T and
// F; wide numbers are narrowed, T and F are 1 and 0. Error for anything else, cut off or longer than it says.
std::vector<OscMessage> parse_osc(const std::string& bytes);

class UdpPort {
 public:
  // host: an address of this machine, "127.0.0.1"; port 0: a free one. Error when it is taken.
  UdpPort(const std::string& host, int port);
  ~UdpPort();
  UdpPort(const UdpPort&) = delete;
  int port() const { return port_; }
  // A datagram; nothing after so many milliseconds without one.
  std::optional<std::string> receive(int milliseconds);
  // Error for a host that is no address. What the network loses is lost.
  void send(const std::string& host, int port, const std::string& bytes);

 private:
  int socket_, port_;
};

}  // namespace nr
