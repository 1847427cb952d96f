#include "message/container.h"

#include <catch2/catch.hpp>

namespace blo::message {
namespace {

TEST_CASE("check digits of published container numbers are right") {
  CHECK(container_check_digit("CSQU305438") == '3');  // the example of ISO 6346
  CHECK(container_check_digit("MSKU907032") == '3');
  CHECK(container_check_digit("TOLU473478") == '7');
  CHECK(container_check_digit("TEXU307007") == '9');
}

TEST_CASE("a sum of ten modulo eleven gives the digit zero") {
  bool seen = false;
  for (int serial = 0; serial < 100; ++serial) {
    std::string ten = "CSQU3054";
    ten += static_cast<char>('0' + serial / 10);
    ten += static_cast<char>('0' + serial % 10);
    unsigned sum = 0;
    const unsigned letters[] = {13, 30, 28, 32};
    for (unsigned i = 0; i < 10; ++i) {
      sum += (i < 4 ? letters[i] : static_cast<unsigned>(ten[i] - '0')) << i;
    }
    if (sum % 11 == 10) {
      seen = true;
      CHECK(container_check_digit(ten) == '0');
    } else {
      CHECK(container_check_digit(ten) == static_cast<char>('0' + sum % 11));
    }
  }
  CHECK(seen);
}

TEST_CASE("every single misread digit is found") {
  const std::string number = "CSQU3054383";
  CHECK(container_number_flaw(number).empty());
  for (std::size_t at = 4; at < number.size(); ++at) {
    for (char digit = '0'; digit <= '9'; ++digit) {
      std::string wrong = number;
      wrong[at] = digit;
      // Modulo 11 the digits 0 and 10 share a check digit; no other single change passes.
      if (digit != number[at]) CHECK_FALSE(container_number_flaw(wrong).empty());
    }
  }
}

TEST_CASE("what is not eleven characters of the right kind is no container number") {
  for (const char* text : {"", "CSQU", "CSQU305438", "CSQU30543833", "CSQX3054383", "csqu3054383",
                           "CSQU305438X", "1SQU3054383", "CSQU 305438", "\xD0\xA1SQU305438"}) {
    CHECK(container_number_flaw(text).find("is not a container number") == 0);
  }
  CHECK(normalise_container_number("csqu 305438-3") == "CSQU3054383");
}

}  // namespace
}  // namespace blo::message
