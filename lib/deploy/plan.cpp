#include "deploy/plan.h"

#include <algorithm>

namespace nr {
namespace {

constexpr int kAlignment = 4;  // elements: 8 bytes of int16
constexpr int kMargin = 8;     // elements an integer dot product may read past the last row; their weights are zero

int rounded(int n, int to) { return (n + to - 1) / to * to; }
int size_of(const Store& s) { return rounded(s.rows * s.pitch, kAlignment); }
bool meet(const Store& s, const Store& t) { return s.first <= t.last && t.first <= s.last; }

// The lowest place where no store that lives at the same time lies.
int lowest(const Store& s, const std::vector<const Store*>& placed, int from) {
  std::vector<const Store*> rivals;
  for (const Store* p : placed)
    if (meet(s, *p)) rivals.push_back(p);
  std::sort(rivals.begin(), rivals.end(), [](const Store* p, const Store* q) { return p->at < q->at; });
  for (const Store* p : rivals) {
    if (from + size_of(s) <= p->at) break;
    from = std::max(from, p->at + size_of(*p));
  }
  return from;
}

}  // namespace

MemoryPlan plan(Steps& steps, nr_precision precision, bool share) {
  MemoryPlan out;
  std::vector<Store*> shared;
  for (Store& s : steps.stores) {
    s.pitch = precision == NR_FLOAT32 || s.channels <= 2 ? s.channels : rounded(s.channels, 4);
    if (s.history == 0 && share) {
      shared.push_back(&s);
      continue;
    }
    s.at = out.arena + s.history * s.pitch;
    if (s.history) out.lines.push_back({out.arena, s.history * s.pitch, s.rows * s.pitch});
    out.arena += rounded((s.history + s.rows) * s.pitch, kAlignment);
  }
  std::stable_sort(shared.begin(), shared.end(),
                   [](const Store* p, const Store* q) { return size_of(*p) > size_of(*q); });
  std::vector<const Store*> placed;
  const int base = out.arena;
  for (Store* s : shared) {
    s->at = lowest(*s, placed, base);
    out.arena = std::max(out.arena, s->at + size_of(*s));
    placed.push_back(s);
  }
  out.arena += kMargin;
  return out;
}

}  // namespace nr
