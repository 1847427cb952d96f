#include "clock_storm.h"

#include "base/file.h"
#include "journal/reconcile.h"
#include "office/ahead.h"
#include "office/clock_doubt.h"
#include "office/dated_ahead.h"
#include "office/known_time.h"
#include "office/overdue.h"
#include "office/retention.h"

namespace blo::sim {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;

/// Nothing that is said in a storm is due before its end: no clock whatever may destroy any of it.
const office::RetentionRules kRules{{1, days(30), "Act 12"}};
constexpr std::uint32_t kShow = 4;  // a request that only reads

/// No receipt is later than the clock that it came under by more than a day, nor that clock than
/// the other one, which is right: two days. A stamp that is no claim is later by one more at most.
constexpr milliseconds kReceiptAheadMax = days(2);
constexpr milliseconds kStampAheadMax = days(3);
/// Clocks that are in step differ by less.
constexpr milliseconds kInStep = minutes(6);

std::string text_of(milliseconds by) {
  const auto s = by / seconds(1);
  if (std::abs(s) < 7200) return std::to_string(s) + " s";
  if (std::abs(s) < 3 * 86'400) return std::to_string(s / 3600) + " h";
  return std::to_string(s / 86'400) + " days";
}

std::chrono::year_month_day date_of(WallTime time) {
  return std::chrono::year_month_day(std::chrono::floor<days>(time));
}

/// Nothing tells such times from true ones.
bool agree_on_what_is_wrong(milliseconds one, milliseconds other) {
  return std::min(one, other) > kInStep - minutes(1) && std::chrono::abs(one - other) < hours(25);
}

/// What says something bad of an office that is honest, or of a store that is whole.
constexpr std::string_view kAccusations[] = {
    "forked",       "behind",           "rewound",    "key-changed", "old-statement",
    "false-stamp",  "void-refusal",     "runs-twice", "damaged",     "refused-by-counterpart",
    "two-contents", "forged-signature", "bad-receipt"};

/// Both directions and the trail, as the office gives them to its auditor.
void export_all(Node& node, const Folder& folder) {
  const journal::FileSink sink = [&](const std::string& path, ByteView bytes) -> Result<void> {
    std::filesystem::create_directories((folder.path() / path).parent_path());
    return write_file(folder.path() / path, bytes, 0600, Overwrite::kYes);
  };
  for (const bool trail : {true, false}) {
    auto job = trail ? office::ExportJob::begin_trail(*node.office, sink).value()
                     : office::ExportJob::begin(*node.office, node.pair(), sink).value();
    while (job.step().value()) {
    }
  }
}

/// Of each export by itself, and of the two against each other.
std::vector<std::string> findings_of_auditors(World& world) {
  const std::array<Folder, 2> folders;
  export_all(world.a, folders[0]);
  export_all(world.b, folders[1]);
  const auto of_a = journal::ExportFiles::open(folders[0].path()).value();
  const auto of_b = journal::ExportFiles::open(folders[1].path()).value();
  const auto found =
      journal::reconcile({&of_a, &of_b}, {world.a.kit.authority, world.b.kit.authority}).value();
  std::vector<std::string> all;
  const auto list = [&all](const std::vector<journal::Finding>& findings) {
    for (const auto& one : findings)
      all.push_back(std::string(journal::to_string(one.code)) + " " + one.where + ": " + one.what);
  };
  for (const auto& verdict : found.verdicts) list(verdict.findings);
  list(found.findings);
  if (!found.agree() && all.empty()) all.emplace_back("nothing to compare");
  return all;
}

}  // namespace

bool is_open(Node& node, std::string_view code) {
  const auto open = node.office->alarms().list(false).value();
  return std::ranges::any_of(open, [&](const auto& one) { return one.code == code; });
}

ClockStorm::ClockStorm(std::uint64_t salt, Wrong wrong)
    : world(salt, Clocks::kEach), wrong_(wrong), begun_(world.a.now) {
  // As where officers are certified by a command: before anybody reads there is a trail.
  for (Node* node : {&world.a, &world.b})
    must(node->office->trail().enter(office::TrailEntry(), node->now), "the trail begins");
  // Nobody was certified within the day in which an office dates as it likes.
  world.off_for(days(2));
}

WallTime ClockStorm::truth() const { return begun_.wall + (world.a.now.steady - begun_.steady); }

void ClockStorm::note(const Node& node, const std::string& what) {
  done_.push_back(text_of(world.a.now.steady - begun_.steady) + " " + node.kit.id.text() + " (" +
                  text_of(ahead(node)) + (node.in_step ? ", NTP) " : ") ") + what);
}

void ClockStorm::expect(bool holds, const std::string& what) {
  if (!holds && std::ranges::count(faults_, what) == 0) {
    faults_.push_back(what);
    done_.push_back("FAULT: " + what);
  }
}

bool ClockStorm::is_right(Node& node) {
  return ahead(node) == milliseconds(0) && node.office->clock().believed(node.now);
}

void ClockStorm::set_clock(Node& node, milliseconds ahead) {
  node.now.wall = std::max(truth() + ahead, WallTime(seconds(1)));
}

bool ClockStorm::say(Node& node, journal::Precedence precedence) {
  const std::string text = node.kit.id.text() + " " + std::to_string(node.said.size());
  office::Submission made;
  made.content = alert(text);
  made.salt = crypto::sha256(as_bytes(text));
  auto envelope = node.envelope_for(made.content, made.salt);
  envelope.precedence = precedence;
  made.envelope = envelope.encode();
  made.signature = crypto::sign(crypto::Purpose::kEnvelope, node.kit.officer, {made.envelope});
  const auto outcome = node.office->outgoing()
                           .accept(node.pair(), envelope.officer, {made}, nullptr, node.now)
                           .front();
  note(node, "says " + text + (outcome ? "" : ": " + outcome.error().message()));
  if (!outcome) return false;
  node.said.push_back({outcome->number, envelope.message_id, made.content});
  if (node.end && node.end->peer) node.end->peer->pump(node.now);
  return true;
}

/// As the daemon does it at each tick.
void ClockStorm::look_after(Node& node) {
  look_after_dates(node);
  if (node.end && node.end->peer) node.end->peer->pump(node.now);
}

void ClockStorm::look_after_dates(Node& node) {
  auto& office = *node.office;
  const Now now = node.now;
  const std::string at = " at " + node.kit.id.text();
  must(office.watch_clock(now), "the clock is watched" + at);
  must(office::announce_overdue(office, {}, now), "what is overdue is said" + at);
  must(office::tell_dated_ahead(office, now), "what is dated ahead is said" + at);
  if (!office::clock_doubt(office.keys(), now.wall).empty()) return;
  must(office.announce_expiries(now), "what ends is said" + at);
  if (office.clock().believed(now)) must(office.catch_up(node.pair(), now), "it catches up" + at);
  must(office.date_trail(now), "the trail is dated" + at);
  must(office::erase_what_waits(office, node.pair(), 0, now), "what waits is destroyed" + at);
  if (!office.clock().may_destroy(now)) return;
  must(office::erase_what_was_ahead(office, now), "what was ahead is destroyed" + at);
  must(office.clock().note_destroyed(true, now), "it is noted" + at);
}

void ClockStorm::pass(milliseconds time) {
  for (milliseconds done(0); done < time; done += seconds(30)) {
    world.pass(std::min<milliseconds>(seconds(30), time - done));
    look_after(world.a);
    look_after(world.b);
  }
}

void ClockStorm::turn_clock(Node& node) {
  constexpr milliseconds kUnits[] = {seconds(1), minutes(1), hours(1),
                                     days(1),    days(400),  days(365)};
  const milliseconds unit = kUnits[world.random(std::size(kUnits))];
  const int most = unit == milliseconds(days(365)) ? 12 : unit == milliseconds(days(400)) ? 1 : 60;
  milliseconds by = unit * (1 + static_cast<int>(world.random(static_cast<std::uint64_t>(most))));
  if (world.random(2) == 0) by = -by;
  const bool empty = world.random(5) == 0;
  if (empty) by = WallTime(minutes(world.random(60))) - truth();
  if (world.random(3) == 0) by = milliseconds(0);
  if (wrong_ == Wrong::kByFar && by > minutes(2) && by < kStampAheadMax + days(1)) by = -by;
  if (agree_on_what_is_wrong(by, ahead(world.other(node)))) return;
  set_clock(node, by);
  node.set_in_step(world.random(3) == 0);
  note(node, "is its clock now");
  if (!empty && world.random(2) == 0) return;
  if (world.random(2) == 0) {
    world.crash(node);
    note(node, "starts after a crash");
  } else {
    node.restart();
    world.cut();
    note(node, "starts again");
  }
}

void ClockStorm::use_office(Node& node) {
  auto& office = *node.office;
  switch (world.random(4)) {
    case 0: {
      note(node, "a person says that the clock is right");
      // A date that is before what is certain is refused.
      return static_cast<void>(office.clock().confirm({date_of(node.now.wall), false}, node.now));
    }
    case 1: {
      const auto applied = office::apply_retention(office, kRules, 10, 0, node.now);
      note(node, "applies its rules: " +
                     (applied ? std::to_string(applied->erased) : applied.error().message()));
      return expect(!applied || applied->erased == 0, "nothing is destroyed before its time");
    }
    default: return read(node);
  }
}

void ClockStorm::happen() {
  Node& node = either();
  switch (world.random(20)) {
    case 0:
    case 1: return turn_clock(node);
    case 2: return use_office(node);
    case 3:
    case 4: return static_cast<void>(say(node));
    case 5: return static_cast<void>(say(node, journal::Precedence::kFlash));
    case 6: note(node, "dies"); return world.crash(node);
    case 7: return world.cut_after(world.random(20'000));
    case 8: return pass(seconds(1 + world.random(60)));
    case 9:
      if (world.random(6) == 0) pass(minutes(1 + world.random(90)));
      return;
    case 10:
      if (world.random(6) != 0) return;
      note(node, "both are off");
      return world.off_for(minutes(1 + world.random(60 * 40)));
    default:
      for (std::uint64_t steps = world.random(30); steps > 0 && world.step(); --steps) {
      }
  }
}

void ClockStorm::blow(int events) {
  for (int i = 0; i < events; ++i) {
    if (!world.a.end && !world.b.end) {
      world.cut();
      world.connect(either());
      note(world.a, "is connected");
    }
    happen();
    look_after(world.a);
    look_after(world.b);
  }
  world.cut_after(SIZE_MAX);
}

void ClockStorm::say_that_it_is_right(Node& node) {
  set_clock(node, milliseconds(0));
  node.set_in_step(world.random(2) == 0);
  if (!node.in_step) {
    must(node.office->clock().confirm({date_of(node.now.wall), world.random(2) == 0}, node.now),
         "a person says that the clock is right");
  }
  note(node, "is right from now on");
}

void ClockStorm::calm() {
  for (Node* node : {&world.a, &world.b}) {
    if (world.random(2) == 0) node->restart();
    say_that_it_is_right(*node);
  }
  world.cut();
}

void ClockStorm::exchange() {
  for (int i = 0; i < 40 && !world.converged(); ++i) {
    if (!world.a.end && !world.b.end) world.connect();
    pass(seconds(3));
  }
  expect(world.converged(), "both hold everything");
  if (!world.converged()) {
    for (Node* node : {&world.a, &world.b}) {
      note(*node,
           std::to_string(node->sent_size()) + " entries, receipted " +
               std::to_string(node->pair().sent->head ? node->pair().sent->head->checkpoint.size
                                                      : 0) +
               ", there " + std::to_string(world.other(*node).received_size()) +
               (node->end && node->end->peer
                    ? ", state " + std::to_string(static_cast<int>(node->end->peer->state())) +
                          (node->end->peer->waits_for_clock() ? ", waits for the clock" : "")
                    : ", no session") +
               (node->office->clock().believed(node->now) ? "" : ", not believed") +
               ", parted: " + node->why_closed + (node->failure ? node->failure->message() : ""));
    }
  }
}

void ClockStorm::gust(Node& node, milliseconds by, const std::function<void()>& meddle) {
  world.cut();
  for (const auto& alarm : node.office->alarms().list(false).value()) {
    if (alarm.code != "receipt-overdue") continue;
    must(node.office->alarms().acknowledge(alarm.id, node.officer(), "seen", node.now), "seen");
  }
  set_clock(node, by);
  node.set_in_step(world.random(2) == 0);
  if (world.random(2) == 0) node.restart();
  const SteadyTime said = node.now.steady;
  expect(say(node, journal::Precedence::kFlash), "a message is accepted under a wrong clock");
  pass(seconds(1 + world.random(20)));
  say_that_it_is_right(node);
  meddle();
  pass(minutes(14) - (node.now.steady - said));
  expect(!is_open(node, "receipt-overdue"), "nothing is overdue before its time");
  pass(minutes(3));
  expect(is_open(node, "receipt-overdue"), "what has waited for long enough is overdue");
}

void ClockStorm::check_dates(Node& node, const Said& fresh, milliseconds ahead_max) {
  const auto shown = node.show(fresh.number);
  const std::string at = " at " + node.kit.id.text();
  expect(!shown.claim, "what is said under a right clock is no claim" + at);
  expect(!shown.stamp.unsure, "what is said under a right clock is sure" + at);
  expect(!shown.refusal, "what is said under a right clock is not refused" + at);
  const milliseconds off = shown.stamp.time - truth();
  expect(off > -kInStep, "what is said under a right clock is not dated back" + at);
  expect(off <= ahead_max, "what is said under a right clock is dated by it" + at);
}

/// Both say something that has no poison before it, and then something more.
void ClockStorm::say_in_turn(milliseconds ahead_max) {
  for (Node* node : {&world.a, &world.b}) {
    const bool sent = say(*node);
    expect(sent, "an officer in force sends");
    if (!sent) continue;
    const Said fresh = node->said.back();
    exchange();
    check_dates(*node, fresh, ahead_max);
    check_dates(world.other(*node), fresh, ahead_max);
  }
}

void ClockStorm::read(Node& node) {
  office::TrailEntry entry;
  entry.officer = &node.officer();
  entry.act.officer = node.officer().certificate.fingerprint();
  entry.act.request = kShow;
  entry.act.sequence = ++asked_;
  entry.act.signature = crypto::sign(crypto::Purpose::kControlRequest, node.kit.officer,
                                     {entry.act.signed_bytes(node.office->keys().id)});
  const auto asked = office::asked_now(*node.office, node.now);
  const auto validity = node.office->officers().validity(node.officer(), asked);
  if (validity == journal::Validity::kNone) {
    note(node, "an officer does not read");
    return expect(!is_right(node), "an officer in force reads by a right clock");
  }
  const auto entered = node.office->trail().enter(entry, node.now);
  note(node, std::string("an officer reads") + (entered ? "" : ": " + entered.error().message()));
  if (!is_right(node)) return;
  expect(validity == journal::Validity::kInForce, "an officer in force reads under a right clock");
  must(entered, "what is read under a right clock enters the trail");
}

/// What was dated wrongly is marked, and nobody is accused of anything.
void ClockStorm::check_marks(Node& node) {
  const std::string at = " at " + node.kit.id.text();
  const WallTime latest = truth() + (wrong_ == Wrong::kByFar ? days(1) + kInStep : kStampAheadMax);
  for (Node* from : {&world.a, &world.b}) {
    for (const Said& said : from->said) {
      const auto shown = node.show(said.number);
      expect(shown.claim || shown.stamp.time <= latest, "a stamp to come is a claim" + at);
      expect(shown.dated() <= latest, "no message is dated in a time to come" + at);
      expect(!shown.erased && shown.content == said.content, "every content is here" + at);
    }
  }
  const auto& pair = node.pair();
  for (const auto* head : {&pair.sent->head, &pair.received->head}) {
    const milliseconds most = wrong_ == Wrong::kByFar ? kInStep : kReceiptAheadMax;
    expect(from_unix_s((*head)->receipt.time_s) <= truth() + most, "no receipt is to come" + at);
  }
  expect(!node.frozen(), "no pairing is frozen" + at);
  expect(pair.sent->row.refused + pair.received->row.refused == 0, "nothing is refused" + at);
  const auto view = node.office->clock().view(node.now);
  expect(view.believed != office::Believed::kNo, "a right clock is believed" + at);
  expect(view.may_destroy && !view.waits, "a right clock lets be destroyed what is due" + at);
  for (const auto& alarm : node.office->alarms().list(true).value()) {
    expect(std::ranges::count(kAccusations, alarm.code) == 0,
           "no alarm " + alarm.code + at + ": " + alarm.sentence);
  }
}

void ClockStorm::check_people_and_audits() {
  for (Node* node : {&world.a, &world.b}) read(*node);
  exchange();
  for (const auto& finding : findings_of_auditors(world))
    expect(false, "an auditor finds " + finding);
}

void ClockStorm::check_nothing_is_left() {
  const bool far = wrong_ == Wrong::kByFar;
  exchange();
  say_in_turn(far ? kInStep : kStampAheadMax);
  for (Node* node : {&world.a, &world.b}) {
    check_marks(*node);
    read(*node);
  }
  if (far) {
    // It goes on from there, without a word from anybody.
    for (Node* node : {&world.a, &world.b}) {
      node->restart();
      expect(node->office->clock().believed(node->now), "it is believed after a restart");
    }
    world.cut();
  }
  world.off_for(kStampAheadMax + hours(1));
  for (Node* node : {&world.a, &world.b}) say_that_it_is_right(*node);
  say_in_turn(kInStep);
  check_people_and_audits();
}

void ClockStorm::check_destroyed_in_time() {
  world.off_for(days(31));
  for (Node* node : {&world.a, &world.b}) say_that_it_is_right(*node);
  say_in_turn(kInStep);
  for (Node* node : {&world.a, &world.b})
    must(office::apply_retention(*node->office, kRules, 10, 0, node->now), "rules are applied");
  exchange();
  for (Node* node : {&world.a, &world.b}) {
    for (Node* from : {&world.a, &world.b}) {
      for (std::size_t i = 0; i + 1 < from->said.size(); ++i)
        expect(node->show(from->said[i].number).erased, "what is due is destroyed");
    }
  }
}

}  // namespace blo::sim
