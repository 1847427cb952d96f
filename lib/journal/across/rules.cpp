#include "journal/across/rules.h"

#include <array>

namespace blo::journal {
namespace {

using enum JudgedFrom;

constexpr std::array kRules{
    // The entry and its stamp
    Rule{RefusalReason::kMalformed, kThisJournal},  // it parses
    Rule{RefusalReason::kMalformed, kThisJournal},  // its time does not go back
    Rule{RefusalReason::kFalseStamp, kBoth},        // the head it names is not false
    Rule{RefusalReason::kMalformed, kBoth},         // and does not go back
    Rule{RefusalReason::kMalformed, kThisJournal},  // it holds a record or an envelope in form
    Rule{RefusalReason::kMalformed, kThisJournal},  // it stands where such an entry may
    // Records
    Rule{RefusalReason::kMalformed, kThisJournal},     // a start says how the one before ended
    Rule{RefusalReason::kUnauthorised, kThisJournal},  // its certificates are this journal's
    Rule{RefusalReason::kUnauthorised,
         kThisJournal},                              // a certificate is an officer's of the office
    Rule{RefusalReason::kSuperseded, kThisJournal},  // under a newer statement
    Rule{RefusalReason::kUnauthorised, kThisJournal},  // a revocation is of one of the two offices
    Rule{RefusalReason::kUnauthorised, kBoth},         // or by the other office's authority
    Rule{RefusalReason::kSuperseded, kThisJournal},    // under a newer statement
    Rule{RefusalReason::kMalformed, kThisJournal},     // an erasure names what was there before it
    Rule{RefusalReason::kUnauthorised, kThisJournal},  // something with a body of its own journal
    Rule{RefusalReason::kUnauthorised, kBoth},         // or of the opposite journal
    // Messages
    Rule{RefusalReason::kMisaddressed, kThisJournal},
    Rule{RefusalReason::kUnauthorised, kThisJournal},  // office and author
    Rule{RefusalReason::kUnauthorised, kThisJournal},  // releaser
    Rule{RefusalReason::kNotReleased, kThisJournal},
    Rule{RefusalReason::kUnknownKind, kThisJournal},
    Rule{RefusalReason::kMalformed, kThisJournal},  // an opened or acted says what it must
    Rule{RefusalReason::kBadSignature, kThisJournal},
    Rule{RefusalReason::kDuplicate, kThisJournal},
    // What lies beside an entry
    Rule{RefusalReason::kDuplicate, kReceiverAlone},  // its own ids
    Rule{RefusalReason::kNotTaken, kReceiverAlone},   // attachments
    Rule{RefusalReason::kUnopenable, kReceiverAlone},
    Rule{RefusalReason::kMismatch, kReceiverAlone},
    Rule{RefusalReason::kNameForm, kReceiverAlone},
    Rule{RefusalReason::kInvalidContent, kReceiverAlone},
    Rule{RefusalReason::kHeld, kReceiverAlone},
};

}  // namespace

std::string_view to_string(JudgedFrom from) {
  switch (from) {
    case kThisJournal: return "this journal";
    case kBoth: return "both";
    case kReceiverAlone: return "the receiver alone";
  }
  return "unknown";
}

std::span<const Rule> rules() { return kRules; }

bool is_receivers_own(RefusalReason reason) {
  bool known = false;
  for (const Rule& rule : kRules) {
    if (rule.reason != reason) continue;
    if (rule.from != JudgedFrom::kReceiverAlone) return false;
    known = true;
  }
  return known;
}

}  // namespace blo::journal
