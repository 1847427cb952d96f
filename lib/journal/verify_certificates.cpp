#include "journal/verify_certificates.h"

#include "base/hex.h"
#include "base/limits.h"
#include "identity/chain.h"
#include "identity/request.h"
#include "journal/across/receipt_bounds.h"

namespace blo::journal {
namespace {

constexpr char kFile[] = "certificates.pem";
constexpr std::size_t kCertificates = 5;
constexpr std::size_t kTrailCertificates = 3;

/// The given authority with the fingerprint of the export's copy; null where none was given.
const identity::Certificate* given(const std::vector<identity::Certificate>& authorities,
                                   const identity::Certificate& copy) {
  const auto found =
      std::ranges::find(authorities, copy.fingerprint(), &identity::Certificate::fingerprint);
  return found == authorities.end() ? nullptr : &*found;
}

void add_untrusted(JournalFacts& facts, const OfficeId& office,
                   const identity::Certificate& authority) {
  facts.findings.add(FindingCode::kUntrustedAuthority, kFile,
                     "no authority given on the command line vouches for " + office.text(),
                     "the export names " + to_hex(authority.fingerprint()));
}

void add_invalid(JournalFacts& facts, const Error& error,
                 const identity::Certificate& certificate) {
  facts.findings.add(certificate_finding(error), kFile, error.message(),
                     to_hex(certificate.fingerprint()));
}

/// A fingerprint covers the details alone: the copy's signature may still be another one.
bool check_copy(const identity::Certificate& authority, JournalFacts& facts) {
  const auto checked = identity::check_authority(authority);
  if (!checked) add_invalid(facts, checked.error(), authority);
  return checked.has_value();
}

std::string name(const identity::Certificate& authority) {
  return authority.details().subject + " " + to_hex(authority.fingerprint());
}

/// The first at which both can be valid.
WallTime some_time(const identity::Certificate& authority, const identity::Certificate& office) {
  return std::max(office.details().not_before, authority.details().not_before);
}

/// Which kinds stand in certificates.pem, in this order; a trail's has the first three.
constexpr identity::CertificateKind kKinds[kCertificates] = {
    identity::CertificateKind::kAuthority, identity::CertificateKind::kOffice,
    identity::CertificateKind::kJournal, identity::CertificateKind::kAuthority,
    identity::CertificateKind::kOffice};

/// Whether the counterpart's office is the one the journal is for.
bool check_counterpart_office(const identity::Certificate& office, JournalFacts& facts) {
  const Origin& origin = facts.verdict.origin;
  const bool network = office.details().network == origin.network;
  if (network && office.details().subject == origin.to.text()) return true;
  facts.findings.add(network ? FindingCode::kSubject : FindingCode::kNetwork, kFile,
                     "the fifth certificate is not of " + origin.to.text() + " on the network " +
                         std::string(to_string(origin.network)),
                     to_hex(office.fingerprint()));
  return false;
}

}  // namespace

std::optional<ExportCertificates> read_certificates(const ExportFiles& files, JournalFacts& facts) {
  const auto refuse = [&facts](const std::string& why,
                               FindingCode code = FindingCode::kCertificateForm) {
    facts.findings.add(code, kFile, why);
    return std::nullopt;
  };
  const auto text =
      files.read(export_folder(facts.verdict.origin) + "/" + kFile, limits::kSmallFileBytesMax);
  if (!text) return refuse(text.error().code().message(), file_finding(text.error()));
  const auto blocks = identity::all_from_pem(identity::kCertificateLabel, as_text(*text));
  if (!blocks) return refuse(blocks.error().message());
  const bool trail = facts.verdict.origin.is_trail();
  if (blocks->size() != (trail ? kTrailCertificates : kCertificates)) {
    return refuse(trail ? "three certificates belong here" : "five certificates belong here");
  }
  std::vector<identity::Certificate> parsed;
  for (const Bytes& block : *blocks) {
    auto certificate = identity::Certificate::parse(block);
    if (!certificate) return refuse(certificate.error().message());
    if (certificate->details().kind != kKinds[parsed.size()]) {
      return refuse("certificate " + std::to_string(parsed.size() + 1) + " is of another kind",
                    FindingCode::kCertificateKind);
    }
    parsed.push_back(std::move(*certificate));
  }
  ExportCertificates certificates{parsed[0], parsed[1], parsed[2], std::nullopt};
  if (!trail) certificates.counterpart = ExportCounterpart{parsed[3], parsed[4]};
  return certificates;
}

std::optional<SenderTrust> check_sender(const ExportCertificates& certificates,
                                        const std::vector<identity::Certificate>& authorities,
                                        JournalFacts& facts) {
  const Origin& origin = facts.verdict.origin;
  const auto* authority = given(authorities, certificates.authority);
  if (authority == nullptr) {
    add_untrusted(facts, origin.from, certificates.authority);
    return std::nullopt;
  }
  facts.verdict.sender_authority = name(*authority);
  facts.findings.rest_on(facts.verdict.sender_authority, {});
  if (!check_copy(certificates.authority, facts)) return std::nullopt;
  const auto office = identity::check_office(*authority, certificates.office,
                                             some_time(*authority, certificates.office));
  if (!office) {
    add_invalid(facts, office.error(), certificates.office);
    return std::nullopt;
  }
  const auto journal = identity::check_journal(certificates.office, certificates.journal, origin);
  if (!journal) {
    add_invalid(facts, journal.error(), certificates.journal);
    return std::nullopt;
  }
  const auto key = certificates.journal.details().verify_key(identity::KeyUse::kJournal);
  if (!key) return std::nullopt;
  return SenderTrust{*authority, *key};
}

bool check_first(const ExportCertificates& certificates, const SenderTrust& trust,
                 JournalFacts& facts) {
  // A trail's generation may begin after the end: what may stand in it then, each entry says.
  const WallTime first = facts.verdict.origin.is_trail()
                             ? std::min({trust.first, certificates.office.details().not_after,
                                         trust.authority.details().not_after})
                             : trust.first;
  const auto office = identity::check_office(trust.authority, certificates.office, first);
  if (!office) add_invalid(facts, office.error(), certificates.office);
  return office.has_value();
}

std::optional<NoteKey> check_counterpart(const ExportCounterpart& counterpart,
                                         const std::vector<identity::Certificate>& authorities,
                                         JournalFacts& facts) {
  const Origin& origin = facts.verdict.origin;
  const identity::Certificate& office = counterpart.office;
  const auto* authority = given(authorities, counterpart.authority);
  if (authority == nullptr) {
    add_untrusted(facts, origin.to, counterpart.authority);
    return std::nullopt;
  }
  facts.verdict.counterpart_authority = name(*authority);
  facts.findings.rest_on(facts.verdict.sender_authority, facts.verdict.counterpart_authority);
  if (!check_copy(counterpart.authority, facts)) return std::nullopt;
  // Receipts are believed only under a chain that held at some time; when they were given is known
  // later.
  const auto checked = identity::check_office(*authority, office, some_time(*authority, office));
  if (!checked) {
    add_invalid(facts, checked.error(), office);
    return std::nullopt;
  }
  if (!check_counterpart_office(office, facts)) return std::nullopt;
  const auto key = office.details().verify_key(identity::KeyUse::kReceipt);
  if (!key) return std::nullopt;
  return receipt_note_key(origin.network, origin.to, *key);
}

void check_ends(const ExportCertificates& certificates, const SenderTrust& trust,
                std::optional<WallTime> last, JournalFacts& facts) {
  if (last) {
    const auto office = identity::check_office(trust.authority, certificates.office, *last);
    if (!office)
      add_invalid(facts, office.error().within("at the last entry's stamp"), certificates.office);
    const auto& journal = certificates.journal.details();
    if (!journal.valid_at(trust.first) || !journal.valid_at(*last))
      facts.note("some entries are stamped outside the validity of the journal's certificate");
  }
  if (!certificates.counterpart) return;
  // The authority's copy in the export has the fingerprint of the one given.
  for (const auto& time : {facts.verdict.first_receipt, facts.verdict.last_receipt}) {
    const auto& counterpart = *certificates.counterpart;
    if (!time || is_certified(counterpart.authority, counterpart.office, to_unix_s(*time)))
      continue;
    const auto office = identity::check_office(counterpart.authority, counterpart.office, *time);
    if (office) continue;
    add_invalid(facts, office.error().within("at " + to_rfc3339(*time) + ", a receipt's time"),
                certificates.counterpart->office);
    break;
  }
}

}  // namespace blo::journal
