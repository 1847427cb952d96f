// The subcommands: each in a file of its own name.
#ifndef BLO_CLI_BLO_COMMANDS_H
#define BLO_CLI_BLO_COMMANDS_H

#include "arguments.h"
#include "failure.h"

namespace blo::cli {

/// Each does what was typed, writes its result to stdout (say or print), and gives the exit code;
/// a Failure is written by the caller.
[[nodiscard]] Outcome<ExitCode> run(const Globals& globals, const AuthorityCreate& args);
[[nodiscard]] Outcome<ExitCode> run(const Globals& globals, const OfficeCreate& args);
[[nodiscard]] Outcome<ExitCode> run(const Globals& globals, const OfficeCertify& args);
[[nodiscard]] Outcome<ExitCode> run(const Globals& globals, const OfficeInstall& args);
[[nodiscard]] Outcome<ExitCode> run(const Globals& globals, const OfficeShow& args);
[[nodiscard]] Outcome<ExitCode> run(const Globals& globals, const OfficeRecover& args);
[[nodiscard]] Outcome<ExitCode> run(const Globals& globals, const OfficerRequest& args);
[[nodiscard]] Outcome<ExitCode> run(const Globals& globals, const OfficerAdd& args);
[[nodiscard]] Outcome<ExitCode> run(const Globals& globals, const OfficerInstall& args);
[[nodiscard]] Outcome<ExitCode> run(const Globals& globals, const OfficerList& args);
[[nodiscard]] Outcome<ExitCode> run(const Globals& globals, const Unlock& args);
[[nodiscard]] Outcome<ExitCode> run(const Globals& globals, const Lock& args);
[[nodiscard]] Outcome<ExitCode> run(const Globals& globals, const PairInvite& args);
[[nodiscard]] Outcome<ExitCode> run(const Globals& globals, const PairAccept& args);
[[nodiscard]] Outcome<ExitCode> run(const Globals& globals, const PairAgain& args);
[[nodiscard]] Outcome<ExitCode> run(const Globals& globals, const PairConfirm& args);
[[nodiscard]] Outcome<ExitCode> run(const Globals& globals, const PairList& args);
[[nodiscard]] Outcome<ExitCode> run(const Globals& globals, const PairShow& args);
[[nodiscard]] Outcome<ExitCode> run(const Globals& globals, const PairFreeze& args);
[[nodiscard]] Outcome<ExitCode> run(const Globals& globals, const PairEnd& args);
[[nodiscard]] Outcome<ExitCode> run(const Globals& globals, const PairAddress& args);
[[nodiscard]] Outcome<ExitCode> run(const Globals& globals, const PairRotate& args);
[[nodiscard]] Outcome<ExitCode> run(const Globals& globals, const PairRenew& args);
[[nodiscard]] Outcome<ExitCode> run(const Globals& globals, const SendAlert& args);
[[nodiscard]] Outcome<ExitCode> run(const Globals& globals, const SendSeizure& args);
[[nodiscard]] Outcome<ExitCode> run(const Globals& globals, const ImportSeizures& args);
[[nodiscard]] Outcome<ExitCode> run(const Globals& globals, const Inbox& args);
[[nodiscard]] Outcome<ExitCode> run(const Globals& globals, const Outbox& args);
[[nodiscard]] Outcome<ExitCode> run(const Globals& globals, const Show& args);
[[nodiscard]] Outcome<ExitCode> run(const Globals& globals, const Acted& args);
[[nodiscard]] Outcome<ExitCode> run(const Globals& globals, const Status& args);
[[nodiscard]] Outcome<ExitCode> run(const Globals& globals, const Alarms& args);
[[nodiscard]] Outcome<ExitCode> run(const Globals& globals, const Ack& args);
[[nodiscard]] Outcome<ExitCode> run(const Globals& globals, const Watch& args);
[[nodiscard]] Outcome<ExitCode> run(const Globals& globals, const OfficerRevoke& args);
[[nodiscard]] Outcome<ExitCode> run(const Globals& globals, const OfficerForget& args);
[[nodiscard]] Outcome<ExitCode> run(const Globals& globals, const AuthorityRevoke& args);
[[nodiscard]] Outcome<ExitCode> run(const Globals& globals, const PairRevoke& args);
[[nodiscard]] Outcome<ExitCode> run(const Globals& globals, const Evidence& args);
[[nodiscard]] Outcome<ExitCode> run(const Globals& globals, const JournalExport& args);
[[nodiscard]] Outcome<ExitCode> run(const Globals& globals, const TrailList& args);
[[nodiscard]] Outcome<ExitCode> run(const Globals& globals, const DraftsList& args);
[[nodiscard]] Outcome<ExitCode> run(const Globals& globals, const Release& args);
[[nodiscard]] Outcome<ExitCode> run(const Globals& globals, const Reject& args);
[[nodiscard]] Outcome<ExitCode> run(const Globals& globals, const PolicySet& args);
[[nodiscard]] Outcome<ExitCode> run(const Globals& globals, const PolicyShow& args);
[[nodiscard]] Outcome<ExitCode> run(const Globals& globals, const Backup& args);
[[nodiscard]] Outcome<ExitCode> run(const Globals& globals, const BackupCreateKey& args);
[[nodiscard]] Outcome<ExitCode> run(const Globals& globals, const Restore& args);
[[nodiscard]] Outcome<ExitCode> run(const Globals& globals, const RetentionPreview& args);
[[nodiscard]] Outcome<ExitCode> run(const Globals& globals, const RetentionApply& args);
[[nodiscard]] Outcome<ExitCode> run(const Globals& globals, const HoldPlace& args);
[[nodiscard]] Outcome<ExitCode> run(const Globals& globals, const HoldLift& args);
[[nodiscard]] Outcome<ExitCode> run(const Globals& globals, const HoldList& args);
[[nodiscard]] Outcome<ExitCode> run(const Globals& globals, const ClockConfirm& args);
[[nodiscard]] Outcome<ExitCode> run(const Globals& globals, const ErasureAllow& args);

}  // namespace blo::cli

#endif
