"""What the journals of one export say of each other, for verifier.py."""

from . import journal


def _follows(one):
    """The generation that a journal says it goes on from; the first goes on from none."""
    for _, start, _ in one.reader.kept("generation_start"):
        if start["previous"]["generation"]:
            return start["previous"]["generation"]
    return one.origin.generation - 1


class Across:
    """All journals of an export, each read. Of one that could not be read whole, that is the finding."""

    def __init__(self, journals):
        self.journals = sorted(journals, key=lambda one: one.origin)
        self._by_origin = {one.origin: one for one in self.journals if one.complete}

    def check(self):
        for one in self.journals:
            if one.reader is None:
                continue
            self._check_stamps(one)
            self._check_generation(one)
            self._check_erasures(one)
            self._check_refusals(one)
            self._check_cuts(one)
            self._check_trail_heads(one)
        self._check_ids()
        self._conclude()

    def _check_stamps(self, one):
        """The heads of the opposite journal that stamps name; a trail has none."""
        for index, stamp in one.reader.stamps:
            named = self._by_origin.get(one.origin.opposite(stamp["generation"]))
            lone = one.origin.is_trail and stamp["generation"]
            if lone or (named and not named.had(stamp["size"], stamp["root"])):
                one.find("E-INTERLOCK", f"entry {index}")

    def _check_generation(self, one):
        """That a generation begins where the one before ended, and its stamps go on from there."""
        before = self._by_origin.get(one.origin.in_generation(_follows(one)))
        if not before:
            return
        for _, start, _ in one.reader.kept("generation_start"):
            if (len(before.hashes), before.root) != (start["previous"]["size"], start["previous"]["root"]):
                one.find("E-GENERATION", "entry 0")
        for index, stamp in one.reader.stamps[:1]:
            if not journal.follows(stamp, before.reader.last):
                one.reader.doubts.setdefault(index, ("E-STAMP", "the stamp goes back"))

    def _check_erasures(self, one):
        """That they name messages and certificate records."""
        for index, erasure, _ in one.reader.kept("erasure"):
            generation = erasure["generation"] or one.origin.generation
            origin = one.origin.opposite(generation) if erasure["received"] else one.origin.in_generation(generation)
            named = self._by_origin.get(origin)
            if named and erasure["index"] not in named.reader.erasable:
                one.reader.doubts.setdefault(index, ("E-ERASURE", "an erasure of something else"))

    def _check_refusals(self, one):
        """The entries that refusals name."""
        for index, refusal, _ in one.reader.kept("refusal"):
            named = self._by_origin.get(one.origin.opposite(refusal["generation"]))
            if named is None:
                continue
            if named.hashes[refusal["index"]:refusal["index"] + 1] != [refusal["leaf_hash"]]:
                one.find("E-REFUSAL", f"entry {index}")
            else:
                named.refused.add(refusal["index"])

    def _check_cuts(self, one):
        """What the opposite office's journals may hold once that office was revoked here."""
        for _, _, stamp in one.reader.kept("revocation"):
            for named in self._by_origin.values():
                if named.origin != one.origin.opposite(named.origin.generation):
                    continue
                if named.origin.generation == stamp["generation"]:
                    end = stamp["size"]
                else:
                    end = 0 if named.origin.generation > stamp["generation"] else len(named.hashes)
                if len(named.hashes) > end:
                    named.find("E-REVOKED", f"entry {end}")

    def _check_trail_heads(self, one):
        """The heads of the office's own trail that a pair journal dates."""
        trails = [trail for trail in self._by_origin.values()
                  if trail.reader.stamps and trail.origin == one.origin.trail(trail.origin.generation)]
        if not trails or not one.reader.kept("trail_head"):
            return
        known = {head for trail in trails for head in trail.heads()}
        trails.sort(key=lambda trail: trail.origin.generation)
        if [_follows(trail) for trail in trails] != [0] + [trail.origin.generation for trail in trails[:-1]]:
            return  # it may be one of a generation that is not in this export
        last = max(trail.reader.last["time_ms"] for trail in trails)
        for index, head, stamp in one.reader.kept("trail_head"):
            if head["hash"] not in known and stamp["time_ms"] < last:
                one.find("E-TRAIL", f"entry {index}")

    def _check_ids(self):
        """That no generation of a direction uses a message id, or enters a request, of an earlier one."""
        seen = {}
        for one in self.journals:
            for message_id, index in one.reader.ids.items() if one.reader else ():
                if seen.setdefault((one.origin.in_generation(0), message_id), one) is not one:
                    one.reader.doubts.setdefault(index, ("E-DUPLICATE", "message id"))

    def _conclude(self):
        """What is in doubt and was not refused is a finding."""
        for one in self.journals:
            for index, (code, _) in sorted(one.reader.doubts.items()) if one.reader else ():
                if index not in one.refused:
                    one.find(code, f"entry {index}")
