#include "data/cache.h"

#include <fcntl.h>
#include <lmdb.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <functional>
#include <map>
#include <mutex>

#include "base/error.h"
#include "base/files.h"
#include "data/database.h"

namespace nr {
namespace fs = std::filesystem;
namespace {

constexpr size_t kBatchBytes = size_t(32) << 20;

// EIO: LMDB's word for a write that ended early, as the last one to a disk that fills up does.
bool is_full(int code) { return code == ENOSPC || code == EFBIG || code == EDQUOT || code == EIO; }

std::string reason(int code) {
  if (code == MDB_INVALID || code == MDB_CORRUPTED || code == MDB_PAGE_NOTFOUND || code == MDB_VERSION_MISMATCH)
    return "is damaged";
  return mdb_strerror(code);
}

[[noreturn]] void refuse(const std::string& folder, int code) {
  if (is_full(code))
    fail("cache ", folder, ": cannot be written, the disk is full; what was in the cache is untouched");
  if (code == ENOENT) fail("cache ", folder, ": does not exist; run prepare first");
  fail("cache ", folder, ": ", reason(code),
       reason(code) == "is damaged" ? "; if prepare made it, delete it and prepare again" : "");
}

void check_database(const std::string& folder) {
  const std::string problem = database_problem(fs::path(folder) / "data.mdb");
  if (!problem.empty())
    fail("cache ", folder, ": is damaged (", problem, "); if prepare made it, delete it and prepare again");
}

// LMDB must not open the same file twice in one process.
std::mutex& open_guard() {
  static std::mutex guard;
  return guard;
}
std::map<std::string, std::weak_ptr<void>>& open_readers() {
  static std::map<std::string, std::weak_ptr<void>> readers;
  return readers;
}

MDB_val value_of(const std::string& bytes) { return {bytes.size(), const_cast<char*>(bytes.data())}; }

}  // namespace

struct CacheReader::State {
  std::string folder;
  MDB_env* env = nullptr;
  MDB_txn* transaction = nullptr;
  MDB_dbi table = 0;

  explicit State(const std::string& f) : folder(f) {
    if (!fs::exists(fs::path(folder) / "data.mdb")) refuse(folder, ENOENT);
    check_database(folder);
    int code = open(0);
    if (code == EACCES || code == EROFS) code = open(MDB_NOLOCK);  // a cache that only others may write
    if (code) {
      mdb_env_close(env);
      refuse(folder, code);
    }
  }
  ~State() {
    mdb_txn_abort(transaction);
    mdb_env_close(env);
  }

 private:
  int open(unsigned flags) {
    if (env) mdb_env_close(env);
    env = nullptr;
    int code = mdb_env_create(&env);
    if (!code) code = mdb_env_open(env, folder.c_str(), MDB_RDONLY | MDB_NOTLS | flags, 0644);
    if (!code) code = mdb_txn_begin(env, nullptr, MDB_RDONLY, &transaction);
    if (!code) code = mdb_dbi_open(transaction, nullptr, 0, &table);
    return code;
  }
};

CacheReader::CacheReader(const fs::path& folder) {
  const std::lock_guard<std::mutex> lock(open_guard());
  std::error_code error;
  auto& known = open_readers()[fs::weakly_canonical(folder, error).string()];
  state_ = std::static_pointer_cast<State>(known.lock());
  if (!state_) {
    state_ = std::make_shared<State>(folder.string());
    known = state_;
  }
}

CacheReader::~CacheReader() = default;

std::optional<std::string_view> CacheReader::get(const std::string& key) const {
  MDB_val k = value_of(key), v{};
  const int code = mdb_get(state_->transaction, state_->table, &k, &v);
  if (code == MDB_NOTFOUND) return std::nullopt;
  if (code) refuse(state_->folder, code);
  return std::string_view(static_cast<const char*>(v.mv_data), v.mv_size);
}

struct CacheWriter::State {
  std::string folder;
  MDB_env* env = nullptr;
  MDB_dbi table = 0;
  int lock = -1;
  size_t size = 0;  // of the map
  std::mutex guard;
  std::vector<CacheEntry> pending;
  size_t pending_bytes = 0;

  ~State() {
    if (env) mdb_env_close(env);
    if (lock >= 0) close(lock);
  }

  // Runs `work` in one transaction; a map that is too small grows and the work is done again.
  void transact(unsigned flags, const std::function<int(MDB_txn*)>& work) {
    for (;;) {
      MDB_txn* transaction = nullptr;
      int code = mdb_txn_begin(env, nullptr, flags, &transaction);
      if (!code) {
        code = work(transaction);
        if (!code) code = mdb_txn_commit(transaction);
        else mdb_txn_abort(transaction);
      }
      if (!code) return;
      if (code != MDB_MAP_FULL) refuse(folder, code);
      size *= 2;
      if (const int grown = mdb_env_set_mapsize(env, size)) refuse(folder, grown);
    }
  }

  int write(MDB_txn* transaction, const std::vector<CacheEntry>& entries) {
    for (const auto& [key, value] : entries) {
      MDB_val k = value_of(key), v = value_of(value);
      if (const int code = mdb_put(transaction, table, &k, &v, 0)) return code;
    }
    return 0;
  }

  void flush() {  // guard is held
    if (pending.empty()) return;
    transact(0, [&](MDB_txn* transaction) { return write(transaction, pending); });
    pending.clear();
    pending_bytes = 0;
  }
};

CacheWriter::CacheWriter(const fs::path& folder, size_t initial_bytes) : state_(new State) {
  make_folder(folder);
  state_->folder = folder.string();
  const std::lock_guard<std::mutex> lock(open_guard());
  std::error_code error;
  if (!open_readers()[fs::weakly_canonical(folder, error).string()].expired())
    fail("cache ", state_->folder, ": cannot be prepared while this program reads it");
  state_->lock = open((folder / "prepare.lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (state_->lock < 0) refuse(state_->folder, errno);
  if (flock(state_->lock, LOCK_EX | LOCK_NB) != 0) fail("cache ", state_->folder, ": another prepare is at work on it");
  check_database(state_->folder);
  const uintmax_t bytes = fs::exists(folder / "data.mdb") ? fs::file_size(folder / "data.mdb", error) : 0;
  state_->size = (std::max<size_t>(initial_bytes, 2 * bytes) + 0xfffff) & ~size_t(0xfffff);
  int code = mdb_env_create(&state_->env);
  if (!code) code = mdb_env_set_mapsize(state_->env, state_->size);
  if (!code) code = mdb_env_open(state_->env, folder.c_str(), MDB_NOTLS, 0644);
  if (code) refuse(state_->folder, code);
  int dead;
  mdb_reader_check(state_->env, &dead);  // slots of readers that were killed would keep old pages from being used again
  state_->transact(0, [&](MDB_txn* transaction) { return mdb_dbi_open(transaction, nullptr, 0, &state_->table); });
}

CacheWriter::~CacheWriter() = default;

std::optional<std::string> CacheWriter::get(const std::string& key) {
  const std::lock_guard<std::mutex> lock(state_->guard);
  std::optional<std::string> out;
  state_->transact(MDB_RDONLY, [&](MDB_txn* transaction) {
    MDB_val k = value_of(key), v{};
    const int code = mdb_get(transaction, state_->table, &k, &v);
    if (!code) out.emplace(static_cast<const char*>(v.mv_data), v.mv_size);
    return code == MDB_NOTFOUND ? 0 : code;
  });
  return out;
}

std::vector<std::string> CacheWriter::keys() {
  const std::lock_guard<std::mutex> lock(state_->guard);
  std::vector<std::string> out;
  state_->transact(MDB_RDONLY, [&](MDB_txn* transaction) {
    MDB_cursor* cursor = nullptr;
    int code = mdb_cursor_open(transaction, state_->table, &cursor);
    MDB_val k{}, v{};
    while (!code && !(code = mdb_cursor_get(cursor, &k, &v, MDB_NEXT)))
      out.emplace_back(static_cast<const char*>(k.mv_data), k.mv_size);
    if (cursor) mdb_cursor_close(cursor);
    return code == MDB_NOTFOUND ? 0 : code;
  });
  return out;
}

void CacheWriter::put(std::string key, std::string value) {
  const std::lock_guard<std::mutex> lock(state_->guard);
  state_->pending_bytes += value.size();
  state_->pending.emplace_back(std::move(key), std::move(value));
  if (state_->pending_bytes >= kBatchBytes) state_->flush();
}

void CacheWriter::commit() {
  const std::lock_guard<std::mutex> lock(state_->guard);
  state_->flush();
}

void CacheWriter::replace(const std::vector<CacheEntry>& entries, const std::vector<std::string>& dropped) {
  const std::lock_guard<std::mutex> lock(state_->guard);
  state_->flush();
  state_->transact(0, [&](MDB_txn* transaction) {
    for (const std::string& key : dropped) {
      MDB_val k = value_of(key);
      const int code = mdb_del(transaction, state_->table, &k, nullptr);
      if (code && code != MDB_NOTFOUND) return code;
    }
    return state_->write(transaction, entries);
  });
}

}  // namespace nr
