#include "base/wire.h"
#include "blo/v1/control.pb.h"
#include "daemon/views.h"

namespace blo::daemon {
namespace {

/// Of each office; the newest, for whoever is new is who is looked for.
constexpr std::size_t kOfficersShownMax = 100;

struct Line {
  std::uint64_t person;
  const identity::OfficerName* name;
  const std::vector<identity::Role>* roles;
  const identity::Fingerprint* certificate;
  WallTime since;
  WallTime first;
};

template <class Out>
std::uint64_t write_newest(std::vector<Line> lines, Out& out) {
  const std::uint64_t in_all = lines.size();
  std::ranges::stable_sort(lines, [](const Line& a, const Line& b) { return a.since > b.since; });
  if (lines.size() > kOfficersShownMax) lines.resize(kOfficersShownMax);
  for (const auto& line : lines) {
    auto& officer = *out.Add();
    officer.set_person(line.person);
    officer.set_name(line.name->name);
    officer.set_agency(line.name->agency);
    for (const auto role : *line.roles) officer.add_roles(static_cast<v1::Role>(role));
    officer.set_fingerprint(to_string(ByteView(*line.certificate)));
    officer.set_since_ms(to_unix_ms(line.since));
    officer.set_first_ms(to_unix_ms(line.first));
  }
  return in_all;
}

std::vector<Line> our_lines(const office::Officers& ours, WallTime time) {
  std::map<std::uint64_t, WallTime> first;
  std::vector<Line> lines;
  for (const auto& officer : ours.all()) {
    const auto& details = officer.certificate.details();
    first.emplace(officer.person, details.not_before);
    if (!ours.in_force(officer, time)) continue;
    lines.push_back({officer.person, &officer.name, &details.roles,
                     &officer.certificate.fingerprint(), details.not_before,
                     first.at(officer.person)});
  }
  return lines;
}

std::vector<Line> their_lines(const office::ReceivedJournal& received, WallTime time) {
  static const identity::OfficerName kNoName;
  std::vector<Line> lines;
  for (const auto& [person, speaker] : received.standing->speakers()) {
    if (!speaker.may_speak(time)) continue;
    const auto author = received.authors.find(speaker.certificate);
    lines.push_back({person, author == received.authors.end() ? &kNoName : &author->second.name,
                     &speaker.roles, &speaker.certificate, speaker.since, speaker.first});
  }
  return lines;
}

}  // namespace

void write_scrub(const std::optional<store::Scrubbed>& last, bool under_way, v1::Scrub& out) {
  out.set_under_way(under_way);
  if (!last) return;
  out.set_ended_ms(to_unix_ms(last->ended));
  out.set_entries(last->entries);
  out.set_damaged(last->damaged);
}

void write_policy(const journal::Policy& policy, v1::PolicyRecord& out) {
  v1::Record wire;
  BLO_CHECK(parse_wire(journal::encode_record(policy), wire));
  out = wire.policy();
}

void write_standing(const office::Officers& ours, const office::Pair& pair, WallTime time,
                    v1::PairShowResponse& out) {
  out.set_our_officers_in_all(write_newest(our_lines(ours, time), *out.mutable_our_officers()));
  if (pair.sent) {
    write_policy(pair.sent->policy, *out.mutable_our_policy()->mutable_policy());
    out.mutable_our_policy()->set_since_ms(to_unix_ms(pair.sent->policy_since));
  }
  if (!pair.received) return;
  out.set_their_officers_in_all(
      write_newest(their_lines(*pair.received, time), *out.mutable_their_officers()));
  const auto& policy = pair.received->standing->policy();
  write_policy(policy.policy, *out.mutable_their_policy()->mutable_policy());
  out.mutable_their_policy()->set_since_ms(to_unix_ms(policy.since));
}

}  // namespace blo::daemon
