#include "store/mark_store.h"

namespace blo::store {
namespace {

/// Apart from what else lies in the table.
std::string key_of(std::string_view name) { return "mark " + std::string(name); }

}  // namespace

Result<std::optional<std::uint64_t>> MarkStore::find(std::string_view name) {
  const std::string key = key_of(name);
  Statement select = database_.prepare("SELECT value FROM meta WHERE name = ?");
  const auto row = select.bind(std::string_view(key)).step();
  if (!row) return row.error();
  if (!*row) return std::optional<std::uint64_t>();
  const ByteView value = select.blob(0);
  if (value.size() != 8) return Error(StoreError::kCorrupt, "what was marked as " + key);
  return std::optional(read_be<std::uint64_t>(value));
}

Result<void> MarkStore::put(std::string_view name, std::uint64_t number) {
  const std::string key = key_of(name);
  Bytes value;
  append_be(value, number);
  Statement insert = database_.prepare("INSERT OR REPLACE INTO meta(name, value) VALUES(?, ?)");
  return insert.bind(std::string_view(key)).bind(value).run();
}

}  // namespace blo::store
