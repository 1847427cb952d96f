"""What verifies: each of these is what some of the broken ones were before."""

import hashlib

from blolib import exports, journal

from bundle import (DAY_MS, ENDING, ENDS_S, KARIMOV, LIES, RAHIMOV, RELEASER, SPLIT_S, TJ, UZ, begun, begun_anew, changed, files_of, generations,
                    lying, pair, refuse, trail, trail_after, valid, whole)


@valid("one direction alone: two messages, receipted twice")
def one_direction():
    return files_of(whole())


@valid("a journal signed before its first entry: a checkpoint of size 0, and neither tiles nor receipts")
def nothing_entered():
    ours = exports.Journal(UZ, TJ)
    empty = {path: data for path, data in files_of(ours).items() if "/tile/" not in path}
    nothing = ours.signed(ours.checkpoint(0, journal.root([])))
    return changed(empty, "checkpoint", lambda _: nothing.encode())


@valid("an entry that was refused, and no other: nothing is stamped")
def nothing_stamped():
    ours, theirs = exports.Journal(UZ, TJ), exports.Journal(TJ, UZ)
    ours.leaves = [b"no entry"]
    ours.receipt()
    theirs.record("refusal", {"generation": 1, "index": 0, "leaf_hash": journal.leaf_hash(b"no entry"), "reason": 1}, seen=ours)
    return files_of(ours, theirs.receipt())


@valid("both directions; each names heads of the other")
def both_directions():
    return files_of(*pair())


@valid("the last entry is not receipted yet")
def unreceipted_tail():
    ours = begun().receipt()
    ours.message(KARIMOV, 2)
    return files_of(ours)


@valid("a malformed entry that the counterpart refused by record")
def refused():
    ours, theirs = pair()
    ours.leaves.append(b"no entry")
    refuse(theirs, ours.receipt(), [4], 1)
    return files_of(ours, theirs.receipt())


@valid("messages of two batches, each refused right after its own receipt")
def refused_in_place():
    ours, theirs = pair()
    for numbers in ((3, 4), (5, 6)):
        ours.receipt()
        refuse(theirs, ours, [ours.message(KARIMOV, number) for number in numbers], 8)
        ours.receipt()
    return files_of(ours, theirs.receipt())


@valid("a message that was refused before the store of who refuses it was lost, and now again: its first word was lost, too")
def refused_after_a_loss():
    ours, first = pair()
    second = exports.Journal(TJ, UZ, 2, after=first, start={"after_loss": 1})
    second.record("policy", {})
    refuse(second, ours, [2], 8)
    second.introduce(RAHIMOV)
    second.message(RAHIMOV, 102)
    return files_of(ours, first, second.receipt())


@valid("an erasure was refused as held, late and twice")
def erasure_held():
    ours, theirs = pair()
    erasing = ours.record("erasure", {"index": 2, "rule": "Act 12", "person": 1})
    theirs.message(RAHIMOV, 102, seen=ours.receipt())
    refuse(theirs, ours, [erasing, erasing], 12)
    return files_of(ours, theirs.receipt())


@valid("messages under stamps that lie about the receiver's journal, each refused for that, and a true one after them")
def lies_refused():
    ours, theirs, lied = lying(*LIES)
    refuse(theirs, ours, lied, 13)
    return files_of(ours, theirs.receipt())


@valid("a stamp names what the opposite journal lost, as its next generation says")
def lost_is_named():
    ours, first = begun().receipt(), begun(TJ, UZ).receipt()
    second = exports.Journal(TJ, UZ, 2, after=first, start={"after_loss": 1})
    ours.named = {"generation": 1, "size": 9, "root": bytes(32)}
    ours.message(KARIMOV, 2)
    ours.message(KARIMOV, 3, seen=second)
    return files_of(ours.receipt(), first, second.receipt())


@valid("a message with an attachment, which the counterpart does not take")
def attachment_not_taken():
    ours, theirs = pair()
    index = ours.message(KARIMOV, 3, attachments=[{"commitment": exports.bytes_of("attachment"), "padded_bytes": 64}])
    refuse(theirs, ours.receipt(), [index], 14)
    return files_of(ours, theirs.receipt())


@valid("an id that a forged message did not use up, for the counterpart refused that one")
def id_of_a_forged_message_again():
    ours, theirs = pair()
    index = ours.message(KARIMOV, 9, key=RELEASER.key)
    refuse(theirs, ours.receipt(), [index], 4)
    ours.message(KARIMOV, 9)
    return files_of(ours.receipt(), theirs.receipt())


@valid("an export from a stick that Windows and macOS have shown")
def files_of_systems():
    here = "live_UZ-OYBEK_TJ-FOTEHOBOD_1"
    left = (f"{here}/Thumbs.db", f"{here}/tile/entries/desktop.ini", f"{here}/receipts/.DS_Store", ".DS_Store",
            "System Volume Information/IndexerVolumeGuid", "$RECYCLE.BIN/desktop.ini")
    return files_of(whole()) | {path: b"left by a system" for path in left}


@valid("an entry stamped four hundred days ahead, under the receipt of its day")
def stamp_far_ahead():
    ours, ahead_s = begun(), 400 * 24 * 3600
    ours.time_ms += ahead_s * 1000
    ours.record("challenge", {"text": "stamped by a clock that ran ahead"})
    return files_of(ours.receipt(after_s=1 - ahead_s))


AHEAD_S = 400 * 86_400


def poisoned(ours, ahead_s=AHEAD_S):
    """A message by a clock that far ahead, under a receipt of its day; then the clock is right again."""
    ours.time_ms += ahead_s * 1000
    ours.message(KARIMOV, 20)
    ours.receipt(after_s=1 - ahead_s)
    ours.time_ms -= ahead_s * 1000
    return ours


@valid("a clock four hundred days ahead for one entry; after its receipt the journal goes on from the true time")
def clock_ahead_and_right_again():
    ours = poisoned(whole())
    ours.message(KARIMOV, 21)
    return files_of(ours.receipt())


@valid("a stamp of the year 9999, which ends nothing")
def stamp_of_9999():
    ours = poisoned(whole(), 253_402_300_000 - whole().time_ms // 1000)
    ours.message(KARIMOV, 21)
    return files_of(ours.receipt())


@valid("a journal whose first entries are dated four hundred days ahead, beyond the office's certificate; the second generation is right")
def generation_begun_ahead():
    ours = exports.Journal(ENDING, TJ)
    ahead_s = 2 * 366 * 86_400
    ours.leaves.clear()
    ours.time_ms += ahead_s * 1000
    ours.begin()
    ours.receipt(after_s=1 - ahead_s)
    ours.time_ms -= ahead_s * 1000
    officer = ENDING.officer()
    ours.introduce(officer)
    ours.message(officer)
    ours.receipt()
    second = exports.Journal(ENDING, TJ, 2, after=ours)
    return files_of(ours, second.receipt())


@valid("the receiver's clock was four hundred days ahead when it refused, and right again when it went on")
def refused_by_a_clock_ahead():
    ours, theirs = pair()
    ours.leaves.append(b"no entry")
    ours.receipt()
    theirs.time_ms += AHEAD_S * 1000
    refuse(theirs, ours, [4], 1)
    theirs.receipt(after_s=1 - AHEAD_S)
    theirs.time_ms -= AHEAD_S * 1000
    theirs.message(RAHIMOV, 102)
    return files_of(ours, theirs.receipt())


@valid("stamps whose office was not sure of its clock go back, and forward, and bound nothing")
def unsure_stamps_go_back():
    ours = begun()
    begun_ms = ours.time_ms
    ours.unsure = True
    for ahead_ms in (-40 * 365 * 86_400_000, 400 * 86_400_000, 3_600_000, -3_600_000):
        ours.time_ms = begun_ms + ahead_ms
        ours.message(KARIMOV, len(ours.leaves))
    ours.unsure, ours.time_ms = False, begun_ms
    ours.message(KARIMOV, 20)
    return files_of(ours.receipt())


@valid("an officer whose certificate ended speaks under an unsure stamp, by the sure time before it at which it was valid")
def unsure_by_the_time_before():
    ours, leaving = begun(), UZ.officer(person=3, end_s=SPLIT_S + 3600)
    ours.introduce(leaving)
    ours.time_ms += 2 * 3_600_000
    ours.record("challenge", {"text": "the certificate is over"})
    ours.unsure = True
    ours.time_ms -= 3_660_000
    ours.message(leaving, 20)
    ours.unsure = False
    ours.time_ms += 3_660_000
    return files_of(ours.receipt())


@valid("a journal begun four hundred days ahead goes on by an empty clock, unsure: what its officers say is judged at the receipt of its beginning")
def unsure_after_a_start_ahead():
    ours = exports.Journal(UZ, TJ)
    begun_ms = ours.time_ms
    ours.leaves.clear()
    ours.time_ms += AHEAD_S * 1000
    ours.begin()
    ours.receipt(after_s=1 - AHEAD_S)
    ours.unsure, ours.time_ms = True, 1000
    ours.introduce(KARIMOV)
    ours.message(KARIMOV, 20)
    ours.unsure, ours.time_ms = False, begun_ms + 3_600_000
    ours.message(KARIMOV, 21)
    return files_of(ours.receipt())


@valid("an officer whose certificate began an hour ago speaks by a clock four hundred days ahead, under a receipt by one three hours behind")
def claim_of_the_newest_officer():
    ours, coming = begun(), UZ.officer(person=3, not_before_s=SPLIT_S + 3600)
    ours.time_ms += 2 * 3_600_000
    ours.introduce(coming)
    ours.time_ms += AHEAD_S * 1000
    ours.message(coming, 20)
    ours.receipt(after_s=-AHEAD_S - 3 * 3600)
    ours.time_ms -= AHEAD_S * 1000
    ours.message(coming, 21)
    return files_of(ours.receipt())


@valid("an audit trail whose clock was four hundred days ahead, under a daily head that was receipted, and right again")
def trail_that_steps_back():
    acts, ours = trail(), begun()
    acts.time_ms += AHEAD_S * 1000
    acts.act(KARIMOV)
    acts.time_ms = ours.time_ms
    acts.act(KARIMOV)
    ours.date(acts)
    acts.act(KARIMOV)
    return files_of(acts, ours.receipt())


@valid("a message that the policy wants released, and a second officer released")
def released():
    ours = exports.Journal(UZ, TJ)
    ours.introduce(KARIMOV)
    ours.introduce(RELEASER)
    ours.record("policy", {"release": [{"kind": 1}]})
    ours.message(KARIMOV, 1, releaser=RELEASER)
    return files_of(ours.receipt())


@valid("a message that was opened and acted upon under a policy that lets only the opened pass, and a challenge")
def opened_and_acted():
    ours, theirs = pair()
    answered = {"in_reply_to": journal.parse_envelope(journal.parse_entry(theirs.leaves[-1])["message"]["envelope"])["message_id"]}
    ours.introduce(RELEASER)
    ours.record("policy", {"release": [{}]})
    ours.message(KARIMOV, 3, kind=3, **answered)
    ours.message(KARIMOV, 4, kind=4, releaser=RELEASER, **answered)
    ours.record("challenge", {"text": "audit of 2026-11-22, 7f3a 90c1"})
    return files_of(ours.receipt(), theirs)


@valid("an officer who spoke, was revoked, and came back under a new certificate")
def revoked_officer():
    ours, again = begun(), UZ.officer(statement=3)
    ours.revoke(UZ.revoked_officer(1, 2))
    ours.introduce(again)
    ours.message(again, 2)
    return files_of(ours.receipt())


@valid("the name beside a revoked officer's certificate was erased")
def erased_name():
    ours = begun()
    ours.revoke(UZ.revoked_officer(1, 2))
    ours.record("erasure", {"index": 1, "rule": "left"})
    return files_of(ours.receipt())


@valid("messages were erased: one's own, and the copy of the counterpart's")
def erased_messages():
    ours, theirs = pair()
    ours.record("erasure", {"index": 2, "rule": "Act 12", "person": 1}, seen=theirs)
    ours.record("erasure", {"index": 2, "generation": 1, "received": 1, "rule": "Act 12"}, seen=theirs)
    return files_of(ours.receipt(), theirs)


@valid("messages of an earlier generation and of the newest were erased")
def erased_generations():
    first, second = generations()
    second.record("erasure", {"index": 2, "generation": 1, "rule": "Act 12", "person": 1})
    second.record("erasure", {"index": 2, "rule": "Act 12"})
    return files_of(first, second.receipt())


@valid("the counterpart's office was revoked by its authority after all it sent")
def revoked_office():
    ours, theirs = pair()
    ours.revoke(TJ.revoked(), seen=theirs)
    return files_of(ours, theirs)


@valid("the counterpart's clock was an hour ahead when it gave its last receipt before its revocation was entered")
def revoked_office_with_a_clock_ahead():
    ours, theirs = pair()
    ours.message(KARIMOV, 3)
    before = ours.signed()
    ours.revoke(TJ.revoked(), seen=theirs)
    return files_of(ours.receipt(before, after_s=3_600), theirs)


@valid("a stamp names a generation of which all was lost, as the start of the next one says")
def lost_generation_is_named():
    ours = begun().receipt()
    second = exports.Journal(TJ, UZ, 2, start={"previous": {"size": 0, "root": hashlib.sha256().digest()}, "after_loss": 1})
    ours.named = {"generation": 1, "size": 9, "root": bytes(32)}
    ours.message(KARIMOV, 2)
    ours.message(KARIMOV, 3, seen=second)
    return files_of(ours.receipt(), second.receipt())


@valid("two generations; the second begins where the first ended")
def two_generations():
    return files_of(*generations())


@valid("an audit trail whose head a pair journal dates")
def dated_trail():
    ours, acts = begun(), trail()
    ours.date(acts)
    acts.time_ms = ours.time_ms
    acts.record("act_failed", {"act": acts.act(KARIMOV, subject="officer 3"), "exit_code": 3})
    return files_of(ours.receipt(), acts)


@valid("a trail that began anew after its store was lost: a head that was dated before is a note")
def lost_trail_begun_anew():
    ours, lost = begun(), trail()
    ours.date(lost)
    early, anew = exports.Journal(UZ), begun_anew(ours)  # what was entered before anybody said that the store was lost
    early.time_ms = ours.time_ms
    return files_of(ours.receipt(), early, anew)


@valid("a trail that began anew after its store was lost goes on from what was entered before that was said, under a number that nobody has")
def lost_trail_begun_anew_after_acts():
    early = exports.Journal(UZ)
    anew = exports.Journal(UZ, None, 1_795_347_602, start={"previous": {"size": len(early.leaves), "root": early.root()}})
    anew.introduce(KARIMOV)
    anew.act(KARIMOV)
    return files_of(early, anew)


@valid("a trail that goes on under another number after an older store was put back")
def trail_after_an_old_store():
    ours, first = begun(), trail()
    ours.date(first)
    second = exports.Journal(UZ, None, 1_795_347_602, after=first)
    second.time_ms = ours.time_ms
    second.introduce(KARIMOV)
    second.act(KARIMOV)
    return files_of(ours.receipt(), first, second)


@valid("a trail that began anew after its store was lost, and was dated since: the head of before is a note still")
def lost_trail_begun_anew_and_dated():
    ours, lost = begun(), trail()
    ours.date(lost)
    anew = begun_anew(ours)
    ours.date(anew)
    return files_of(ours.receipt(), anew)


@valid("acts that only read after the office's certificate ended: a note")
def read_after_the_offices_end():
    def introduced_then(acts, _, office):
        auditor = office.officer(person=2, roles=(3,), end_s=ENDS_S)
        acts.introduce(auditor)
        acts.record("act_failed", {"act": acts.act(auditor, request=41, subject=""), "exit_code": 3})
        acts.record("unentered", {"person": 1, "requests": 3, "first_ms": acts.time_ms, "last_ms": acts.time_ms})
    return trail_after("office", 40, introduced_then)


@valid("a trail's next generation after the office's certificate ended holds nothing but reading: a note")
def trail_begun_after_the_offices_end():
    office = exports.Office(UZ.authority, UZ.id, not_after_s=ENDS_S)
    first, officer = exports.Journal(office), office.officer(end_s=ENDS_S)
    first.introduce(officer)
    first.act(officer)
    first.time_ms += 40 * DAY_MS
    second = exports.Journal(office, None, 1_795_347_602, after=first)
    second.revoke(office.revoked_officer(7, 2))
    second.introduce(officer)
    second.act(officer)
    return files_of(first, second)


@valid("an officer reads, and is renewed, at most thirty days after the own certificate ended: a note")
def read_after_the_officers_end():
    return trail_after("own", 29, lambda acts, officer, _: acts.act(officer, request=10, subject="officer 1"))


@valid("an officer of the other office, and roles enough: every role at once")
def many_roles():
    theirs, everything = exports.Journal(TJ, UZ), TJ.officer(person=4, roles=(1, 2, 3, 4, 5))
    theirs.introduce(RAHIMOV)
    theirs.introduce(everything)
    theirs.message(everything, 1)
    return files_of(theirs.receipt())
