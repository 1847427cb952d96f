// blo evidence: what proves one message to people who have neither office's store.
#include "journal/evidence.h"

#include <algorithm>

#include "base/file.h"
#include "blo/v1/control.pb.h"
#include "commands.h"
#include "daemon.h"
#include "identity/pem.h"
#include "identity/request.h"
#include "journal/entry_facts.h"
#include "journal/note.h"
#include "message/message.h"
#include "numbers.h"
#include "report.h"

namespace blo::cli {
namespace {

/// Whether the checkpoint over the message carries the counterpart's line beside the journal's.
bool is_receipted(const journal::Evidence& evidence) {
  const auto note = journal::Note::parse(evidence.journal.checkpoint);
  return note && note->signatures.size() > 1;
}

/// The options by which the auditor's program is given what it trusts.
std::string authorities_of(const MessageNumber& number) {
  const std::string from(number.from.country());
  const std::string to(number.to.country());
  return " --authority " + from + ".pem" + (to == from ? "" : " --authority " + to + ".pem");
}

std::string kind_of(const journal::Envelope& envelope) {
  return journal::name_of_kind(envelope.kind);
}

/// What an entry discloses: a message's content in a line, or an officer's name; empty: nothing.
std::string disclosed_by(const journal::ProvenEntry& proven) {
  const auto entry = journal::Entry::parse(proven.leaf);
  if (!proven.disclosed || !entry) return {};
  const Bytes& content = proven.disclosed->content;
  if (const auto* message = std::get_if<journal::SignedEnvelope>(&entry->what)) {
    const auto envelope = journal::Envelope::parse(message->envelope);
    if (!envelope) return "the content";
    const std::string summary = message::summary(envelope->kind, content);
    return "the content of the " + kind_of(*envelope) + (summary.empty() ? "" : ": " + summary);
  }
  const auto record = journal::parse_record(std::get<Bytes>(entry->what));
  const auto* introduced = record ? std::get_if<journal::CertificateRecord>(&*record) : nullptr;
  if (introduced == nullptr) return "something this program does not know";
  const auto certificate = identity::Certificate::parse(introduced->certificate);
  const auto name = identity::OfficerName::parse(content);
  if (!certificate || !name) return "the name of an officer, which cannot be read here";
  return "the name and agency of officer " + std::to_string(certificate->details().person) + ": " +
         name->name + ", " + name->agency;
}

/// All that whoever has the file will read in it.
std::vector<std::string> disclosed_in(const journal::Evidence& evidence) {
  std::vector<std::string> all;
  for (const journal::ProvenEntry& proven : evidence.journal.entries) {
    if (auto what = disclosed_by(proven); !what.empty()) all.push_back(std::move(what));
  }
  std::ranges::reverse(all);  // the message stands after those who signed it
  return all;
}

void report(const Globals& globals, const Evidence& args, const MessageNumber& number,
            const journal::Evidence& evidence, std::size_t file_bytes) {
  const bool disclosed = evidence.message().disclosed.has_value();
  const bool receipted = is_receipted(evidence);
  const auto discloses = disclosed_in(evidence);
  if (globals.json) {
    return print(Json::object({{"number", number.text()},
                               {"file", args.out.string()},
                               {"bytes", std::uint64_t{file_bytes}},
                               {"receipted", receipted},
                               {"disclosed", disclosed},
                               {"discloses", Json::strings(discloses)}}));
  }
  say("The evidence of " + number.text() + " is in " + args.out.string() + ".");
  if (!receipted) say("It carries no receipt: the pairing ended before there was one.");
  if (discloses.empty()) {
    say("It discloses no content and no names.");
  } else {
    say("Whoever has the file reads in it:");
    for (const std::string& what : discloses) say(Shown("  ") + what);
    say("Hand it only to who may read that. Nothing else is disclosed.");
  }
  say("Whoever has the authorities' certificates verifies it with: blo-audit evidence FILE" +
      authorities_of(number));
}

}  // namespace

Outcome<ExitCode> run(const Globals& globals, const Evidence& args) {
  const auto typed = parse_typed_number(args.number);
  if (!typed) return typed.error();
  const auto officer = load_officer(globals);
  if (!officer) return officer.error();
  auto daemon = Daemon::connect(globals, &*officer);
  if (!daemon) return daemon.error();
  const auto number = find_number(*daemon, *typed);
  if (!number) return number.error();
  v1::Request request;
  request.mutable_evidence()->set_number(number->text());
  request.mutable_evidence()->set_disclose(args.disclose);
  const auto response = daemon->call(request, v1::Response::kEvidence);
  if (!response) return response.error();
  const auto bytes = as_bytes(response->evidence().file());
  const auto evidence = journal::Evidence::parse(bytes);
  if (!evidence) return unexpected_answer();
  const std::string text = identity::to_pem(journal::kEvidenceLabel, bytes);
  // What is disclosed in it is content: for its owner's eyes.
  const auto written =
      write_file(args.out, as_bytes(text), args.disclose ? 0600U : 0644U, Overwrite::kNo);
  if (!written) return failure_from(written.error(), args.out.string());
  report(globals, args, *number, *evidence, text.size());
  return ExitCode::kOk;
}

}  // namespace blo::cli
