// Pages of lists, as the store gives them: what is sought is a row more than a page has.
#include "world.h"

namespace blo::store {
namespace {

using test::Folder;
using test::Rows;

constexpr WallTime kDay{milliseconds(1'704'067'200'000)};

/// Puts an alarm of that subject; acknowledged, where `seen`.
void put_alarm(Rows& rows, const std::string& subject, bool seen, std::string_view evidence = "") {
  auto transaction = rows.store->begin().value();
  AlarmRow alarm;
  alarm.raised = kDay;
  alarm.code = "forked";
  alarm.subject = subject;
  const auto id = rows.store->alarms().put(alarm, as_bytes(evidence)).value();
  if (seen) REQUIRE(rows.store->alarms().acknowledge(id, {kDay, 1, "seen"}).has_value());
  REQUIRE(transaction.commit().has_value());
}

using Subjects = std::vector<std::string>;
Subjects subjects(Rows& rows, bool all, std::optional<std::uint64_t> after, std::size_t count) {
  Subjects found;
  for (const auto& row : rows.store->alarms().list(all, Page(after, count)).value())
    found.push_back(row.subject);
  return found;
}

void put_hold(Rows& rows, Byte message, WallTime placed) {
  auto transaction = rows.store->begin().value();
  REQUIRE(rows.store->holds().put({rows.pairing, {message}, placed, 1, "a court"}).has_value());
  REQUIRE(transaction.commit().has_value());
}

std::vector<int> holds(Rows& rows, std::optional<HoldKey> after, std::size_t count) {
  std::vector<int> found;
  for (const auto& row : rows.store->holds().list(Page(after, count)).value())
    found.push_back(row.message_id[0]);
  return found;
}
using Messages = std::vector<int>;

}  // namespace

TEST_CASE("alarms come page by page with those acknowledged or without") {
  const Folder folder;
  Rows rows(folder.file());
  for (const char* subject : {"A", "B", "C", "D"})
    put_alarm(rows, subject, std::string_view("BC").find(subject) != std::string_view::npos);
  CHECK(subjects(rows, true, {}, 2) == Subjects{"A", "B", "C"});
  CHECK(subjects(rows, true, 2, 2) == Subjects{"C", "D"});
  CHECK(subjects(rows, true, 4, 2).empty());
  CHECK(subjects(rows, false, {}, 1) == Subjects{"A", "D"});
  CHECK(subjects(rows, false, 1, 1) == Subjects{"D"});
}

TEST_CASE("a list says which alarms have evidence and it is read for one") {
  const Folder folder;
  Rows rows(folder.file());
  put_alarm(rows, "A", false, "signed statements");
  put_alarm(rows, "B", false);
  const auto listed = rows.store->alarms().list(false, {}).value();
  REQUIRE(listed.size() == 2);
  CHECK(listed[0].has_evidence);
  CHECK_FALSE(listed[1].has_evidence);
  CHECK(rows.store->alarms().evidence_of(listed[0]).value() == to_bytes("signed statements"));
  CHECK(rows.store->alarms().evidence_of(listed[1]).value().empty());
}

TEST_CASE("holds come page by page in the order of time also where one was lifted between") {
  const Folder folder;
  Rows rows(folder.file());
  put_hold(rows, 3, kDay);
  put_hold(rows, 1, kDay + milliseconds(1));
  put_hold(rows, 2, kDay);
  CHECK(holds(rows, {}, 1) == Messages{2, 3});
  CHECK(holds(rows, {}, 0) == Messages{2, 3, 1});
  const auto first = rows.store->holds().list(Page<HoldKey>({}, 1)).value().front();
  {
    auto transaction = rows.store->begin().value();
    REQUIRE(rows.store->holds().remove(first).has_value());
    REQUIRE(transaction.commit().has_value());
  }
  CHECK(holds(rows, first.key(), 1) == Messages{3, 1});
  CHECK(holds(rows, HoldKey{kDay, rows.pairing, {3}}, 1) == Messages{1});
  CHECK(rows.store->holds().of_pairing(rows.pairing).value().size() == 2);
  CHECK(rows.store->holds().of_pairing(rows.pairing + 1).value().empty());
}

TEST_CASE("a hold's place in the list is read as it was written and in no other way") {
  const HoldKey key{kDay, 7, {0xAB}};
  const std::string text = "1704067200000/7/ab000000000000000000000000000000";
  CHECK(key.text() == text);
  CHECK(HoldKey::parse(text) == key);
  const std::string id = text.substr(text.rfind('/'));
  for (const std::string& wrong :
       {std::string(), std::string("/"), std::string("//"), text + "0", text + "/", " " + text,
        text.substr(1 + text.find('/')), "1704067200000/-7" + id, "1704067200000/07" + id,
        "9223372036854775808/7" + id, "1704067200000/9223372036854775808" + id,
        std::string("1704067200000/7/AB000000000000000000000000000000"), std::string(100, '/')}) {
    INFO(wrong);
    CHECK_FALSE(HoldKey::parse(wrong));
  }
}

TEST_CASE("drafts come page by page and those rejected too long ago are in none") {
  const Folder folder;
  Rows rows(folder.file());
  auto& drafts = rows.store->drafts();
  {
    auto transaction = rows.store->begin().value();
    for (Byte number = 1; number <= 4; ++number) {
      DraftRow draft;
      draft.pairing = rows.pairing;
      draft.drafted = kDay;
      draft.message_id = {number};
      REQUIRE(drafts.put(draft, as_bytes("sealed"), test::key(5)).has_value());
      if (number == 2) REQUIRE(drafts.reject(draft, {kDay, 1, "wrong"}).has_value());
    }
    REQUIRE(transaction.commit().has_value());
  }
  const auto listed = [&](WallTime from, std::optional<std::int64_t> after, std::size_t count) {
    std::vector<std::int64_t> ids;
    for (const auto& row : drafts.list(from, Page(after, count)).value()) ids.push_back(row.id);
    return ids;
  };
  using Ids = std::vector<std::int64_t>;
  CHECK(listed(kDay, {}, 2) == Ids{1, 2, 3});
  CHECK(listed(kDay, 3, 2) == Ids{4});
  CHECK(listed(kDay + milliseconds(1), {}, 2) == Ids{1, 3, 4});
  CHECK(listed(kDay, 4, 2).empty());
}

}  // namespace blo::store
