// Diagnostics: the daemon's text log for administrators, the only door to spdlog. Never content,
// names or keys.
#ifndef BLO_BASE_DIAG_H
#define BLO_BASE_DIAG_H

#include <string>
#include <string_view>

namespace blo::diag {

enum class Level { kDebug, kInfo, kWarning, kError };

/// Lines go to stderr (the journal of systemd) from now on, those below `least` nowhere.
void start(Level least);
void write(Level level, std::string_view line);

inline void debug(std::string_view line) { write(Level::kDebug, line); }
inline void info(std::string_view line) { write(Level::kInfo, line); }
inline void warning(std::string_view line) { write(Level::kWarning, line); }
inline void error(std::string_view line) { write(Level::kError, line); }

}  // namespace blo::diag

#endif
