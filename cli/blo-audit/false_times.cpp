#include "base/limits.h"
#include "evidence.h"
#include "message/message.h"

namespace blo::audit {
namespace {

using journal::EvidenceVerdict;

/// By when the message was there, and whose word that is; nothing where no clock can be believed.
struct ThereBy {
  WallTime time;
  std::string words;
};

std::optional<ThereBy> there_by(const EvidenceVerdict& verdict) {
  if (verdict.receipt) {
    return ThereBy{*verdict.receipt, "was received by " + verdict.number->to.text() + " (" +
                                         to_rfc3339(*verdict.receipt) + ")"};
  }
  if (!verdict.stamp || verdict.stamp->unsure) return std::nullopt;
  return ThereBy{verdict.stamp->time, "was sent by " + verdict.number->from.text() + " (" +
                                          to_rfc3339(verdict.stamp->time) + ")"};
}

/// What check_days() names by its field first, "seizure.date is …", in a reader's words.
std::string named(const std::string& detail) {
  const std::string field = detail.substr(0, detail.find(' '));
  return (field.ends_with("birthDate") ? "as a date of birth (" : "as the date of the seizure (") +
         field + ")";
}

}  // namespace

std::vector<std::string> false_times(const EvidenceVerdict& verdict) {
  std::vector<std::string> sentences;
  if (!verdict.verified()) return sentences;
  const auto there = there_by(verdict);
  if (!there) return sentences;
  if (verdict.content == journal::Content::kMatches) {
    const auto days = message::check_days(verdict.disclosed, there->time);
    if (!days && days.error() == message::MessageError::kBadValue) {
      sentences.push_back("The content gives " + named(days.error().detail()) +
                          " a day that had not come when the message " + there->words +
                          ". Its author wrote that date, and it cannot be true.");
    }
  }
  if (verdict.envelope && verdict.envelope->created > there->time + limits::kClockSkewMax) {
    sentences.push_back("Its author's machine dated the message " +
                        to_rfc3339(verdict.envelope->created) + ", more than a day after it " +
                        there->words + ": that machine's clock was wrong.");
  }
  if (verdict.claim && verdict.stamp) {
    sentences.push_back(verdict.number->from.text() + " dated the message " +
                        to_rfc3339(verdict.stamp->time) + ", more than a day after it " +
                        there->words + ": its clock was wrong, and that date counts for nothing.");
  }
  return sentences;
}

}  // namespace blo::audit
