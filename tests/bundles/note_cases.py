"""Broken in what was signed of the tree: checkpoints and receipts."""

import base64

from blolib import journal

from bundle import (KARIMOV, OTHER_KEY, TJ, UZ, begun, bent, broken, changed, files_of, malleable, pair, whole)


def _with_checkpoint(change):
    """`change` gets the journal and gives its new checkpoint's note."""
    ours = whole()
    return changed(files_of(ours), "checkpoint", lambda _: change(ours).encode())


def _with_signature(note, number, change):
    """The note with the bytes of one of its signatures changed."""
    lines = note.rstrip("\n").split("\n")
    at = lines.index("") + 1 + number
    start, blob = lines[at].rsplit(" ", 1)
    data = base64.b64decode(blob)
    lines[at] = f"{start} {base64.b64encode(data[:4] + change(data[4:])).decode()}"
    return "\n".join(lines) + "\n"


@broken("the checkpoint is signed by the office's identity key", "E-CHECKPOINT-KEY")
def checkpoint_of_another_key():
    return _with_checkpoint(lambda ours: ours.cosigned(ours.signed(key=UZ.identity)))


@broken("the checkpoint's only signature is the counterpart's", "E-CHECKPOINT-KEY")
def checkpoint_unsigned():
    return _with_checkpoint(lambda ours: "".join(
        line for line in ours.cosigned().splitlines(True) if not line.startswith(f"— {ours.origin} ")))


@broken("the size in the checkpoint was raised", "E-CHECKPOINT-KEY")
def checkpoint_size_raised():
    return _with_checkpoint(lambda ours: ours.cosigned().replace("\n4\n", "\n5\n"))


@broken("the checkpoint's signature has S + L in place of S", "E-CHECKPOINT-KEY")
def checkpoint_signature_malleable():
    return _with_checkpoint(lambda ours: _with_signature(ours.cosigned(), 0, malleable))


@broken("two different signatures by the journal's key", "E-CHECKPOINT-KEY")
def checkpoint_signed_twice():
    def twice(ours):
        text, lines = ours.cosigned().split("\n\n")
        other = _with_signature(ours.signed(), 0, bent).split("\n\n")[1]
        return f"{text}\n\n{other}{lines}"
    return _with_checkpoint(twice)


@broken("the checkpoint is the opposite journal's", "E-ORIGIN")
def checkpoint_of_the_opposite_journal():
    ours, theirs = pair()
    return changed(files_of(ours), "checkpoint", lambda _: theirs.receipted[-1].encode())


@broken("the checkpoint has an extension line", "E-CHECKPOINT")
def checkpoint_with_an_extension():
    return _with_checkpoint(lambda ours: ours.cosigned(ours.signed(ours.checkpoint() + b"more\n")))


@broken("the checkpoint's size is written 04", "E-CHECKPOINT")
def checkpoint_size_padded():
    return _with_checkpoint(lambda ours: ours.cosigned(ours.signed(ours.checkpoint().replace(b"\n4\n", b"\n04\n"))))


@broken("the checkpoint's root is of 31 bytes", "E-CHECKPOINT")
def checkpoint_root_short():
    return _with_checkpoint(lambda ours: ours.cosigned(ours.signed(ours.checkpoint(root=ours.root()[:31]))))


@broken("the checkpoint has 101 signatures", "E-CHECKPOINT")
def checkpoint_with_too_many_signatures():
    return _with_checkpoint(lambda ours: ours.cosigned() + "— a AAAAAAA=\n" * 99)


@broken("the checkpoint covers an entry more than the export has", "E-MISSING")
def checkpoint_of_a_larger_size():
    return _with_checkpoint(lambda ours: ours.signed(ours.checkpoint(5, bytes(32))))


@broken("the journal's key signed another root", "E-ROOT")
def checkpoint_of_another_root():
    return _with_checkpoint(lambda ours: ours.signed(ours.checkpoint(4, bytes(32))))


# --- receipts


@broken("the last entry was left out, and the checkpoint is the one of before", "E-RECEIPT-SIZE", "E-RECEIPT-ORDER")
def checkpoint_older_than_a_receipt():
    ours, before = whole(), begun().receipt()
    return files_of(before) | {path: data for path, data in files_of(ours).items() if "receipts" in path}


def _with_last_receipt(make):
    """`make` gets the journal and enters its second receipt; the checkpoint has none then."""
    ours = begun().receipt()
    ours.message(KARIMOV, 2)
    make(ours)
    return changed(files_of(ours), "checkpoint", lambda _: ours.signed().encode())


@broken("a receipt by a key that is not the counterpart's", "E-RECEIPT-KEY")
def receipt_forged():
    return _with_last_receipt(lambda ours: ours.receipt(key=OTHER_KEY))


@broken("the sender gave itself a receipt", "E-RECEIPT-KEY")
def receipt_by_the_sender():
    return _with_last_receipt(lambda ours: ours.receipt(key=UZ.receipt))


@broken("the time in a receipt was changed", "E-RECEIPT-KEY")
def receipt_redated():
    return _with_last_receipt(lambda ours: ours.receipted.append(
        _with_signature(ours.cosigned(), 1, lambda blob: bent(blob[:8]) + blob[8:])))


@broken("the signature of a receipt has S + L in place of S", "E-RECEIPT-KEY")
def receipt_malleable():
    return _with_last_receipt(lambda ours: ours.receipted.append(
        _with_signature(ours.cosigned(), 1, lambda blob: blob[:8] + malleable(blob[8:]))))


@broken("the receipt on the checkpoint is by another key", "E-RECEIPT-KEY")
def receipt_on_the_checkpoint_forged():
    return _with_checkpoint(lambda ours: ours.cosigned(key=OTHER_KEY))


@broken("a receipted checkpoint that the journal's key did not sign", "E-CHECKPOINT-KEY")
def receipt_for_an_unsigned_checkpoint():
    return _with_last_receipt(lambda ours: ours.receipt(ours.signed(key=OTHER_KEY)))


@broken("a receipt of the opposite journal among these", "E-ORIGIN")
def receipt_of_another_journal():
    theirs = begun(TJ, UZ).receipt()
    return _with_last_receipt(lambda ours: ours.receipted.append(theirs.receipted[0]))


@broken("the counterpart receipted another root at this size", "E-RECEIPT-ROOT")
def receipt_for_another_root():
    return _with_last_receipt(lambda ours: ours.receipt(ours.signed(ours.checkpoint(4, bytes(32)))))


@broken("the counterpart receipted more entries than the export has", "E-RECEIPT-SIZE")
def receipt_for_more_entries():
    return _with_last_receipt(lambda ours: ours.receipt(ours.signed(ours.checkpoint(9, bytes(32)))))


@broken("a receipt for fewer entries than the one before", "E-RECEIPT-ORDER")
def receipt_for_fewer_entries():
    return _with_last_receipt(lambda ours: ours.receipt(ours.signed(ours.checkpoint(2))))


@broken("a receipt an hour before the one before it", "E-RECEIPT-TIME")
def receipt_earlier_than_before():
    return _with_last_receipt(lambda ours: ours.receipt(after_s=-3600))


@broken("a receipt of 1970", "E-VALIDITY")
def receipt_of_1970():
    ours = begun()
    return files_of(ours.receipt(after_s=-(ours.time_ms // 1000)))


@broken("a receipt of 2046", "E-VALIDITY")
def receipt_of_2046():
    ours = begun()
    return files_of(ours.receipt(after_s=2_400_000_000 - ours.time_ms // 1000))


@broken("a receipt of the year 10000", "E-RECEIPT")
def receipt_of_the_year_10000():
    return _with_last_receipt(lambda ours: ours.receipt(after_s=253_402_300_800 - ours.time_ms // 1000))


@broken("the receipt on the checkpoint is of the year 10000", "E-RECEIPT")
def receipt_on_the_checkpoint_of_the_year_10000():
    ours = begun()
    note = ours.cosigned(after_s=253_402_300_800 - ours.time_ms // 1000)
    return changed(files_of(ours), "checkpoint", lambda _: note.encode())


@broken("the last receipt is cut before its end line", "E-RECEIPT")
def receipt_cut():
    return changed(files_of(whole()), "receipts/000", lambda notes: notes[:-1])


@broken("a receipt longer than a note may be", "E-RECEIPT")
def receipt_too_long():
    return _with_last_receipt(lambda ours: ours.receipted.append(ours.cosigned() + f"— {'a' * 16_384} AAAAAAA=\n"))


@broken("the checkpoint lacks the receipt that `receipts` has for it", "E-RECEIPT-MISSING")
def receipt_missing_on_the_checkpoint():
    return _with_checkpoint(lambda ours: ours.signed())


@broken("two receipts for one checkpoint, an hour apart", "E-RECEIPT-TWICE")
def receipt_twice():
    return files_of(whole().receipt(after_s=3601))


@broken("the checkpoint has its receipt once more, of an hour later", "E-RECEIPT-TWICE")
def receipt_on_the_checkpoint_redated():
    return _with_checkpoint(lambda ours: ours.cosigned(after_s=3601))


@broken("the receipts stand in two files of one each", "E-RECEIPT")
def receipts_in_two_files():
    ours = whole()
    first, second = (f"{note}%%\n".encode() for note in ours.receipted)
    return changed(files_of(ours), "receipts/000", lambda _: first) | {f"{ours.folder}/receipts/001": second}


@broken("the file of receipts is empty", "E-RECEIPT")
def receipts_empty():
    ours = begun()
    return files_of(ours) | {f"{ours.folder}/receipts/000": b""}
