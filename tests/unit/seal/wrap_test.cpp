#include "seal/wrap.h"

#include <catch2/catch.hpp>

namespace blo::seal {
namespace {

crypto::Key key(Byte fill) { return crypto::Key(ByteView(Bytes(32, fill))); }

}  // namespace

TEST_CASE("a wrapped secret opens under its store key and in its place only") {
  const Bytes secret(32, 0x42);
  Bytes wrapped = wrap(key(1), as_bytes("content-key 17"), secret);
  CHECK(wrapped.size() == 24 + 32 + 16);
  CHECK(unwrap(key(1), as_bytes("content-key 17"), wrapped).value() == secret);
  CHECK(unwrap(key(2), as_bytes("content-key 17"), wrapped).error() == SealError::kUnopenable);
  CHECK(unwrap(key(1), as_bytes("content-key 18"), wrapped).error() == SealError::kUnopenable);
  wrapped.back() ^= 1U;
  CHECK(unwrap(key(1), as_bytes("content-key 17"), wrapped).error() == SealError::kUnopenable);
}

TEST_CASE("a secret wrapped twice looks different each time") {
  const Bytes secret(32, 0x42);
  CHECK(wrap(key(1), {}, secret) != wrap(key(1), {}, secret));
}

TEST_CASE("a wrapped secret cut short is refused") {
  const Bytes wrapped = wrap(key(1), {}, as_bytes("secret"));
  for (std::size_t size = 0; size < wrapped.size(); ++size) {
    const auto opened = unwrap(key(1), {}, ByteView(wrapped).first(size));
    REQUIRE_FALSE(opened.has_value());
    CHECK(opened.error() == (size < 24 ? SealError::kMalformed : SealError::kUnopenable));
  }
}

}  // namespace blo::seal
