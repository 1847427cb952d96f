#include "identity/request.h"

#include <catch2/catch.hpp>

#include "raw.h"
#include "world.h"

namespace blo::identity::test {
namespace {

CertificateRequest officer_request() {
  CertificateRequest request{CertificateKind::kOfficer, kNet, "UZ-OYBEK", {}, {}, {}, {}};
  request.keys = {{KeyUse::kOfficer, signing_key("UZ-OYBEK officer").verify_key().bytes()}};
  request.name = {"Dilshod Karimov", "Customs"};
  request.name_salt = crypto::sha256(as_bytes("UZ-OYBEK salt"));
  return request;
}

CertificateRequest office_request() {
  return {CertificateKind::kOffice,
          kNet,
          "UZ-OYBEK",
          office_ring("UZ-OYBEK").public_keys(),
          {},
          {},
          {}};
}

/// CertificateRequestDetails of an officer by hand; an empty part is left out.
struct RawRequest {
  std::uint64_t version = 1;
  std::uint64_t kind = 3;
  std::uint64_t network = 2;
  std::string subject = "UZ-OYBEK";
  Bytes key = to_bytes(signing_key("UZ-OYBEK officer").verify_key().bytes());
  std::string name = "Dilshod Karimov";
  std::string agency = "Customs";
  bool has_name = true;
  Bytes salt = Bytes(32, 0x5a);
  Bytes tail;

  [[nodiscard]] Bytes details() const {
    Raw raw;
    if (version != 0) raw.varint(1, version);
    if (kind != 0) raw.varint(2, kind);
    if (network != 0) raw.varint(3, network);
    raw.text(4, subject).bytes(5, Raw().varint(1, 6).bytes(2, key).done());
    Raw officer;
    if (!name.empty()) officer.text(1, name);
    if (!agency.empty()) officer.text(2, agency);
    if (has_name) raw.bytes(6, officer.done());
    if (!salt.empty()) raw.bytes(7, salt);
    Bytes bytes = raw.done();
    append(bytes, tail);
    return bytes;
  }
  [[nodiscard]] Result<CertificateRequest> parse() const {
    return CertificateRequest::parse(sign_raw_details(crypto::Purpose::kCertificateRequest,
                                                      signing_key("UZ-OYBEK officer"), details()));
  }
};

void check_refused(void (*mutate)(RawRequest&), IdentityError error) {
  RawRequest raw;
  REQUIRE(raw.parse().has_value());
  mutate(raw);
  const auto parsed = raw.parse();
  REQUIRE(parsed.has_error());
  CHECK(parsed.error() == error);
}

}  // namespace

TEST_CASE("an officer's request comes back as it was signed") {
  const auto parsed =
      CertificateRequest::parse(officer_request().sign(signing_key("UZ-OYBEK officer")));
  REQUIRE(parsed.has_value());
  CHECK(parsed->kind == CertificateKind::kOfficer);
  CHECK(parsed->network == kNet);
  CHECK(parsed->subject == "UZ-OYBEK");
  CHECK(parsed->name.name == "Dilshod Karimov");
  CHECK(parsed->name.agency == "Customs");
  CHECK(parsed->name_salt == crypto::sha256(as_bytes("UZ-OYBEK salt")));
  CHECK(parsed->fingerprint != crypto::Hash{});
}

TEST_CASE("an office's request comes back with its four keys") {
  const auto parsed =
      CertificateRequest::parse(office_request().sign(signing_key("UZ-OYBEK identity")));
  REQUIRE(parsed.has_value());
  REQUIRE(parsed->keys.size() == 4);
  CHECK(parsed->keys[0].use == KeyUse::kIdentity);
  CHECK(parsed->keys[3].use == KeyUse::kCourier);
}

TEST_CASE("the certificate issued on a request commits to its name") {
  const auto request = officer_request();
  CHECK(commit_to_name(request.name_salt, request.name.encode()) ==
        *uz().officer.details().name_commitment);
  auto other = request.name_salt;
  other[0] ^= 1;
  CHECK(commit_to_name(other, request.name.encode()) != *uz().officer.details().name_commitment);
}

TEST_CASE("a request signed by another key is refused") {
  const Bytes bytes = sign_raw_details(crypto::Purpose::kCertificateRequest, signing_key("another"),
                                       RawRequest().details());
  CHECK(CertificateRequest::parse(bytes).error() == IdentityError::kBadSignature);
}

TEST_CASE("a request signed for another purpose is refused") {
  const Bytes bytes = sign_raw_details(crypto::Purpose::kCertificate,
                                       signing_key("UZ-OYBEK officer"), RawRequest().details());
  CHECK(CertificateRequest::parse(bytes).error() == IdentityError::kBadSignature);
}

TEST_CASE("only offices and officers request certificates") {
  check_refused([](RawRequest& raw) { raw.kind = 1; }, IdentityError::kWrongKind);
  check_refused([](RawRequest& raw) { raw.kind = 4; }, IdentityError::kWrongKind);
  check_refused([](RawRequest& raw) { raw.kind = 2; }, IdentityError::kMalformed);
  check_refused([](RawRequest& raw) { raw.kind = 9; }, IdentityError::kMalformed);
}

TEST_CASE("a request out of form is malformed") {
  for (const auto mutate : std::initializer_list<void (*)(RawRequest&)>{
           [](RawRequest& raw) { raw.version = 2; }, [](RawRequest& raw) { raw.network = 0; },
           [](RawRequest& raw) { raw.subject = "UZ"; }, [](RawRequest& raw) { raw.key.pop_back(); },
           [](RawRequest& raw) { raw.has_name = false; }, [](RawRequest& raw) { raw.salt = {}; },
           [](RawRequest& raw) { raw.salt.pop_back(); }, [](RawRequest& raw) { raw.tail = {0}; },
           [](RawRequest& raw) { raw.tail = Raw().varint(8, 1).done(); }}) {
    check_refused(mutate, IdentityError::kMalformed);
  }
  check_refused([](RawRequest& raw) { raw.key = Bytes(32); }, IdentityError::kWeakKey);
}

TEST_CASE("a name is one to two hundred bytes of UTF-8 without control characters") {
  for (const char* name : {"", "a\nb", "\x1b[31m", "a\x7f", "a\xc2\x9b", "\xff", "\xc3"}) {
    RawRequest raw;
    raw.name = name;
    INFO(name);
    CHECK(raw.parse().error() == IdentityError::kMalformed);
  }
  RawRequest raw;
  raw.name = std::string(200, 'x');
  raw.agency = std::string(100, 'y');
  CHECK(raw.parse().has_value());
  raw.name += 'x';
  CHECK(raw.parse().error() == IdentityError::kMalformed);
  raw.name = "\xd0\x94\xd0\xb8\xd0\xbb\xd1\x88\xd0\xbe\xd0\xb4 \xc2\xab\xc2\xbb";
  CHECK(raw.parse().has_value());
  raw.agency += 'y';
  CHECK(raw.parse().error() == IdentityError::kMalformed);
  raw.agency = "";
  CHECK(raw.parse().error() == IdentityError::kMalformed);
}

TEST_CASE("a name comes back from its bytes and nothing else does") {
  const OfficerName name{"Gulnora Rahimova", "Border Guard"};
  const auto parsed = OfficerName::parse(name.encode());
  REQUIRE(parsed.has_value());
  CHECK(parsed->name == name.name);
  CHECK(parsed->agency == name.agency);
  CHECK(OfficerName::parse({}).error() == IdentityError::kMalformed);
  Bytes bytes = name.encode();
  bytes.push_back(0);
  CHECK(OfficerName::parse(bytes).error() == IdentityError::kMalformed);
  CHECK(OfficerName::parse(Raw().text(2, "a").text(1, "b").done()).error() ==
        IdentityError::kMalformed);
}

TEST_CASE("a truncated request is refused at every length") {
  const Bytes bytes = officer_request().sign(signing_key("UZ-OYBEK officer"));
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    CHECK(CertificateRequest::parse(ByteView(bytes).first(size)).has_error());
  }
}

}  // namespace blo::identity::test
