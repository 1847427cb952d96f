#include "pool.h"

#include <algorithm>
#include <system_error>
#include <utility>

namespace blo::audit {
namespace {

constexpr std::size_t kThreadsMax = 8;

}  // namespace

Pool::Pool(std::size_t threads) {
  const std::size_t others = std::clamp<std::size_t>(threads, 1, kThreadsMax) - 1;
  threads_.reserve(others);
  while (threads_.size() < others && add_thread()) {
  }
}

/// False where there is no room for one more: those that are there, or the caller's alone, do all
/// the work.
bool Pool::add_thread() {
  try {
    threads_.emplace_back([this] { serve(); });
    return true;
  } catch (const std::system_error&) {
    return false;
  }
}

Pool::~Pool() {
  {
    const std::scoped_lock lock(mutex_);
    ends_ = true;
  }
  changed_.notify_all();
}

void Pool::run(std::size_t count, const Work& work) {
  {
    const std::scoped_lock lock(mutex_);
    work_ = &work;
    count_ = count;
    next_ = 0;
    busy_ = threads_.size() + 1;
    ++round_;
  }
  changed_.notify_all();
  take_part();
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return busy_ == 0; });
  if (thrown_) std::rethrow_exception(std::exchange(thrown_, nullptr));
}

void Pool::serve() {
  for (std::size_t seen = 0;;) {
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [&] { return ends_ || round_ != seen; });
      if (ends_) return;
      seen = round_;
    }
    take_part();
  }
}

void Pool::take_part() {
  std::exception_ptr thrown;
  try {
    for (std::size_t i; (i = next_.fetch_add(1)) < count_;) (*work_)(i);
  } catch (...) {
    thrown = std::current_exception();
    next_ = count_;
  }
  {
    const std::scoped_lock lock(mutex_);
    if (thrown) thrown_ = thrown;
    if (--busy_ > 0) return;
  }
  changed_.notify_all();
}

}  // namespace blo::audit
