// Messages that have not left, on their way into the generation with which a store that was behind
// goes on.
#ifndef BLO_OFFICE_ENTERING_H
#define BLO_OFFICE_ENTERING_H

#include "office/generations.h"
#include "office/unsaid.h"

namespace blo::office {

/// Inside one transaction of the caller's. Hand in what the old store had accepted, then what
/// waited, each in the order in which it was sent. What the counterpart turned out to have is not
/// said again; what may not be sent any more becomes a draft that says why, its content unharmed.
class Entering {
 public:
  Entering(store::Store& store, const Officers& officers, const Pair& pair, Unsaid& unsaid,
           BegunGeneration& begun, Now now)
      : store_(store),
        officers_(officers),
        pair_(pair),
        unsaid_(unsaid),
        begun_(begun),
        now_(now) {}

  [[nodiscard]] Result<void> enter(const store::StrandedRow& stranded);
  [[nodiscard]] Result<void> enter(const store::DraftRow& draft);

  [[nodiscard]] std::uint64_t entered() const { return entered_; }
  [[nodiscard]] std::uint64_t left_out() const { return left_out_; }
  [[nodiscard]] std::uint64_t awaiting_release() const { return awaiting_release_; }

 private:
  struct Unsent;
  enum class Fate { kEntered, kSaidBefore, kNeedsRelease, kLeftOut };
  struct Judged {
    Fate fate;
    std::string why;  // of kLeftOut, for people
  };
  [[nodiscard]] Result<Judged> enter(Unsent unsent);
  [[nodiscard]] Result<void> enter_message(const store::StrandedRow& stranded);
  [[nodiscard]] Result<bool> is_said(const Unsent& unsent, bool& contradicts);
  [[nodiscard]] std::string why_not(const identity::Fingerprint& signer, bool waited) const;
  [[nodiscard]] Result<void> introduce(const identity::Fingerprint& signer);
  void count(Fate fate);

  store::Store& store_;
  const Officers& officers_;
  const Pair& pair_;
  Unsaid& unsaid_;
  BegunGeneration& begun_;
  Now now_;
  std::uint64_t entered_ = 0;
  std::uint64_t left_out_ = 0;
  std::uint64_t awaiting_release_ = 0;
};

}  // namespace blo::office

#endif
