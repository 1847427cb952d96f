#include "identity/pem.h"

#include <catch2/catch.hpp>

namespace blo::identity {
namespace {

constexpr std::string_view kLabel = "BLO CERTIFICATE";

bool refused(std::string_view text) {
  const auto bytes = from_pem(kLabel, text);
  return bytes.has_error() && bytes.error() == IdentityError::kMalformed;
}

}  // namespace

TEST_CASE("armour comes off at every length around the line") {
  for (std::size_t size = 1; size < 200; ++size) {
    const Bytes bytes(size, static_cast<Byte>(size));
    const auto back = from_pem(kLabel, to_pem(kLabel, bytes));
    INFO(size);
    REQUIRE(back.has_value());
    CHECK(*back == bytes);
  }
}

TEST_CASE("armour looks as PEM does") {
  CHECK(to_pem(kLabel, Bytes(50, 0xff)) == "-----BEGIN BLO CERTIFICATE-----\n" +
                                               std::string(64, '/') + "\n//8=\n" +
                                               "-----END BLO CERTIFICATE-----\n");
  CHECK(to_pem(kLabel, Bytes(48, 0xff)) == "-----BEGIN BLO CERTIFICATE-----\n" +
                                               std::string(64, '/') +
                                               "\n-----END BLO CERTIFICATE-----\n");
}

TEST_CASE("a final newline is not needed") {
  std::string text = to_pem(kLabel, Bytes(50, 1));
  text.pop_back();
  CHECK(from_pem(kLabel, text).has_value());
}

TEST_CASE("text around the block or inside it is refused") {
  const std::string good = to_pem(kLabel, Bytes(100, 7));
  REQUIRE(from_pem(kLabel, good).has_value());
  CHECK(refused(""));
  CHECK(refused("\n" + good));
  CHECK(refused(good + "\n"));
  CHECK(refused(good + "x"));
  CHECK(refused(good + good));
  CHECK(refused("subject: UZ-OYBEK\n" + good));
  std::string crlf = good;
  crlf.insert(crlf.find('\n'), "\r");
  CHECK(refused(crlf));
  std::string headers = good;
  headers.insert(headers.find('\n') + 1, "Proc-Type: 4,ENCRYPTED\n\n");
  CHECK(refused(headers));
  CHECK(refused(std::string_view(good).substr(0, good.size() - 2)));
}

TEST_CASE("lines that are not of 64 characters are refused") {
  const std::string good = to_pem(kLabel, Bytes(100, 7));
  std::string split = good;
  split.insert(split.find('\n') + 11, "\n");
  CHECK(refused(split));
  std::string joined = good;
  joined.erase(joined.find('\n', 40), 1);
  CHECK(refused(joined));
  std::string blank = good;
  blank.insert(blank.find("-----END"), "\n");
  CHECK(refused(blank));
}

TEST_CASE("base64 that is not the one text for its bytes is refused") {
  CHECK(refused("-----BEGIN BLO CERTIFICATE-----\nAB==\n-----END BLO CERTIFICATE-----\n"));
  CHECK(refused("-----BEGIN BLO CERTIFICATE-----\nAA\n-----END BLO CERTIFICATE-----\n"));
  CHECK(refused("-----BEGIN BLO CERTIFICATE-----\n-_8=\n-----END BLO CERTIFICATE-----\n"));
}

TEST_CASE("an empty block is refused") {
  CHECK(refused("-----BEGIN BLO CERTIFICATE-----\n-----END BLO CERTIFICATE-----\n"));
  CHECK(refused("-----BEGIN BLO CERTIFICATE-----\n\n-----END BLO CERTIFICATE-----\n"));
}

TEST_CASE("a block of another label is refused") {
  CHECK(refused(to_pem(kRequestLabel, Bytes(9))));
  CHECK(refused("-----BEGIN BLO CERTIFICATE-----\nAAAA\n-----END BLO PAIRING-----\n"));
}

TEST_CASE("blocks one after the other come back in order") {
  const Bytes one(10, 1), two(90, 2), three(48, 3);
  const auto all =
      all_from_pem(kLabel, to_pem(kLabel, one) + to_pem(kLabel, two) + to_pem(kLabel, three));
  REQUIRE(all.has_value());
  CHECK(*all == std::vector<Bytes>{one, two, three});
  CHECK(all_from_pem(kLabel, "")->empty());
}

TEST_CASE("something between blocks is refused") {
  const std::string block = to_pem(kLabel, Bytes(10, 1));
  CHECK(all_from_pem(kLabel, block + "\n" + block).error() == IdentityError::kMalformed);
  CHECK(all_from_pem(kLabel, block + to_pem(kKeyLabel, Bytes(3))).error() ==
        IdentityError::kMalformed);
  CHECK(all_from_pem(kLabel, block.substr(0, block.size() - 1) + block).error() ==
        IdentityError::kMalformed);
}

}  // namespace blo::identity
