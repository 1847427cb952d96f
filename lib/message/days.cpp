#include <google/protobuf/message.h>

#include <array>

#include "base/limits.h"
#include "base/wire.h"
#include "blo/v1/message.pb.h"
#include "message/check.h"
#include "message/message.h"

namespace blo::message {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

/// Fields that tell of something that has happened, by name.
constexpr std::array<std::string_view, 2> kPast = {"date", "birth_date"};

/// The day's beginning in UTC, of a month or a year its first one's; nothing for what is no date.
std::optional<WallTime> day_of(const std::string& text) {
  if (const auto time = parse_rfc3339(text)) return time;
  constexpr std::string_view kFirst = "0000-01-01";
  const auto whole =
      text.size() < kFirst.size() ? text + std::string(kFirst.substr(text.size())) : text;
  const auto day = parse_date(whole);
  return day ? std::optional<WallTime>(std::chrono::sys_days(*day)) : std::nullopt;
}

MaybeFlaw check_message(const Message& message, const std::string& path, WallTime latest);

MaybeFlaw check_one(const Message& message, const FieldDescriptor& field, int index,
                    const std::string& path, WallTime latest) {
  const auto& reflection = *message.GetReflection();
  if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
    return check_message(index < 0 ? reflection.GetMessage(message, &field)
                                   : reflection.GetRepeatedMessage(message, &field, index),
                         path, latest);
  }
  if (index >= 0 || std::ranges::find(kPast, field.name()) == kPast.end()) return std::nullopt;
  const auto text = reflection.GetString(message, &field);
  const auto day = day_of(text);
  if (!day || *day <= latest) return std::nullopt;
  return Flaw{MessageError::kBadValue, path, "is a day to come", text};
}

MaybeFlaw check_message(const Message& message, const std::string& path, WallTime latest) {
  std::vector<const FieldDescriptor*> fields;
  message.GetReflection()->ListFields(message, &fields);
  for (const auto* field : fields) {
    const std::string inner = path.empty() ? field->json_name() : path + "." + field->json_name();
    const int length =
        field->is_repeated() ? message.GetReflection()->FieldSize(message, field) : 0;
    if (!field->is_repeated()) {
      if (auto flaw = check_one(message, *field, -1, inner, latest)) return flaw;
    }
    for (int i = 0; i < length; ++i) {
      const std::string place = inner + "[" + std::to_string(i) + "]";
      if (auto flaw = check_one(message, *field, i, place, latest)) return flaw;
    }
  }
  return std::nullopt;
}

}  // namespace

Result<void> check_days(ByteView content, WallTime now) {
  v1::Content parsed;
  if (!parse_wire(content, parsed)) return Error(MessageError::kMalformed);
  const auto flaw = check_message(parsed, "", now + limits::kClockSkewMax);
  return flaw ? Result<void>(Error(flaw->code, flaw->path + " " + flaw->what)) : Result<void>();
}

}  // namespace blo::message
