#include "following.h"

#include <thread>

#include "blo/v1/control.pb.h"
#include "journal/entry.h"
#include "report.h"
#include "wire_names.h"

namespace blo::cli {
namespace {

/// Longer than anybody watches a screen; the wait is begun anew when it is over.
constexpr milliseconds kHour{3'600'000};
/// How often a daemon that is not there is looked for.
constexpr milliseconds kRetryEvery{500};
constexpr std::uint32_t kPage = 1'000;

/// The daemon ended, or is being started.
bool passes(const Failure& failure) {
  return failure.reason == "daemon-unreachable" || failure.reason == "daemon-hung-up";
}

/// What is said of an event as it happens: a message as in the list, a step as a sentence.
Shown to_event_line(const v1::MessageSummary& message) {
  if (!journal::is_step(static_cast<std::uint32_t>(message.kind()))) return to_line(message);
  const std::string officer =
      message.author().empty() ? "an officer whose name is not known here" : message.author();
  return message.summary() +
         (message.kind() == v1::KIND_OPENED ? " by " + officer : "  (" + officer + ")");
}

}  // namespace

bool Following::is_past(const MessageNumber& number) const {
  const auto newest = newest_.find(number.from);
  return newest != newest_.end() && std::pair(number.generation, number.index) <=
                                        std::pair(newest->second.generation, newest->second.index);
}

void Following::show(const v1::MessageSummary& message, bool listed) {
  if (globals_.json) {
    print(to_json(message));
  } else {
    say(listed ? to_line(message) : to_event_line(message));
  }
}

Failure Following::follow(Follower& follower) {
  while (all_written()) {
    const auto event = follower.next(kHour);
    if (!event) return event.error();
    if (!*event || !(*event)->has_arrived()) continue;
    const auto& message = (*event)->arrived();
    const auto number = MessageNumber::parse(message.number());
    if (!number) return unexpected_answer();
    show_once(*number, message);
  }
  return {ExitCode::kFailed, "output", "What arrived could not be written to stdout.", ""};
}

void Following::show_once(const MessageNumber& number, const v1::MessageSummary& message) {
  if (is_past(number)) return;
  newest_.insert_or_assign(number.from, number);
  const bool wanted = listing_.counterpart.empty() || number.from.text() == listing_.counterpart;
  // A message that arrived between the start of following and the list is in both.
  if (wanted && listed_.erase(message.number()) == 0) show(message, false);
}

void Following::go_on_behind(const Follower& follower) {
  for (const auto& number : follower.newest()) {
    if (!is_past(number)) newest_.insert_or_assign(number.from, number);
  }
  lost_ = false;
}

Failure Following::begin() {
  auto daemon = Daemon::connect(globals_, &officer_);
  if (!daemon) return daemon.error();
  auto follower = Follower::start(globals_, officer_);
  if (!follower) return follower.error();
  const auto response = list_messages(*daemon, v1::DIRECTION_RECEIVED, listing_);
  if (!response) return response.error();
  const auto& list = response->list();
  if (!globals_.json) show_rest(list, v1::DIRECTION_RECEIVED, listing_);
  for (int i = list.messages_size(); i > 0; --i) {
    const auto& message = list.messages(i - 1);
    listed_.insert(message.number());
    show(message, true);
  }
  go_on_behind(*follower);
  return follow(*follower);
}

Outcome<void> Following::add_missed(Daemon& daemon, std::vector<v1::MessageSummary>& missed) {
  struct Page {
    std::string counterpart;
    std::string before;
  };
  std::vector<Page> pages{{}};
  while (!pages.empty()) {
    const Page page = std::move(pages.back());
    pages.pop_back();
    v1::Request request;
    auto& list = *request.mutable_list();
    list.set_direction(v1::DIRECTION_RECEIVED);
    list.set_limit(kPage);
    list.set_receipts(true);
    list.set_counterpart(page.counterpart);
    list.set_before(page.before);
    for (const auto& [office, number] : newest_) {
      if (page.counterpart.empty() || page.counterpart == office.text())
        list.add_newer_than(number.text());
    }
    const auto response = daemon.call(request, v1::Response::kList);
    if (!response) return response.error();
    for (const auto& message : response->list().messages()) missed.push_back(message);
    for (const auto& rest : response->list().rest())
      pages.push_back({rest.counterpart(), rest.before()});
  }
  return {};
}

Outcome<void> Following::show_missed(Daemon& daemon) {
  std::vector<v1::MessageSummary> missed;
  if (const auto added = add_missed(daemon, missed); !added) return added.error();
  std::map<MessageNumber, const v1::MessageSummary*> ordered;
  for (const auto& message : missed) {
    const auto number = MessageNumber::parse(message.number());
    if (!number) return unexpected_answer();
    ordered.emplace(*number, &message);
  }
  for (const auto& [number, message] : ordered) show_once(number, *message);
  return {};
}

Failure Following::go_on() {
  auto daemon = Daemon::connect(globals_, &officer_);
  if (!daemon) return daemon.error();
  auto follower = Follower::start(globals_, officer_);
  if (!follower) return follower.error();
  warn("blo: blod is there again; what came meanwhile follows.");
  if (const auto shown = show_missed(*daemon); !shown) return shown.error();
  go_on_behind(*follower);
  return follow(*follower);
}

Failure Following::run() {
  lost_ = true;
  Failure failure = begin();
  if (lost_) return failure;  // it never began
  while (passes(failure)) {
    if (!lost_) warn("blo: blod has ended. It is followed on as soon as it is there again.");
    lost_ = true;
    std::this_thread::sleep_for(kRetryEvery);
    failure = go_on();
  }
  return failure;
}

}  // namespace blo::cli
