#include "training/standing.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <optional>

#include "base/error.h"

namespace nr {
namespace {

std::string short_text(double value) {
  char out[32];
  std::snprintf(out, sizeof out, "%.3g", value);
  return out;
}

// Of a number by its whole name, or of a loss by whichever optimiser minimises it.
std::optional<double> number_of(const Look& look, const std::string& name) {
  const auto found = look.numbers.find(name);
  if (found != look.numbers.end()) return found->second;
  for (const auto& [key, value] : look.numbers)
    if (key.rfind("validation/", 0) != 0 && key.substr(key.find('/') + 1) == name) return value;
  return {};
}

// Validation's lowest value, and what came after it.
struct Course {
  std::vector<const Look*> looks;  // those that validated
  size_t lowest = 0;               // place in `looks`
  double at_lowest = 0, since = 0; // since: mean over the looks after the lowest
  int after = 0;                   // their number
};
std::optional<Course> validation_course(const History& history) {
  Course out;
  const std::string name = "validation/" + history.selected();
  const auto at = [&](size_t i) { return out.looks[i]->numbers.at(name); };
  for (const Look& look : history.looks())
    if (look.numbers.count(name)) out.looks.push_back(&look);
  if (out.looks.empty()) return {};
  for (size_t i = 1; i < out.looks.size(); ++i)
    if (at(i) < at(out.lowest)) out.lowest = i;
  out.at_lowest = at(out.lowest), out.after = int(out.looks.size() - out.lowest) - 1;
  for (size_t i = out.lowest + 1; i < out.looks.size(); ++i) out.since += at(i) / out.after;
  return out;
}

std::string overfits(const History& history, double limit, int looks) {
  const auto course = validation_course(history);
  if (!course || course->after < looks || !(course->since > course->at_lowest * (1 + limit))) return "";
  const auto then = number_of(*course->looks[course->lowest], history.selected()),
             now = number_of(*course->looks.back(), history.selected());
  if (!then || !now || *now >= *then) return "";
  return text("validation/", history.selected(), " has risen since step ", course->looks[course->lowest]->step, " (",
              short_text(course->at_lowest), ", since then ", short_text(course->since), ") while training's fell (",
              short_text(*then), " to ", short_text(*now), "): the model learns its clips by heart; use best_",
              history.phase(), ".safetensors; more recordings or data.augment help, more steps do not");
}

std::string diverges(const History& history, double limit, int looks) {
  const auto course = validation_course(history);
  if (!course || course->after < looks || !(course->since > course->at_lowest * (1 + limit))) return "";
  const auto then = number_of(*course->looks[course->lowest], history.selected()),
             now = number_of(*course->looks.back(), history.selected());
  if (!then || !now || *now < *then * (1 + limit)) return "";
  return text("validation/", history.selected(), " and training's have both risen since step ",
              course->looks[course->lowest]->step, " (", short_text(*then), " to ", short_text(*now),
              "): another loss outweighs it, or the learning rate is too high");
}

std::string collapsed(const History& history, double limit, int looks) {
  int last = 0;
  std::optional<double> nats;
  for (auto look = history.looks().rbegin(); look != history.looks().rend() && last < looks; ++look) {
    if (const auto found = number_of(*look, "latent/nats")) {
      if (*found >= limit) return "";
      if (!nats) nats = found;
      ++last;
    }
  }
  if (last < looks) return "";
  return text("the latent carries ", short_text(*nats),
              " nats a frame: the decoder all but ignores it; if that lasts, lower the weight of kl");
}

std::string discriminator_wins(const History& history, double limit, int looks) {
  if (history.undecided() <= 0 || int(history.looks().size()) < looks) return "";
  double loss = 0;
  for (auto look = history.looks().end() - looks; look != history.looks().end(); ++look) {
    const auto found = number_of(*look, "adversarial_discriminator");
    if (!found || *found >= limit * history.undecided()) return "";
    loss = *found;
  }
  return text("the discriminator knows decoded sound from real every time (its loss is ", short_text(loss), ", of ",
              short_text(history.undecided()), " when it cannot tell): the decoder learns little from it; let it ",
              "update in fewer steps (every, offsets), lower its learning rate, or raise feature_matching");
}

}  // namespace

const std::vector<Trouble>& troubles() {
  static const std::vector<Trouble> table{
      {"overfits", 0.02, 5, overfits},                      // share by which validation has risen
      {"diverges", 0.05, 5, diverges},                      // share by which both have
      {"collapsed", 1, 1, collapsed},                       // nats a frame
      {"discriminator_wins", 0.05, 3, discriminator_wins},  // share of the undecided loss
  };
  return table;
}

std::vector<std::string> History::add(int64_t step, const std::string& phase,
                                      const std::map<std::string, double>& numbers) {
  if (phase != phase_) looks_.clear(), sums_.clear(), wrong_.clear(), phase_ = phase;
  bool ends = false;
  for (const auto& [name, value] : numbers) {
    ends |= name.rfind(ends_, 0) == 0;
    if (name.rfind("latent/kl_", 0) == 0 || !std::isfinite(value)) continue;
    auto& [sum, count] = sums_[name];
    sum += value, ++count;
  }
  return ends ? look(step) : std::vector<std::string>{};
}

std::vector<std::string> History::look(int64_t step) {
  Look look{step, {}};
  for (const auto& [name, sum] : sums_) look.numbers[name] = sum.first / sum.second;
  sums_.clear();
  looks_.push_back(std::move(look));
  std::vector<std::string> out;
  for (const Trouble& trouble : troubles()) {
    const std::string sentence = trouble.sentence(*this, trouble.limit, trouble.looks);
    if (!sentence.empty() && !wrong_[trouble.name]) out.push_back(sentence);
    wrong_[trouble.name] = !sentence.empty();
  }
  return out;
}

}  // namespace nr
