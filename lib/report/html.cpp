#include "report/html.h"

#include "report/style.h"

namespace nr::report {

Markup escaped(const std::string& text) {
  Markup out;
  for (const char c : text) switch (c) {
      case '&':
        out.text += "&amp;";
        break;
      case '<':
        out.text += "&lt;";
        break;
      case '>':
        out.text += "&gt;";
        break;
      case '"':
        out.text += "&quot;";
        break;
      case '\'':
        out.text += "&#39;";
        break;
      default:
        out.text += c;
    }
  return out;
}

namespace {
std::string opening(const std::string& tag, const Attributes& attributes) {
  std::string out = "<" + tag;
  for (const auto& [name, value] : attributes) out += " " + name + "=\"" + escaped(value).text + "\"";
  return out;
}
}  // namespace

Markup element(const std::string& tag, const Attributes& attributes, const Markup& inside) {
  return {opening(tag, attributes) + ">" + inside.text + "</" + tag + ">"};
}

Markup element(const std::string& tag, const Attributes& attributes, const std::string& text) {
  return element(tag, attributes, escaped(text));
}

Markup lone(const std::string& tag, const Attributes& attributes) { return {opening(tag, attributes) + "/>"}; }

std::string base64(const std::vector<unsigned char>& bytes) {
  static const char kLetters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  out.reserve((bytes.size() + 2) / 3 * 4);
  for (size_t i = 0; i < bytes.size(); i += 3) {
    const size_t left = bytes.size() - i;
    const unsigned group = bytes[i] << 16 | (left > 1 ? bytes[i + 1] << 8 : 0) | (left > 2 ? bytes[i + 2] : 0);
    out += kLetters[group >> 18];
    out += kLetters[group >> 12 & 63];
    out += left > 1 ? kLetters[group >> 6 & 63] : '=';
    out += left > 2 ? kLetters[group & 63] : '=';
  }
  return out;
}

std::string data_uri(const std::string& mime, const std::vector<unsigned char>& bytes) {
  return "data:" + mime + ";base64," + base64(bytes);
}

Markup table(const DataTable& t) {
  const auto row = [](const std::string& tag, const std::vector<Cell>& cells) {
    Markup out;
    for (const Cell& cell : cells) {
      Markup inside = cell.strong ? element("strong", {}, cell.text) : escaped(cell.text);
      if (!cell.note.empty()) inside += element("small", {}, cell.note);
      const std::string style = cell.number && cell.bad ? "number bad" : cell.number ? "number" : cell.bad ? "bad" : "";
      out += element(tag, style.empty() ? Attributes{} : Attributes{{"class", style}}, inside);
    }
    return element("tr", {}, out);
  };
  Markup body;
  for (const auto& cells : t.rows) body += row("td", cells);
  Markup inside = t.caption.empty() ? Markup{} : element("caption", {}, t.caption);
  inside += element("thead", {}, row("th", t.head)) + element("tbody", {}, body);
  return element("div", {{"class", "wide"}}, element("table", {}, inside));
}

std::string page(const std::string& title, const Markup& body) {
  const Markup head = lone("meta", {{"charset", "utf-8"}}) +
                      lone("meta", {{"name", "viewport"}, {"content", "width=device-width, initial-scale=1"}}) +
                      lone("meta", {{"name", "color-scheme"}, {"content", "light dark"}}) +
                      element("title", {}, title) + element("style", {}, Markup{kStyle});
  return "<!doctype html>\n" +
         element("html", {{"lang", "en"}}, element("head", {}, head) + element("body", {}, element("main", {}, body)))
             .text +
         "\n";
}

}  // namespace nr::report
