#include "journal/challenge.h"

#include <catch2/catch.hpp>

namespace blo::journal {
namespace {

constexpr WallTime kNoon{milliseconds(1'704'110'400'000)};

Verdict one_journal() {
  Verdict verdict;
  const auto office = [](const char* id) { return OfficeId::parse(id).value(); };
  verdict.journals.push_back(
      {Origin{Network::kLive, office("UZ-OYBEK"), office("TJ-FOTEHOBOD"), 1}, {}, {}});
  return verdict;
}

std::vector<FindingCode> codes(Verdict verdict, const std::string& text,
                               const std::optional<OfficeId>& of = std::nullopt) {
  judge_challenge(text, of, verdict);
  std::vector<FindingCode> codes;
  for (const auto& finding : verdict.findings) codes.push_back(finding.code);
  return codes;
}

}  // namespace

TEST_CASE("a challenge counts from the first receipt over it") {
  auto verdict = one_journal();
  auto& journal = verdict.journals.front();
  note_challenge(journal, 3, "mine");
  note_challenge(journal, 5, "another");
  note_receipt(journal, 3, kNoon);  // everything below 3
  CHECK_FALSE(find_challenge(journal, "mine")->receipted);
  CHECK(codes(verdict, "mine") == std::vector{FindingCode::kChallenge});
  note_receipt(journal, 4, kNoon + std::chrono::hours(1));
  note_receipt(journal, 6, kNoon + std::chrono::hours(2));
  CHECK((find_challenge(journal, "mine")->receipted == kNoon + std::chrono::hours(1)));
  CHECK((find_challenge(journal, "another")->receipted == kNoon + std::chrono::hours(2)));
  CHECK(codes(verdict, "mine").empty());
}

TEST_CASE("a text that no journal holds is a finding") {
  auto verdict = one_journal();
  note_challenge(verdict.journals.front(), 3, "mine");
  note_receipt(verdict.journals.front(), 4, kNoon);
  CHECK(find_challenge(verdict.journals.front(), "min") == nullptr);
  judge_challenge("yours\n", std::nullopt, verdict);
  REQUIRE(verdict.findings.size() == 1);
  CHECK(verdict.findings[0].code == FindingCode::kChallenge);
  CHECK(verdict.findings[0].evidence == "yours\\x0a");
  CHECK_FALSE(verdict.verified());
}

TEST_CASE("each pairing of an export answers a challenge, in either direction") {
  Verdict verdict;
  const auto add = [&verdict](const char* from, const char* to, bool answers) {
    const auto office = [](const char* id) { return OfficeId::parse(id).value(); };
    auto& journal = verdict.journals.emplace_back(
        JournalVerdict{Origin{Network::kLive, office(from), office(to), 1}, {}, {}});
    if (!answers) return;
    note_challenge(journal, 3, "mine");
    note_receipt(journal, 4, kNoon);
  };
  add("TJ-FOTEHOBOD", "UZ-OYBEK", false);
  add("UZ-OYBEK", "TJ-FOTEHOBOD", true);
  CHECK(codes(verdict, "mine").empty());
  add("UZ-OYBEK", "UZ-YALLAMA", false);
  CHECK(codes(verdict, "mine") == std::vector{FindingCode::kChallenge});
  CHECK(codes({}, "mine") == std::vector{FindingCode::kChallenge});
}

TEST_CASE("a challenge of one office is not answered by its counterpart") {
  const OfficeId oybek = *OfficeId::parse("UZ-OYBEK");
  const OfficeId fotehobod = *OfficeId::parse("TJ-FOTEHOBOD");
  auto verdict = one_journal();
  note_challenge(verdict.journals[0], 3, "mine");
  note_receipt(verdict.journals[0], 4, kNoon);
  CHECK(codes(verdict, "mine", oybek).empty());
  CHECK(codes(verdict, "mine", fotehobod) == std::vector{FindingCode::kChallenge});
  verdict.journals.insert(verdict.journals.begin(),
                          {Origin{Network::kLive, fotehobod, oybek, 1}, {}, {}});
  CHECK(codes(verdict, "mine", fotehobod) == std::vector{FindingCode::kChallenge});
  note_challenge(verdict.journals[0], 1, "mine");
  CHECK(codes(verdict, "mine", fotehobod) == std::vector{FindingCode::kChallenge});
  note_receipt(verdict.journals[0], 2, kNoon);
  CHECK(codes(verdict, "mine", fotehobod).empty());
  CHECK(codes(verdict, "mine", *OfficeId::parse("UZ-YALLAMA")) ==
        std::vector{FindingCode::kChallenge});
}

TEST_CASE("what a challenged journal goes on from and names must be in the export") {
  auto verdict = one_journal();
  note_challenge(verdict.journals[0], 3, "mine");
  note_receipt(verdict.journals[0], 4, kNoon);
  SECTION("an earlier generation") {
    verdict.journals[0].origin.generation = 2;
    CHECK(codes(verdict, "mine") == std::vector{FindingCode::kChallenge});
    verdict.journals.insert(verdict.journals.begin(), one_journal().journals[0]);
    CHECK(codes(verdict, "mine").empty());
  }
  SECTION("a journal of the counterpart") {
    const Origin& origin = verdict.journals[0].origin;
    verdict.journals[0].absent = Origin{origin.network, origin.to, origin.from, 1};
    CHECK(codes(verdict, "mine") == std::vector{FindingCode::kChallenge});
  }
}

TEST_CASE("of one text the newest under a receipt counts") {
  auto verdict = one_journal();
  auto& journal = verdict.journals.front();
  for (const std::uint64_t index : {3U, 5U}) note_challenge(journal, index, "mine");
  note_receipt(journal, 6, kNoon);
  note_challenge(journal, 7, "mine");
  CHECK(find_challenge(journal, "mine")->index == 5);
  CHECK(codes(verdict, "mine").empty());
}

TEST_CASE("a journal full of challenges keeps the newest") {
  auto verdict = one_journal();
  auto& journal = verdict.journals.front();
  for (std::uint64_t i = 0; i < 3 * kChallengesKeptMax; ++i)
    note_challenge(journal, i, std::to_string(i));
  CHECK(journal.challenges.size() == kChallengesKeptMax);
  CHECK(journal.challenges.back().index == 3 * kChallengesKeptMax - 1);
  CHECK(find_challenge(journal, "0") == nullptr);
}

}  // namespace blo::journal
