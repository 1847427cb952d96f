#include "examination.h"

#include <algorithm>

#include "base/hex.h"
#include "base/terminal.h"
#include "base/version.h"

namespace blo::audit {
namespace {

constexpr std::size_t kLabelChars = 12;
// A verdict is one page; who wants all of them has --json and --html.
constexpr std::size_t kListedMax = 30;

std::string line_of(const ExaminedFile& file) {
  return to_hex(file.sha256) + "  " + file.path + "\n";
}

}  // namespace

std::string program_and_version() { return "blo-audit " + version_and_commit(); }

Examination begin_examination() { return {program_and_version(), read_clocks().wall, {}}; }

void Examination::add(const std::string& path, ByteView bytes) {
  files.push_back({path, crypto::sha256(bytes)});
}

void Examination::add(const journal::ExportFiles& read, const std::string& folder) {
  for (const auto& [path, digest] : read.digests())
    files.push_back({folder.empty() ? path : folder + "/" + path, digest});
}

crypto::Hash list_digest(const Examination& examined) {
  std::vector<ExaminedFile> files = examined.files;
  std::ranges::sort(files, {}, &ExaminedFile::path);
  std::string list;
  for (const ExaminedFile& file : files) list += line_of(file);
  return crypto::sha256(as_bytes(list));
}

std::vector<std::pair<std::string, std::string>> examination_rows(const Examination& examined) {
  const std::size_t count = examined.files.size();
  return {
      {"made", to_rfc3339(examined.when) + " by this machine's clock, with " + examined.program},
      {"files", std::to_string(count) + (count == 1 ? " was read" : " were read") +
                    "; SHA-256 of the list of theirs: " + to_hex(list_digest(examined))}};
}

std::string file_lines(const Examination& examined) {
  std::string lines;
  for (const ExaminedFile& file : examined.files) lines += line_of(file);
  return lines;
}

std::string examination_text(const Examination& examined) {
  std::string text = "\nThis examination\n";
  for (auto [label, value] : examination_rows(examined)) {
    label.resize(kLabelChars, ' ');
    text += "  " + label + value + "\n";
  }
  if (examined.files.size() > kListedMax)
    return text + "  " + std::string(kLabelChars, ' ') + "each is in --json and --html\n";
  for (const ExaminedFile& file : examined.files)
    text += "  " + to_hex(file.sha256) + "  " + terminal_safe(file.path) + "\n";
  return text;
}

void add_examination(HtmlPage& page, const Examination& examined) {
  page.heading("This examination");
  for (const auto& [label, value] : examination_rows(examined)) page.row(label, value);
  page.listing(file_lines(examined));
}

}  // namespace blo::audit
