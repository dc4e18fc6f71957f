// What a field may hold, said beside the field: v("bands", bands, one_of({1, 4, 16})).
#pragma once
#include <string>
#include <utility>
#include <vector>

namespace nr {

// A table whose order matters, such as phases and optimisers. Where one config extends another, a table is merged by
// name and a list is replaced.
template <class T>
using Named = std::vector<std::pair<std::string, T>>;

}  // namespace nr

namespace nr::config {

struct Any {};

struct Range {
  double low, high;
};
inline Range at_least(double low) { return {low, 1e300}; }
inline Range between(double low, double high) { return {low, high}; }

template <class T>
struct OneOf {
  std::vector<T> allowed;
};
inline OneOf<int> one_of(std::initializer_list<int> a) { return {a}; }
inline OneOf<std::string> one_of(std::initializer_list<const char*> a) { return {{a.begin(), a.end()}}; }
inline OneOf<std::string> one_of(std::vector<std::string> a) { return {std::move(a)}; }  // a table's names()

}  // namespace nr::config
