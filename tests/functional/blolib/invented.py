"""Exports and evidence of histories that chance made: what no author of tests thought of, with every root, proof and
folder right, so that a verifier has to judge what the entries say."""

import random

from . import evidence, exports, identity, journal, wire


def soon_s(chance):
    """A time while the journals are written, in Unix seconds."""
    return exports.TIME_MS // 1000 + chance.randrange(60)


class History:
    """Two offices and all they wrote to each other. One number makes one history."""

    def __init__(self, number):
        self.random = random.Random(number)
        self.wrong = self.random.choice([0, 0.02, 0.05, 0.1, 0.2])  # how often something is as it must not be
        self.authorities = [exports.Authority(country, **self._validity()) for country in ("UZ", "TJ")]
        offices = [exports.Office(authority, id_, **self._validity())
                   for authority, id_ in zip(self.authorities, ("UZ-OYBEK", "TJ-FOTEHOBOD"))]
        self.writers = [Writer(self, *offices), Writer(self, *reversed(offices))]
        for writer, other in zip(self.writers, reversed(self.writers)):
            writer.other = other
        for writer in [*self.writers, *self.random.choices(self.writers, k=self.random.randrange(2, 30))]:
            writer.go_on()
        for writer in self.writers:
            writer.receipt()

    def maybe(self, share, there, otherwise=None):
        """`there`, called where it can be, in this share of all cases."""
        if self.random.random() >= share:
            return otherwise
        return there() if callable(there) else there

    def one_of(self, right, wrong, share=1.0):
        """One of the right values; or, in this share of where something may be wrong, of the wrong ones."""
        return self.random.choice(wrong if self.random.random() < self.wrong * share else right)

    def _validity(self):
        """Details of a certificate; most are valid all the time."""
        limit = self.maybe(0.06, lambda: self.random.choice(["not_before_s", "not_after_s"]))
        return {limit: soon_s(self.random)} if limit else {}

    def export(self, folder):
        """All journals, or all but one."""
        journals = [one for writer in self.writers for one in [*writer.journals, *writer.trails]]
        self.maybe(0.1, lambda: journals.remove(self.random.choice(journals)))
        for one in journals:
            one.write(folder)

    def evidence(self):
        """Evidence of one entry, in its armour; mostly of a message."""
        writer = self.random.choice(self.writers)
        ours = self.random.choice([one for one in writer.journals if len(one.leaves) > 1])
        entries = [wire.parse(journal.ENTRY, leaf) for leaf in ours.leaves]
        messages = [index for index, entry in enumerate(entries) if entry["message"]]
        index = self.maybe(0.9, lambda: self.random.choice(messages or [1]), self.random.randrange(1, len(entries)))
        stamp = entries[index]["stamp"]
        opposite = [self._opposite(theirs, stamp) for theirs in writer.other.journals if not self.maybe(0.2, True)]
        opposite += self.maybe(0.05, opposite[:1], [])
        receiver = self.one_of([writer.other.office], [writer.office])
        proven = ours.proven(self._some(ours, index), receipted=self.maybe(0.7, True, False))
        values = {"version": 1, "index": index, "journal": proven,
                  "receiver_authority": receiver.authority.certificate,
                  "receiver_office": self.one_of([receiver.certificate],
                                                 [writer.other.impostor, writer.officers[0].certificate]),
                  "opposite": opposite}
        return identity.to_pem("BLO EVIDENCE", wire.encode(evidence.EVIDENCE, values))

    def _opposite(self, theirs, stamp):
        there = stamp["generation"] == theirs.origin.generation and stamp["size"] <= len(theirs.leaves)
        named = stamp["size"] if there else None
        size = self.one_of([named], [None, *range(1, len(theirs.leaves) + 1)])
        return theirs.proven(self._some(theirs, 0), receipted=self.one_of([False], [True]), consistent_from=size)

    def _some(self, ours, index):
        return sorted({0, index, *(one for one in range(len(ours.leaves)) if self.maybe(0.65, True))})


class Writer:
    """One office, its officers and journals."""

    def __init__(self, history, office, counterpart):
        self.history, self.office, self.counterpart = history, office, counterpart
        self.random, self.maybe, self.one_of = history.random, history.maybe, history.one_of
        self.other = None
        self.stranger = identity.signing_key(exports.bytes_of(f"{office.id} stranger"))
        self.impostor = exports.Office(office.authority, office.id, key=self.stranger,
                                       uses={identity.USE_RECEIPT: self.stranger.verify_key}).certificate
        self.officers = [self._officer(person, statement) for person in (1, 2, 3) for statement in (1, 2, 3)]
        self.in_force, self.statements = {}, {}  # by person
        self.bodies, self.messages = [], 0  # what may be erased: (generation, index)
        self.receipted = None  # the last receipt's journal and size
        self.silent = False
        self.ahead_ms, self.clock = 0, self.random.choice([0, 0, 0.1, 0.3])  # how often the clock is wrong
        self.journals, self.trails = [exports.Journal(office, counterpart)], []
        self.maybe(0.4, self._write_trail)

    @property
    def ours(self):
        return self.journals[-1]

    def _officer(self, person, statement):
        return self.office.officer(
            person, self.one_of([[1], [2], [1, 2]], [[3], [4, 5], [1, 3, 5]]), statement,
            end_s=self.one_of([exports.END_S], [soon_s(self.random)]),
            issuer_key=self.one_of([None], [self.stranger], 0.5),
            key=self.maybe(0.2, identity.signing_key(exports.bytes_of(f"{self.office.id} shared"))))

    def go_on(self):
        """The next thing that happens here."""
        if self.silent:
            return
        kinds = {self._message: 8, self._introduce: 4, self.receipt: 3, self._refusal: 2, self._erasure: 1,
                 self._policy: 1, self._revocation: 0.5, self._challenge: 0.3, self._trail_head: 0.3, self._renew: 0.4,
                 self._counterpart_revoked: 0.3, self._nonsense: 2 * self.history.wrong}
        act, = self.random.choices(list(kinds), list(kinds.values())) if self.in_force else [self._introduce]
        act()

    @property
    def _named(self):
        """Generation and size that the last stamp names."""
        return self.ours.named.get("generation", 0), self.ours.named.get("size", 0)

    def _set_clock(self):
        """At times the clock is ahead by hours to years, or the office is not sure of it; then it is right again."""
        self.ours.unsure = False
        if self.ahead_ms and self.maybe(0.6, True):
            self.ours.time_ms, self.ahead_ms = self.ours.time_ms - self.ahead_ms, 0
        elif not self.ahead_ms and self.maybe(self.clock, True):
            self.ahead_ms = self.random.choice([3_600_000, 86_400_000, 86_401_000, 90_000_000, 400 * 86_400_000])
            self.ours.time_ms += self.ahead_ms
        if self.maybe(self.clock, True):
            self.ours.unsure = True

    def _next_stamp(self):
        """Lets time go on. What the next stamp names, as `entry` of exports.Journal takes it."""
        self.ours.time_ms += self.one_of([0, 0, 0, 1, 999, 60_000], [-1000, -1500, -3000, -60_000])
        self._set_clock()
        if self.maybe(0.5, True):
            return {}
        if self.one_of([False], [True], 0.3):  # what the opposite journal never was
            self.ours.named = {"generation": self.random.randrange(1, 4), "size": self.random.randrange(1, 40),
                               "root": exports.bytes_of("no root")}
            return {}
        seen = self.one_of([self.other.ours], self.other.journals)
        size = self.random.randrange(1, len(seen.leaves) + 1)
        if (seen.origin.generation, size) < self._named:
            size = self.one_of([len(seen.leaves)], [size])
        return {"seen": seen, "size": size}

    def _record(self, kind, **values):
        self.ours.record(kind, values, **self._next_stamp())

    def _introduce(self):
        newer = [one for one in self.officers if one.statement >= self.statements.get(one.person, 0)]
        officer = self.one_of(newer or self.officers, self.officers + self.other.officers)
        self.in_force[officer.person], self.statements[officer.person] = officer, officer.statement
        self.bodies.append((self.ours.origin.generation, len(self.ours.leaves)))
        padded_bytes = self.one_of([64], [0, 1, 63, 128, 1 << 20])
        self._record("certificate", certificate=officer.certificate, padded_bytes=padded_bytes)

    def _message(self):
        self.messages += 1
        self.bodies.append((self.ours.origin.generation, len(self.ours.leaves)))
        anybody = self.officers + self.other.officers
        officer = self.one_of(list(self.in_force.values()), anybody)
        releasers = [one for one in self.in_force.values() if 2 in one.roles and one is not officer]
        kind = self.one_of([1, 2, 3, 4], [0, 5, 9])
        number = self.one_of([100 + self.messages], range(1, 9))
        right = {"kind": kind, "precedence": self.one_of([1, 2, 3, 4], [0, 5])}
        if kind == 3:
            right.pop("precedence")  # it is derived, as all of an opened is
        if kind in (3, 4):
            right["in_reply_to"] = self.random.randrange(1, 9).to_bytes(16, "big")
        wrong = {"in_reply_to": [b"", bytes(16), b"x"], "expires_ms": [0, 1, self.ours.time_ms + 5, 1 << 60],
                 "supersedes": [bytes(16), b"x", (1).to_bytes(16, "big")], "network": [2],
                 "from": [self.counterpart.id, "x"], "to": [self.office.id, "KZ-ABC"],
                 "created_ms": [0, 1, self.ours.time_ms + 86_400_000, 1 << 62],
                 "padded_bytes": [0, 1, 63, 128, 1 << 30], "version": [0, 2], "commitment": [b"short"],
                 "attachments": [[{"commitment": exports.bytes_of("a"), "padded_bytes": size}] * times
                                 for size, times in ((0, 1), (64, 1), (64, 2), (1 << 30, 1), (64, 17))]}
        fields = right | {name: self.random.choice(values) for name, values in wrong.items()
                          if self.random.random() < self.history.wrong / 4}
        keys = [one.key for one in anybody]
        self.ours.message(officer, number, key=self.one_of([None], keys),
                          releaser=self.one_of(releasers or [None], [None, *self.in_force.values()], 2),
                          release_key=self.one_of([None], keys), **self._next_stamp(), **fields)

    def receipt(self):
        """By the counterpart, for all there is."""
        if self.receipted == self.one_of([(self.ours, len(self.ours.leaves))], [None]):
            return
        self.receipted = self.ours, len(self.ours.leaves)
        after_s = self.one_of([1], [60, 0, -1, -2, -3, -30, -10**9, 1 << 33]) - self.ahead_ms // 1000
        self.ours.receipt(after_s=after_s, key=self.one_of([None], [self.stranger], 0.3))

    def _policy(self):
        rules = [{"kind": self.random.randrange(5), "precedence": self.random.randrange(5)}
                 for _ in range(self.random.randrange(3))]
        self._record("policy", release=rules, purpose=self.random.randrange(2))

    def _revocation(self):
        office = self.one_of([self.office], [self.counterpart])
        person = self.random.choice(list(self.in_force))
        statement = self.one_of([self.statements[person] + 1], range(1, 6))
        key = self.one_of([None], [self.stranger])
        self.ours.revoke(office.revoked_officer(person, statement, key=key), **self._next_stamp())
        self.statements[person] = statement
        self.in_force.pop(person)

    def _counterpart_revoked(self):
        """By its authority; and sometimes it says nothing more."""
        office = self.one_of([self.counterpart], [self.office])
        revocation = office.revoked(self.random.randrange(1, 5), key=self.one_of([None], [self.stranger]))
        seen = self.other.ours
        size = max(1, len(seen.leaves) - self.random.randrange(3))
        forward = (seen.origin.generation, size) > self._named
        self.ours.revoke(revocation, **({"seen": seen, "size": size} if forward else {}))
        self.other.silent = self.maybe(0.7, True, False)

    def _refusal(self):
        """Right after the receipt over what it refuses; or anywhere."""
        theirs = self.one_of([self.other.ours], self.other.journals)
        size, receipted = len(theirs.leaves), self.other.receipted or (None, 0)
        covered = [named for generation, named in [self._named] if generation == theirs.origin.generation]
        covered += [receipted[1]] if receipted[0] is theirs else []
        fresh = range(max(covered, default=0), size)
        index = self.one_of(fresh or [None], range(size))
        if index is None:
            return
        stamp = self.one_of([{"seen": theirs, "size": size}], [self._next_stamp()])
        self.ours.time_ms += 1
        self.ours.record("refusal", {
            "generation": self.one_of([theirs.origin.generation], [0, 7]), "index": self.one_of([index], [index + 50]),
            "reason": self.one_of(range(1, 14), [0, 50, 99]),
            "leaf_hash": self.one_of([journal.leaf_hash(theirs.leaves[index])], [exports.bytes_of("leaf")])}, **stamp)

    def _erasure(self):
        """Of a body here, or of what came from there and had a receipt."""
        theirs = [one for one in self.other.bodies if one < self._named]
        received = bool(theirs and self.maybe(0.3, True))
        generation, index = self.random.choice(theirs if received else self.bodies)
        place = {"index": self.one_of([index], [self._named[1], len(self.ours.leaves), *range(9)])}
        if received:
            place["received"] = 1
        elif generation == self.ours.origin.generation:
            generation = 0
        place["generation"] = self.one_of([generation], [self._named[0], self.ours.origin.generation, 0, 3], 2)
        self._record("erasure", **place, rule=self.one_of(["alert"], ["", "officer"]), person=self.random.randrange(3))

    def _challenge(self):
        self._record("challenge", text=self.one_of(["hello"], ["", "x" * 2000, "a\nb"]))

    def _trail_head(self):
        heads = [trail.checkpoint() for trail in self.trails]
        self._record("trail_head", hash=journal.sha256(self.one_of(heads or [b"no trail"], [b"another"])))

    def _renew(self):
        self.one_of([self.receipt], [lambda: None])()
        self.in_force, self.statements = {}, {}
        generation = self.ours.origin.generation + 1
        lost = self.maybe(0.3, {"after_loss": 1}, {})
        self.journals.append(exports.Journal(self.office, self.counterpart, generation, after=self.ours, start=lost))

    def _nonsense(self):
        start = {"authority_certificate": self.office.authority.certificate, "office_certificate": self.office.certificate,
                 "journal_certificate": self.ours.certificate}
        noise = self.random.randbytes(self.random.randrange(1, 20))
        self.random.choice([
            lambda: self._record("act_failed", act=1, exit_code=3),
            lambda: self._record("generation_start", **start),
            lambda: self.ours.entry({"record": noise}, **self._next_stamp())])()

    def _write_trail(self):
        trail = exports.Journal(self.office)
        self.trails.append(trail)
        trail.introduce(self.officers[0])
        for _ in range(self.random.randrange(8)):
            self._add_to(trail)

    def _add_to(self, trail):
        size = len(trail.leaves)
        officer, other = self.random.choice(self.officers), self.random.choice(self.officers)
        unsigned = {"request": 4, "user": 1000, **{name: exports.bytes_of(name) for name in ("nonce", "request_hash")}}
        acts = {
            lambda: trail.introduce(officer): 2,
            lambda: trail.act(self.one_of([self.officers[0]], [officer]), key=self.one_of([None], [other.key]),
                              office_id=self.one_of([None], [self.counterpart.id], 0.5), refused=self.maybe(0.2, 1, 0),
                              sequence=self.one_of([size], range(3))): 4,
            lambda: trail.record("act", unsigned | {"refused": self.random.randrange(2)}): 2,
            lambda: trail.record("act_failed", {"act": self.one_of([max(1, size - 1)], range(9)), "exit_code": 3}): 1,
            lambda: trail.record("peer_refused", {"counterpart": self.counterpart.id, "reason": "x"}): 1,
            lambda: trail.record("unentered", {"person": self.random.randrange(3), "requests": self.random.randrange(3),
                                               "first_ms": self.random.randrange(3), "last_ms": 2}): 1,
            lambda: trail.revoke(self.office.revoked_officer(officer.person, self.random.randrange(2, 5))): 1,
            lambda: trail.record("erasure", {"index": size - 1, "rule": "officer", "person": 1}): self.history.wrong}
        self.random.choices(list(acts), list(acts.values()))[0]()
