#include "crypto/base64.h"

#include <catch2/catch.hpp>

namespace blo::crypto {
namespace {

TEST_CASE("Base64 gives the examples of RFC 4648 both ways") {
  const std::pair<const char*, const char*> examples[] = {
      {"", ""},
      {"f", "Zg=="},
      {"fo", "Zm8="},
      {"foo", "Zm9v"},
      {"foob", "Zm9vYg=="},
      {"fooba", "Zm9vYmE="},
      {"foobar", "Zm9vYmFy"},
  };
  for (const auto& [plain, text] : examples) {
    CHECK(to_base64(as_bytes(plain)) == text);
    CHECK(from_base64(text) == to_bytes(plain));
  }
  CHECK(to_base64(Bytes{0xfb, 0xff}) == "+/8=");
}

TEST_CASE("A byte string has one base64 text: every other spelling is refused") {
  const char* texts[] = {
      "AB==",      // trailing bits that are not zero
      "AAB=",      // the same with one padding character
      "AA",        // no padding
      "AAA",       // no padding
      "AA=",       // half the padding
      "A===",      // six bits are no byte
      "A",         // six bits are no byte
      "AA==\n",    // a line end
      " AA==",     // white space
      "AA ==",     // white space inside
      "AA==AA==",  // padding inside
      "AAAA=",     // padding too many
      "AAAA====",  // padding too many
      "=",         // padding alone
      "-_8=",      // the URL alphabet
      "AA=A",      // a digit after padding
      "AA\xc3\xa9",
  };
  for (const char* text : texts) {
    INFO(text);
    CHECK_FALSE(from_base64(text).has_value());
  }
  CHECK_FALSE(from_base64(std::string_view("AA\0=", 4)).has_value());
}

TEST_CASE("Sixty-four characters are base64 digits and no other byte is") {
  int digits = 0;
  for (int c = 0; c < 256; ++c) {
    std::string text = "AAAA";
    text[3] = static_cast<char>(c);
    const auto bytes = from_base64(text);
    digits += bytes.has_value() && bytes->size() == 3 ? 1 : 0;
    if (bytes) CHECK(to_base64(*bytes) == text);
  }
  CHECK(digits == 64);
}

TEST_CASE("All byte values survive base64 at every length") {
  Bytes bytes;
  for (int i = 0; i < 260; ++i) {
    CHECK(from_base64(to_base64(bytes)) == bytes);
    bytes.push_back(static_cast<Byte>(i));
  }
}

}  // namespace
}  // namespace blo::crypto
