"""Broken by an office that lies or was broken into: every checkpoint and receipt is right, and an entry is not."""

from blolib import exports, identity, journal, wire

from bundle import (KARIMOV, OTHER_KEY, RAHIMOV, RELEASER, SPLIT_S, STRANGER, TJ, UZ, begun, broken, files_of, malleable,
                    trail, trail_after, whole)


def _then(*steps):
    """A message's journal in which something else happens then; receipted."""
    ours = begun()
    for step in steps:
        step(ours)
    return files_of(ours.receipt())


def _leaf(change):
    """One more message, its leaf changed before the tree was made."""
    ours = begun()
    ours.message(KARIMOV, 2)
    ours.leaves[-1] = change(ours.leaves[-1])
    return files_of(ours.receipt())


def speak(officer, **more):
    return lambda ours: ours.message(officer, len(ours.leaves), **more)


def introduce(officer):
    return lambda ours: ours.introduce(officer)


def revoke(revocation):
    return lambda ours: ours.revoke(revocation)


# --- form


@broken("an entry's version is written in two bytes", "E-MALFORMED")
def entry_not_canonical():
    return _leaf(lambda leaf: b"\x08\x81\x00" + leaf[2:])


@broken("an entry has a field nobody knows", "E-MALFORMED")
def entry_with_an_unknown_field():
    return _leaf(lambda leaf: leaf + b"\x7a\x01x")


@broken("an entry of another version", "E-MALFORMED")
def entry_of_another_version():
    return _leaf(lambda leaf: b"\x08\x02" + leaf[2:])


@broken("an entry's signature is of 63 bytes", "E-MALFORMED")
def entry_with_a_short_signature():
    def cut(leaf):
        entry = wire.parse(journal.ENTRY, leaf)
        entry["message"]["signature"] = entry["message"]["signature"][:63]
        return wire.encode(journal.ENTRY, entry)
    return _leaf(cut)


@broken("a message that expires before it was made", "E-MALFORMED")
def envelope_expired_before():
    return _then(speak(KARIMOV, expires_ms=1))


@broken("a message of 65 attachments", "E-MALFORMED")
def envelope_with_too_many_attachments():
    return _then(speak(KARIMOV, attachments=[{"commitment": bytes(32), "padded_bytes": 1}] * 65))


@broken("an entry of 16,385 bytes", "E-OVERSIZE")
def entry_oversized():
    return _leaf(lambda leaf: leaf + bytes(16_385 - len(leaf)))


# --- order


@broken("an entry stamped an hour before the one before it", "E-STAMP")
def entry_backdated():
    def back(ours):
        ours.time_ms -= 3_600_000
    return _then(back, speak(KARIMOV))


@broken("an entry stamped before one that was a day ahead of its receipt to the millisecond, which is no claim", "E-STAMP")
def entry_backdated_behind_a_day_ahead():
    ours, day_ms = begun(), 86_400_000
    ours.time_ms += day_ms - 1000
    ours.record("challenge", {"text": "a day ahead"})
    ours.receipt(after_s=-86_400)
    ours.time_ms -= day_ms
    ours.message(KARIMOV, 2)
    return files_of(ours.receipt())


@broken("an unsure stamp in an hour at which the officer's certificate is valid, after a sure one at which it was not yet", "E-VALIDITY",
        "E-OFFICER")
def unsure_stamp_makes_nobody_an_officer():
    ours = begun()
    coming = UZ.officer(person=3, not_before_s=SPLIT_S + 3600)
    ours.unsure = True
    ours.time_ms += 2 * 3_600_000
    ours.introduce(coming)
    ours.message(coming, 2)
    return files_of(ours.receipt())


@broken("a sure stamp that goes back behind one before an unsure stamp", "E-STAMP")
def entry_backdated_behind_an_unsure_one():
    ours = begun()
    ours.time_ms -= 2000
    ours.unsure = True
    ours.message(KARIMOV, 2)
    ours.unsure = False
    ours.time_ms -= 1000
    ours.message(KARIMOV, 3)
    return files_of(ours.receipt(after_s=10))


@broken("an unsure stamp names an older head of the opposite journal", "E-STAMP")
def unsure_stamp_forgets():
    ours, theirs = begun(), begun(TJ, UZ)
    ours.message(KARIMOV, 2, seen=theirs, size=3)
    ours.unsure = True
    ours.message(KARIMOV, 3, seen=theirs, size=2)
    return files_of(ours.receipt(), theirs.receipt())


@broken("a claim that names an older head of the opposite journal", "E-STAMP")
def claim_forgets():
    ours, theirs = begun(), begun(TJ, UZ)
    ours.message(KARIMOV, 2, seen=theirs, size=3)
    ours.time_ms += 400 * 86_400_000
    ours.message(KARIMOV, 3, seen=theirs, size=2)
    return files_of(ours.receipt(after_s=-400 * 86_400), theirs.receipt())


@broken("an officer who is introduced and speaks under stamps four hundred days ahead, when the certificate will have begun",
        "E-VALIDITY", "E-OFFICER")
def claim_makes_nobody_an_officer():
    ours = begun()
    coming = UZ.officer(person=3, not_before_s=SPLIT_S + 300 * 86_400)
    ours.time_ms += 400 * 86_400_000
    ours.introduce(coming)
    ours.message(coming, 2)
    return files_of(ours.receipt(after_s=-400 * 86_400))


@broken("a stamp names an older head of the opposite journal than the one before", "E-STAMP")
def stamp_forgets():
    theirs = begun(TJ, UZ)
    return _then(speak(KARIMOV, seen=theirs, size=3), speak(KARIMOV, seen=theirs, size=2)) | files_of(theirs)


@broken("one size of the opposite journal has two roots", "E-INTERLOCK")
def stamp_with_another_root():
    def other(ours):
        ours.named = ours.named | {"root": bytes(32)}
    theirs = begun(TJ, UZ)
    return _then(speak(KARIMOV, seen=theirs), other, speak(KARIMOV)) | files_of(theirs)


@broken("the generation start was left out, and the tree made without it", "E-START", "E-OFFICER")
def start_dropped():
    ours = begun()
    ours.leaves.pop(0)
    return files_of(ours.receipt())


@broken("a second generation start", "E-START")
def start_twice():
    return _then(lambda ours: ours.record("generation_start", {
        "authority_certificate": UZ.authority.certificate, "office_certificate": UZ.certificate,
        "journal_certificate": ours.certificate}))


@broken("the generation start holds another certificate of the office", "E-START")
def start_of_another_office():
    other = exports.Office(UZ.authority, UZ.id, statement=7)
    return files_of(whole(start={"office_certificate": other.certificate}))


@broken("the generation start holds another journal's certificate", "E-SUBJECT")
def start_of_another_journal():
    return files_of(whole(start={"journal_certificate": exports.Journal(UZ).certificate}))


@broken("the generation start holds another authority's certificate", "E-START")
def start_of_another_authority():
    return files_of(whole(start={"authority_certificate": TJ.authority.certificate}))


@broken("a first generation that says how one before it ended", "E-START")
def start_after_nothing():
    return files_of(whole(start={"previous": {"size": 1, "root": bytes(32)}}))


# --- address and kind


@broken("a message to another office, right in its own journal", "E-MISADDRESSED")
def message_of_another_pairing():
    return _then(speak(KARIMOV, to="TJ-KONIBODOM"))


@broken("a message of the counterpart entered as one's own", "E-MISADDRESSED")
def message_of_the_counterpart():
    return _then(speak(RAHIMOV, **{"from": TJ.id, "to": UZ.id}))


@broken("a message of the exercise in a live journal", "E-NETWORK")
def message_of_the_exercise():
    return _then(speak(KARIMOV, network=identity.EXERCISE))


@broken("a message of a kind nobody knows", "E-KIND")
def kind_unknown():
    return _then(speak(KARIMOV, kind=99_999))


@broken("an opened that answers nothing", "E-MALFORMED")
def opened_of_nothing():
    return _then(speak(KARIMOV, kind=3))


@broken("an opened that says until when it holds", "E-MALFORMED")
def opened_that_expires():
    return _then(speak(KARIMOV, kind=3, in_reply_to=bytes(16), expires_ms=253_402_300_799_999))


@broken("an opened under an id of its own choice", "E-MALFORMED")
def opened_under_another_id():
    return _then(speak(KARIMOV, kind=3, in_reply_to=bytes(16), message_id=b"16 hidden bytes."))


@broken("an opened that says when it was written", "E-MALFORMED")
def opened_that_is_dated():
    return _then(speak(KARIMOV, kind=3, in_reply_to=bytes(16), created_ms=exports.TIME_MS))


@broken("an opened whose body has a salt of its own choice", "E-MALFORMED")
def opened_with_another_salt():
    return _then(speak(KARIMOV, kind=3, in_reply_to=bytes(16), commitment=exports.bytes_of("32 hidden bytes")))


@broken("an opened with a precedence of its own", "E-MALFORMED")
def opened_that_is_urgent():
    return _then(speak(KARIMOV, kind=3, in_reply_to=bytes(16), precedence=4))


@broken("an acted that answers nothing", "E-MALFORMED")
def acted_of_nothing():
    return _then(speak(KARIMOV, kind=4))


@broken("an acted that the policy wants released, and nobody did", "E-RELEASE")
def acted_unreleased():
    ours = begun()
    ours.record("policy", {"release": [{}]})
    ours.message(KARIMOV, 2, kind=4, in_reply_to=bytes(16))
    return files_of(ours.receipt())


@broken("a challenge that is not text", "E-MALFORMED")
def challenge_out_of_form():
    return _then(lambda ours: ours.record("challenge", {"text": "line\nline"}))


@broken("an act of the audit trail in a pair's journal", "E-MISPLACED")
def act_in_a_pair_journal():
    return _then(lambda ours: ours.act(KARIMOV))


@broken("a message in the audit trail", "E-MISPLACED")
def message_in_the_trail():
    acts = trail()
    acts.message(KARIMOV, 1, to=TJ.id)
    return files_of(acts)


@broken("a message id that was used before", "E-DUPLICATE")
def message_twice():
    return _then(speak(KARIMOV), lambda ours: ours.message(KARIMOV, 1))


@broken("the last entry once more, byte by byte", "E-DUPLICATE")
def entry_twice():
    return _then(lambda ours: ours.leaves.append(ours.leaves[-1]))


# --- officers


@broken("an officer whom the journal never introduced", "E-OFFICER")
def officer_never_introduced():
    return _then(speak(STRANGER))


@broken("an officer introduced only after speaking", "E-OFFICER")
def officer_introduced_too_late():
    return _then(speak(STRANGER), introduce(STRANGER))


@broken("a revoked officer speaks", "E-REVOKED-OFFICER")
def officer_revoked():
    return _then(revoke(UZ.revoked_officer(1, 2)), speak(KARIMOV))


@broken("an officer speaks under a certificate that a newer one replaced", "E-REPLACED-OFFICER")
def officer_replaced():
    return _then(introduce(UZ.officer(statement=2)), speak(KARIMOV))


@broken("an officer speaks after the certificate ended", "E-VALIDITY")
def officer_expired():
    leaving = UZ.officer(person=3, end_s=SPLIT_S + 4)

    def later(ours):
        ours.time_ms += 60_000
    return _then(introduce(leaving), later, speak(leaving))


@broken("an officer who was introduced after the certificate ended", "E-VALIDITY")
def officer_introduced_expired():
    return _then(introduce(UZ.officer(person=3, end_s=SPLIT_S)))


@broken("an auditor sends a message", "E-ROLE")
def officer_without_the_role():
    auditor = UZ.officer(person=3, roles=(3,))
    return _then(introduce(auditor), speak(auditor))


@broken("an officer certified by a key that is not the office's", "E-CERTIFICATE")
def officer_certified_by_another_key():
    return _then(introduce(UZ.officer(person=3, issuer_key=OTHER_KEY)))


@broken("an officer of the other office is introduced as one's own", "E-CERTIFICATE")
def officer_of_another_office():
    return _then(introduce(RAHIMOV))


@broken("a journal's certificate is introduced as an officer's", "E-CERTIFICATE-KIND")
def officer_that_is_a_journal():
    return _then(lambda ours: ours.record("certificate", {"certificate": ours.certificate, "padded_bytes": 64}))


@broken("an officer's certificate that is none", "E-CERTIFICATE-FORM")
def officer_certificate_out_of_form():
    return _then(lambda ours: ours.record("certificate", {"certificate": b"none", "padded_bytes": 64}))


@broken("an officer's certificate older than the one in force", "E-STATEMENT")
def officer_with_an_old_statement():
    return _then(introduce(UZ.officer(statement=3)), introduce(UZ.officer(statement=2)))


@broken("a revoked officer's certificate shown again", "E-STATEMENT", "E-REVOKED-OFFICER")
def officer_shown_again_after_the_revocation():
    return _then(revoke(UZ.revoked_officer(1, 2)), introduce(KARIMOV), speak(KARIMOV))


@broken("a revocation of an officer that the officer signed", "E-REVOCATION")
def revocation_by_an_officer():
    return _then(revoke(UZ.revoked_officer(1, 2, key=KARIMOV.key)))


@broken("the revocation of another office than the two", "E-REVOCATION")
def revocation_of_a_third_office():
    return _then(revoke(exports.Office(TJ.authority, "TJ-KONIBODOM").revoked()))


# --- signatures and releases


@broken("a message signed with another officer's key", "E-SIGNATURE")
def signature_of_another_officer():
    return _then(introduce(RELEASER), speak(KARIMOV, key=RELEASER.key))


@broken("a message whose signature has S + L in place of S", "E-SIGNATURE")
def signature_malleable():
    def bend(leaf):
        entry = wire.parse(journal.ENTRY, leaf)
        entry["message"]["signature"] = malleable(entry["message"]["signature"])
        return wire.encode(journal.ENTRY, entry)
    return _leaf(bend)


def _released(**release):
    policy = {"release": [{"kind": 1}]}
    return _then(introduce(RELEASER), lambda ours: ours.record("policy", policy), speak(KARIMOV, **release))


@broken("a message that the policy wants released, and nobody did", "E-RELEASE")
def release_missing():
    return _released()


@broken("a message that its author released", "E-SELF-RELEASE")
def released_by_its_author():
    both = UZ.officer(person=3, roles=(1, 2))
    return _then(introduce(both), speak(both, releaser=both))


@broken("a message that its author released under an older certificate", "E-REPLACED-OFFICER")
def released_by_its_author_replaced():
    both, again = UZ.officer(person=3, roles=(1, 2)), UZ.officer(person=3, roles=(1, 2), statement=2)
    return _then(introduce(both), introduce(again), speak(again, releaser=both))


@broken("a message that its author released under a second person number", "E-SELF-RELEASE")
def released_with_the_authors_key():
    second = UZ.officer(person=3, roles=(2,), key=KARIMOV.key)
    return _then(introduce(second), speak(KARIMOV, releaser=second))


@broken("a message that an operator released", "E-ROLE")
def released_by_an_operator():
    second = UZ.officer(person=3)
    return _then(introduce(second), speak(KARIMOV, releaser=second))


@broken("a message that a stranger released", "E-OFFICER")
def released_by_a_stranger():
    return _then(speak(KARIMOV, releaser=RELEASER))


@broken("a release that the author signed in the releaser's name", "E-SIGNATURE")
def release_forged():
    return _released(releaser=RELEASER, release_key=KARIMOV.key)


@broken("a release of another message", "E-SIGNATURE")
def release_of_another_message():
    ours = begun()
    ours.introduce(RELEASER)
    ours.message(KARIMOV, 2, releaser=RELEASER)
    ours.message(KARIMOV, 3, releaser=RELEASER)
    released, other = (wire.parse(journal.ENTRY, leaf) for leaf in ours.leaves[-2:])
    other["message"]["release"] = released["message"]["release"]
    ours.leaves[-1] = wire.encode(journal.ENTRY, other)
    return files_of(ours.receipt())


# --- erasures


@broken("the erasure of an entry that has no body", "E-ERASURE")
def erasure_of_a_record():
    return _then(lambda ours: ours.record("erasure", {"index": 0}))


@broken("the erasure of a copy that was not received by then", "E-ERASURE")
def erasure_of_what_was_not_received():
    return _then(lambda ours: ours.record("erasure", {"index": 2, "generation": 1, "received": 1}))


@broken("the erasure of a copy without the generation it is of", "E-MALFORMED")
def erasure_of_a_copy_of_no_generation():
    return _then(lambda ours: ours.record("erasure", {"index": 2, "received": 1}))


@broken("the erasure of an entry yet to come", "E-ERASURE")
def erasure_of_what_is_to_come():
    return _then(lambda ours: ours.record("erasure", {"index": 9}))


@broken("the erasure of a generation that is not an earlier one", "E-ERASURE")
def erasure_of_a_later_generation():
    return _then(lambda ours: ours.record("erasure", {"index": 1, "generation": 2}))


@broken("the erasure of an entry of its own generation, given by number", "E-ERASURE")
def erasure_of_its_own_generation():
    return _then(lambda ours: ours.record("erasure", {"index": 1, "generation": 1}))


@broken("an erasure whose rule is not text", "E-MALFORMED")
def erasure_with_control_characters():
    return _then(lambda ours: ours.record("erasure", {"index": 1, "rule": "\x1b[2J"}))


# --- the audit trail


def _trail(step):
    acts = trail()
    step(acts)
    return files_of(acts)


@broken("an officer's request entered twice, about two messages", "E-DUPLICATE")
def act_repeated():
    acts = trail()
    acts.act(KARIMOV, subject="UZ-OYBEK/TJ-FOTEHOBOD/1")
    _, again = journal.parse_record(journal.parse_entry(acts.leaves[-1])["record"])
    acts.record("act", again | {"subject": "UZ-OYBEK/TJ-FOTEHOBOD/2"})
    return files_of(acts)


def _again_as_refused(acts):
    """The trail's last act once more, as a refused one of an officer who is revoked by now."""
    _, again = journal.parse_record(journal.parse_entry(acts.leaves[-1])["record"])
    acts.revoke(UZ.revoked_officer(1, 2))
    acts.record("act", again | {"refused": 1, "request": 0, "subject": "an officer not in force"})


@broken("an officer's request entered again as a refused one, once the officer was revoked", "E-DUPLICATE")
def act_repeated_as_a_refused_one():
    return _trail(_again_as_refused)


@broken("an act signed with another key than the officer's", "E-SIGNATURE")
def act_forged():
    return _trail(lambda acts: acts.act(KARIMOV, key=OTHER_KEY))


@broken("an act that the officer asked of another office", "E-SIGNATURE")
def act_of_another_office():
    return _trail(lambda acts: acts.act(KARIMOV, office_id=TJ.id))


@broken("an act of an officer whom the trail never introduced", "E-OFFICER")
def act_of_a_stranger():
    return _trail(lambda acts: acts.act(STRANGER))


@broken("an act that failed before it was asked for", "E-ACT")
def act_failed_before():
    return _trail(lambda acts: acts.record("act_failed", {"act": 9, "exit_code": 3}))


@broken("an officer reads more than thirty days after the own certificate ended", "E-VALIDITY")
def act_long_after_the_officers_end():
    return trail_after("own", 32)


@broken("an officer who may still read releases a message", "E-VALIDITY")
def act_of_more_than_reading_after_the_officers_end():
    return trail_after("own", 3, lambda acts, officer, _: acts.act(officer, request=32, subject="D-1"))


@broken("a message is sent, as the trail has it, after the office's certificate ended", "E-VALIDITY")
def act_of_more_than_reading_after_the_offices_end():
    return trail_after("office", 3, lambda acts, officer, _: acts.act(officer, request=2, subject="TJ-FOTEHOBOD"))


@broken("an officer is certified, as the trail has it, after the office's certificate ended", "E-VALIDITY")
def renewal_after_the_offices_end():
    return trail_after("office", 3, lambda acts, officer, _: acts.act(officer, request=10, subject="officer 1"))


@broken("a counterpart is turned away, as the trail has it, after the office's certificate ended", "E-VALIDITY")
def peer_refused_after_the_offices_end():
    return trail_after("office", 3, lambda acts, *_: acts.record("peer_refused", {"counterpart": TJ.id, "reason": "frozen"}))


@broken("a replaced certificate reads, within thirty days of its end", "E-REPLACED-OFFICER")
def act_of_a_replaced_certificate_after_its_end():
    def replaced_then(acts, officer, office):
        acts.introduce(office.officer(statement=2))
        acts.act(officer)
    return trail_after("own", 3, replaced_then)


@broken("a revoked officer reads after the office's certificate ended", "E-REVOKED-OFFICER")
def act_of_a_revoked_officer_after_the_offices_end():
    def revoked_then(acts, officer, office):
        acts.revoke(office.revoked_officer(1, 2))
        acts.act(officer)
    return trail_after("office", 3, revoked_then)


@broken("a counterpart turned away whose name is none", "E-MALFORMED")
def turned_away_nobody():
    return _trail(lambda acts: acts.record("peer_refused", {"counterpart": "tj", "reason": "frozen"}))
