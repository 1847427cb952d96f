// What was typed: one struct per subcommand, filled by arguments.cpp, which with those
// named after it alone knows CLI11.
#ifndef BLO_CLI_BLO_ARGUMENTS_H
#define BLO_CLI_BLO_ARGUMENTS_H

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "message/alert.h"

namespace CLI {
class App;
}

namespace blo::cli {

using Path = std::filesystem::path;

/// Options of every subcommand.
struct Globals {
  Path home = "/var/lib/blo";  // --home, BLO_HOME
  std::string as;              // --as, BLO_AS; empty: not given
  std::string purpose;         // --purpose: why the officer asks, for the audit trail
  bool json = false;
  std::optional<Path> passphrase_file;
};

struct AuthorityCreate {
  std::string country;
  Path out;
  std::string network = "live";
  std::uint32_t valid_days = 3650;
  bool no_passphrase = false;
};
struct AuthorityRevoke {
  std::string office;
  Path authority;
  std::string reason;
  Path out;
};
struct OfficeCreate {
  std::string office;
  std::string network = "live";
  bool no_passphrase = false;
};
struct OfficeCertify {
  Path request;
  Path authority;
  std::uint32_t valid_days = 730;
  Path out;
};
struct OfficeInstall {
  Path certificate;
  Path authority;
};
struct OfficeShow {};

struct OfficeRecover {
  std::string counterpart;
};

struct Backup {
  Path to;   // the recipient; empty: not given
  Path out;  // empty: not given
  bool with_office_key = false;
};
struct BackupCreateKey {
  std::string office;
  std::string network = "live";
  Path out;
  bool no_passphrase = false;
};
struct Restore {
  Path file;
  Path key;
};

struct OfficerRequest {
  std::string name;
  std::string office;
  std::string network = "live";
  std::string full_name;
  std::string agency;
  bool no_passphrase = false;
};
struct OfficerAdd {
  Path request;
  std::vector<std::string> roles{"operator"};
  std::uint32_t valid_days = 365;
  std::uint64_t person = 0;  // 0: a new one
  Path out;
};
struct OfficerInstall {
  std::string name;
  Path certificate;
};
struct OfficerList {
  bool all = false;  // those no longer in force, too
};
struct OfficerRevoke {
  std::uint64_t person = 0;
  std::string reason;
};
struct OfficerForget {
  std::uint64_t person = 0;
};

struct Unlock {
  std::uint32_t minutes = 15;
  std::optional<std::uint32_t> seconds;  // in place of the minutes
};
struct Lock {};

struct PairInvite {
  std::string counterpart;
  std::vector<std::string> addresses;
  std::string legal_basis;  // empty: blod.toml's
  Path out;
};
struct PairAgain {
  std::string counterpart;
  std::vector<std::string> addresses;  // empty: as before
  Path from;                           // empty: the pairing is known here
  Path out;
};
struct PairAddress {
  std::string counterpart;
  std::vector<std::string> addresses;
  bool none = false;  // it must call us
};
struct PairAccept {
  Path file;
};
struct PairConfirm {
  std::string counterpart;
  std::string digits;  // empty: asked for
  std::string how;     // empty: asked for
};
struct PairShow {
  std::string counterpart;
};
struct PairFreeze {
  std::string counterpart;
  std::string reason;
};
struct PairEnd {
  std::string counterpart;
  std::string reason;
};
struct PairRotate {
  std::string counterpart;
};
struct PairRenew {
  std::string counterpart;
};
struct PairList {};
struct PairRevoke {
  Path file;
};

/// What every way of sending takes.
struct Sending {
  std::string to;                      // empty: whoever sent the message it answers
  std::string precedence = "routine";  // empty: that of the message it answers
  std::string expires;                 // RFC 3339; empty: never
  std::string in_reply_to;             // a message's number; empty: none
  std::optional<std::uint32_t> wait_seconds;
  bool as_typed = false;  // what looks like a slip is none
};
struct SendAlert {
  Sending sending;
  message::AlertFlags flags;
  std::optional<Path> file;  // instead of the flags
};
struct SendSeizure {
  Sending sending;
  Path file;
};
struct ImportSeizures {
  Path file;
  std::string to;
  std::string encoding;  // empty: Unicode
  bool multiline = false;
  bool dry_run = false;
};

/// What of a box is listed.
struct Listing {
  std::string counterpart;  // empty: all
  std::uint32_t limit = 0;  // 0: 50, and at a terminal no more than a screen shows
  std::string before;       // a message's number, a day or a time; empty: from the newest
  std::string since;        // a day or a time; empty: to the oldest
  bool unopened = false;    // what nobody has opened alone
  bool receipts = false;    // those that say opened and acted, too
};
struct Inbox {
  Listing listing;
  bool follow = false;
};
struct Outbox {
  Listing listing;
};
struct Acted {
  std::string number;
  std::string outcome;  // of message::outcomes()
  std::string text;
  std::string precedence;  // empty: that of the message acted upon
  std::optional<std::uint32_t> wait_seconds;
};
struct Show {
  std::string number;
};
struct DraftsList {};
struct Release {
  std::string draft;
  bool yes = false;  // at a terminal it is asked for
};
struct Reject {
  std::string draft;
  std::string reason;
};
struct PolicySet {
  std::string counterpart;
  std::vector<std::string> release;  // KIND[/PRECEDENCE]
  bool no_release = false;
  bool purpose = false;
  bool no_purpose = false;
};
struct PolicyShow {
  std::string counterpart;  // empty: all
};

struct Status {
  bool check = false;  // one line and an exit code for a monitor
};
struct Alarms {
  bool all = false;
  std::uint64_t evidence = 0;  // of this one alarm, into `out`
  std::filesystem::path out;
};
/// A command that is run for each alarm.
struct Watch {
  Path state;                 // which alarm was told last
  std::uint32_t every = 5;    // seconds between two questions
  std::uint32_t most = 12;    // runs of the command an hour
  std::uint32_t within = 30;  // seconds it may take
  std::vector<std::string> command;
};
struct Ack {
  std::uint64_t alarm = 0;
  std::string sentence;
};
struct Evidence {
  std::string number;
  Path out;
  bool disclose = false;
};
struct JournalExport {
  Path folder;
  std::string counterpart;               // empty: the only pairing
  bool trail = false;                    // the audit trail instead
  std::optional<std::string> challenge;  // an auditor's text
  std::uint32_t wait_seconds = 60;       // for its receipt
};
struct TrailList {
  std::uint64_t person = 0;  // 0: everybody
  std::string message;       // a number; empty: everything
  std::uint32_t limit = 50;
  std::uint64_t before = 0;  // an index; 0: from the newest
};

struct RetentionPreview {
  std::uint32_t limit = 50;  // of the messages listed
};
struct RetentionApply {
  std::uint32_t limit = 50;
};
struct HoldPlace {
  std::string number;
  std::string reason;
};
struct HoldLift {
  std::string number;
  std::string reason;
};
struct HoldList {};
struct ClockConfirm {
  std::string date;
};
struct ErasureAllow {
  std::string what;
};

using Command = std::variant<
    Status, AuthorityCreate, OfficeCreate, OfficeCertify, OfficeInstall, OfficeShow, OfficeRecover,
    OfficerRequest, OfficerAdd, OfficerInstall, OfficerList, PairInvite, PairAgain, PairAccept,
    PairConfirm, PairList, PairShow, PairFreeze, PairEnd, PairAddress, PairRotate, PairRenew,
    SendAlert, SendSeizure, ImportSeizures, Inbox, Outbox, Show, Acted, JournalExport, TrailList,
    Unlock, Lock, Alarms, Ack, Watch, OfficerRevoke, OfficerForget, AuthorityRevoke, PairRevoke,
    Evidence, DraftsList, Release, Reject, PolicySet, PolicyShow, Backup, BackupCreateKey, Restore,
    RetentionPreview, RetentionApply, HoldPlace, HoldLift, HoldList, ClockConfirm, ErasureAllow>;

struct Invocation {
  Globals globals;
  Command command;
};
/// The text of --help or --version, or of the help where no command was named.
struct HelpText {
  std::string text;
  bool asked;
};
/// What was wrong with the command line.
struct UsageError {
  std::string sentence;
  std::string next_step;
  bool json = false;
};

[[nodiscard]] std::variant<Invocation, HelpText, UsageError> parse_arguments(
    int argc, const char* const* argv);

/// Lets `show` read the tree of commands, for the man page and the completion.
void show_parser(const std::function<void(const CLI::App&)>& show);

}  // namespace blo::cli

#endif
