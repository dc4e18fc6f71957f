#include "effects/effect.h"

#include "effects/pedals.h"

namespace nr {

const Table<EffectKind>& effects() {
  static const Table<EffectKind> table = [] {
    Table<EffectKind> out{"effect", {}};
    for (const auto& list : {memoryless_distortions(), distortions_with_state(), filters(), modulations(), dynamics(),
                             codings(), mp3(), pedals()})
      out.rows.insert(out.rows.end(), list.begin(), list.end());
    return out;
  }();
  return table;
}

}  // namespace nr
