#include "identity/certificate.h"

#include <catch2/catch.hpp>

#include "base/limits.h"
#include "raw.h"
#include "world.h"

namespace blo::identity::test {
namespace {

using Mutate = void (*)(RawDetails&);

Bytes key_bytes(std::string_view name) { return to_bytes(signing_key(name).verify_key().bytes()); }
Bytes dh_bytes(std::string_view name) {
  return to_bytes(crypto::DhKeyPair::from_secret(seed(name)).public_key);
}

RawDetails raw_office() {
  RawDetails raw;
  raw.keys = {{2, key_bytes("i")}, {3, key_bytes("r")}, {4, dh_bytes("t")}, {5, dh_bytes("c")}};
  raw.issuer = Bytes(32, 0xaa);
  return raw;
}

RawDetails raw_officer() {
  RawDetails raw;
  raw.kind = 3;
  raw.keys = {{6, key_bytes("o")}};
  raw.issuer = Bytes(32, 0xaa);
  raw.person = 1;
  raw.roles = {1, 4};
  raw.name_commitment = Bytes(32, 0xbb);
  return raw;
}

RawDetails raw_authority() {
  RawDetails raw;
  raw.kind = 1;
  raw.subject = "UZ";
  raw.keys = {{1, key_bytes("a")}};
  return raw;
}

RawDetails raw_journal() {
  RawDetails raw;
  raw.kind = 4;
  raw.subject = "exercise/UZ-OYBEK/TJ-FOTEHOBOD/1";
  raw.keys = {{7, key_bytes("j")}};
  raw.issuer = Bytes(32, 0xaa);
  return raw;
}

Bytes wrap(ByteView details) {
  return sign_raw_details(crypto::Purpose::kCertificate, signing_key("any"), details);
}

Result<Certificate> parse_mutated(RawDetails raw, Mutate mutate) {
  mutate(raw);
  return Certificate::parse(wrap(raw.encode()));
}

void check_malformed(RawDetails (*make)(), std::initializer_list<Mutate> mutations) {
  REQUIRE(Certificate::parse(wrap(make().encode())).has_value());
  int number = 0;
  for (const Mutate mutate : mutations) {
    INFO("mutation " << ++number);
    const auto parsed = parse_mutated(make(), mutate);
    REQUIRE(parsed.has_error());
    CHECK(parsed.error() == IdentityError::kMalformed);
  }
}

}  // namespace

TEST_CASE("a certificate comes back from its bytes as it was issued") {
  const Side side = uz();
  const auto parsed = Certificate::parse(side.officer.bytes());
  REQUIRE(parsed.has_value());
  const auto& details = parsed->details();
  CHECK(details.kind == CertificateKind::kOfficer);
  CHECK(details.network == kNet);
  CHECK(details.subject == "UZ-OYBEK");
  CHECK(details.statement == 1);
  CHECK(details.person == 7);
  CHECK(details.roles == std::vector{Role::kOperator, Role::kReleaser});
  CHECK(details.has_role(Role::kReleaser));
  CHECK_FALSE(details.has_role(Role::kAdministrator));
  CHECK(details.not_before == kStart);
  CHECK(details.not_after == kOfficerEnd);
  CHECK(details.issuer == side.office.fingerprint());
  CHECK(parsed->fingerprint() == side.officer.fingerprint());
  CHECK(parsed->bytes() == side.officer.bytes());
  CHECK(parsed->signed_by(side.identity().verify_key()));
  CHECK_FALSE(parsed->signed_by(signing_key("another").verify_key()));
}

TEST_CASE("a certificate gives each key by its use and no other") {
  const auto office = uz().office;
  CHECK(office.details().verify_key(KeyUse::kReceipt) ==
        signing_key("UZ-OYBEK receipt").verify_key());
  CHECK(office.details().dh_key(KeyUse::kTransport) ==
        office_ring("UZ-OYBEK").dh_key(KeyUse::kTransport).public_key);
  CHECK_FALSE(office.details().verify_key(KeyUse::kTransport));
  CHECK_FALSE(office.details().dh_key(KeyUse::kIdentity));
  CHECK_FALSE(office.details().verify_key(KeyUse::kOfficer));
}

TEST_CASE("validity is inclusive at both ends") {
  const auto details = uz().officer.details();
  CHECK_FALSE(details.valid_at(kStart - milliseconds(1)));
  CHECK(details.valid_at(kStart));
  CHECK(details.valid_at(kOfficerEnd));
  CHECK_FALSE(details.valid_at(kOfficerEnd + milliseconds(1)));
}

TEST_CASE("a certificate survives its armour") {
  const auto office = uz().office;
  const auto parsed = Certificate::parse_pem(office.pem());
  REQUIRE(parsed.has_value());
  CHECK(parsed->fingerprint() == office.fingerprint());
  CHECK(Certificate::parse_pem(to_pem(kRequestLabel, office.bytes())).error() ==
        IdentityError::kMalformed);
}

TEST_CASE("a truncated certificate is malformed at every length") {
  const Bytes bytes = uz().officer.bytes();
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    INFO(size);
    const auto parsed = Certificate::parse(ByteView(bytes).first(size));
    REQUIRE(parsed.has_error());
    CHECK(parsed.error() == IdentityError::kMalformed);
  }
}

TEST_CASE("a certificate with any byte changed is refused or no longer its issuer's") {
  const Side side = uz();
  const auto key = side.identity().verify_key();
  for (std::size_t i = 0; i < side.officer.bytes().size(); ++i) {
    Bytes bytes = side.officer.bytes();
    bytes[i] ^= 0x01;
    const auto parsed = Certificate::parse(bytes);
    INFO(i);
    CHECK((parsed.has_error() || !parsed->signed_by(key)));
  }
}

TEST_CASE("bytes after a certificate or an unknown field in it are malformed") {
  Bytes bytes = uz().office.bytes();
  bytes.push_back(0);
  CHECK(Certificate::parse(bytes).error() == IdentityError::kMalformed);
  bytes = uz().office.bytes();
  append(bytes, Raw().varint(3, 1).done());
  CHECK(Certificate::parse(bytes).error() == IdentityError::kMalformed);
  check_malformed(raw_office, {[](RawDetails& raw) { raw.tail = Raw().varint(13, 1).done(); },
                               [](RawDetails& raw) { raw.tail = {0}; }});
}

TEST_CASE("details that are not canonical are malformed") {
  check_malformed(
      raw_officer,
      {
          // a default written out, a field twice, a field out of order, a long varint
          [](RawDetails& raw) { raw.name_commitment = {}, raw.tail = Raw().text(12, "").done(); },
          [](RawDetails& raw) { raw.tail = Raw().bytes(12, Bytes(32, 0xbb)).done(); },
          [](RawDetails& raw) { raw.version = 0, raw.tail = Raw().varint(1, 1).done(); },
          [](RawDetails& raw) {
            raw.roles = {0x81, 0x00};
          },
          // unpacked roles
          [](RawDetails& raw) {
            raw.roles = {}, raw.name_commitment = {};
            raw.tail = Raw().varint(11, 1).varint(11, 4).bytes(12, Bytes(32, 0xbb)).done();
          },
      });
}

TEST_CASE("a certificate of more than 4096 bytes is malformed before it is parsed") {
  RawDetails raw = raw_office();
  raw.tail = Raw().bytes(13, Bytes(limits::kCertificateBytesMax)).done();
  const auto parsed = Certificate::parse(wrap(raw.encode()));
  REQUIRE(parsed.has_error());
  CHECK(parsed.error() == IdentityError::kMalformed);
}

TEST_CASE("a certificate of another version or an unknown kind or network is malformed") {
  check_malformed(
      raw_office,
      {[](RawDetails& raw) { raw.version = 0; }, [](RawDetails& raw) { raw.version = 2; },
       [](RawDetails& raw) { raw.kind = 0; }, [](RawDetails& raw) { raw.kind = 5; },
       [](RawDetails& raw) { raw.network = 0; }, [](RawDetails& raw) { raw.network = 3; },
       [](RawDetails& raw) { raw.network = 1ULL << 32U | 1U; }});
}

TEST_CASE("a certificate holds exactly its kind's keys in order") {
  check_malformed(raw_office, {[](RawDetails& raw) { raw.keys.pop_back(); },
                               [](RawDetails& raw) { raw.keys.clear(); },
                               [](RawDetails& raw) { raw.keys.emplace_back(6, key_bytes("o")); },
                               [](RawDetails& raw) { raw.keys.emplace_back(5, dh_bytes("c2")); },
                               [](RawDetails& raw) { std::swap(raw.keys[0], raw.keys[1]); },
                               [](RawDetails& raw) { raw.keys[0].first = 0; },
                               [](RawDetails& raw) { raw.keys[0].first = 8; },
                               [](RawDetails& raw) { raw.keys[1].second = raw.keys[0].second; },
                               [](RawDetails& raw) { raw.keys[2].second.pop_back(); },
                               [](RawDetails& raw) { raw.keys[2].second.push_back(0); },
                               [](RawDetails& raw) { raw.keys[0].second.clear(); }});
  check_malformed(raw_officer, {[](RawDetails& raw) { raw.keys[0].first = 2; }});
  check_malformed(raw_journal, {[](RawDetails& raw) { raw.keys[0].first = 3; }});
  check_malformed(raw_authority, {[](RawDetails& raw) { raw.keys[0].first = 2; }});
}

TEST_CASE("an Ed25519 key outside the prime-order group is weak") {
  const Mutate low_order = [](RawDetails& raw) { raw.keys[0].second = Bytes(32); };
  const Mutate identity_point = [](RawDetails& raw) {
    raw.keys[0].second = Bytes(32);
    raw.keys[0].second[0] = 1;
  };
  const Mutate not_canonical = [](RawDetails& raw) { raw.keys[0].second = Bytes(32, 0xff); };
  for (const Mutate mutate : {low_order, identity_point, not_canonical}) {
    for (const auto make : {raw_authority, raw_office, raw_officer, raw_journal}) {
      const auto parsed = parse_mutated(make(), mutate);
      REQUIRE(parsed.has_error());
      CHECK(parsed.error() == IdentityError::kWeakKey);
    }
  }
}

TEST_CASE("a subject that is not of its kind's form is malformed") {
  for (const char* subject : {"", "UZ", "uz-oybek", "UZ-O", "UZ-OYBEK ", "UZ-ABCDEFGHIJKLMNOPQ"}) {
    RawDetails raw = raw_office();
    raw.subject = subject;
    INFO(subject);
    CHECK(Certificate::parse(wrap(raw.encode())).error() == IdentityError::kMalformed);
  }
  check_malformed(raw_authority, {[](RawDetails& raw) { raw.subject = "UZ-OYBEK"; },
                                  [](RawDetails& raw) { raw.subject = "U1"; }});
  check_malformed(raw_journal,
                  {[](RawDetails& raw) { raw.subject = "UZ-OYBEK"; },
                   [](RawDetails& raw) { raw.subject = "exercise/UZ-OYBEK/TJ-FOTEHOBOD/0"; },
                   [](RawDetails& raw) { raw.subject = "exercise/UZ-OYBEK/UZ-OYBEK/1"; },
                   [](RawDetails& raw) { raw.subject = "exercise/UZ-OYBEK/TJ-FOTEHOBOD/01"; }});
}

TEST_CASE("a journal certificate of one network for the other's origin is refused") {
  const auto parsed = parse_mutated(raw_journal(), [](RawDetails& raw) { raw.network = 1; });
  REQUIRE(parsed.has_error());
  CHECK(parsed.error() == IdentityError::kWrongNetwork);
}

TEST_CASE("validity reversed or beyond the year 9999 is malformed") {
  check_malformed(raw_office,
                  {[](RawDetails& raw) { std::swap(raw.not_before_s, raw.not_after_s); },
                   [](RawDetails& raw) { raw.not_after_s = 253'402'300'800; },
                   [](RawDetails& raw) { raw.not_before_s = raw.not_after_s = UINT64_MAX; },
                   [](RawDetails& raw) { raw.not_after_s = 0; }});
  const auto latest =
      parse_mutated(raw_office(), [](RawDetails& raw) { raw.not_after_s = 253'402'300'799; });
  REQUIRE(latest.has_value());
  CHECK(to_rfc3339(latest->details().not_after) == "9999-12-31T23:59:59Z");
}

TEST_CASE("only an authority signs itself") {
  const auto alone = [](RawDetails& raw) { raw.issuer = {}; };
  for (const auto make : {raw_office, raw_officer, raw_journal}) {
    const auto parsed = parse_mutated(make(), alone);
    REQUIRE(parsed.has_error());
    CHECK(parsed.error() == IdentityError::kUntrusted);
  }
  check_malformed(raw_authority, {[](RawDetails& raw) { raw.issuer = Bytes(32, 0xaa); }});
  check_malformed(raw_office, {[](RawDetails& raw) { raw.issuer.pop_back(); },
                               [](RawDetails& raw) { raw.issuer.push_back(0); }});
}

TEST_CASE("person and roles and name belong to officers alone and to every officer") {
  check_malformed(
      raw_officer,
      {[](RawDetails& raw) { raw.person = 0; }, [](RawDetails& raw) { raw.roles = {}; },
       [](RawDetails& raw) {
         raw.roles = {4, 1};
       },
       [](RawDetails& raw) {
         raw.roles = {1, 1};
       },
       [](RawDetails& raw) {
         raw.roles = {0, 1};
       },
       [](RawDetails& raw) { raw.roles = {6}; }, [](RawDetails& raw) { raw.name_commitment = {}; },
       [](RawDetails& raw) { raw.name_commitment.pop_back(); }});
  for (const auto make : {raw_authority, raw_office, raw_journal}) {
    check_malformed(
        make, {[](RawDetails& raw) { raw.person = 1; }, [](RawDetails& raw) { raw.roles = {1}; },
               [](RawDetails& raw) { raw.name_commitment = Bytes(32, 0xbb); }});
  }
}

TEST_CASE("a signature of another size is malformed") {
  const Bytes details = raw_office().encode();
  for (const std::size_t size : {0U, 63U, 65U}) {
    Raw raw;
    raw.bytes(1, details);
    if (size != 0) raw.bytes(2, Bytes(size, 0x11));
    CHECK(Certificate::parse(raw.done()).error() == IdentityError::kMalformed);
  }
}

TEST_CASE("roles have names and the names parse") {
  for (const Role role : {Role::kOperator, Role::kReleaser, Role::kAuditor, Role::kSecurityOfficer,
                          Role::kAdministrator}) {
    CHECK(parse_role(to_string(role)) == role);
  }
  CHECK(to_string(Role::kSecurityOfficer) == "security-officer");
  CHECK_FALSE(parse_role("Operator"));
  CHECK_FALSE(parse_role(""));
}

TEST_CASE("a fingerprint is spoken in ten groups of four digits") {
  Fingerprint fingerprint{};
  for (std::size_t i = 0; i < fingerprint.size(); ++i) fingerprint[i] = static_cast<Byte>(i);
  CHECK(spoken(fingerprint) == "0001 0203 0405 0607 0809 0a0b 0c0d 0e0f 1011 1213");
}

}  // namespace blo::identity::test
