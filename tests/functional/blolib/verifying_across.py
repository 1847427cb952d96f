"""What the journals of one export say of each other, for verifier.py."""

from . import identity, journal
from .verifying_entries import CLOCK_SKEW_MAX_MS
from .verifying_missing import follows as _follows
from .verifying_refusals import Run
from .verifying_stamps import begins_after_loss


class Across:
    """All journals of an export, each read. Of one that could not be read whole, that is the finding."""

    def __init__(self, journals):
        self.journals = sorted(journals, key=lambda one: one.origin)
        self._by_origin = {one.origin: one for one in self.journals if one.complete}
        self.trails_ended_early = set()  # a later head of them is named than they have

    def check(self):
        for one in self.journals:
            if one.reader is None:
                continue
            self._check_generation(one)
            self._check_erasures(one)
            self._check_refusals(one)
            self._check_cuts(one)
            for index in one.reader.forged:
                one.reader.doubts.setdefault(index, ("E-REVOCATION", "not by the counterpart's authority"))
        self._check_trail_heads()
        self._check_ids()
        self._conclude()

    def _check_generation(self, one):
        """That a generation begins where the one before ended, and its stamps go on from there."""
        before = self._by_origin.get(one.origin.in_generation(_follows(one)))
        if not before:
            return
        for _, start, _ in one.reader.kept("generation_start"):
            if (len(before.hashes), before.root) != (start["previous"]["size"], start["previous"]["root"]):
                one.find("E-GENERATION", "entry 0")
        for index, stamp in one.reader.stamps[:1]:
            if index == 0 and self._goes_back(one, stamp, before.reader):
                one.reader.doubts.setdefault(index, ("E-STAMP", "the stamp goes back"))
        if one.reader.first_sure and one.reader.binds and before.reader.binds and before.reader.time_ms is not None:
            index, time_ms = one.reader.first_sure
            if time_ms < before.reader.time_ms:
                one.reader.doubts.setdefault(index, ("E-STAMP", "the time goes back"))

    @staticmethod
    def _goes_back(one, stamp, before):
        judged = before.head_judged and stamp["generation"] not in one.reader.unjudged
        return judged and not journal.head_follows(stamp, before.head)

    def _check_erasures(self, one):
        """That they name messages and certificate records."""
        for index, erasure, _ in one.reader.kept("erasure"):
            generation = erasure["generation"] or one.origin.generation
            origin = one.origin.opposite(generation) if erasure["received"] else one.origin.in_generation(generation)
            named = self._by_origin.get(origin)
            if named and erasure["index"] not in named.reader.erasable:
                one.reader.doubts.setdefault(index, ("E-ERASURE", "an erasure of something else"))

    def _check_refusals(self, one):
        """That each names an entry that is there, and stands in its place."""
        run = Run(begins_after_loss(one), min(one.reader.messages, default=None))
        for index, refusal, stamp in one.reader.kept("refusal"):
            named = self._by_origin.get(one.origin.opposite(refusal["generation"]))
            if named is None:
                run.unjudged(index, refusal)
                continue
            refused = refusal["index"]
            there = named.hashes[refused:refused + 1] == [refusal["leaf_hash"]]
            if run.counts(index, refusal, stamp, there, refused in named.refused,
                          refused in {erasing for erasing, _, _ in named.reader.kept("erasure")},
                          min((size for size in named.receipts if size > refused), default=None)):
                named.refused.add(refused)
            else:
                one.find("E-REFUSAL", f"entry {index}")

    def _check_cuts(self, one):
        """What the opposite office's journals may hold once that office was revoked here, and what it may receipt."""
        for index, record, stamp in one.reader.kept("revocation"):
            self._check_receipts_after(one, index, record, stamp)
            for named in self._by_origin.values():
                if named.origin != one.origin.opposite(named.origin.generation):
                    continue
                if named.origin.generation == stamp["generation"]:
                    end = stamp["size"]
                else:
                    end = 0 if named.origin.generation > stamp["generation"] else len(named.hashes)
                if len(named.hashes) > end:
                    named.find("E-REVOKED", f"entry {end}")

    def _check_receipts_after(self, one, index, record, stamp):
        """Receipts over the revocation's entry or what comes after it, or dated more than a day later."""
        statement = identity.strict_revocation(record["revocation"])["statement"]
        for named in self.journals:
            if named.origin.in_generation(0) != one.origin.in_generation(0) or named.last_receipt_s is None:
                continue
            later = named.origin.generation > one.origin.generation or (named is one and named.receipted > index)
            if statement > identity.details_of(named.keys.other_office)["statement"] and (
                    later or named.last_receipt_s * 1000 > stamp["dated_ms"] + CLOCK_SKEW_MAX_MS):
                named.find("E-REVOKED", "receipts")

    def _check_trail_heads(self):
        """The heads of an office's own trail that its pair journals date: those of one direction in their order."""
        named = {}
        for one in self.journals:
            for index, head, stamp in one.reader.kept("trail_head") if one.reader else ():
                named.setdefault(one.origin.in_generation(0), []).append((one, index, head["hash"], stamp["dated_ms"]))
        for direction, heads in named.items():
            self._check_heads_of(self._generations(direction), heads)

    def _generations(self, direction):
        """The trail of a direction's sender, oldest generation first, as far as it is in the export."""
        return [trail for trail in self._by_origin.values()
                if trail.reader.newest_judged_ms is not None and trail.origin == direction.trail(trail.origin.generation)]

    def _check_heads_of(self, trails, heads):
        if not trails:
            return
        first = len(trails) - 1  # of the generations up to the newest between which none is missing
        while first and trails[first - 1].origin.generation == _follows(trails[first]):
            first -= 1
        known = [trail.heads() for trail in trails]
        there = [[place for place, hashes in enumerate(known) if head in hashes] for _, _, head, _ in heads]
        in_run = _follows(trails[0]) == 0 and not first  # else it may be of one that is not in this export
        last_ms = trails[-1].reader.time_ms or 0
        for at, (one, index, _, time_ms) in enumerate(heads):
            if there[at]:
                in_run |= max(there[at]) >= first
            elif time_ms >= last_ms and not any(there[at + 1:]):
                self.trails_ended_early.add(trails[-1].origin)
            elif in_run:
                one.find("E-TRAIL", f"entry {index}")

    def _check_ids(self):
        """That no message id of a direction is used twice, nor a request entered twice."""
        seen = set()
        for one in self.journals:
            for used, index in one.reader.ids if one.reader else ():
                name = one.origin.in_generation(0), used
                if name in seen:
                    one.reader.doubts.setdefault(index, ("E-DUPLICATE", "used before"))
                seen.add(name)

    def _conclude(self):
        """What is in doubt and was not refused is a finding."""
        for one in self.journals:
            for index, (code, _) in sorted(one.reader.doubts.items()) if one.reader else ():
                if index not in one.refused:
                    one.find(code, f"entry {index}")
