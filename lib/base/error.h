// What went wrong, as a value: a closed code per module plus the particulars of this case.
#ifndef BLO_BASE_ERROR_H
#define BLO_BASE_ERROR_H

#include <boost/system/error_code.hpp>
#include <string>
#include <type_traits>
#include <utility>

namespace blo {

/// An error a caller, an operator and an auditor can each use.
/// `code` is one of a module's closed enum (`journal::Error::kRootMismatch`, …); `detail` names the
/// thing it happened to ("entry 17", "field drugs[0].quantity"). `message()` is one sentence for
/// people.
class Error {
 public:
  /// No error: what boost::system::result gives for the error of a result that holds a value.
  Error() = default;
  Error(boost::system::error_code code, std::string detail = {})
      : code_(code), detail_(std::move(detail)) {}

  /// From any module's error enum that is registered as a boost error_code enum.
  template <class Enum>
  requires boost::system::is_error_code_enum<Enum>::value Error(Enum code, std::string detail = {})
      : Error(make_error_code(code), std::move(detail)) {}

  [[nodiscard]] const boost::system::error_code& code() const { return code_; }
  [[nodiscard]] const std::string& detail() const { return detail_; }

  /// "<detail>: <what the code means>", or the meaning alone where there is no detail.
  [[nodiscard]] std::string message() const {
    return detail_.empty() ? code_.message() : detail_ + ": " + code_.message();
  }

  /// The same error with its detail put in a wider frame: "row 12" around "field date".
  [[nodiscard]] Error within(const std::string& outer) const {
    return {code_, detail_.empty() ? outer : outer + ", " + detail_};
  }

  template <class Enum>
  requires boost::system::is_error_code_enum<Enum>::value friend bool operator==(const Error& error,
                                                                                 Enum code) {
    return error.code_ == make_error_code(code);
  }

 private:
  boost::system::error_code code_;
  std::string detail_;
};

}  // namespace blo

#endif
