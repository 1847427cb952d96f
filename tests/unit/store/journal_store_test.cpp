#include "store/journal_store.h"

#include "world.h"

namespace blo::store {
namespace {

using test::Folder;
using test::Rows;

MessageId message_id(Byte fill) {
  MessageId id{};
  id.fill(fill);
  return id;
}

EntryFacts message(Byte id) { return {1, message_id(id), {}}; }

StoredHead head_of(const JournalRow& row, std::uint64_t time_s) {
  return {row.size(), "note at " + std::to_string(row.size()), row.frontier, time_s, {}};
}

/// The row as the store has it.
JournalRow stored(Rows& rows, std::size_t at = 0) {
  return rows.journals.of_pairing(rows.pairing).value().at(at);
}

}  // namespace

TEST_CASE("appended entries and the frontier over them outlive a reopening") {
  const Folder folder;
  journal::Frontier frontier;
  {
    Rows rows(folder.file());
    JournalRow row = rows.make_journal();
    for (int i = 0; i < 5; ++i) {
      const std::string leaf = "leaf " + std::to_string(i);
      REQUIRE(rows.append(row, leaf).has_value());
      frontier.append(journal::leaf_hash(as_bytes(leaf)));
    }
    row.last_stamp = {from_unix_ms(1'709'788'329'000), 1, 4, journal::Hash{3}};
    REQUIRE(rows.journals.save(row).has_value());
  }
  Rows rows(folder.file());
  const JournalRow row = stored(rows);
  CHECK(row.origin == test::origin());
  CHECK(row.sent);
  CHECK(row.certificate == to_bytes("certificate"));
  CHECK(row.size() == 5);
  CHECK(row.frontier.root() == frontier.root());
  CHECK(row.last_stamp.size == 4);
  CHECK(row.last_stamp.root == journal::Hash{3});
  CHECK(to_unix_ms(row.last_stamp.time) == 1'709'788'329'000);
  CHECK(rows.journals.entry(row, 3).value().leaf == to_bytes("leaf 3"));
  CHECK(rows.journals.entry(row, 5).error() == StoreError::kNotFound);
  std::vector<std::uint64_t> seen;
  REQUIRE(rows.journals
              .entries(row, 1, 5,
                       [&](const StoredEntry& entry) {
                         seen.push_back(entry.index);
                         return entry.index < 3;
                       })
              .has_value());
  CHECK(seen == std::vector<std::uint64_t>{1, 2, 3});
  CHECK(rows.journals.signing_seed(row).value() == test::key(9));
}

TEST_CASE("a receipt makes claims of the times it is a day behind, below its head alone") {
  const Folder folder;
  const std::uint64_t day_ms = 86'400'000, start_ms = 1'709'788'329'000;
  Rows rows(folder.file());
  JournalRow row = rows.make_journal();
  const auto say = [&](std::uint64_t ms) {
    REQUIRE(rows.append(row, "leaf " + std::to_string(row.size())).has_value());
    row.last_stamp.time = from_unix_ms(ms);
    REQUIRE(rows.journals.note_sure_time(row, row.size() - 1, row.last_stamp.time).has_value());
  };
  say(start_ms);
  say(start_ms + 400 * day_ms);
  const StoredHead first = head_of(row, start_ms / 1000);
  say(start_ms + 401 * day_ms);
  REQUIRE(rows.journals.save(row).has_value());
  REQUIRE(rows.journals.put_head(row, first).has_value());
  CHECK(to_unix_ms(row.last_stamp.time) == start_ms + 401 * day_ms);  // it has no receipt yet
  REQUIRE(rows.journals.put_head(row, head_of(row, start_ms / 1000)).has_value());
  CHECK(to_unix_ms(row.last_stamp.time) == start_ms);
  CHECK(to_unix_ms(stored(rows).last_stamp.time) == start_ms);
  say(start_ms + day_ms / 2);
  REQUIRE(rows.journals.put_head(row, head_of(row, start_ms / 1000)).has_value());
  CHECK(to_unix_ms(rows.journals.newest_sure_time(row).value()) == start_ms + day_ms / 2);
  REQUIRE(rows.journals.cut(row, 1).has_value());
  CHECK(to_unix_ms(rows.journals.newest_sure_time(row).value()) == start_ms);
}

TEST_CASE("journals of one pairing lie apart") {
  const Folder folder;
  Rows rows(folder.file());
  JournalRow first = rows.make_journal(1);
  JournalRow second = rows.make_journal(2);
  REQUIRE(rows.append(first, "of the first").has_value());
  REQUIRE(rows.append(second, "of the second").has_value());
  CHECK(rows.journals.entry(first, 0)->leaf == to_bytes("of the first"));
  CHECK(rows.journals.entry(second, 0)->leaf == to_bytes("of the second"));
  CHECK(rows.journals.entries(first, 0, 2, [](const StoredEntry&) { return true; }).error() ==
        StoreError::kCorrupt);
}

TEST_CASE("an entry that is gone is damage and not the end") {
  const Folder folder;
  {
    Rows rows(folder.file());
    JournalRow row = rows.make_journal();
    for (const char* leaf : {"a", "b", "c"}) REQUIRE(rows.append(row, leaf).has_value());
    REQUIRE(rows.journals.save(row).has_value());
  }
  {
    const auto database = Database::open(folder.file()).value();
    REQUIRE(database->execute("DELETE FROM entry WHERE leaf = x'62'").has_value());
  }
  CHECK(test::open(folder.file()).error() == StoreError::kCorrupt);
}

TEST_CASE("a message id is unique in a pairing across its journals") {
  const Folder folder;
  Rows rows(folder.file());
  JournalRow first = rows.make_journal(1);
  JournalRow second = rows.make_journal(2);
  REQUIRE(rows.append(first, "once", message(7)).has_value());
  CHECK(rows.append(second, "again", message(7)).error() == StoreError::kConstraint);
  CHECK(second.size() == 0);
  REQUIRE(rows.append(second, "another", message(8)).has_value());
  const auto found = rows.journals.find_message(rows.pairing, message_id(8)).value();
  REQUIRE(found);
  CHECK(found->first == second.id);
  CHECK(found->second == 0);
  CHECK_FALSE(rows.journals.find_message(rows.pairing + 1, message_id(8)).value());
  CHECK_FALSE(rows.journals.find_message(rows.pairing, message_id(9)).value());
  // Refused entries hold no id: any number of them may come.
  REQUIRE(rows.append(second, "refused", {1, {}, journal::RefusalReason::kDuplicate}).has_value());
  REQUIRE(
      rows.append(second, "refused, too", {1, {}, journal::RefusalReason::kDuplicate}).has_value());
  CHECK(second.refused == 2);
  CHECK(rows.journals.entry(second, 2)->facts.refusal == journal::RefusalReason::kDuplicate);
}

TEST_CASE("a body opens in its own place only") {
  const Folder folder;
  {
    Rows rows(folder.file());
    JournalRow row = rows.make_journal();
    for (Byte i = 0; i < 3; ++i) REQUIRE(rows.append(row, "leaf", message(i)).has_value());
    REQUIRE(rows.journals.put_body(row, 0, as_bytes("sealed 0"), test::key(20)).has_value());
    REQUIRE(rows.journals.put_body(row, 1, as_bytes("sealed 1"), test::key(21)).has_value());
    REQUIRE(rows.journals.save(row).has_value());
    const auto body = rows.journals.body(row, 1).value();
    CHECK(body.sealed == to_bytes("sealed 1"));
    CHECK(*body.content_key == test::key(21));
    const auto none = rows.journals.body(row, 2).value();
    CHECK(none.sealed.empty());
    CHECK_FALSE(none.content_key);
  }
  {
    const auto database = Database::open(folder.file()).value();
    REQUIRE(database
                ->execute("UPDATE body SET wrapped_key = (SELECT wrapped_key FROM body ORDER BY "
                          "place LIMIT 1)")
                .has_value());
  }
  Rows rows(folder.file());
  const JournalRow row = stored(rows);
  CHECK(rows.journals.body(row, 0).has_value());
  CHECK(rows.journals.body(row, 1).error() == StoreError::kCorrupt);
}

TEST_CASE("a signing seed moved to another journal does not open") {
  const Folder folder;
  {
    Rows rows(folder.file());
    static_cast<void>(rows.make_journal(1));
    static_cast<void>(rows.make_journal(2));
  }
  {
    const auto database = Database::open(folder.file()).value();
    REQUIRE(database
                ->execute("UPDATE journal SET wrapped_key = (SELECT wrapped_key FROM journal ORDER "
                          "BY id LIMIT 1)")
                .has_value());
  }
  Rows rows(folder.file());
  CHECK(rows.journals.signing_seed(stored(rows, 0)).has_value());
  CHECK(rows.journals.signing_seed(stored(rows, 1)).error() == StoreError::kForeign);
}

TEST_CASE("a journal without a key of ours has no seed") {
  const Folder folder;
  Rows rows(folder.file());
  const auto row =
      rows.journals.create(rows.pairing, test::origin(), false, as_bytes("theirs"), nullptr);
  CHECK(rows.journals.signing_seed(*row).error() == StoreError::kNotFound);
}

TEST_CASE("heads are found by size") {
  const Folder folder;
  Rows rows(folder.file());
  JournalRow row = rows.make_journal();
  CHECK_FALSE(rows.journals.newest_head(row).value());
  CHECK_FALSE(rows.journals.covering_head(row, 0).value());
  crypto::Signature signature{};
  signature.fill(5);
  for (int i = 1; i <= 10; ++i) {
    REQUIRE(rows.append(row, "leaf").has_value());
    if (i != 3 && i != 7) continue;
    auto head = head_of(row, static_cast<std::uint64_t>(i) * 100);
    if (i == 7) head.receipt_signature = signature;
    REQUIRE(rows.journals.put_head(row, head).has_value());
  }
  const auto newest = rows.journals.newest_head(row).value();
  REQUIRE(newest);
  CHECK(newest->size == 7);
  CHECK(newest->note == "note at 7");
  CHECK(newest->frontier.size() == 7);
  CHECK(newest->receipt_time_s == 700);
  CHECK(newest->receipt_signature == signature);
  CHECK_FALSE(rows.journals.head_at_most(row, 2).value());
  CHECK(rows.journals.head_at_most(row, 3).value()->size == 3);
  CHECK(rows.journals.head_at_most(row, 6).value()->size == 3);
  CHECK(rows.journals.covering_head(row, 2).value()->size == 3);
  CHECK(rows.journals.covering_head(row, 3).value()->size == 7);
  CHECK_FALSE(rows.journals.covering_head(row, 7).value());
  const auto all = rows.journals.heads(row).value();
  REQUIRE(all.size() == 2);
  CHECK(all[0].size == 3);
  CHECK_FALSE(all[0].receipt_signature);
}

TEST_CASE("one size has one head") {
  const Folder folder;
  Rows rows(folder.file());
  JournalRow row = rows.make_journal();
  REQUIRE(rows.append(row, "leaf").has_value());
  REQUIRE(rows.journals.put_head(row, head_of(row, 100)).has_value());
  CHECK(rows.journals.put_head(row, head_of(row, 200)).error() == StoreError::kConstraint);
}

TEST_CASE("messages are listed newest first and records are not among them") {
  const Folder folder;
  Rows rows(folder.file());
  JournalRow row = rows.make_journal();
  JournalRow other = rows.make_journal(2);
  REQUIRE(rows.append(row, "record").has_value());
  for (Byte i = 1; i <= 4; ++i) REQUIRE(rows.append(row, "message", message(i)).has_value());
  REQUIRE(rows.append(row, "record").has_value());
  REQUIRE(rows.append(other, "elsewhere", message(9)).has_value());
  const auto indices = [](const std::vector<StoredEntry>& entries) {
    std::vector<std::uint64_t> found;
    for (const auto& entry : entries) found.push_back(entry.index);
    return found;
  };
  using Indices = std::vector<std::uint64_t>;
  CHECK(indices(rows.journals.newest_messages(row, {}, 50).value()) == Indices{4, 3, 2, 1});
  CHECK(indices(rows.journals.newest_messages(row, {0, 4}, 2).value()) == Indices{3, 2});
  CHECK(indices(rows.journals.newest_messages(row, {0, 1}, 2).value()).empty());
}

TEST_CASE("a source row is imported once") {
  const Folder folder;
  Rows rows(folder.file());
  JournalRow row = rows.make_journal();
  REQUIRE(rows.append(row, "message", message(1)).has_value());
  const Bytes key(32, 4);
  CHECK_FALSE(rows.journals.find_imported(key).value());
  REQUIRE(rows.journals.put_imported(key, row, 0).has_value());
  const auto found = rows.journals.find_imported(key).value();
  REQUIRE(found);
  CHECK(found->first == row.id);
  CHECK(found->second == 0);
  CHECK(rows.journals.put_imported(key, row, 0).error() == StoreError::kConstraint);
}

TEST_CASE("what a dropped transaction appended is gone with it") {
  const Folder folder;
  Rows rows(folder.file());
  const JournalRow row = rows.make_journal();
  {
    auto transaction = rows.store->begin().value();
    JournalRow copy = row;
    REQUIRE(rows.append(copy, "lost", message(1)).has_value());
    REQUIRE(rows.journals.put_body(copy, 0, as_bytes("sealed"), test::key(2)).has_value());
    REQUIRE(rows.journals.save(copy).has_value());
  }
  CHECK(stored(rows).size() == 0);
  CHECK_FALSE(rows.journals.find_message(rows.pairing, message_id(1)).value());
  JournalRow copy = row;
  CHECK(rows.append(copy, "kept", message(1)).has_value());
}

TEST_CASE("an index that no journal can have is an error wherever it is asked for") {
  const Folder folder;
  Rows rows(folder.file());
  JournalRow row = rows.make_journal();
  REQUIRE(rows.append(row, "leaf").has_value());
  const auto is_out_of_range = [](const auto& result) {
    return !result && result.error() == StoreError::kOutOfRange;
  };
  for (const std::uint64_t index :
       {std::uint64_t{1} << 40U, std::uint64_t{INT64_MAX}, std::uint64_t{1} << 63U, UINT64_MAX}) {
    CAPTURE(index);
    CHECK(rows.journals.entry(row, index).error() == StoreError::kNotFound);
    CHECK(is_out_of_range(rows.journals.body(row, index)));
    CHECK(is_out_of_range(rows.journals.has_body(row, index)));
    CHECK(is_out_of_range(rows.journals.erase_body(row, index)));
    CHECK(is_out_of_range(rows.journals.put_body(row, index, {}, test::key(2))));
    CHECK(is_out_of_range(rows.journals.import_key(row, index)));
    CHECK(is_out_of_range(rows.journals.put_imported({}, row, index)));
    CHECK(is_out_of_range(rows.journals.cut(row, index)));
    CHECK(is_out_of_range(rows.journals.entries(row, 0, index, [](const auto&) { return true; })));
    const bool countable = index <= INT64_MAX;
    CHECK(is_out_of_range(rows.journals.covering_head(row, index)) != countable);
    CHECK(is_out_of_range(rows.journals.head_at_most(row, index)) != countable);
  }
  CHECK(rows.journals.entry(row, 0).value().leaf == to_bytes("leaf"));
}

}  // namespace blo::store
