#include "message/walk.h"

#include <google/protobuf/message.h>

#include <vector>

namespace blo::message {

void walk(const google::protobuf::Message& message, const std::string& path,
          const VisitPart& visit) {
  visit(message, path);
  const auto& reflection = *message.GetReflection();
  std::vector<const google::protobuf::FieldDescriptor*> fields;
  reflection.ListFields(message, &fields);
  for (const auto* field : fields) {
    if (field->cpp_type() != google::protobuf::FieldDescriptor::CPPTYPE_MESSAGE) continue;
    const std::string inner = path.empty() ? field->json_name() : path + "." + field->json_name();
    if (!field->is_repeated()) {
      walk(reflection.GetMessage(message, field), inner, visit);
      continue;
    }
    for (int i = 0; i < reflection.FieldSize(message, field); ++i)
      walk(reflection.GetRepeatedMessage(message, field, i), inner + "[" + std::to_string(i) + "]",
           visit);
  }
}

}  // namespace blo::message
