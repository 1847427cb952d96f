// Alarms in the store: what happened that a person must look at, until one has.
#ifndef BLO_STORE_ALARM_STORE_H
#define BLO_STORE_ALARM_STORE_H

#include <map>
#include <optional>

#include "base/clock.h"
#include "base/page.h"
#include "crypto/secret.h"
#include "store/database.h"

namespace blo::store {

struct Acknowledgement {
  WallTime time;
  std::uint64_t person = 0;
  std::string sentence;
};

struct AlarmRow {
  std::uint64_t id = 0;  // from 1, never used twice
  WallTime raised;
  std::string code;
  std::string subject;
  std::string sentence;
  std::string next_step;
  std::uint64_t occurrences = 1;  // of what it says, since it was raised
  WallTime last;                  // when the newest of them was
  std::optional<Acknowledgement> acknowledged;
  bool has_evidence = false;  // which may be long: evidence_of()
  std::uint64_t measure = 0;  // of what can grow, as it was when this was raised
};

/// Texts rest wrapped under the store key. Every call that writes belongs inside a Transaction.
class AlarmStore {
 public:
  AlarmStore(Database& database, const crypto::Key& store_key);
  /// Gives the new alarm's id. `evidence`: signed statements alone, for it rests as it is; may be
  /// empty. kConstraint: one of that code and subject is open.
  [[nodiscard]] Result<std::uint64_t> put(const AlarmRow& alarm, ByteView evidence);
  /// Oldest first, what is sought for a page behind an id; `all`: acknowledged ones, too.
  [[nodiscard]] Result<std::vector<AlarmRow>> list(bool all, const Page<std::uint64_t>& page);
  /// Empty where the alarm has none.
  [[nodiscard]] Result<Bytes> evidence_of(const AlarmRow& alarm);
  [[nodiscard]] Result<std::uint64_t> count_open();
  /// The same, by code.
  [[nodiscard]] Result<std::map<std::string, std::uint64_t>> count_open_by_code();
  /// What the open one of that code and subject says has happened so many times again.
  [[nodiscard]] Result<void> count(std::string_view code, std::string_view subject,
                                   std::uint64_t occurrences, WallTime last);
  /// Whether one of that code and subject is open, or was acknowledged from `since` to `until`.
  [[nodiscard]] Result<bool> stands(std::string_view code, std::string_view subject, WallTime since,
                                    WallTime until);
  /// Whether one of that code and subject is open, or was acknowledged of at least that measure.
  [[nodiscard]] Result<bool> stands_measured(std::string_view code, std::string_view subject,
                                             std::uint64_t measure);
  /// What grew is over: of those of that code and subject none keeps another quiet any more.
  [[nodiscard]] Result<void> forget_measure(std::string_view code, std::string_view subject);
  /// Adds "; " and `clause` to the sentence of the open alarm of that code and subject, as long as
  /// it has at most `bytes_max` then; after that one word that there are more. False: nothing was
  /// added, or none is open.
  [[nodiscard]] Result<bool> add_to_open(std::string_view code, std::string_view subject,
                                         std::string_view clause, std::size_t bytes_max);
  /// The code of an alarm that is open; nothing where there is none of that number.
  [[nodiscard]] Result<std::optional<std::string>> open_code(std::uint64_t id);
  /// kNotFound: there is no such alarm that is open.
  [[nodiscard]] Result<void> acknowledge(std::uint64_t id, const Acknowledgement& acknowledgement);

 private:
  Database& database_;
  const crypto::Key& store_key_;
};

}  // namespace blo::store

#endif
