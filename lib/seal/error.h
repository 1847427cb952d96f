// Why a body does not open.
#ifndef BLO_SEAL_ERROR_H
#define BLO_SEAL_ERROR_H

#include "base/error.h"

namespace blo::seal {

enum class SealError {
  kUnopenable = 1,  // the key does not open this body for this envelope
  kMalformed,       // it opens, and what is inside is out of form
};
[[nodiscard]] boost::system::error_code make_error_code(SealError error);

}  // namespace blo::seal

template <>
struct boost::system::is_error_code_enum<blo::seal::SealError> : std::true_type {};

#endif
