#include "sandbox.h"

#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <iostream>
#include <vector>

#include "base/descriptor.h"

namespace blo::audit {
namespace {

#if defined(__x86_64__)
constexpr std::uint32_t kArchitecture = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
constexpr std::uint32_t kArchitecture = AUDIT_ARCH_AARCH64;
#else
constexpr std::uint32_t kArchitecture = 0;  // system calls are not known here
#endif
#if defined(__SANITIZE_ADDRESS__)
constexpr bool kSanitized = true;
#else
constexpr bool kSanitized = false;
#endif

/// Every right of Landlock's first version, so that what is not allowed by a rule is denied.
constexpr std::uint64_t kFileRights = (LANDLOCK_ACCESS_FS_MAKE_SYM << 1U) - 1;
constexpr std::uint64_t kReadRights = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR;

/// Reading open files and folders, writing to open files, memory, threads, time, randomness.
constexpr std::uint32_t kAllowed[] = {
    SYS_read,         SYS_pread64,         SYS_lseek,     SYS_close,         SYS_fstat,
    SYS_newfstatat,   SYS_getdents64,      SYS_fcntl,     SYS_write,         SYS_writev,
    SYS_fsync,        SYS_munmap,          SYS_mremap,    SYS_brk,           SYS_madvise,
    SYS_futex,        SYS_set_robust_list, SYS_rseq,      SYS_sched_yield,   SYS_sched_getaffinity,
    SYS_getpid,       SYS_gettid,          SYS_getrandom, SYS_clock_gettime, SYS_rt_sigprocmask,
    SYS_rt_sigaction, SYS_restart_syscall, SYS_exit,      SYS_exit_group,
};

constexpr std::uint32_t kAllow = SECCOMP_RET_ALLOW;
constexpr std::uint32_t kKill = SECCOMP_RET_KILL_PROCESS;

/// A program for the kernel's filter: a few comparisons for each system call there is.
class Filter {
 public:
  Filter() {
    load(offsetof(seccomp_data, arch));
    unless(BPF_JEQ, kArchitecture, 1);
    end(kKill);
    load(offsetof(seccomp_data, nr));
  }

  void decide(std::uint32_t call, std::uint32_t verdict) {
    when(BPF_JEQ, call, 1);
    end(verdict);
  }
  /// By one of its arguments: equal to `value` (BPF_JEQ), or any bit of it (BPF_JSET).
  void decide(std::uint32_t call, unsigned argument, unsigned comparison, std::uint32_t value,
              std::uint32_t verdict, std::uint32_t otherwise) {
    when(BPF_JEQ, call, 4);
    load(offsetof(seccomp_data, args) + argument * sizeof(std::uint64_t));
    when(comparison, value, 1);
    end(verdict);
    end(otherwise);
  }

  [[nodiscard]] bool install() {
    end(kKill);
    const sock_fprog program{static_cast<unsigned short>(code_.size()), code_.data()};
    return ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
  }

 private:
  /// Of an argument, which is 64 bits wide, the lower half: all that is looked at lies there.
  void load(std::size_t offset) {
    code_.push_back(BPF_STMT(BPF_LD | BPF_W | BPF_ABS, static_cast<std::uint32_t>(offset)));
  }
  /// The next `otherwise` instructions are for those that it holds for.
  void when(unsigned comparison, std::uint32_t value, unsigned char otherwise) {
    code_.push_back(
        BPF_JUMP(static_cast<unsigned short>(BPF_JMP | BPF_K | comparison), value, 0, otherwise));
  }
  void unless(unsigned comparison, std::uint32_t value, unsigned char otherwise) {
    code_.push_back(
        BPF_JUMP(static_cast<unsigned short>(BPF_JMP | BPF_K | comparison), value, otherwise, 0));
  }
  void end(std::uint32_t verdict) { code_.push_back(BPF_STMT(BPF_RET | BPF_K, verdict)); }

  std::vector<sock_filter> code_;
};

bool enter_seccomp() {
  if (kArchitecture == 0) return false;
  Filter filter;
  for (const std::uint32_t call : kAllowed) filter.decide(call, kAllow);
  constexpr std::uint32_t kWriting = O_WRONLY | O_RDWR | O_CREAT | O_TRUNC | O_APPEND;
  filter.decide(SYS_openat, 2, BPF_JSET, kWriting, kKill, kAllow);
  filter.decide(SYS_mmap, 2, BPF_JSET, PROT_EXEC, kKill, kAllow);
  filter.decide(SYS_mprotect, 2, BPF_JSET, PROT_EXEC, kKill, kAllow);
  // stdio asks whether it writes to a terminal.
  filter.decide(SYS_ioctl, 1, BPF_JEQ, TCGETS, kAllow, kKill);
  // A filter cannot see clone3's flags; where there is no clone3, glibc starts threads with clone.
  filter.decide(SYS_clone3, SECCOMP_RET_ERRNO | ENOSYS);
  filter.decide(SYS_clone, 0, BPF_JSET, CLONE_THREAD, kAllow, kKill);
  return filter.install();
}

bool enter_landlock(std::span<const int> folders) {
  const landlock_ruleset_attr handled{kFileRights};
  const Descriptor rules(
      static_cast<int>(::syscall(SYS_landlock_create_ruleset, &handled, sizeof handled, 0)));
  if (!rules.ok()) return false;
  for (const int folder : folders) {
    const landlock_path_beneath_attr beneath{kReadRights, folder};
    if (::syscall(SYS_landlock_add_rule, rules.get(), LANDLOCK_RULE_PATH_BENEATH, &beneath, 0) !=
        0) {
      return false;
    }
  }
  return ::syscall(SYS_landlock_restrict_self, rules.get(), 0) == 0;
}

}  // namespace

std::string_view to_string(Sandbox sandbox) {
  switch (sandbox) {
    case Sandbox::kLandlockAndSeccomp: return "landlock+seccomp";
    case Sandbox::kLandlock: return "landlock";
    case Sandbox::kSeccomp: return "seccomp";
    case Sandbox::kNone: return "none";
  }
  return "none";
}

Sandbox enter_sandbox(std::span<const int> folders) {
  if (kSanitized || ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return Sandbox::kNone;
  const bool landlock = enter_landlock(folders);
  const bool seccomp = enter_seccomp();
  if (landlock) return seccomp ? Sandbox::kLandlockAndSeccomp : Sandbox::kLandlock;
  return seccomp ? Sandbox::kSeccomp : Sandbox::kNone;
}

void warn_of(Sandbox sandbox) {
  if (sandbox == Sandbox::kLandlockAndSeccomp) return;
  const std::string how = sandbox == Sandbox::kNone
                              ? "not locked in"
                              : "locked in by " + std::string(to_string(sandbox)) + " alone";
  std::cerr << "blo-audit: " << how
            << ": this kernel, or this build, has no more (docs/auditing.md)\n";
}

}  // namespace blo::audit
