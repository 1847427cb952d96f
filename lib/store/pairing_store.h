// Pairings in the store.
#ifndef BLO_STORE_PAIRING_STORE_H
#define BLO_STORE_PAIRING_STORE_H

#include <optional>

#include "base/clock.h"
#include "base/ids.h"
#include "crypto/dh.h"
#include "store/database.h"

namespace blo::store {

/// How far a pairing has come. Values are blo.v1.PairState's.
///
///   kInvited ──their file──► kAccepted ──digits──► kConfirmed ◄──freeze, digits──► kFrozen
///   kConfirmed, kFrozen ──end──► kEnded, for ever
///
/// Frozen because journals disagree (`frozen_why` says how) stays frozen; frozen by a person alone
/// is confirmed again.
enum class PairingState : std::uint8_t {
  kInvited = 1,
  kAccepted = 2,
  kConfirmed = 3,
  kFrozen = 4,
  kEnded = 5
};

/// A store that is older than what its counterpart holds is given back what it lost; the pairing is
/// frozen until a person lets it go on in the next generation.
enum class Recovery : std::uint8_t { kNone = 0, kRecovering = 1, kRecovered = 2 };

struct PairingRow {
  std::int64_t id = 0;
  OfficeId counterpart;
  PairingState state = PairingState::kInvited;
  Bytes our_file;
  Bytes their_file;        // empty until accepted
  std::string frozen_why;  // how the journals disagree; empty where they do not
  std::string why;         // a person's reason for freezing or ending it; else empty
  std::optional<WallTime> confirmed;
  std::uint64_t confirmed_person = 0;  // 0: the Unix user alone
  std::string confirmed_how;           // how the digits were compared
  std::uint64_t secret_number = 1;     // of the current pairing secret
  WallTime secret_since{};             // when it came into use; day 0: it is to be replaced
  Recovery recovery = Recovery::kNone;
  Bytes again_our_file;    // of the ceremony anew that is under way; empty without one
  Bytes again_their_file;  // empty until accepted
  bool untried = false;    // paired again, and no session has begun under the new secret yet
  std::optional<WallTime> beside;  // until then their clock may have been beside ours, believed
};

/// Every call that writes belongs inside a Transaction.
class PairingStore {
 public:
  PairingStore(Database& database, const crypto::Key& store_key);

  [[nodiscard]] Result<PairingRow> create(const OfficeId& counterpart, ByteView our_file,
                                          const crypto::DhKeyPair& one_time);
  [[nodiscard]] Result<std::vector<PairingRow>> all();
  [[nodiscard]] Result<crypto::DhKeyPair> one_time_key(const PairingRow& pairing);
  /// Stores their file and the agreed secret, and destroys the one-time key.
  [[nodiscard]] Result<void> accept(PairingRow& pairing, ByteView their_file,
                                    const crypto::Key& secret, WallTime time);
  /// For the first time, or again after it was frozen by hand.
  [[nodiscard]] Result<void> confirm(PairingRow& pairing, WallTime time, std::uint64_t person,
                                     const std::string& how);
  /// The journals disagree. `recovery`: what ours lacks is to be given back.
  [[nodiscard]] Result<void> freeze(PairingRow& pairing, const std::string& why,
                                    const std::string& evidence, Recovery recovery);
  /// kRecovered: everything is here again. kNone: the pairing carries messages again, and nothing
  /// says any more why it did not.
  [[nodiscard]] Result<void> set_recovery(PairingRow& pairing, Recovery recovery);
  [[nodiscard]] Result<void> freeze_by_hand(PairingRow& pairing, const std::string& reason);

  // The ceremony anew: what it makes lies beside what is in force until it is confirmed.
  /// Takes the place of whatever an earlier one made.
  [[nodiscard]] Result<void> offer_again(PairingRow& pairing, ByteView our_file,
                                         const crypto::DhKeyPair& one_time);
  [[nodiscard]] Result<crypto::DhKeyPair> again_one_time_key(const PairingRow& pairing);
  /// Stores their file and the agreed secret, and destroys the one-time key.
  [[nodiscard]] Result<void> accept_again(PairingRow& pairing, ByteView their_file,
                                          const crypto::Key& secret);
  /// Its files and its secret, as number 1, are in force; those before are destroyed. A pairing
  /// that was frozen by hand carries messages again.
  [[nodiscard]] Result<void> confirm_again(PairingRow& pairing, WallTime time, std::uint64_t person,
                                           const std::string& how);
  [[nodiscard]] Result<void> set_untried(PairingRow& pairing, bool untried);
  [[nodiscard]] Result<void> set_beside(PairingRow& pairing, WallTime until);

  /// Destroys the pairing's secrets, and what waited for a next generation.
  [[nodiscard]] Result<void> end(PairingRow& pairing, const std::string& reason);
  /// Forgets a pairing that has carried nothing, its journals with it: the ceremony begins again.
  [[nodiscard]] Result<void> remove(const PairingRow& pairing);
  [[nodiscard]] Result<crypto::Key> secret(const PairingRow& pairing);

  // The secret's successor: docs/format/sync.md.
  /// Number secret_number + 1, agreed and not in use; nothing without one.
  [[nodiscard]] Result<std::optional<crypto::Key>> next_secret(const PairingRow& pairing);
  [[nodiscard]] Result<void> put_next_secret(const PairingRow& pairing, const crypto::Key& next);
  /// `next` becomes current; what was current is destroyed.
  [[nodiscard]] Result<void> promote_secret(PairingRow& pairing, const crypto::Key& next,
                                            WallTime time);
  [[nodiscard]] Result<void> drop_next_secret(const PairingRow& pairing);
  /// From now on the secret counts as old.
  [[nodiscard]] Result<void> outdate_secret(PairingRow& pairing);

 private:
  [[nodiscard]] Result<std::optional<crypto::Key>> unwrap_if_there(const PairingRow& pairing,
                                                                   const char* sql,
                                                                   std::string_view use);
  [[nodiscard]] Result<void> close_by_hand(PairingRow& pairing, PairingState state,
                                           const std::string& reason, const char* sql);
  [[nodiscard]] Bytes wrap_text(const PairingRow& pairing, std::string_view use,
                                const std::string& text) const;
  [[nodiscard]] Result<crypto::Key> unwrap(const PairingRow& pairing, const char* sql,
                                           std::string_view use);
  [[nodiscard]] Result<void> note_confirmation(PairingRow& pairing, WallTime time,
                                               std::uint64_t person, const std::string& how);
  Database& database_;
  const crypto::Key& store_key_;
};

}  // namespace blo::store

#endif
