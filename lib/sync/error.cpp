#include "sync/error.h"

#include "base/error_category.h"

namespace blo::sync {
namespace {

const char* sentence(SyncError error) {
  switch (error) {
    case SyncError::kMalformed: return "the counterpart sent a frame that is out of form";
    case SyncError::kUnknownFrame: return "the counterpart sent a kind of frame unknown here";
    case SyncError::kOutOfOrder: return "the counterpart sent a frame that has no place here";
    case SyncError::kTooMuch: return "the counterpart sent more than one batch may hold";
  }
  return "unknown sync error";
}

}  // namespace

boost::system::error_code make_error_code(SyncError error) {
  static const ErrorCategory<SyncError, sentence> category("blo.sync");
  return {static_cast<int>(error), category};
}

}  // namespace blo::sync
