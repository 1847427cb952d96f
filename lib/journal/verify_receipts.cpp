#include "journal/verify_receipts.h"

#include "base/hex.h"
#include "base/limits.h"
#include "crypto/base64.h"
#include "journal/across/receipt_bounds.h"
#include "journal/challenge.h"
#include "journal/wire.h"

namespace blo::journal {
namespace {

constexpr std::size_t kReceiptFileBytesMax =
    kReceiptsPerFile * (limits::kNoteBytesMax + kReceiptEnd.size());

/// Receipts are counted from 0 over all files.
std::string place(std::uint64_t number) { return "receipts number " + std::to_string(number); }

std::size_t count_receipts(std::string_view text) {
  std::size_t count = 0;
  for (std::size_t at = 0; (at = text.find(kReceiptEnd, at)) != text.npos; at += kReceiptEnd.size())
    ++count;
  return count;
}

}  // namespace

ReceiptChecker::ReceiptChecker(const ExportFiles& files, const Executor& execute,
                               JournalFacts& facts, const SignedCheckpoint& newest,
                               NoteKey journal_key, std::optional<NoteKey> receipt_key)
    : export_(files),
      execute_(execute),
      facts_(facts),
      newest_(newest),
      journal_key_(std::move(journal_key)),
      receipt_key_(std::move(receipt_key)),
      ended_(!receipt_key_) {}

bool ReceiptChecker::read_file() {
  const std::string path = "receipts/" + tile_path(files_read_);
  const auto bytes =
      export_.read(export_folder(facts_.verdict.origin) + "/" + path, kReceiptFileBytesMax);
  if (!bytes && bytes.error() == FileError::kNotFound) return false;
  ++files_read_;
  if (!bytes) {
    facts_.findings.add_unread(path, bytes.error());
    return false;
  }
  text_ = as_text(*bytes);
  at_ = 0;
  judge_file(path);
  return true;
}

/// A receipt has one place: which file it stands in follows from how many stand before it.
void ReceiptChecker::judge_file(const std::string& path) {
  const auto out_of_form = [&](std::string_view what) {
    facts_.findings.add(FindingCode::kReceipt, path, what);
  };
  if (!full_) out_of_form("the file of receipts before this one is not full");
  const std::size_t count = count_receipts(text_);
  full_ = count == kReceiptsPerFile;
  if (text_.empty()) out_of_form("the file holds no receipt");
  if (count > kReceiptsPerFile) out_of_form("the file holds more receipts than one may");
}

const ReceiptChecker::Receipt* ReceiptChecker::next() {
  return !ahead_.empty() || look_further() ? &ahead_.front() : nullptr;
}

std::optional<WallTime> ReceiptChecker::time_over(std::uint64_t index) {
  if (!receipt_key_) return std::nullopt;
  while (ahead_.empty() || ahead_.back().checkpoint.size <= index) {
    if (look_further()) continue;
    return newest_.checkpoint.size > index ? newest_time() : std::nullopt;
  }
  const auto over = std::ranges::upper_bound(
      ahead_, index, {}, [](const Receipt& receipt) { return receipt.checkpoint.size; });
  return from_unix_s(over->time_s);
}

/// Of the receipt on the checkpoint, once all before it have been read.
const std::optional<WallTime>& ReceiptChecker::newest_time() {
  if (newest_time_) return *newest_time_;
  newest_time_.emplace();
  const auto cosignature = verify_cosignature(newest_.note, *receipt_key_);
  if (!cosignature || order_flaw(cosignature->time_s, std::nullopt)) return *newest_time_;
  if (!flaw_of({newest_.checkpoint, cosignature->time_s}))
    *newest_time_ = from_unix_s(cosignature->time_s);
  return *newest_time_;
}

/// False: there is none any more.
bool ReceiptChecker::look_further() {
  while (!ended_) {
    if (opened_.empty() && !open_more()) {
      ended_ = true;
      return false;
    }
    const Opened opened = std::move(opened_.front());
    opened_.pop_front();
    const std::uint64_t number = number_++;
    if (!opened.receipt) {
      const Error& error = opened.receipt.error();
      facts_.findings.add(note_finding(error, FindingCode::kReceipt, opened.key), place(number),
                          error.message(), crypto::to_base64(as_bytes(opened.note)));
      continue;
    }
    Receipt receipt = *opened.receipt;
    receipt.number = number;
    const bool again = !ahead_.empty() && last_ && last_->checkpoint == receipt.checkpoint;
    if (!in_order(receipt) || again) continue;
    ahead_.push_back(receipt);
    return true;
  }
  return false;
}

/// Two signatures each, so that many are opened at once.
bool ReceiptChecker::open_more() {
  while (at_ == text_.size()) {
    if (!read_file()) return false;
  }
  std::vector<std::string_view> notes;
  while (at_ < text_.size() && notes.size() < kReceiptsPerFile) {
    const auto end = text_.find(kReceiptEnd, at_);
    if (end == text_.npos) break;
    notes.push_back(std::string_view(text_).substr(at_, end - at_));
    at_ = end + kReceiptEnd.size();
  }
  if (notes.empty()) {
    facts_.findings.add(FindingCode::kReceipt, place(number_), "the last receipt has no end line");
    return false;
  }
  std::vector<std::optional<Opened>> opened(notes.size());
  execute_(notes.size(), [&](std::size_t i) { opened[i] = open(notes[i]); });
  for (auto& receipt : opened) opened_.push_back(std::move(*receipt));
  return true;
}

ReceiptChecker::Opened ReceiptChecker::open(std::string_view note) const {
  const auto opened = open_checkpoint(note, facts_.verdict.origin, journal_key_.key);
  if (!opened) return {note, opened.error(), FindingCode::kCheckpointKey};
  const auto cosignature = verify_cosignature(opened->note, *receipt_key_);
  if (!cosignature) return {note, cosignature.error(), FindingCode::kReceiptKey};
  if (order_flaw(cosignature->time_s, std::nullopt)) {
    return {note, malformed("the receipt's time"), FindingCode::kReceiptKey};
  }
  return {note, Receipt{opened->checkpoint, cosignature->time_s}, FindingCode::kReceiptKey};
}

bool ReceiptChecker::in_order(const Receipt& receipt) {
  const auto describe = [](const Receipt& one) {
    return "size " + std::to_string(one.checkpoint.size) + " at " +
           to_rfc3339(from_unix_s(one.time_s));
  };
  const auto refuse = [&](FindingCode code) {
    facts_.findings.add(code, place(receipt.number),
                        describe(receipt) + " comes after " + describe(*last_));
    return false;
  };
  if (const auto flaw = flaw_of(receipt)) return refuse(*flaw);
  last_ = receipt;
  return true;
}

std::optional<FindingCode> ReceiptChecker::flaw_of(const Receipt& receipt) const {
  if (!last_) return std::nullopt;
  if (receipt.checkpoint.size < last_->checkpoint.size) return FindingCode::kReceiptOrder;
  // The newest stands on `checkpoint` once more: the same one.
  if (receipt.checkpoint == last_->checkpoint && receipt.time_s != last_->time_s)
    return FindingCode::kReceiptTwice;
  if (order_flaw(receipt.time_s, last_->time_s)) return FindingCode::kReceiptTime;
  return std::nullopt;
}

void ReceiptChecker::accept(const Receipt& receipt) {
  const WallTime time = from_unix_s(receipt.time_s);
  if (!facts_.verdict.first_receipt) facts_.verdict.first_receipt = time;
  facts_.verdict.last_receipt = time;
  facts_.verdict.receipted = receipt.checkpoint.size;
  note_receipt(facts_.verdict, receipt.checkpoint.size, time);
  facts_.note_receipt(receipt.checkpoint.size, time);
  if (facts_.receipts.empty() || facts_.receipts.back() < receipt.checkpoint.size)
    facts_.receipts.push_back(receipt.checkpoint.size);
  if (facts_.timeline != nullptr)
    facts_.timeline->add_receipt(receipt.checkpoint.size, receipt.checkpoint.root, time);
}

void ReceiptChecker::tree_grew(const Frontier& tree) {
  for (const Receipt* one = next(); one != nullptr && one->checkpoint.size == tree.size();
       one = next()) {
    const Hash root = tree.root();
    if (root == one->checkpoint.root) {
      accept(*one);
    } else {
      facts_.findings.add(
          FindingCode::kReceiptRoot, place(one->number),
          "the counterpart receipted another root at size " + std::to_string(tree.size()) +
              " than the entries give",
          "receipted " + to_hex(one->checkpoint.root) + " computed " + to_hex(root));
    }
    ahead_.pop_front();
  }
}

void ReceiptChecker::finish(bool root_holds) {
  for (const Receipt* one = next(); one != nullptr; one = next()) {
    facts_.findings.add(FindingCode::kReceiptSize, place(one->number),
                        "the counterpart receipted " + std::to_string(one->checkpoint.size) +
                            " entries and the export has " +
                            std::to_string(newest_.checkpoint.size));
    ahead_.pop_front();
  }
  if (!receipt_key_ || !root_holds) return;
  const auto cosignature = verify_cosignature(newest_.note, *receipt_key_);
  if (!cosignature) return judge_unreceipted(cosignature.error());
  const Receipt receipt{newest_.checkpoint, cosignature->time_s, number_};
  if (order_flaw(receipt.time_s, std::nullopt)) {
    facts_.findings.add(FindingCode::kReceipt, "checkpoint", "the receipt's time is out of form");
  } else if (in_order(receipt)) {
    accept(receipt);
  }
}

void ReceiptChecker::judge_unreceipted(const Error& error) {
  if (error != JournalError::kNoKnownSignature) {
    facts_.findings.add(FindingCode::kReceiptKey, "checkpoint", error.message());
  } else if (facts_.verdict.last_receipt && facts_.verdict.receipted == newest_.checkpoint.size) {
    facts_.findings.add(FindingCode::kReceiptMissing, "checkpoint", error.message());
  }  // otherwise it is not receipted yet
}

}  // namespace blo::journal
