// Runs another program with its arguments as they are: found through PATH, no shell, nothing on its standard input.
#pragma once
#include <string>
#include <vector>

namespace nr {

struct Outcome {
  int status = 0;      // of its exit; 128 + the signal's number when one ended it
  std::string output;  // both streams, in the order written
};

// Waits for its end. Error when the program cannot be started: it repeats `install`, such as "apt-get install
// espeak-ng".
Outcome run_program(const std::vector<std::string>& arguments, const std::string& install);

}  // namespace nr
