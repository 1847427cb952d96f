// blo import seizures: each row of a table is a message of its own, sent once however often the
// table is imported.
#include "base/file.h"
#include "base/limits.h"
#include "blo/v1/control.pb.h"
#include "commands.h"
#include "compose.h"
#include "daemon.h"
#include "message/seizure_csv.h"
#include "parsing.h"
#include "report.h"

namespace blo::cli {
namespace {

/// One request stays small, so that the daemon commits it at once.
constexpr std::size_t kRequestBytesMax = 1024 * 1024;

struct Rejected {
  std::uint64_t row;
  std::string reason;
};

/// Takes rows, sends them in requests, and counts what became of each.
class Importer {
 public:
  Importer(Daemon& daemon, const Officer& officer, const OfficeId& to)
      : daemon_(daemon),
        officer_(officer),
        addressing_{daemon.network(), daemon.office(), to, message::kSeizureNotice, {}, {}, {}} {
    addressing_.precedence = journal::Precedence::kRoutine;
  }

  void take(const message::SeizureRow& row) {
    if (failure_) return;
    if (!row.content) {
      rejected_.push_back({row.row, row.content.error().message()});
      return;
    }
    v1::OutgoingMessage message;
    if (auto ok = compose(addressing_, *row.content, officer_, read_clocks().wall, message); !ok) {
      failure_ = ok.error();
      return;
    }
    const auto key = import_key(addressing_.to, row.identity);
    message.set_import_key(key.data(), key.size());
    const std::size_t bytes = message.ByteSizeLong();
    if (rows_.size() == limits::kControlMessagesMax || bytes_ + bytes > kRequestBytesMax) send();
    if (failure_) return;
    *request_.mutable_send()->add_messages() = std::move(message);
    rows_.push_back(row.row);
    bytes_ += bytes;
  }

  /// Sends what is left; the failure of a whole request, which ended the import.
  Outcome<void> finish() {
    if (!failure_ && !rows_.empty()) send();
    if (!failure_) return {};
    failure_->sentence += " " + std::to_string(sent_) + " rows were sent before.";
    failure_->next_step +=
        (failure_->next_step.empty() ? "" : " ") +
        std::string("Then import the same file again: what was sent is not sent twice.");
    return *failure_;
  }

  [[nodiscard]] std::uint64_t sent() const { return sent_; }
  /// Waiting for a second officer.
  [[nodiscard]] std::uint64_t drafted() const { return drafted_; }
  /// For the next generation of the journal.
  [[nodiscard]] std::uint64_t waiting() const { return waiting_; }
  /// Or drafted.
  [[nodiscard]] std::uint64_t already_sent() const { return already_sent_; }
  /// By row.
  [[nodiscard]] std::vector<Rejected> rejected() const {
    std::vector<Rejected> sorted = rejected_;
    std::ranges::stable_sort(sorted, {}, &Rejected::row);
    return sorted;
  }

 private:
  void send() {
    const auto response = daemon_.call(request_, v1::Response::kSend);
    if (!response) {
      failure_ = response.error();
    } else if (response->send().outcomes_size() != static_cast<int>(rows_.size())) {
      failure_ = unexpected_answer();
    } else {
      for (std::size_t i = 0; i < rows_.size(); ++i) {
        count(rows_[i], response->send().outcomes(static_cast<int>(i)));
      }
    }
    request_.Clear();
    rows_.clear();
    bytes_ = 0;
  }

  void count(std::uint64_t row, const v1::SendOutcome& outcome) {
    if (outcome.has_accepted()) {
      ++(outcome.accepted().again() ? already_sent_ : sent_);
      return;
    }
    if (outcome.has_drafted()) {
      const bool released = outcome.drafted().state() == v1::DRAFT_STATE_WAITS_FOR_RECOVER;
      ++(outcome.drafted().again() ? already_sent_ : released ? waiting_ : drafted_);
      return;
    }
    if (!outcome.has_failure()) {
      failure_ = unexpected_answer();
      return;
    }
    Failure failure = from_wire(outcome.failure());
    // A full disk is not the row's fault, nor cured by correcting it.
    if (failure.code == ExitCode::kUsage || failure.code == ExitCode::kRefused) {
      rejected_.push_back({row, std::move(failure.sentence)});
    } else if (!failure_) {
      failure_ = std::move(failure);
    }
  }

  Daemon& daemon_;
  const Officer& officer_;
  Addressing addressing_;
  v1::Request request_;
  std::vector<std::uint64_t> rows_;  // of the messages in request_
  std::size_t bytes_ = 0;
  std::uint64_t sent_ = 0;
  std::uint64_t drafted_ = 0;
  std::uint64_t waiting_ = 0;
  std::uint64_t already_sent_ = 0;
  std::vector<Rejected> rejected_;
  std::optional<Failure> failure_;
};

void report(const Globals& globals, const ImportSeizures& args, const Importer& importer) {
  const auto rejected = importer.rejected();
  if (globals.json) {
    Json list = Json::array();
    for (const auto& one : rejected) {
      list.push(Json::object({{"row", one.row}, {"reason", one.reason}}));
    }
    print(Json::object({{"to", args.to},
                        {"sent", importer.sent()},
                        {"drafted", importer.drafted()},
                        {"waiting", importer.waiting()},
                        {"alreadySent", importer.already_sent()},
                        {"rejected", list}}));
    return;
  }
  say(std::to_string(importer.sent()) + " sent to " + args.to + ", " +
      std::to_string(importer.already_sent()) + " had been sent before, " +
      std::to_string(rejected.size()) + " rejected.");
  if (importer.drafted() > 0) {
    say(std::to_string(importer.drafted()) +
        " wait as drafts for a second officer: blo drafts, blo release.");
  }
  if (importer.waiting() > 0) {
    say(std::to_string(importer.waiting()) +
        " wait, for this office's store is older than what was sent from it; they go out once an "
        "administrator has said: blo office recover " +
        args.to);
  }
  for (const auto& one : rejected) {
    warn("row " + std::to_string(one.row) + ": " + one.reason);
  }
  if (!rejected.empty()) {
    warn("Correct these rows and import the file again: what was sent is not sent twice.");
  }
}

}  // namespace

Outcome<ExitCode> run(const Globals& globals, const ImportSeizures& args) {
  const auto to = parse_office(args.to);
  if (!to) return to.error();
  const auto csv = read_file(args.file, limits::kCsvBytesMax);
  if (!csv) return failure_from(csv.error());
  const auto officer = load_officer(globals);
  if (!officer) return officer.error();
  auto daemon = Daemon::connect(globals, &*officer);
  if (!daemon) return daemon.error();
  if (!globals.json) {
    say("To " + to->text() + " on the " + std::string(to_string(daemon->network())) +
        " network: seizure, routine, handling H0: each row of " + args.file.string());
  }
  Importer importer(*daemon, *officer, *to);
  const auto read = message::read_seizure_csv(
      as_text(*csv), [&](const message::SeizureRow& row) { importer.take(row); });
  if (!read) {
    Failure failure = failure_from(read.error(), args.file.string());
    failure.next_step = "Correct the file and import it again: what was sent is not sent twice.";
    return failure;
  }
  if (const auto ok = importer.finish(); !ok) return ok.error();
  report(globals, args, importer);
  return importer.rejected().empty() ? ExitCode::kOk : ExitCode::kUsage;
}

}  // namespace blo::cli
