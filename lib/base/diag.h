// Diagnostics: the daemon's text log for administrators, the only door to spdlog. Never content,
// names or keys.
#ifndef BLO_BASE_DIAG_H
#define BLO_BASE_DIAG_H

#include <cstdint>
#include <string>
#include <string_view>

namespace blo::diag {

enum class Level { kDebug, kInfo, kWarning, kError };

/// Lines go to stderr (the journal of systemd) from now on, those below `least` nowhere.
void start(Level least);
void write(Level level, std::string_view line);

/// One of the office's alarms, by what is no content: `what` is "raised" or "acknowledged".
struct AlarmLine {
  std::string_view what;
  Level level;
  std::string_view code;
  std::string_view subject;
  std::uint64_t number = 0;
};
/// Written at any level: `alarm raised code=forked subject="TJ-FOTEHOBOD" number=7`. Where stderr
/// is the journal's, as one of its entries with BLO_ALARM (the code), BLO_SUBJECT,
/// BLO_ALARM_NUMBER, BLO_ALARM_STATE and a PRIORITY.
void write(const AlarmLine& alarm);

inline void debug(std::string_view line) { write(Level::kDebug, line); }
inline void info(std::string_view line) { write(Level::kInfo, line); }
inline void warning(std::string_view line) { write(Level::kWarning, line); }
inline void error(std::string_view line) { write(Level::kError, line); }

}  // namespace blo::diag

#endif
