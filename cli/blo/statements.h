// An authority's statement numbers: one counter in a file, never used twice.
#ifndef BLO_CLI_BLO_STATEMENTS_H
#define BLO_CLI_BLO_STATEMENTS_H

#include "failure.h"
#include "layout.h"

namespace blo::cli {

/// Takes the next number: it is durable in the authority's folder before it is given out. A file
/// that is missing or out of form is a failure, since beginning anew would use numbers twice.
[[nodiscard]] Outcome<std::uint64_t> take_statement(const AuthorityLayout& authority);

}  // namespace blo::cli

#endif
