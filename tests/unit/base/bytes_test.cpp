#include "base/bytes.h"

#include <catch2/catch.hpp>

#include "base/hex.h"

namespace blo {
namespace {

TEST_CASE("Hexadecimal is written in lower case and read in both") {
  CHECK(to_hex(Bytes{0x00, 0x0f, 0xa5, 0xff}) == "000fa5ff");
  CHECK(from_hex("000fA5Ff") == Bytes{0x00, 0x0f, 0xa5, 0xff});
  CHECK(to_hex({}).empty());
  CHECK(from_hex("") == Bytes{});
}

TEST_CASE("What is not hexadecimal or half a byte is refused") {
  for (const char* text : {"0", "abc", "0g", "g0", "0x00", " 0", "0 ", "00 0", "\xc3\xa9"}) {
    INFO(text);
    CHECK_FALSE(from_hex(text).has_value());
  }
}

TEST_CASE("Integers are written most significant byte first and read back") {
  Bytes bytes;
  append_be<std::uint16_t>(bytes, 0x0102);
  append_be<std::uint64_t>(bytes, 0x8090a0b0c0d0e0f0);
  CHECK(to_hex(bytes) == "01028090a0b0c0d0e0f0");
  CHECK(read_be<std::uint16_t>(bytes) == 0x0102);
  CHECK(read_be<std::uint64_t>(ByteView(bytes).subspan(2)) == 0x8090a0b0c0d0e0f0);
}

TEST_CASE("A fixed-size value is copied only from as many bytes") {
  std::array<Byte, 4> to{};
  CHECK(copy_exact(Bytes{1, 2, 3, 4}, to));
  CHECK(to == std::array<Byte, 4>{1, 2, 3, 4});
  CHECK_FALSE(copy_exact(Bytes{9, 9, 9}, to));
  CHECK_FALSE(copy_exact(Bytes{9, 9, 9, 9, 9}, to));
  CHECK(to == std::array<Byte, 4>{1, 2, 3, 4});
}

TEST_CASE("Text and bytes change places without a change") {
  const std::string text("a\0\xff", 3);
  CHECK(to_string(as_bytes(text)) == text);
  CHECK(to_bytes(text) == Bytes{'a', 0, 0xff});
  CHECK(equal(to_bytes(text), as_bytes(text)));
  CHECK_FALSE(equal(to_bytes(text), as_bytes("a")));
}

}  // namespace
}  // namespace blo
