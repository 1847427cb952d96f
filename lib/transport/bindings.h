// Addresses to listen on that are not to be had yet: decisions about time, with no socket and no
// clock in them.
#ifndef BLO_TRANSPORT_BINDINGS_H
#define BLO_TRANSPORT_BINDINGS_H

#include <map>
#include <string>
#include <vector>

#include "base/clock.h"

namespace blo::transport {

/// An address that could not be had so far.
struct Unbound {
  std::string address;  // as it was configured
  std::string why;      // the system's word at the last attempt: "Address already in use"
  SteadyTime since;     // of the first attempt
};

/// What keeps an address away passes by itself: another process lets go of it, an interface comes
/// up. So each is tried for ever, after waits that double from kFirst to kMax.
class Bindings {
 public:
  static constexpr milliseconds kFirst{1'000};
  static constexpr milliseconds kMax{30'000};

  /// `place`: of the address among those that were configured.
  void failed(std::size_t place, const std::string& address, const std::string& why,
              SteadyTime now);
  void bound(std::size_t place) { waiting_.erase(place); }
  /// The places that are tried again now, in order.
  [[nodiscard]] std::vector<std::size_t> due(SteadyTime now) const;
  /// In the order of the places.
  [[nodiscard]] std::vector<Unbound> unbound() const;

 private:
  struct Waiting {
    Unbound what;
    milliseconds wait{0};
    SteadyTime next{};
  };
  std::map<std::size_t, Waiting> waiting_;
};

}  // namespace blo::transport

#endif
