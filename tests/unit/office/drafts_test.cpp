#include "office/drafts.h"

#include <catch2/catch.hpp>

#include "../../sim/kit.h"
#include "base/file.h"
#include "crypto/random.h"

namespace blo::office {
namespace {

/// Drafts that are in the store already; none of what is asked here looks into an envelope.
struct Rejected {
  Rejected() {
    const auto theirs = store.pairings().create(*OfficeId::parse("TJ-FOTEHOBOD"), as_bytes("file"),
                                                crypto::DhKeyPair::generate());
    store::DraftRow draft;
    draft.pairing = theirs.value().id;
    draft.drafted = kRejectedAt;
    draft.envelope = to_bytes(kEnvelope);
    auto transaction = store.begin().value();
    REQUIRE(store.drafts().put(draft, as_bytes("sealed"), crypto::random_key()).has_value());
    REQUIRE(store.drafts().reject(draft, {kRejectedAt, 2, "the plate is wrong"}).has_value());
    REQUIRE(transaction.commit().has_value());
  }
  [[nodiscard]] bool is_in_a_file() const {
    for (const auto& file : std::filesystem::directory_iterator(folder.path())) {
      const Bytes bytes = read_file(file.path(), 1U << 24U).value();
      if (as_text(bytes).find(kEnvelope) != std::string_view::npos) return true;
    }
    return false;
  }

  static constexpr WallTime kRejectedAt = sim::kStart;
  static constexpr std::string_view kEnvelope = "PLANTED envelope of a draft that was rejected";
  sim::Folder folder;
  sim::Kit kit{"UZ-OYBEK"};
  std::unique_ptr<Office> office = Office::open(kit.keys(), folder.path() / "store.db").value();
  store::Store& store = office->store();
};

}  // namespace

TEST_CASE("a draft is named by D and its number and in no other way") {
  CHECK(parse_draft_name(draft_name(17)) == 17);
  for (const char* name : {"", "D", "D-", "D-0", "D-01", "D-+1", "D--1", "D-1 ", " D-1", "d-1",
                           "D-17x", "17", "D-99999999999999999999"}) {
    INFO(name);
    CHECK_FALSE(parse_draft_name(name).has_value());
  }
}

TEST_CASE("a rejected draft is forgotten after its time and is then in no file of the store") {
  Rejected at;
  const auto forget = [&](WallTime now) {
    return at.office->drafts().forget_rejected({now, SteadyTime(milliseconds(1))}).has_value();
  };
  REQUIRE(forget(Rejected::kRejectedAt + kRejectedDraftsKept));
  CHECK(at.store.drafts().find(1).value().has_value());
  CHECK(at.is_in_a_file());
  REQUIRE(forget(Rejected::kRejectedAt + kRejectedDraftsKept + milliseconds(1)));
  CHECK_FALSE(at.store.drafts().find(1).value().has_value());
  CHECK_FALSE(at.is_in_a_file());
}

}  // namespace blo::office
