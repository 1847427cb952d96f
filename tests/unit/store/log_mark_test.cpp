#include "store/log_mark.h"

#include "base/file.h"
#include "world.h"

namespace blo::store {
namespace {

using test::Folder;
using test::open;

/// Database and log as they lie at one moment.
struct Files {
  Bytes database;
  Bytes log;
};

std::filesystem::path log_of(const Folder& folder) { return folder.file().string() + "-wal"; }

Files files_of(const Folder& folder) {
  auto log = read_file(log_of(folder), 1U << 24U);
  return {read_file(folder.file(), 1U << 24U).value(), log ? std::move(*log) : Bytes()};
}

void lay(const Folder& folder, const Bytes& database, const Bytes& log) {
  std::filesystem::remove(folder.file());
  std::filesystem::remove(log_of(folder));
  REQUIRE(write_file(folder.file(), database, 0600, Overwrite::kNo).has_value());
  if (!log.empty()) REQUIRE(write_file(log_of(folder), log, 0600, Overwrite::kNo).has_value());
}

/// Appends so many entries, each in a transaction of its own.
void work(test::Rows& rows, JournalRow& row, int entries) {
  for (int i = 0; i < entries; ++i) {
    auto transaction = rows.store->begin().value();
    REQUIRE(rows.append(row, "leaf " + std::to_string(row.size())).has_value());
    REQUIRE(rows.journals.save(row).has_value());
    REQUIRE(transaction.commit().has_value());
  }
}

/// Two pairs of files, the log moved once between them and holding something in each.
struct Moments {
  Files before, after;
  std::uint64_t entries_before = 0;
  Moments() {
    const Folder folder;
    test::Rows rows(folder.file());
    auto row = rows.make_journal();
    work(rows, row, 20);
    REQUIRE(rows.store->wipe_leftovers().has_value());
    work(rows, row, 3);
    before = files_of(folder);
    entries_before = row.size();
    work(rows, row, 2);
    REQUIRE(rows.store->wipe_leftovers().has_value());
    work(rows, row, 3);
    after = files_of(folder);
  }
};

void check_refused(const Bytes& database, const Bytes& log) {
  const Folder folder;
  lay(folder, database, log);
  for (int i = 0; i < 2; ++i) {
    const auto opened = open(folder.file());
    REQUIRE_FALSE(opened.has_value());
    CHECK(opened.error() == StoreError::kCorrupt);
    CHECK(opened.error().message().find("not of one time") != std::string::npos);
  }
  const auto left = files_of(folder);  // whoever finds the file that belongs to it can go on
  CHECK(left.database == database);
  CHECK(left.log == log);
}

std::uint64_t entries_in(const Folder& folder) {
  test::Rows rows(folder.file());
  return rows.journals.of_pairing(rows.pairing).value().at(0).size();
}

}  // namespace

TEST_CASE("an older database beside a newer log is damage and both are left as they lie") {
  const Moments at;
  check_refused(at.before.database, at.after.log);
}

TEST_CASE("a newer database beside an older log is damage and both are left as they lie") {
  const Moments at;
  check_refused(at.after.database, at.before.log);
}

TEST_CASE("database and log of one moment open, and either without a log") {
  const Moments at;
  const Folder folder;
  lay(folder, at.before.database, at.before.log);
  CHECK(entries_in(folder) == at.entries_before);
  lay(folder, at.after.database, at.after.log);
  CHECK(entries_in(folder) == at.entries_before + 5);
  lay(folder, at.before.database, {});
  CHECK(entries_in(folder) == at.entries_before - 3);
  lay(folder, at.after.database, {});
  CHECK(entries_in(folder) == at.entries_before + 2);
}

TEST_CASE("a log that was being moved into its database when the process was killed opens") {
  const Folder folder;
  Files began, ended;
  std::uint64_t entries = 0;
  {
    test::Rows rows(folder.file());
    auto row = rows.make_journal();
    work(rows, row, 200);
    REQUIRE(rows.store->wipe_leftovers().has_value());
    work(rows, row, 40);
    began = files_of(folder);
    entries = row.size();
    REQUIRE(rows.store->wipe_leftovers().has_value());
    ended = files_of(folder);
  }
  constexpr std::size_t kPage = 4096;
  REQUIRE(ended.database.size() >= began.database.size());
  REQUIRE(ended.database != began.database);
  for (const std::size_t every : {2U, 3U, 5U}) {
    Bytes half = ended.database;  // some of its pages are the new ones
    for (std::size_t at = 0; at < began.database.size(); at += kPage) {
      if (at / kPage % every == 0)
        std::copy_n(began.database.begin() + static_cast<std::ptrdiff_t>(at), kPage,
                    half.begin() + static_cast<std::ptrdiff_t>(at));
    }
    const Folder killed;
    lay(killed, half, began.log);
    CHECK(entries_in(killed) == entries);
  }
}

TEST_CASE("a store goes on through many logs and kills") {
  const Folder folder;
  Files files;
  std::uint64_t entries = 0;
  for (int i = 0; i < 20; ++i) {
    if (i > 0) lay(folder, files.database, files.log);
    test::Rows rows(folder.file());
    const auto known = rows.journals.of_pairing(rows.pairing).value();
    auto row = known.empty() ? rows.make_journal() : known.front();
    REQUIRE(row.size() == entries);
    work(rows, row, i % 4);
    if (i % 3 == 0) REQUIRE(rows.store->wipe_leftovers().has_value());
    work(rows, row, i % 2);
    entries = row.size();
    files = files_of(folder);
  }
}

TEST_CASE("marks go on by two with each log, and around the end of their range") {
  HeaderNumber number = HeaderNumber::of((0x7F'FFFELL << 8U) | 9);
  CHECK(number.schema == 9);
  const HeaderNumber begun = number.log_begun();
  const HeaderNumber over = begun.log_over();
  CHECK(begun.mark == 0x7F'FFFF);
  CHECK(over.mark == 0);
  CHECK(HeaderNumber::of(begun.user_version()).mark == begun.mark);
  CHECK(begun.user_version() <= INT32_MAX);
  for (const auto& both : {number, begun, over}) CHECK(belong_together(number, both));
  CHECK_FALSE(belong_together(number, over.log_begun()));
  CHECK_FALSE(belong_together(over, begun));
  CHECK_FALSE(belong_together(over, number));
  CHECK(begun.log_begun().mark == begun.mark);
  CHECK(over.log_over().mark == over.mark);
}

}  // namespace blo::store
