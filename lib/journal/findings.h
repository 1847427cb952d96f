// Collects findings about one journal, or about the export as a whole: bounded, and made safe to
// print.
#ifndef BLO_JOURNAL_FINDINGS_H
#define BLO_JOURNAL_FINDINGS_H

#include <map>

#include "journal/verify.h"

namespace blo::journal {

/// `text` with everything but printable ASCII (and the backslash) as \xNN.
[[nodiscard]] std::string printable(std::string_view text);

class Findings {
 public:
  /// One altered entry makes every later receipt wrong: what is beyond this many of a code is
  /// counted, not listed.
  static constexpr std::size_t kListedMax = 20;

  /// `where` is put before each finding's own place: the journal's folder, or nothing.
  explicit Findings(std::string where) : where_(std::move(where)) {}

  /// Whose keys entries (sender) and receipts (counterpart) rest on; from here on.
  void rest_on(std::string sender, std::string counterpart);
  void add(FindingCode code, const std::string& place, std::string_view what,
           std::string_view evidence = {});
  /// A file that could not be read.
  void add_unread(const std::string& place, const Error& error);

  /// Whether one more of that code would be listed, and its particulars are worth finding out.
  [[nodiscard]] bool lists(FindingCode code) const;

  [[nodiscard]] bool empty() const { return counts_.empty(); }
  /// What was collected, with one more finding for each code that had too many.
  [[nodiscard]] std::vector<Finding> take();

 private:
  [[nodiscard]] std::string rests_on(FindingCode code) const;

  std::string where_;
  std::string sender_;
  std::string counterpart_;
  std::vector<Finding> listed_;
  std::map<FindingCode, std::uint64_t> counts_;
};

}  // namespace blo::journal

#endif
