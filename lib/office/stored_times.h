// The sure times of a received journal, as far as they are in the store, and in memory what was
// read since and is not yet there.
#ifndef BLO_OFFICE_STORED_TIMES_H
#define BLO_OFFICE_STORED_TIMES_H

#include "journal/across/sure_times.h"
#include "store/store.h"

namespace blo::office {

class StoredTimes : public journal::SureTimes {
 public:
  /// `store` outlives it; the journal is in it.
  StoredTimes(store::Store& store, const store::JournalRow& journal)
      : store_(store), journal_(journal) {}

  void begin(WallTime judged) override { begun_ = judged; }
  void add(WallTime time) override { since_.add(time); }
  [[nodiscard]] WallTime authorising(WallTime time) override;
  [[nodiscard]] std::optional<Error> failure() const override { return failure_; }
  void stored() override { since_.clear(); }

 private:
  WallTime failed(const Error& why, WallTime time);

  store::Store& store_;
  store::JournalRow journal_;
  journal::KeptSureTimes since_;
  std::optional<WallTime> begun_;
  std::optional<Error> failure_;
};

}  // namespace blo::office

#endif
