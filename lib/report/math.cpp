#include "report/math.h"

#include <cctype>
#include <map>

#include "base/error.h"
#include "base/names.h"

namespace nr::report {
namespace {

Markup identifier(const std::string& name) { return element("mi", {}, name); }
Markup sign(const std::string& text) { return element("mo", {{"stretchy", "false"}}, text); }
Markup function(const std::string& name) { return element("mo", {{"lspace", "0.1em"}, {"rspace", "0.17em"}}, name); }
Markup row(const Markup& inside) { return element("mrow", {}, inside); }

const std::map<std::string, std::string>& identifiers() {
  static const std::map<std::string, std::string> all{
      {"mu", "μ"},     {"sigma", "σ"}, {"epsilon", "ε"}, {"pi", "π"},
      {"lambda", "λ"}, {"theta", "θ"}, {"Delta", "Δ"}};
  return all;
}

bool is_function(const std::string& name) {
  return contains({"ln", "exp", "max", "min", "det", "Re", "Im"}, name);
}

const std::map<std::string, std::string>& signs() {
  static const std::map<std::string, std::string> all{{"lvert", "|"}, {"rvert", "|"}, {"lVert", "‖"}, {"rVert", "‖"},
                                                      {"mid", "|"},   {"cdot", "·"},  {"angle", "∠"}, {"sum", "∑"}};
  return all;
}

const std::map<std::string, std::string>& accents() {
  static const std::map<std::string, std::string> all{{"hat", "^"}, {"tilde", "~"}, {"bar", "¯"}};
  return all;
}

class Reader {
 public:
  explicit Reader(const std::string& tex) : tex_(tex) {}

  Markup all() {
    const Markup out = sequence();
    if (at_ < tex_.size()) wrong("a brace that nothing opened");
    return out;
  }

 private:
  [[noreturn]] void wrong(const std::string& what) const { fail("formula: ", what, " at ", at_, " of ", tex_); }
  void skip_spaces() {
    while (at_ < tex_.size() && std::isspace(static_cast<unsigned char>(tex_[at_]))) ++at_;
  }
  bool take(char c) {
    skip_spaces();
    if (at_ >= tex_.size() || tex_[at_] != c) return false;
    ++at_;
    return true;
  }

  Markup sequence() {
    Markup out;
    for (skip_spaces(); at_ < tex_.size() && tex_[at_] != '}'; skip_spaces()) out += scripted();
    return out;
  }

  // An atom with what stands above and below it. Of a sum under and over it.
  Markup scripted() {
    const bool sum = tex_.compare(at_, 4, "\\sum") == 0;
    const Markup base = atom();
    Markup below, above;
    while (true) {
      if (below.text.empty() && take('_')) below = argument();
      else if (above.text.empty() && take('^')) above = argument();
      else break;
    }
    const std::string tag = sum ? "under" : "sub", over = sum ? "over" : "sup";
    if (!below.text.empty() && !above.text.empty()) return element("m" + tag + over, {}, base + below + above);
    if (!below.text.empty()) return element("m" + tag, {}, base + below);
    return above.text.empty() ? base : element("m" + over, {}, base + above);
  }

  // What a command or a script applies to: a group, or the next atom, of which a digit stands alone.
  Markup argument() {
    skip_spaces();
    if (at_ < tex_.size() && std::isdigit(static_cast<unsigned char>(tex_[at_])))
      return element("mn", {}, std::string(1, tex_[at_++]));
    return atom();
  }

  std::string braced_text() {
    if (!take('{')) wrong("no brace");
    const size_t end = tex_.find('}', at_);
    if (end == std::string::npos) wrong("a brace that is not closed");
    const std::string out = tex_.substr(at_, end - at_);
    at_ = end + 1;
    return out;
  }

  Markup atom() {
    skip_spaces();
    if (at_ >= tex_.size()) wrong("nothing");
    const char c = tex_[at_];
    if (c == '\\') return command();
    if (take('{')) {
      const Markup out = row(sequence());
      if (!take('}')) wrong("a brace that is not closed");
      return out;
    }
    if (std::isdigit(static_cast<unsigned char>(c))) return number();
    ++at_;
    if (std::isalpha(static_cast<unsigned char>(c))) return identifier(std::string(1, c));
    if (std::string("+-=<>()[],;:|/'").find(c) == std::string::npos) wrong(text("an unknown sign '", c, "'"));
    return sign(c == '-' ? "−" : c == '\'' ? "′" : std::string(1, c));
  }

  Markup number() {
    std::string digits;
    while (at_ < tex_.size() && (std::isdigit(static_cast<unsigned char>(tex_[at_])) ||
                                 (tex_[at_] == '.' && at_ + 1 < tex_.size() && std::isdigit(tex_[at_ + 1]))))
      digits += tex_[at_++];
    return element("mn", {}, digits);
  }

  Markup command() {
    const size_t begun = at_++;
    if (at_ < tex_.size() && (tex_[at_] == ',' || tex_[at_] == ';'))
      return ++at_, lone("mspace", {{"width", "0.2em"}});
    std::string name;
    while (at_ < tex_.size() && std::isalpha(static_cast<unsigned char>(tex_[at_]))) name += tex_[at_++];
    if (const auto found = identifiers().find(name); found != identifiers().end()) return identifier(found->second);
    if (is_function(name)) return function(name);
    if (const auto found = signs().find(name); found != signs().end()) return sign(found->second);
    if (const auto found = accents().find(name); found != accents().end())
      return element("mover", {{"accent", "true"}}, argument() + sign(found->second));
    if (name == "operatorname") return function(braced_text());
    if (name == "text") return element("mtext", {}, braced_text());
    if (name == "sqrt") return element("msqrt", {}, argument());
    if (name == "frac") {
      const Markup above = argument();
      return element("mfrac", {}, above + argument());
    }
    at_ = begun;
    wrong("the unknown command \\" + name);
  }

  const std::string& tex_;
  size_t at_ = 0;
};

}  // namespace

Markup formula(const std::string& tex, bool display) {
  return element("math", {{"display", display ? "block" : "inline"}}, row(Reader(tex).all()));
}

}  // namespace nr::report
