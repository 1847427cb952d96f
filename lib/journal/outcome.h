// What an audit of an export comes to: one of three verdicts. Every report, page, object and exit
// code is made from this one value, so that no two of them can say different things.
#ifndef BLO_JOURNAL_OUTCOME_H
#define BLO_JOURNAL_OUTCOME_H

#include "base/ids.h"

namespace blo::journal {

enum class Outcome : std::uint8_t {
  kVerified,    // nothing was found
  kNotWhole,    // nothing was found, and what is there speaks of more that is not there
  kNotVerified  // something is wrong with what is there
};
/// "VERIFIED", "VERIFIED, BUT NOT WHOLE", "NOT VERIFIED": for people and programs alike.
[[nodiscard]] std::string_view to_string(Outcome outcome);

/// What an export itself shows to be missing from it.
struct Missing {
  enum class What : std::uint8_t {
    kJournal,   // a journal, one generation of it: stamps, refusals or the next generation name it
    kReceipts,  // receipts for the first `size` entries: the counterpart's stamps say it gave them
    kEntries    // the end of an audit trail: a pair journal names a later head of it
  };
  What what;
  Origin origin;           // of which it is missing
  std::uint64_t size = 0;  // entries that receipts should cover
  std::string sentence;    // what shows it; printable ASCII

  [[nodiscard]] bool same_as(const Missing& other) const {
    return what == other.what && origin == other.origin;
  }
};
[[nodiscard]] std::string_view to_string(Missing::What what);  // "journal", "receipts", "entries"

}  // namespace blo::journal

#endif
