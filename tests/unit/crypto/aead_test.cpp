#include "crypto/aead.h"

#include <catch2/catch.hpp>

#include "base/hex.h"
#include "crypto/random.h"

namespace blo::crypto {
namespace {

TEST_CASE("ChaCha20-Poly1305 with a Noise nonce gives RFC 8439 appendix A.5") {
  // That example's nonce begins with four zero bytes, so it is a Noise counter.
  const Key key(*from_hex("1c9240a5eb55d38af333888604f6b5f0473917c1402b80099dca5cbc207075c0"));
  const std::uint64_t counter = 0x0807060504030201;
  const Bytes ad = *from_hex("f33388860000000000004e91");
  const std::string text =
      "Internet-Drafts are draft documents valid for a maximum of six months and may be updated, "
      "replaced, or obsoleted by other documents at any time. It is inappropriate to use "
      "Internet-Drafts as reference material or to cite them other than as /\u201cwork in "
      "progress./\u201d";
  const Bytes sealed = seal_chacha(key, counter, ad, as_bytes(text));
  REQUIRE(sealed.size() == 265 + kAeadTagBytes);
  CHECK(to_hex(ByteView(sealed).first(32)) ==
        "64a0861575861af460f062c79be643bd5e805cfd345cf389f108670ac76c8cb2");
  CHECK(to_hex(ByteView(sealed).last(kAeadTagBytes)) == "eead9d67890cbb22392336fea1851f38");
  CHECK(open_chacha(key, counter, ad, sealed) == to_bytes(text));
}

TEST_CASE("What was changed anywhere does not open") {
  const Key key = random_key();
  const Bytes ad = to_bytes("ad");
  const Bytes sealed = seal_chacha(key, 7, ad, as_bytes("content"));
  for (std::size_t at = 0; at < sealed.size(); ++at) {
    Bytes changed = sealed;
    changed[at] ^= 0x80;
    CHECK_FALSE(open_chacha(key, 7, ad, changed).has_value());
  }
  CHECK_FALSE(open_chacha(key, 8, ad, sealed).has_value());
  CHECK_FALSE(open_chacha(key, 7, as_bytes("da"), sealed).has_value());
  CHECK_FALSE(open_chacha(random_key(), 7, ad, sealed).has_value());
  CHECK_FALSE(open_chacha(key, 7, ad, ByteView(sealed).first(sealed.size() - 1)).has_value());
  CHECK(open_chacha(key, 7, ad, sealed) == to_bytes("content"));
}

TEST_CASE("What is shorter than a tag does not open and an empty plaintext does") {
  const Key key = random_key();
  const XNonce nonce{};
  CHECK_FALSE(open_chacha(key, 0, {}, {}).has_value());
  CHECK_FALSE(open_chacha(key, 0, {}, Bytes(kAeadTagBytes - 1)).has_value());
  CHECK_FALSE(open_xchacha(key, nonce, {}, {}).has_value());
  CHECK_FALSE(open_xchacha(key, nonce, {}, Bytes(kAeadTagBytes - 1)).has_value());
  CHECK(open_chacha(key, 0, {}, seal_chacha(key, 0, {}, {})) == Bytes{});
  CHECK(open_xchacha(key, nonce, {}, seal_xchacha(key, nonce, {}, {})) == Bytes{});
}

}  // namespace
}  // namespace blo::crypto
