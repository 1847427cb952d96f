#include "wire_names.h"

#include <cctype>

#include "base/clock.h"
#include "base/hex.h"
#include "base/limits.h"
#include "blo/v1/control.pb.h"
#include "journal/entry.h"
#include "report.h"

namespace blo::cli {
namespace {

constexpr std::string_view kUnknown = "unknown";

std::string upper(std::string_view text) {
  std::string result(text);
  for (char& c : result) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return result;
}

std::string padded(std::string_view text, std::size_t width) {
  std::string result(text);
  if (result.size() < width) result.append(width - result.size(), ' ');
  return result;
}

/// A mark alone: what has expired is listed, read and kept as anything else.
std::string expiry_mark(const v1::MessageSummary& message) {
  if (message.arrived_expired()) {
    return "  EXPIRED: arrived at " + said_time(message.receipt_time_s() * 1000) +
           ", after it had expired";
  }
  if (!message.expired()) return "";
  return message.state() == v1::MESSAGE_STATE_QUEUED ? "  EXPIRED while it was queued"
                                                     : "  EXPIRED";
}

std::string time_text(std::uint64_t ms) { return to_rfc3339(from_unix_ms(ms)); }

}  // namespace

std::string_view kind_name(int kind) {
  switch (kind) {
    case v1::KIND_ALERT:
    case v1::KIND_SEIZURE_NOTICE:
    case v1::KIND_OPENED:
    case v1::KIND_ACTED: return journal::to_string(static_cast<journal::Kind>(kind));
    default: return kUnknown;
  }
}

std::string_view precedence_name(int precedence) {
  if (precedence < v1::PRECEDENCE_ROUTINE || precedence > v1::PRECEDENCE_FLASH) return kUnknown;
  return journal::to_string(static_cast<journal::Precedence>(precedence));
}

std::string_view message_state_name(int state) {
  switch (state) {
    case v1::MESSAGE_STATE_QUEUED: return "queued";
    case v1::MESSAGE_STATE_RECEIPTED: return "receipted";
    case v1::MESSAGE_STATE_REFUSED: return "refused";
    case v1::MESSAGE_STATE_RECEIVED: return "received";
    case v1::MESSAGE_STATE_OPENED: return "opened";
    case v1::MESSAGE_STATE_ACTED: return "acted";
    default: return kUnknown;
  }
}

std::string_view draft_state_name(int state) {
  switch (state) {
    case v1::DRAFT_STATE_WAITS_FOR_RELEASE: return "waits-for-release";
    case v1::DRAFT_STATE_WAITS_FOR_RECOVER: return "waits-for-recover";
    case v1::DRAFT_STATE_REJECTED: return "rejected";
    case v1::DRAFT_STATE_NOT_SENT: return "not-sent";
    default: return kUnknown;
  }
}

std::string_view pair_state_name(int state) {
  switch (state) {
    case v1::PAIR_STATE_INVITED: return "invited";
    case v1::PAIR_STATE_ACCEPTED: return "accepted";
    case v1::PAIR_STATE_CONFIRMED: return "confirmed";
    case v1::PAIR_STATE_FROZEN: return "frozen";
    case v1::PAIR_STATE_ENDED: return "ended";
    default: return kUnknown;
  }
}

std::string_view network_name(int network) {
  switch (network) {
    case v1::NETWORK_LIVE: return "live";
    case v1::NETWORK_EXERCISE: return "exercise";
    default: return kUnknown;
  }
}

std::string_view severity_name(int severity) {
  switch (severity) {
    case v1::ALARM_SEVERITY_WARNING: return "warning";
    case v1::ALARM_SEVERITY_CRITICAL: return "critical";
    default: return kUnknown;
  }
}

std::string said_time(std::uint64_t ms) {
  const bool ahead = from_unix_ms(ms) > read_clocks().wall + limits::kClockSkewMax;
  return (ahead ? "claims " : "") + time_text(ms);
}

Json said_time_from_ms(std::uint64_t ms) { return ms == 0 ? Json() : Json(said_time(ms)); }

std::vector<std::string_view> role_names(std::span<const int> roles) {
  std::vector<std::string_view> names;
  for (const int role : roles) {
    const bool known = role >= v1::ROLE_OPERATOR && role <= v1::ROLE_ADMINISTRATOR;
    names.push_back(known ? identity::to_string(static_cast<identity::Role>(role)) : "unknown");
  }
  return names;
}

Json time_from_ms(std::uint64_t ms) { return ms == 0 ? Json() : Json(time_text(ms)); }
Json time_from_s(std::uint64_t s) { return s == 0 ? Json() : Json(to_rfc3339(from_unix_s(s))); }

Json to_json(const v1::MessageSummary& message) {
  return Json::object({{"number", message.number()},
                       {"kind", kind_name(message.kind())},
                       {"precedence", precedence_name(message.precedence())},
                       {"state", message_state_name(message.state())},
                       {"created", said_time_from_ms(message.created_ms())},
                       {"stamped", said_time_from_ms(message.stamped_ms())},
                       {"claim", message.claim()},
                       {"clockUnsure", message.clock_unsure()},
                       {"receiptTime", said_time_from_ms(message.receipt_time_s() * 1000)},
                       {"summary", message.summary()},
                       {"author", message.author()},
                       {"refusal", message.refusal()},
                       {"inReplyTo", message.in_reply_to()},
                       {"supersedes", message.supersedes()},
                       {"erased", message.erased()},
                       {"held", message.held()},
                       {"withheld", message.withheld()},
                       {"expires", time_from_ms(message.expires_ms())},
                       {"expired", message.expired()},
                       {"arrivedExpired", message.arrived_expired()},
                       {"damaged", message.damaged()},
                       {"unopened", message.unopened()},
                       {"outcome", message.outcome()}});
}

Json to_json(const v1::UnopenedCounts& counts) {
  return Json::object({{"flash", counts.flash()},
                       {"immediate", counts.immediate()},
                       {"priority", counts.priority()},
                       {"routine", counts.routine()}});
}

std::string to_words(const v1::UnopenedCounts& counts) {
  std::string words;
  const std::pair<std::uint64_t, std::string_view> parts[]{{counts.flash(), "FLASH"},
                                                           {counts.immediate(), "IMMEDIATE"},
                                                           {counts.priority(), "PRIORITY"},
                                                           {counts.routine(), "ROUTINE"}};
  for (const auto& [count, name] : parts) {
    if (count == 0) continue;
    words += (words.empty() ? "" : ", ") + counted(count) + " " + std::string(name);
  }
  return words;
}

std::string counted(std::uint64_t count) {
  std::string text = std::to_string(count);
  for (std::size_t i = text.size(); i > 3;) text.insert(i -= 3, ",");
  return text + (count >= limits::kListCountMax ? " or more" : "");
}

/// When it was sent, by its office's clock; where that was wrong, when it was received, too.
std::string stamp_of(const v1::MessageSummary& message) {
  if (!message.claim() && message.clock_unsure())
    return "at about " + said_time(message.stamped_ms()) + ", the office's clock was not sure";
  if (!message.claim()) return said_time(message.stamped_ms());
  return "dated " + time_text(message.stamped_ms()) + " by its office, received " +
         said_time(message.receipt_time_s() * 1000);
}

/// With what came of it: "acted: no-hit".
std::string state_words(const v1::MessageSummary& message) {
  std::string words(message_state_name(message.state()));
  return message.outcome().empty() ? words : words + ": " + message.outcome();
}

Shown to_line(const v1::MessageSummary& message) {
  Shown line = message.number() + "  " + stamp_of(message) + "  " +
               padded(upper(precedence_name(message.precedence())), 9) + "  " +
               padded(kind_name(message.kind()), 7) + "  " + padded(state_words(message), 9) +
               "  " + message.summary();
  if (message.erased()) line += message.summary().empty() ? "content destroyed" : " (destroyed)";
  if (message.withheld()) line += "not to be read yet";
  if (message.damaged()) line += "DAMAGED: not as it was accepted";
  if (message.held()) line += "  held";
  if (!message.in_reply_to().empty() &&
      !journal::is_step(static_cast<std::uint32_t>(message.kind())))
    line += "  answers " + message.in_reply_to();
  line += expiry_mark(message);
  if (!message.author().empty()) line += "  (" + message.author() + ")";
  if (!message.refusal().empty()) line += "  refused: " + message.refusal();
  return line;
}

Json to_json(const v1::PairStatus& pair) {
  return Json::object({{"counterpart", pair.counterpart()},
                       {"state", pair_state_name(pair.state())},
                       {"connected", pair.connected()},
                       {"lastContact", time_from_ms(pair.last_contact_ms())},
                       {"sent", pair.sent()},
                       {"receipted", pair.receipted()},
                       {"received", pair.received()},
                       {"refused", pair.refused()},
                       {"sessionBytesIn", pair.session_bytes_in()},
                       {"sessionBytesOut", pair.session_bytes_out()},
                       {"waitingMessages", pair.waiting_messages()},
                       {"waitingFor", pair.waiting_for()},
                       {"datedAheadUntil", time_from_ms(pair.dated_ahead_until_ms())}});
}

Shown to_lines(const v1::PairStatus& pair) {
  Shown text = pair.counterpart() + "  " + std::string(pair_state_name(pair.state())) +
               (pair.connected() ? ", connected" : ", not connected");
  if (pair.last_contact_ms() != 0) text += ", last contact " + time_text(pair.last_contact_ms());
  text += "; sent " + std::to_string(pair.sent()) + " (" + std::to_string(pair.receipted()) +
          " receipted), received " + std::to_string(pair.received()) + " (" +
          std::to_string(pair.refused()) + " refused)";
  if (!pair.waiting_for().empty()) text += Shown("\n    waits: ") + pair.waiting_for();
  if (const auto count = pair.waiting_messages(); count > 0) {
    text += Shown("\n    ") + std::to_string(count) +
            (count == 1 ? " message waits for that and then goes out by itself"
                        : " messages wait for that and then go out by themselves") +
            ": blo drafts";
  }
  if (pair.dated_ahead_until_ms() != 0) {
    text += Shown("\n    what is entered here bears the date ") +
            time_text(pair.dated_ahead_until_ms()) + " until then: a clock was ahead";
  }
  return text;
}

Json to_json(const v1::Hold& hold) {
  return Json::object({{"placed", time_from_ms(hold.placed_ms())},
                       {"person", hold.person()},
                       {"officer", hold.officer()},
                       {"reason", hold.reason()},
                       {"erasureWaits", hold.erasure_waits()}});
}

Shown to_sentence(const v1::Hold& hold) {
  Shown text =
      "held since " + time_text(hold.placed_ms()) + " by officer " + std::to_string(hold.person());
  if (!hold.officer().empty()) text += " (" + hold.officer() + ")";
  text += ": " + hold.reason();
  if (hold.erasure_waits()) text += "; its sender has asked to destroy it";
  return text;
}

Json to_json(const v1::Erased& erased) {
  return Json::object({{"by", erased.by()},
                       {"time", said_time_from_ms(erased.stamped_ms())},
                       {"rule", erased.rule()},
                       {"person", erased.person()},
                       {"copy", erased.copy()},
                       {"waits", erased.waits()}});
}

Shown to_sentence(const v1::Erased& erased) {
  const char* what =
      erased.waits() ? "kept until its date: to be destroyed by " : "content destroyed by ";
  Shown text = what + erased.by() + " at " + said_time(erased.stamped_ms()) +
               (erased.copy() ? ", its own copy alone" : "") + ", under: " + erased.rule();
  if (erased.person() != 0) text += "; ordered by person " + std::to_string(erased.person());
  return text;
}

Json to_json(const v1::Receipted& receipt) {
  return Json::object({{"origin", receipt.origin()},
                       {"size", receipt.size()},
                       {"root", to_hex(as_bytes(receipt.root()))},
                       {"time", said_time_from_ms(receipt.time_s() * 1000)},
                       {"by", receipt.by()}});
}

Shown to_sentence(const v1::Receipted& receipt) {
  return "Receipt of " + receipt.by() + " at " + said_time(receipt.time_s() * 1000) +
         ": the first " + std::to_string(receipt.size()) + " entries of " + receipt.origin() +
         " are stored there (root " + to_hex(as_bytes(receipt.root())) + ").";
}

}  // namespace blo::cli
