#include "daemon/ending.h"

#include <catch2/catch.hpp>
#include <set>

#include "base/file.h"
#include "base/guarded_file.h"
#include "daemon/config.h"
#include "daemon/home.h"
#include "identity/error.h"
#include "office/error.h"
#include "store/error.h"
#include "transport/error.h"

namespace blo::daemon {
namespace {

using identity::IdentityError;
using store::StoreError;

std::string text(const boost::system::error_code& code) {
  return std::string(code.category().name()) + ": " + code.message();
}

TEST_CASE("every code of what a start goes through has one row in the table of endings") {
  std::set<boost::system::error_code> rows;
  for (const auto& row : endings()) {
    INFO(text(row.code));
    CHECK(rows.insert(row.code).second);
    CHECK(ending_of(Error(row.code)) == row.ending);
  }
  for (const auto& first :
       {make_error_code(HomeError::kMissing), make_error_code(FileError::kNotFound),
        make_error_code(GuardError::kLink), make_error_code(ConfigError::kSyntax),
        make_error_code(StoreError::kLocked), make_error_code(IdentityError::kMalformed)}) {
    int value = first.value();
    for (; !boost::system::error_code(value, first.category()).message().starts_with("unknown ");
         ++value) {
      const boost::system::error_code code(value, first.category());
      INFO(text(code));
      CHECK(rows.contains(code));
    }
    CHECK(value > 2);
  }
}

TEST_CASE("what passes by itself is tried again and what somebody must change is not") {
  const std::set<boost::system::error_code> passing{
      make_error_code(HomeError::kMissing),   make_error_code(HomeError::kInUse),
      make_error_code(HomeError::kBackingUp), make_error_code(FileError::kNotFound),
      make_error_code(FileError::kFailed),    make_error_code(StoreError::kLocked),
      make_error_code(StoreError::kFailed),   make_error_code(StoreError::kFull),
      make_error_code(StoreError::kReadOnly), make_error_code(IdentityError::kNoMemory)};
  for (const auto& row : endings()) {
    INFO(text(row.code));
    CHECK((row.ending == Ending::kPassing) == passing.contains(row.code));
  }
  CHECK(ending_of(Error(office::OfficeError::kMalformed)) == Ending::kLasting);
  CHECK(static_cast<int>(Ending::kPassing) == 1);
  CHECK(static_cast<int>(Ending::kLasting) == 78);
}

}  // namespace
}  // namespace blo::daemon
