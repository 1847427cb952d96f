#include "arguments.h"

#include <CLI/CLI.hpp>
#include <memory>

#include "arguments_alarms.h"
#include "arguments_options.h"
#include "arguments_unknown.h"
#include "arguments_words.h"
#include "base/version.h"
#include "message/steps.h"

namespace blo::cli {
namespace {

constexpr const char* kNumberHelp =
    "a message's number: UZ-OYBEK/TJ-FOTEHOBOD/1042; 1042 where only one has that";

/// Builds CLI11's tree; each subcommand owns the struct it fills and puts it into `chosen` when it
/// was the one typed.
class Parser {
 public:
  Parser();
  std::variant<Invocation, HelpText, UsageError> parse(int argc, const char* const* argv);
  [[nodiscard]] const CLI::App& app() const { return app_; }

 private:
  template <class T>
  std::pair<CLI::App*, T*> add(CLI::App& under, const std::string& name, const std::string& about) {
    CLI::App* command = under.add_subcommand(name, about);
    const auto filled = std::make_shared<T>();
    // The callbacks of what stands below come first.
    command->callback([this, command, filled] {
      if (command->get_subcommands().empty()) chosen_ = *filled;
    });
    return {command, filled.get()};
  }
  CLI::App& group(const std::string& name, const std::string& about) {
    CLI::App* command = app_.add_subcommand(name, about);
    command->require_subcommand(1);
    return *command;
  }

  void add_globals();
  void add_authority();
  void add_office();
  void add_officer();
  void add_unlock();
  void add_pair();
  void add_send();
  void add_reading();
  void add_acted();
  void add_evidence();
  void add_trail();
  void add_retention();
  void add_alarms();
  void add_four_eyes();
  void add_backup();

  CLI::App app_{"Exchange alerts and seizure notices with the office across the border.", "blo"};
  Globals globals_;
  std::optional<Command> chosen_;
};

/// A list option of one value each time it is given, so that it cannot swallow what follows.
template <class T>
CLI::Option* repeated(CLI::App& command, const std::string& name, std::vector<T>& values,
                      const std::string& about) {
  return command.add_option(name, values, about)->allow_extra_args(false);
}

Parser::Parser() {
  app_.fallthrough();
  app_.require_subcommand(1);
  app_.set_version_flag("--version", "blo " + version_and_commit());
  add_globals();
  add_authority();
  add_office();
  add_officer();
  add_unlock();
  add_pair();
  add_send();
  add_reading();
  add_four_eyes();
  add_backup();
  names_in_capitals(app_);
}

void Parser::add_globals() {
  app_.add_option("--home", globals_.home, "the office's folder")
      ->envname("BLO_HOME")
      ->capture_default_str();
  app_.add_option("--as", globals_.as, "the officer who acts")->envname("BLO_AS");
  app_.add_flag("--json", globals_.json, "one JSON object on stdout instead of sentences");
  app_.add_option("--purpose", globals_.purpose, "why you ask, in a sentence; for the audit trail");
  app_.add_option("--passphrase-file", globals_.passphrase_file,
                  "read the key's passphrase from this file (mode 0600)");
}

void Parser::add_authority() {
  CLI::App& authority = group("authority", "a country's root key");
  const auto [create, args] =
      add<AuthorityCreate>(authority, "create", "make an authority's key and certificate");
  create->add_option("COUNTRY", args->country, "ISO 3166-1 alpha-2: UZ")->required();
  create->add_option("--out", args->out, "folder for the key and the certificate")->required();
  network_option(*create, args->network);
  days_option(*create, args->valid_days);
  no_passphrase_flag(*create, args->no_passphrase);
  const auto [revoke, revoked] = add<AuthorityRevoke>(
      authority, "revoke", "end an office's certificates, for its counterparts");
  revoke->add_option("OFFICE", revoked->office, "the office's id")->required();
  revoke->add_option("--authority", revoked->authority, "the authority's folder")->required();
  reason_option(*revoke, revoked->reason);
  revoke->add_option("--out", revoked->out, "the revocation to write")->required();
}

void Parser::add_office() {
  CLI::App& office = group("office", "this office's keys and certificate");
  {
    const auto [create, args] = add<OfficeCreate>(
        office, "create", "make the office's keys, its certificate request and blod.toml");
    create->add_option("OFFICE", args->office, "its id: UZ-OYBEK")->required();
    network_option(*create, args->network);
    no_passphrase_flag(*create, args->no_passphrase);
  }
  {
    const auto [certify, args] =
        add<OfficeCertify>(office, "certify", "certify an office's request, as the authority");
    certify->add_option("REQUEST", args->request, "the office's request file")->required();
    certify->add_option("--authority", args->authority, "the authority's folder")->required();
    days_option(*certify, args->valid_days);
    certify->add_option("--out", args->out, "the certificate to write")->required();
  }
  {
    const auto [install, args] = add<OfficeInstall>(
        office, "install", "verify the certificate that came back and put it in place");
    install->add_option("CERTIFICATE", args->certificate, "the office's certificate")->required();
    install->add_option("AUTHORITY", args->authority, "the authority's certificate")->required();
  }
  add<OfficeShow>(office, "show", "show the office's identity and fingerprints");
  const auto [recover, args] = add<OfficeRecover>(
      office, "recover", "go on with a counterpart that gave back what this office had lost");
  recover->add_option("COUNTERPART", args->counterpart, "the other office's id")->required();
}

void Parser::add_officer() {
  CLI::App& officer = group("officer", "the people who sign");
  {
    const auto [request, args] =
        add<OfficerRequest>(officer, "request", "make your own key and a request to be certified");
    request->add_option("NAME", args->name, "what your key is called here: karimov")->required();
    request->add_option("--office", args->office, "the office you work in")
        ->transform(in_capitals())
        ->required();
    network_option(*request, args->network);
    request->add_option("--name", args->full_name, "your full name")->required();
    request->add_option("--agency", args->agency, "customs, border guard, …")->required();
    no_passphrase_flag(*request, args->no_passphrase);
  }
  {
    const auto [add_officer, args] =
        add<OfficerAdd>(officer, "add", "certify an officer's request, as this office");
    add_officer->add_option("REQUEST", args->request, "the officer's request file")->required();
    repeated(*add_officer, "--role", args->roles, alternatives(role_words()) + "; may be repeated")
        ->transform(one_of(role_words()))
        ->capture_default_str();
    days_option(*add_officer, args->valid_days);
    add_officer->add_option("--person", args->person,
                            "the number of an officer who is here and gets a new certificate");
    add_officer->add_option("--out", args->out, "the certificate to write")->required();
  }
  {
    const auto [install, args] =
        add<OfficerInstall>(officer, "install", "put your certificate beside your key");
    install->add_option("NAME", args->name, "what your key is called here")->required();
    install->add_option("CERTIFICATE", args->certificate, "the certificate")->required();
  }
  {
    const auto [list, args] = add<OfficerList>(officer, "list", "list this office's officers");
    list->add_flag("--all", args->all, "certificates that are over, too");
  }
  {
    const auto [revoke, args] =
        add<OfficerRevoke>(officer, "revoke", "end every certificate of an officer, from now on");
    revoke->add_option("PERSON", args->person, "the officer's number in blo officer list")
        ->required();
    reason_option(*revoke, args->reason);
  }
  const auto [forget, args] = add<OfficerForget>(
      officer, "forget", "destroy a revoked officer's name here and at every counterpart");
  forget->add_option("PERSON", args->person, "the officer's number")->required();
}

void Parser::add_unlock() {
  const auto [unlock, args] =
      add<Unlock>(app_, "unlock", "keep the officer's key usable in this terminal session");
  CLI::Option* minutes = unlock->add_option("--minutes", args->minutes, "for how long")
                             ->check(CLI::Range(1U, 480U))
                             ->capture_default_str();
  unlock->add_option("--seconds", args->seconds, "for how long, in place of --minutes")
      ->check(CLI::Range(1U, 28'800U))
      ->excludes(minutes);
  add<Lock>(app_, "lock", "end what unlock began, at once");
}

void Parser::add_pair() {
  CLI::App& pair = group("pair", "the office across the border");
  {
    const auto [invite, args] = add<PairInvite>(pair, "invite", "write this office's pairing file");
    invite->add_option("COUNTERPART", args->counterpart, "the other office's id")->required();
    repeated(*invite, "--address", args->addresses,
             "HOST:PORT where this office can be dialled; may be repeated");
    invite->add_option("--legal-basis", args->legal_basis,
                       "the agreement you exchange under; blod.toml's where not given");
    invite->add_option("--out", args->out, "the file to write")->required();
  }
  {
    const auto [again, args] = add<PairAgain>(
        pair, "again", "write a new pairing file for an office you were paired with before");
    again->add_option("COUNTERPART", args->counterpart, "the other office's id")->required();
    repeated(*again, "--address", args->addresses,
             "HOST:PORT where this office can be dialled; as before where not given");
    again->add_option("--from", args->from,
                      "the counterpart's new file, where this office has lost the pairing");
    again->add_option("--out", args->out, "the file to write")->required();
  }
  {
    const auto [accept, args] = add<PairAccept>(pair, "accept", "read the counterpart's file");
    accept->add_option("FILE", args->file, "the counterpart's pairing file")->required();
  }
  {
    const auto [confirm, args] =
        add<PairConfirm>(pair, "confirm", "confirm the digits the counterpart read out");
    confirm->add_option("COUNTERPART", args->counterpart, "the other office's id")->required();
    confirm->add_option("--digits", args->digits,
                        "the twelve groups the other side read; asked for when not given");
    confirm->add_option("--how", args->how,
                        "how they were compared: 'by telephone with F. Rahimov'; asked for when "
                        "not given");
  }
  {
    const auto [show, args] = add<PairShow>(pair, "show", "show all that is known of a pairing");
    show->add_option("COUNTERPART", args->counterpart, "the other office's id")->required();
  }
  {
    const auto [freeze, args] =
        add<PairFreeze>(pair, "freeze", "stop a pairing until the digits are compared again");
    freeze->add_option("COUNTERPART", args->counterpart, "the other office's id")->required();
    freeze->add_option("--reason", args->reason, "why, in a sentence")->required();
  }
  {
    const auto [end, args] = add<PairEnd>(pair, "end", "end a pairing for ever");
    end->add_option("COUNTERPART", args->counterpart, "the other office's id")->required();
    end->add_option("--reason", args->reason, "why, in a sentence")->required();
  }
  {
    const auto [address, args] =
        add<PairAddress>(pair, "address", "say where the counterpart is dialled from now on");
    address->add_option("COUNTERPART", args->counterpart, "the other office's id")->required();
    CLI::Option* where = address->add_option("ADDRESS", args->addresses,
                                             "HOST:PORT, up to four, in the order to try them");
    address->add_flag("--none", args->none, "it is not dialled any more: it must call us")
        ->excludes(where);
  }
  {
    const auto [rotate, args] = add<PairRotate>(pair, "rotate", "agree on a new pairing secret");
    rotate->add_option("COUNTERPART", args->counterpart, "the other office's id")->required();
  }
  {
    const auto [renew, args] =
        add<PairRenew>(pair, "renew", "replace the key of your journal to the counterpart");
    renew->add_option("COUNTERPART", args->counterpart, "the other office's id")->required();
  }
  add<PairList>(pair, "list", "list the pairings");
  const auto [revoke, args] =
      add<PairRevoke>(pair, "revoke", "enter that the counterpart's authority has revoked it");
  revoke->add_option("FILE", args->file, "the authority's revocation")->required();
}

void Parser::add_send() {
  CLI::App& send = group("send", "send a signed message");
  {
    const auto [alert, args] = add<SendAlert>(send, "alert", "somebody or something to look for");
    sending_options(*alert, args->sending);
    auto& flags = args->flags;
    std::vector<CLI::Option*> described{
        repeated(*alert, "--vehicle", flags.vehicles, "plate, or plate/country: 01A123BC/UZ"),
        repeated(*alert, "--person", flags.persons, "'SURNAME, Forenames[, 1980-02-29]'"),
        repeated(*alert, "--document", flags.documents, "country/type/number: UZ/P/AA1234567"),
        repeated(*alert, "--container", flags.containers, "ISO 6346 number"),
        alert->add_option("--goods", flags.goods, "goods, in words"),
        alert->add_option("--reason", flags.reason, "why"),
        alert->add_option("--action", flags.action, "what to do on a hit"),
        repeated(*alert, "--warning", flags.warnings, "armed, violent, escape-risk, or in words")
            ->transform(one_of_or_text({"armed", "violent", "escape-risk"}))};
    CLI::Option* file =
        alert->add_option("--file", args->file, "the content as JSON, instead of these flags");
    for (CLI::Option* option : described) file->excludes(option);
  }
  {
    const auto [seizure, args] = add<SendSeizure>(send, "seizure", "a seizure notice");
    sending_options(*seizure, args->sending);
    seizure->add_option("--file", args->file, "the notice as JSON")->required();
  }
  CLI::App& import = group("import", "send many at once");
  const auto [seizures, args] =
      add<ImportSeizures>(import, "seizures", "send each row of a UNODC seizure table, once");
  seizures->add_option("FILE", args->file, "CSV with a header row")->required();
  seizures->add_option("--to", args->to, "the office that receives them")
      ->transform(in_capitals())
      ->required();
  seizures->add_option("--encoding", args->encoding, "windows-1251; else it is Unicode")
      ->transform(one_of({"windows-1251"}));
  seizures->add_flag("--multiline", args->multiline, "cells in quotes may hold line ends");
  seizures->add_flag("--dry-run", args->dry_run, "say what would become of each row, send nothing");
}

void Parser::add_reading() {
  {
    const auto [inbox, args] = add<Inbox>(
        app_, "inbox", "list messages received: what nobody has opened first, by precedence");
    inbox->add_option("--from", args->listing.counterpart, "only from this office")
        ->transform(in_capitals());
    CLI::Option* pages = listing_options(*inbox, args->listing);
    inbox->add_flag("--follow", args->follow, "then show each as it arrives, until interrupted")
        ->excludes(pages);
  }
  {
    const auto [outbox, args] = add<Outbox>(
        app_, "outbox", "list messages sent: what nobody there has opened first, by precedence");
    outbox->add_option("--to", args->listing.counterpart, "only to this office")
        ->transform(in_capitals());
    listing_options(*outbox, args->listing);
  }
  {
    const auto [show, args] =
        add<Show>(app_, "show", "show one message whole; its sender is told that you opened it");
    show->add_option("NUMBER", args->number, kNumberHelp + std::string("; or a draft: D-17"))
        ->required();
  }
  add_acted();
  add_alarms();
  add_evidence();
  CLI::App& journal = group("journal", "the record of what was exchanged");
  const auto [exported, args] =
      add<JournalExport>(journal, "export", "write both journals of a pairing for an auditor");
  exported->add_option("DIR", args->folder, "a new or empty folder")->required();
  CLI::Option* counterpart =
      exported->add_option("--counterpart", args->counterpart, "needed with several pairings")
          ->transform(in_capitals());
  CLI::Option* trail =
      exported->add_flag("--trail", args->trail, "the office's audit trail instead")
          ->excludes(counterpart);
  CLI::Option* challenge =
      exported
          ->add_option("--challenge", args->challenge,
                       "enter an auditor's text first, and wait for the receipt on it")
          ->excludes(trail);
  exported
      ->add_option("--wait", args->wait_seconds,
                   "how many seconds to wait for it; exit code 7 without one")
      ->needs(challenge)
      ->check(CLI::Range(1U, 86'400U))
      ->capture_default_str();
  add_trail();
  add_retention();
}

void Parser::add_acted() {
  const auto outcomes = message::outcomes();
  const auto [acted, args] =
      add<Acted>(app_, "acted", "tell the sender what came of a message that was received");
  acted->add_option("NUMBER", args->number, kNumberHelp)->required();
  acted->add_option("OUTCOME", args->outcome, alternatives(outcomes))
      ->transform(one_of(outcomes))
      ->required();
  acted->add_option("--text", args->text, "who did what; needed for some outcomes");
  acted
      ->add_option("--precedence", args->precedence,
                   alternatives(precedence_words()) + "; the message's own when not given")
      ->transform(one_of(precedence_words()));
  wait_option(*acted, args->wait_seconds);
}

void Parser::add_evidence() {
  const auto [evidence, args] =
      add<Evidence>(app_, "evidence", "write what proves one message to a court");
  evidence->add_option("NUMBER", args->number, kNumberHelp)->required();
  evidence->add_option("--out", args->out, "the file to write")->required();
  evidence->add_flag("--disclose", args->disclose,
                     "with its content and its officers' names, and what proves them");
}

void Parser::add_trail() {
  const auto [trail, args] = add<TrailList>(app_, "trail", "what officers asked of the office");
  trail->add_option("--officer", args->person, "only this person (a number: blo officer list)");
  trail->add_option("--message", args->message, "only what concerns this message")
      ->transform(in_capitals());
  trail->add_option("--limit", args->limit, "at most so many, newest first")
      ->check(CLI::Range(1U, 1'000U))
      ->capture_default_str();
  trail->add_option("--before", args->before, "older than the entry with this number");
}

void Parser::add_retention() {
  CLI::App& retention = group("retention", "contents whose time is over");
  const auto limited = [](CLI::App& app, std::uint32_t& limit) {
    app.add_option("--limit", limit, "list at most so many of the messages, oldest first")
        ->check(CLI::Range(1U, 1'000U))
        ->capture_default_str();
  };
  {
    const auto [preview, args] =
        add<RetentionPreview>(retention, "preview", "say what the rules would destroy today");
    limited(*preview, args->limit);
  }
  {
    const auto [apply, args] =
        add<RetentionApply>(retention, "apply", "destroy what the rules let go");
    limited(*apply, args->limit);
  }
  CLI::App& hold = group("hold", "contents that are kept for an authority or a court");
  {
    const auto [place, args] =
        add<HoldPlace>(hold, "place", "keep a message's content until the hold is lifted");
    place->add_option("NUMBER", args->number, kNumberHelp)->required();
    place->add_option("--reason", args->reason, "for whom and why, in a sentence")->required();
  }
  {
    const auto [lift, args] =
        add<HoldLift>(hold, "lift", "let the content go when its time is over");
    lift->add_option("NUMBER", args->number, kNumberHelp)->required();
    lift->add_option("--reason", args->reason, "why, in a sentence")->required();
  }
  add<HoldList>(hold, "list", "list what is held, and why");
  CLI::App& erasure = group("erasure", "what a counterpart asks to destroy");
  {
    const auto [allow, args] = add<ErasureAllow>(
        erasure, "allow", "destroy now what is dated more than a day ahead, and waits");
    allow->add_option("WHAT", args->what, std::string("a counterpart, or ") + kNumberHelp)
        ->required();
  }
  CLI::App& clock = group("clock", "whether this machine's clock is believed");
  {
    const auto [confirm, args] =
        add<ClockConfirm>(clock, "confirm", "say that the clock is right, after a look at a watch");
    confirm->add_option("DATE", args->date, "today's date: 2026-11-30")->required();
  }
}

void Parser::add_alarms() {
  const auto [alarms, listed] =
      add<Alarms>(app_, "alarms", "what waits for a person to look at it");
  alarms_options(*alarms, *listed);
  const auto [ack, acknowledged] = add<Ack>(app_, "ack", "acknowledge an alarm");
  ack_options(*ack, *acknowledged);
  const auto [watch, watched] = add<Watch>(
      app_, "watch", "run a command for each alarm, with the alarm as JSON on its stdin");
  watch_options(*watch, *watched);
  const auto [status, asked] =
      add<Status>(app_, "status", "how the office and its pairings are; exit code 8 when degraded");
  status_options(*status, *asked);
}

void Parser::add_four_eyes() {
  add<DraftsList>(app_, "drafts",
                  "list what waits for a second officer, or for an old store to go on");
  {
    const auto [release, args] =
        add<Release>(app_, "release", "read a draft whole, sign it as its second officer, send it");
    release->add_option("DRAFT", args->draft, "D-17")->required();
    release->add_flag("--yes", args->yes, "do not ask once more");
  }
  {
    const auto [reject, args] =
        add<Reject>(app_, "reject", "a draft is not sent; as its author you withdraw it");
    reject->add_option("DRAFT", args->draft, "D-17")->required();
    reject->add_option("--reason", args->reason, "why, for everybody here to read")->required();
  }
  CLI::App& policy = group("policy", "what needs a second officer, and who states a purpose");
  {
    const auto [set, args] = add<PolicySet>(policy, "set", "change it; what is not named stays");
    set->add_option("COUNTERPART", args->counterpart, "the other office's id")->required();
    CLI::Option* rules = repeated(*set, "--release", args->release,
                                  "KIND[/PRECEDENCE] that needs a release; may be repeated")
                             ->transform(in_small_letters());
    set->add_flag("--no-release", args->no_release, "nothing needs a release")->excludes(rules);
    CLI::Option* purpose = set->add_flag("--purpose", args->purpose,
                                         "reading this pairing's messages needs --purpose");
    set->add_flag("--no-purpose", args->no_purpose, "it does not")->excludes(purpose);
  }
  const auto [show, args] = add<PolicyShow>(policy, "show", "show ours and theirs");
  show->add_option("COUNTERPART", args->counterpart, "only with this office");
}

void Parser::add_backup() {
  const auto [backup, args] =
      add<Backup>(app_, "backup", "write the office's store to one file, sealed to an offline key");
  backup->add_option("--to", args->to, "the public half of the backup key: backup.pub");
  backup->add_option("--out", args->out, "the file to write");
  backup->add_flag("--with-office-key", args->with_office_key, "the sealed office.key, too");
  {
    const auto [create, key] =
        add<BackupCreateKey>(*backup, "create-key", "make the key that opens the backups");
    create->add_option("OFFICE", key->office, "whose backups it opens")->required();
    create->add_option("--out", key->out, "the secret key to write; NAME.pub is put beside it")
        ->required();
    network_option(*create, key->network);
    no_passphrase_flag(*create, key->no_passphrase);
  }
  const auto [restore, restored] =
      add<Restore>(app_, "restore", "make an office's home from a backup; no blod runs on it");
  restore->add_option("FILE", restored->file, "the backup")->required();
  restore->add_option("--key", restored->key, "the backup key: backup.key")->required();
}

std::variant<Invocation, HelpText, UsageError> Parser::parse(int argc, const char* const* argv) {
  try {
    app_.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    return HelpText{app_.help(), true};
  } catch (const CLI::CallForAllHelp&) {
    return HelpText{app_.help("", CLI::AppFormatMode::All), true};
  } catch (const CLI::CallForVersion& version) {
    return HelpText{version.what(), true};
  } catch (const CLI::ParseError& error) {
    return refused(app_, argc, argv, error.what());
  }
  BLO_CHECK(chosen_.has_value());
  return Invocation{globals_, *chosen_};
}

}  // namespace

std::variant<Invocation, HelpText, UsageError> parse_arguments(int argc, const char* const* argv) {
  return Parser().parse(argc, argv);
}

void show_parser(const std::function<void(const CLI::App&)>& show) {
  const Parser parser;
  show(parser.app());
}

}  // namespace blo::cli
