"""blo-audit and the second verifier read one export, or one evidence: what both say of it is the same."""

import verifier

from . import evidence
from .programs import AUDITED, AUDIT_CODES, OK, UNVERIFIED, audit, judge


def agreed(test, folder, trusted, about=""):
    """blo-audit's verdict, once the verifier gave the same one, for the same reasons, about journals of the same sizes."""
    done = audit(folder, trusted, "--json", expect=AUDITED)
    ours, theirs = verifier.verify(folder, trusted), done.json()
    test.assertEqual(theirs["verified"], done.code == OK, about)
    test.assertEqual(AUDIT_CODES[theirs["verdict"]], done.code, about)
    test.assertEqual(theirs["verdict"], ours["verdict"],
                     f"{about}: {theirs['findings']} {theirs['missing']} {ours['findings']} {ours['missing']}")
    codes, codes_of_ours = ({finding["code"] for finding in verdict["findings"]} for verdict in (theirs, ours))
    if codes_of_ours & {"E-UNREADABLE", "E-MISSING", "E-LINK", "E-BUNDLE"}:
        # blo-audit also judges what stands before the place where reading ends; the verifier does not.
        test.assertLessEqual(codes_of_ours, codes, about)
        return theirs
    test.assertEqual(codes, codes_of_ours, f"{about}: {theirs['findings']} {ours['findings']}")
    if not codes:
        test.assertEqual(ours["missing"], things(theirs["missing"]), about)
        both = (sorted(verdict["journals"], key=lambda one: one["origin"]) for verdict in (theirs, ours))
        for one, other in zip(*both, strict=True):
            for field in ("origin", "size", "root", "receipted", "messages", "records", "claims"):
                test.assertEqual(one[field], other[field], f"{about}: {field} of {one['origin']}")
        same_notes(test, theirs, ours, about)
    return theirs


def things(missing):
    """What is missing, without what shows it."""
    return sorted(({"what": one["what"], "origin": one["origin"]} for one in missing), key=lambda one: (one["what"], one["origin"]))


def same_notes(test, theirs, ours, about=""):
    """Of what was read after an end blo-audit notes as much as the verifier counts."""
    notes = {one["origin"]: [note for note in one["notes"] if note.startswith("read after the end: ")]
             for one in theirs["journals"]}
    for one in ours["journals"]:
        counted = [count for count in (one["read_after_end"]["office"], one["read_after_end"]["own"]) if count]
        said = [int(note.removeprefix("read after the end: ").split()[0]) for note in notes[one["origin"]]]
        test.assertEqual(said, counted, f"{about}: {notes[one['origin']]}")


def agreed_evidence(test, file, trusted, about=""):
    """The same of evidence."""
    done = judge(file, trusted, "--json", expect={OK, UNVERIFIED})
    ours, theirs = evidence.verify(file.read_text(), trusted), done.json()
    test.assertEqual(theirs["verified"], done.code == OK, about)
    test.assertEqual(sorted(ours.codes), codes(theirs), f"{about}: {theirs['findings']}")
    if theirs["verified"]:
        test.assertEqual((ours.number, ours.leaf_hash.hex(), ours.content_state),
                         (theirs["number"], theirs["leaf_hash"], theirs["content_state"]), about)
        given = (ours.receipt, ours.not_before, ours.refused)
        said = (theirs["receipt"], theirs["not_before"], theirs["refusal"])
        test.assertEqual([one is None for one in given], [one is None for one in said], about)
    return theirs


def codes(verdict):
    return sorted({finding["code"] for finding in verdict["findings"]})
