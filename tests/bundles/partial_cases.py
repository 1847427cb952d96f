"""What holds, and itself shows that it is not all."""

from blolib import exports

from bundle import (KARIMOV, LIES, RAHIMOV, TJ, UZ, begun, files_of, generations, lying, pair, partial, trail)

_THERE, _BACK = f"live/{UZ.id}/{TJ.id}", f"live/{TJ.id}/{UZ.id}"


def _without_receipts(one):
    """As the journal would be exported if nobody had receipted it."""
    one.receipted.clear()
    return one


@partial("the opposite journal, 5,276 of 5,286 entries or however many, was left out", f"journal {_BACK}/1")
def opposite_journal_left_out():
    ours, _ = pair()
    return files_of(ours)


@partial("one journal alone whose stamps name less and less of the opposite one: nobody can say which of them lie",
         f"journal {_BACK}/1", f"journal {_BACK}/7")
def lone_journal_goes_back():
    ours, _, _ = lying(*LIES)
    return files_of(ours)


@partial("the first generation was left out", f"journal {_THERE}/1")
def earlier_generation_left_out():
    _, second = generations()
    return files_of(second)


@partial("the second of three generations was left out", f"journal {_THERE}/2")
def generation_between_left_out():
    first, second = generations()
    third = exports.Journal(UZ, TJ, 3, after=second)
    return files_of(first, third.receipt())


@partial("the second generation, which the opposite journal names, was left out", f"journal {_THERE}/2")
def later_generation_left_out():
    first, second = generations()
    theirs = exports.Journal(TJ, UZ)
    theirs.introduce(RAHIMOV)
    theirs.message(RAHIMOV, 101, seen=first)
    theirs.message(RAHIMOV, 102, seen=second)
    return files_of(first, theirs.receipt())


@partial("all receipts were left out, and the counterpart's stamps say that it gave some", f"receipts {_THERE}/1")
def receipts_left_out():
    ours, theirs = pair()
    return files_of(_without_receipts(ours), theirs)


@partial("the newest receipts were left out, and the counterpart's stamps name what they covered", f"receipts {_THERE}/1")
def newest_receipts_left_out():
    ours, theirs = pair()
    kept = list(ours.receipted)
    ours.message(KARIMOV, 3)
    theirs.message(RAHIMOV, 102, seen=ours.receipt())
    ours.receipted = kept
    return files_of(ours, theirs.receipt())


@partial("an entry of a journal that is not there was refused", f"journal {_THERE}/1")
def refused_journal_left_out():
    theirs = exports.Journal(TJ, UZ)
    theirs.record("refusal", {"generation": 1, "index": 2, "leaf_hash": bytes(32), "reason": 3})
    return files_of(theirs.receipt())


@partial("an earlier generation of an audit trail was left out", f"journal live/{UZ.id}/trail/1")
def earlier_trail_left_out():
    first = trail()
    second = exports.Journal(UZ, None, 1_795_347_602, after=first)
    second.introduce(KARIMOV)
    second.act(KARIMOV)
    return files_of(second)


@partial("an audit trail that was exported before its head was dated", f"entries live/{UZ.id}/trail/1")
def dated_trail_of_an_earlier_export():
    ours, acts = begun(), trail()
    ours.date(acts)
    earlier = files_of(acts)
    acts.act(KARIMOV, subject="officer 3")
    ours.date(acts)
    return files_of(ours.receipt()) | earlier
