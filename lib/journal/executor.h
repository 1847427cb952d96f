// Who carries out pure work: nothing in lib/ starts a thread, so a program with a pool brings it.
#ifndef BLO_JOURNAL_EXECUTOR_H
#define BLO_JOURNAL_EXECUTOR_H

#include <cstddef>
#include <functional>

namespace blo::journal {

/// Calls work(0) … work(count - 1) once each, in any order and on any threads, and returns when all
/// have returned. What is handed to one is functions of values that write to places of their own.
using Executor =
    std::function<void(std::size_t count, const std::function<void(std::size_t)>& work)>;

/// One after another, on the caller's thread.
inline void run_inline(std::size_t count, const std::function<void(std::size_t)>& work) {
  for (std::size_t i = 0; i < count; ++i) work(i);
}

}  // namespace blo::journal

#endif
