// Whether a journal's rows are all of one time: what costs little enough to be asked at each
// opening.
#include <algorithm>

#include "store/journal_store.h"
#include "store/place.h"

namespace blo::store {
namespace {

/// Of so many of the newest it is asked whether each is there; of the audit trail they are hashed.
/// Where they begin the tree is made of a few subtrees.
constexpr std::uint64_t kNewestEntries = 256;

Error corrupt(const std::string& what) { return {StoreError::kCorrupt, what}; }

bool same(const journal::Frontier& a, const journal::Frontier& b) {
  return a.encode() == b.encode();
}

Result<std::optional<std::uint64_t>> one_index(Statement& select) {
  const auto row = select.step();
  if (!row) return row.error();
  if (!*row || select.is_null(0)) return std::optional<std::uint64_t>();
  return std::optional(index_of(select.integer(0)));
}

}  // namespace

Result<std::optional<journal::Frontier>> JournalStore::noted_tree(const JournalRow& journal,
                                                                  std::uint64_t size) {
  BLO_CHECK(size <= journal.size());
  std::vector<journal::Hash> smallest_first;
  for (std::uint64_t rest = size; rest > 0; rest &= rest - 1) {
    Statement select = database_.prepare("SELECT subtree FROM entry WHERE place = ?");
    const auto row = select.bind(place_of(journal, rest - 1)).step();
    if (!row) return row.error();
    journal::Hash subtree;
    if (!*row || !copy_exact(select.blob(0), subtree)) return std::optional<journal::Frontier>();
    smallest_first.push_back(subtree);
  }
  Bytes encoded;
  append_be(encoded, size);
  for (auto root = smallest_first.rbegin(); root != smallest_first.rend(); ++root)
    blo::append(encoded, *root);
  auto tree = journal::Frontier::parse(encoded);
  if (!tree) return tree.error();
  return std::optional(std::move(*tree));
}

Result<std::optional<journal::Hash>> JournalStore::root_at(const JournalRow& journal,
                                                           std::uint64_t size) {
  const auto tree = noted_tree(journal, size);
  if (!tree) return tree.error();
  return *tree ? std::optional((*tree)->root()) : std::nullopt;
}

Result<std::optional<std::uint64_t>> JournalStore::next_there(const JournalRow& journal,
                                                              std::uint64_t from) {
  Statement select =
      database_.prepare("SELECT min(place) FROM entry WHERE place >= ? AND place <= ?");
  select.bind(place_of(journal, from)).bind(place_of(journal, kIndexMax));
  return one_index(select);
}

namespace {

/// kCorrupt: the entries do not begin with the first, or do not end where the journal does.
Result<void> check_numbers(Database& database, JournalStore& journals, const JournalRow& journal) {
  const auto first = journals.next_there(journal, 0);
  if (!first) return first.error();
  Statement select =
      database.prepare("SELECT max(place) FROM entry WHERE place >= ? AND place <= ?");
  select.bind(place_of(journal, 0)).bind(place_of(journal, kIndexMax));
  const auto last = one_index(select);
  if (!last) return last.error();
  const std::uint64_t held = *last ? **last + 1 : 0;
  if (held > journal.size())
    return corrupt("it ends after " + std::to_string(journal.size()) + " entries, and entry " +
                   std::to_string(held - 1) + " is there");
  if (held < journal.size())
    return corrupt("entry " + std::to_string(journal.size() - 1) + " is missing");
  if (held > 0 && *first != std::uint64_t{0}) return corrupt("entry 0 is missing");
  return {};
}

std::uint64_t newest_from(std::uint64_t size) {
  return size == 0 ? 0 : (size - 1) / kNewestEntries * kNewestEntries;
}

/// kCorrupt: one of the newest entries is missing.
Result<void> check_newest(Database& database, const JournalRow& journal) {
  const std::uint64_t from = newest_from(journal.size());
  Statement select = database.prepare("SELECT count(*) FROM entry WHERE place >= ? AND place < ?");
  const auto row =
      select.bind(place_of(journal, from)).bind(place_of(journal, journal.size())).step();
  if (!row) return row.error();
  const std::uint64_t missing = journal.size() - from - select.natural(0);
  if (missing == 0) return {};
  return corrupt(std::to_string(missing) + " missing of entries " + std::to_string(from) + " to " +
                 std::to_string(journal.size() - 1));
}

/// kCorrupt: something was signed over more than is held.
Result<void> check_signed(Database& database, const JournalRow& journal,
                          const std::optional<StoredHead>& head) {
  if (head && head->size > journal.size())
    return corrupt("a receipt is kept over " + std::to_string(head->size) +
                   " entries, and there are " + std::to_string(journal.size()));
  if (head && head->frontier.size() != head->size)
    return corrupt("the tree under the receipt over " + std::to_string(head->size) + " entries");
  Statement select = database.prepare("SELECT max(size) FROM signed_head WHERE journal = ?");
  const auto row = select.bind(journal.id).step();
  if (!row) return row.error();
  if (!*row || select.is_null(0) || select.natural(0) <= journal.size()) return {};
  return corrupt("its checkpoint over " + std::to_string(select.natural(0)) +
                 " entries was signed, and there are " + std::to_string(journal.size()));
}

}  // namespace

Result<void> JournalStore::check_ends(const JournalRow& journal) {
  if (const auto fine = check_numbers(database_, *this, journal); !fine) return fine;
  const auto head = newest_head(journal);
  if (!head) return head.error();
  if (const auto fine = check_newest(database_, journal); !fine) return fine;
  if (const auto fine = check_signed(database_, journal, *head); !fine) return fine;
  if (journal.size() == 0) return {};

  // Nobody gives receipts for the audit trail: of that it is the newest entries alone.
  const std::uint64_t covered = *head ? (*head)->size : 0;
  const std::uint64_t from = journal.pairing == 0 ? newest_from(journal.size()) : covered;
  if (*head) {
    const auto under = noted_tree(journal, covered);
    if (!under) return under.error();
    if (*under && !same(**under, (*head)->frontier))
      return corrupt("its first " + std::to_string(covered) + " entries are not those receipted");
  }
  auto tree = noted_tree(journal, from);
  if (!tree) return tree.error();
  if (!*tree && from == covered && *head) *tree = (*head)->frontier;
  Result<void> fine;
  const auto read = entries(journal, from, journal.size(), [&](const StoredEntry& entry) {
    fine = check_read_back(entry, journal);
    if (*tree) (*tree)->append(journal::leaf_hash(entry.leaf));
    if (fine && *tree && entry.subtree && *entry.subtree != (*tree)->last_subtree())
      fine = corrupt("entry " + std::to_string(entry.index) + " does not hash to what is noted");
    return fine.has_value();
  });
  if (!read) return read;
  if (!fine) return fine;
  if (*tree && !same(**tree, journal.frontier))
    return corrupt("its entries do not hash to its root");
  return {};
}

}  // namespace blo::store
