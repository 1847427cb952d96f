#include "seal/error.h"

#include "base/error_category.h"

namespace blo::seal {
namespace {

const char* sentence(SealError error) {
  switch (error) {
    case SealError::kUnopenable: return "the key does not open this";
    case SealError::kMalformed: return "what is inside is out of form";
  }
  return "unknown seal error";
}

}  // namespace

boost::system::error_code make_error_code(SealError error) {
  static const ErrorCategory<SealError, sentence> category("blo.seal");
  return {static_cast<int>(error), category};
}

}  // namespace blo::seal
