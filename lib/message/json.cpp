#include <google/protobuf/util/json_util.h>

#include "base/limits.h"
#include "base/wire.h"
#include "blo/v1/message.pb.h"
#include "message/check.h"
#include "message/json_reader.h"
#include "message/message.h"

namespace blo::message {
namespace {

/// The line of the field, or of the nearest one around it that is there.
std::size_t line_of(const FieldLines& lines, std::string path) {
  for (;;) {
    if (const auto found = lines.find(path); found != lines.end()) return found->second;
    const auto cut = path.find_last_of(".[");
    if (cut == std::string::npos) return 1;
    path.resize(cut);
  }
}

Error to_error(const Flaw& flaw, const FieldLines& lines) {
  if (flaw.path.empty()) return {flaw.code, with_value(flaw)};
  const auto line = std::to_string(line_of(lines, flaw.path));
  return {flaw.code, flaw.path + " (line " + line + ") " + with_value(flaw)};
}

}  // namespace

Result<Bytes> from_json(std::uint32_t kind, std::string_view json) {
  v1::Content content;
  FieldLines lines;
  if (const auto flaw = read_json(json, content, lines)) return to_error(*flaw, lines);
  if (const auto flaw = check(kind, content)) return to_error(*flaw, lines);
  Bytes bytes = encode_wire(content);
  if (bytes.size() > limits::kContentBytesMax) {
    return Error(MessageError::kTooLarge, std::to_string(bytes.size()) + " bytes of content");
  }
  return bytes;
}

Result<std::string> to_json(std::uint32_t kind, ByteView content) {
  if (const auto valid = validate(kind, content); !valid) return valid.error();
  v1::Content parsed;
  if (!parse_wire(content, parsed)) return Error(MessageError::kMalformed);
  google::protobuf::util::JsonPrintOptions options;
  options.add_whitespace = true;
  std::string json;
  if (!google::protobuf::util::MessageToJsonString(parsed, &json, options).ok()) {
    return Error(MessageError::kMalformed);
  }
  return json;
}

}  // namespace blo::message
