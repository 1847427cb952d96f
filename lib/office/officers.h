// The office's own officers: who they are, which of their certificates is in force.
#ifndef BLO_OFFICE_OFFICERS_H
#define BLO_OFFICE_OFFICERS_H

#include <deque>
#include <functional>
#include <map>
#include <ranges>

#include "office/pair.h"

namespace blo::office {

/// Values are blo.v1.OfficerState's.
enum class OfficerState : std::uint8_t { kInForce = 1, kReplaced = 2, kRevoked = 3, kExpired = 4 };

/// Of each person the certificate with the newest statement is in force, unless a newer revocation
/// has ended it. A row once certified stays at its address.
class Officers {
 public:
  Officers(store::Store& store, const OfficeKeys& keys) : store_(store), keys_(keys) {}
  [[nodiscard]] Result<void> load();
  using AlsoDone = std::function<Result<void>(const store::OfficerRow&)>;

  /// In the order in which they were certified.
  [[nodiscard]] const std::deque<store::OfficerRow>& all() const { return rows_; }
  [[nodiscard]] const store::OfficerRow* find(const identity::Fingerprint& fingerprint) const;
  /// The newest certificate of a person.
  [[nodiscard]] const store::OfficerRow* newest(std::uint64_t person) const;
  [[nodiscard]] OfficerState state(const store::OfficerRow& officer, WallTime time) const;
  /// Its signatures count now.
  [[nodiscard]] bool in_force(const store::OfficerRow& officer, WallTime time) const {
    return state(officer, time) == OfficerState::kInForce;
  }
  /// What the certificate's dates leave it; kNone where it was replaced or revoked.
  [[nodiscard]] journal::Validity validity(const store::OfficerRow& officer,
                                           const journal::AskedAt& at) const;
  /// The newest statement about a person; 0: none.
  [[nodiscard]] std::uint64_t statement_about(std::uint64_t person) const;
  [[nodiscard]] const identity::Revocation* revocation(std::uint64_t person) const;
  /// Revoked, and the name on it is one that was forgotten: on this certificate, or on another that
  /// the same revocation ended.
  [[nodiscard]] bool forgotten(const identity::Certificate& certificate) const;
  /// The newest of each person who has one.
  [[nodiscard]] auto revocations() const { return std::views::values(revocations_); }

  /// Certifies a request: for a new person (`person` 0), or as the next certificate of one who is
  /// here. `also` is done in the same transaction. kUnknownPerson: no such person. kDuplicate: the
  /// key was certified before. kNoValidTime: the office's own certificate does not hold now.
  [[nodiscard]] Result<const store::OfficerRow*> add(ByteView request,
                                                     std::vector<identity::Role> roles,
                                                     std::uint32_t valid_days, std::uint64_t person,
                                                     Now now, const AlsoDone& also = {});
  /// The next statement number of this office's about a person: ascending, and later than `now`
  /// alone would say when the clock went back.
  [[nodiscard]] std::uint64_t next_statement(std::uint64_t person, Now now) const;

  // Within a transaction of the caller's: what a journal that was given back says of our officers.
  // Nothing happens where it is known, or a newer statement is. begin_restoring() first of all:
  // what a transaction before that came to nothing had restored is none.
  void begin_restoring() { restored_ = {}; }
  [[nodiscard]] Result<void> restore(store::OfficerRow officer);
  [[nodiscard]] Result<void> restore(identity::Revocation revocation);
  [[nodiscard]] Result<void> erase_name(const identity::Fingerprint& certificate);
  /// After that transaction has committed.
  void keep_restored();

  /// After a transaction that stored it.
  void keep_revocation(const identity::Revocation& revocation);
  void keep_erased_name(std::uint64_t person);

 private:
  store::Store& store_;
  const OfficeKeys& keys_;
  std::deque<store::OfficerRow> rows_;
  std::map<std::uint64_t, identity::Revocation> revocations_;
  struct Restored {
    std::vector<store::OfficerRow> officers;
    std::vector<identity::Revocation> revocations;
    std::vector<identity::Fingerprint> erased;
  } restored_;  // stored in a transaction that has not committed
};

}  // namespace blo::office

#endif
