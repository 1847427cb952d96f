#include "base/limits.h"
#include "base/wire.h"
#include "blo/v1/message.pb.h"
#include "message/check.h"
#include "message/message.h"
#include "message/walk.h"

namespace blo::message {
namespace {

/// The day's beginning in UTC, of a month or a year its first one's; nothing for what is no date.
std::optional<WallTime> day_of(const std::string& text) {
  if (const auto time = parse_rfc3339(text)) return time;
  constexpr std::string_view kFirst = "0000-01-01";
  const auto whole =
      text.size() < kFirst.size() ? text + std::string(kFirst.substr(text.size())) : text;
  const auto day = parse_date(whole);
  return day ? std::optional<WallTime>(std::chrono::sys_days(*day)) : std::nullopt;
}

}  // namespace

Result<void> check_days(ByteView content, WallTime now) {
  v1::Content parsed;
  if (!parse_wire(content, parsed)) return Error(MessageError::kMalformed);
  Result<void> fine;
  const auto look = [&](const std::string& text, const std::string& path) {
    const auto day = day_of(text);
    if (fine && day && *day > now + limits::kClockSkewMax)
      fine = Error(MessageError::kBadValue, path + " is a day to come");
  };
  walk(parsed, "", [&](const google::protobuf::Message& part, const std::string& path) {
    if (const auto* seizure = dynamic_cast<const v1::SeizureNotice*>(&part))
      look(seizure->date(), path + ".date");
    if (const auto* person = dynamic_cast<const v1::Person*>(&part))
      look(person->birth_date(), path + ".birthDate");
  });
  return fine;
}

}  // namespace blo::message
