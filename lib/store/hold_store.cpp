#include "store/hold_store.h"

#include <charconv>

#include "base/hex.h"
#include "seal/wrap.h"

namespace blo::store {
namespace {

Bytes bound_to(std::int64_t pairing, const MessageId& id) {
  Bytes bytes = to_bytes(std::string_view("hold"));
  append_be(bytes, static_cast<std::uint64_t>(pairing));
  append(bytes, ByteView(id));
  return bytes;
}

/// A number as the store keeps it.
std::optional<std::int64_t> parse_stored(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool whole = error == std::errc() && end == text.data() + text.size();
  return whole && number >= 0 ? std::optional(number) : std::nullopt;
}

}  // namespace

std::optional<HoldKey> HoldKey::parse(std::string_view text) {
  const auto first = text.find('/');
  const auto second = text.find('/', first == text.npos ? first : first + 1);
  if (second == text.npos) return std::nullopt;
  const auto placed = parse_stored(text.substr(0, first));
  const auto pairing = parse_stored(text.substr(first + 1, second - first - 1));
  const auto id = from_hex(text.substr(second + 1));
  HoldKey key;
  if (!placed || !pairing || !id || !copy_exact(*id, key.message_id)) return std::nullopt;
  key.placed = WallTime(milliseconds(*placed));
  key.pairing = *pairing;
  return key.text() == text ? std::optional(key) : std::nullopt;
}

std::string HoldKey::text() const {
  return std::to_string(placed.time_since_epoch().count()) + "/" + std::to_string(pairing) + "/" +
         to_hex(message_id);
}

HoldStore::HoldStore(Database& database, const crypto::Key& store_key)
    : database_(database), store_key_(store_key) {}

Result<void> HoldStore::put(const HoldRow& hold) {
  const Bytes wrapped =
      seal::wrap(store_key_, bound_to(hold.pairing, hold.message_id), as_bytes(hold.reason));
  Statement insert = database_.prepare(
      "INSERT INTO hold(pairing, message_id, placed_ms, person, wrapped_reason) "
      "VALUES(?, ?, ?, ?, ?)");
  return insert.bind(hold.pairing)
      .bind(ByteView(hold.message_id))
      .bind(hold.placed)
      .bind(hold.person)
      .bind(wrapped)
      .run();
}

Result<HoldRow> HoldStore::read(const Statement& row) const {
  HoldRow hold{row.integer(0), {}, from_unix_ms(row.natural(2)), row.natural(3), {}};
  if (!copy_exact(row.blob(1), hold.message_id)) return Error(StoreError::kCorrupt, "a hold");
  const auto reason =
      seal::unwrap(store_key_, bound_to(hold.pairing, hold.message_id), row.blob(4));
  if (!reason) return Error(StoreError::kCorrupt, "a hold's reason");
  hold.reason = to_string(ByteView(*reason));
  return hold;
}

Result<std::optional<HoldRow>> HoldStore::find(std::int64_t pairing, const MessageId& id) {
  Statement select = database_.prepare(
      "SELECT pairing, message_id, placed_ms, person, wrapped_reason FROM hold "
      "WHERE pairing = ? AND message_id = ?");
  const auto row = select.bind(pairing).bind(ByteView(id)).step();
  if (!row) return row.error();
  if (!*row) return std::optional<HoldRow>();
  auto hold = read(select);
  if (!hold) return hold.error();
  return std::optional(std::move(*hold));
}

Result<std::vector<HoldRow>> HoldStore::read_all(Statement& select) const {
  std::vector<HoldRow> holds;
  for (;;) {
    const auto row = select.step();
    if (!row) return row.error();
    if (!*row) return holds;
    auto hold = read(select);
    if (!hold) return hold.error();
    holds.push_back(std::move(*hold));
  }
}

Result<std::vector<HoldRow>> HoldStore::list(const Page<HoldKey>& page) {
  Statement select = database_.prepare(
      "SELECT pairing, message_id, placed_ms, person, wrapped_reason FROM hold "
      "WHERE (placed_ms, pairing, message_id) > (?, ?, ?) "
      "ORDER BY placed_ms, pairing, message_id LIMIT ?");
  const HoldKey after = page.after().value_or(HoldKey());
  select.bind(after.placed)
      .bind(after.pairing)
      .bind(ByteView(after.message_id))
      .bind(page.rows_sought());
  return read_all(select);
}

Result<std::vector<HoldRow>> HoldStore::of_pairing(std::int64_t pairing) {
  Statement select = database_.prepare(
      "SELECT pairing, message_id, placed_ms, person, wrapped_reason FROM hold WHERE pairing = ?");
  return read_all(select.bind(pairing));
}

Result<void> HoldStore::remove(const HoldRow& hold) {
  Statement erase = database_.prepare("DELETE FROM hold WHERE pairing = ? AND message_id = ?");
  return erase.bind(hold.pairing).bind(ByteView(hold.message_id)).run();
}

}  // namespace blo::store
