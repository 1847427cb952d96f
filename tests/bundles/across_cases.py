"""Broken in what journals say of each other."""

from blolib import exports, journal

from bundle import (KARIMOV, LIES, RAHIMOV, TJ, UZ, begun, begun_anew, broken, files_of, generations, lying, pair, refuse, trail,
                    whole)

_DAY_MS = 86_400_000


@broken("an id again that an unopenable message had used up", "E-DUPLICATE")
def id_of_an_unopenable_message_again():
    ours, theirs = pair()
    index = ours.message(KARIMOV, 9)
    refuse(theirs, ours.receipt(), [index], 6)
    ours.message(KARIMOV, 9, created_ms=ours.time_ms)
    return files_of(ours.receipt(), theirs.receipt())


@broken("a stamp names a head that the opposite journal never had", "E-INTERLOCK")
def stamp_of_no_head():
    ours, theirs = begun(), begun(TJ, UZ)
    ours.named = {"generation": 1, "size": 2, "root": bytes(32)}
    ours.message(KARIMOV, 2)
    return files_of(ours.receipt(), theirs.receipt())


@broken("a stamp names more entries than the opposite journal has in the export", "E-INTERLOCK")
def stamp_of_entries_left_out():
    ours, theirs = begun(), begun(TJ, UZ)
    shorter = files_of(theirs.receipt())
    theirs.message(RAHIMOV, 102)
    ours.message(KARIMOV, 2, seen=theirs)
    return files_of(ours.receipt()) | shorter


@broken("the opposite journal was rewritten after it had been seen", "E-INTERLOCK")
def opposite_journal_rewritten():
    ours, theirs = pair()
    rewritten = exports.Journal(TJ, UZ)
    rewritten.introduce(RAHIMOV)
    rewritten.message(RAHIMOV, 202)
    return files_of(ours, rewritten.receipt())


@broken("a stamp in the audit trail names a journal", "E-INTERLOCK")
def stamp_in_the_trail():
    acts = trail()
    acts.named = {"generation": 1, "size": 1, "root": bytes(32)}
    acts.act(KARIMOV)
    return files_of(acts)


@broken("stamps lie about the receiver's journal, and one of them was not refused", "E-INTERLOCK")
def lie_not_refused():
    ours, theirs, lied = lying(*LIES[:2])
    refuse(theirs, ours, lied[1:], 13)
    return files_of(ours, theirs.receipt())


@broken("a stamp names more of a generation than there was when the next one began, and nothing was lost", "E-INTERLOCK")
def nothing_was_lost():
    ours, first = begun().receipt(), begun(TJ, UZ).receipt()
    second = exports.Journal(TJ, UZ, 2, after=first)
    ours.named = {"generation": 1, "size": 9, "root": bytes(32)}
    ours.message(KARIMOV, 2)
    return files_of(ours.receipt(), first, second.receipt())


@broken("an officer who was introduced under a lying stamp speaks", "E-OFFICER")
def officer_introduced_under_a_lie():
    ours, theirs = pair()
    true, other = ours.named, UZ.officer(person=2)
    ours.named = true | LIES[0]
    introduced = ours.introduce(other)
    ours.named = true
    ours.message(other, 3)
    refuse(theirs, ours.receipt(), [introduced], 13)
    return files_of(ours, theirs.receipt())


@broken("an entry is dated before one that lied about the receiver's journal", "E-STAMP")
def stamp_before_a_lie():
    ours, theirs, lied = lying(LIES[0])
    refuse(theirs, ours, lied, 13)
    ours.time_ms -= 60_000
    ours.message(KARIMOV, 4)
    ours.time_ms += 60_000
    return files_of(ours.receipt(), theirs.receipt())


@broken("a trail speaks of a loss as only pair journals do", "E-START", "E-OFFICER")
def loss_in_a_trail():
    first = trail()
    second = exports.Journal(UZ, None, 2, after=first, start={"after_loss": 1})
    second.introduce(KARIMOV)
    return files_of(first, second)


def _refusing(**changes):
    ours, theirs = pair()
    refusal = {"generation": 1, "index": 2, "leaf_hash": journal.leaf_hash(ours.leaves[2]), "reason": 3}
    theirs.record("refusal", refusal | changes)
    return files_of(ours, theirs.receipt())


@broken("the refusal of an entry that is not there", "E-REFUSAL")
def refusal_of_no_entry():
    return _refusing(index=99)


@broken("the refusal of an entry that is another one", "E-REFUSAL")
def refusal_of_another_entry():
    return _refusing(leaf_hash=bytes(32))


@broken("an entry that the refusal beside it does not name", "E-MALFORMED")
def refusal_of_its_neighbour():
    ours, theirs = pair()
    ours.leaves.append(b"no entry")
    ours.message(KARIMOV, 4)
    refuse(theirs, ours.receipt(), [5], 8)
    return files_of(ours, theirs.receipt())


@broken("a message that its receiver had accepted was refused after an entry that came after its receipt", "E-REFUSAL")
def refusal_after_another_entry():
    ours, theirs = pair()
    theirs.message(RAHIMOV, 102, seen=ours)
    refuse(theirs, ours, [3], 8)
    return files_of(ours, theirs.receipt())


@broken("a message that its receiver had accepted was refused after the next receipt", "E-REFUSAL")
def refusal_after_the_next_receipt():
    ours, theirs = pair()
    ours.message(KARIMOV, 3)
    refuse(theirs, ours.receipt(), [3], 8)
    return files_of(ours, theirs.receipt())


@broken("an entry was refused twice", "E-REFUSAL")
def refusal_again():
    ours, theirs = pair()
    ours.message(KARIMOV, 3)
    refuse(theirs, ours.receipt(), [4, 4], 8)
    return files_of(ours, theirs.receipt())


@broken("a message was refused late, as if it were an erasure of what a hold keeps", "E-REFUSAL")
def refusal_as_held():
    ours, theirs = pair()
    theirs.message(RAHIMOV, 102, seen=ours)
    refuse(theirs, ours, [3], 12)
    return files_of(ours, theirs.receipt())


@broken("a message was refused in a generation that began after no loss", "E-REFUSAL")
def refusal_after_no_loss():
    ours, first = pair()
    second = exports.Journal(TJ, UZ, 2, after=first)
    refuse(second, ours, [2], 8)
    return files_of(ours, first, second.receipt())


@broken("a message was refused after the first message of a generation that began after a loss", "E-REFUSAL")
def refusal_long_after_a_loss():
    ours, first = pair()
    second = exports.Journal(TJ, UZ, 2, after=first, start={"after_loss": 1})
    second.introduce(RAHIMOV)
    second.message(RAHIMOV, 102)
    refuse(second, ours, [2], 8)
    return files_of(ours, first, second.receipt())


# --- revoked offices


@broken("an office sends on after the counterpart entered its revocation", "E-REVOKED")
def office_revoked_goes_on():
    ours, theirs = begun().receipt(), begun(TJ, UZ)
    ours.revoke(TJ.revoked(), seen=theirs)
    theirs.message(RAHIMOV, 102)
    return files_of(ours, theirs.receipt())


@broken("a revoked office goes on in its next generation", "E-REVOKED")
def office_revoked_begins_anew():
    ours, theirs = begun().receipt(), begun(TJ, UZ)
    ours.revoke(TJ.revoked(), seen=theirs)
    anew = exports.Journal(TJ, UZ, 2, after=theirs)
    return files_of(ours, theirs.receipt(), anew.receipt())


@broken("a revoked office gives a receipt over the entry that revokes it", "E-REVOKED")
def office_revoked_receipts_on():
    ours, theirs = pair()
    ours.revoke(TJ.revoked(), seen=theirs)
    return files_of(ours.receipt(), theirs)


@broken("a receipt of what was there before is dated two days after its office was revoked", "E-REVOKED")
def office_revoked_receipts_what_was_before():
    ours, theirs = pair()
    ours.message(KARIMOV, 3)
    before = ours.signed()
    ours.revoke(TJ.revoked(), seen=theirs)
    return files_of(ours.receipt(before, after_s=2 * 86_400), theirs)


@broken("the revocation of an office that its authority did not sign", "E-REVOCATION")
def office_revocation_forged():
    ours, theirs = pair()
    ours.revoke(TJ.revoked(key=UZ.authority.key), seen=theirs)
    return files_of(ours.receipt(), theirs)


# --- generations


@broken("the second generation names another end of the first", "E-GENERATION")
def generation_after_another_end():
    first = whole()
    second = exports.Journal(UZ, TJ, 2, after=first, start={"previous": {"size": 4, "root": bytes(32)}})
    return files_of(first, second.receipt())


@broken("an entry was added to a generation after it had ended", "E-GENERATION")
def generation_added_to():
    first, second = generations()
    first.message(KARIMOV, 9)
    return files_of(first.receipt(), second)


@broken("the end of a generation was cut off, with its receipts", "E-GENERATION")
def generation_cut_short():
    return files_of(begun().receipt(), generations()[1])


@broken("the second generation's stamps go back behind the first's", "E-STAMP")
def generation_backdated():
    first = whole()
    first.time_ms -= 60_000
    second = exports.Journal(UZ, TJ, 2, after=first)
    return files_of(first, second.receipt())


@broken("a trail's generation goes on from another end of the one that it names", "E-GENERATION")
def trail_after_another_end():
    first = trail()
    second = exports.Journal(UZ, None, 1_795_347_602, after=first)
    first.act(KARIMOV)
    return files_of(first, second)


@broken("a trail whose generations name each other in a row lacks a head that a journal dated", "E-TRAIL")
def trail_head_lost_with_an_old_store():
    ours, first, lost = begun(), trail(), trail()
    lost.act(KARIMOV, subject="officer 3")
    ours.date(lost)
    second = exports.Journal(UZ, None, 1_795_347_602, after=first)
    second.time_ms = ours.time_ms + 60_000
    second.introduce(KARIMOV)
    second.act(KARIMOV)
    return files_of(ours.receipt(), first, second)


@broken("a pair journal's generation goes on from one that is not the one before", "E-START")
def generation_after_none():
    first = whole()
    end = {"size": len(first.leaves), "root": first.root(), "generation": 1}
    return files_of(first, exports.Journal(UZ, TJ, 3, after=first, start={"previous": end}).receipt())


@broken("a second generation that says nothing of the first", "E-START")
def generation_from_nowhere():
    return files_of(whole(), exports.Journal(UZ, TJ, 2).receipt(after_s=9))


@broken("a message id of the first generation", "E-DUPLICATE")
def generation_repeats_a_message():
    first, second = generations()
    second.message(KARIMOV, 1)
    return files_of(first, second.receipt())


@broken("an officer of the first generation speaks in the second unintroduced", "E-OFFICER")
def generation_without_introductions():
    first = whole()
    second = exports.Journal(UZ, TJ, 2, after=first)
    second.message(KARIMOV, 3)
    return files_of(first, second.receipt())


@broken("a record of the first generation was erased from the second", "E-ERASURE")
def generation_erases_a_record():
    first, second = generations()
    second.record("erasure", {"index": 0, "generation": 1})
    return files_of(first, second.receipt())


@broken("a record of the opposite journal was erased as if a copy lay beside it", "E-ERASURE")
def erasure_of_an_opposite_record():
    ours, theirs = pair()
    ours.record("erasure", {"index": 0, "generation": 1, "received": 1}, seen=theirs)
    return files_of(ours.receipt(), theirs)


# --- dated trails


@broken("the audit trail was changed after its head had been dated", "E-TRAIL")
def trail_changed_after_it_was_dated():
    ours, kept, changed = begun(), trail(), trail()
    kept.act(KARIMOV, subject="officer 3")
    changed.act(KARIMOV, subject="officer 4")
    ours.date(kept)
    changed.time_ms = ours.time_ms
    changed.act(KARIMOV)
    return files_of(ours.receipt(), changed)


@broken("the trail goes on from an old backup, and a pair journal dates a head that was lost with the store", "E-TRAIL")
def trail_heads_lost_with_the_store():
    ours, backup, lost = begun(), trail(), trail()
    for one in (backup, lost):
        one.act(KARIMOV, subject="officer 3")
    ours.date(backup)
    lost.act(KARIMOV, subject="officer 4")
    ours.date(lost)
    again = exports.Journal(UZ, None, 2, after=backup)
    again.time_ms = ours.time_ms
    again.introduce(KARIMOV)
    again.act(KARIMOV)
    return files_of(ours.receipt(), backup, again)


@broken("the trail lost an entry, and with it a head that was dated before one that is there", "E-TRAIL")
def trail_head_lost_among_others():
    ours, kept, changed = begun(), trail(), trail()
    ours.date(kept)
    kept.act(KARIMOV, subject="officer 3")
    ours.time_ms += _DAY_MS  # nothing was entered into the trail since
    ours.date(kept)
    ours.date(changed)
    return files_of(ours.receipt(), changed)


@broken("a trail that began anew after its store was lost then lost a head of its own", "E-TRAIL")
def trail_begun_anew_and_changed():
    ours, lost = begun(), trail()
    ours.date(lost)
    anew, changed = begun_anew(ours), begun_anew(ours)
    ours.date(anew)
    anew.act(KARIMOV, subject="officer 3")
    changed.act(KARIMOV, subject="officer 4")
    ours.date(anew)
    changed.time_ms = ours.time_ms
    changed.act(KARIMOV)
    return files_of(ours.receipt(), changed)


@broken("a pair journal dates a head of the trail that never was", "E-TRAIL")
def trail_head_of_nothing():
    ours, acts = begun(), trail()
    ours.record("trail_head", {"hash": bytes(32)})
    acts.time_ms = ours.time_ms
    acts.act(KARIMOV)
    return files_of(ours.receipt(), acts)
