#include "base/diag.h"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

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

}  // namespace blo::diag
