// Result<T>: a value or an Error; never ignored.
#ifndef BLO_BASE_RESULT_H
#define BLO_BASE_RESULT_H

#include <boost/system/result.hpp>

#include "base/check.h"
#include "base/error.h"

namespace blo {

/// Found by argument-dependent lookup when `value()` is called on a Result that holds an error.
/// That is a bug of the caller, who must look first, so it ends the process.
[[noreturn]] inline void throw_exception_from_error(const Error& error,
                                                    const boost::source_location& where) {
  check_failed(error.message().c_str(), where.file_name(), static_cast<int>(where.line()));
}

/// What input or the environment can make fail. Dropping one is a compile error.
template <class T>
class [[nodiscard]] Result : public boost::system::result<T, Error> {
 public:
  using boost::system::result<T, Error>::result;
};

template <>
class [[nodiscard]] Result<void> : public boost::system::result<void, Error> {
 public:
  using boost::system::result<void, Error>::result;
  Result() = default;
};

}  // namespace blo

#endif
