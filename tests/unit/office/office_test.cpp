#include "office/office.h"

#include <catch2/catch.hpp>

#include "../../sim/kit.h"

namespace blo::office {
namespace {

using identity::Role;
using sim::Folder;
using sim::Kit;

const Now kNow{sim::kStart, SteadyTime(milliseconds(1))};

struct Fixture {
  Folder folder;
  Kit kit{"UZ-OYBEK"};
  std::unique_ptr<Office> office = Office::open(kit.keys(), folder.path() / "store.db").value();

  Result<const store::OfficerRow*> add(const Bytes& request,
                                       std::vector<Role> roles = {Role::kOperator}) {
    return office->officers().add(request, std::move(roles), 30, 0, kNow);
  }
};

Bytes request_of(const crypto::SigningKey& key, Network network, const std::string& subject) {
  identity::CertificateRequest request{
      identity::CertificateKind::kOfficer, network, subject, {}, {}, {}, {}};
  request.keys = {{identity::KeyUse::kOfficer, key.verify_key().bytes()}};
  request.name = {"Someone", "Customs"};
  return request.sign(key);
}

}  // namespace

TEST_CASE("an officer is certified with a number and sorted roles and known after a restart") {
  Fixture at;
  const auto* officer =
      at.add(at.kit.officer_request(), {Role::kReleaser, Role::kOperator, Role::kReleaser}).value();
  const auto fingerprint = officer->certificate.fingerprint();
  CHECK(officer->person == 1);
  const auto& details = officer->certificate.details();
  CHECK(details.roles == std::vector<Role>{Role::kOperator, Role::kReleaser});
  CHECK(identity::check_officer(at.kit.certificate, officer->certificate, kNow.wall).has_value());
  CHECK(details.valid_at(kNow.wall + std::chrono::days(29)));
  CHECK_FALSE(details.valid_at(kNow.wall + std::chrono::days(31)));

  at.office.reset();
  at.office = Office::open(at.kit.keys(), at.folder.path() / "store.db").value();
  REQUIRE(at.office->officers().find(fingerprint) != nullptr);
  CHECK(at.office->officers().find(fingerprint)->name.name == sim::kOfficerName);
  CHECK(at.office->officers().find(identity::Fingerprint{}) == nullptr);
}

TEST_CASE("a key is certified once and the next person has the next number") {
  Fixture at;
  REQUIRE(at.add(at.kit.officer_request()).has_value());
  CHECK(at.add(at.kit.officer_request()).error() == OfficeError::kDuplicate);
  const auto other = request_of(crypto::SigningKey::generate(), sim::kNetwork, "UZ-OYBEK");
  CHECK(at.add(other).value()->person == 2);
}

TEST_CASE("requests of another office or network and requests out of form are refused") {
  Fixture at;
  const auto key = crypto::SigningKey::generate();
  CHECK(at.add(request_of(key, sim::kNetwork, "UZ-TERMEZ")).error() == OfficeError::kWrongOffice);
  CHECK(at.add(request_of(key, Network::kLive, "UZ-OYBEK")).error() == OfficeError::kWrongOffice);
  CHECK_FALSE(at.add(to_bytes("request")).has_value());
  const auto good = request_of(key, sim::kNetwork, "UZ-OYBEK");
  CHECK(at.add(good, {}).error() == OfficeError::kMalformed);
  CHECK(at.office->officers().add(good, {Role::kOperator}, 0, 0, kNow).error() ==
        OfficeError::kMalformed);
  CHECK(at.office->officers().add(good, {Role::kOperator}, 100'000, 0, kNow).error() ==
        OfficeError::kMalformed);
  CHECK(at.office->officers().all().empty());
}

TEST_CASE("an officer's certificate ends with the office's own") {
  Fixture at;
  const Now late{sim::kStart + std::chrono::days(990), kNow.steady};
  const auto* officer =
      at.office->officers().add(at.kit.officer_request(), {Role::kOperator}, 365, 0, late).value();
  CHECK(officer->certificate.details().not_after == at.kit.certificate.details().not_after);
}

}  // namespace blo::office
