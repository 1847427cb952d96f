#include "office/officers.h"

namespace blo::office {
namespace {

constexpr std::uint32_t kOfficerDaysMax = 3 * 366;

Result<identity::CertificateRequest> parse_request(ByteView bytes, const OfficeKeys& keys) {
  auto request = identity::CertificateRequest::parse(bytes);
  if (!request) return request.error();
  if (request->kind != identity::CertificateKind::kOfficer || request->network != keys.network ||
      request->subject != keys.id.text()) {
    return Error(OfficeError::kWrongOffice, "officer's request");
  }
  return request;
}

}  // namespace

Result<void> Officers::load() {
  auto rows = store_.officers().all();
  if (!rows) return rows.error();
  for (auto& row : *rows) rows_.push_back(std::move(row));
  const auto revocations = store_.officers().revocations();
  if (!revocations) return revocations.error();
  for (const auto& revocation : *revocations) keep_revocation(revocation);
  return {};
}

const store::OfficerRow* Officers::find(const identity::Fingerprint& fingerprint) const {
  for (const auto& officer : rows_) {
    if (officer.certificate.fingerprint() == fingerprint) return &officer;
  }
  return nullptr;
}

const store::OfficerRow* Officers::newest(std::uint64_t person) const {
  const store::OfficerRow* newest = nullptr;
  for (const auto& officer : rows_) {
    if (officer.person != person) continue;
    if (newest == nullptr ||
        newest->certificate.details().statement <= officer.certificate.details().statement) {
      newest = &officer;
    }
  }
  return newest;
}

const identity::Revocation* Officers::revocation(std::uint64_t person) const {
  const auto found = revocations_.find(person);
  return found == revocations_.end() ? nullptr : &found->second;
}

bool Officers::forgotten(const identity::Certificate& certificate) const {
  const auto* revoked = revocation(certificate.details().person);
  if (revoked == nullptr) return false;
  const auto ended = [&](const identity::Certificate& one) {
    return one.details().person == certificate.details().person &&
           one.details().statement < revoked->details().statement;
  };
  return ended(certificate) && std::ranges::any_of(rows_, [&](const auto& officer) {
           return ended(officer.certificate) && officer.name.name.empty();
         });
}

std::uint64_t Officers::statement_about(std::uint64_t person) const {
  std::uint64_t statement = 0;
  if (const auto* officer = newest(person)) statement = officer->certificate.details().statement;
  if (const auto* revoked = revocation(person)) {
    statement = std::max(statement, revoked->details().statement);
  }
  return statement;
}

OfficerState Officers::state(const store::OfficerRow& officer, WallTime time) const {
  const auto& details = officer.certificate.details();
  const auto* revoked = revocation(officer.person);
  if (revoked != nullptr && revoked->details().statement > details.statement) {
    return OfficerState::kRevoked;
  }
  if (newest(officer.person) != &officer) return OfficerState::kReplaced;
  return details.valid_at(time) ? OfficerState::kInForce : OfficerState::kExpired;
}

journal::Validity Officers::validity(const store::OfficerRow& officer,
                                     const journal::AskedAt& at) const {
  const auto by_statements = state(officer, at.time);
  if (by_statements == OfficerState::kRevoked || by_statements == OfficerState::kReplaced)
    return journal::Validity::kNone;
  return journal::validity_of(officer.certificate.details(), keys_.certificate.details(), at);
}

std::uint64_t Officers::next_statement(std::uint64_t person, Now now) const {
  return std::max(to_unix_ms(now.wall), statement_about(person) + 1);
}

Result<const store::OfficerRow*> Officers::add(ByteView request_bytes,
                                               std::vector<identity::Role> roles,
                                               std::uint32_t valid_days, std::uint64_t person,
                                               Now now, const AlsoDone& also) {
  const auto request = parse_request(request_bytes, keys_);
  if (!request) return request.error();
  std::ranges::sort(roles);
  roles.erase(std::unique(roles.begin(), roles.end()), roles.end());
  if (!keys_.certificate.details().valid_at(now.wall))
    return Error(OfficeError::kNoValidTime, to_rfc3339(now.wall));
  if (roles.empty() || valid_days == 0 || valid_days > kOfficerDaysMax) {
    return Error(OfficeError::kMalformed, "roles or validity");
  }
  for (const auto& officer : rows_) {
    if (officer.certificate.details().keys.front().key == request->keys.front().key)
      return Error(OfficeError::kDuplicate, "the officer's key");
  }
  if (person != 0 && newest(person) == nullptr) {
    return Error(OfficeError::kUnknownPerson, std::to_string(person));
  }
  if (person == 0) {
    const auto next = store_.officers().next_person();
    if (!next) return next.error();
    person = *next;
  }
  identity::CertificateDetails details;
  details.kind = identity::CertificateKind::kOfficer;
  details.network = keys_.network;
  details.subject = keys_.id.text();
  details.statement = next_statement(person, now);
  details.keys = request->keys;
  details.not_before = from_unix_s(to_unix_s(now.wall));
  details.not_after = std::min(details.not_before + std::chrono::days(valid_days),
                               keys_.certificate.details().not_after);
  details.issuer = keys_.certificate.fingerprint();
  details.person = person;
  details.roles = std::move(roles);
  details.name_commitment = identity::commit_to_name(request->name_salt, request->name.encode());
  store::OfficerRow row{person, identity::Certificate::issue(details, keys_.identity),
                        request->name, request->name_salt};
  auto transaction = store_.begin();
  if (!transaction) return transaction.error();
  if (const auto done = store_.officers().put(row); !done) return done.error();
  if (also) {
    if (const auto done = also(row); !done) return done.error();
  }
  if (const auto done = transaction->commit(); !done) return done.error();
  rows_.push_back(std::move(row));
  return &rows_.back();
}

Result<void> Officers::restore(store::OfficerRow officer) {
  const auto same = [&](const auto& other) {
    return other.certificate.fingerprint() == officer.certificate.fingerprint();
  };
  if (std::ranges::any_of(rows_, same) || std::ranges::any_of(restored_.officers, same)) return {};
  if (const auto done = store_.officers().put(officer); !done) return done;
  restored_.officers.push_back(std::move(officer));
  return {};
}

Result<void> Officers::restore(identity::Revocation revocation) {
  const auto& details = revocation.details();
  if (details.kind != identity::CertificateKind::kOfficer) return {};
  const auto* known = this->revocation(details.person);
  if (known != nullptr && known->details().statement >= details.statement) return {};
  if (const auto done = store_.officers().put_revocation(revocation); !done) return done;
  restored_.revocations.push_back(std::move(revocation));
  return {};
}

Result<void> Officers::erase_name(const identity::Fingerprint& certificate) {
  restored_.erased.push_back(certificate);
  return store_.officers().erase_name(certificate);
}

void Officers::keep_restored() {
  for (auto& officer : restored_.officers) rows_.push_back(std::move(officer));
  for (const auto& revocation : restored_.revocations) keep_revocation(revocation);
  for (auto& officer : rows_) {
    if (std::ranges::count(restored_.erased, officer.certificate.fingerprint()) > 0)
      officer.name = {};
  }
  restored_ = {};
}

void Officers::keep_revocation(const identity::Revocation& revocation) {
  revocations_.insert_or_assign(revocation.details().person, revocation);
}

void Officers::keep_erased_name(std::uint64_t person) {
  for (auto& officer : rows_) {
    if (officer.person == person) officer.name = {};
  }
}

}  // namespace blo::office
