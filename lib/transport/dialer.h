// Makes a connection to a counterpart.
#ifndef BLO_TRANSPORT_DIALER_H
#define BLO_TRANSPORT_DIALER_H

#include "transport/link.h"

namespace blo::transport {

/// Resolves and connects "host:port" or "[v6]:port" within `time` (name servers included), trying
/// all of its addresses in turn, the two families alternating; each gets its share of the time that
/// is left. The link is not started: store it, then call Link::start().
/// Errors: kAddress, kResolve, kConnect, kTimeout, each with `address` as its detail. It does not
/// throw.
/// `events` outlives the link.
[[nodiscard]] boost::asio::awaitable<Result<std::shared_ptr<Link>>> dial(
    std::string address, session::DialOptions options, LinkEvents& events,
    milliseconds time = limits::kHandshakeTimeMax);

}  // namespace blo::transport

#endif
