// A passphrase as it counts, for whoever seals a key file with it and whoever opens one.
#ifndef BLO_IDENTITY_PASSPHRASE_H
#define BLO_IDENTITY_PASSPHRASE_H

#include "base/bytes.h"

namespace blo::identity {

/// The same whether it was typed or is in a file that some editor wrote: without a byte order mark
/// and the line ends after it, and in Unicode's composed form (NFC) where it is UTF-8. `given` is
/// wiped.
[[nodiscard]] Bytes canonical_passphrase(Bytes given);

}  // namespace blo::identity

#endif
