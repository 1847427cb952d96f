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
enum class PairingState : std::uint8_t { kInvited = 1, kAccepted = 2, kConfirmed = 3, kFrozen = 4 };

struct PairingRow {
  std::int64_t id = 0;
  OfficeId counterpart;
  PairingState state = PairingState::kInvited;
  Bytes our_file;
  Bytes their_file;  // empty until accepted
  std::string frozen_why;
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
                                    const crypto::Key& secret);
  [[nodiscard]] Result<void> confirm(PairingRow& pairing, WallTime time);
  [[nodiscard]] Result<void> freeze(PairingRow& pairing, const std::string& why,
                                    const std::string& evidence);
  /// Forgets a pairing that has carried nothing, its journals with it: the ceremony begins again.
  [[nodiscard]] Result<void> remove(const PairingRow& pairing);
  [[nodiscard]] Result<crypto::Key> secret(const PairingRow& pairing);

 private:
  [[nodiscard]] Result<crypto::Key> unwrap(const PairingRow& pairing, const char* sql,
                                           std::string_view use);
  Database& database_;
  const crypto::Key& store_key_;
};

}  // namespace blo::store

#endif
