#include "crypto/secret.h"

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <set>

#include "base/hex.h"
#include "crypto/password.h"
#include "crypto/random.h"

namespace blo::crypto {
namespace {

bool all_zero(ByteView bytes) {
  return std::ranges::all_of(bytes, [](Byte byte) { return byte == 0; });
}

TEST_CASE("libsodium starts and refuses mixed-order keys") { CHECK(initialise()); }

TEST_CASE("A slot that is given back is wiped before anyone has it again") {
  Byte* slot = take_secret_slot();
  std::fill_n(slot, kSecretSlotBytes, Byte{0xa5});
  give_secret_slot(slot);
  Byte* again = take_secret_slot();
  REQUIRE(again == slot);  // last in, first out: the test would show nothing otherwise
  CHECK(all_zero({again, kSecretSlotBytes}));
  give_secret_slot(again);
}

TEST_CASE("A secret that ends leaves nothing in its slot") {
  const Byte* place = nullptr;
  {
    Secret<64> secret;
    std::ranges::fill(secret.mutable_view(), Byte{0x5a});
    place = secret.data();
  }
  const Secret<64> next;
  REQUIRE(next.data() == place);
  CHECK(all_zero(next.view()));
}

TEST_CASE("Many secrets at once are apart from each other") {
  std::vector<Key> keys;
  std::set<const Byte*> places;
  for (int i = 0; i < 1000; ++i) {
    keys.push_back(Key(Bytes(32, static_cast<Byte>(i))));
    places.insert(keys.back().data());
  }
  CHECK(places.size() == keys.size());
  bool intact = true;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    intact = intact && keys[i] == Key(Bytes(32, static_cast<Byte>(i)));
  }
  CHECK(intact);
}

TEST_CASE("Memory that the system does not lock is noticed and secrets work all the same") {
  const Key before(Bytes(32, 7));
  REQUIRE(secrets_are_locked());
  const pid_t unprivileged = ::fork();
  REQUIRE(unprivileged >= 0);
  if (unprivileged == 0) {
    const rlimit nothing{0, 0};
    if (::setrlimit(RLIMIT_MEMLOCK, &nothing) != 0) ::_exit(1);
    if (::geteuid() == 0 && ::setuid(65'534) != 0) ::_exit(2);  // root may lock what it likes
    std::vector<Key> keys;
    while (secrets_are_locked() && keys.size() < 10'000) keys.push_back(before.clone());
    if (secrets_are_locked()) ::_exit(3);
    ::_exit(keys.back() == before ? 0 : 4);
  }
  int status = 0;
  REQUIRE(::waitpid(unprivileged, &status, 0) == unprivileged);
  REQUIRE(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 0);
}

TEST_CASE("A moved secret goes along and a cloned one is a second") {
  Key key(Bytes(32, 7));
  Key copy = key.clone();
  CHECK(copy == key);
  CHECK(copy.data() != key.data());
  copy.data()[0] = 8;
  CHECK_FALSE(copy == key);
  const Byte* place = key.data();
  const Key moved = std::move(key);
  CHECK(moved.data() == place);
  CHECK(moved == Key(Bytes(32, 7)));
}

TEST_CASE("Secrets of other sizes are never equal and wiping leaves zeros") {
  CHECK(equal_secret(Bytes{1, 2}, Bytes{1, 2}));
  CHECK_FALSE(equal_secret(Bytes{1, 2}, Bytes{1, 2, 3}));
  CHECK_FALSE(equal_secret(Bytes{1, 2}, Bytes{1, 3}));
  CHECK(equal_secret({}, {}));
  Bytes bytes{1, 2, 3};
  wipe(bytes);
  CHECK(bytes == Bytes{0, 0, 0});
}

TEST_CASE("Random keys do not repeat") {
  std::set<std::array<Byte, 16>> seen;
  for (int i = 0; i < 1000; ++i) seen.insert(random_array<16>());
  CHECK(seen.size() == 1000);
  CHECK_FALSE(random_key() == random_key());
}

TEST_CASE("A passphrase gives the Argon2id key that PyNaCl derives") {
  PasswordSalt salt;
  for (std::size_t i = 0; i < salt.size(); ++i) salt[i] = static_cast<Byte>(i);
  const PasswordCost cost{1, 8ULL * 1024 * 1024};
  const auto key = key_from_password(as_bytes("correct horse"), salt, cost);
  REQUIRE(key.has_value());
  CHECK(to_hex(key->view()) == "68aa6b3e6343f355586e5dd84710fb380cc542b0a47fa8a06ad81318fa48e3b3");
  CHECK_FALSE(*key_from_password(as_bytes("correct Horse"), salt, cost) == *key);
}

TEST_CASE("A passphrase cost out of range is refused before any work") {
  const PasswordSalt salt{};
  const auto tried = [&](std::uint64_t passes, std::uint64_t memory_bytes) {
    return key_from_password(as_bytes("p"), salt, {passes, memory_bytes}).has_value();
  };
  constexpr std::uint64_t kMiB = 1024 * 1024;
  CHECK_FALSE(tried(0, 8 * kMiB));
  CHECK_FALSE(tried(13, 8 * kMiB));
  CHECK_FALSE(tried(UINT64_MAX, 8 * kMiB));
  CHECK_FALSE(tried(1, 8 * kMiB - 1));
  CHECK_FALSE(tried(1, 1024 * kMiB + 1));
  CHECK_FALSE(tried(1, UINT64_MAX));
}

}  // namespace
}  // namespace blo::crypto
