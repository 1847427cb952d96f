#include "kit.h"

#include <unistd.h>

#include <cstdlib>

namespace blo::sim {
namespace {

using identity::KeyUse;

crypto::Key seed(const std::string& name) { return crypto::Key(crypto::sha256(as_bytes(name))); }

crypto::SigningKey signing_key(const std::string& name) {
  return crypto::SigningKey::from_seed(seed(name));
}

identity::Certificate authority_of(const std::string& country, WallTime start) {
  const auto key = signing_key(country + " authority");
  identity::CertificateDetails details;
  details.kind = identity::CertificateKind::kAuthority;
  details.network = kNetwork;
  details.subject = country;
  details.statement = 1;
  details.keys = {{KeyUse::kAuthority, key.verify_key().bytes()}};
  details.not_before = start - std::chrono::days(100);
  details.not_after = start + std::chrono::days(3000);
  return identity::Certificate::issue(details, key);
}

identity::KeyRing ring_of(const std::string& office) {
  identity::KeyRing ring{office, kNetwork, {}};
  ring.seeds.emplace(identity::kStoreSeed, seed(office + " store"));
  for (const auto use :
       {KeyUse::kIdentity, KeyUse::kReceipt, KeyUse::kTransport, KeyUse::kCourier}) {
    const int number = static_cast<int>(use);
    ring.seeds.emplace(number, seed(office + " key " + std::to_string(number)));
  }
  return ring;
}

identity::Certificate certify(const identity::KeyRing& ring, const identity::Certificate& authority,
                              WallTime start) {
  identity::CertificateDetails details;
  details.kind = identity::CertificateKind::kOffice;
  details.network = kNetwork;
  details.subject = ring.subject;
  details.statement = 2;
  details.keys = ring.public_keys();
  details.not_before = start - std::chrono::days(1);
  details.not_after = start + std::chrono::days(1000);
  details.issuer = authority.fingerprint();
  return identity::Certificate::issue(details,
                                      signing_key(authority.details().subject + " authority"));
}

}  // namespace

Kit::Kit(const std::string& office, WallTime start)
    : id(OfficeId::parse(office).value()),
      authority(authority_of(office.substr(0, 2), start)),
      ring(ring_of(office)),
      certificate(certify(ring, authority, start)),
      officer(signing_key(office + " officer")) {}

office::OfficeKeys Kit::keys() const {
  return {kNetwork,
          id,
          authority,
          certificate,
          ring.signing_key(KeyUse::kIdentity),
          ring.signing_key(KeyUse::kReceipt),
          ring.dh_key(KeyUse::kTransport),
          ring.store_key().clone()};
}

Bytes Kit::officer_request() const {
  identity::CertificateRequest request{
      identity::CertificateKind::kOfficer, kNetwork, id.text(), {}, {}, {}, {}};
  request.keys = {{KeyUse::kOfficer, officer.verify_key().bytes()}};
  request.name = {std::string(kOfficerName), "Customs"};
  request.name_salt = crypto::sha256(as_bytes(id.text() + " salt"));
  return request.sign(officer);
}

// A simulated crash ends a process, not the machine: memory serves as the disk where there is some.
Folder::Folder() {
  const std::filesystem::path memory = "/dev/shm";
  const auto parent =
      ::access(memory.c_str(), W_OK | X_OK) == 0 ? memory : std::filesystem::temp_directory_path();
  std::string name = (parent / "blo-sim-XXXXXX").string();
  BLO_CHECK(::mkdtemp(name.data()) != nullptr);
  path_ = name;
}

Folder::~Folder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace blo::sim
