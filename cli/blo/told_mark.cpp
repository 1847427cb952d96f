#include "told_mark.h"

#include "base/file.h"
#include "base/ids.h"
#include "base/lines.h"

namespace blo::cli {
namespace {

/// "17 1709788329000" and a newline.
constexpr std::size_t kFileBytesMax = 64;

}  // namespace

Outcome<ToldMark> read_told_mark(const std::filesystem::path& file) {
  const auto bytes = read_file(file, kFileBytesMax);
  if (!bytes && bytes.error() == FileError::kNotFound) return ToldMark();
  if (!bytes) return failure_from(bytes.error(), file.string());
  std::string_view text = as_text(*bytes);
  const auto line = take_line(text);
  std::string_view rest = line.value_or("");
  const auto number = parse_decimal(std::string(take_until(rest, " ").value_or("")));
  const auto raised = parse_decimal(std::string(rest));
  if (number && raised && text.empty()) return ToldMark{*number, *raised};
  return Failure{ExitCode::kFailed, "state-damaged",
                 file.string() + " does not say which alarm was told last.",
                 "Remove it: what is open then is told again."};
}

Outcome<void> write_told_mark(const std::filesystem::path& file, const ToldMark& mark) {
  const std::string text =
      std::to_string(mark.number) + " " + std::to_string(mark.raised_ms) + "\n";
  const auto written = write_file(file, as_bytes(text), 0600, Overwrite::kYes);
  if (!written) return failure_from(written.error(), file.string());
  return {};
}

}  // namespace blo::cli
