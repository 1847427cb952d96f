#include "store/error.h"

#include "base/error_category.h"

namespace blo::store {
namespace {

const char* sentence(StoreError error) {
  switch (error) {
    case StoreError::kLocked: return "the store is in use by another blod";
    case StoreError::kFailed: return "the store could not be read or written";
    case StoreError::kFull: return "there is no space left for the store";
    case StoreError::kCorrupt: return "the store is damaged or is not one";
    case StoreError::kNewerSchema: return "the store was written by a newer version of blod";
    case StoreError::kForeign: return "the store belongs to another office or another store key";
    case StoreError::kNotFound: return "the store holds no such thing";
    case StoreError::kConstraint: return "the store holds this already";
    case StoreError::kOutOfRange: return "a number is larger than anything the store counts";
    case StoreError::kReadOnly: return "the store's file system is read-only";
  }
  return "unknown store error";
}

}  // namespace

boost::system::error_code make_error_code(StoreError error) {
  static const ErrorCategory<StoreError, sentence> category("blo.store");
  return {static_cast<int>(error), category};
}

bool reads_go_on(const Error& error) {
  return error == StoreError::kFull || error == StoreError::kReadOnly;
}

bool is_store_failure(const Error& error) {
  return error.code().category() == make_error_code(StoreError::kFailed).category() &&
         !(error == StoreError::kNotFound) && !(error == StoreError::kOutOfRange);
}

}  // namespace blo::store
