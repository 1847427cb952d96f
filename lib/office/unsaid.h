// What our journal to a counterpart should say and does not: after an old store was given back what
// it had lost, and after a pairing was frozen.
#ifndef BLO_OFFICE_UNSAID_H
#define BLO_OFFICE_UNSAID_H

#include "office/officers.h"
#include "office/writer.h"

namespace blo::office {

class Unsaid {
 public:
  /// Reads the revocations in every generation of our journal.
  [[nodiscard]] static Result<Unsaid> of(store::Store& store, const Officers& officers,
                                         const Pair& pair);

  /// Whether the journal says it, or something newer about the person.
  [[nodiscard]] bool is_said(const identity::Revocation& revocation) const;
  /// Enters what this store does not accept of the counterpart's journal.
  [[nodiscard]] Result<void> enter_refusals(Writer& writer) const;
  /// Destroys names that were forgotten, where an earlier generation of ours, or the writer's own,
  /// introduces them, and enters that.
  [[nodiscard]] Result<void> enter_forgotten_names(Writer& writer);
  /// Unless it is said. `erasure` names its generation.
  [[nodiscard]] Result<void> enter(const journal::Erasure& erasure, Writer& writer);
  [[nodiscard]] Result<void> enter(const identity::Revocation& revocation, Writer& writer);

 private:
  Unsaid(store::Store& store, const Officers& officers, const Pair& pair)
      : store_(store), officers_(officers), pair_(pair) {}

  store::Store& store_;
  const Officers& officers_;
  const Pair& pair_;
  std::map<std::uint64_t, std::uint64_t> revoked_;  // person: newest statement
};

}  // namespace blo::office

#endif
