#include "journal/outcome.h"

namespace blo::journal {

std::string_view to_string(Outcome outcome) {
  switch (outcome) {
    case Outcome::kVerified: return "VERIFIED";
    case Outcome::kNotWhole: return "VERIFIED, BUT NOT WHOLE";
    case Outcome::kNotVerified: return "NOT VERIFIED";
  }
  return "NOT VERIFIED";
}

std::string_view to_string(Missing::What what) {
  switch (what) {
    case Missing::What::kJournal: return "journal";
    case Missing::What::kReceipts: return "receipts";
    case Missing::What::kEntries: return "entries";
  }
  return "journal";
}

}  // namespace blo::journal
