#include "listing.h"

#include "blo/v1/control.pb.h"
#include "numbers.h"
#include "parsing.h"
#include "report.h"
#include "wire_names.h"

namespace blo::cli {
namespace {

/// What is urgent stands first, and must not scroll away: a row takes up to three lines of 80, and
/// what is left out and the next prompt some more.
std::uint32_t limit_of_a_screen() {
  constexpr std::uint32_t kUsual = 50;
  const auto lines = terminal_lines();
  return lines ? std::clamp((*lines - std::min(*lines, 4U)) / 3, 3U, kUsual) : kUsual;
}

/// A command that lists what follows, with what this one was given.
std::string next_command(const v1::ListRest& rest, int direction, const Listing& listing) {
  const bool sent = direction == v1::DIRECTION_SENT;
  std::string command = sent ? "blo outbox" : "blo inbox";
  // A number says of which counterpart it is.
  if (rest.before().empty()) command += (sent ? " --to " : " --from ") + rest.counterpart();
  if (!rest.before().empty()) command += " --before " + rest.before();
  if (!listing.since.empty()) command += " --since " + listing.since;
  if (listing.unopened) command += " --unopened";
  if (listing.receipts) command += " --receipts";
  if (listing.limit != 0) command += " --limit " + std::to_string(listing.limit);
  return command;
}

/// "1 of them FLASH and unopened, 2 ROUTINE and unopened"
std::string unopened_words(const v1::UnopenedCounts& counts) {
  std::string words;
  const std::pair<std::uint64_t, const char*> parts[]{{counts.flash(), " FLASH"},
                                                      {counts.immediate(), " IMMEDIATE"},
                                                      {counts.priority(), " PRIORITY"},
                                                      {counts.routine(), " ROUTINE"}};
  for (const auto& [count, precedence] : parts) {
    if (count == 0) continue;
    words += (words.empty() ? "" : ", ") + counted(count) + (words.empty() ? " of them" : "") +
             precedence + " and unopened";
  }
  return words;
}

}  // namespace

Outcome<v1::Response> list_messages(Daemon& daemon, int direction, const Listing& listing) {
  v1::Request request;
  auto& list = *request.mutable_list();
  list.set_direction(static_cast<v1::Direction>(direction));
  list.set_counterpart(listing.counterpart);
  list.set_limit(listing.limit != 0 ? listing.limit : limit_of_a_screen());
  list.set_receipts(listing.receipts);
  list.set_unopened(listing.unopened);
  if (const auto typed = parse_typed_number(listing.before)) {
    const auto number = find_number(daemon, *typed,
                                    {.counterpart = listing.counterpart,
                                     .received_alone = direction == v1::DIRECTION_RECEIVED});
    if (!number) return number.error();
    list.set_before(number->text());
  } else if (!listing.before.empty()) {
    const auto time = parse_day_or_time(listing.before);
    if (!time) {
      return usage("'" + listing.before + "' is neither a message's number nor a day.",
                   "Write it as UZ-OYBEK/TJ-FOTEHOBOD/1042 or as 2026-11-30.");
    }
    list.set_before_ms(to_unix_ms(*time));
  }
  if (!listing.since.empty()) {
    const auto time = parse_day_or_time(listing.since);
    if (!time) return time.error();
    list.set_since_ms(to_unix_ms(*time));
  }
  return daemon.call(request, v1::Response::kList);
}

Json messages_of(const v1::ListResponse& list) {
  Json messages = Json::array();
  for (const auto& message : list.messages()) messages.push(to_json(message));
  return messages;
}

Json rest_of(const v1::ListResponse& list) {
  Json all = Json::array();
  for (const auto& rest : list.rest()) {
    all.push(Json::object({{"counterpart", rest.counterpart()},
                           {"messages", rest.messages()},
                           {"unopened", to_json(rest.unopened())},
                           {"before", rest.before().empty() ? Json() : Json(rest.before())}}));
  }
  return all;
}

void show_messages(const v1::ListResponse& list, const char* nothing) {
  if (list.messages().empty()) say(nothing);
  for (const auto& message : list.messages()) say(to_line(message));
}

void show_rest(const v1::ListResponse& list, int direction, const Listing& listing) {
  for (const auto& rest : list.rest()) {
    std::string sentence = counted(rest.messages()) + " more";
    if (list.rest_size() > 1)
      sentence +=
          (direction == v1::DIRECTION_SENT ? " to " : " from ") + std::string(rest.counterpart());
    if (const std::string unopened = unopened_words(rest.unopened()); !unopened.empty())
      sentence += ", " + unopened;
    say(sentence + ": " + next_command(rest, direction, listing));
  }
}

}  // namespace blo::cli
