#include "base/diag.h"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include "base/journald.h"

namespace blo::diag {
namespace {

spdlog::level::level_enum to_spdlog(Level level) {
  switch (level) {
    case Level::kDebug: return spdlog::level::debug;
    case Level::kInfo: return spdlog::level::info;
    case Level::kWarning: return spdlog::level::warn;
    case Level::kError: return spdlog::level::err;
  }
  return spdlog::level::err;
}

/// RFC 5424, table 2.
const char* priority(Level level) {
  switch (level) {
    case Level::kDebug: return "7";
    case Level::kInfo: return "6";
    case Level::kWarning: return "4";
    case Level::kError: return "3";
  }
  return "3";
}

/// Whatever the subject is, the line is one, and its end is where it seems.
std::string quoted(std::string_view text) {
  std::string quoted;
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c >= ' ' && c != 0x7f ? c : '?';
  }
  return '"' + quoted + '"';
}

}  // namespace

void start(Level least) {
  if (const auto started = spdlog::get("blod")) {
    started->set_level(to_spdlog(least));
    return;
  }
  auto log = spdlog::stderr_logger_st("blod");
  log->set_pattern("%Y-%m-%dT%H:%M:%S.%eZ %l %v", spdlog::pattern_time_type::utc);
  log->set_level(to_spdlog(least));
  spdlog::set_default_logger(std::move(log));
}

void write(Level level, std::string_view line) { spdlog::log(to_spdlog(level), line); }

void write(const AlarmLine& alarm) {
  const std::string number = std::to_string(alarm.number);
  const std::string line = "alarm " + std::string(alarm.what) + " code=" + std::string(alarm.code) +
                           " subject=" + quoted(alarm.subject) + " number=" + number;
  if (journald::takes_stderr() && journald::send({{"MESSAGE", line},
                                                  {"PRIORITY", priority(alarm.level)},
                                                  {"SYSLOG_IDENTIFIER", "blod"},
                                                  {"BLO_ALARM", std::string(alarm.code)},
                                                  {"BLO_SUBJECT", std::string(alarm.subject)},
                                                  {"BLO_ALARM_NUMBER", number},
                                                  {"BLO_ALARM_STATE", std::string(alarm.what)}}))
    return;
  const auto log = spdlog::get("blod");
  if (!log) return;
  const auto least = log->level();
  log->set_level(spdlog::level::trace);
  log->log(to_spdlog(alarm.level), line);
  log->set_level(least);
}

}  // namespace blo::diag
