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
  auto& clock = at.office->clock();
  const auto forget = [&](WallTime wall) {
    const Now now{wall, SteadyTime(milliseconds(1))};
    const std::chrono::year_month_day today(std::chrono::floor<std::chrono::days>(wall));
    REQUIRE(clock.confirm({today, true}, now).has_value());
    return at.office->drafts().forget_rejected(*clock.may_destroy(now), now).has_value();
  };
  REQUIRE(forget(Rejected::kRejectedAt + kRejectedDraftsKept));
  CHECK(at.store.drafts().find(1).value().has_value());
  CHECK(at.is_in_a_file());
  REQUIRE(forget(Rejected::kRejectedAt + kRejectedDraftsKept + milliseconds(1)));
  CHECK_FALSE(at.store.drafts().find(1).value().has_value());
  CHECK_FALSE(at.is_in_a_file());
}

TEST_CASE("drafts wait for the next generation in the order in which they came to wait") {
  Rejected at;
  const auto pairing = at.store.pairings().all().value().front().id;
  auto transaction = at.store.begin().value();
  std::vector<store::DraftRow> drafts;
  for (Byte i = 0; i < 4; ++i) {
    auto& draft = drafts.emplace_back();
    draft.pairing = pairing;
    draft.drafted = sim::kStart;
    draft.message_id[0] = Byte(i + 1);
    draft.envelope = to_bytes(Rejected::kEnvelope);
    if (i > 0) draft.turn = 0;
    REQUIRE(at.store.drafts().put(draft, as_bytes("sealed"), crypto::random_key()).has_value());
  }
  const auto order = [&] {
    std::vector<std::int64_t> ids;
    for (const auto& draft : at.store.drafts().of_next_generation(pairing).value())
      ids.push_back(draft.id);
    return ids;
  };
  CHECK(order() == std::vector{drafts[1].id, drafts[2].id, drafts[3].id});
  // Released last, it goes out last.
  const store::DraftRelease release{crypto::sha256(as_bytes("releaser")), crypto::Signature{7}};
  REQUIRE(at.store.drafts().await_generation(drafts[0], release).has_value());
  CHECK(order() == std::vector{drafts[1].id, drafts[2].id, drafts[3].id, drafts[0].id});
  const auto kept = at.store.drafts().find(drafts[0].id).value().value();
  REQUIRE(kept.release);
  CHECK(kept.release->releaser == release.releaser);
  CHECK(kept.release->signature == release.signature);
  // What is rejected, left out, or needs a release again waits no more.
  REQUIRE(at.store.drafts().reject(drafts[1], {sim::kStart, 2, "wrong"}).has_value());
  REQUIRE(at.store.drafts().leave_out(drafts[2], {sim::kStart, 0, "expired"}).has_value());
  REQUIRE(at.store.drafts().await_release(drafts[0]).has_value());
  CHECK(order() == std::vector{drafts[3].id});
  CHECK(at.store.drafts().waiting_for_generation(pairing).value() == 1);
  CHECK(at.store.drafts().waiting_for_release().value() == 1);
  CHECK(at.store.drafts().waiting().value() == 2);
  CHECK_FALSE(at.store.drafts().find(drafts[0].id).value()->release);
  // Somebody may have to write it again.
  CHECK(at.store.drafts().body(drafts[2]).value().content_key.has_value());
  CHECK_FALSE(at.store.drafts().body(drafts[1]).value().content_key.has_value());
  REQUIRE(transaction.commit().has_value());
}

TEST_CASE("an order to destroy takes the place of an earlier one under the same rule") {
  Rejected at;
  const auto pairing = at.store.pairings().all().value().front().id;
  auto transaction = at.store.begin().value();
  const auto order = [&](WallTime time, std::chrono::hours kept, std::uint64_t person) {
    REQUIRE(at.store.orders().put({pairing, 1, kept, "Act 12", time, person}).has_value());
  };
  order(sim::kStart, std::chrono::hours(1), 7);
  order(sim::kStart + seconds(5), std::chrono::hours(1), 8);
  order(sim::kStart + seconds(9), std::chrono::hours(2), 7);
  auto kept = at.store.orders().of_pairing(pairing).value();
  REQUIRE(kept.size() == 2);
  CHECK(kept.front().person == 8);
  CHECK(kept.front().ordered == sim::kStart + seconds(5));
  CHECK(kept.front().kept == std::chrono::hours(1));
  CHECK(kept.front().basis == "Act 12");
  REQUIRE(at.store.orders().remove(kept.front()).has_value());
  kept = at.store.orders().of_pairing(pairing).value();
  REQUIRE(kept.size() == 1);
  CHECK(kept.front().kept == std::chrono::hours(2));
  REQUIRE(transaction.commit().has_value());
}

}  // namespace blo::office
