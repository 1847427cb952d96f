#include "store/address_store.h"

#include <algorithm>

#include "identity/pairing.h"

namespace blo::store {
namespace {

std::string joined(const std::vector<std::string>& addresses) {
  std::string text;
  for (const auto& address : addresses) {
    BLO_CHECK(identity::is_address(address));
    if (!text.empty()) text += ' ';
    text += address;
  }
  return text;
}

std::vector<std::string> parted(std::string_view text) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const auto end = std::min(text.find(' '), text.size());
    parts.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return parts;
}

}  // namespace

Result<void> AddressStore::put(std::int64_t pairing, AddressSource source,
                               const AddressList& list) {
  const std::string addresses = joined(list.addresses);
  Statement put = database_.prepare(
      "INSERT OR REPLACE INTO address_list(pairing, source, since_ms, person, addresses) "
      "VALUES(?, ?, ?, ?, ?)");
  return put.bind(pairing)
      .bind(static_cast<int>(source))
      .bind(list.since)
      .bind(list.person)
      .bind(std::string_view(addresses))
      .run();
}

Result<std::optional<AddressList>> AddressStore::find(std::int64_t pairing, AddressSource source) {
  Statement select = database_.prepare(
      "SELECT since_ms, person, addresses FROM address_list WHERE pairing = ? AND source = ?");
  const auto row = select.bind(pairing).bind(static_cast<int>(source)).step();
  if (!row) return row.error();
  if (!*row) return std::optional<AddressList>();
  AddressList list{parted(select.text(2)), from_unix_ms(select.natural(0)), select.natural(1)};
  if (!std::ranges::all_of(list.addresses, identity::is_address))
    return Error(StoreError::kCorrupt, "an address of a counterpart");
  return std::optional(std::move(list));
}

Result<void> AddressStore::forget(std::int64_t pairing, AddressSource source) {
  Statement erase = database_.prepare("DELETE FROM address_list WHERE pairing = ? AND source = ?");
  return erase.bind(pairing).bind(static_cast<int>(source)).run();
}

}  // namespace blo::store
