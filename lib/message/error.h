// What is wrong with a message somebody wrote.
#ifndef BLO_MESSAGE_ERROR_H
#define BLO_MESSAGE_ERROR_H

#include "base/error.h"

namespace blo::message {

enum class MessageError {
  kMalformed = 1,  // not JSON, not protobuf, not CSV
  kUnknownField,
  kMissingField,
  kBadValue,  // a quantity that is not a number, a date that does not exist, a code that is not in
              // the list
  kTooLarge,
  kUnknownKind,
};
[[nodiscard]] boost::system::error_code make_error_code(MessageError error);

}  // namespace blo::message

template <>
struct boost::system::is_error_code_enum<blo::message::MessageError> : std::true_type {};

#endif
