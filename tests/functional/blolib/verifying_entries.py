"""What each entry of a journal is worth: docs/format/entry.md and trail.md, for verifier.py."""

import struct

from . import identity, journal
from .verifying_keys import Chain
from .wire import Fault, Malformed

_OPERATOR, _RELEASER = 1, 2
_OPENED, _ACTED = 3, 4
CLOCK_SKEW_MAX_MS = 86_400_000  # of two offices that exchange

# docs/format/trail.md, "After the end": which requests only read, and which renews.
_READS = {1, 3, 4, 5, 6, 7, 11, 23, 24, 30, 31, 35, 40, 41, 42, 61, 64, 67}
_RENEWS = {10}
_READS_AFTER_MS = 30 * 24 * 60 * 60 * 1000


class Reader:
    """Reads one journal from its first entry to its last. What all journals have is here; what is a pair's, and what is
    a trail's, in the two classes below."""

    def __init__(self, keys):
        self.keys, self.origin = keys, keys.origin
        self.findings = []  # (code, where): those that no refusal takes back
        self.doubts = {}  # index: (code, what), unless the counterpart refused the entry
        self.stamps = []  # (index, stamp) of those whose head counts
        self.newest_ms = None  # of the times that ever were the newest that bounds
        self.known_ms = None  # the same before the one in force came
        self.needs_ms = None  # of the entries that need valid certificates, the newest time
        self.after_end = {"office": 0, "own": 0}  # entries that tell of reading: which certificate was over
        self.time_ms = None  # the newest that bounds what follows
        self.binds = keys.receipt is not None  # whether a time that goes back is refused; without receipts nobody can tell
        self.first_sure = None  # (index, time) of the first that bounds what follows
        self.newest_judged_ms = None  # at which an entry was judged
        self.sure = []  # times that bound what follows, in order
        self.begun_ms = 0  # when the first entry is judged
        self.claims = []  # indexes of entries dated more than a day after their receipts
        self.went_back = set()  # indexes whose time goes back where nobody can say why
        self.head, self.head_judged = None, True  # the stamp whose head is in force; whether it is known to be true
        self.run = 0, None  # index of the first entry that names the head in force, and the head before it
        self.messages = []  # indexes of those in form
        self.unjudged = set()  # generations of the opposite journal that stamps name and nobody here can judge
        self.records = {}  # kind: [(index, record, stamp)], of what is held against other journals
        self.counts = {"messages": 0, "records": 0}
        self.ids = []  # of a message, or an officer's request, beside its index
        self.forged = set()  # indexes of revocations that the counterpart's authority did not sign
        self.officers = {}  # every one introduced, by fingerprint
        self.erasable = set()  # indexes of messages and certificate records that are in form
        self.persons = {}  # person: newest statement, fingerprint of its certificate; None: revoked
        self.policy = {"release": []}

    def read(self, leaves, verdict, received=lambda index: None):
        """`received` says when an entry was receipted, in milliseconds, or None. `verdict` says of an index and a stamp what the opposite journal says of the head in it: "holds", "lost", "false",
        or "unjudged"."""
        for index, leaf in enumerate(leaves):
            try:
                entry = journal.parse_entry(leaf)
                self._judge(index, entry, verdict(index, entry["stamp"]), received(index))
            except Malformed as why:
                self.doubts.setdefault(index, (why.code, str(why)))
                if why.code in ("E-MALFORMED", "E-STAMP", "E-START", "E-MISPLACED", "E-OVERSIZE"):
                    self.erasable.discard(index)

    def _judge(self, index, entry, verdict, received_ms=None):
        self.counts["messages" if entry["message"] else "records"] += 1
        self._note_message(index, entry)
        # What is judged by a time is judged by the one that counts.
        stamp = entry["stamp"] | {"received_ms": received_ms} | self._worth(entry["stamp"], received_ms)
        needed_before = self.needs_ms
        self._take_stamp(index, entry | {"stamp": stamp}, verdict)
        if entry["message"]:
            self.erasable.add(index)
            return self._message(index, entry["message"], stamp)
        kind, record = journal.parse_record(entry["record"])
        if self._may_follow_end(kind, record):
            self.needs_ms = needed_before
        if kind == "certificate":
            self.erasable.add(index)
        if (index == 0) != (kind == "generation_start"):
            raise Fault("E-START", "a generation start is entry 0")
        judge = getattr(self, "_" + kind, None)
        if judge is None:
            raise Fault("E-MISPLACED", "a record of another sort of journal")
        judge(index, record, stamp)

    def _worth(self, stamp, received_ms):
        """Whether a stamp is a claim, and the time at which its entry is judged."""
        claim = received_ms is not None and stamp["time_ms"] > received_ms + CLOCK_SKEW_MAX_MS
        dated_ms = received_ms if claim else stamp["time_ms"]
        judged_ms = dated_ms
        if claim:
            judged_ms = max(received_ms, self.time_ms or 0)
        elif stamp["clock_unsure"]:
            judged_ms = self._authorising(dated_ms)
        return {"claim": claim, "dated_ms": dated_ms, "judged_ms": judged_ms}

    def _authorising(self, time_ms):
        """The latest sure time that is not later; the last of all where each is; where there is none, the time itself, but
        not before that of the first entry."""
        not_later = [one for one in self.sure if one <= time_ms]
        return max(not_later) if not_later else (self.sure or [max(time_ms, self.begun_ms)])[-1]

    def _take_time(self, index, stamp):
        if stamp["claim"]:
            self.claims.append(index)
        if stamp["claim"] or stamp["clock_unsure"]:
            return
        if self.time_ms is not None and stamp["time_ms"] < self.time_ms:
            if self.binds:
                raise Fault("E-STAMP", "the time goes back")
            self.went_back.add(index)
        elif self.first_sure is None:
            self.first_sure = index, stamp["time_ms"]
        self.time_ms = stamp["time_ms"]
        self.sure.append(self.time_ms)

    def _take_stamp(self, index, entry, verdict):
        """A stamp that lies moves the time and nothing else. Where no one can say which of two heads is wrong, neither is."""
        stamp = entry["stamp"]
        before_ms = self.time_ms
        if index == 0:
            self.begun_ms = stamp["judged_ms"]
        self._take_time(index, stamp)
        if self.time_ms is not None:
            if index and before_ms is not None and self.time_ms != before_ms:
                self.known_ms = self.newest_ms
            self.newest_ms = max(self.newest_ms or 0, self.time_ms)
        self.needs_ms = max(self.needs_ms or 0, stamp["judged_ms"])
        self.newest_judged_ms = max(self.newest_judged_ms or 0, stamp["judged_ms"])
        if verdict == "false":
            self._note_body(index, entry)
            raise Fault("E-INTERLOCK", "no head of the opposite journal")
        judged = verdict != "unjudged"
        if not journal.head_follows(stamp, self.head) and judged and self.head_judged:
            raise Fault("E-STAMP", "the head goes back")
        if not judged:
            self.unjudged.add(stamp["generation"])
        if self._named(stamp) != self._named(self.head):
            self.run = index, self.head
        self.head, self.head_judged = stamp, judged
        self.stamps.append((index, stamp))

    def _may_follow_end(self, kind, record):
        """Whether it may stand after the end of the office's certificate."""
        return False

    def _note_message(self, index, entry):
        try:
            if index and entry["message"]:
                journal.parse_envelope(entry["message"]["envelope"])
                self.messages.append(index)
        except Malformed:
            pass

    @staticmethod
    def _named(stamp):
        return (stamp["generation"], stamp["size"], stamp["root"]) if stamp and stamp["generation"] else None

    def _note_body(self, index, entry):
        """Whether something that can be erased lies beside an entry that is not read further."""
        try:
            if entry["message"]:
                journal.parse_envelope(entry["message"]["envelope"])
            elif journal.parse_record(entry["record"])[0] != "certificate":
                return
            self.erasable.add(index)
        except Malformed:
            pass

    def _keep(self, kind, index, record, stamp):
        self.records.setdefault(kind, []).append((index, record, stamp))

    def kept(self, kind):
        return self.records.get(kind, [])

    def _in_force(self, fingerprint):
        """The certificate of an officer introduced before, while it is in force."""
        certificate = self.officers.get(fingerprint)
        if not certificate:
            raise Fault("E-OFFICER", "nobody introduced the officer")
        details = identity.details_of(certificate)
        _, newest = self.persons[details["person"]]
        if newest is None:
            raise Fault("E-REVOKED-OFFICER", "revoked before")
        if newest != fingerprint:
            raise Fault("E-REPLACED-OFFICER", "replaced before")
        return certificate

    def _officer(self, fingerprint, time_ms):
        """Details of an officer whose certificate is in force and valid at this time."""
        certificate = self._in_force(fingerprint)
        if not Chain.valid(certificate, time_ms):
            raise Fault("E-VALIDITY", "not valid then")
        return identity.details_of(certificate)

    def _message(self, index, message, stamp):
        raise Fault("E-MISPLACED", "a message in a trail")

    def _generation_start(self, index, record, stamp):
        if (record["previous"] is None) != (self.origin.generation == 1):
            raise Fault("E-START", "where the generation before ended")
        named = record["previous"]["generation"] if record["previous"] else 0
        if named and (not self.origin.is_trail or named + 1 >= self.origin.generation):
            raise Fault("E-START", "which generation it goes on from")
        if record["after_loss"] and self.origin.is_trail:
            raise Fault("E-START", "a loss that only pair journals speak of")
        if record["office_certificate"] != self.keys.office:
            raise Fault("E-START", "another office")
        self.keys.of_journal(record["journal_certificate"])
        if (record["authority_certificate"], record["journal_certificate"]) != (
                self.keys.authority, self.keys.certificate):
            self.findings.append(("E-START", f"entry {index}"))
        if record["previous"]:
            self._keep("generation_start", index, record, stamp)

    def _certificate(self, index, record, stamp):
        encoded = record["certificate"]
        details = Chain.issued(self.keys.office, identity.USE_IDENTITY, encoded, identity.OFFICER)
        if details["subject"] != self.origin.sender:
            raise Fault("E-SUBJECT", "another office's officer")
        self._check_introduced(encoded, stamp)
        person, fingerprint = details["person"], identity.fingerprint(encoded)
        newest = self.persons.get(person, (0, None))
        if newest[1] != fingerprint and details["statement"] <= newest[0]:
            raise Fault("E-STATEMENT", "superseded")
        self.persons[person] = (details["statement"], fingerprint)
        self.officers[fingerprint] = encoded

    def _check_introduced(self, certificate, stamp):
        time_ms = stamp["judged_ms"]
        if not (Chain.valid(certificate, time_ms) and Chain.valid(self.keys.office, time_ms)):
            raise Fault("E-VALIDITY", "not valid then")

    def _revocation(self, index, record, stamp):
        """Of an officer of this office."""
        revocation = self._strict_revocation(record)
        named = (revocation["kind"], revocation["network"], revocation["subject"])
        if named != (identity.OFFICER, self.origin.network_number, self.origin.sender) or not self.keys.revoked_officer(
                record["revocation"]):
            raise Fault("E-REVOCATION", "not the office's own word about its officer")
        if revocation["statement"] <= self.persons.get(revocation["person"], (0, None))[0]:
            raise Fault("E-STATEMENT", "superseded")
        self.persons[revocation["person"]] = (revocation["statement"], None)

    @staticmethod
    def _strict_revocation(record):
        try:
            return identity.strict_revocation(record["revocation"])
        except Malformed as why:
            raise Fault("E-REVOCATION", str(why)) from None

    def _erasure(self, index, record, stamp):
        """Whether there is a body to destroy is seen across journals."""
        if record["received"]:
            if (record["generation"], record["index"]) >= (stamp["generation"], stamp["size"]):
                raise Fault("E-ERASURE", "not receipted by then")
        elif record["generation"] >= self.origin.generation:
            raise Fault("E-ERASURE", "a generation that is not an earlier one")
        elif not record["generation"] and record["index"] >= index:
            raise Fault("E-ERASURE", "not an earlier entry")
        self._keep("erasure", index, record, stamp)


class PairReader(Reader):
    """What one office sends another."""

    def _message(self, index, message, stamp):
        if index == 0:
            raise Fault("E-START", "entry 0 is a message")
        envelope, time_ms = journal.parse_envelope(message["envelope"]), stamp["judged_ms"]
        if envelope["network"] != self.origin.network_number:
            raise Fault("E-NETWORK", "another network")
        if (envelope["from"], envelope["to"]) != (self.origin.sender, self.origin.receiver):
            raise Fault("E-MISADDRESSED", "from or to")
        if not Chain.valid(self.keys.office, time_ms):
            raise Fault("E-VALIDITY", "the office is not valid then")
        author = self._officer(envelope["officer"], time_ms)
        if not {_OPERATOR, _RELEASER} & set(author["roles"]):
            raise Fault("E-ROLE", "neither operator nor releaser")
        release = message["release"]
        if release is not None:
            releaser = self._officer(release["officer"], time_ms)
            if _RELEASER not in releaser["roles"]:
                raise Fault("E-ROLE", "no releaser")
            if releaser["person"] == author["person"] or (
                    identity.key_of(releaser, identity.USE_OFFICER) == identity.key_of(author, identity.USE_OFFICER)):
                raise Fault("E-SELF-RELEASE", "one person, or one key")
        elif journal.needs_release(self.policy, envelope):
            raise Fault("E-RELEASE", "not released")
        if envelope["kind"] not in (1, 2, _OPENED, _ACTED):
            raise Fault("E-KIND", "unknown kind")
        if envelope["kind"] in (_OPENED, _ACTED) and not envelope["in_reply_to"]:
            raise Fault("E-MALFORMED", "it answers nothing")
        if envelope["kind"] == _OPENED:
            derived = journal.derived_opened(*self.origin[:3], envelope["in_reply_to"], author["person"])
            if (envelope["expires_ms"] or envelope["attachments"] or envelope["supersedes"] or
                    any(envelope[name] != value for name, value in derived.items())):
                raise Fault("E-MALFORMED", "an opened that says more")
        holds = journal.signed_by_officer(message, identity.key_of(author, identity.USE_OFFICER))
        if holds and release is not None:
            key = identity.key_of(releaser, identity.USE_OFFICER)
            holds = identity.verified("blo/release/v1", key, release["signature"], message["envelope"],
                                      message["signature"])
        if not holds:
            self.doubts[index] = ("E-SIGNATURE", "an officer's signature")
        else:
            self.ids.append((envelope["message_id"], index))

    def _policy(self, index, record, stamp):
        self.policy = record

    def _refusal(self, index, record, stamp):
        """Where it stands is seen across journals: the run of entries that name its head, and the head before that."""
        self._keep("refusal", index, record | {"run": self.run}, stamp)

    def _trail_head(self, index, record, stamp):
        self._keep("trail_head", index, record, stamp)

    def _challenge(self, index, record, stamp):
        self._keep("challenge", index, record, stamp)

    def _revocation(self, index, record, stamp):
        """Of an officer; or of the counterpart, which its authority signs and this office only enters."""
        revocation = self._strict_revocation(record)
        if revocation["kind"] == identity.OFFICER:
            return super()._revocation(index, record, stamp)
        if (revocation["network"], revocation["subject"]) != (self.origin.network_number, self.origin.receiver):
            raise Fault("E-REVOCATION", "of another office")
        if self.keys.receipt is None:
            return  # the counterpart's authority is not trusted
        signed, newer = self.keys.revoked_counterpart(record["revocation"])
        if not signed:
            self.forged.add(index)
        elif newer:
            self._keep("revocation", index, record, stamp)


class TrailReader(Reader):
    """What an office was asked to do."""

    def _may_follow_end(self, kind, record):
        return kind in ("generation_start", "certificate", "revocation", "act_failed", "unentered") or (
            kind == "act" and record["request"] in _READS)

    def _check_introduced(self, certificate, stamp):
        if self._validity(certificate, stamp) is None:
            raise Fault("E-VALIDITY", "not valid then")
        both = [identity.details_of(one) for one in (certificate, self.keys.office)]
        if max(one["not_before_s"] for one in both) > min(one["not_after_s"] for one in both):
            raise Fault("E-VALIDITY", "never valid")

    def _validity(self, certificate, stamp):
        """What its dates leave an officer: "in-force", "own" or "office" where that certificate is over and the officer reads
        on; None."""
        officer, office = (identity.details_of(one) for one in (certificate, self.keys.office))
        time_ms = stamp["judged_ms"]
        if Chain.valid(certificate, time_ms) and Chain.valid(self.keys.office, time_ms):
            return "in-force"
        times = [time_ms] + ([] if self.known_ms is None else [self.known_ms])
        times += [stamp["dated_ms"]] if stamp["clock_unsure"] else []
        early, late = min(times), max(times)
        if max(officer["not_before_s"], office["not_before_s"]) * 1000 > late:
            return None
        if office["not_after_s"] * 1000 < late:
            return "office"
        return "own" if early <= officer["not_after_s"] * 1000 + _READS_AFTER_MS else None

    def _office_over(self, time_ms):
        return identity.details_of(self.keys.office)["not_after_s"] * 1000 < time_ms

    def _act(self, index, act, stamp):
        over = self._judge_act(index, act, stamp)
        if act["request"] in _READS and self._office_over(stamp["judged_ms"]):
            over = "office"
        if over:
            self.after_end[over] += 1

    def _judge_act(self, index, act, stamp):
        """The certificate that is over, where one is and that is enough."""
        if not act["officer"]:
            return None  # it stood on the Unix user
        request = act["nonce"], struct.pack(">Q", act["sequence"])
        try:
            certificate = self._in_force(act["officer"])
        except Malformed:
            if act["refused"]:
                self._use(index, request)  # it may name anybody
                return None
            raise
        over = None
        if not act["refused"]:
            validity = self._validity(certificate, stamp)
            if validity is None or (validity != "in-force" and act["request"] not in _READS and not (
                    validity == "own" and act["request"] in _RENEWS)):
                raise Fault("E-VALIDITY", "not valid then")
            over = None if validity == "in-force" else validity
        signed = (*request, self.origin.sender.encode(), act["request_hash"])
        key = identity.key_of(identity.details_of(certificate), identity.USE_OFFICER)
        if not identity.verified("blo/control-request/v1", key, act["signature"], *signed):
            self.doubts[index] = ("E-SIGNATURE", "an officer's signature")
        else:
            self._use(index, request)
        return over

    def _use(self, index, request):
        """One request is entered once, whatever came of it."""
        self.ids.append((request, index))

    def _act_failed(self, index, record, stamp):
        if record["act"] >= index:
            raise Fault("E-ACT", "not an earlier entry")

    def _peer_refused(self, index, record, stamp):
        pass

    def _unentered(self, index, record, stamp):
        if self._office_over(stamp["judged_ms"]):
            self.after_end["office"] += 1
