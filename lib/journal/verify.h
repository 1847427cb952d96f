// Verifies an export offline: all that blo-audit knows. Trusts only the authority certificates it
// is given.
#ifndef BLO_JOURNAL_VERIFY_H
#define BLO_JOURNAL_VERIFY_H

#include <filesystem>

#include "journal/export.h"
#include "journal/reader.h"

namespace blo::journal {

/// Stable codes; the text form (`E-ROOT`, …) is in docs/auditing.md and never changes meaning.
enum class FindingCode {
  kUnreadable = 1,      // a file is missing, unreadable or not in form
  kUntrustedAuthority,  // no authority given vouches for an office
  kCertificate,         // an office's or journal's certificate does not hold
  kCheckpoint,          // a checkpoint's form, origin or signature
  kRoot,                // the entries hash to another root than the checkpoint's
  kTile,                // a tile differs from the entries
  kReceipt,             // a receipt does not verify
  kReceiptOrder,        // receipts go back in size or time
  kEntry,       // an entry is malformed, misaddressed or unauthorised, and not refused by the
                // counterpart
  kSignature,   // an officer's signature does not hold
  kDuplicate,   // a message id twice
  kInterlock,   // a stamp names a head of the opposite journal that is not one
  kRefusal,     // a refusal names an entry that is not there, or another one
  kTrailHead,   // a head of the audit trail that a pair journal names is none of it
  kRevoked,     // entries beyond the point at which the counterpart entered a revocation
  kGeneration,  // one does not begin where the one before ended
  kExtraFile,   // a file that does not belong to an export
};
[[nodiscard]] std::string_view to_string(FindingCode code);

struct Finding {
  FindingCode code;
  std::string where;     // file, and entry index where there is one
  std::string what;      // a sentence
  std::string evidence;  // hex or base64 of the bytes that show it, shortened to 256 characters
  std::string rests_on;  // whose key it rests on ("authority UZ 4f2a…"); empty: on the files alone
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
  /// Facts the reader must see: an unreceipted tail, refused entries, what could not be checked.
  std::vector<std::string> notes = {};
};

struct Verdict {
  std::vector<JournalVerdict> journals;
  std::vector<Finding> findings;  // any: not verified
  [[nodiscard]] bool verified() const { return findings.empty() && !journals.empty(); }
};

/// Reads everything under `folder`. All text in the verdict is printable ASCII, whatever the export
/// holds. At most a few findings of each code and journal are listed; one more then gives their
/// number. An error is "could not complete" (the folder cannot be read at all); what is wrong with
/// the export is in the findings. Memory does not grow with the number of entries beyond their
/// message ids, leaf hashes and stamped heads.
[[nodiscard]] Result<Verdict> verify_export(const std::filesystem::path& folder,
                                            const std::vector<identity::Certificate>& authorities);

}  // namespace blo::journal

#endif
