// How coroutines are started and awaited here: with errors as values, and with no exception lost.
#ifndef BLO_TRANSPORT_SPAWN_H
#define BLO_TRANSPORT_SPAWN_H

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>

#include "base/check.h"

namespace blo::transport {

inline constexpr auto kAsTuple = boost::asio::as_tuple(boost::asio::use_awaitable);

/// The completion of every co_spawn. Nothing in this folder throws; what does throw is a bug, or
/// memory has run out.
inline void end_of_coroutine(std::exception_ptr failure) { BLO_CHECK(failure == nullptr); }

}  // namespace blo::transport

#endif
