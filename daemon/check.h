// blod --check: what a start would meet, without starting.
#ifndef BLO_DAEMON_CHECK_H
#define BLO_DAEMON_CHECK_H

#include "daemon/settings.h"

namespace blo::daemon {

/// The home and the configuration, as every start reads them first, and the group that the
/// configuration names. Reads no key, opens no store and touches nothing, so that it may run beside
/// a blod. Errors: as Settings::load(), check_home(), control_socket_path(), find_group().
[[nodiscard]] Result<Settings> check_configuration(const Arguments& arguments);

}  // namespace blo::daemon

#endif
