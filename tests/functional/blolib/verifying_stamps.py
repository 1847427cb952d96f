"""What the stamps of an export's journals say of the opposite journals: docs/format/entry.md, for verifier.py."""

from . import journal
from .wire import Malformed

_FALSE_STAMP = 13


def _records(one):
    for leaf in one.leaves:
        try:
            yield journal.parse_record(journal.parse_entry(leaf)["record"] or b"")
        except Malformed:
            yield None, None


def begins_after_loss(one):
    """Whether the first entry of a journal says so."""
    kind, record = next(_records(one), (None, None))
    return bool(kind == "generation_start" and record["after_loss"])


class Stamps:
    """All journals of an export, each surveyed."""

    def __init__(self, journals):
        self._by_origin = {one.origin: one for one in journals}
        self._after_loss = {one.origin for one in journals if begins_after_loss(one)}
        self._had = {}  # (origin, size, root): whether it was a head
        self._called_false = {named for one in journals for named in self._refused(one)}

    def verdict(self, one, index, stamp):
        generation = stamp["generation"]
        if not generation:
            return "holds"
        if one.origin.is_trail:
            return "false"
        named = self._by_origin.get(one.origin.opposite(generation))
        if named is None:
            called = (one.origin, index, journal.leaf_hash(one.leaves[index])) in self._called_false
            return "false" if called else "unjudged"
        if not named.complete:
            return "unjudged"
        if stamp["size"] > len(named.hashes) and one.origin.opposite(generation + 1) in self._after_loss:
            return "lost"
        head = named.origin, stamp["size"], stamp["root"]
        if head not in self._had:
            self._had[head] = named.had(stamp["size"], stamp["root"])
        return "holds" if self._had[head] else "false"

    @staticmethod
    def _refused(one):
        """What a journal refuses for its stamp."""
        for kind, record in _records(one):
            if kind == "refusal" and record["reason"] == _FALSE_STAMP:
                yield one.origin.opposite(record["generation"]), record["index"], record["leaf_hash"]
