// Lists that say what they leave out: between two offices, and over a store of an earlier version.
#include "office/message_list.h"

#include <catch2/catch.hpp>

#include "message/steps.h"
#include "office/overdue.h"
#include "store/database.h"
#include "world.h"

namespace blo::sim {
namespace {

using journal::Precedence;
using office::Box;
using office::ListQuery;
using office::MessageList;

/// UZ-OYBEK sends, TJ-FOTEHOBOD lists.
struct Lists {
  Said say(const std::string& text, Precedence precedence = Precedence::kRoutine) {
    auto made = world.a.submission(alert(text));
    auto envelope = journal::Envelope::parse(made.envelope).value();
    envelope.precedence = precedence;
    made.envelope = envelope.encode();
    made.signature = crypto::sign(crypto::Purpose::kEnvelope, world.a.kit.officer, {made.envelope});
    const auto accepted = world.a.hand_in(made);
    send_on(world.a);
    const Said one{accepted.number, envelope.message_id, made.content};
    world.a.said.push_back(one);
    return one;
  }
  /// By an officer of TJ-FOTEHOBOD.
  void open(const Said& said) {
    Node& node = world.b;
    auto made = node.submission(message::opened_content());
    auto envelope = journal::Envelope::parse(made.envelope).value();
    envelope.kind = message::kOpened;
    envelope.in_reply_to = said.id;
    made.salt = derive_fields(envelope, node.officer().person);
    made.envelope = envelope.encode();
    made.signature = crypto::sign(crypto::Purpose::kEnvelope, node.kit.officer, {made.envelope});
    node.hand_in(made);
    send_on(node);
  }
  void send_on(Node& node) {
    if (node.end && node.end->peer) node.end->peer->pump(node.now);
  }
  MessageList list(ListQuery query) {
    return office::list_messages(*world.b.office, query).value();
  }
  MessageList list_sent(ListQuery query) {
    query.box = Box::kSent;
    return office::list_messages(*world.a.office, query).value();
  }
  std::vector<std::string> open_alarms() {
    REQUIRE(office::announce_overdue(*world.b.office, {}, world.b.now).has_value());
    std::vector<std::string> open;
    for (const auto& alarm : world.b.office->alarms().list(false).value())
      open.push_back(alarm.code + ": " + alarm.sentence);
    return open;
  }

  World world;
};

using Numbers = std::vector<MessageNumber>;
Numbers numbers(const MessageList& list) {
  Numbers all;
  for (const auto& view : list.messages) all.push_back(view.number);
  return all;
}

/// Turns pages until there is no more; each must go on behind the one before it.
Numbers all_pages(Lists& at, ListQuery query) {
  Numbers all;
  std::uint64_t left = UINT64_MAX;
  for (;;) {
    const auto list = at.list(query);
    for (const auto& number : numbers(list)) all.push_back(number);
    if (list.rest.empty()) return all;
    REQUIRE(list.rest.size() == 1);
    REQUIRE(list.rest[0].messages <= left);  // the same behind a page of urgent ones alone
    left = list.rest[0].messages;
    REQUIRE(list.rest[0].before.has_value());
    query.before = *list.rest[0].before;
  }
}

Numbers sorted(Numbers all) {
  std::ranges::sort(all);
  return all;
}

}  // namespace

TEST_CASE("an urgent message that nobody has opened is listed first however old it is") {
  Lists at;
  const auto flash = at.say("a van, armed", Precedence::kFlash);
  const auto priority = at.say("a lorry", Precedence::kPriority);
  Numbers all{flash.number, priority.number};
  for (int i = 0; i < 100; ++i) all.push_back(at.say("notice " + std::to_string(i)).number);
  at.world.converge();

  const auto first = at.list({.limit = 10});
  REQUIRE(first.messages.size() == 10);
  CHECK(first.messages[0].number == flash.number);
  CHECK(first.messages[1].number == priority.number);
  CHECK(first.messages[2].number == all.back());
  REQUIRE(first.rest.size() == 1);
  CHECK(first.rest[0].messages == 92);
  CHECK(first.rest[0].unopened == store::UnopenedCounts{92, 0, 0, 0});
  CHECK(office::count_unopened(*at.world.b.office).value() == store::UnopenedCounts{100, 1, 0, 1});
  CHECK(at.open_alarms().empty());

  SECTION("one that is left out is said as well") {
    const auto list = at.list({.limit = 101});
    REQUIRE(list.rest.size() == 1);
    CHECK(list.rest[0].messages == 1);
    CHECK(at.list({.limit = 102}).rest.empty());
  }
  SECTION("no room for all of them: what is left out is said") {
    const auto one = at.list({.limit = 1});
    CHECK(numbers(one) == Numbers{flash.number});
    CHECK(one.rest[0].messages == 101);
    CHECK(one.rest[0].unopened == store::UnopenedCounts{100, 1, 0, 0});
    auto seen = sorted(all_pages(at, {.limit = 1}));
    seen.erase(std::unique(seen.begin(), seen.end()), seen.end());
    CHECK(seen == sorted(all));
  }
  SECTION("every page goes on behind the one before it, to the first message") {
    auto seen = all_pages(at, {.limit = 7});
    // The two were shown before their turn and come again in their turn.
    CHECK(seen.size() == all.size() + 2);
    seen = sorted(seen);
    seen.erase(std::unique(seen.begin(), seen.end()), seen.end());
    CHECK(seen == sorted(all));
  }
  SECTION("opened meanwhile, it is not urgent any more, and no page loses anything") {
    at.open(flash);
    const auto after = at.list({.limit = 10});
    CHECK(after.messages[0].number == priority.number);
    CHECK(office::count_unopened(*at.world.b.office).value() ==
          store::UnopenedCounts{100, 1, 0, 0});
    auto next = at.list({.limit = 200, .before = first.rest[0].before});
    CHECK(next.messages.size() == 94);
    CHECK(next.messages.back().number == flash.number);
    CHECK(next.rest.empty());
  }
  SECTION("unopened ones alone: by precedence, then by age, page by page") {
    const auto seen = all_pages(at, {.limit = 7, .unopened = true});
    CHECK(seen.size() == all.size());
    CHECK(seen[0] == flash.number);
    CHECK(seen[1] == priority.number);
    CHECK(sorted(seen) == sorted(all));
    const auto page = at.list({.limit = 7, .unopened = true});
    at.open(at.world.a.said.back());  // the newest: a number on the first page
    const auto next = at.list({.limit = 200, .before = *page.rest[0].before, .unopened = true});
    CHECK(next.messages.size() == all.size() - 7);
  }
  SECTION("at the sender's what the counterpart has not opened is first") {
    at.open(priority);
    at.world.converge();
    const auto sent = at.list_sent({.limit = 3});
    CHECK(sent.messages[0].number == flash.number);
    CHECK(sent.messages[1].number == all.back());
    CHECK(sent.rest[0].messages == 99);
  }
  SECTION("nobody has opened it in time: an alarm, once, that names it") {
    at.world.pass(std::chrono::minutes(9));
    CHECK(at.open_alarms().empty());
    at.world.pass(std::chrono::minutes(2));
    REQUIRE(at.open_alarms().size() == 1);
    CHECK(at.open_alarms()[0] == "unread: Message " + flash.number.text() +
                                     " has been here for its time and nobody has opened it");
  }
  SECTION("opened in time: none") {
    at.world.pass(std::chrono::minutes(9));
    at.open(flash);
    at.world.pass(std::chrono::minutes(10));
    CHECK(at.open_alarms().empty());
  }
}

TEST_CASE("a list by dates has what was entered from one on and before another") {
  Lists at;
  std::vector<MessageNumber> all;
  std::vector<WallTime> times;
  for (int i = 0; i < 5; ++i) {
    at.world.converge();
    at.world.pass(std::chrono::hours(1));
    times.push_back(at.world.a.now.wall);
    all.push_back(at.say("at hour " + std::to_string(i)).number);
  }
  at.world.converge();
  CHECK(numbers(at.list({.since = times[3]})) == Numbers{all[4], all[3]});
  CHECK(numbers(at.list({.before = times[1]})) == Numbers{all[0]});
  CHECK(numbers(at.list({.before = times[4], .since = times[2]})) == Numbers{all[3], all[2]});
  CHECK(numbers(at.list({.since = times[4] + seconds(1)})).empty());
  CHECK(numbers(at.list({.newer_than = {all[2]}})) == Numbers{all[4], all[3]});
  CHECK(numbers(at.list({.newer_than = {all[4]}})).empty());
}

TEST_CASE("a list of another office's numbers is refused") {
  Lists at;
  const auto said = at.say("a van");
  at.world.converge();
  auto reversed = said.number;
  std::swap(reversed.from, reversed.to);
  const auto error = [&](const ListQuery& query) {
    return office::list_messages(*at.world.b.office, query).error();
  };
  CHECK(error({.before = reversed}) == office::OfficeError::kMalformed);
  CHECK(error({.newer_than = {reversed}}) == office::OfficeError::kMalformed);
  CHECK(error({.newer_than = {said.number, said.number}}) == office::OfficeError::kMalformed);
  auto stranger = said.number;
  stranger.from = OfficeId::parse("KG-KARAMYK").value();
  CHECK(error({.before = stranger}) == office::OfficeError::kUnknownCounterpart);
  CHECK(error({.counterpart = stranger.from}) == office::OfficeError::kUnknownCounterpart);
}

TEST_CASE("a store of an earlier version knows after its migration what nobody has opened") {
  Lists at;
  const auto opened = at.say("opened", Precedence::kFlash);
  const auto unopened = at.say("not opened", Precedence::kFlash);
  at.say("a notice");
  at.world.converge();
  at.open(opened);
  Node& node = at.world.b;
  node.hang_up();
  node.office.reset();
  {
    const auto database = store::Database::open(node.path).value();
    REQUIRE(database
                ->execute("DELETE FROM awaited; DROP INDEX awaited_reading; "
                          "DROP INDEX awaited_unopened")
                .has_value());
    auto header = database->header_number().value();
    header.schema = 14;
    REQUIRE(
        database->execute(("PRAGMA user_version=" + std::to_string(header.user_version())).c_str())
            .has_value());
  }
  node.open();
  CHECK(office::count_unopened(*node.office).value() == store::UnopenedCounts{1, 0, 0, 1});
  CHECK(at.list({.limit = 1}).messages[0].number == unopened.number);
}

}  // namespace blo::sim
