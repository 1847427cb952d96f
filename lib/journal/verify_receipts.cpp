#include "journal/verify_receipts.h"

#include "base/hex.h"
#include "base/limits.h"
#include "crypto/base64.h"
#include "journal/wire.h"

namespace blo::journal {
namespace {

constexpr std::size_t kReceiptFileBytesMax =
    kReceiptsPerFile * (limits::kNoteBytesMax + kReceiptEnd.size());

/// Receipts are counted from 0 over all files.
std::string place(std::uint64_t number) { return "receipts number " + std::to_string(number); }

}  // namespace

ReceiptChecker::ReceiptChecker(const ExportFiles& files, JournalFacts& facts, NoteKey journal_key,
                               std::optional<NoteKey> receipt_key)
    : export_(files),
      facts_(facts),
      journal_key_(std::move(journal_key)),
      receipt_key_(std::move(receipt_key)),
      ended_(!receipt_key_) {
  advance();
}

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
  return true;
}

void ReceiptChecker::advance() {
  next_.reset();
  while (!ended_ && !next_) {
    if (at_ == text_.size() && !read_file()) {
      ended_ = true;
      return;
    }
    const auto end = text_.find(kReceiptEnd, at_);
    if (end == text_.npos) {
      facts_.findings.add(FindingCode::kReceipt, place(number_),
                          "the last receipt has no end line");
      ended_ = true;
      return;
    }
    const auto note = std::string_view(text_).substr(at_, end - at_);
    at_ = end + kReceiptEnd.size();
    next_ = open(note);
    ++number_;
  }
}

std::optional<ReceiptChecker::Receipt> ReceiptChecker::open(std::string_view note) {
  const auto refuse = [&](const Error& error, FindingCode key) {
    facts_.findings.add(note_finding(error, FindingCode::kReceipt, key), place(number_),
                        error.message(), crypto::to_base64(as_bytes(note)));
    return std::nullopt;
  };
  const auto opened = open_checkpoint(note, facts_.verdict.origin, journal_key_.key);
  if (!opened) return refuse(opened.error(), FindingCode::kCheckpointKey);
  const auto cosignature = verify_cosignature(opened->note, *receipt_key_);
  if (!cosignature) return refuse(cosignature.error(), FindingCode::kReceiptKey);
  const Receipt receipt{opened->checkpoint, cosignature->time_s, number_};
  if (receipt.time_s > kTimeMsMax / 1000) {
    return refuse(malformed("the receipt's time"), FindingCode::kReceiptKey);
  }
  if (!in_order(receipt)) return std::nullopt;
  return receipt;
}

bool ReceiptChecker::in_order(const Receipt& receipt) {
  if (receipt.checkpoint.size >= last_size_ && receipt.time_s >= last_time_s_) {
    last_size_ = receipt.checkpoint.size;
    last_time_s_ = receipt.time_s;
    return true;
  }
  const bool fewer = receipt.checkpoint.size < last_size_;
  facts_.findings.add(
      fewer ? FindingCode::kReceiptOrder : FindingCode::kReceiptTime, place(receipt.number),
      "size " + std::to_string(receipt.checkpoint.size) + " at " +
          to_rfc3339(from_unix_s(receipt.time_s)) + " comes after size " +
          std::to_string(last_size_) + " at " + to_rfc3339(from_unix_s(last_time_s_)));
  return false;
}

void ReceiptChecker::accept(const Receipt& receipt) {
  const WallTime time = from_unix_s(receipt.time_s);
  if (!facts_.verdict.first_receipt) facts_.verdict.first_receipt = time;
  facts_.verdict.last_receipt = time;
  facts_.verdict.receipted = receipt.checkpoint.size;
}

void ReceiptChecker::tree_is(const Frontier& tree) {
  for (; next_ && next_->checkpoint.size == tree.size(); advance()) {
    const Hash root = tree.root();
    if (root == next_->checkpoint.root) {
      accept(*next_);
      continue;
    }
    facts_.findings.add(
        FindingCode::kReceiptRoot, place(next_->number),
        "the counterpart receipted another root at size " + std::to_string(tree.size()) +
            " than the entries give",
        "receipted " + to_hex(next_->checkpoint.root) + " computed " + to_hex(root));
  }
}

void ReceiptChecker::finish(const SignedCheckpoint& newest, bool root_holds) {
  for (; next_; advance()) {
    facts_.findings.add(FindingCode::kReceiptSize, place(next_->number),
                        "the counterpart receipted " + std::to_string(next_->checkpoint.size) +
                            " entries and the export has " +
                            std::to_string(newest.checkpoint.size));
  }
  if (!receipt_key_ || !root_holds) return;
  const auto cosignature = verify_cosignature(newest.note, *receipt_key_);
  if (!cosignature) return judge_unreceipted(newest, cosignature.error());
  const Receipt receipt{newest.checkpoint, cosignature->time_s, number_};
  if (receipt.time_s > kTimeMsMax / 1000) {
    facts_.findings.add(FindingCode::kReceipt, "checkpoint", "the receipt's time is out of form");
  } else if (in_order(receipt)) {
    accept(receipt);
  }
}

void ReceiptChecker::judge_unreceipted(const SignedCheckpoint& newest, const Error& error) {
  if (error != JournalError::kNoKnownSignature) {
    facts_.findings.add(FindingCode::kReceiptKey, "checkpoint", error.message());
  } else if (facts_.verdict.last_receipt && facts_.verdict.receipted == newest.checkpoint.size) {
    facts_.findings.add(FindingCode::kReceiptMissing, "checkpoint", error.message());
  }  // otherwise it is not receipted yet
}

}  // namespace blo::journal
