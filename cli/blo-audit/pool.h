// A few threads for pure work. Nothing else in this program is concurrent.
#ifndef BLO_CLI_BLO_AUDIT_POOL_H
#define BLO_CLI_BLO_AUDIT_POOL_H

#include <atomic>
#include <condition_variable>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace blo::audit {

class Pool {
 public:
  using Work = std::function<void(std::size_t)>;

  /// Works on `threads` cores (at least 1, at most 8), the caller's thread among them; on fewer
  /// where the system gives no more threads.
  explicit Pool(std::size_t threads);
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;
  ~Pool();

  /// journal::Executor: work(0) … work(count - 1), spread out; returns when all are done. What one
  /// of them throws is thrown here. One thread at a time calls it.
  void run(std::size_t count, const Work& work);

 private:
  [[nodiscard]] bool add_thread();
  void serve();
  void take_part();

  std::mutex mutex_;
  std::condition_variable changed_;
  // Guarded by the mutex, and fixed while a round is on:
  std::size_t round_ = 0;
  const Work* work_ = nullptr;
  std::size_t count_ = 0;
  std::size_t busy_ = 0;  // threads that are not done with this round
  std::exception_ptr thrown_;
  bool ends_ = false;
  std::atomic<std::size_t> next_{0};
  std::vector<std::jthread> threads_;
};

}  // namespace blo::audit

#endif
