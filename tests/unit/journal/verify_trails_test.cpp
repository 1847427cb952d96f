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

}  // namespace blo::journal
