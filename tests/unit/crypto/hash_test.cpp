#include "crypto/hash.h"

#include <catch2/catch.hpp>

#include "base/hex.h"

namespace blo::crypto {
namespace {

Bytes repeated(std::size_t count, Byte byte) { return Bytes(count, byte); }

Bytes counting(std::size_t from, std::size_t count) {
  Bytes bytes;
  for (std::size_t i = 0; i < count; ++i) bytes.push_back(static_cast<Byte>(from + i));
  return bytes;
}

TEST_CASE("SHA-256 and SHA-512 give the examples of FIPS 180-4") {
  CHECK(to_hex(sha256(as_bytes("abc"))) ==
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(to_hex(sha256(ByteView{})) ==
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(to_hex(sha512({as_bytes("abc")})) ==
        "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
        "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f");
}

TEST_CASE("Parts hash as their concatenation") {
  CHECK(sha256({as_bytes("a"), as_bytes(""), as_bytes("bc")}) == sha256(as_bytes("abc")));
  CHECK(blake2b({as_bytes("ab"), as_bytes("c")}) == blake2b({as_bytes("abc")}));
  CHECK(hmac_sha256(as_bytes("k"), {as_bytes("a"), as_bytes("b")}) ==
        hmac_sha256(as_bytes("k"), {as_bytes("ab")}));
}

TEST_CASE("HMAC-SHA-256 gives the test cases of RFC 4231") {
  const auto mac = [](const Bytes& key, const Bytes& data) {
    return to_hex(hmac_sha256(key, {data}));
  };
  CHECK(mac(repeated(20, 0x0b), to_bytes("Hi There")) ==
        "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  CHECK(mac(to_bytes("Jefe"), to_bytes("what do ya want for nothing?")) ==
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  CHECK(mac(repeated(20, 0xaa), repeated(50, 0xdd)) ==
        "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe");
  CHECK(mac(counting(1, 25), repeated(50, 0xcd)) ==
        "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b");
  CHECK(mac(repeated(131, 0xaa),
            to_bytes("Test Using Larger Than Block-Size Key - Hash Key First")) ==
        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
  CHECK(mac(repeated(131, 0xaa),
            to_bytes("This is a test using a larger than block-size key and a larger than "
                     "block-size data. The key needs to be hashed before being used by the "
                     "HMAC algorithm.")) ==
        "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2");
}

TEST_CASE("HKDF-SHA-256 gives the first block of the test cases of RFC 5869") {
  CHECK(to_hex(hkdf_sha256(repeated(22, 0x0b), counting(0, 13), counting(0xf0, 10)).view()) ==
        "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf");
  CHECK(to_hex(hkdf_sha256(counting(0, 80), counting(0x60, 80), counting(0xb0, 80)).view()) ==
        "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c");
  CHECK(to_hex(hkdf_sha256(repeated(22, 0x0b), {}, {}).view()) ==
        "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d");
}

TEST_CASE("BLAKE2b-512 gives the example of RFC 7693") {
  CHECK(to_hex(blake2b({as_bytes("abc")})) ==
        "ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d1"
        "7d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923");
}

TEST_CASE("HMAC over BLAKE2b gives what Python's hmac and hashlib give") {
  CHECK(to_hex(
            hmac_blake2b(as_bytes("Jefe"), {as_bytes("what do ya want "), as_bytes("for nothing?")})
                .view()) ==
        "6ff884f8ddc2a6586b3c98a4cd6ebdf14ec10204b6710073eb5865ade37a2643"
        "b8807c1335d107ecdb9ffeaeb6828c4625ba172c66379efcd222c2de11727ab4");
  CHECK(to_hex(hmac_blake2b(counting(0, 128), {}).view()) ==
        "e79ec585fc83408cd654da61cc87457edd77cae194e6e4727420fa21a001229e"
        "d67f1fb7bb03effaaaec05d2d7902f98bfad11da65b4c08d197eefa96f314b31");
}

}  // namespace
}  // namespace blo::crypto
