#include "identity/pairing.h"

#include <arpa/inet.h>

#include "base/limits.h"
#include "base/utf8.h"
#include "blo/v1/identity.pb.h"
#include "identity/form.h"

namespace blo::identity {
namespace {

constexpr std::uint32_t kVersion = 1;
constexpr int kAddressesMax = 8;
constexpr std::size_t kAddressCharsMax = 255;
constexpr std::uint32_t kFirstGeneration = 1;

constexpr std::array<Byte, 32> kNoSalt{};  // RFC 5869 §2.2: no salt is as many zeros as the hash

// Their terminating zeros belong to them.
constexpr char kSecretInfo[] = "blo/pairing-secret/v1";
constexpr char kNextSecretInfo[] = "blo/pairing-secret-next/v1";
constexpr char kPskInfo[] = "blo/noise-psk/v1";
constexpr char kDigitsPrefix[] = "blo/pairing-digits/v1";

template <std::size_t N>
ByteView literal(const char (&text)[N]) {
  return as_bytes({text, N});
}

bool is_port(std::string_view text) {
  const auto port = parse_decimal(text);
  return port && *port >= 1 && *port <= 65'535;
}

bool is_host(std::string_view text) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.';
  };
  return !text.empty() && text[0] != '-' && text[0] != '.' && std::ranges::all_of(text, allowed);
}

bool is_v6(std::string_view text) {
  in6_addr address{};
  return text.find('\0') == text.npos &&
         ::inet_pton(AF_INET6, std::string(text).c_str(), &address) == 1;
}

Result<Certificate> certificate_at(const std::string& bytes, const char* which) {
  auto certificate = Certificate::parse(as_bytes(bytes));
  if (!certificate) return certificate.error().within(which);
  return certificate;
}

Result<std::vector<std::string>> addresses_from_wire(const v1::PairingDetails& wire) {
  if (wire.addresses_size() > kAddressesMax) return malformed("more than 8 addresses");
  std::vector<std::string> addresses(wire.addresses().begin(), wire.addresses().end());
  if (!std::ranges::all_of(addresses, is_address)) return malformed("an address");
  return addresses;
}

/// Nobody but the other office knows whether it is one of its certificates.
Result<std::optional<Certificate>> your_journal_from_wire(const std::string& bytes,
                                                          const Origin& opposite) {
  if (bytes.empty()) return std::optional<Certificate>();
  auto certificate = certificate_at(bytes, "certificate of the other office's journal");
  if (!certificate) return certificate.error();
  const auto& details = certificate->details();
  if (details.kind != CertificateKind::kJournal || details.network != opposite.network ||
      details.subject != opposite.text()) {
    return malformed("certificate of the other office's journal");
  }
  return std::optional(std::move(*certificate));
}

/// The file without the chain above the office's certificate: what must hold at any time.
Result<PairingFile> from_wire(ByteView bytes, const SignedDetails& outer,
                              const v1::PairingDetails& wire) {
  if (wire.version() != kVersion) return malformed("version of the pairing file");
  const auto network = network_from_wire(wire.network());
  if (!network) return malformed("network of the pairing file");
  auto authority = certificate_at(wire.authority_certificate(), "authority certificate");
  if (!authority) return authority.error();
  auto office = certificate_at(wire.office_certificate(), "office certificate");
  if (!office) return office.error();
  auto journal = certificate_at(wire.journal_certificate(), "journal certificate");
  if (!journal) return journal.error();
  const auto from = OfficeId::parse(office->details().subject);
  const auto to = OfficeId::parse(wire.counterpart());
  if (!from || !to || *from == *to) return malformed("the two offices of the pairing");
  const Origin origin{*network, *from, *to, kFirstGeneration};
  if (auto ok = check_journal(*office, *journal, origin); !ok) return ok.error();
  auto yours = your_journal_from_wire(wire.your_journal_certificate(),
                                      {*network, *to, *from, kFirstGeneration});
  if (!yours) return yours.error();
  auto addresses = addresses_from_wire(wire);
  if (!addresses) return addresses.error();
  PairingFile file{to_bytes(bytes),
                   *network,
                   std::move(*authority),
                   std::move(*office),
                   std::move(*journal),
                   *from,
                   *to,
                   {},
                   {},
                   std::move(*addresses),
                   wire.legal_basis(),
                   std::move(*yours)};
  if (!file.legal_basis.empty() && !is_legal_basis(file.legal_basis)) {
    return malformed("legal basis of the pairing file");
  }
  if (!copy_exact(as_bytes(wire.one_time_key()), file.one_time_key) ||
      !copy_exact(as_bytes(wire.random()), file.random)) {
    return malformed("one-time key or random of the pairing file");
  }
  const auto key = file.office.details().verify_key(KeyUse::kIdentity);
  if (!key || !crypto::verify(crypto::Purpose::kPairing, *key, {outer.details}, outer.signature)) {
    return Error(IdentityError::kBadSignature, "pairing file of " + file.from.text());
  }
  return file;
}

/// Both files, the one of the smaller office id first: the same on both sides.
std::pair<const PairingFile*, const PairingFile*> in_order(const PairingFile& a,
                                                           const PairingFile& b) {
  return a.from < b.from ? std::pair(&a, &b) : std::pair(&b, &a);
}

}  // namespace

bool is_legal_basis(std::string_view text) {
  if (text.empty() || text.size() > limits::kSentenceBytesMax || !is_utf8(text)) return false;
  for (std::size_t at = 0; at < text.size();) {
    const auto point = code_point_at(text, at);
    if (point.value < 0x20 || (point.value >= 0x7F && point.value < 0xA0)) return false;
    at += point.bytes;
  }
  return true;
}

bool is_address(std::string_view text) {
  const auto colon = text.rfind(':');
  if (text.size() > kAddressCharsMax || colon == text.npos || !is_port(text.substr(colon + 1))) {
    return false;
  }
  const auto host = text.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) return is_v6(host.substr(1, host.size() - 2));
  return is_host(host);
}

Result<PairingFile> PairingFile::reread(ByteView bytes) {
  const auto outer = parse_signed<v1::PairingFile>(bytes, limits::kSmallFileBytesMax);
  v1::PairingDetails wire;
  if (!outer || !parse_canonical(outer->details, wire)) return malformed("pairing file");
  return from_wire(bytes, *outer, wire);
}

Result<PairingFile> PairingFile::parse(ByteView bytes, WallTime time) {
  auto file = reread(bytes);
  if (!file) return file;
  if (file->legal_basis.empty()) return malformed("a pairing file without a legal basis");
  if (auto ok = check_office(file->authority, file->office, time); !ok) return ok.error();
  if (auto ok = check_validity(file->journal.details(), time); !ok) return ok.error();
  return file;
}

PairingFile make_pairing_file(const PairingOffer& offer, const crypto::SigningKey& identity) {
  v1::PairingDetails wire;
  const auto put = [](const Bytes& from, std::string& to) { to.assign(from.begin(), from.end()); };
  wire.set_version(kVersion);
  wire.set_network(static_cast<v1::Network>(offer.office.details().network));
  put(offer.authority.bytes(), *wire.mutable_authority_certificate());
  put(offer.office.bytes(), *wire.mutable_office_certificate());
  put(offer.journal.bytes(), *wire.mutable_journal_certificate());
  wire.set_counterpart(offer.to.text());
  wire.set_one_time_key(offer.one_time_key.data(), offer.one_time_key.size());
  wire.set_random(offer.random.data(), offer.random.size());
  for (const std::string& address : offer.addresses) wire.add_addresses(address);
  BLO_CHECK(is_legal_basis(offer.legal_basis));
  wire.set_legal_basis(offer.legal_basis);
  if (offer.your_journal)
    put(offer.your_journal->bytes(), *wire.mutable_your_journal_certificate());
  const Bytes details = encode_wire(wire);
  const auto signature = crypto::sign(crypto::Purpose::kPairing, identity, {details});
  auto file = PairingFile::reread(encode_signed<v1::PairingFile>(details, signature));
  BLO_CHECK(file.has_value());
  return std::move(*file);
}

Result<void> check_pair(const PairingFile& ours, const PairingFile& theirs) {
  if (ours.from == theirs.from || ours.one_time_key == theirs.one_time_key) {
    return Error(IdentityError::kOwnFile, "pairing file of " + theirs.from.text());
  }
  if (ours.network != theirs.network) {
    return Error(IdentityError::kWrongNetwork, "pairing file of " + theirs.from.text());
  }
  if (theirs.to != ours.from || ours.to != theirs.from) {
    return Error(IdentityError::kWrongSubject,
                 "pairing file from " + theirs.from.text() + " to " + theirs.to.text());
  }
  const auto names = [](const PairingFile& file, const PairingFile& other) {
    return file.your_journal->bytes() == other.journal.bytes();
  };
  const bool again = ours.your_journal.has_value();
  if (again != theirs.your_journal.has_value() ||
      (again && !(names(ours, theirs) && names(theirs, ours)))) {
    return Error(IdentityError::kWrongSubject,
                 "the first journals that the pairing file of " + theirs.from.text() + " names");
  }
  return {};
}

Result<crypto::Key> pairing_secret(const PairingFile& ours, const crypto::DhKeyPair& our_one_time,
                                   const PairingFile& theirs) {
  if (auto ok = check_pair(ours, theirs); !ok) return ok.error();
  if (our_one_time.public_key != ours.one_time_key) {
    return Error(IdentityError::kAgreement, "our one-time key is not the one our file offers");
  }
  const auto shared = crypto::dh(our_one_time, theirs.one_time_key);
  if (!shared) return Error(IdentityError::kAgreement, "one-time key of " + theirs.from.text());
  const auto [first, second] = in_order(ours, theirs);
  Bytes input;
  input.reserve(32 * 3);
  append(input, shared->view());
  append(input, first->random);
  append(input, second->random);
  Bytes info = to_bytes(literal(kSecretInfo));
  append(info, crypto::sha256(first->bytes));
  append(info, crypto::sha256(second->bytes));
  crypto::Key secret = crypto::hkdf_sha256(input, kNoSalt, info);
  crypto::wipe(input);
  return secret;
}

crypto::Key next_pairing_secret(const crypto::Key& current, std::uint64_t number,
                                const std::array<Byte, 32>& offer_random,
                                const std::array<Byte, 32>& answer_random, const PairingFile& ours,
                                const PairingFile& theirs) {
  const auto [first, second] = in_order(ours, theirs);
  Bytes input;
  input.reserve(32 * 3);
  append(input, current.view());
  append(input, offer_random);
  append(input, answer_random);
  Bytes info = to_bytes(literal(kNextSecretInfo));
  append_be(info, number);
  append(info, crypto::sha256(first->bytes));
  append(info, crypto::sha256(second->bytes));
  crypto::Key next = crypto::hkdf_sha256(input, kNoSalt, info);
  crypto::wipe(input);
  return next;
}

crypto::Key noise_psk(const crypto::Key& secret) {
  return crypto::hkdf_sha256(secret.view(), kNoSalt, literal(kPskInfo));
}

std::string pairing_digits(const PairingFile& ours, const PairingFile& theirs) {
  const auto [first, second] = in_order(ours, theirs);
  const auto hash = crypto::sha512(
      {literal(kDigitsPrefix), crypto::sha256(first->bytes), crypto::sha256(second->bytes)});
  std::string text;
  for (std::size_t group = 0; group < 12; ++group) {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < 5; ++i) value = value << 8U | hash[5 * group + i];
    const std::string digits = std::to_string(value % 100'000);
    if (group != 0) text += ' ';
    text += std::string(5 - digits.size(), '0') + digits;
  }
  return text;
}

}  // namespace blo::identity
