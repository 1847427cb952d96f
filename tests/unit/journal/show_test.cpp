#include "journal/show.h"

#include <catch2/catch.hpp>

#include <fstream>

#include "journal/diff.h"
#include "world.h"

namespace blo::journal {
namespace {

/// One direction of 300 entries, receipted in the middle.
struct Written {
  Written() {
    const TestOfficer officer = uz.officer();
    there.start();
    there.introduce(officer);
    for (std::uint8_t number = 0; number < 150; ++number) there.message(officer, number);
    there.checkpoint(kStart + seconds(500));
    there.write(earlier.sink());
    while (there.leaves.size() < 300) there.append(Record(AuditChallenge{"a text"}));
    there.checkpoint(std::nullopt);
    there.write(folder.sink());
  }
  [[nodiscard]] ShownExport open() const {
    auto shown = ShownExport::open(files, {uz.authority, tj.authority});
    REQUIRE(shown.has_value());
    return std::move(*shown);
  }
  void alter() const {
    std::fstream file(folder.path() / export_folder(there.origin) / "tile/entries/001.p/44",
                      std::ios::in | std::ios::out);
    file.seekp(10);
    file.put('!');
    REQUIRE(file.good());
  }

  TestOffice uz{"UZ-OYBEK"};
  TestOffice tj{"TJ-FOTEHOBOD"};
  TestJournal there{uz, tj};
  TemporaryFolder earlier;  // the export as it was at 152 entries
  TemporaryFolder folder;
  ExportFiles files = ExportFiles::open(folder.path()).value();
};

}  // namespace

TEST_CASE("an export is shown entry by entry with the first receipt over each") {
  const Written written;
  ShownExport shown = written.open();
  REQUIRE(shown.verdict().verified());
  std::uint64_t next = 10;
  const auto all = shown.entries(written.there.origin, 10, [&](const ShownEntry& entry) {
    CHECK(entry.index == next++);
    CHECK(entry.leaf_hash == leaf_hash(written.there.leaves[entry.index]));
    CHECK(entry.receipt.has_value() == (entry.index < 152));
    CHECK(entry.what == (entry.index < 152 ? "message" : "auditor's challenge"));
  });
  CHECK(all.has_value());
  CHECK(next == 300);
  CHECK(shown.size(*Origin::parse("live/TJ-FOTEHOBOD/UZ-OYBEK/1")) == 0);
}

TEST_CASE("an entry of the counterpart whose stamp goes back dates nothing") {
  const TestOffice uz{"UZ-OYBEK"};
  const TestOffice tj{"TJ-FOTEHOBOD"};
  const TestOfficer karimov = uz.officer();
  const TestOfficer rahimov = tj.officer();
  TestJournal back(tj, uz);
  back.start();
  back.introduce(rahimov);
  const bool goes_back = GENERATE(false, true);
  if (goes_back) back.stamp.time = kStart - seconds(3'600);
  back.message(rahimov, 10);
  back.checkpoint(kStart + seconds(10));
  TestJournal there(uz, tj);
  there.start();
  there.introduce(karimov);
  there.has_receipted(back);
  there.message(karimov);
  there.checkpoint(kStart + seconds(20));
  const TemporaryFolder folder;
  back.write(folder.sink());
  there.write(folder.sink());
  const auto files = ExportFiles::open(folder.path()).value();
  auto shown = ShownExport::open(files, {uz.authority, tj.authority});
  REQUIRE(shown.has_value());
  const auto details = shown->entry(there.origin, 2);
  REQUIRE(details.has_value());
  const auto named = std::ranges::find(details->groups, "not_before", [](const auto& group) {
    return std::string_view(group.first);
  });
  REQUIRE(named != details->groups.end());
  CHECK((named->second.front().name == "time") != goes_back);
}

TEST_CASE("an entry that changed after it was verified is not shown") {
  const Written written;
  ShownExport shown = written.open();
  written.alter();
  std::uint64_t count = 0;
  CHECK_FALSE(
      shown.entries(written.there.origin, 0, [&](const ShownEntry&) { ++count; }).has_value());
  CHECK(count == 256);
  CHECK_FALSE(shown.entry(written.there.origin, 299).has_value());
  CHECK_FALSE(shown.entry(written.there.origin, 3).has_value());
}

TEST_CASE("what was added is shown unless it changed after it was compared") {
  const Written written;
  const auto before = ExportFiles::open(written.earlier.path()).value();
  auto diff =
      ExportDiff::open({&before, &written.files}, {written.uz.authority, written.tj.authority});
  REQUIRE(diff.has_value());
  CHECK(diff->extends());
  const DiffJournal& journal = diff->journals().at(0);
  CHECK(journal.equal == 152);
  std::uint64_t next = 152;
  const auto count = [&](const ShownEntry& entry) { CHECK(entry.index == next++); };
  CHECK(diff->added(journal, count).has_value());
  CHECK(next == 300);
  written.alter();
  next = 152;
  CHECK_FALSE(diff->added(journal, count).has_value());
  CHECK(next == 256);
}

}  // namespace blo::journal
