// Certificates, revocations, requests, officers' names and pairing files, with their armour or
// without.
#include "identity/chain.h"
#include "identity/pairing.h"
#include "identity/request.h"
#include "identity/revocation.h"
#include "target.h"

namespace blo::fuzz {
namespace {

constexpr std::string_view kLabels[] = {identity::kCertificateLabel, identity::kRequestLabel,
                                        identity::kPairingLabel, identity::kRevocationLabel};

void read(ByteView bytes) {
  const auto& authority = certificates().at(0);
  const auto& office = certificates().at(1);
  const WallTime time = office.details().not_before;
  const auto certificate = identity::Certificate::parse(bytes);
  if (certificate) {
    BLO_CHECK(equal(certificate->bytes(), bytes));
    const auto again = identity::Certificate::parse_pem(certificate->pem());
    BLO_CHECK(again && again->fingerprint() == certificate->fingerprint());
    if (identity::check_office(authority, *certificate, time))
      BLO_CHECK(certificate->details().issuer.has_value());
    if (identity::check_officer(office, *certificate, time))
      BLO_CHECK(certificate->details().person > 0);
  }
  const auto revocation = identity::Revocation::parse(bytes);
  if (revocation) {
    BLO_CHECK(equal(revocation->bytes(), bytes));
    if (identity::check_revocation(office, *revocation))
      BLO_CHECK(revocation->details().subject == office.details().subject);
  }
  const auto request = identity::CertificateRequest::parse(bytes);
  if (request) BLO_CHECK(!request->keys.empty());
  const auto name = identity::OfficerName::parse(bytes);
  if (name) BLO_CHECK(equal(name->encode(), bytes));
  const auto pairing = identity::PairingFile::parse(bytes, time);
  if (pairing) BLO_CHECK(identity::PairingFile::reread(bytes).has_value());
}

void run(ByteView bytes) {
  read(bytes);
  for (const auto label : kLabels) {
    const auto blocks = identity::all_from_pem(label, as_text(bytes));
    if (!blocks) continue;
    std::string again;
    for (const Bytes& block : *blocks) {
      again += identity::to_pem(label, block);
      read(block);
    }
    BLO_CHECK(blocks->empty() || identity::all_from_pem(label, again).has_value());
  }
}

}  // namespace
}  // namespace blo::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  blo::fuzz::run({data, size});
  return 0;
}
