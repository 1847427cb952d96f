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

}  // namespace blo::office
