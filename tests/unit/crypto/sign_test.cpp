#include "crypto/sign.h"

#include <catch2/catch.hpp>

#include "base/hex.h"

namespace blo::crypto {
namespace {

constexpr Purpose kPurposes[] = {
    Purpose::kCertificate, Purpose::kCertificateRequest, Purpose::kEnvelope,
    Purpose::kRelease,     Purpose::kControlRequest,     Purpose::kLeafReceipt,
    Purpose::kPairing,     Purpose::kRevocation,
};

// The base point, and the seven points of the small subgroup other than the neutral element added
// to it. Each has a component of low order, none is itself of low order.
constexpr const char* kBasePoint =
    "5866666666666666666666666666666666666666666666666666666666666666";
constexpr const char* kMixedOrder[] = {
    "da99e28ba529cdde35a25fba9059e78ecaee239f99755b9b1aa4f65df00803e2",
    "5252cc0a7f208133b620acbd4537eba2a4123bf0a8c2e4f980c3b31bb69765ea",
    "98519eadf35b995233b51b5cd23e9cc5a28b639b5a4af0ec903cb960d81b7819",
    "9599999999999999999999999999999999999999999999999999999999999999",
    "13661d745ad63221ca5da0456fa618713511dc60668aa464e55b09a20ff7fc1d",
    "9bad33f580df7ecc49df5342bac8145d5bedc40f573d1b067f3c4ce449689a15",
    "55ae61520ca466adcc4ae4a32dc1633a5d749c64a5b50f136fc3469f27e487e6",
};
constexpr const char* kLowOrder[] = {
    "0100000000000000000000000000000000000000000000000000000000000000",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
};
constexpr const char* kNotCanonical[] = {
    "0100000000000000000000000000000000000000000000000000000000000080",  // -0
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",  // p for 0
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",  // p + 1 for 1
    "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
};

SigningKey key_of(Byte fill) { return SigningKey::from_seed(Key(Bytes(32, fill))); }

TEST_CASE("Only canonical keys of the prime-order group are enrolled") {
  CHECK(VerifyKey::enrol(*from_hex(kBasePoint)).has_value());
  CHECK(VerifyKey::enrol(SigningKey::generate().verify_key().bytes()).has_value());
  for (const char* bytes : kMixedOrder) {
    INFO("mixed order " << bytes);
    CHECK_FALSE(VerifyKey::enrol(*from_hex(bytes)).has_value());
  }
  for (const char* bytes : kLowOrder) {
    INFO("low order " << bytes);
    CHECK_FALSE(VerifyKey::enrol(*from_hex(bytes)).has_value());
  }
  for (const char* bytes : kNotCanonical) {
    INFO("not canonical " << bytes);
    CHECK_FALSE(VerifyKey::enrol(*from_hex(bytes)).has_value());
  }
}

TEST_CASE("A key of another size is not enrolled") {
  const Bytes base = *from_hex(kBasePoint);
  CHECK_FALSE(VerifyKey::enrol({}).has_value());
  CHECK_FALSE(VerifyKey::enrol(ByteView(base).first(31)).has_value());
  Bytes longer = base;
  longer.push_back(0);
  CHECK_FALSE(VerifyKey::enrol(longer).has_value());
}

TEST_CASE("A signature of one purpose fails under every other") {
  const SigningKey key = key_of(1);
  const Bytes what = to_bytes("the same bytes");
  for (const Purpose made : kPurposes) {
    const Signature signature = sign(made, key, {what});
    for (const Purpose used : kPurposes) {
      CHECK(verify(used, key.verify_key(), {what}, signature) == (used == made));
    }
    CHECK_FALSE(verify_note_bytes(key.verify_key(), what, signature));
  }
}

TEST_CASE("No purpose's prefix begins another's and each ends in a zero byte") {
  for (const Purpose a : kPurposes) {
    const std::string_view text = as_text(prefix(a));
    CHECK(text.starts_with("blo/"));
    CHECK(text.ends_with(std::string_view("/v1\0", 4)));
    CHECK(text.find('\0') == text.size() - 1);
    for (const Purpose b : kPurposes) {
      CHECK(as_text(prefix(b)).starts_with(text) == (a == b));
    }
  }
}

TEST_CASE("A purpose's prefix is what the signature covers first") {
  const SigningKey key = key_of(2);
  Bytes bytes = to_bytes(std::string_view("blo/envelope/v1\0", 16));
  append(bytes, "envelope");
  const Signature signature = sign(Purpose::kEnvelope, key, {as_bytes("enve"), as_bytes("lope")});
  CHECK(verify_note_bytes(key.verify_key(), bytes, signature));
}

TEST_CASE("A signature fails for other bytes and other keys and with any byte changed") {
  const SigningKey key = key_of(3);
  const Bytes what = to_bytes("what");
  const Signature signature = sign(Purpose::kRelease, key, {what});
  CHECK(verify(Purpose::kRelease, key.verify_key(), {what}, signature));
  CHECK_FALSE(verify(Purpose::kRelease, key.verify_key(), {as_bytes("What")}, signature));
  CHECK_FALSE(verify(Purpose::kRelease, key_of(4).verify_key(), {what}, signature));
  for (std::size_t at = 0; at < signature.size(); ++at) {
    Signature changed = signature;
    changed[at] ^= 1;
    CHECK_FALSE(verify(Purpose::kRelease, key.verify_key(), {what}, changed));
  }
}

// Of the key with the seed 05…05 over "what", each made by the definition of the scheme: what
// docs/format/README.md says of which signatures count, one by one.
TEST_CASE("Of the signatures RFC 8032 leaves open those libsodium takes count and no others") {
  struct Case {
    const char* what;
    const char* signature;
    bool counts;
  };
  constexpr Case kCases[] = {
      {"as everybody makes it",
       "7767a3242dc9b58bbc68488c1265cc6cc5f26c6f3c88a5d55e901b0734dca572"
       "5fd64b6eac806304ad8621cbf86f18c758e8f6118673ef4f8f192c0531a5a90d",
       true},
      {"S with the group's order added",
       "7767a3242dc9b58bbc68488c1265cc6cc5f26c6f3c88a5d55e901b0734dca572"
       "4caa41cbc6e3755c8323196ed769f7db58e8f6118673ef4f8f192c0531a5a91d",
       false},
      {"an R with a part of order eight, which holds with the cofactor alone",
       "b15bf26424d1b69dd33b7a9e57db5de4a2aadea4a2a051efd9bfd6af74165d2b"
       "3262f7d98b790d0551ea06097e8addeb3bf072c414cfa53e0edd96481935ec03",
       false},
      {"R the neutral element, for which the equation holds",
       "0100000000000000000000000000000000000000000000000000000000000000"
       "25ce2988066355c0a1222855435f86dc23ad4e60af11a9489665d0e014cbeb05",
       false},
      {"the same R in an encoding that is not canonical",
       "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"
       "6f0f97a82c0620a4afb1522523e718608cc9539549b8172de1912367dfe49704",
       false},
  };
  const SigningKey key = key_of(5);
  for (const auto& one : kCases) {
    INFO(one.what);
    Signature signature;
    REQUIRE(copy_exact(*from_hex(one.signature), signature));
    CHECK(verify_note_bytes(key.verify_key(), as_bytes("what"), signature) == one.counts);
  }
}

TEST_CASE("The first test of RFC 8032 gives its public key and signature") {
  const SigningKey key = SigningKey::from_seed(
      Key(*from_hex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")));
  CHECK(to_hex(key.verify_key().bytes()) ==
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
  CHECK(to_hex(sign_note_bytes(key, {})) ==
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
        "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b");
}

}  // namespace
}  // namespace blo::crypto
