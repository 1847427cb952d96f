// Every failure says how to have it again.
#define CATCH_CONFIG_EXTERNAL_INTERFACES
#include <catch2/catch.hpp>
#include <iostream>

#include "world.h"

namespace blo::sim {
namespace {

class SeedPrinter : public Catch::TestEventListenerBase {
 public:
  using TestEventListenerBase::TestEventListenerBase;
  bool assertionEnded(const Catch::AssertionStats& stats) override {
    if (!stats.assertionResult.isOk())
      std::cerr << "replay with BLO_SIM_SEED=" << seed_from_environment() << "\n";
    return true;
  }
};
CATCH_REGISTER_LISTENER(SeedPrinter)

}  // namespace
}  // namespace blo::sim
