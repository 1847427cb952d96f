#include "identity/chain.h"

#include "identity/form.h"

namespace blo::identity {
namespace {

Error at(IdentityError error, const CertificateDetails& details) {
  return {error, std::string(to_string(details.kind)) + " certificate of " + details.subject};
}

Result<void> check_kind(const Certificate& certificate, CertificateKind kind) {
  if (certificate.details().kind == kind) return {};
  return at(IdentityError::kWrongKind, certificate.details());
}

/// A key has one holder: a note signed by one key in two roles could be read as the other's.
bool share_a_key(const CertificateDetails& a, const CertificateDetails& b) {
  return std::ranges::find_first_of(a.keys, b.keys, {}, &PublicKey::key, &PublicKey::key) !=
         a.keys.end();
}

/// What holds for every certificate that another one vouches for.
Result<void> check_issued(const Certificate& issuer, KeyUse use, const Certificate& issued) {
  const CertificateDetails& details = issued.details();
  if (details.network != issuer.details().network) {
    return at(IdentityError::kWrongNetwork, details);
  }
  if (details.issuer != issuer.fingerprint()) return at(IdentityError::kWrongIssuer, details);
  const auto key = issuer.details().verify_key(use);
  if (!key || !issued.signed_by(*key)) return at(IdentityError::kBadSignature, details);
  if (share_a_key(issuer.details(), details)) return at(IdentityError::kUntrusted, details);
  return {};
}

}  // namespace

Result<void> check_authority(const Certificate& authority) {
  if (auto ok = check_kind(authority, CertificateKind::kAuthority); !ok) return ok;
  const auto key = authority.details().verify_key(KeyUse::kAuthority);
  if (!key || !authority.signed_by(*key)) {
    return at(IdentityError::kBadSignature, authority.details());
  }
  return {};
}

Result<void> check_office(const Certificate& authority, const Certificate& office, WallTime time) {
  if (auto ok = check_authority(authority); !ok) return ok;
  if (auto ok = check_kind(office, CertificateKind::kOffice); !ok) return ok;
  if (auto ok = check_issued(authority, KeyUse::kAuthority, office); !ok) return ok;
  const auto id = OfficeId::parse(office.details().subject);
  if (!id || id->country() != authority.details().subject) {
    return at(IdentityError::kWrongSubject, office.details());
  }
  if (auto ok = check_validity(authority.details(), time); !ok) return ok;
  return check_validity(office.details(), time);
}

Result<void> check_officer(const Certificate& office, const Certificate& officer, WallTime time) {
  if (auto ok = check_kind(office, CertificateKind::kOffice); !ok) return ok;
  if (auto ok = check_kind(officer, CertificateKind::kOfficer); !ok) return ok;
  if (auto ok = check_issued(office, KeyUse::kIdentity, officer); !ok) return ok;
  if (officer.details().subject != office.details().subject) {
    return at(IdentityError::kWrongSubject, officer.details());
  }
  if (auto ok = check_validity(office.details(), time); !ok) return ok;
  return check_validity(officer.details(), time);
}

Result<void> check_journal(const Certificate& office, const Certificate& journal,
                           const Origin& origin) {
  if (auto ok = check_kind(office, CertificateKind::kOffice); !ok) return ok;
  if (auto ok = check_kind(journal, CertificateKind::kJournal); !ok) return ok;
  if (origin.network != office.details().network) {
    return at(IdentityError::kWrongNetwork, office.details());
  }
  if (auto ok = check_issued(office, KeyUse::kIdentity, journal); !ok) return ok;
  if (origin.from.text() != office.details().subject ||
      origin.text() != journal.details().subject) {
    return at(IdentityError::kWrongSubject, journal.details());
  }
  return {};
}

}  // namespace blo::identity
