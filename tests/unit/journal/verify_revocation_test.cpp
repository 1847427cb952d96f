#include <catch2/catch.hpp>

#include "journal/verify.h"
#include "journal/verify_revocations.h"
#include "world.h"

namespace blo::journal {
namespace {

/// UZ-OYBEK enters that TJ-FOTEHOBOD is revoked, having receipted so much of its journal.
struct Revoked {
  Revoked() {
    there.start();
    there.introduce(officer);
    there.message(officer, 1);
    there.checkpoint(kStart + seconds(10));
    back.stamp.time = kStart + seconds(20);
    back.has_receipted(there);
    back.start();
    back.introduce(answering);
    back.message(answering, 11);
    back.checkpoint(kStart + seconds(30));
    there.stamp.time = kStart + seconds(40);
    there.has_receipted(back);
  }

  [[nodiscard]] identity::Revocation revocation(std::uint64_t statement,
                                                const crypto::SigningKey& key) const {
    identity::RevocationDetails details;
    details.kind = identity::CertificateKind::kOffice;
    details.network = Network::kLive;
    details.subject = "TJ-FOTEHOBOD";
    details.statement = statement;
    details.reason = identity::RevocationReason::kKeyStolen;
    details.time = kStart;
    details.issuer = tj.authority.fingerprint();
    return identity::Revocation::issue(details, key);
  }
  [[nodiscard]] crypto::SigningKey authority_key() const {
    return tj.authority_keys.signing_key(identity::KeyUse::kAuthority);
  }
  void enter(const identity::Revocation& revocation) {
    there.append(RevocationRecord{revocation.bytes()});
    there.checkpoint(std::nullopt);
  }
  Verdict verify() {
    there.write(folder.sink());
    back.write(folder.sink());
    return verify_export(folder.path(), {uz.authority, tj.authority}).value();
  }

  TestOffice uz{"UZ-OYBEK"};
  TestOffice tj{"TJ-FOTEHOBOD"};
  TestJournal there{uz, tj};
  TestJournal back{tj, uz};
  TestOfficer officer = uz.officer();
  TestOfficer answering = tj.officer();
  TemporaryFolder folder;
};

bool has(const Verdict& verdict, FindingCode code, std::string_view where) {
  return std::ranges::any_of(verdict.findings, [&](const Finding& finding) {
    return finding.code == code && finding.where.ends_with(where);
  });
}

}  // namespace

TEST_CASE("what lies before an office's revocation stays verified and the verdict says it") {
  Revoked at;
  at.enter(at.revocation(1'000, at.authority_key()));
  const auto verdict = at.verify();
  CHECK(verdict.findings.empty());
  const auto journal = std::ranges::find(verdict.journals, at.back.origin, &JournalVerdict::origin);
  CHECK(std::ranges::any_of(journal->notes, [](const std::string& note) {
    return note.find("revoked by statement 1000") != std::string::npos;
  }));
}

TEST_CASE("what a revoked office signed after the cut is a finding however well it is signed") {
  Revoked at;
  at.enter(at.revocation(1'000, at.authority_key()));
  at.back.message(at.answering, 12);
  at.back.checkpoint(kStart + seconds(700));
  const auto verdict = at.verify();
  CHECK(verdict.findings.size() == 1);
  CHECK(has(verdict, FindingCode::kRevoked, "entry 3"));
}

TEST_CASE("a revocation that the authority did not sign is a finding and cuts nothing") {
  Revoked at;
  at.enter(at.revocation(1'000, crypto::SigningKey::generate()));
  at.back.message(at.answering, 12);
  at.back.checkpoint(kStart + seconds(700));
  const auto verdict = at.verify();
  CHECK(verdict.findings.size() == 1);
  CHECK(has(verdict, FindingCode::kRevocation, "entry 3"));
}

TEST_CASE("a forged revocation is found where none of the office's own journals is in the export") {
  Revoked at;
  at.enter(at.revocation(1'000, crypto::SigningKey::generate()));
  at.there.write(at.folder.sink());
  const auto verdict = verify_export(at.folder.path(), {at.uz.authority, at.tj.authority}).value();
  CHECK(verdict.findings.size() == 1);
  CHECK(has(verdict, FindingCode::kRevocation, "entry 3"));
}

TEST_CASE("a revocation entered again and again costs one look at its signature") {
  Revoked at;
  TestJournal second(at.tj, at.uz, 2);
  second.start(ClosedGeneration{at.back.tree.size(), at.back.tree.root()});
  second.checkpoint(std::nullopt);
  second.write(at.folder.sink());
  const bool forged = GENERATE(false, true);
  const auto revocation =
      at.revocation(1'000, forged ? crypto::SigningKey::generate() : at.authority_key());
  for (int i = 0; i < 30; ++i) at.enter(revocation);
  at.there.write(at.folder.sink());
  at.back.write(at.folder.sink());

  const auto files = ExportFiles::open(at.folder.path()).value();
  const crypto::ShortHash tag;
  std::map<Origin, JournalFacts> journals;
  for (const auto* journal : {&at.there, &at.back, &second})
    journals.try_emplace(journal->origin, files, tag, journal->origin);
  REQUIRE(
      verify_journals(files, {at.uz.authority, at.tj.authority}, run_inline, journals).has_value());
  RevocationSignatures signatures;
  REQUIRE(verify_revocations(journals, signatures).has_value());
  CHECK(signatures.checked() == 1);
  const auto& found = journals.at(at.there.origin).pending.all();
  CHECK(found.empty() == !forged);  // where it is forged, each place is
  // The second generation lies after it.
  CHECK(journals.at(second.origin).findings.take().size() == (forged ? 0 : 1));
}

TEST_CASE("a revoked office's receipts count up to its revocation") {
  Revoked at;
  at.there.message(at.officer, 2);  // stamped 41 s after the start, and the revocation 42 s
  const auto revocation = at.revocation(1'000, at.authority_key());
  constexpr std::chrono::hours kDay{24};  // by which two clocks may differ
  SECTION("what it receipted before holds") {
    at.there.checkpoint(kStart + seconds(42) + kDay);
    at.enter(revocation);
    CHECK(at.verify().findings.empty());
  }
  SECTION("a receipt dated more than a day later is a finding over what was there before, too") {
    at.there.checkpoint(kStart + seconds(43) + kDay);
    at.enter(revocation);
    CHECK(has(at.verify(), FindingCode::kRevoked, "UZ-OYBEK_TJ-FOTEHOBOD_1/receipts"));
  }
  SECTION("a receipt over the revocation's entry is a finding whatever its date") {
    at.enter(revocation);
    at.there.checkpoint(kStart + seconds(41));
    CHECK(has(at.verify(), FindingCode::kRevoked, "UZ-OYBEK_TJ-FOTEHOBOD_1/receipts"));
  }
  SECTION("one in a later generation is a finding whatever its date") {
    at.enter(revocation);
    TestJournal second(at.uz, at.tj, 2);
    second.stamp.time = at.there.stamp.time;
    second.start(ClosedGeneration{at.there.tree.size(), at.there.tree.root()});
    second.checkpoint(kStart + seconds(41));
    second.write(at.folder.sink());
    CHECK(has(at.verify(), FindingCode::kRevoked, "UZ-OYBEK_TJ-FOTEHOBOD_2/receipts"));
  }
  SECTION("a statement older than its certificate ends none of them") {
    at.enter(at.revocation(at.tj.office.details().statement, at.authority_key()));
    at.there.checkpoint(kStart + seconds(50) + kDay);
    CHECK(at.verify().findings.empty());
  }
}

TEST_CASE("a revocation older than the office's certificate cuts nothing") {
  Revoked at;
  const auto statement = at.tj.office.details().statement;
  at.enter(at.revocation(statement, at.authority_key()));
  at.back.message(at.answering, 12);
  at.back.checkpoint(kStart + seconds(700));
  CHECK(at.verify().findings.empty());
}

}  // namespace blo::journal
