#include "store/log_mark.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "base/bytes.h"
#include "base/descriptor.h"

namespace blo::store {
namespace {

constexpr unsigned kSchemaBits = 8;
constexpr std::uint32_t kMarks = 1U << 23U;  // user_version is signed, and stays positive
constexpr std::uint32_t kGoesOnMax = 2;
constexpr off_t kNumberAt = 60;  // SQLite's file format, 1.3

}  // namespace

HeaderNumber HeaderNumber::of(std::int64_t user_version) {
  const auto number = static_cast<std::uint32_t>(user_version);
  return {static_cast<std::uint8_t>(number), (number >> kSchemaBits) % kMarks};
}

std::int64_t HeaderNumber::user_version() const {
  return std::int64_t{(mark << kSchemaBits) | schema};
}

HeaderNumber HeaderNumber::log_begun() const { return {schema, mark | 1U}; }

HeaderNumber HeaderNumber::log_over() const { return {schema, (mark + mark % 2) % kMarks}; }

bool belong_together(HeaderNumber own, HeaderNumber both) {
  return (both.mark - own.mark) % kMarks <= kGoesOnMax;
}

Result<HeaderNumber> own_number(const std::filesystem::path& database) {
  const Descriptor file(::open(database.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (!file.ok())
    return Error(StoreError::kFailed, database.string() + ", " + std::strerror(errno));
  std::array<Byte, 4> number{};
  if (::pread(file.get(), number.data(), number.size(), kNumberAt) != ssize_t{number.size()})
    return Error(StoreError::kCorrupt, database.string() + " has no header");
  return HeaderNumber::of(read_be<std::uint32_t>(number));
}

}  // namespace blo::store
