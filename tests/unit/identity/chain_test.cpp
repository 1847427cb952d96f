#include "identity/chain.h"

#include <catch2/catch.hpp>

#include "world.h"

namespace blo::identity::test {
namespace {

crypto::SigningKey authority_key() { return signing_key("UZ authority"); }

/// The office's certificate with something about it changed, signed by `key`.
Certificate office_with(void (*change)(CertificateDetails&), const crypto::SigningKey& key) {
  CertificateDetails details = uz().office.details();
  change(details);
  return Certificate::issue(details, key);
}

Certificate officer_with(void (*change)(CertificateDetails&), const crypto::SigningKey& key) {
  CertificateDetails details = uz().officer.details();
  change(details);
  return Certificate::issue(details, key);
}

Certificate journal_with(void (*change)(CertificateDetails&), const crypto::SigningKey& key) {
  CertificateDetails details = uz().journal.details();
  change(details);
  return Certificate::issue(details, key);
}

void nothing(CertificateDetails&) {}

}  // namespace

TEST_CASE("a whole chain is believed") {
  const Side side = uz();
  CHECK(check_authority(side.authority).has_value());
  CHECK(check_office(side.authority, side.office, kDay).has_value());
  CHECK(check_officer(side.office, side.officer, kDay).has_value());
  CHECK(check_journal(side.office, side.journal, side.origin()).has_value());
}

TEST_CASE("each step of a chain wants its own kind") {
  const Side side = uz();
  CHECK(check_authority(side.office).error() == IdentityError::kWrongKind);
  CHECK(check_office(side.office, side.office, kDay).error() == IdentityError::kWrongKind);
  CHECK(check_office(side.authority, side.officer, kDay).error() == IdentityError::kWrongKind);
  CHECK(check_office(side.authority, side.authority, kDay).error() == IdentityError::kWrongKind);
  CHECK(check_officer(side.authority, side.officer, kDay).error() == IdentityError::kWrongKind);
  CHECK(check_officer(side.office, side.journal, kDay).error() == IdentityError::kWrongKind);
  CHECK(check_officer(side.officer, side.officer, kDay).error() == IdentityError::kWrongKind);
  CHECK(check_journal(side.officer, side.journal, side.origin()).error() ==
        IdentityError::kWrongKind);
  CHECK(check_journal(side.office, side.officer, side.origin()).error() ==
        IdentityError::kWrongKind);
}

TEST_CASE("an authority that another key signed is refused") {
  const auto forged = Certificate::issue(authority_details("UZ"), signing_key("TJ authority"));
  CHECK(check_authority(forged).error() == IdentityError::kBadSignature);
  const auto office = Certificate::issue(office_details("UZ-OYBEK", forged), authority_key());
  CHECK(check_office(forged, office, kDay).error() == IdentityError::kBadSignature);
}

TEST_CASE("an office that signs itself or is signed by an officer is refused") {
  const Side side = uz();
  for (const char* name : {"UZ-OYBEK identity", "UZ-OYBEK officer", "TJ authority"}) {
    const auto office = office_with(nothing, signing_key(name));
    CHECK(check_office(side.authority, office, kDay).error() == IdentityError::kBadSignature);
  }
}

TEST_CASE("an officer or journal not signed by the office's identity key is refused") {
  const Side side = uz();
  for (const char* name : {"UZ authority", "UZ-OYBEK receipt", "UZ-OYBEK officer"}) {
    const auto officer = officer_with(nothing, signing_key(name));
    CHECK(check_officer(side.office, officer, kDay).error() == IdentityError::kBadSignature);
    const auto journal = journal_with(nothing, signing_key(name));
    CHECK(check_journal(side.office, journal, side.origin()).error() ==
          IdentityError::kBadSignature);
  }
}

TEST_CASE("a certificate that names another issuer is refused") {
  const Side side = uz();
  const auto other = [](CertificateDetails& details) { details.issuer = Fingerprint{}; };
  CHECK(check_office(side.authority, office_with(other, authority_key()), kDay).error() ==
        IdentityError::kWrongIssuer);
  CHECK(check_officer(side.office, officer_with(other, side.identity()), kDay).error() ==
        IdentityError::kWrongIssuer);
  CHECK(check_journal(side.office, journal_with(other, side.identity()), side.origin()).error() ==
        IdentityError::kWrongIssuer);
}

TEST_CASE("a certificate under the issuer's older statement is not one under its newer") {
  const Side side = uz();
  auto renewed = side.office.details();
  renewed.statement = 3;
  const auto office = Certificate::issue(renewed, authority_key());
  REQUIRE(check_office(side.authority, office, kDay).has_value());
  CHECK(check_officer(office, side.officer, kDay).error() == IdentityError::kWrongIssuer);
}

TEST_CASE("a certificate of the other network is refused") {
  const Side side = uz();
  const auto live = [](CertificateDetails& details) { details.network = Network::kLive; };
  CHECK(check_office(side.authority, office_with(live, authority_key()), kDay).error() ==
        IdentityError::kWrongNetwork);
  CHECK(check_officer(side.office, officer_with(live, side.identity()), kDay).error() ==
        IdentityError::kWrongNetwork);
  const auto live_journal = [](CertificateDetails& details) {
    details.network = Network::kLive;
    details.subject = "live/UZ-OYBEK/TJ-FOTEHOBOD/1";
  };
  const auto journal = journal_with(live_journal, side.identity());
  CHECK(check_journal(side.office, journal, side.origin()).error() == IdentityError::kWrongNetwork);
  Origin origin = side.origin();
  origin.network = Network::kLive;
  CHECK(check_journal(side.office, journal, origin).error() == IdentityError::kWrongNetwork);
  CHECK(check_journal(side.office, side.journal, origin).error() == IdentityError::kWrongNetwork);
}

TEST_CASE("an authority certifies the offices of its own country alone") {
  const auto abroad = office_with([](CertificateDetails& details) { details.subject = "TJ-OYBEK"; },
                                  authority_key());
  CHECK(check_office(uz().authority, abroad, kDay).error() == IdentityError::kWrongSubject);
}

TEST_CASE("an office certifies its own officers and journals alone") {
  const Side side = uz();
  const auto elsewhere = [](CertificateDetails& details) { details.subject = "UZ-DUSTLIK"; };
  CHECK(check_officer(side.office, officer_with(elsewhere, side.identity()), kDay).error() ==
        IdentityError::kWrongSubject);
  const auto others = [](CertificateDetails& details) {
    details.subject = "exercise/UZ-DUSTLIK/TJ-FOTEHOBOD/1";
  };
  const auto journal = journal_with(others, side.identity());
  CHECK(check_journal(side.office, journal, side.origin()).error() == IdentityError::kWrongSubject);
  CHECK(check_journal(side.office, journal, *Origin::parse(journal.details().subject)).error() ==
        IdentityError::kWrongSubject);
}

TEST_CASE("a journal certificate is for one origin and one generation") {
  const Side side = uz();
  Origin origin = side.origin();
  origin.generation = 2;
  CHECK(check_journal(side.office, side.journal, origin).error() == IdentityError::kWrongSubject);
  origin = {kNet, side.counterpart, side.id, 1};
  CHECK(check_journal(side.office, side.journal, origin).error() == IdentityError::kWrongSubject);
}

TEST_CASE("a chain holds only while every certificate in it is valid") {
  const Side side = uz();
  const auto before = kStart - milliseconds(1);
  CHECK(check_office(side.authority, side.office, before).error() == IdentityError::kNotYetValid);
  CHECK(check_officer(side.office, side.officer, before).error() == IdentityError::kNotYetValid);
  CHECK(check_office(side.authority, side.office, kOfficeEnd).has_value());
  CHECK(check_office(side.authority, side.office, kOfficeEnd + milliseconds(1)).error() ==
        IdentityError::kExpired);
  CHECK(check_officer(side.office, side.officer, kOfficerEnd + milliseconds(1)).error() ==
        IdentityError::kExpired);
}

TEST_CASE("nobody outlives the one who vouches for him") {
  const Side side = uz();
  const auto long_lived = [](CertificateDetails& details) {
    details.not_before = kStart - seconds(1);
    details.not_after = kAuthorityEnd + seconds(1);
  };
  const auto office = office_with(long_lived, authority_key());
  CHECK(check_office(side.authority, office, kAuthorityEnd + seconds(1)).error() ==
        IdentityError::kExpired);
  CHECK(check_office(side.authority, office, kStart - seconds(1)).error() ==
        IdentityError::kNotYetValid);
  const auto officer = officer_with(long_lived, side.identity());
  CHECK(check_officer(side.office, officer, kOfficeEnd + seconds(1)).error() ==
        IdentityError::kExpired);
}

TEST_CASE("a key held by both the issuer and the issued is refused") {
  const Side side = uz();
  const auto identity_as_officer = [](CertificateDetails& details) {
    details.keys[0].key = signing_key("UZ-OYBEK identity").verify_key().bytes();
  };
  CHECK(check_officer(side.office, officer_with(identity_as_officer, side.identity()), kDay)
            .error() == IdentityError::kUntrusted);
  const auto receipt_as_journal = [](CertificateDetails& details) {
    details.keys[0].key = signing_key("UZ-OYBEK receipt").verify_key().bytes();
  };
  CHECK(check_journal(side.office, journal_with(receipt_as_journal, side.identity()), side.origin())
            .error() == IdentityError::kUntrusted);
}

TEST_CASE("an error of a chain names the certificate") {
  const Side side = uz();
  const auto error = check_officer(side.office, side.officer, kAuthorityEnd).error();
  CHECK(error.message() ==
        "office certificate of UZ-OYBEK (valid until 2029-01-01T00:00:00Z): its validity is over");
}

}  // namespace blo::identity::test
