#include "data/database.h"

#include <cstdio>
#include <fstream>

#include "base/error.h"

namespace nr {
namespace {

// LMDB 0.9's file on a 64-bit machine of this byte order: lmdb/mdb.c, MDB_page, MDB_db and MDB_meta.
struct PageHead {
  uint64_t number;
  uint16_t pad, flags, lower, upper;
};
struct Tree {
  uint32_t pad;  // of the first tree: bytes a page
  uint16_t flags, depth;
  uint64_t branch_pages, leaf_pages, overflow_pages, entries, root;
};
struct Meta {
  uint32_t magic, version;
  uint64_t address, map_size;
  Tree trees[2];  // of free pages; of the entries
  uint64_t last_page, transaction;
};
struct MetaPage {
  PageHead head;
  Meta meta;
};
static_assert(sizeof(MetaPage) == 16 + 136);

constexpr uint32_t kMagic = 0xbeefc0de, kVersion = 1;
constexpr uint32_t kSmallestPage = 256, kLargestPage = 65536;
constexpr uint16_t kBranch = 1, kLeaf = 2, kMeta = 8;           // flags of a page
constexpr uint16_t kIntegerKey = 0x08, kNoSubfolder = 0x4000;  // flags of the free tree: of LMDB's own making, harmless
constexpr uint64_t kNoPage = ~uint64_t(0), kLargestMap = uint64_t(1) << 47;  // 47 bits: what a process can address
constexpr int kDeepest = 32;                                    // LMDB's stack
constexpr uint64_t kSmallestEntry = 8;                          // bytes in a page

std::string hexadecimal(uint32_t value) {
  char out[16];
  std::snprintf(out, sizeof out, "0x%x", value);
  return out;
}

template <class T>
bool read_at(std::istream& in, uint64_t at, T& out) {
  in.clear();
  in.seekg(std::streamoff(at));
  return bool(in.read(reinterpret_cast<char*>(&out), sizeof out));
}

std::string problem_of(const MetaPage& page, int number) {
  const std::string which = text("meta page ", number);
  const Meta& meta = page.meta;
  if (meta.magic != kMagic)
    return text(which, " has magic ", hexadecimal(meta.magic), ", expected ", hexadecimal(kMagic));
  if (meta.version != kVersion) return text(which, " is of format ", meta.version, ", expected ", kVersion);
  if (!(page.head.flags & kMeta)) return text(which, " has page flags ", hexadecimal(page.head.flags));
  const uint32_t bytes = meta.trees[0].pad;
  if (bytes < kSmallestPage || bytes > kLargestPage || (bytes & (bytes - 1)))
    return text(which, " has pages of ", bytes, " bytes, expected a power of two from ", kSmallestPage, " to ",
                kLargestPage);
  if (meta.trees[0].flags & ~(kIntegerKey | kNoSubfolder))
    return text("its file has flags ", hexadecimal(meta.trees[0].flags), ", expected ", hexadecimal(kIntegerKey));
  if (meta.trees[1].flags) return text("its table has flags ", hexadecimal(meta.trees[1].flags), ", expected none");
  return "";
}

std::string problem_of(std::istream& in, const Meta& meta, const Tree& tree, const std::string& which) {
  const uint64_t page = meta.trees[0].pad, pages = meta.last_page + 1;
  const bool is_empty = tree.root == kNoPage;
  if (is_empty != (tree.entries == 0) || is_empty != (tree.depth == 0) || tree.depth > kDeepest)
    return text(which, " has ", tree.entries, " entries on ", tree.depth, " levels");
  if (is_empty) return "";
  if (tree.entries > pages * (page / kSmallestEntry))
    return text(which, " has ", tree.entries, " entries in ", pages, " pages");
  for (const uint64_t count : {tree.branch_pages, tree.leaf_pages, tree.overflow_pages})
    if (count > pages) return text(which, " has ", count, " pages of ", pages);
  if (tree.root < 2 || tree.root >= pages) return text(which, " begins at page ", tree.root, " of ", pages);
  PageHead root;
  if (!read_at(in, tree.root * page, root)) return text(which, " begins at page ", tree.root, ", which cannot be read");
  const uint16_t kind = tree.depth == 1 ? kLeaf : kBranch;
  if (root.number != tree.root || (root.flags & (kBranch | kLeaf | kMeta)) != kind || root.lower < sizeof root ||
      root.lower > root.upper || root.upper > page)
    return text(which, " begins at page ", tree.root, ", which is none of its pages");
  return "";
}

}  // namespace

std::string database_problem(std::istream& in, uint64_t size) {
  if (size == 0) return "";
  MetaPage first, second;
  if (!read_at(in, 0, first)) return text("it is ", size, " bytes long, too short for LMDB");
  if (const std::string problem = problem_of(first, 0); !problem.empty()) return problem;
  const uint64_t page = first.meta.trees[0].pad;
  if (!read_at(in, page, second)) return text("cut short: it is ", size, " bytes long, with pages of ", page);
  if (const std::string problem = problem_of(second, 1); !problem.empty()) return problem;
  if (second.meta.trees[0].pad != page)
    return text("its meta pages say pages of ", page, " and of ", second.meta.trees[0].pad, " bytes");

  const Meta& meta = (first.meta.transaction < second.meta.transaction ? second : first).meta;
  if (meta.last_page < 1 || meta.last_page >= size / page)
    return text("cut short: it is ", size, " bytes long, its last page is number ", meta.last_page, " of ", page,
                " bytes");
  if (meta.map_size < (meta.last_page + 1) * page || meta.map_size > kLargestMap)
    return text("it asks for a map of ", meta.map_size, " bytes, expected ", (meta.last_page + 1) * page, " to ",
                kLargestMap);
  const std::string problem = problem_of(in, meta, meta.trees[0], "the list of free pages");
  return problem.empty() ? problem_of(in, meta, meta.trees[1], "the table") : problem;
}

std::string database_problem(const std::filesystem::path& file) {
  std::error_code error;
  const uintmax_t size = std::filesystem::file_size(file, error);
  std::ifstream in(file, std::ios::binary);
  if (error || !in) return "";  // LMDB says why it cannot be opened
  return database_problem(in, size);
}

}  // namespace nr
