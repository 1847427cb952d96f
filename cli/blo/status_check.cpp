#include "status_check.h"

#include "blo/v1/control.pb.h"
#include "daemon.h"
#include "report.h"
#include "wire_names.h"

namespace blo::cli {
namespace {

/// Before "|" stands text, behind it numbers: whatever text says, it ends where it seems to.
std::string in_one_part(std::string text) {
  std::ranges::replace(text, '|', '/');
  return text;
}

/// What was found, and how bad the worst of it is.
class Findings {
 public:
  void add(CheckCode code, const std::string& clause) {
    worst_ = std::max(worst_, code);
    (code == CheckCode::kCritical ? critical_ : warning_) += (any(code) ? "; " : "") + clause;
  }
  [[nodiscard]] CheckCode worst() const { return worst_; }
  /// The worst first.
  [[nodiscard]] std::string text() const {
    return critical_ + (critical_.empty() || warning_.empty() ? "" : "; ") + warning_;
  }

 private:
  [[nodiscard]] bool any(CheckCode code) const {
    return !(code == CheckCode::kCritical ? critical_ : warning_).empty();
  }
  CheckCode worst_ = CheckCode::kOk;
  std::string critical_;
  std::string warning_;
};

struct Counts {
  std::uint64_t critical = 0;
  std::uint64_t warning = 0;
};

Counts add_alarms(const v1::StatusResponse& status, Findings& findings) {
  Counts counts;
  for (const auto& alarms : status.open_alarms()) {
    const bool critical = alarms.severity() != v1::ALARM_SEVERITY_WARNING;
    (critical ? counts.critical : counts.warning) += alarms.count();
    findings.add(critical ? CheckCode::kCritical : CheckCode::kWarning,
                 (alarms.count() == 1 ? "alarm " : std::to_string(alarms.count()) + " alarms ") +
                     alarms.code());
  }
  return counts;
}

void add_state(const v1::StatusResponse& status, Findings& findings) {
  if (!status.degraded_why().empty())
    findings.add(CheckCode::kCritical, "degraded: " + status.degraded_why());
  if (!status.clock_doubt().empty()) {
    findings.add(CheckCode::kCritical, "clock cannot be right: " + status.clock_doubt());
  } else if (!status.clock().believed()) {
    findings.add(CheckCode::kWarning, "clock not believed: " + status.clock().why());
  }
  if (status.certificate_over()) findings.add(CheckCode::kCritical, "the certificate is over");
  if (status.pairs_frozen() > 0)
    findings.add(CheckCode::kCritical,
                 status.pairs_frozen() == 1
                     ? std::string("a pairing is frozen")
                     : std::to_string(status.pairs_frozen()) + " pairings are frozen");
  for (const auto& each : status.not_listening())
    findings.add(CheckCode::kWarning, "not listening on " + each.address());
  if (!status.memory_unlocked_why().empty()) findings.add(CheckCode::kWarning, "unlocked memory");
}

CheckCode judge(const v1::StatusResponse& status) {
  Findings findings;
  const Counts alarms = add_alarms(status, findings);
  add_state(status, findings);
  const char* word = findings.worst() == CheckCode::kOk        ? "OK"
                     : findings.worst() == CheckCode::kWarning ? "WARNING"
                                                               : "CRITICAL";
  const auto number = [](std::uint64_t value) { return std::to_string(value); };
  const std::string network = status.network() == v1::NETWORK_LIVE
                                  ? ""
                                  : " (" + std::string(network_name(status.network())) + ")";
  say(Shown("BLO ") + word + " - " + in_one_part(status.office() + network) + ": " +
      (findings.worst() == CheckCode::kOk ? std::string("nothing waits")
                                          : in_one_part(findings.text())) +
      "|alarms_critical=" + number(alarms.critical) + ";;0;0 alarms_warning=" +
      number(alarms.warning) + ";0;;0 pairs_frozen=" + number(status.pairs_frozen()) +
      ";;0;0 drafts=" + number(status.drafts()) + ";;;0 strangers=" + number(status.strangers()) +
      "c;;;0");
  return findings.worst();
}

Outcome<v1::Response> ask(const Globals& globals) {
  if (globals.json)
    return usage("--check prints one line for a monitor, and no JSON.", "Leave out one of them.");
  Globals quiet = globals;
  quiet.json = true;  // no line before the one
  const auto officer = load_officer_if_needed(quiet);
  if (!officer) return officer.error();
  auto daemon = Daemon::connect(quiet, *officer ? &**officer : nullptr);
  if (!daemon) return daemon.error();
  v1::Request request;
  request.mutable_status();
  return daemon->call(request, v1::Response::kStatus);
}

}  // namespace

CheckCode check_status(const Globals& globals) {
  const auto response = ask(globals);
  if (response) return judge(response->status());
  say(Shown("BLO UNKNOWN - ") + in_one_part(response.error().sentence));
  return CheckCode::kUnknown;
}

}  // namespace blo::cli
