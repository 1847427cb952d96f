#include "identity/keyfile.h"

#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include "base/file.h"
#include "crypto/aead.h"
#include "crypto/password.h"
#include "raw.h"
#include "world.h"

namespace blo::identity::test {
namespace {

/// A folder of its own that goes when the test ends.
class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "blo-keys-XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  [[nodiscard]] std::filesystem::path at(const char* name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

ByteView passphrase() { return as_bytes("correct horse battery staple"); }

void check_same(const KeyRing& a, const KeyRing& b) {
  CHECK(a.subject == b.subject);
  CHECK(a.network == b.network);
  REQUIRE(a.seeds.size() == b.seeds.size());
  for (const auto& [use, seed_of_use] : a.seeds) {
    REQUIRE(b.seeds.count(use) == 1);
    CHECK(b.seeds.at(use) == seed_of_use);
  }
}

Bytes one_seed(std::uint64_t use, std::size_t size = 32) {
  Raw raw;
  if (use != 0) raw.varint(1, use);
  return raw.bytes(2, Bytes(size, static_cast<Byte>(use + 1))).done();
}

Bytes seeds_of(std::initializer_list<std::uint64_t> uses) {
  Raw raw;
  for (const auto use : uses) raw.bytes(1, one_seed(use));
  return raw.done();
}

Result<KeyRing> parse_plain(std::string_view subject, ByteView seeds, std::uint64_t network = 2) {
  const Bytes bytes = Raw().varint(1, 1).text(2, subject).varint(3, network).bytes(4, seeds).done();
  return parse_key_file(to_pem(kKeyLabel, bytes), std::nullopt);
}

/// A sealed officer's key at the least cost a file may ask for, sealed by hand.
struct RawSealed {
  std::uint64_t passes = 1;
  std::uint64_t memory_bytes = 8 * 1024 * 1024;
  std::string subject = "UZ-OYBEK";
  std::string bound_subject = "UZ-OYBEK";
  Bytes seeds = seeds_of({6});
  Bytes salt = Bytes(16, 0x01);
  Bytes nonce = Bytes(24, 0x02);

  [[nodiscard]] std::string pem() const {
    crypto::PasswordSalt exact_salt{};
    crypto::XNonce exact_nonce{};
    std::copy_n(salt.begin(), std::min(salt.size(), exact_salt.size()), exact_salt.begin());
    std::copy_n(nonce.begin(), std::min(nonce.size(), exact_nonce.size()), exact_nonce.begin());
    const auto key = crypto::key_from_password(passphrase(), exact_salt, {1, 8 * 1024 * 1024});
    REQUIRE(key.has_value());
    Bytes bound = to_bytes(std::string_view("blo/key-file/v1\0", 16));
    append(bound, bound_subject);
    bound.push_back(0);
    bound.push_back(2);
    const Bytes box = crypto::seal_xchacha(*key, exact_nonce, bound, seeds);
    const Bytes sealed = Raw()
                             .varint(1, passes)
                             .varint(2, memory_bytes)
                             .bytes(3, salt)
                             .bytes(4, nonce)
                             .bytes(5, box)
                             .done();
    return to_pem(kKeyLabel,
                  Raw().varint(1, 1).text(2, subject).varint(3, 2).bytes(5, sealed).done());
  }
};

}  // namespace

TEST_CASE("a plain key file gives its keys back") {
  const auto ring = make_office_keys(office_id("UZ-OYBEK"), Network::kLive);
  CHECK(ring.seeds.size() == 5);
  const auto pem = encode_key_file(ring, std::nullopt);
  REQUIRE(pem.has_value());
  const auto back = parse_key_file(*pem, std::nullopt);
  REQUIRE(back.has_value());
  check_same(ring, *back);
}

TEST_CASE("every holder's keys survive a key file") {
  const auto authority = make_authority_keys("UZ", kNet);
  check_same(authority, *parse_key_file(*encode_key_file(authority, std::nullopt), std::nullopt));
  const auto officer = make_officer_key(office_id("UZ-OYBEK"), kNet);
  check_same(officer, *parse_key_file(*encode_key_file(officer, std::nullopt), std::nullopt));
}

TEST_CASE("a sealed key file opens with its passphrase alone") {
  const auto ring = make_officer_key(office_id("UZ-OYBEK"), kNet);
  const auto pem = encode_key_file(ring, passphrase());
  REQUIRE(pem.has_value());
  const auto back = parse_key_file(*pem, passphrase());
  REQUIRE(back.has_value());
  check_same(ring, *back);
  CHECK(parse_key_file(*pem, std::nullopt).error() == IdentityError::kPassphraseNeeded);
}

TEST_CASE("a wrong passphrase opens nothing") {
  const std::string pem = RawSealed().pem();
  REQUIRE(parse_key_file(pem, passphrase()).has_value());
  CHECK(parse_key_file(pem, as_bytes("correct horse battery stapl")).error() ==
        IdentityError::kWrongPassphrase);
  CHECK(parse_key_file(pem, ByteView()).error() == IdentityError::kWrongPassphrase);
}

TEST_CASE("an empty passphrase seals nothing") {
  const auto ring = make_officer_key(office_id("UZ-OYBEK"), kNet);
  CHECK(encode_key_file(ring, ByteView()).error() == IdentityError::kPassphraseNeeded);
}

TEST_CASE("a sealed key file opens under its own name alone") {
  RawSealed raw;
  raw.subject = "UZ-DUSTLIK";
  CHECK(parse_key_file(raw.pem(), passphrase()).error() == IdentityError::kWrongPassphrase);
}

TEST_CASE("a sealed key file asks for no more work than is sane") {
  for (const auto mutate : std::initializer_list<void (*)(RawSealed&)>{
           [](RawSealed& raw) { raw.passes = 13; }, [](RawSealed& raw) { raw.passes = UINT64_MAX; },
           [](RawSealed& raw) { raw.memory_bytes = 8 * 1024 * 1024 - 1; },
           [](RawSealed& raw) { raw.memory_bytes = 1024ULL * 1024 * 1024 + 1; },
           [](RawSealed& raw) { raw.memory_bytes = UINT64_MAX; },
           [](RawSealed& raw) { raw.salt.pop_back(); },
           [](RawSealed& raw) { raw.nonce.push_back(0); }}) {
    RawSealed raw;
    mutate(raw);
    CHECK(parse_key_file(raw.pem(), passphrase()).error() == IdentityError::kMalformed);
  }
}

TEST_CASE("what is sealed is judged as strictly as what is plain") {
  RawSealed raw;
  raw.seeds = seeds_of({2, 6});
  CHECK(parse_key_file(raw.pem(), passphrase()).error() == IdentityError::kMalformed);
}

TEST_CASE("a key file holds exactly the seeds of one kind of holder") {
  CHECK(parse_plain("UZ", seeds_of({1})).has_value());
  CHECK(parse_plain("UZ-OYBEK", seeds_of({0, 2, 3, 4, 5})).has_value());
  CHECK(parse_plain("UZ-OYBEK", seeds_of({6})).has_value());
  using Uses = std::initializer_list<std::uint64_t>;
  for (const Uses uses :
       {Uses{}, Uses{0}, Uses{1}, Uses{2, 3, 4, 5}, Uses{0, 2, 3, 4}, Uses{0, 2, 3, 4, 5, 6},
        Uses{0, 2, 3, 5, 4}, Uses{6, 6}, Uses{7}, Uses{8}, Uses{5, 4, 3, 2, 0}}) {
    const auto parsed = parse_plain("UZ-OYBEK", seeds_of(uses));
    REQUIRE(parsed.has_error());
    CHECK(parsed.error() == IdentityError::kMalformed);
  }
  CHECK(parse_plain("UZ", seeds_of({6})).error() == IdentityError::kMalformed);
  CHECK(parse_plain("UZ-OYBEK", seeds_of({1})).error() == IdentityError::kMalformed);
  CHECK(parse_plain("exercise/UZ-OYBEK/TJ-FOTEHOBOD/3", seeds_of({7})).error() ==
        IdentityError::kMalformed);
  CHECK(parse_plain("UZ-OYBEK", seeds_of({6}), 3).error() == IdentityError::kMalformed);
}

TEST_CASE("a key file out of form is malformed") {
  CHECK(parse_plain("UZ-OYBEK", Raw().bytes(1, one_seed(6, 31)).done()).error() ==
        IdentityError::kMalformed);
  CHECK(parse_plain("UZ-OYBEK", Raw().bytes(1, one_seed(6, 33)).done()).error() ==
        IdentityError::kMalformed);
  Bytes tail = seeds_of({6});
  tail.push_back(0);
  CHECK(parse_plain("UZ-OYBEK", tail).error() == IdentityError::kMalformed);
  const Bytes unprotected = Raw().varint(1, 1).text(2, "UZ-OYBEK").varint(3, 2).done();
  CHECK(parse_key_file(to_pem(kKeyLabel, unprotected), std::nullopt).error() ==
        IdentityError::kMalformed);
  const Bytes version_2 =
      Raw().varint(1, 2).text(2, "UZ-OYBEK").varint(3, 2).bytes(4, seeds_of({6})).done();
  CHECK(parse_key_file(to_pem(kKeyLabel, version_2), std::nullopt).error() ==
        IdentityError::kMalformed);
  CHECK(parse_key_file("", std::nullopt).error() == IdentityError::kMalformed);
}

TEST_CASE("a saved key file is its user's alone and never overwritten") {
  const Folder folder;
  const auto path = folder.at("office.key");
  const auto ring = make_office_keys(office_id("UZ-OYBEK"), kNet);
  REQUIRE(save_key_file(path, ring, std::nullopt).has_value());
  struct stat info {};
  REQUIRE(::stat(path.c_str(), &info) == 0);
  CHECK((info.st_mode & 0777U) == 0600U);
  check_same(ring, *load_key_file(path, std::nullopt));
  CHECK(save_key_file(path, make_office_keys(office_id("UZ-OYBEK"), kNet), std::nullopt).error() ==
        FileError::kExists);
  check_same(ring, *load_key_file(path, std::nullopt));
}

TEST_CASE("whether a passphrase will be asked for is known before") {
  const Folder folder;
  REQUIRE(write_file(folder.at("sealed"), as_bytes(RawSealed().pem()), 0600, Overwrite::kNo)
              .has_value());
  REQUIRE(
      save_key_file(folder.at("plain"), make_officer_key(office_id("UZ-OYBEK"), kNet), std::nullopt)
          .has_value());
  CHECK(key_file_is_sealed(folder.at("sealed")).value());
  CHECK_FALSE(key_file_is_sealed(folder.at("plain")).value());
  CHECK(key_file_is_sealed(folder.at("missing")).error() == FileError::kNotFound);
  CHECK(load_key_file(folder.at("sealed"), passphrase()).has_value());
}

TEST_CASE("a key file that group or others may touch is refused") {
  const Folder folder;
  const auto path = folder.at("key");
  REQUIRE(
      save_key_file(path, make_officer_key(office_id("UZ-OYBEK"), kNet), std::nullopt).has_value());
  for (const unsigned mode : {0640U, 0620U, 0610U, 0604U, 0602U, 0601U, 0644U, 0666U}) {
    REQUIRE(::chmod(path.c_str(), mode) == 0);
    CHECK(load_key_file(path, std::nullopt).error() == IdentityError::kPermissions);
    CHECK(key_file_is_sealed(path).error() == IdentityError::kPermissions);
  }
  REQUIRE(::chmod(path.c_str(), 0400) == 0);
  CHECK(load_key_file(path, std::nullopt).has_value());
}

TEST_CASE("a key file that is a symlink or no regular file is refused") {
  const Folder folder;
  REQUIRE(
      save_key_file(folder.at("key"), make_officer_key(office_id("UZ-OYBEK"), kNet), std::nullopt)
          .has_value());
  REQUIRE(::symlink("key", folder.at("link").c_str()) == 0);
  CHECK(load_key_file(folder.at("link"), std::nullopt).error() == IdentityError::kPermissions);
  REQUIRE(::mkfifo(folder.at("fifo").c_str(), 0600) == 0);
  CHECK(load_key_file(folder.at("fifo"), std::nullopt).error() == IdentityError::kPermissions);
  CHECK(load_key_file(folder.at(""), std::nullopt).error() == IdentityError::kPermissions);
}

TEST_CASE("a key file of another user is refused") {
  if (::geteuid() != 0) {
    WARN("only root can make another user's file: not tested here");
    return;
  }
  const Folder folder;
  const auto path = folder.at("key");
  REQUIRE(
      save_key_file(path, make_officer_key(office_id("UZ-OYBEK"), kNet), std::nullopt).has_value());
  REQUIRE(::chown(path.c_str(), 12'345, 12'345) == 0);
  CHECK(load_key_file(path, std::nullopt).error() == IdentityError::kPermissions);
}

TEST_CASE("a file larger than any key file is not read") {
  const Folder folder;
  REQUIRE(write_file(folder.at("key"), Bytes(70'000), 0600, Overwrite::kNo).has_value());
  CHECK(load_key_file(folder.at("key"), std::nullopt).error() == FileError::kTooLarge);
  REQUIRE(write_file(folder.at("empty"), {}, 0600, Overwrite::kNo).has_value());
  CHECK(load_key_file(folder.at("empty"), std::nullopt).error() == IdentityError::kMalformed);
}

TEST_CASE("a ring's public keys are those its seeds make") {
  const auto ring = office_ring("UZ-OYBEK");
  const auto keys = ring.public_keys();
  REQUIRE(keys.size() == 4);
  CHECK(keys[0].use == KeyUse::kIdentity);
  CHECK(keys[0].key == signing_key("UZ-OYBEK identity").verify_key().bytes());
  CHECK(keys[2].use == KeyUse::kTransport);
  CHECK(keys[2].key == ring.dh_key(KeyUse::kTransport).public_key);
  CHECK(ring.store_key() == seed("UZ-OYBEK store"));
}

TEST_CASE("keys are made new each time") {
  CHECK_FALSE(make_officer_key(office_id("UZ-OYBEK"), kNet).seeds.at(6) ==
              make_officer_key(office_id("UZ-OYBEK"), kNet).seeds.at(6));
}

}  // namespace blo::identity::test
