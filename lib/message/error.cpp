#include "message/error.h"

#include "base/error_category.h"

namespace blo::message {
namespace {

const char* sentence(MessageError error) {
  switch (error) {
    case MessageError::kMalformed: return "the message cannot be read";
    case MessageError::kUnknownField: return "the message has a field that is not known";
    case MessageError::kMissingField: return "the message does not say all it must";
    case MessageError::kBadValue: return "the message has a value that cannot be used";
    case MessageError::kTooLarge: return "the message is too large";
    case MessageError::kUnknownKind: return "this kind of message is not known";
  }
  return "unknown message error";
}

}  // namespace

boost::system::error_code make_error_code(MessageError error) {
  static const ErrorCategory<MessageError, sentence> category("blo.message");
  return {static_cast<int>(error), category};
}

}  // namespace blo::message
