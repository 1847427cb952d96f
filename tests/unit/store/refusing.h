// A system that refuses what it is asked for: for everything in this program, in the place of the C
// library's functions.
#ifndef BLO_TESTS_UNIT_STORE_REFUSING_H
#define BLO_TESTS_UNIT_STORE_REFUSING_H

namespace blo::store::test {

/// While it lives, one sort of call fails with `error`.
class Refusing {
 public:
  enum Calls { kWrites, kSyncs, kAllocations };
  Refusing(int error, Calls calls);
  Refusing(const Refusing&) = delete;
  Refusing& operator=(const Refusing&) = delete;
  ~Refusing();

 private:
  Calls calls_;
};

}  // namespace blo::store::test

#endif
