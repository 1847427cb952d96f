// Every example in docs/format/identity.md, pairing.md and keyfile.md, derived anew.
#include <catch2/catch.hpp>

#include "base/file.h"
#include "base/hex.h"
#include "crypto/password.h"
#include "identity/revocation.h"
#include "world.h"

namespace blo::identity::test {
namespace {

/// One page, and the fenced blocks that stand after "<!-- example: name -->".
class Page {
 public:
  explicit Page(const char* name) {
    const auto bytes = read_file(std::string(BLO_DOCS "/format/") + name, 1 << 20);
    REQUIRE(bytes.has_value());
    text_ = blo::to_string(ByteView(*bytes));
  }
  [[nodiscard]] std::string example(const std::string& name) const {
    INFO(name);
    const auto mark = text_.find("<!-- example: " + name + " -->\n\n```\n");
    REQUIRE(mark != text_.npos);
    const auto begin = text_.find("```\n", mark) + 4;
    const auto end = text_.find("```\n", begin);
    REQUIRE(end != text_.npos);
    return text_.substr(begin, end - begin);
  }
  /// How many examples the page has, so that none goes unchecked.
  [[nodiscard]] std::size_t count() const {
    std::size_t found = 0;
    for (auto at = text_.find("<!-- example: "); at != text_.npos;
         at = text_.find("<!-- example: ", at + 1)) {
      ++found;
    }
    return found;
  }

 private:
  std::string text_;
};

std::string hex_lines(ByteView bytes) {
  const std::string hex = to_hex(bytes);
  std::string lines;
  for (std::size_t at = 0; at < hex.size(); at += 64) lines += hex.substr(at, 64) + "\n";
  return lines;
}

/// The details inside `{ details, signature }`, found by its length.
ByteView details_of(ByteView certificate) {
  constexpr std::size_t kSignatureFieldBytes = 2 + 64;
  constexpr std::size_t kHeaderBytes = 3;  // tag, two bytes of length: 128 to 16383 bytes
  REQUIRE(certificate.size() > kHeaderBytes + kSignatureFieldBytes + 127);
  return certificate.subspan(kHeaderBytes,
                             certificate.size() - kHeaderBytes - kSignatureFieldBytes);
}

}  // namespace

TEST_CASE("the examples of identity.md are right") {
  const Page page("identity.md");
  const Side side = uz();
  CHECK(page.count() == 15);
  CHECK(page.example("authority-certificate") == hex_lines(side.authority.bytes()));
  CHECK(page.example("authority-fingerprint") == hex_lines(side.authority.fingerprint()));
  const auto details = from_hex([&] {
    std::string hex = page.example("authority-details");
    std::erase(hex, '\n');
    return hex;
  }());
  REQUIRE(details.has_value());
  CHECK(crypto::sha256(*details) == side.authority.fingerprint());
  CHECK(page.example("office-certificate") == hex_lines(side.office.bytes()));
  CHECK(page.example("office-fingerprint") == hex_lines(side.office.fingerprint()));
  CHECK(page.example("office-spoken") == spoken(side.office.fingerprint()) + "\n");
  CHECK(page.example("officer-certificate") == hex_lines(side.officer.bytes()));
  CHECK(page.example("officer-pem") == side.officer.pem());
  CHECK(page.example("journal-certificate") == hex_lines(side.journal.bytes()));
  CHECK(crypto::sha256(details_of(side.office.bytes())) == side.office.fingerprint());

  CertificateRequest request{CertificateKind::kOfficer, kNet, "UZ-OYBEK", {}, {}, {}, {}};
  request.keys = side.officer.details().keys;
  request.name = {"Dilshod Karimov", "Customs"};
  request.name_salt = crypto::sha256(as_bytes("UZ-OYBEK salt"));
  const Bytes bytes = request.sign(signing_key("UZ-OYBEK officer"));
  CHECK(page.example("officer-request") == hex_lines(bytes));
  CHECK(page.example("request-fingerprint") ==
        hex_lines(CertificateRequest::parse(bytes)->fingerprint));
  CHECK(page.example("officer-name") == hex_lines(request.name.encode()));
  CHECK(page.example("name-commitment") ==
        hex_lines(commit_to_name(request.name_salt, request.name.encode())));
}

TEST_CASE("the examples of revocations are right and hold") {
  const Page page("identity.md");
  const Side side = uz();
  RevocationDetails details;
  details.kind = CertificateKind::kOfficer;
  details.network = kNet;
  details.subject = "UZ-OYBEK";
  details.statement = 2;
  details.person = 7;
  details.reason = RevocationReason::kLeft;
  details.time = kDay;
  details.issuer = side.office.fingerprint();
  const auto officer = Revocation::issue(details, signing_key("UZ-OYBEK identity"));
  CHECK(page.example("officer-revocation") == hex_lines(officer.bytes()));
  CHECK(check_revocation(side.office, officer).has_value());
  details.kind = CertificateKind::kOffice;
  details.statement = 3;
  details.person = 0;
  details.reason = RevocationReason::kKeyStolen;
  details.issuer = side.authority.fingerprint();
  const auto office = Revocation::issue(details, signing_key("UZ authority"));
  CHECK(page.example("office-revocation") == hex_lines(office.bytes()));
  CHECK(check_revocation(side.authority, office).has_value());
  // Neither counts under another key, of another kind, or changed.
  CHECK_FALSE(check_revocation(side.authority, officer).has_value());
  CHECK_FALSE(check_revocation(tj().authority, office).has_value());
  const auto forged = Revocation::issue(details, signing_key("TJ authority"));
  CHECK(check_revocation(side.authority, forged).error() == IdentityError::kBadSignature);
  CHECK(Revocation::parse_pem(office.pem())->bytes() == office.bytes());
  Bytes longer = office.bytes();
  longer.push_back(0);
  CHECK_FALSE(Revocation::parse(longer).has_value());
}

TEST_CASE("the examples of pairing.md are right") {
  const Page page("pairing.md");
  const auto ours = uz().file();
  const auto theirs = tj().file();
  CHECK(page.count() == 8);
  auto offer_again = tj().offer();
  offer_again.your_journal = uz().journal;
  const auto again = make_pairing_file(offer_again, tj().identity());
  CHECK(page.example("pairing-file-again") == hex_lines(again.bytes));
  CHECK(page.example("pairing-file") == hex_lines(ours.bytes));
  CHECK(page.example("pairing-file-hashes") ==
        "TJ-FOTEHOBOD " + to_hex(crypto::sha256(theirs.bytes)) + "\nUZ-OYBEK     " +
            to_hex(crypto::sha256(ours.bytes)) + "\n");
  CHECK(page.example("x25519") ==
        hex_lines(crypto::dh(uz().one_time(), tj().one_time().public_key)->view()));
  const auto secret = pairing_secret(ours, uz().one_time(), theirs);
  REQUIRE(secret.has_value());
  CHECK(page.example("pairing-secret") == hex_lines(secret->view()));
  CHECK(page.example("noise-psk") == hex_lines(noise_psk(*secret).view()));
  std::array<Byte, 32> offer;
  std::array<Byte, 32> answer;
  offer.fill(1);
  answer.fill(2);
  CHECK(page.example("next-pairing-secret") ==
        hex_lines(next_pairing_secret(*secret, 2, offer, answer, ours, theirs).view()));
  CHECK(next_pairing_secret(*secret, 2, offer, answer, theirs, ours) ==
        next_pairing_secret(*secret, 2, offer, answer, ours, theirs));
  CHECK(page.example("pairing-digits") == pairing_digits(ours, theirs) + "\n");
}

TEST_CASE("the examples of keyfile.md are right") {
  const Page page("keyfile.md");
  CHECK(page.count() == 5);
  const auto office = office_ring("UZ-OYBEK");
  const auto plain = encode_key_file(office, std::nullopt);
  REQUIRE(plain.has_value());
  CHECK(page.example("plain-key-file") == *plain);
  CHECK(to_hex(*from_pem(kKeyLabel, *plain)).ends_with([&] {
    std::string hex = page.example("office-seeds");
    std::erase(hex, '\n');
    return hex;
  }()));

  const ByteView passphrase = as_bytes("correct horse battery staple");
  const auto opened = parse_key_file(page.example("sealed-key-file"), passphrase);
  REQUIRE(opened.has_value());
  CHECK(opened->subject == "UZ-OYBEK");
  CHECK(opened->network == kNet);
  REQUIRE(opened->seeds.size() == 1);
  CHECK(opened->seeds.at(static_cast<int>(KeyUse::kOfficer)) == seed("UZ-OYBEK officer"));

  crypto::PasswordSalt salt;
  std::ranges::copy(ByteView(crypto::sha256(as_bytes("UZ-OYBEK key salt"))).first(16),
                    salt.begin());
  const auto key = crypto::key_from_password(passphrase, salt, {1, 8'388'608});
  REQUIRE(key.has_value());
  CHECK(page.example("passphrase-key") == hex_lines(key->view()));
  std::string bound("blo/key-file/v1\0UZ-OYBEK\0\2", 26);
  CHECK(page.example("key-file-associated-data") == hex_lines(as_bytes(bound)));
}

}  // namespace blo::identity::test
