#include "office/ceremony.h"

#include <catch2/catch.hpp>

#include "../../sim/kit.h"

namespace blo::office {
namespace {

using sim::Folder;
using sim::Kit;

const std::string kBasis = "Agreement of 2024-01-15";
const Now kNow{sim::kStart, SteadyTime(milliseconds(1))};

struct Side {
  Side(const std::string& name, const Folder& folder)
      : kit(name), path(folder.path() / (name + ".db")) {
    reopen();
  }
  void reopen() {
    office.reset();
    office = Office::open(kit.keys(), path).value();
  }
  Pair* invite(const OfficeId& counterpart) {
    return office->invite({counterpart, {"blo.example:4470"}, kBasis}, kNow).value();
  }

  Kit kit;
  std::filesystem::path path;
  std::unique_ptr<Office> office;
};

struct TwoSides {
  Folder folder;
  Side uz{"UZ-OYBEK", folder};
  Side tj{"TJ-FOTEHOBOD", folder};
};

}  // namespace

TEST_CASE("both sides come to the same digits and secret though both stop between the steps") {
  TwoSides sides;
  auto& uz = sides.uz;
  auto& tj = sides.tj;
  const Bytes from_uz = uz.invite(tj.kit.id)->ours.bytes;
  const Bytes from_tj = tj.invite(uz.kit.id)->ours.bytes;
  uz.reopen();
  tj.reopen();
  CHECK(uz.invite(tj.kit.id)->ours.bytes == from_uz);  // the same file again
  REQUIRE(uz.office->accept(from_tj, kNow).has_value());
  REQUIRE(tj.office->accept(from_uz, kNow).has_value());
  uz.reopen();
  tj.reopen();
  const std::string shown = digits(*uz.office->find(tj.kit.id));
  CHECK(shown == digits(*tj.office->find(uz.kit.id)));
  CHECK(shown.size() == 12 * 6 - 1);

  const auto tj_key = tj.kit.ring.dh_key(identity::KeyUse::kTransport).public_key;
  CHECK(uz.office->psks(tj_key).empty());  // nothing flows before the digits are confirmed
  std::string spaced = "  " + shown + "\n";
  REQUIRE(uz.office->confirm(tj.kit.id, {spaced, 3, "by telephone"}, kNow).has_value());
  REQUIRE(tj.office->confirm(uz.kit.id, {shown, 0, "by telephone"}, kNow).has_value());
  uz.reopen();
  const auto uz_key = uz.kit.ring.dh_key(identity::KeyUse::kTransport).public_key;
  REQUIRE(uz.office->psks(tj_key).size() == 1);
  CHECK(uz.office->psks(tj_key).front() == tj.office->psks(uz_key).front());
  CHECK(uz.office->find(tj.kit.id)->sent->row.size() == 1);
  CHECK(uz.office->psks(crypto::DhPublic{9}).empty());
}

TEST_CASE("wrong digits confirm nothing") {
  TwoSides sides;
  auto& uz = sides.uz;
  auto& tj = sides.tj;
  const Bytes from_uz = uz.invite(tj.kit.id)->ours.bytes;
  CHECK(uz.office->confirm(tj.kit.id, {"00000", 0, "by telephone"}, kNow).error() ==
        OfficeError::kUnconfirmed);
  REQUIRE(uz.office->accept(tj.invite(uz.kit.id)->ours.bytes, kNow).has_value());
  std::string wrong = digits(*uz.office->find(tj.kit.id));
  wrong.front() = wrong.front() == '0' ? '1' : '0';
  for (const std::string& heard : {wrong, std::string(), wrong.substr(1)}) {
    CHECK(uz.office->confirm(tj.kit.id, {heard, 0, "by telephone"}, kNow).error() ==
          OfficeError::kWrongDigits);
  }
  CHECK_FALSE(uz.office->find(tj.kit.id)->carries_messages());
  CHECK(uz.office->find(tj.kit.id)->sent->row.size() == 0);
}

TEST_CASE("a file once accepted is accepted again and another is not") {
  TwoSides sides;
  auto& uz = sides.uz;
  auto& tj = sides.tj;
  const Bytes from_uz = uz.invite(tj.kit.id)->ours.bytes;
  const Bytes from_tj = tj.invite(uz.kit.id)->ours.bytes;
  REQUIRE(uz.office->accept(from_tj, kNow).has_value());
  CHECK(uz.office->accept(from_tj, kNow).has_value());

  const Folder elsewhere;
  Side replaced("TJ-FOTEHOBOD", elsewhere);
  const Bytes other = replaced.invite(uz.kit.id)->ours.bytes;
  REQUIRE(other != from_tj);
  CHECK(uz.office->accept(other, kNow).error() == OfficeError::kAlreadyPaired);  // the same keys
}

TEST_CASE("files that do not answer our invitation are refused") {
  TwoSides sides;
  auto& uz = sides.uz;
  auto& tj = sides.tj;
  const Bytes from_tj = tj.invite(uz.kit.id)->ours.bytes;
  CHECK_FALSE(uz.office->accept(from_tj, kNow).has_value());  // nothing was offered to them
  const Bytes ours = uz.invite(tj.kit.id)->ours.bytes;
  CHECK_FALSE(uz.office->accept(ours, kNow).has_value());
  const Bytes for_another = tj.invite(OfficeId::parse("KG-KARAMYK").value())->ours.bytes;
  CHECK_FALSE(uz.office->accept(for_another, kNow).has_value());
  Bytes altered = from_tj;
  altered.back() ^= 1U;
  CHECK_FALSE(uz.office->accept(altered, kNow).has_value());
  const Now late{sim::kStart + std::chrono::days(2000), kNow.steady};
  CHECK_FALSE(uz.office->accept(from_tj, late).has_value());
  CHECK(uz.office->accept(from_tj, kNow).has_value());
}

TEST_CASE("an office does not pair with itself") {
  TwoSides sides;
  CHECK(sides.uz.office->invite({sides.uz.kit.id, {}, kBasis}, kNow).error() ==
        OfficeError::kWrongOffice);
  CHECK(sides.uz.office->pairs().empty());
}

namespace {

void pair_first(TwoSides& sides) {
  const Bytes from_uz = sides.uz.invite(sides.tj.kit.id)->ours.bytes;
  const Bytes from_tj = sides.tj.invite(sides.uz.kit.id)->ours.bytes;
  REQUIRE(sides.uz.office->accept(from_tj, kNow).has_value());
  REQUIRE(sides.tj.office->accept(from_uz, kNow).has_value());
  const std::string shown = digits(*sides.uz.office->find(sides.tj.kit.id));
  REQUIRE(sides.uz.office->confirm(sides.tj.kit.id, {shown, 0, "by telephone"}, kNow).has_value());
  REQUIRE(sides.tj.office->confirm(sides.uz.kit.id, {shown, 0, "by telephone"}, kNow).has_value());
}

Bytes again(Side& side, const OfficeId& counterpart, std::vector<std::string> addresses = {}) {
  return side.office->pair_again({counterpart, std::move(addresses), "", {}}, kNow)
      .value()
      ->again->ours.bytes;
}

}  // namespace

TEST_CASE("the file to pair again is given again until it is answered") {
  TwoSides sides;
  auto& uz = sides.uz;
  auto& tj = sides.tj;
  pair_first(sides);
  const auto first = uz.office->find(tj.kit.id)->ours;
  const Bytes from_uz = again(uz, tj.kit.id);
  uz.reopen();
  CHECK(again(uz, tj.kit.id) == from_uz);
  const auto file = identity::PairingFile::parse(from_uz, kNow.wall).value();
  CHECK(file.journal.bytes() == first.journal.bytes());
  CHECK(file.addresses == first.addresses);
  CHECK(file.legal_basis == first.legal_basis);
  CHECK(file.random != first.random);
  CHECK(file.one_time_key != first.one_time_key);
  CHECK(again(uz, tj.kit.id, {"elsewhere.example:4470"}) != from_uz);
  const Bytes answered = again(uz, tj.kit.id);
  REQUIRE(uz.office->accept(again(tj, uz.kit.id), kNow).has_value());
  CHECK(uz.office->store().pairings().again_one_time_key(uz.office->find(tj.kit.id)->row).error() ==
        store::StoreError::kNotFound);
  CHECK(again(uz, tj.kit.id) != answered);  // made anew, as its one-time key is gone
}

TEST_CASE("a file of a first pairing and one to pair again with never stand for each other") {
  TwoSides sides;
  auto& uz = sides.uz;
  auto& tj = sides.tj;
  CHECK(uz.office->pair_again({tj.kit.id, {}, kBasis, {}}, kNow).error() ==
        OfficeError::kUnknownCounterpart);
  const Bytes first = tj.invite(uz.kit.id)->ours.bytes;
  uz.invite(tj.kit.id);
  CHECK(uz.office->pair_again({tj.kit.id, {}, kBasis, {}}, kNow).error() ==
        OfficeError::kPairAgain);
  pair_first(sides);
  const Bytes from_tj = again(tj, uz.kit.id);
  CHECK(uz.office->accept(from_tj, kNow).error() == OfficeError::kNotInvited);  // not before ours
  again(uz, tj.kit.id);
  // Another office under the same id, which was never paired, and its first file.
  const Folder other_folder;
  Side stranger("UZ-OYBEK", other_folder);
  stranger.invite(tj.kit.id);
  CHECK(stranger.office->accept(from_tj, kNow).error() == OfficeError::kPairAgain);
  Side twin("TJ-FOTEHOBOD", other_folder);
  CHECK(uz.office->accept(twin.invite(uz.kit.id)->ours.bytes, kNow).error() ==
        OfficeError::kAlreadyPaired);
  REQUIRE(uz.office->accept(from_tj, kNow).has_value());
  CHECK(uz.office->accept(from_tj, kNow).has_value());  // the same file changes nothing
  CHECK(uz.office->accept(first, kNow).has_value());    // nor does that in force
  CHECK(uz.office->find(tj.kit.id)->row.state == store::PairingState::kConfirmed);
  CHECK(uz.office->pair_again({tj.kit.id, {}, kBasis, from_tj}, kNow).error() ==
        OfficeError::kAlreadyPaired);
}

TEST_CASE("pairing again changes nothing in force before its own digits are confirmed") {
  TwoSides sides;
  auto& uz = sides.uz;
  auto& tj = sides.tj;
  pair_first(sides);
  const auto tj_key = tj.kit.ring.dh_key(identity::KeyUse::kTransport).public_key;
  const std::string before = digits(*uz.office->find(tj.kit.id));
  const auto psk = std::move(uz.office->psks(tj_key).front());
  again(uz, tj.kit.id);
  REQUIRE(uz.office->accept(again(tj, uz.kit.id), kNow).has_value());
  uz.reopen();
  CHECK(uz.office->psks(tj_key).front() == psk);
  const std::string after = digits(*uz.office->find(tj.kit.id));
  CHECK(after != before);
  CHECK(uz.office->confirm(tj.kit.id, {before, 0, "by telephone"}, kNow).error() ==
        OfficeError::kWrongDigits);
  CHECK(uz.office->psks(tj_key).front() == psk);
  REQUIRE(uz.office->confirm(tj.kit.id, {after, 7, "by telephone again"}, kNow).has_value());
  uz.reopen();
  const auto& row = uz.office->find(tj.kit.id)->row;
  CHECK_FALSE(uz.office->psks(tj_key).front() == psk);
  CHECK(digits(*uz.office->find(tj.kit.id)) == after);
  CHECK(row.confirmed_person == 7);
  CHECK(row.confirmed_how == "by telephone again");
  CHECK(row.again_our_file.empty());
  CHECK(uz.office->confirm(tj.kit.id, {after, 0, "once more"}, kNow).has_value());
  REQUIRE(end(uz.office->store(), *uz.office->find(tj.kit.id), "over", kNow).has_value());
  CHECK(uz.office->pair_again({tj.kit.id, {}, kBasis, {}}, kNow).error() == OfficeError::kEnded);
}

TEST_CASE("a lost office takes nothing but a file with its own first journal") {
  TwoSides sides;
  auto& uz = sides.uz;
  auto& tj = sides.tj;
  pair_first(sides);
  const Bytes from_tj = again(tj, uz.kit.id);
  const Bytes first = tj.office->find(uz.kit.id)->ours.bytes;
  const auto offer = [&](Bytes theirs, const OfficeId& counterpart) {
    return uz.office->pair_again({counterpart, {}, "", std::move(theirs)}, kNow);
  };
  uz.office.reset();
  for (const auto* tail : {"", "-wal", "-shm"}) std::filesystem::remove(uz.path.string() + tail);
  uz.reopen();
  CHECK(offer(first, tj.kit.id).error() == OfficeError::kPairAgain);
  CHECK(offer(from_tj, *OfficeId::parse("TJ-SARVAK")).error() == OfficeError::kWrongOffice);
  CHECK(offer(Bytes(40, 1), tj.kit.id).has_error());
  // A counterpart that makes up a certificate for our journal.
  const auto file = identity::PairingFile::parse(from_tj, kNow.wall).value();
  const auto forged =
      identity::Certificate::issue(file.your_journal->details(), crypto::SigningKey::generate());
  const auto made_up = identity::make_pairing_file({file.authority,
                                                    file.office,
                                                    file.journal,
                                                    file.to,
                                                    file.one_time_key,
                                                    file.random,
                                                    {},
                                                    kBasis,
                                                    forged},
                                                   tj.kit.keys().identity);
  CHECK(offer(made_up.bytes, tj.kit.id).error() == identity::IdentityError::kBadSignature);
  CHECK(uz.office->pairs().empty());

  const Bytes ours = offer(from_tj, tj.kit.id).value()->ours.bytes;
  uz.reopen();
  Pair& pair = *uz.office->find(tj.kit.id);
  CHECK(pair.ours.bytes == ours);
  CHECK_FALSE(pair.sent->key.has_value());
  CHECK(uz.office->invite({tj.kit.id, {}, kBasis}, kNow).error() == OfficeError::kPairAgain);
  CHECK(uz.office->accept(first, kNow).error() == OfficeError::kPairAgain);
  REQUIRE(uz.office->accept(from_tj, kNow).has_value());
  CHECK_FALSE(uz.office->find(tj.kit.id)->may_connect());
  CHECK(uz.office->confirm(tj.kit.id, {"1", 0, "x"}, kNow).error() == OfficeError::kWrongDigits);
}

}  // namespace blo::office
