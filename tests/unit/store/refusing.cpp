#include "refusing.h"

#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

namespace {

int refusals[3] = {};  // errno of each sort of call; 0: it succeeds

template <class... Arguments>
long call_or_refuse(blo::store::test::Refusing::Calls calls, long call, Arguments... arguments) {
  if (refusals[calls] == 0) return ::syscall(call, arguments...);
  errno = refusals[calls];
  return -1;
}

}  // namespace

using enum blo::store::test::Refusing::Calls;

extern "C" ssize_t pwrite64(int file, const void* data, size_t size, off64_t at) {
  return call_or_refuse(kWrites, SYS_pwrite64, file, data, size, at);
}
extern "C" int fsync(int file) { return static_cast<int>(call_or_refuse(kSyncs, SYS_fsync, file)); }
extern "C" int fdatasync(int file) {
  return static_cast<int>(call_or_refuse(kSyncs, SYS_fdatasync, file));
}
extern "C" int fallocate(int file, int mode, off_t at, off_t size) {
  return static_cast<int>(call_or_refuse(kAllocations, SYS_fallocate, file, mode, at, size));
}

namespace blo::store::test {

Refusing::Refusing(int error, Calls calls) : calls_(calls) { refusals[calls] = error; }

Refusing::~Refusing() { refusals[calls_] = 0; }

}  // namespace blo::store::test
