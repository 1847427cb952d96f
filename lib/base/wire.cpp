#include "base/wire.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/message.h>
#include <google/protobuf/stubs/logging.h>
#include <google/protobuf/unknown_field_set.h>

#include "base/check.h"
#include "base/limits.h"

namespace blo {

bool parse_wire(ByteView bytes, google::protobuf::Message& message) {
  // What is wrong with a peer's bytes is the caller's to say; protobuf would write it to stderr.
  [[maybe_unused]] static const auto previous = google::protobuf::SetLogHandler(nullptr);
  google::protobuf::io::CodedInputStream in(bytes.data(), static_cast<int>(bytes.size()));
  in.SetRecursionLimit(limits::kProtobufDepthMax);
  return message.ParseFromCodedStream(&in) && in.ConsumedEntireMessage() &&
         in.CurrentPosition() == static_cast<int>(bytes.size());
}

Bytes encode_wire(const google::protobuf::Message& message) {
  Bytes bytes(message.ByteSizeLong());
  BLO_CHECK(message.SerializeToArray(bytes.data(), static_cast<int>(bytes.size())));
  return bytes;
}

bool parse_canonical(ByteView bytes, google::protobuf::Message& message) {
  if (!parse_wire(bytes, message)) return false;
  // Whatever differs from what this version would write is not canonical. Unknown fields are
  // written after the known ones, so they are dropped first: a message that had any comes out
  // shorter.
  message.DiscardUnknownFields();
  return message.ByteSizeLong() == bytes.size() && equal(encode_wire(message), bytes);
}

bool has_unknown_fields(const google::protobuf::Message& message) {
  const auto& reflection = *message.GetReflection();
  if (!reflection.GetUnknownFields(message).empty()) return true;
  std::vector<const google::protobuf::FieldDescriptor*> fields;
  reflection.ListFields(message, &fields);
  for (const auto* field : fields) {
    if (field->cpp_type() != google::protobuf::FieldDescriptor::CPPTYPE_MESSAGE) continue;
    if (!field->is_repeated()) {
      if (has_unknown_fields(reflection.GetMessage(message, field))) return true;
      continue;
    }
    for (int i = 0; i < reflection.FieldSize(message, field); ++i) {
      if (has_unknown_fields(reflection.GetRepeatedMessage(message, field, i))) return true;
    }
  }
  return false;
}

}  // namespace blo
