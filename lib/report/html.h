// Markup that cannot be confused with text: a text becomes Markup only by escaping, and elements nest Markup.
#pragma once
#include <string>
#include <utility>
#include <vector>

namespace nr::report {

struct Markup {
  std::string text;
  Markup& operator+=(const Markup& more) {
    text += more.text;
    return *this;
  }
};
inline Markup operator+(Markup a, const Markup& b) { return a += b; }

Markup escaped(const std::string& text);

using Attributes = std::vector<std::pair<std::string, std::string>>;  // values are escaped
Markup element(const std::string& tag, const Attributes& attributes, const Markup& inside);
Markup element(const std::string& tag, const Attributes& attributes, const std::string& text);  // escaped
Markup lone(const std::string& tag, const Attributes& attributes);                              // <tag ... />

std::string base64(const std::vector<unsigned char>& bytes);
// "data:audio/wav;base64,...": how one file carries its sounds and pictures.
std::string data_uri(const std::string& mime, const std::vector<unsigned char>& bytes);

struct Cell {
  std::string text;
  std::string note = "";  // small and grey under or behind the text
  bool number = false;    // right aligned, tabular figures
  bool strong = false;
  bool bad = false;  // red
};
struct DataTable {
  std::vector<Cell> head;
  std::vector<std::vector<Cell>> rows;
  std::string caption = "";
};
Markup table(const DataTable& table);

// A whole document that needs no other file and no network.
std::string page(const std::string& title, const Markup& body);

}  // namespace nr::report
