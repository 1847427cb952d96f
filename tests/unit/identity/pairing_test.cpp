#include "identity/pairing.h"

#include <catch2/catch.hpp>

#include "raw.h"
#include "world.h"

namespace blo::identity::test {
namespace {

/// PairingDetails by hand, signed with the office's identity key.
struct RawFile {
  std::uint64_t version = 1;
  std::uint64_t network = 2;
  Bytes authority = uz().authority.bytes();
  Bytes office = uz().office.bytes();
  Bytes journal = uz().journal.bytes();
  std::string counterpart = "TJ-FOTEHOBOD";
  Bytes one_time_key = to_bytes(uz().one_time().public_key);
  Bytes random = Bytes(32, 0x44);
  std::vector<std::string> addresses;
  std::string legal_basis = "an agreement";
  Bytes your_journal;
  Bytes tail;
  std::string signer = "UZ-OYBEK identity";
  crypto::Purpose purpose = crypto::Purpose::kPairing;

  [[nodiscard]] Result<PairingFile> parse(WallTime time = kDay) const {
    Raw raw;
    if (version != 0) raw.varint(1, version);
    if (network != 0) raw.varint(2, network);
    raw.bytes(3, authority).bytes(4, office).bytes(5, journal).text(6, counterpart);
    if (!one_time_key.empty()) raw.bytes(7, one_time_key);
    if (!random.empty()) raw.bytes(8, random);
    for (const auto& address : addresses) raw.text(9, address);
    if (!legal_basis.empty()) raw.text(10, legal_basis);
    if (!your_journal.empty()) raw.bytes(11, your_journal);
    Bytes details = raw.done();
    append(details, tail);
    return PairingFile::parse(sign_raw_details(purpose, signing_key(signer), details), time);
  }
};

void check_refused(void (*mutate)(RawFile&), IdentityError error) {
  RawFile raw;
  REQUIRE(raw.parse().has_value());
  mutate(raw);
  const auto parsed = raw.parse();
  REQUIRE(parsed.has_error());
  CHECK(parsed.error() == error);
}

Certificate journal_for(const Origin& origin) {
  return Certificate::issue(journal_details(origin, uz().office), uz().identity());
}

}  // namespace

TEST_CASE("a pairing file comes back from its bytes as it was made") {
  const auto ours = uz().file();
  const auto parsed = PairingFile::parse(ours.bytes, kDay);
  REQUIRE(parsed.has_value());
  CHECK(parsed->bytes == ours.bytes);
  CHECK(parsed->network == kNet);
  CHECK(parsed->from.text() == "UZ-OYBEK");
  CHECK(parsed->to.text() == "TJ-FOTEHOBOD");
  CHECK(parsed->office.fingerprint() == uz().office.fingerprint());
  CHECK(parsed->journal.fingerprint() == uz().journal.fingerprint());
  CHECK(parsed->one_time_key == uz().one_time().public_key);
  CHECK(parsed->random == uz().offer().random);
  CHECK(parsed->addresses == uz().offer().addresses);
}

TEST_CASE("both sides agree on one secret and one string of digits") {
  const auto ours = uz().file();
  const auto theirs = tj().file();
  REQUIRE(check_pair(ours, theirs).has_value());
  REQUIRE(check_pair(theirs, ours).has_value());
  const auto secret = pairing_secret(ours, uz().one_time(), theirs);
  const auto same = pairing_secret(theirs, tj().one_time(), ours);
  REQUIRE(secret.has_value());
  REQUIRE(same.has_value());
  CHECK(*secret == *same);
  CHECK(noise_psk(*secret) == noise_psk(*same));
  CHECK_FALSE(noise_psk(*secret) == *secret);
  const std::string digits = pairing_digits(ours, theirs);
  CHECK(digits == pairing_digits(theirs, ours));
  CHECK(digits.size() == 12 * 5 + 11);
  for (std::size_t i = 0; i < digits.size(); ++i) {
    CHECK((i % 6 == 5 ? digits[i] == ' ' : digits[i] >= '0' && digits[i] <= '9'));
  }
}

TEST_CASE("a file changed on the way changes the secret and the digits") {
  const auto ours = uz().file();
  const auto theirs = tj().file();
  auto offer = tj().offer();
  offer.random[0] ^= 1;
  const auto other = make_pairing_file(offer, tj().identity());
  CHECK(pairing_digits(ours, theirs) != pairing_digits(ours, other));
  CHECK_FALSE(*pairing_secret(ours, uz().one_time(), theirs) ==
              *pairing_secret(ours, uz().one_time(), other));
  offer = tj().offer();
  offer.addresses = {};
  const auto elsewhere = make_pairing_file(offer, tj().identity());
  CHECK(pairing_digits(ours, theirs) != pairing_digits(ours, elsewhere));
  CHECK_FALSE(*pairing_secret(ours, uz().one_time(), theirs) ==
              *pairing_secret(ours, uz().one_time(), elsewhere));
}

TEST_CASE("a file to pair again names the other office's first journal") {
  const auto again = [](const Side& side, const Certificate& yours) {
    auto offer = side.offer();
    offer.your_journal = yours;
    return make_pairing_file(offer, side.identity());
  };
  const auto ours = again(uz(), tj().journal);
  const auto theirs = again(tj(), uz().journal);
  const auto parsed = PairingFile::parse(ours.bytes, kDay);
  REQUIRE(parsed.has_value());
  REQUIRE(parsed->your_journal.has_value());
  CHECK(parsed->your_journal->bytes() == tj().journal.bytes());
  CHECK(check_pair(ours, theirs).has_value());
  CHECK(pairing_digits(ours, theirs) != pairing_digits(uz().file(), tj().file()));
  // A first file and one to pair again with never make a pair, whichever is whose.
  CHECK(check_pair(ours, tj().file()).error() == IdentityError::kWrongSubject);
  CHECK(check_pair(uz().file(), theirs).error() == IdentityError::kWrongSubject);
  // Nor do two that differ about a first journal.
  auto details = uz().journal.details();
  details.statement += 1;
  const auto another = Certificate::issue(details, uz().identity());
  CHECK(check_pair(ours, again(tj(), another)).error() == IdentityError::kWrongSubject);
  CHECK(check_pair(again(tj(), another), ours).error() == IdentityError::kWrongSubject);
}

TEST_CASE("the other office's journal in a file to pair again is its first to this one") {
  const OfficeId from = office_id("UZ-OYBEK");
  const OfficeId to = office_id("TJ-FOTEHOBOD");
  const auto parse = [](const Bytes& yours) {
    RawFile raw;
    raw.your_journal = yours;
    return raw.parse();
  };
  CHECK(parse(tj().journal.bytes()).has_value());
  CHECK(parse(uz().journal.bytes()).error() == IdentityError::kMalformed);
  CHECK(parse(journal_for({kNet, to, from, 2}).bytes()).error() == IdentityError::kMalformed);
  CHECK(parse(journal_for({Network::kLive, to, from, 1}).bytes()).error() ==
        IdentityError::kMalformed);
  CHECK(parse(tj().office.bytes()).error() == IdentityError::kMalformed);
  CHECK(parse(Bytes(20, 1)).has_error());
}

TEST_CASE("our own file is not taken for the counterpart's") {
  CHECK(check_pair(uz().file(), uz().file()).error() == IdentityError::kOwnFile);
  auto offer = tj().offer();
  offer.one_time_key = uz().one_time().public_key;
  CHECK(check_pair(uz().file(), make_pairing_file(offer, tj().identity())).error() ==
        IdentityError::kOwnFile);
}

TEST_CASE("a file made for another office or naming another is refused") {
  const Side elsewhere{"TJ-FOTEHOBOD", "UZ-DUSTLIK"};
  CHECK(check_pair(uz().file(), elsewhere.file()).error() == IdentityError::kWrongSubject);
  const Side stranger{"TJ-SARVAK", "UZ-OYBEK"};
  CHECK(check_pair(uz().file(), stranger.file()).error() == IdentityError::kWrongSubject);
  CHECK(pairing_secret(uz().file(), uz().one_time(), stranger.file()).error() ==
        IdentityError::kWrongSubject);
}

TEST_CASE("files of two networks make no pair") {
  auto theirs = tj().file();
  theirs.network = Network::kLive;
  CHECK(check_pair(uz().file(), theirs).error() == IdentityError::kWrongNetwork);
}

TEST_CASE("a low-order one-time key gives no secret") {
  auto offer = tj().offer();
  for (const Byte low : {Byte{0}, Byte{1}}) {
    offer.one_time_key = {};
    offer.one_time_key[0] = low;
    const auto theirs = make_pairing_file(offer, tj().identity());
    CHECK(pairing_secret(uz().file(), uz().one_time(), theirs).error() ==
          IdentityError::kAgreement);
  }
}

TEST_CASE("a one-time key that our file does not offer gives no secret") {
  CHECK(pairing_secret(uz().file(), tj().one_time(), tj().file()).error() ==
        IdentityError::kAgreement);
}

TEST_CASE("a pairing file not signed by the office for pairing is refused") {
  check_refused([](RawFile& raw) { raw.signer = "UZ authority"; }, IdentityError::kBadSignature);
  check_refused([](RawFile& raw) { raw.signer = "UZ-OYBEK receipt"; },
                IdentityError::kBadSignature);
  check_refused([](RawFile& raw) { raw.purpose = crypto::Purpose::kCertificate; },
                IdentityError::kBadSignature);
}

TEST_CASE("a pairing file out of form is malformed") {
  for (const auto mutate : std::initializer_list<void (*)(RawFile&)>{
           [](RawFile& raw) { raw.version = 0; },
           [](RawFile& raw) { raw.version = 2; },
           [](RawFile& raw) { raw.network = 0; },
           [](RawFile& raw) { raw.network = 7; },
           [](RawFile& raw) { raw.authority.pop_back(); },
           [](RawFile& raw) { raw.office = Bytes(5000); },
           [](RawFile& raw) { raw.journal.push_back(0); },
           [](RawFile& raw) { raw.counterpart = "TJ"; },
           [](RawFile& raw) { raw.counterpart = "UZ-OYBEK"; },
           [](RawFile& raw) { raw.one_time_key.pop_back(); },
           [](RawFile& raw) { raw.one_time_key = {}; },
           [](RawFile& raw) { raw.random.push_back(1); },
           [](RawFile& raw) { raw.tail = {0}; },
           [](RawFile& raw) { raw.tail = Raw().varint(11, 1).done(); },
           [](RawFile& raw) { raw.tail = Raw().bytes(11, Bytes(70'000)).done(); },
           [](RawFile& raw) { raw.legal_basis = ""; },
           [](RawFile& raw) { raw.legal_basis = std::string(501, 'x'); },
           [](RawFile& raw) { raw.legal_basis = "two\nlines"; },
           [](RawFile& raw) { raw.legal_basis = "not UTF-8 \xff"; },
           [](RawFile& raw) { raw.addresses.assign(9, "a:1"); },
           [](RawFile& raw) { raw.addresses = {"nowhere"}; }}) {
    check_refused(mutate, IdentityError::kMalformed);
  }
  Bytes bytes = uz().file().bytes;
  bytes.push_back(0);
  CHECK(PairingFile::parse(bytes, kDay).error() == IdentityError::kMalformed);
}

TEST_CASE("a pairing file with a broken chain is refused") {
  check_refused([](RawFile& raw) { raw.authority = tj().authority.bytes(); },
                IdentityError::kWrongIssuer);
  check_refused([](RawFile& raw) { raw.authority = raw.office; }, IdentityError::kWrongKind);
  check_refused(
      [](RawFile& raw) { raw.office = Side("UZ-DUSTLIK", "TJ-FOTEHOBOD").office.bytes(); },
      IdentityError::kWrongIssuer);
  check_refused([](RawFile& raw) { raw.journal = tj().journal.bytes(); },
                IdentityError::kWrongIssuer);
  check_refused([](RawFile& raw) { raw.journal = raw.office; }, IdentityError::kWrongKind);
  check_refused([](RawFile& raw) { raw.network = 1; }, IdentityError::kWrongNetwork);
}

TEST_CASE("the journal of a pairing file is the first to that counterpart") {
  check_refused([](RawFile& raw) { raw.counterpart = "TJ-SARVAK"; }, IdentityError::kWrongSubject);
  check_refused(
      [](RawFile& raw) {
        raw.journal = journal_for({kNet, uz().id, uz().counterpart, 2}).bytes();
      },
      IdentityError::kWrongSubject);
  check_refused(
      [](RawFile& raw) {
        raw.journal = journal_for({kNet, office_id("UZ-DUSTLIK"), uz().counterpart, 1}).bytes();
      },
      IdentityError::kWrongSubject);
}

TEST_CASE("a pairing file counts only while all its certificates are valid") {
  CHECK(RawFile().parse(kStart).has_value());
  CHECK(RawFile().parse(kOfficeEnd).has_value());
  CHECK(RawFile().parse(kStart - milliseconds(1)).error() == IdentityError::kNotYetValid);
  CHECK(RawFile().parse(kOfficeEnd + milliseconds(1)).error() == IdentityError::kExpired);
  RawFile raw;
  auto details = uz().journal.details();
  details.not_after = kOfficerEnd;
  raw.journal = Certificate::issue(details, uz().identity()).bytes();
  CHECK(raw.parse(kOfficerEnd).has_value());
  CHECK(raw.parse(kOfficerEnd + milliseconds(1)).error() == IdentityError::kExpired);
}

TEST_CASE("addresses are a host or a bracketed IPv6 address and a port") {
  for (const char* good : {"a:1", "blo.example:65535", "192.0.2.7:4470", "[::1]:4470",
                           "[2001:db8::7]:1", "[::ffff:192.0.2.7]:22", "A-b.c:80"}) {
    INFO(good);
    CHECK(is_address(good));
  }
  for (const char* bad : {"",        ":",         "a",     "a:",    ":1",           "a:0",
                          "a:65536", "a:01",      "a:+1",  "a: 1",  "a b:1",        "::1:4470",
                          "[::1]",   "[::1]4470", "[]:1",  "[a]:1", "[::1%eth0]:1", "[::1:1",
                          "-a:1",    ".a:1",      "a/b:1", "a@b:1", "a\n:1",        "\xd0\xb0:1"}) {
    INFO(bad);
    CHECK_FALSE(is_address(bad));
  }
  CHECK(is_address(std::string(251, 'a') + ":443"));
  CHECK_FALSE(is_address(std::string(252, 'a') + ":443"));
  CHECK_FALSE(is_address(std::string_view("[::1\0x]:1", 9)));
}

}  // namespace blo::identity::test
