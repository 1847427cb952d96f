// blo import seizures: each row of a table is a message of its own, sent once however often the
// table is imported.
#include <array>

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

/// What becomes of a row, and with --dry-run what would.
enum class Fate { kSent, kBefore, kDrafted, kWaiting };
constexpr std::array<std::pair<const char*, const char*>, 4> kFates{
    {{"sent", "would be sent"},
     {"alreadySent", "was sent before"},
     {"drafted", "would wait as a draft for a second officer"},
     {"waiting", "would wait for blo office recover"}}};
constexpr std::size_t at(Fate fate) { return static_cast<std::size_t>(fate); }

struct Rejected {
  std::uint64_t row;
  std::string reason;
};

struct Tried {
  std::uint64_t row;
  Fate fate;
  std::string summary;
};

/// Takes rows, sends them in requests, and counts what became of each.
class Importer {
 public:
  Importer(Daemon& daemon, const Officer& officer, const OfficeId& to, bool dry_run)
      : daemon_(daemon),
        officer_(officer),
        addressing_{daemon.network(), daemon.office(), to, message::kSeizureNotice, {}, {}, {}},
        dry_run_(dry_run) {
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
    *request().add_messages() = std::move(message);
    rows_.push_back({row.row, Fate::kSent, dry_run_ ? summary(*row.content) : ""});
    bytes_ += bytes;
  }

  /// Sends what is left; the failure of a whole request, which ended the import.
  Outcome<void> finish() {
    if (!failure_ && !rows_.empty()) send();
    if (!failure_) return {};
    if (dry_run_) return *failure_;
    failure_->sentence += " " + std::to_string(count(Fate::kSent)) + " rows were sent before.";
    failure_->next_step +=
        (failure_->next_step.empty() ? "" : " ") +
        std::string("Then import the same file again: what was sent is not sent twice.");
    return *failure_;
  }

  [[nodiscard]] std::uint64_t count(Fate fate) const { return counts_[at(fate)]; }
  /// With --dry-run, by row.
  [[nodiscard]] const std::vector<Tried>& tried() const { return tried_; }
  /// By row.
  [[nodiscard]] std::vector<Rejected> rejected() const {
    std::vector<Rejected> sorted = rejected_;
    std::ranges::stable_sort(sorted, {}, &Rejected::row);
    return sorted;
  }

 private:
  static std::string summary(ByteView content) {
    return message::summary(message::kSeizureNotice, content);
  }

  v1::SendRequest& request() {
    return dry_run_ ? *request_.mutable_try_send() : *request_.mutable_send();
  }

  void send() {
    const auto response = daemon_.call(request_, v1::Response::kSend);
    if (!response) {
      failure_ = response.error();
    } else if (response->send().outcomes_size() != static_cast<int>(rows_.size())) {
      failure_ = unexpected_answer();
    } else {
      for (std::size_t i = 0; i < rows_.size(); ++i) {
        note(rows_[i], response->send().outcomes(static_cast<int>(i)));
      }
    }
    request_.Clear();
    rows_.clear();
    bytes_ = 0;
  }

  void note(Tried& row, const v1::SendOutcome& outcome) {
    if (outcome.has_failure()) return note_failure(row.row, outcome.failure());
    if (outcome.has_accepted()) {
      row.fate = outcome.accepted().again() ? Fate::kBefore : Fate::kSent;
    } else if (outcome.has_drafted()) {
      const bool released = outcome.drafted().state() == v1::DRAFT_STATE_WAITS_FOR_RECOVER;
      row.fate = outcome.drafted().again() ? Fate::kBefore
                 : released                ? Fate::kWaiting
                                           : Fate::kDrafted;
    } else {
      failure_ = unexpected_answer();
      return;
    }
    ++counts_[at(row.fate)];
    if (dry_run_) tried_.push_back(std::move(row));
  }

  void note_failure(std::uint64_t row, const v1::Failure& told) {
    Failure failure = from_wire(told);
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
  bool dry_run_;
  v1::Request request_;
  std::vector<Tried> rows_;  // of the messages in request_
  std::size_t bytes_ = 0;
  std::array<std::uint64_t, kFates.size()> counts_{};
  std::vector<Tried> tried_;
  std::vector<Rejected> rejected_;
  std::optional<Failure> failure_;
};

Json rows_of(const Importer& importer) {
  Json rows = Json::array();
  for (const auto& one : importer.tried()) {
    rows.push(Json::object(
        {{"row", one.row}, {"would", kFates[at(one.fate)].first}, {"summary", one.summary}}));
  }
  return rows;
}

void report_json(const ImportSeizures& args, const Importer& importer,
                 const message::TableLines& lines) {
  Json rejected = Json::array();
  for (const auto& one : importer.rejected()) {
    rejected.push(Json::object({{"row", one.row}, {"reason", one.reason}}));
  }
  print(Json::object({{"to", args.to},
                      {"dryRun", args.dry_run},
                      {"lines", lines.all},
                      {"sent", importer.count(Fate::kSent)},
                      {"drafted", importer.count(Fate::kDrafted)},
                      {"waiting", importer.count(Fate::kWaiting)},
                      {"alreadySent", importer.count(Fate::kBefore)},
                      {"rejected", rejected},
                      {"blank", lines.blank},
                      {"continued", lines.continued},
                      {"rows", rows_of(importer)}}));
}

/// "5 lines below the header: 2 sent to TJ-FOTEHOBOD, 1 had been sent before, 1 rejected, 1 blank."
Shown sum_of(const ImportSeizures& args, const Importer& importer,
             const message::TableLines& lines) {
  const auto number = [](std::uint64_t count) { return Shown(std::to_string(count)); };
  Shown sum = number(lines.all) + (lines.all == 1 ? " line" : " lines") + " below the header: ";
  sum += number(importer.count(Fate::kSent)) + (args.dry_run ? " would be sent to " : " sent to ") +
         Shown(args.to);
  const auto more = [&](std::uint64_t count, const char* what, bool always) {
    if (count > 0 || always) sum += ", " + number(count) + what;
  };
  more(importer.count(Fate::kBefore), " had been sent before", true);
  more(importer.count(Fate::kDrafted), args.dry_run ? " would be drafted" : " drafted", false);
  more(importer.count(Fate::kWaiting), args.dry_run ? " would wait" : " waiting", false);
  more(importer.rejected().size(), " rejected", true);
  more(lines.blank, " blank", true);
  more(lines.continued, " that go on with the row before", false);
  return sum + ".";
}

void report(const ImportSeizures& args, const Importer& importer,
            const message::TableLines& lines) {
  for (const auto& one : importer.tried()) {
    say("row " + Shown(std::to_string(one.row)) + " " + Shown(kFates[at(one.fate)].second) + ": " +
        Shown(one.summary));
  }
  say(sum_of(args, importer, lines));
  if (args.dry_run) say("Nothing was sent.");
  if (importer.count(Fate::kDrafted) > 0 && !args.dry_run) {
    say(std::to_string(importer.count(Fate::kDrafted)) +
        " wait as drafts for a second officer: blo drafts, blo release.");
  }
  if (importer.count(Fate::kWaiting) > 0 && !args.dry_run) {
    say(std::to_string(importer.count(Fate::kWaiting)) +
        " wait, for this office's store is older than what was sent from it; they go out once an "
        "administrator has said: blo office recover " +
        args.to);
  }
  const auto rejected = importer.rejected();
  for (const auto& one : rejected) {
    warn("row " + std::to_string(one.row) + ": " + one.reason);
  }
  if (!rejected.empty()) {
    warn(args.dry_run
             ? "Correct these rows first."
             : "Correct these rows and import the file again: what was sent is not sent twice.");
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
  Importer importer(*daemon, *officer, *to, args.dry_run);
  const message::TableForm form{args.encoding.empty() ? message::TableEncoding::kUnicode
                                                      : message::TableEncoding::kWindows1251,
                                args.multiline};
  const auto read = message::read_seizure_csv(
      as_text(*csv), form, [&](const message::SeizureRow& row) { importer.take(row); });
  if (!read) {
    Failure failure = failure_from(read.error(), args.file.string());
    failure.next_step = "Correct the file and import it again: nothing was sent.";
    return failure;
  }
  if (const auto ok = importer.finish(); !ok) return ok.error();
  if (globals.json) {
    report_json(args, importer, *read);
  } else {
    report(args, importer, *read);
  }
  return importer.rejected().empty() ? ExitCode::kOk : ExitCode::kUsage;
}

}  // namespace blo::cli
