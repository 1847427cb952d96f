// Errors as answers: the exit code, a stable reason, a sentence, and what to do next.
#ifndef BLO_DAEMON_FAILURE_H
#define BLO_DAEMON_FAILURE_H

#include "base/error.h"

namespace blo::v1 {
class Failure;
}

namespace blo::daemon {

void write_failure(const Error& error, v1::Failure& out);

}  // namespace blo::daemon

#endif
