#include <map>

#include "../page.h"
#include "backup/parts.h"
#include "backup/stream.h"
#include "identity/pem.h"

namespace blo::backup {
namespace {

using test::counting;
using test::hex_lines;

const WallTime kTime = *parse_rfc3339("2026-11-22T08:00:00Z");

crypto::DhKeyPair key(Byte first) {
  return crypto::DhKeyPair::from_secret(crypto::Key(ByteView(counting(first, 32))));
}

Recipient recipient() {
  return {Network::kLive, *OfficeId::parse("UZ-OYBEK"), key(0x10).public_key};
}

Bytes part(std::string_view name, std::string_view text) {
  Bytes bytes = part_heading(name, text.size());
  append(bytes, text);
  return bytes;
}

}  // namespace

TEST_CASE("The page on backups tells what is written") {
  const test::Page page("backup.md");
  CHECK(page.example("recipient") == recipient().pem());
  auto sealer = Sealer::begin(recipient(), kTime, key(0x40));
  REQUIRE(sealer.has_value());
  CHECK(page.example("header") + "\n" == sealer->header().text());
  Bytes plain = part("office.pem", "a certificate\n");
  append(plain, part("store.db", "a store\n"));
  CHECK(page.example("plain") == hex_lines(plain));
  CHECK(page.example("chunk") == hex_lines(sealer->seal(plain, true)));
  CHECK(page.count() == 4);
}

TEST_CASE("A recipient reads as it was written and nothing else does") {
  const auto read = Recipient::parse_pem(recipient().pem());
  REQUIRE(read.has_value());
  CHECK(read->office == recipient().office);
  CHECK(read->network == Network::kLive);
  CHECK(read->key == recipient().key);
  CHECK_FALSE(Recipient::parse_pem("").has_value());
  CHECK_FALSE(
      Recipient::parse_pem(identity::to_pem(identity::kBackupRecipientLabel, counting(1, 33)))
          .has_value());
}

TEST_CASE("A header with a byte changed is another header or none") {
  const auto sealer = Sealer::begin(recipient(), kTime, key(0x40));
  REQUIRE(sealer.has_value());
  const std::string text = sealer->header().text();
  for (std::size_t at = 0; at < text.size(); ++at) {
    std::string changed = text;
    changed[at] = static_cast<char>(changed[at] ^ 1);
    const auto header = Header::parse(as_bytes(changed));
    INFO(at);
    CHECK((!header || header->text() != text));
    CHECK_FALSE(Header::parse(as_bytes(std::string_view(text).substr(0, at))).has_value());
  }
  CHECK(Header::parse(as_bytes(text + "what follows")).has_value());
}

TEST_CASE("A chunk opens at its place alone and the last as the last alone") {
  auto sealer = Sealer::begin(recipient(), kTime);
  REQUIRE(sealer.has_value());
  const Bytes first = sealer->seal(counting(0, kChunkBytes), false);
  const Bytes second = sealer->seal(counting(1, kChunkBytes), false);
  const Bytes third = sealer->seal(counting(2, 7), true);
  const auto opener = [&] { return *Opener::begin(sealer->header(), key(0x10)); };
  {
    auto whole = opener();
    CHECK(*whole.open(first, false) == counting(0, kChunkBytes));
    CHECK(*whole.open(second, false) == counting(1, kChunkBytes));
    CHECK(*whole.open(third, true) == counting(2, 7));
  }
  {
    auto swapped = opener();
    CHECK(swapped.open(second, false).error() == BackupError::kDamaged);
  }
  {
    auto cut = opener();
    CHECK(cut.open(first, false).has_value());
    CHECK(cut.open(second, true).error() == BackupError::kTruncated);
  }
  {
    auto longer = opener();
    CHECK(longer.open(first, false).has_value());
    CHECK(longer.open(second, false).has_value());
    CHECK(longer.open(third, false).error() == BackupError::kDamaged);
  }
  CHECK(opener().open({}, true).error() == BackupError::kDamaged);
}

TEST_CASE("Another key and another header open nothing") {
  auto sealer = Sealer::begin(recipient(), kTime);
  REQUIRE(sealer.has_value());
  const Bytes only = sealer->seal(counting(0, 5), true);
  CHECK(Opener::begin(sealer->header(), key(0x11)).error() == BackupError::kWrongKey);
  Header later = sealer->header();
  later.time += std::chrono::hours(1);
  CHECK(Opener::begin(later, key(0x10))->open(only, true).error() == BackupError::kDamaged);
}

namespace {

struct Taken {
  std::map<std::string, std::string> small;
  std::string store;

  PartReader reader() {
    return PartReader({[this](std::string_view name, ByteView whole) -> Result<void> {
                         small.emplace(name, to_string(whole));
                         return {};
                       },
                       [this](ByteView piece) -> Result<void> {
                         store += to_string(piece);
                         return {};
                       }});
  }
};

}  // namespace

TEST_CASE("Parts are the same however they are portioned") {
  Bytes whole = part("office.pem", "certificate");
  append(whole, part("blod.toml", ""));
  append(whole, part("store.db", "the store"));
  for (const std::size_t size : {std::size_t{1}, std::size_t{7}, whole.size()}) {
    Taken taken;
    auto reader = taken.reader();
    for (std::size_t at = 0; at < whole.size(); at += size) {
      CHECK_FALSE((at > 0 && reader.finish().has_value()));
      REQUIRE(
          reader.feed(ByteView(whole).subspan(at, std::min(size, whole.size() - at))).has_value());
    }
    CHECK(reader.finish().has_value());
    CHECK(taken.small ==
          std::map<std::string, std::string>{{"office.pem", "certificate"}, {"blod.toml", ""}});
    CHECK(taken.store == "the store");
  }
}

TEST_CASE("A part that has no place is refused") {
  const auto fed = [](std::initializer_list<Bytes> parts) {
    Taken taken;
    auto reader = taken.reader();
    Bytes whole;
    for (const auto& one : parts) append(whole, one);
    const auto done = reader.feed(whole);
    return done ? reader.finish() : done;
  };
  const Bytes store = part("store.db", "s");
  CHECK(fed({store}).has_value());
  CHECK_FALSE(fed({}).has_value());
  CHECK_FALSE(fed({part("office.pem", "c")}).has_value());
  CHECK_FALSE(fed({part("../x", "c"), store}).has_value());
  CHECK_FALSE(fed({part("blod.toml", "c"), part("office.pem", "c"), store}).has_value());
  CHECK_FALSE(fed({part("office.pem", "c"), part("office.pem", "c"), store}).has_value());
  CHECK_FALSE(fed({store, store}).has_value());
  CHECK_FALSE(fed({part_heading("office.pem", 1U << 20U), store}).has_value());
}

}  // namespace blo::backup
