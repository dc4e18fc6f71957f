#include <algorithm>
#include <cctype>
#include <cstdio>

#include "base/log.h"
#include "base/error.h"
#include "data/prepare.h"
#include "data/scan.h"

namespace nr {
namespace {

constexpr size_t kReasonsShown = 5;

// File names may hold a newline or an escape sequence.
std::string printable(const std::string& in) {
  std::string out;
  for (const char c : in) {
    if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f) {
      out += c;
    } else {
      char code[8];
      std::snprintf(code, sizeof code, "\\x%02x", static_cast<unsigned char>(c));
      out += code;
    }
  }
  return out;
}

}  // namespace

std::string verdict_text(const Verdict& verdict) {
  static const char* const kKinds[] = {"kept    ", "reused  ", "skipped "};
  return printable(text(kKinds[int(verdict.kind)], verdict.path, verdict.detail.empty() ? "" : ": ", verdict.detail));
}

std::string PrepareReport::summary() const {
  std::string out = text(kept + reused, " recordings, ", duration_text(seconds), " of audio (", kept, " prepared, ",
                         reused, " already in the cache");
  if (dropped) out += text(", ", dropped, " dropped from it");
  out += text(") in ", duration_text(elapsed), "\nsplits: ", clips[0], " train, ", clips[1], " validation, ", clips[2],
              " test\n");
  std::string notes;
  const auto note = [&](int count, const char* what) {
    if (count) notes += text(notes.empty() ? "" : ", ", count, " ", what);
  };
  note(resampled, "resampled");
  note(mixed, "mixed to mono");
  note(short_files, "shorter than a segment (joined with others)");
  note(silent, "silent");
  note(clipped, "clipped");
  note(outside, "outside the folder of the list that names them");
  if (!notes.empty()) out += "of these: " + notes + "\n";
  if (withheld) out += text("left out of train_only, as their group validates or tests: ", withheld, "\n");
  if (!other.empty()) out += "passed over, not audio: " + extensions_text(other) + "\n";
  if (skipped) {
    out += text("skipped: ", skipped, "\n");
    size_t shown = 0;
    for (const Verdict& verdict : verdicts)
      if (verdict.kind == Verdict::Kind::kSkipped && shown++ < kReasonsShown)
        out += "  " + verdict_text(verdict).substr(8) + "\n";
    if (shown > kReasonsShown) out += text("  and ", shown - kReasonsShown, " more (--verbose lists them)\n");
  }
  return out;
}

}  // namespace nr
