// A journal goes on in its next generation, under a key that its office certified.
#ifndef BLO_OFFICE_GENERATIONS_H
#define BLO_OFFICE_GENERATIONS_H

#include "office/writer.h"

namespace blo::office {

/// The next generation of our journal, until the transaction that begins it has committed.
struct BegunGeneration {
  Writer writer;
  crypto::SigningKey key;
  journal::Policy policy;
  std::set<identity::Fingerprint> announced;
};

/// Announced by the counterpart, and nothing of it received yet.
struct NextGeneration {
  Origin origin;
  identity::Certificate certificate;
  crypto::VerifyKey key;
};

/// What a certificate other than the received journal's announces, where the counterpart's office
/// certified it for the generation after the newest here.
[[nodiscard]] std::optional<NextGeneration> next_generation(const Pair& pair, ByteView certificate);
/// Whether it is of a later generation than that: this office missed one.
[[nodiscard]] bool is_far_generation(const Pair& pair, ByteView certificate);
/// Whether it is of a generation that is over here, or another one's under the newest's number:
/// certified by the counterpart's office, all the same.
[[nodiscard]] bool is_earlier_generation(const Pair& pair, ByteView certificate);
/// Entry 0 of the next generation says that the one before ended exactly where it ends here.
/// kHeadMismatch.
[[nodiscard]] Result<void> check_follows(const ReceivedJournal& received,
                                         const journal::ReadEntry& first);

}  // namespace blo::office

#endif
