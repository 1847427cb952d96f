"""blo-audit diff: whether a later export goes on where an earlier one ended."""

import copy
import json
import shutil

from blolib import exports, journal
from blolib.programs import FAILED, OK, TESTS, UNVERIFIED, USAGE, run
from blolib.world import TJ, UZ, WorldTest

_THERE = f"live/{UZ}/{TJ}/1"


class Diff(WorldTest):
    def setUp(self):
        super().setUp()
        self.uz, self.tj = (exports.Office(exports.Authority(id_[:2]), id_) for id_ in (UZ, TJ))
        self.trusted = [word for office in (self.uz, self.tj)
                        for word in ("--authority", office.authority.pem(self.world.path(f"{office.authority.country}.pem")))]
        self.karimov = self.uz.officer()

    def _journal(self, *numbers, receipt_after_s=1):
        """Messages of these numbers; the first two entries are receipted, and then all."""
        ours = exports.Journal(self.uz, self.tj)
        ours.introduce(self.karimov)
        ours.receipt(after_s=receipt_after_s)
        for number in numbers:
            ours.message(self.karimov, number)
        return ours.receipt() if numbers else ours

    def _written(self, name, *journals):
        folder = self.world.path(name)
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        for one in journals:
            one.write(folder)
        return folder

    def _compared(self, a, b, expect=OK):
        done = run("blo-audit", "diff", a, b, *self.trusted, "--json", expect=expect)
        first, *lines, last = [json.loads(line) for line in done.out.splitlines()]
        self.assertEqual(("blo-audit-diff/1", "diff", "end"), (first["format"], first["line"], last["line"]))
        self.assertEqual([expect == OK] * 2, [first["verified"], last["verified"]])
        entries = [line for line in lines if line["line"] == "entry"]
        self.assertEqual(last["entries"], len(entries))
        return first, entries, [line for line in lines if line["line"] == "receipt"]

    def _found(self, first):
        return [(finding["code"], finding["where"]) for finding in first["findings"]]

    def test_what_was_added_is_shown(self):
        before, after = self._journal(1), self._journal(1, 2, 3)
        after.receipted.insert(1, before.receipted[1])
        first, entries, receipts = self._compared(self._written("A", before), self._written("B", after))
        there, = first["journals"]
        self.assertEqual(([3, 5], [3, 5], 3, None), (there["size"], there["receipted"], there["equal"], there["differs"]))
        self.assertEqual([(3, f"{2:032x}"), (4, f"{3:032x}")],
                         [(entry["index"], entry["facts"]["message_id"]) for entry in entries])
        self.assertEqual([("added", 5)], [(receipt["change"], receipt["size"]) for receipt in receipts])
        text = run("blo-audit", "diff", self.world.path("A"), self.world.path("B"), *self.trusted).out
        for said in ("B EXTENDS A", "2 entries added", f"message id {3:032x}", "new receipt"):
            self.assertIn(said, text)
        self.assertNotIn(f"message id {1:032x}", text)

    def test_nothing_added_is_no_finding(self):
        first, entries, receipts = self._compared(self._written("A", self._journal(1)), self._written("B", self._journal(1)))
        self.assertEqual(([], [], []), (first["findings"], entries, receipts))

    def test_a_later_export_that_is_shorter_lost_something(self):
        first, entries, _ = self._compared(self._written("A", self._journal(1, 2, 3)), self._written("B", self._journal(1, 2)),
                                           expect=UNVERIFIED)
        self.assertEqual([("E-LOST", f"{_THERE} entry 4"), ("E-LOST", f"{_THERE} size 5")], self._found(first))
        self.assertTrue(first["both_verified"])
        self.assertEqual([], entries)
        text = run("blo-audit", "diff", self.world.path("A"), self.world.path("B"), *self.trusted, expect=UNVERIFIED).out
        self.assertIn("B DOES NOT EXTEND A: 2 findings", text)

    def test_a_journal_that_is_gone_is_lost_and_a_new_one_is_added(self):
        back = exports.Journal(self.tj, self.uz).receipt()
        both, one = self._written("A", self._journal(1), back), self._written("B", self._journal(1))
        first, _, _ = self._compared(both, one, expect=UNVERIFIED)
        self.assertEqual(("E-LOST", f"live/{TJ}/{UZ}/1 entry 0"), self._found(first)[0])
        _, entries, _ = self._compared(one, both)
        self.assertEqual([f"live/{TJ}/{UZ}/1"], [entry["origin"] for entry in entries])

    def test_another_history_is_a_fork_at_its_first_difference(self):
        ours, theirs = self._journal(1, 2, 3), self._journal(1, 77, 3)
        first, entries, _ = self._compared(self._written("A", ours), self._written("B", theirs), expect=UNVERIFIED)
        self.assertEqual([("E-FORK", f"{_THERE} entry 3")], self._found(first))
        there, = first["journals"]
        self.assertEqual((3, [f"{2:032x}", f"{77:032x}"]),
                         (there["differs"]["index"],
                          [entry["facts"]["message_id"] for entry in there["differs"]["entries"]]))
        hashes = [journal.leaf_hash(one.leaves[3]).hex() for one in (ours, theirs)]
        self.assertEqual("A {} B {}".format(*hashes), first["findings"][0]["evidence"])
        self.assertEqual([], entries)

    def test_an_entry_changed_after_signing_differs_and_is_no_fork(self):
        ours = self._journal(1, 2)
        changed = copy.copy(ours)
        changed.leaves = [*ours.leaves[:3], ours.leaves[3].replace(bytes([2]) + b"\x22", bytes([9]) + b"\x22", 1)]
        self.assertNotEqual(ours.leaves, changed.leaves)
        a, b = self._written("A", ours), self._written("B", ours)
        for path, data in changed.files().items():
            if "/tile/" in path:
                (b / path).write_bytes(data)
        first, _, _ = self._compared(a, b, expect=UNVERIFIED)
        self.assertEqual([("E-DIFFERS", f"{_THERE} entry 3")], self._found(first))
        self.assertEqual((False, [True, False]), (first["both_verified"], [one["verified"] for one in first["exports"]]))

    def test_a_receipt_that_is_gone_is_lost_and_another_time_contradicts(self):
        whole, less = self._journal(1), self._journal(1)
        del less.receipted[0]
        first, _, receipts = self._compared(self._written("A", whole), self._written("B", less), expect=UNVERIFIED)
        self.assertEqual([("E-LOST", f"{_THERE} size 2")], self._found(first))
        self.assertEqual([("missing", 2)], [(receipt["change"], receipt["size"]) for receipt in receipts])
        other = self._written("B", self._journal(1, receipt_after_s=2))
        first, _, _ = self._compared(self.world.path("A"), other, expect=UNVERIFIED)
        self.assertEqual([("E-RECEIPT-TWICE", f"{_THERE} size 2")], self._found(first))

    def test_an_export_that_is_not_verified_extends_nothing(self):
        a, b = self._written("A", self._journal(1)), self._written("B", self._journal(1, 2))
        (b / "extra").write_text("x")
        first, _, _ = self._compared(a, b, expect=UNVERIFIED)
        self.assertEqual(["E-EXTRA"], [finding["code"] for finding in first["exports"][1]["findings"]])
        text = run("blo-audit", "diff", a, b, *self.trusted, expect=UNVERIFIED).out
        self.assertTrue(text.startswith("NOT VERIFIED"), text)
        self.assertIn("in export B E-EXTRA", text)

    def test_many_entries_are_compared(self):
        bundle = TESTS / "bundles/valid-pair"
        self.trusted = ["--authority", bundle / "UZ.pem", "--authority", bundle / "TJ.pem"]
        first, entries, _ = self._compared(bundle / "export", bundle / "export")
        self.assertEqual([272], [one["equal"] for one in first["journals"] if one["origin"] == _THERE])
        self.assertEqual([], entries)
        run("blo-audit", "diff", bundle / "export", *self.trusted, expect=USAGE)
        run("blo-audit", "diff", bundle / "export", bundle / "nowhere", *self.trusted, expect=FAILED)
