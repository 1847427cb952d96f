#include "seal/body.h"

#include <catch2/catch.hpp>

#include "base/limits.h"
#include "crypto/aead.h"

namespace blo::seal {
namespace {

const Bytes kEnvelope = to_bytes("an envelope");
const Salt kSalt{7};

crypto::Key key(Byte fill) { return crypto::Key(ByteView(Bytes(32, fill))); }

/// A body whose plaintext is what the caller says, sealed with the right key.
Bytes sealed(const Bytes& plain) {
  return crypto::seal_xchacha(key(1), crypto::XNonce{}, kEnvelope, plain);
}

Bytes plain_of(std::uint32_t stated_bytes, std::size_t size) {
  Bytes plain(kSalt.begin(), kSalt.end());
  append_be(plain, stated_bytes);
  plain.resize(size);
  return plain;
}

}  // namespace

TEST_CASE("a body opens to the salt and content sealed into it") {
  for (const std::size_t size :
       {std::size_t{0}, std::size_t{1}, std::size_t{5000}, limits::kContentBytesMax}) {
    Bytes content(size, 0x5a);
    const Bytes body = seal_body(key(1), kEnvelope, kSalt, content);
    CHECK(body.size() == padded_bytes(size) + 16);
    CHECK(body.size() <= limits::kBodyBytesMax);
    const auto opened = open_body(key(1), kEnvelope, body);
    REQUIRE(opened.has_value());
    CHECK(opened->salt == kSalt);
    CHECK(opened->content == content);
  }
}

TEST_CASE("a body opens under its own key and envelope only") {
  Bytes body = seal_body(key(1), kEnvelope, kSalt, as_bytes("content"));
  CHECK(open_body(key(2), kEnvelope, body).error() == SealError::kUnopenable);
  CHECK(open_body(key(1), as_bytes("another envelope"), body).error() == SealError::kUnopenable);
  CHECK(open_body(key(1), kEnvelope, {}).error() == SealError::kUnopenable);
  CHECK(open_body(key(1), kEnvelope, ByteView(body).first(body.size() - 1)).error() ==
        SealError::kUnopenable);
  for (const std::size_t at : {std::size_t{0}, body.size() / 2, body.size() - 1}) {
    body[at] ^= 1U;
    CHECK(open_body(key(1), kEnvelope, body).error() == SealError::kUnopenable);
    body[at] ^= 1U;
  }
  CHECK(open_body(key(1), kEnvelope, body).has_value());
}

TEST_CASE("a plaintext out of form is refused though it opens") {
  CHECK(open_body(key(1), kEnvelope, sealed(plain_of(1, 40))).has_value());
  CHECK(open_body(key(1), kEnvelope, sealed({})).error() == SealError::kMalformed);
  CHECK(open_body(key(1), kEnvelope, sealed(Bytes(35))).error() == SealError::kMalformed);
  // A length that another padding belongs to, one past the end, and one past every limit.
  CHECK(open_body(key(1), kEnvelope, sealed(plain_of(0, 40))).error() == SealError::kMalformed);
  CHECK(open_body(key(1), kEnvelope, sealed(plain_of(5, 40))).error() == SealError::kMalformed);
  CHECK(open_body(key(1), kEnvelope, sealed(plain_of(UINT32_MAX, 40))).error() ==
        SealError::kMalformed);
  Bytes padded = plain_of(1, 40);
  padded.back() = 1;
  CHECK(open_body(key(1), kEnvelope, sealed(padded)).error() == SealError::kMalformed);
}

TEST_CASE("the padding hides all but the leading bits of a size") {
  CHECK(padded_bytes(0) == 36);
  CHECK(padded_bytes(1) == 40);
  CHECK(padded_bytes(4) == 40);
  CHECK(padded_bytes(5) == 44);
  std::uint64_t last = 0;
  std::size_t sizes = 0;
  for (std::size_t size = 0; size <= limits::kContentBytesMax; size += 3) {
    const auto padded = padded_bytes(size);
    REQUIRE(padded >= size + 36);
    REQUIRE(padded >= last);
    REQUIRE((padded - size - 36) * 100 <= 12 * (size + 36));  // at most 12 % more
    if (padded != last) ++sizes;
    last = padded;
  }
  CHECK(sizes < 256);
  CHECK(last + 16 <= limits::kBodyBytesMax);
}

TEST_CASE("a commitment holds salt and content in place") {
  const auto commitment = commit_to_content(kSalt, as_bytes("content"));
  CHECK(commitment == commit_to_content(kSalt, as_bytes("content")));
  CHECK(commitment != commit_to_content(Salt{8}, as_bytes("content")));
  CHECK(commitment != commit_to_content(kSalt, as_bytes("content.")));
  Salt shifted = kSalt;
  shifted.back() = 'c';
  CHECK(commit_to_content(shifted, as_bytes("ontent")) != commitment);
}

}  // namespace blo::seal
