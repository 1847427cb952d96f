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

TEST_CASE("a block is read as mail and editors and Windows leave it") {
  const Bytes bytes(100, 7);
  const std::string good = to_pem(kLabel, bytes);
  const auto reads = [&](std::string_view text) {
    const auto back = from_pem(kLabel, text);
    return back.has_value() && *back == bytes;
  };
  CHECK(reads(std::string_view(good).substr(0, good.size() - 1)));
  CHECK(reads("\xEF\xBB\xBF" + good));
  CHECK(reads("\n\n" + good + "\n\n"));
  CHECK(reads("Assalomu alaykum,\nour certificate:\n\n" + good + "-- \nKarimov\n"));
  CHECK(reads(to_pem(kRequestLabel, Bytes(9)) + good));
  std::string crlf;
  std::string spaced;
  std::string quarter;
  for (std::size_t at = 0; at < good.size(); ++at) {
    crlf += good[at] == '\n' ? "\r\n" : std::string(1, good[at]);
    spaced += good[at] == '\n' ? " \t\n\n  " : std::string(1, good[at]);
    quarter += good[at];
    if (at > good.find('\n') && at % 16 == 0 && at < good.find("-----END")) quarter += '\n';
  }
  CHECK(reads(crlf));
  CHECK(reads(spaced));
  CHECK(reads(quarter));
  for (const bool little : {true, false}) {
    std::string wide = little ? "\xFF\xFE" : "\xFE\xFF";
    for (const char c : crlf) wide += little ? std::string{c, '\0'} : std::string{'\0', c};
    CHECK(reads(wide));
  }
}

TEST_CASE("what is no block or two of them is refused") {
  const std::string good = to_pem(kLabel, Bytes(100, 7));
  const auto why = [](std::string_view text) { return from_pem(kLabel, text).error().detail(); };
  CHECK(refused(""));
  CHECK(refused(good + good));
  CHECK(why(good + good) == "BLO CERTIFICATE (there are two in it)");
  std::string headers = good;
  headers.insert(headers.find('\n') + 1, "Proc-Type: 4,ENCRYPTED\n\n");
  CHECK(refused(headers));
  CHECK(refused(std::string_view(good).substr(0, good.size() - 2)));
  CHECK(why(to_pem(kRequestLabel, Bytes(9))) ==
        "BLO CERTIFICATE (it is another kind of file: BLO CERTIFICATE REQUEST)");
  CHECK(why("a text") == "BLO CERTIFICATE (there is no such block in it)");
  CHECK(why("-----BEGIN -----") == "BLO CERTIFICATE (there is no such block in it)");
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
