// What each wrapped column of a pairing is bound to.
#ifndef BLO_STORE_PAIRING_USES_H
#define BLO_STORE_PAIRING_USES_H

#include <string>
#include <string_view>

#include "base/ids.h"

namespace blo::store {

inline constexpr std::string_view kOneTimeUse = "one-time";
inline constexpr std::string_view kHowUse = "pairing-how";
inline constexpr std::string_view kWhyUse = "pairing-why";
inline constexpr std::string_view kSecretUse = "pairing-secret";
inline constexpr std::string_view kNextUse = "pairing-secret-next";
inline constexpr std::string_view kPreviousUse = "pairing-secret-previous";
inline constexpr std::string_view kAgainOneTimeUse = "again-one-time";
inline constexpr std::string_view kAgainSecretUse = "again-pairing-secret";

inline Bytes bound_to(std::string_view use, const OfficeId& counterpart) {
  return to_bytes(std::string(use) + " " + counterpart.text());
}

}  // namespace blo::store

#endif
