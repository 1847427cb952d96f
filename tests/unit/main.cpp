#define CATCH_CONFIG_RUNNER
#include <catch2/catch.hpp>

#include "crypto/secret.h"

int main(int argc, char** argv) {
  if (!blo::crypto::initialise()) return 1;
  Catch::Session session;
  if (const int refused = session.applyCommandLine(argc, argv); refused != 0) return refused;
  // A name that matches no test case fails, and so does a case that asserts nothing.
  session.configData().warnings = static_cast<Catch::WarnAbout::What>(
      Catch::WarnAbout::NoAssertions | Catch::WarnAbout::NoTests);
  return session.run();
}
