// One line makes a module's closed error enum into a boost error category.
#ifndef BLO_BASE_ERROR_CATEGORY_H
#define BLO_BASE_ERROR_CATEGORY_H

#include <boost/system/error_code.hpp>
#include <string>

namespace blo {

/// A category whose sentences come from one function over the enum's values.
template <class Enum, const char* (*Sentence)(Enum)>
class ErrorCategory final : public boost::system::error_category {
 public:
  explicit constexpr ErrorCategory(const char* name) : name_(name) {}
  [[nodiscard]] const char* name() const noexcept override { return name_; }
  [[nodiscard]] std::string message(int value) const override {
    return Sentence(static_cast<Enum>(value));
  }

 private:
  const char* name_;
};

}  // namespace blo

#endif
