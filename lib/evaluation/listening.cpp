#include "evaluation/listening.h"

#include <limits>
#include <nlohmann/json.hpp>
#include <numeric>
#include <sstream>

#include "audio/clip.h"
#include "base/error.h"
#include "base/files.h"
#include "base/hash.h"
#include "base/random.h"
#include "evaluation/results.h"
#include "report/html.h"
#include "report/plot.h"

namespace nr {
namespace fs = std::filesystem;
namespace {

using Json = nlohmann::ordered_json;
using report::element;
using report::lone;
using report::Markup;

constexpr const char* kKey = "listening.json";

// Answers outlive the page being closed, and leave it as a file. TEST and PAIRS are replaced.
const char* const kScript = R"(
const test='TEST',pairs=PAIRS,inputs=[...document.querySelectorAll('input[type=radio]')],
name=document.querySelector('#listener'),
answers=()=>Array.from({length:pairs},
(_,i)=>(document.querySelector('input[name=pair'+i+']:checked')||{value:''}).value);
try{const old=JSON.parse(localStorage.getItem(test)||'{}');name.value=old.listener||'';
(old.answers||[]).forEach((v,i)=>{const e=inputs.find(x=>x.name==='pair'+i&&x.value===v);if(e)e.checked=true})
}catch(e){}
const state=()=>JSON.stringify({test,listener:name.value,answers:answers()});
const note=()=>{try{localStorage.setItem(test,state())}catch(e){}
document.querySelector('#left').textContent=answers().filter(v=>!v).length+' of '+pairs+' left'};
[name,...inputs].forEach(e=>e.addEventListener('change',note));note();
document.querySelector('#save').addEventListener('click',()=>{const a=document.createElement('a');
a.href=URL.createObjectURL(new Blob([state()],{type:'application/json'}));
a.download='answers_'+(name.value||'listener').replace(/\W+/g,'_')+'.json';a.click()});
)";

std::string replaced(std::string text, const std::string& what, const std::string& by) {
  return text.replace(text.find(what), what.size(), by);
}

Markup sound(const std::string& title, const std::vector<float>& samples, int rate) {
  return element("div", {{"class", "card"}},
                 element("p", {}, title) + report::audio_player(wav_bytes(samples, rate)));
}

Markup choice(size_t pair, const std::string& value, const std::string& text) {
  const Markup input =
      lone("input", {{"type", "radio"}, {"name", "pair" + std::to_string(pair)}, {"value", value}});
  return element("label", {}, input + element("span", {}, " " + text + " "));
}

struct Answers {
  std::string listener;
  std::vector<double> preference;  // of each clip: -1 the first run, 1 the second, 0 neither; NaN not answered
};

Answers read_answers(const fs::path& file, const Json& key) {
  const Json found = Json::parse(read_file(file), nullptr, false);
  if (!found.is_object() || !found.contains("test") || !found.contains("answers") || !found["answers"].is_array())
    fail(file.string(), ": holds no answers to a listening test");
  if (found["test"] != key["test"])
    fail(file.string(), ": answers another listening test (", found["test"].dump(), ", expected ", key["test"].dump(),
         ")");
  const auto& pairs = key["pairs"];
  if (found["answers"].size() != pairs.size())
    fail(file.string(), ": ", found["answers"].size(), " answers, expected ", pairs.size());
  Answers out{found.value("listener", ""), {}};
  if (out.listener.empty()) out.listener = file.stem().string();
  for (size_t i = 0; i < pairs.size(); ++i) {
    const std::string answer = found["answers"][i].is_string() ? found["answers"][i].get<std::string>() : "?";
    if (answer == "") out.preference.push_back(std::numeric_limits<double>::quiet_NaN());
    else if (answer == "=") out.preference.push_back(0);
    else if (answer == "A" || answer == "B") out.preference.push_back((answer == "A") == (pairs[i]["A"] == 0) ? -1 : 1);
    else
      fail(file.string(), ": answer ", i + 1, " is ", found["answers"][i].dump(), ", expected \"A\", \"B\" or \"=\"");
  }
  return out;
}

std::string counts(const std::vector<double>& preference) {
  int first = 0, second = 0, neither = 0;
  for (const double p : preference) first += p == -1, second += p == 1, neither += p == 0;
  return text(first, " | ", second, " | ", neither);
}

}  // namespace

void write_listening_test(const std::vector<ListeningPair>& pairs, const std::array<std::string, 2>& runs,
                          uint64_t seed, const fs::path& folder) {
  Random random(seed, pairs.size());
  const auto shuffled = [&] {
    std::vector<size_t> out(pairs.size());
    std::iota(out.begin(), out.end(), size_t(0));
    for (size_t i = 0; i < out.size(); ++i) std::swap(out[i], out[i + random.below(out.size() - i)]);
    return out;
  };
  const std::vector<size_t> order = shuffled(), sides = shuffled();
  Json key;
  key["runs"] = runs;
  key["pairs"] = Json::array();
  Markup body;
  uint64_t hash = hash64(runs[0] + "\n" + runs[1]);
  for (size_t i = 0; i < order.size(); ++i) {
    const ListeningPair& pair = pairs[order[i]];
    const bool swapped = sides[i] % 2 == 1;
    key["pairs"].push_back({{"clip", pair.clip}, {"A", swapped ? 1 : 0}});
    hash = hash64(pair.clip + (swapped ? "1" : "0"), hash);
    const Markup sounds = sound("Original", pair.original, pair.sample_rate) +
                          sound("A", swapped ? pair.second : pair.first, pair.sample_rate) +
                          sound("B", swapped ? pair.first : pair.second, pair.sample_rate);
    body += element("h2", {}, std::to_string(i + 1)) + element("div", {{"class", "cards"}}, sounds) +
            element("p", {}, element("span", {}, "Nearer to the original: ") + choice(i, "A", "A") +
                                 choice(i, "B", "B") + choice(i, "=", "no difference"));
  }
  key["test"] = hex(hash);
  const Markup head =
      element("h1", {}, "Listening test") +
      element("p", {{"class", "lead"}},
              "Three sounds each: the original, and two models that imitate it, in random order. Which is nearer to "
              "the original? Use headphones, do not change the volume, and save the answers at the end.") +
      element("p", {}, element("label", {}, element("span", {}, "Your name: ") +
                                                lone("input", {{"id", "listener"}, {"type", "text"}})));
  const Markup foot = element("p", {}, element("button", {{"id", "save"}, {"type", "button"}}, "Save the answers") +
                                           element("span", {}, " ") + element("span", {{"id", "left"}}, "")) +
                      element("noscript", {}, element("p", {}, "Saving the answers needs JavaScript.")) +
                      Markup{"<script>" + replaced(replaced(kScript, "TEST", hex(hash)), "PAIRS",
                                                   std::to_string(pairs.size())) + "</script>"};
  make_folder(folder);
  write_file(folder / "listening.html", report::page("Listening test", head + body + foot));
  write_file(folder / kKey, key.dump(1) + "\n");
}

std::string listening_table(const fs::path& folder, const std::vector<std::string>& files) {
  const Json key = Json::parse(read_file(folder / kKey), nullptr, false);
  if (!key.is_object() || !key.contains("pairs") || !key.contains("runs") || !key.contains("test"))
    fail((folder / kKey).string(), ": is no key of a listening test");
  std::vector<Answers> listeners;
  for (const std::string& file : files) {
    listeners.push_back(read_answers(file, key));
    for (size_t i = 0; i + 1 < listeners.size(); ++i)
      if (listeners[i].listener == listeners.back().listener)
        fail(file, ": the listener '", listeners[i].listener, "' has answered already");
  }
  std::ostringstream out;
  out << "Nearer to the original, of " << key["pairs"].size() << " clips\n\n| listener | "
      << key["runs"][0].get<std::string>() << " | " << key["runs"][1].get<std::string>()
      << " | no difference |\n|---|---:|---:|---:|\n";
  std::vector<double> all, means;
  for (const Answers& one : listeners) {
    out << "| " << one.listener << " | " << counts(one.preference) << " |\n";
    all.insert(all.end(), one.preference.begin(), one.preference.end());
  }
  for (size_t clip = 0; clip < key["pairs"].size(); ++clip) {
    std::vector<double> of_clip;
    for (const Answers& one : listeners) of_clip.push_back(one.preference[clip]);
    means.push_back(mean(finite(of_clip)));
  }
  out << "| all | " << counts(all) << " |\n\np = " << p_text(wilcoxon(means))
      << " (Wilcoxon's signed-rank test over clips, of the listeners' mean preference)\n";
  return out.str();
}

}  // namespace nr
