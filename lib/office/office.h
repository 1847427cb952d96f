// The office: its keys, its store, its officers and its pairings, and the rules between them. No
// Asio, no clock, no thread: the daemon and the simulator drive it.
#ifndef BLO_OFFICE_OFFICE_H
#define BLO_OFFICE_OFFICE_H

#include "office/ceremony.h"
#include "office/outgoing.h"
#include "office/peer.h"
#include "office/trail.h"

namespace blo::office {

class Office {
 public:
  /// Opens (or creates) the store and loads what it holds.
  [[nodiscard]] static Result<std::unique_ptr<Office>> open(
      OfficeKeys keys, const std::filesystem::path& store_path);
  Office(const Office&) = delete;
  Office& operator=(const Office&) = delete;

  [[nodiscard]] const OfficeKeys& keys() const { return keys_; }
  [[nodiscard]] store::Store& store() { return *store_; }
  [[nodiscard]] Outgoing& outgoing() { return *outgoing_; }
  [[nodiscard]] PeerContext peer_context(Observer& observer) {
    return {*store_, keys_, *incoming_, observer};
  }

  /// A pairing once made stays at its address.
  [[nodiscard]] const std::vector<std::unique_ptr<Pair>>& pairs() const { return pairs_; }
  [[nodiscard]] Pair* find(const OfficeId& counterpart) const;
  /// The confirmed pairing whose counterpart has this transport key.
  [[nodiscard]] Pair* find_by_transport_key(const crypto::DhPublic& key) const;
  /// The Noise PSKs of that pairing, the current one first; empty for a stranger.
  [[nodiscard]] std::vector<crypto::Key> psks(const crypto::DhPublic& key) const;
  /// Which secret the PSK at `index` of psks() is made of, as long as nothing has changed since;
  /// 0 for a stranger.
  [[nodiscard]] std::uint64_t secret_number(const crypto::DhPublic& key, std::size_t index) const;

  /// An existing invitation is given again, so that a lost file can be handed over once more; with
  /// another legal basis an unanswered one is made anew.
  [[nodiscard]] Result<Pair*> invite(Invitation invitation, Now now);
  /// Finds the invitation the file answers.
  [[nodiscard]] Result<Pair*> accept(ByteView their_file, Now now);
  [[nodiscard]] Result<Pair*> confirm(const OfficeId& counterpart, const Comparison& comparison,
                                      Now now);

  /// From now on the pairing's secret counts as old: the next session replaces it. kOtherOffers
  /// where that is the counterpart's to do.
  [[nodiscard]] Result<void> rotate(Pair& pair);

  [[nodiscard]] Officers& officers() { return officers_; }
  [[nodiscard]] const Officers& officers() const { return officers_; }
  [[nodiscard]] Trail& trail() { return trail_; }

  /// Enters the trail's head into the journals in which none has stood for a day. Call it now and
  /// then; true when there is something to send.
  [[nodiscard]] Result<bool> date_trail(Now now);

 private:
  Office(OfficeKeys keys, std::unique_ptr<store::Store> store);
  [[nodiscard]] std::vector<NumberedSecret> secrets(const crypto::DhPublic& key) const;
  [[nodiscard]] std::unique_ptr<Pair>* slot(const OfficeId& counterpart);

  OfficeKeys keys_;
  std::unique_ptr<store::Store> store_;
  Officers officers_;
  Trail trail_;
  std::vector<std::unique_ptr<Pair>> pairs_;
  std::unique_ptr<Outgoing> outgoing_;
  std::unique_ptr<Incoming> incoming_;
};

}  // namespace blo::office

#endif
