// How training stands, in plain sentences where something is wrong, from the numbers of its journal alone.
#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace nr {

// What a journal says between two looks at a run: the mean of each number since the look before.
struct Look {
  int64_t step = 0;
  std::map<std::string, double> numbers;
};

class History {
 public:
  // ends: a line with a number whose name begins so ends a look: "validation/", or "latent/" where nothing validates.
  // selected: the loss whose validation selects the best checkpoint. undecided: the discriminators' loss when every
  // score is 0; 0 where there are none.
  History(std::string ends, std::string selected, double undecided)
      : ends_(std::move(ends)), selected_(std::move(selected)), undecided_(undecided) {}

  // A line of the journal. Another phase than that of the line before begins anew. -> where it ends a look, one
  // sentence for each thing that is wrong now and was not at the look before.
  std::vector<std::string> add(int64_t step, const std::string& phase, const std::map<std::string, double>& numbers);

  const std::vector<Look>& looks() const { return looks_; }
  const std::string& phase() const { return phase_; }
  const std::string& selected() const { return selected_; }
  double undecided() const { return undecided_; }

 private:
  std::vector<std::string> look(int64_t step);

  std::string ends_, phase_, selected_;
  double undecided_;
  std::vector<Look> looks_;
  std::map<std::string, std::pair<double, int>> sums_;  // of numbers since the last look
  std::map<std::string, bool> wrong_;  // at the last look, by the name of its rule
};

// What can be wrong: a row for each, with the number that decides.
struct Trouble {
  const char* name;
  double limit;
  int looks;  // so many in a row
  // Empty: nothing is wrong.
  std::string (*sentence)(const History& history, double limit, int looks);
};
const std::vector<Trouble>& troubles();

}  // namespace nr
