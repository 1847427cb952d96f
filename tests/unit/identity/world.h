// Two offices with keys from fixed seeds: seed(name) = SHA-256(name). The examples in docs/format
// are of this world.
#ifndef BLO_TESTS_UNIT_IDENTITY_WORLD_H
#define BLO_TESTS_UNIT_IDENTITY_WORLD_H

#include "identity/chain.h"
#include "identity/keyfile.h"
#include "identity/pairing.h"
#include "identity/request.h"

namespace blo::identity::test {

inline constexpr WallTime kStart{seconds(1'704'067'200)};         // 2024-01-01T00:00:00Z
inline constexpr WallTime kOfficerEnd{seconds(1'767'225'600)};    // 2026-01-01
inline constexpr WallTime kOfficeEnd{seconds(1'861'920'000)};     // 2029-01-01
inline constexpr WallTime kAuthorityEnd{seconds(2'019'686'400)};  // 2034-01-01
inline constexpr WallTime kDay{seconds(1'709'788'329)};           // 2024-03-07T05:12:09Z
inline constexpr Network kNet = Network::kExercise;

inline crypto::Key seed(std::string_view name) {
  return crypto::Key(crypto::sha256(as_bytes(name)));
}
inline crypto::SigningKey signing_key(std::string_view name) {
  return crypto::SigningKey::from_seed(seed(name));
}
inline OfficeId office_id(std::string_view text) { return *OfficeId::parse(text); }

inline CertificateDetails authority_details(const std::string& country) {
  CertificateDetails details;
  details.kind = CertificateKind::kAuthority;
  details.network = kNet;
  details.subject = country;
  details.statement = 1;
  details.keys = {{KeyUse::kAuthority, signing_key(country + " authority").verify_key().bytes()}};
  details.not_before = kStart;
  details.not_after = kAuthorityEnd;
  return details;
}

inline Certificate authority_of(const std::string& country) {
  return Certificate::issue(authority_details(country), signing_key(country + " authority"));
}

/// The seeds "UZ-OYBEK store", "UZ-OYBEK identity" and so on.
inline KeyRing office_ring(const std::string& office) {
  KeyRing ring{office, kNet, {}};
  ring.seeds.emplace(kStoreSeed, seed(office + " store"));
  ring.seeds.emplace(static_cast<int>(KeyUse::kIdentity), seed(office + " identity"));
  ring.seeds.emplace(static_cast<int>(KeyUse::kReceipt), seed(office + " receipt"));
  ring.seeds.emplace(static_cast<int>(KeyUse::kTransport), seed(office + " transport"));
  ring.seeds.emplace(static_cast<int>(KeyUse::kCourier), seed(office + " courier"));
  return ring;
}

inline CertificateDetails office_details(const std::string& office, const Certificate& authority) {
  CertificateDetails details;
  details.kind = CertificateKind::kOffice;
  details.network = kNet;
  details.subject = office;
  details.statement = 2;
  details.keys = office_ring(office).public_keys();
  details.not_before = kStart;
  details.not_after = kOfficeEnd;
  details.issuer = authority.fingerprint();
  return details;
}

inline CertificateDetails officer_details(const std::string& office, const Certificate& issuer) {
  const OfficerName name{"Dilshod Karimov", "Customs"};
  CertificateDetails details;
  details.kind = CertificateKind::kOfficer;
  details.network = kNet;
  details.subject = office;
  details.statement = 1;
  details.keys = {{KeyUse::kOfficer, signing_key(office + " officer").verify_key().bytes()}};
  details.not_before = kStart;
  details.not_after = kOfficerEnd;
  details.issuer = issuer.fingerprint();
  details.person = 7;
  details.roles = {Role::kOperator, Role::kReleaser};
  details.name_commitment =
      commit_to_name(crypto::sha256(as_bytes(office + " salt")), name.encode());
  return details;
}

inline CertificateDetails journal_details(const Origin& origin, const Certificate& issuer) {
  const std::string name = origin.from.text() + " journal";
  CertificateDetails details;
  details.kind = CertificateKind::kJournal;
  details.network = origin.network;
  details.subject = origin.text();
  details.statement = 2;
  details.keys = {{KeyUse::kJournal, signing_key(name).verify_key().bytes()}};
  details.not_before = kStart;
  details.not_after = kOfficeEnd;
  details.issuer = issuer.fingerprint();
  return details;
}

/// One office's side of a pairing.
struct Side {
  OfficeId id;
  OfficeId counterpart;
  Certificate authority;
  Certificate office;
  Certificate officer;
  Certificate journal;

  Side(const std::string& from, const std::string& to)
      : id(office_id(from)),
        counterpart(office_id(to)),
        authority(authority_of(from.substr(0, 2))),
        office(Certificate::issue(office_details(from, authority),
                                  signing_key(from.substr(0, 2) + " authority"))),
        officer(Certificate::issue(officer_details(from, office), identity())),
        journal(Certificate::issue(journal_details(origin(), office), identity())) {}

  [[nodiscard]] Origin origin() const { return {kNet, id, counterpart, 1}; }
  [[nodiscard]] crypto::SigningKey identity() const { return signing_key(id.text() + " identity"); }
  [[nodiscard]] crypto::DhKeyPair one_time() const {
    return crypto::DhKeyPair::from_secret(seed(id.text() + " one-time"));
  }
  [[nodiscard]] PairingOffer offer() const {
    return {authority,
            office,
            journal,
            counterpart,
            one_time().public_key,
            crypto::sha256(as_bytes(id.text() + " random")),
            {"blo." + id.text() + ".example:4470", "[2001:db8::1]:4470"},
            "Agreement of 2024-01-15 on information at the border, article 7"};
  }
  [[nodiscard]] PairingFile file() const { return make_pairing_file(offer(), identity()); }
};

inline Side uz() { return {"UZ-OYBEK", "TJ-FOTEHOBOD"}; }
inline Side tj() { return {"TJ-FOTEHOBOD", "UZ-OYBEK"}; }

}  // namespace blo::identity::test

#endif
