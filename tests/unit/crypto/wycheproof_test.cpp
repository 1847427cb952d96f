// The Wycheproof cases, all of them, through our own wrappers.
#include <catch2/catch.hpp>
#include <fstream>
#include <nlohmann/json.hpp>

#include "base/hex.h"
#include "crypto/aead.h"
#include "crypto/dh.h"
#include "crypto/sign.h"

namespace blo::crypto {
namespace {

using Json = nlohmann::json;

Json load(const std::string& name) {
  std::ifstream file(std::string(BLO_VECTORS) + "/wycheproof/" + name);
  REQUIRE(file.is_open());
  return Json::parse(file);
}

Bytes hex(const Json& of, const char* field) {
  const auto bytes = from_hex(of.at(field).get<std::string>());
  REQUIRE(bytes.has_value());
  return *bytes;
}

bool accepts_signature(ByteView key, ByteView message, ByteView bytes) {
  const auto enrolled = VerifyKey::enrol(key);
  Signature signature;
  return enrolled && copy_exact(bytes, signature) &&
         verify_note_bytes(*enrolled, message, signature);
}

TEST_CASE("Wycheproof Ed25519: every verdict is ours, too") {
  const Json file = load("ed25519_test.json");
  int cases = 0;
  for (const Json& group : file.at("testGroups")) {
    const Bytes key = hex(group.at("publicKey"), "pk");
    for (const Json& test : group.at("tests")) {
      INFO("tcId " << test.at("tcId") << " " << test.at("comment"));
      CHECK(accepts_signature(key, hex(test, "msg"), hex(test, "sig")) ==
            (test.at("result") == "valid"));
      ++cases;
    }
  }
  CHECK(cases == file.at("numberOfTests"));
}

TEST_CASE("Wycheproof X25519: shared secrets match and all-zero ones are refused") {
  const Json file = load("x25519_test.json");
  int cases = 0;
  int refused = 0;
  for (const Json& group : file.at("testGroups")) {
    for (const Json& test : group.at("tests")) {
      INFO("tcId " << test.at("tcId") << " " << test.at("comment"));
      const Bytes expected = hex(test, "shared");
      DhPublic theirs;
      REQUIRE(copy_exact(hex(test, "public"), theirs));
      const auto shared = dh(DhKeyPair::from_secret(Key(hex(test, "private"))), theirs);
      const bool zero = std::ranges::all_of(expected, [](Byte byte) { return byte == 0; });
      CHECK(shared.has_value() == !zero);
      if (shared) CHECK(to_hex(shared->view()) == to_hex(expected));
      refused += zero ? 1 : 0;
      ++cases;
    }
  }
  CHECK(cases == file.at("numberOfTests"));
  CHECK(refused == 31);
}

TEST_CASE("Wycheproof XChaCha20-Poly1305: sealing gives the bytes and only intact ones open") {
  const Json file = load("xchacha20_poly1305_test.json");
  int cases = 0;
  for (const Json& group : file.at("testGroups")) {
    if (group.at("ivSize") != 192) continue;  // our nonce type has no other size
    for (const Json& test : group.at("tests")) {
      INFO("tcId " << test.at("tcId") << " " << test.at("comment"));
      const Key key(hex(test, "key"));
      XNonce nonce;
      REQUIRE(copy_exact(hex(test, "iv"), nonce));
      const Bytes ad = hex(test, "aad");
      const Bytes message = hex(test, "msg");
      Bytes sealed = hex(test, "ct");
      append(sealed, hex(test, "tag"));

      const auto opened = open_xchacha(key, nonce, ad, sealed);
      const bool valid = test.at("result") == "valid";
      CHECK(opened.has_value() == valid);
      if (valid) {
        CHECK(opened == message);
        CHECK(seal_xchacha(key, nonce, ad, message) == sealed);
      }
      ++cases;
    }
  }
  CHECK(cases == 306);
}

}  // namespace
}  // namespace blo::crypto
