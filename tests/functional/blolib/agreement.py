"""blo-audit and verifier.py read one export: what both say of it is the same."""

import verifier

from .programs import OK, UNVERIFIED, audit


def agreed(test, folder, trusted, about=""):
    """blo-audit's verdict, once the verifier gave the same one, for the same reasons, about journals of the same sizes."""
    done = audit(folder, trusted, "--json", expect={OK, UNVERIFIED})
    ours, theirs = verifier.verify(folder, trusted), done.json()
    test.assertEqual(theirs["verified"], done.code == OK, about)
    test.assertEqual(theirs["verified"], ours["verified"], f"{about}: {theirs['findings']} {ours['findings']}")
    codes, codes_of_ours = ({finding["code"] for finding in verdict["findings"]} for verdict in (theirs, ours))
    if codes_of_ours & {"E-UNREADABLE", "E-MISSING", "E-LINK", "E-BUNDLE"}:
        # blo-audit also judges what stands before the place where reading ends; the verifier does not.
        test.assertLessEqual(codes_of_ours, codes, about)
        return theirs
    test.assertEqual(codes, codes_of_ours, f"{about}: {theirs['findings']} {ours['findings']}")
    if theirs["verified"]:
        for one, other in zip(theirs["journals"], ours["journals"], strict=True):
            for field in ("origin", "size", "root", "receipted", "messages", "records"):
                test.assertEqual(one[field], other[field], f"{about}: {field} of {one['origin']}")
    return theirs


def codes(verdict):
    return sorted({finding["code"] for finding in verdict["findings"]})
