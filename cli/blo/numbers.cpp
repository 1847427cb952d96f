#include "numbers.h"

#include "blo/v1/control.pb.h"

namespace blo::cli {
namespace {

Failure none_has(std::uint64_t index, const Among& among) {
  return {ExitCode::kNotFound, "unknown-message",
          "No message" + std::string(among.received_alone ? " that was received" : "") +
              (among.counterpart.empty() ? "" : " exchanged with " + among.counterpart) +
              " has the number " + std::to_string(index) + ".",
          "Look the number up: blo inbox, blo outbox."};
}

Failure several_have(std::uint64_t index, const v1::FindResponse& found) {
  std::string numbers;
  for (const auto& number : found.numbers()) numbers += (numbers.empty() ? "" : ", ") + number;
  if (found.more() > 0) numbers += " and " + std::to_string(found.more()) + " more";
  return {ExitCode::kUsage, "ambiguous-number",
          std::to_string(index) + " is the number of several messages: " + numbers + ".",
          "Type the one you mean as it stands here."};
}

}  // namespace

Outcome<TypedNumber> parse_typed_number(const std::string& text) {
  if (const auto index = parse_decimal(text)) return TypedNumber{{}, *index};
  auto whole = MessageNumber::parse(text);
  if (whole) return TypedNumber{std::move(whole), 0};
  return usage("'" + text + "' is not a message's number.",
               "A number is written as in the lists, UZ-OYBEK/TJ-FOTEHOBOD/1042, or 1042 alone "
               "where no other message has that.");
}

Outcome<MessageNumber> find_number(Daemon& daemon, const TypedNumber& typed, const Among& among) {
  if (typed.whole) return *typed.whole;
  v1::Request request;
  auto& find = *request.mutable_find();
  find.set_index(typed.index);
  find.set_counterpart(among.counterpart);
  if (among.received_alone) find.set_direction(v1::DIRECTION_RECEIVED);
  const auto response = daemon.call(request, v1::Response::kFind);
  if (!response) return response.error();
  const auto& found = response->find();
  if (found.numbers().empty()) return none_has(typed.index, among);
  if (found.numbers_size() > 1 || found.more() > 0) return several_have(typed.index, found);
  auto number = MessageNumber::parse(found.numbers(0));
  if (!number || number->index != typed.index) return unexpected_answer();
  return std::move(*number);
}

}  // namespace blo::cli
