#include "message/bounds.h"

#include <google/protobuf/message.h>

#include <algorithm>
#include <array>

#include "base/utf8.h"
#include "message/check.h"

namespace blo::message {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

std::size_t bytes_max(const FieldDescriptor& field) {
  static constexpr std::array<std::string_view, 5> kTexts = {"reason", "action", "remarks", "text",
                                                             "description"};
  return std::ranges::find(kTexts, field.name()) == kTexts.end() ? kNameBytesMax : kTextBytesMax;
}

MaybeFlaw check_string(const FieldDescriptor& field, const std::string& text,
                       const std::string& path) {
  if (text.size() > bytes_max(field)) {
    return Flaw{MessageError::kTooLarge,
                path,
                "is " + std::to_string(text.size()) + " bytes long; at most " +
                    std::to_string(bytes_max(field)) + " are allowed",
                {}};
  }
  if (!is_utf8(text)) return Flaw{MessageError::kBadValue, path, "is not UTF-8", {}};
  if (text.find('\0') != std::string::npos) {
    return Flaw{MessageError::kBadValue, path, "contains a zero character", {}};
  }
  return std::nullopt;
}

/// One value of a field: `index` is -1 where the field is not a list.
MaybeFlaw check_value(const Message& message, const FieldDescriptor& field, int index,
                      const std::string& path) {
  const auto& reflection = *message.GetReflection();
  if (field.cpp_type() == FieldDescriptor::CPPTYPE_STRING) {
    std::string scratch;
    return check_string(
        field,
        index < 0 ? reflection.GetStringReference(message, &field, &scratch)
                  : reflection.GetRepeatedStringReference(message, &field, index, &scratch),
        path);
  }
  if (field.cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) return std::nullopt;
  return check_bounds(index < 0 ? reflection.GetMessage(message, &field)
                                : reflection.GetRepeatedMessage(message, &field, index),
                      path);
}

MaybeFlaw check_field(const Message& message, const FieldDescriptor& field,
                      const std::string& path) {
  if (!field.is_repeated()) return check_value(message, field, -1, path);
  const int length = message.GetReflection()->FieldSize(message, &field);
  if (length > kListLengthMax) {
    return Flaw{MessageError::kTooLarge,
                path,
                "has " + std::to_string(length) + " elements; at most " +
                    std::to_string(kListLengthMax) + " are allowed",
                {}};
  }
  for (int i = 0; i < length; ++i) {
    if (auto flaw = check_value(message, field, i, path + "[" + std::to_string(i) + "]")) {
      return flaw;
    }
  }
  return std::nullopt;
}

}  // namespace

MaybeFlaw check_bounds(const Message& message, const std::string& path) {
  std::vector<const FieldDescriptor*> fields;
  message.GetReflection()->ListFields(message, &fields);
  for (const auto* field : fields) {
    const std::string inner = path.empty() ? field->json_name() : path + "." + field->json_name();
    if (auto flaw = check_field(message, *field, inner)) return flaw;
  }
  return std::nullopt;
}

}  // namespace blo::message
