"""What an export itself shows to be missing from it: docs/auditing.md, "Is it whole?", for verifier.py."""

from . import journal
from .wire import Malformed


def _stamps(one):
    for index, leaf in enumerate(one.leaves):
        try:
            yield index, journal.parse_entry(leaf)["stamp"]
        except Malformed:
            continue


def follows(one):
    """The generation that a journal says it goes on from; the first goes on from none."""
    for _, start, _ in one.reader.kept("generation_start"):
        if start["previous"]["generation"]:
            return start["previous"]["generation"]
    return one.origin.generation - 1


def _ends_so(other, one, previous):
    """Whether an earlier generation of a journal is there that ended so: its office lost its store, and the number."""
    return (other.complete and other.origin.in_generation(0) == one.origin.in_generation(0)
            and other.origin.generation < one.origin.generation
            and (len(other.hashes), journal.root(other.hashes)) == (previous["size"], previous["root"]))


def missing(journals, stamps, trails_ended_early):
    """{(what, origin)}: journals that others name, receipts that the counterpart's stamps say it gave, and the ends of
    trails of which a later head is named, which the caller found."""
    there = {one.origin: one for one in journals}
    found = {("entries", origin) for origin in trails_ended_early}
    named, lost = set(), set()
    for one in journals:
        if one.reader is None:
            continue
        for index, stamp in _stamps(one):
            opposite = one.origin.opposite(stamp["generation"])
            verdict = stamps.verdict(one, index, stamp)
            if verdict == "unjudged" and opposite not in there:
                named.add(opposite)
            of = there.get(opposite)
            if of and verdict == "holds" and stamp["generation"] and of.keys.receipt and stamp["size"] > of.receipted:
                found.add(("receipts", opposite))
        named |= {one.origin.opposite(refusal["generation"]) for _, refusal, _ in one.reader.kept("refusal")} - set(there)
        for _, start, _ in one.reader.kept("generation_start"):
            before = one.origin.in_generation(follows(one))
            if one.origin.generation == 1 or before in there:
                continue
            if any(_ends_so(other, one, start["previous"]) for other in journals):
                continue
            if start["previous"]["size"]:
                named.add(before)
            elif start["after_loss"]:
                lost.add(before)
    return found | {("journal", origin) for origin in named - lost}
