#include <catch2/catch.hpp>

#include "journal/verify.h"
#include "world.h"

namespace blo::journal {
namespace {

std::vector<std::string> said(const Verdict& verdict) {
  std::vector<std::string> codes;
  for (const Finding& finding : verdict.findings)
    codes.push_back(std::string(to_string(finding.code)) + " " + finding.where);
  return codes;
}

/// The audit trail of UZ-OYBEK, in which one officer has asked for something.
struct Kept {
  Kept() {
    trail.start();
    trail.introduce(officer);
  }

  [[nodiscard]] Act act(std::uint64_t sequence) const {
    Act act;
    act.officer = officer.certificate.fingerprint();
    act.nonce = {1};
    act.sequence = sequence;
    act.request = 4;
    act.signature =
        crypto::sign(crypto::Purpose::kControlRequest, officer.key, {act.signed_bytes(uz.id)});
    return act;
  }
  void revoke() {
    identity::RevocationDetails details;
    details.kind = identity::CertificateKind::kOfficer;
    details.network = Network::kLive;
    details.subject = uz.id.text();
    details.person = officer.certificate.details().person;
    details.statement = 1'000'000;
    details.reason = identity::RevocationReason::kLeft;
    details.time = kStart;
    details.issuer = uz.office.fingerprint();
    const auto revocation =
        identity::Revocation::issue(details, uz.keys.signing_key(identity::KeyUse::kIdentity));
    trail.append(Record(RevocationRecord{revocation.bytes()}));
  }
  Verdict verify() {
    trail.checkpoint(std::nullopt);
    trail.write(folder.sink());
    return verify_export(folder.path(), {uz.authority}).value();
  }

  TestOffice uz{"UZ-OYBEK"};
  TestJournal trail{uz, uz};
  TestOfficer officer = uz.officer();
  TemporaryFolder folder;
};

using Judged = std::tuple<std::vector<std::string>, std::ptrdiff_t, bool>;

/// A pair journal of UZ-OYBEK that dates heads of its trail, a day after each other.
struct Dated {
  explicit Dated(std::uint32_t generation = 1) : trail(uz, uz, generation) {
    journal.start();
    trail.start(generation == 1 ? std::nullopt : std::optional(ClosedGeneration{0, empty_root()}));
  }

  /// One more entry of the trail.
  void enter() { trail.append(Record(Act())); }
  void date(const Hash& hash) {
    journal.stamp.time += std::chrono::hours(24);
    journal.append(Record(TrailHead{hash}));
  }
  void date() { date(crypto::sha256(as_bytes(head().text()))); }
  /// Names a head that the trail never had.
  void date_another() { date(Hash{0x5a}); }
  [[nodiscard]] Checkpoint head() const {
    return {trail.origin, trail.tree.size(), trail.tree.root()};
  }

  /// The findings, how often it is noted that a head is not there, and whether the trail's end is
  /// missing.
  Judged verify() {
    journal.checkpoint(journal.stamp.time + seconds(1));
    journal.write(folder.sink());
    trail.checkpoint(std::nullopt);
    trail.write(folder.sink());
    const auto verdict = verify_export(folder.path(), {uz.authority, tj.authority}).value();
    const auto judged =
        std::ranges::find(verdict.journals, journal.origin, &JournalVerdict::origin);
    return {said(verdict),
            std::ranges::count_if(judged->notes,
                                  [](const std::string& note) {
                                    return note.find("names a head of") != std::string::npos;
                                  }),
            std::ranges::any_of(judged->missing, [this](const Missing& one) {
              return one.what == Missing::What::kEntries && one.origin == trail.origin;
            })};
  }

  TestOffice uz{"UZ-OYBEK"};
  TestOffice tj{"TJ-FOTEHOBOD"};
  TestJournal journal{uz, tj};
  TestJournal trail;
  TemporaryFolder folder;
};

Judged found(std::uint64_t index) {
  return {{"E-TRAIL live_UZ-OYBEK_TJ-FOTEHOBOD_1/entry " + std::to_string(index)}, 0, false};
}
const Judged kNoted{{}, 1, false};
const Judged kEndMissing{{}, 0, true};

constexpr std::uint32_t kAnew = 1'700'000'000;  // of a trail begun after a loss: the time

}  // namespace

TEST_CASE("an officer's request is entered once whatever came of it") {
  Kept kept;
  kept.trail.append(Record(kept.act(1)));
  kept.revoke();
  Act refused = kept.act(2);
  refused.refused = true;
  kept.trail.append(Record(refused));
  SECTION("and another one is another one") { CHECK(said(kept.verify()).empty()); }
  SECTION("what was carried out is not refused afterwards") {
    Act again = kept.act(1);
    again.refused = true;
    kept.trail.append(Record(again));
    CHECK(said(kept.verify()) ==
          std::vector<std::string>{"E-DUPLICATE live_UZ-OYBEK_trail_1/entry 5"});
  }
  SECTION("what was refused is not refused again") {
    kept.trail.append(Record(refused));
    CHECK(said(kept.verify()) ==
          std::vector<std::string>{"E-DUPLICATE live_UZ-OYBEK_trail_1/entry 5"});
  }
  SECTION("acts that stand on the Unix user alone are no officer's") {
    kept.trail.append(Record(Act()));
    kept.trail.append(Record(Act()));
    CHECK(said(kept.verify()).empty());
  }
}

TEST_CASE("a head named before one that is there is found missing however quiet the trail was") {
  Dated at;
  at.date_another();
  at.date();
  CHECK(at.verify() == found(1));
}

TEST_CASE("a head named last and not before the trail's end may be of a later export") {
  Dated at;
  at.date();
  at.date_another();
  CHECK(at.verify() == kEndMissing);
}

TEST_CASE("a head named before the trail's last entry is found missing") {
  Dated at;
  at.date();
  at.date_another();
  at.trail.stamp.time = at.journal.stamp.time;
  at.enter();
  CHECK(at.verify() == found(2));
}

TEST_CASE("of a trail begun anew what was named before its first head may have been lost") {
  Dated at(kAnew);
  at.date_another();
  at.trail.stamp.time = at.journal.stamp.time;
  at.enter();
  SECTION("nothing was named since") { CHECK(at.verify() == kNoted); }
  SECTION("its own was named since") {
    at.date();
    CHECK(at.verify() == kNoted);
  }
}

TEST_CASE("of a trail begun anew what was named after its first head is found missing") {
  Dated at(kAnew);
  at.date();
  at.date_another();
  SECTION("nothing says that it was there") { CHECK(at.verify() == kEndMissing); }
  SECTION("a later one is there") {
    at.date();
    CHECK(at.verify() == found(2));
  }
  SECTION("a later entry is there") {
    at.trail.stamp.time = at.journal.stamp.time;
    at.enter();
    CHECK(at.verify() == found(2));
  }
}

TEST_CASE("what was named after a head of the lost trail may have been lost with it") {
  Dated at(kAnew);
  TestJournal lost(at.uz, at.uz);
  lost.start();
  lost.checkpoint(std::nullopt);
  lost.write(at.folder.sink());
  at.date(crypto::sha256(as_bytes(lost.checkpoints.back().checkpoint.note.text)));
  at.date_another();
  at.trail.stamp.time = at.journal.stamp.time;
  at.enter();
  CHECK(at.verify() == kNoted);
}

}  // namespace blo::journal
