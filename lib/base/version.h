// Which program this is: the number of the release, and the commit it was built from.
#ifndef BLO_BASE_VERSION_H
#define BLO_BASE_VERSION_H

#include <string>
#include <string_view>

namespace blo {

/// "0.2.0".
[[nodiscard]] std::string_view version();

/// Twelve hex digits, and "+" after them where the source differed from that commit when the build
/// was configured; empty where the source lay in no repository and came from none.
[[nodiscard]] std::string_view commit();

/// What --version prints after the program's name: "0.2.0 (commit 9492c45a1b2c)", or "0.2.0".
[[nodiscard]] std::string version_and_commit();

}  // namespace blo

#endif
