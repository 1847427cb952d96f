// An authority's folder: its certificate, its key, and the statement numbers it has given out.
#ifndef BLO_CLI_BLO_AUTHORITY_FOLDER_H
#define BLO_CLI_BLO_AUTHORITY_FOLDER_H

#include "arguments.h"
#include "failure.h"
#include "identity/keyfile.h"
#include "layout.h"

namespace blo::cli {

/// Its certificate, checked.
[[nodiscard]] Outcome<identity::Certificate> load_authority(const AuthorityLayout& folder);
/// The key of `authority`; may ask for the passphrase.
[[nodiscard]] Outcome<identity::KeyRing> unlock_authority(const Globals& globals,
                                                          const AuthorityLayout& folder,
                                                          const identity::Certificate& authority);
/// Takes the next number: it is durable in the folder before it is given out. A file that is
/// missing or out of form is a failure, since beginning anew would use numbers twice.
[[nodiscard]] Outcome<std::uint64_t> take_statement(const AuthorityLayout& folder);

}  // namespace blo::cli

#endif
