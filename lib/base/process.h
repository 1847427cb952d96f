// What a process that holds keys asks of the kernel.
#ifndef BLO_BASE_PROCESS_H
#define BLO_BASE_PROCESS_H

namespace blo {

/// No core dumps, and not traceable by other processes of the user. Call first thing in main; false
/// means: do not go on.
[[nodiscard]] bool harden_process();

}  // namespace blo

#endif
