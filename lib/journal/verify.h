// Verifies an export offline: all that blo-audit knows. Trusts only the authority certificates it
// is given.
#ifndef BLO_JOURNAL_VERIFY_H
#define BLO_JOURNAL_VERIFY_H

#include <deque>
#include <filesystem>

#include "journal/executor.h"
#include "journal/export.h"
#include "journal/export_files.h"
#include "journal/finding_code.h"
#include "journal/outcome.h"
#include "journal/reader.h"
#include "journal/timeline.h"

namespace blo::journal {

struct Finding {
  FindingCode code;
  std::string where;     // file, and entry index where there is one
  std::string what;      // a sentence
  std::string evidence;  // hex or base64 of the bytes that show it, shortened to 256 characters
  std::string rests_on;  // whose key it rests on ("authority UZ 4f2a…"); empty: on the files alone
};

/// An auditor's text in a journal.
struct Challenge {
  std::uint64_t index;
  std::string text;                   // printable ASCII
  std::optional<WallTime> receipted;  // of the first valid receipt that covers it
};

/// Entries whose stamps are later by more than a day than the receipts over them.
struct Claims {
  std::uint64_t count = 0;
  std::uint64_t first = 0;  // index
  WallTime stamped{};       // of the first
  WallTime received{};
};

/// One direction as it was found.
struct JournalVerdict {
  Origin origin;
  /// "UZ 4f2a…": what entries and checkpoints rest on, and what receipts rest on; empty where no
  /// authority given vouches for the office.
  std::string sender_authority;
  std::string counterpart_authority;
  std::uint64_t size = 0;
  Hash root{};  // all zero: the journal was not read
  std::uint64_t messages = 0;
  std::uint64_t records = 0;
  std::uint64_t officers = 0;   // persons, however many certificates they had
  std::uint64_t refused = 0;    // entries the counterpart refused by record; listed in `notes`
  std::uint64_t receipted = 0;  // entries under a valid receipt
  std::optional<WallTime> first_receipt = std::nullopt;
  std::optional<WallTime> last_receipt = std::nullopt;
  Claims claims = {};
  std::uint64_t unsure = 0;  // entries whose office was not sure of its clock
  /// Facts the reader must see: an unreceipted tail, refused entries, what could not be checked.
  std::vector<std::string> notes = {};
  std::vector<Missing> missing = {};      // what it shows to be missing from the export
  std::deque<Challenge> challenges = {};  // the newest of them, oldest first
  std::optional<Origin> absent = {};      // the first that its stamps name and the export lacks
};

struct Verdict {
  std::vector<JournalVerdict> journals;
  std::vector<Finding> findings;  // any: not verified

  [[nodiscard]] Outcome outcome() const;
  [[nodiscard]] bool verified() const { return outcome() == Outcome::kVerified; }
  /// Nothing is wrong with what is there, whether or not it is all.
  [[nodiscard]] bool holds() const { return outcome() != Outcome::kNotVerified; }
  /// What any journal shows to be missing, each thing once.
  [[nodiscard]] std::vector<Missing> missing() const;
};

/// What one of two exports shows to be missing from it and the other does not have either, each
/// thing once.
[[nodiscard]] std::vector<Missing> missing_from_both(const Verdict& a, const Verdict& b);

/// The reader said, before anything was looked at, that these journals are not in the export: that
/// they are missing is told by a note and does not change the verdict.
void expect_absent(const std::vector<Origin>& origins, Verdict& verdict);

/// Reads everything in the export. All text in the verdict is printable ASCII, whatever the export
/// holds. At most a few findings of each code and journal are listed; one more then gives their
/// number. An error is "could not complete" (the folder cannot be read at all, or changes
/// meanwhile); what is wrong with the export is in the findings. Hashing and signatures go to
/// `execute`. Memory
/// does not grow with the number of entries beyond 8 bytes a message or act, 48 bytes for each head
/// that is receipted and that stamps name, and what makes findings and notes. With `timelines`,
/// those of the journals that could be read are put there.
[[nodiscard]] Result<Verdict> verify_export(const ExportFiles& files,
                                            const std::vector<identity::Certificate>& authorities,
                                            const Executor& execute = run_inline,
                                            Timelines* timelines = nullptr);
[[nodiscard]] Result<Verdict> verify_export(const std::filesystem::path& folder,
                                            const std::vector<identity::Certificate>& authorities,
                                            const Executor& execute = run_inline);

}  // namespace blo::journal

#endif
