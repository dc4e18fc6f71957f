#include "report/chooser.h"

namespace nr::report {
namespace {

const char* const kOnInput =
    "const all=[...this.closest('.chooser').querySelectorAll('.choice')],chosen=all[this.value],"
    "was=all.map(e=>e.querySelector('audio')).find(a=>a&&!a.paused),now=chosen.querySelector('audio');"
    "all.forEach(e=>e.hidden=e!==chosen);"
    "this.parentNode.querySelector('output').textContent=chosen.dataset.label;"
    "if(was&&now&&was!==now){now.currentTime=was.currentTime;was.pause();now.play()}";

}  // namespace

Markup chooser(const std::string& title, const std::vector<Choice>& choices, size_t first) {
  const Markup slider = lone("input", {{"type", "range"},
                                       {"min", "0"},
                                       {"max", std::to_string(choices.size() - 1)},
                                       {"step", "1"},
                                       {"value", std::to_string(first)},
                                       {"autocomplete", "off"},
                                       {"oninput", kOnInput}});
  Markup ends, out;
  for (const Choice& choice : choices) ends += element("span", {}, choice.label);
  out += element("label", {},
                 element("span", {}, title) + element("output", {}, choices[first].label) + slider +
                     element("div", {{"class", "steps"}}, ends));
  for (size_t i = 0; i < choices.size(); ++i) {
    Attributes attributes{{"class", "choice"}, {"data-label", choices[i].label}};
    if (i != first) attributes.push_back({"hidden", ""});
    out += element("div", attributes, choices[i].inside);
  }
  return element("div", {{"class", "card chooser"}}, out);
}

}  // namespace nr::report
