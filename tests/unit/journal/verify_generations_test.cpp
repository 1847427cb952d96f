#include <catch2/catch.hpp>

#include "journal/verify.h"
#include "world.h"

namespace blo::journal {
namespace {

/// UZ-OYBEK's journal to TJ-FOTEHOBOD in two generations: an officer and a message in each.
struct Renewed {
  Renewed() {
    first.start();
    first.introduce(officer);
    first.message(officer, 1);
    first.checkpoint(kStart + seconds(10));
    second.stamp.time = kStart + seconds(20);
  }

  [[nodiscard]] ClosedGeneration end() const { return {first.tree.size(), first.tree.root()}; }
  void begin(const ClosedGeneration& previous) {
    second.start(previous);
    second.introduce(officer);
    second.message(officer, 2);
  }
  Verdict verify(bool with_first = true) {
    second.checkpoint(second.stamp.time + seconds(10));
    if (with_first) first.write(folder.sink());
    second.write(folder.sink());
    return verify_export(folder.path(), {uz.authority, tj.authority}).value();
  }

  TestOffice uz{"UZ-OYBEK"};
  TestOffice tj{"TJ-FOTEHOBOD"};
  TestJournal first{uz, tj};
  TestJournal second{uz, tj, 2};
  TestOfficer officer = uz.officer();
  TemporaryFolder folder;
};

std::vector<std::string> said(const Verdict& verdict) {
  std::vector<std::string> codes;
  for (const Finding& finding : verdict.findings)
    codes.push_back(std::string(to_string(finding.code)) + " " + finding.where);
  return codes;
}

constexpr char kSecond[] = "live_UZ-OYBEK_TJ-FOTEHOBOD_2";

std::vector<std::string> only(const std::string& code, const std::string& place) {
  return {code + " " + kSecond + "/" + place};
}

}  // namespace

TEST_CASE("a generation that begins where the one before ended verifies") {
  Renewed journal;
  journal.begin(journal.end());
  CHECK(said(journal.verify()).empty());
}

TEST_CASE("a generation that begins elsewhere is found") {
  const std::function<void(ClosedGeneration&)> lies[] = {[](auto& end) { ++end.size; },
                                                         [](auto& end) { --end.size; },
                                                         [](auto& end) { end.root[31] ^= 1; }};
  for (const auto& lie : lies) {
    Renewed journal;
    auto end = journal.end();
    lie(end);
    journal.begin(end);
    CHECK(said(journal.verify()) == only("E-GENERATION", "entry 0"));
  }
}

TEST_CASE("an entry added to a generation that was closed is found") {
  Renewed journal;
  journal.begin(journal.end());
  journal.first.message(journal.officer, 3);
  journal.first.checkpoint(kStart + seconds(11));
  CHECK(said(journal.verify()) == only("E-GENERATION", "entry 0"));
}

TEST_CASE("a generation whose predecessor is not in the export shows that it is missing") {
  Renewed journal;
  journal.begin(journal.end());
  const auto verdict = journal.verify(false);
  CHECK(verdict.outcome() == Outcome::kNotWhole);
  CHECK(verdict.missing().front().origin == journal.first.origin);
}

TEST_CASE("a generation that says that nothing is left of its predecessor is told and is whole") {
  Renewed journal;
  journal.begin({0, crypto::sha256({})});
  const auto verdict = journal.verify(false);
  CHECK(verdict.verified());
  CHECK(verdict.journals.front().notes.front().starts_with("its start says that nothing is left"));
}

TEST_CASE("stamps go on from the generation before") {
  Renewed journal;
  journal.second.stamp.time = kStart - seconds(5);
  journal.begin(journal.end());
  CHECK(said(journal.verify()) == only("E-STAMP", "entry 0"));
}

TEST_CASE("an erasure in an earlier generation is of a message or an officer's name") {
  Renewed journal;
  journal.begin(journal.end());
  SECTION("it is") {
    journal.second.append(Record(Erasure{1, "rule", 0, 1}));
    CHECK(said(journal.verify()).empty());
  }
  SECTION("it is a message") {
    journal.second.append(Record(Erasure{2, "rule", 0, 1}));
    CHECK(said(journal.verify()).empty());
  }
  SECTION("it is a record") {
    journal.second.append(Record(Erasure{0, "rule", 0, 1}));
    CHECK(said(journal.verify()) == only("E-ERASURE", "entry 3"));
  }
  SECTION("it is past the end") {
    journal.second.append(Record(Erasure{99, "rule", 0, 1}));
    CHECK(said(journal.verify()) == only("E-ERASURE", "entry 3"));
  }
}

TEST_CASE("a message id is used once over all generations") {
  Renewed journal;
  journal.begin(journal.end());
  journal.second.message(journal.officer, 1);
  CHECK(said(journal.verify()) == only("E-DUPLICATE", "entry 3"));
}

}  // namespace blo::journal
