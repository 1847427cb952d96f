"""Both offices' exports against each other: what agrees, what is only older, and what contradicts."""

import json
import shutil

from blolib import exports
from blolib.page import Page
from blolib.programs import FAILED, OK, TESTS, UNVERIFIED, USAGE, run
from blolib.world import TJ, UZ, WorldTest

_THERE = f"live/{UZ}/{TJ}/1"


class Reconcile(WorldTest):
    def setUp(self):
        super().setUp()
        self.uz, self.tj = (exports.Office(exports.Authority(id_[:2]), id_) for id_ in (UZ, TJ))
        self.trusted = [office.authority.pem(self.world.path(f"{office.authority.country}.pem")) for office in (self.uz, self.tj)]
        self.karimov, self.rahimov = self.uz.officer(), self.tj.officer()

    def _pair(self, messages=2, receipts_after_s=(1,), last=None, answered_later_s=0):
        """Oybek's journal of some messages, receipted after the last one, and Fotehobod's of one message."""
        ours, theirs = exports.Journal(self.uz, self.tj), exports.Journal(self.tj, self.uz)
        ours.introduce(self.karimov)
        for number in range(messages):
            ours.message(self.karimov, number if number + 1 < messages or last is None else last)
        for after_s in receipts_after_s:
            ours.receipt(after_s=after_s)
        theirs.introduce(self.rahimov)
        theirs.time_ms += answered_later_s * 1000
        theirs.message(self.rahimov, 100)
        return ours, theirs.receipt()

    def _written(self, name, journals):
        folder = self.world.path(name)
        folder.mkdir()
        for journal in journals:
            journal.write(folder)
        return folder

    def _reconciled(self, a, b, *arguments, expect=OK):
        folders = [one if hasattr(one, "exists") else self._written(name, one) for name, one in (("A", a), ("B", b))]
        trusted = [word for one in self.trusted for word in ("--authority", one)]
        done = run("blo-audit", "reconcile", *folders, *trusted, "--json", *arguments, expect=expect)
        verdict = done.json()
        self.assertEqual((True, expect == OK), (verdict["completed"], verdict["verified"]))
        there = next((one for one in verdict["journals"] if one["origin"] == _THERE), None)
        return verdict, there

    def _found(self, verdict):
        return [(finding["code"], finding["where"]) for finding in verdict["findings"]]

    def test_exports_of_one_moment_agree(self):
        verdict, there = self._reconciled(self._pair(), self._pair())
        self.assertEqual([], verdict["findings"])
        self.assertEqual(([4, 4], [4, 4], 4, []), (there["size"], there["receipted"], there["equal"], there["notes"]))

    def test_an_older_export_is_a_note(self):
        verdict, there = self._reconciled(self._pair(3), self._pair(2))
        self.assertEqual(([5, 4], 4), (there["size"], there["equal"]))
        self.assertIn("export B lacks the entries from 4 on", " ".join(there["notes"]))
        self.assertIn("export A has 1 receipts that export B lacks", " ".join(there["notes"]))

    def test_a_whole_journal_that_one_export_does_not_have_yet_is_a_note(self):
        ours, theirs = self._pair()
        _, there = self._reconciled([ours, theirs], [theirs])
        self.assertEqual([4, 0], there["size"])
        self.assertIn("export B lacks the entries from 0 on", " ".join(there["notes"]))

    def test_entries_left_out_after_their_receipt_are_withheld(self):
        for sides in (0, 1), (1, 0):
            pairs = [self._pair(3, answered_later_s=90_000), self._pair(2, answered_later_s=90_000)]
            for name in ("A", "B"):
                shutil.rmtree(self.world.path(name), ignore_errors=True)
            verdict, _ = self._reconciled(*[pairs[side] for side in sides], expect=UNVERIFIED)
            self.assertEqual([("E-WITHHELD", f"{_THERE} entry 4")], self._found(verdict))
            self.assertTrue(verdict["findings"][0]["rests_on"].startswith(f"authority {TJ[:2]}"))

    def test_no_office_is_accused_where_a_clock_that_was_ahead_explains_it(self):
        for later_s in (5 * 3600, 400 * 86_400):
            for name in ("A", "B"):
                shutil.rmtree(self.world.path(name), ignore_errors=True)
            pairs = [self._pair(3), self._pair(2)]
            for _, theirs in pairs:  # what the clock of a few seconds entered, then the right one
                theirs.time_ms += later_s * 1000
                theirs.record("challenge", {"text": "ahead"})
                theirs.receipt(after_s=1 - later_s)
            verdict, there = self._reconciled(*pairs)
            self.assertEqual([], verdict["findings"])
            self.assertIn("export B lacks the entries from 4 on", " ".join(there["notes"]))

    def _answered(self, hours, receipts, generations=1, named=4):
        """Two messages, of which `receipts` have one; an answer that names entries as receipted, and one some hours later."""
        ours, theirs = exports.Journal(self.uz, self.tj), exports.Journal(self.tj, self.uz)
        ours.introduce(self.karimov)
        for number in range(2):
            ours.message(self.karimov, number)
            if number < receipts:
                ours.receipt()
        journals = [ours, theirs]
        theirs.introduce(self.rahimov)
        theirs.message(self.rahimov, 100, seen=ours, size=named)
        theirs.receipt()
        theirs.time_ms += (hours * 3600 - 1) * 1000
        if generations == 2:
            theirs = exports.Journal(self.tj, self.uz, 2, after=theirs)
            theirs.introduce(self.rahimov)
            journals.append(theirs)
        theirs.message(self.rahimov, 101)
        theirs.receipt()
        return journals

    def test_a_receipt_left_out_after_two_days_is_withheld_and_before_it_may_be_on_its_way(self):
        told = f"holds a stamp of {TJ} that says that it had receipted 4 entries of {_THERE}"
        for number, (receipts, hours, side) in enumerate(((0, 49, 1), (1, 49, 0), (0, 48, 1), (2, 49, 1))):
            sides = [self._written(f"whole{number}", self._answered(hours, 2)), self._written(f"less{number}", self._answered(hours, receipts))]
            withheld = receipts < 2 and hours > 48
            verdict, there = self._reconciled(*(sides if side else sides[::-1]), expect=UNVERIFIED if withheld else OK)
            first = 3 if receipts else 0
            self.assertEqual([("E-WITHHELD", f"{_THERE} entry {first}")] if withheld else [], self._found(verdict))
            said = [finding["what"] for finding in verdict["findings"]] if withheld else there["notes"]
            self.assertEqual(receipts < 2, told in " ".join(said), said)
            self.assertEqual(receipts < 2 and not withheld, "may have been on its way" in " ".join(there["notes"]))
            for finding in verdict["findings"]:
                self.assertTrue(finding["rests_on"].startswith(f"authority {TJ[:2]}"))
                self.assertIn("has receipts for 4 entries", finding["evidence"])

    def test_a_stamp_that_names_what_is_receipted_says_nothing_of_the_rest(self):
        verdict, there = self._reconciled(self._answered(49, 2, named=3), self._answered(49, 1, named=3))
        self.assertEqual(([4, 3], []), (there["receipted"], verdict["findings"]))
        self.assertEqual(["export A has 1 receipts that export B lacks"], there["notes"])

    def test_a_generation_later_a_stamp_may_name_what_its_office_has_lost(self):
        verdict, there = self._reconciled(self._answered(49, 2, generations=2), self._answered(49, 0, generations=2))
        self.assertEqual([], verdict["findings"])
        self.assertIn("may have been on its way", " ".join(there["notes"]))

    def test_two_histories_are_a_fork_at_their_first_difference(self):
        html = self.world.path("reconciled.html")
        verdict, there = self._reconciled(self._pair(3), self._pair(3, last=77), "--html", html, expect=UNVERIFIED)
        self.assertEqual([("E-FORK", f"{_THERE} entry 4")], self._found(verdict))
        self.assertEqual(4, there["equal"])
        finding, = verdict["findings"]
        self.assertEqual(2, finding["what"].count("receipted by " + TJ))
        self.assertRegex(finding["evidence"], "^A [0-9a-f]{64} B [0-9a-f]{64}$")
        page = Page(html.read_text())
        self.assertEqual([], page.forbidden())
        self.assertEqual("THE EXPORTS CONTRADICT EACH OTHER: 1 finding", page.verdict)
        self.assertIn(finding["evidence"], page.text)

    def test_two_receipts_for_one_checkpoint_contradict(self):
        verdict, _ = self._reconciled(self._pair(), self._pair(receipts_after_s=(5,)), expect=UNVERIFIED)
        self.assertEqual([("E-RECEIPT-TWICE", f"{_THERE} size 4")], self._found(verdict))

    def test_late_and_missing_receipts_are_notes(self):
        _, there = self._reconciled(self._pair(receipts_after_s=(100_000,)), self._pair(receipts_after_s=()))
        notes = " ".join(there["notes"])
        self.assertIn("4 entries were receipted more than 24 hours after their stamp: they waited, or a clock was set; the first is entry 0", notes)
        self.assertIn("export A has 1 receipts that export B lacks", notes)
        for name in ("A", "B"):
            shutil.rmtree(self.world.path(name))
        _, there = self._reconciled(self._pair(receipts_after_s=()), self._pair(receipts_after_s=()))
        self.assertEqual(["entries from 0 on are receipted in neither export"], there["notes"])

    def _trail(self, subject):
        trail = exports.Journal(self.uz)
        trail.introduce(self.karimov)
        trail.act(self.karimov, subject=subject)
        return trail

    def test_two_histories_of_a_trail_are_a_fork_and_a_shorter_one_is_a_note(self):
        one, other, longer = (self._trail(subject) for subject in ("officer 2", "officer 3", "officer 2"))
        longer.act(self.karimov)
        origin = f"live/{UZ}/trail/1"
        for number, (b, expect) in enumerate(((other, UNVERIFIED), (longer, OK), (None, OK))):
            here = self._written(f"A{number}", [*self._pair(), one])
            there = self._written(f"B{number}", [*self._pair(), *([b] if b else [])])
            verdict, _ = self._reconciled(here, there, expect=expect)
            self.assertEqual([] if expect == OK else [("E-FORK", f"{origin} entry 2")], self._found(verdict))
            notes = [one["notes"] for one in verdict["journals"] if one["origin"] == origin]
            self.assertEqual([[[]], [["export A lacks the entries from 3 on that export B has"]], []][number], notes)

    def test_where_no_journal_of_a_pairing_is_in_both_nothing_agrees(self):
        trusted = [word for one in self.trusted for word in ("--authority", one)]
        third = exports.Journal(self.uz, exports.Office(self.uz.authority, "UZ-SARIOSIYO")).receipt(after_s=5000)
        trail = self._trail("officer 2")
        pair = self._written("pair", [*self._pair(), trail])
        for name, journals in (("trail", [trail]), ("pairing", [third, trail])):
            for folders in (pair, self._written(name, journals)), (self.world.path(name), pair):
                done = run("blo-audit", "reconcile", *folders, *trusted, "--json", expect=FAILED)
                self.assertEqual((False, False), (done.json()["completed"], done.json()["verified"]))
                self.assertIn("there is nothing to compare", done.json()["error"])
                self.assertIn("give two exports of one pairing", done.err)
        forked = self._written("forked", [self._trail("officer 3")])
        verdict, _ = self._reconciled(pair, forked, expect=UNVERIFIED)
        self.assertEqual(["E-FORK"], [finding["code"] for finding in verdict["findings"]])

    def test_what_an_office_dated_for_another_counterpart_withholds_nothing(self):
        third = exports.Office(self.uz.authority, "UZ-SARIOSIYO")
        other = exports.Journal(self.tj, third)
        other.time_ms += 900_000
        other.introduce(self.rahimov)
        verdict, there = self._reconciled(self._pair(3), [*self._pair(2), other.receipt()])
        self.assertEqual(([5, 4], []), (there["size"], verdict["findings"]))

    def test_notes_are_explained_where_there_are_some(self):
        trusted = [word for one in self.trusted for word in ("--authority", one)]
        whole, older = self._written("A", self._pair(3)), self._written("B", self._pair(2))
        for other, explained in (whole, False), (older, True):
            out = run("blo-audit", "reconcile", whole, other, *trusted).out
            self.assertTrue(out.startswith("THE EXPORTS AGREE"), out)
            self.assertEqual(explained, "A note is a fact" in out, out)
            self.assertEqual(explained, "  note " in out, out)

    def test_what_does_not_hold_by_itself_is_not_compared(self):
        bad = self._written("bad", self._pair())
        (bad / "extra").write_text("x")
        verdict, _ = self._reconciled(bad, self._pair(), expect=UNVERIFIED)
        self.assertEqual((False, [], [False, True]), (verdict["compared"], verdict["journals"], [one["verified"] for one in verdict["exports"]]))
        self.assertEqual("E-EXTRA", verdict["exports"][0]["findings"][0]["code"])

    def test_many_entries_and_receipts_are_compared(self):
        bundle = TESTS / "bundles/valid-pair"
        self.trusted = [bundle / "UZ.pem", bundle / "TJ.pem"]
        _, there = self._reconciled(bundle / "export", bundle / "export")
        self.assertEqual(([272, 272], 272), (there["size"], there["equal"]))
        run("blo-audit", "reconcile", bundle / "export", "--authority", bundle / "UZ.pem", expect=USAGE)


class OfDaemons(WorldTest):
    def _lines(self, subcommand, *folders, expect=OK):
        trusted = [word for one in self.trusted for word in ("--authority", one)]
        out = run("blo-audit", subcommand, *folders, *trusted, "--json", expect=expect).out
        return [json.loads(line) for line in out.splitlines()]

    def test_exports_of_two_daemons_agree_and_later_ones_extend_them(self):
        uz, tj = self.offices()
        self.trusted = [office.authority / "authority.pem" for office in (uz, tj)]
        first = uz.alert(tj, "--wait", 60, "--json", marker="first").json()["number"]
        tj.alert(uz, "--wait", 60, marker="back")
        uz_before, tj_before = uz.export("uz"), tj.export("tj")
        verdict, = self._lines("reconcile", uz_before, tj_before)
        self.assertEqual((True, True, []), (verdict["compared"], verdict["verified"], verdict["findings"]))
        self.assertEqual([f"live/{TJ}/{UZ}/1", _THERE], [one["origin"] for one in verdict["journals"]])
        for one in verdict["journals"]:
            self.assertEqual(min(one["size"]), one["equal"])
            self.assertGreater(one["equal"], 2)

        second = uz.alert(tj, "--wait", 60, "--json", marker="second").json()["number"]
        uz_after = uz.export("uz-after")
        head, *lines, end = self._lines("diff", uz_before, uz_after)
        self.assertEqual((True, True), (head["verified"], end["verified"]))
        added = [f"{UZ}/{TJ}/{line['index']}" for line in lines
                 if line["line"] == "entry" and line["what"] == "message" and line["origin"] == _THERE]
        self.assertEqual([second], added)
        lost, *_ = self._lines("diff", uz_after, uz_before, expect=UNVERIFIED)
        self.assertEqual({"E-LOST"}, {finding["code"] for finding in lost["findings"]})
        verdict, = self._lines("reconcile", uz_after, tj_before)
        self.assertIn("lacks the entries", " ".join(note for one in verdict["journals"] for note in one["notes"]))

        _, *entries, _ = self._lines("show", uz_after)
        messages = {f"{UZ}/{TJ}/{entry['index']}": entry for entry in entries
                    if entry["what"] == "message" and entry["origin"] == _THERE}
        self.assertEqual([first, second], list(messages))
        self.assertTrue(all(entry["receipt"] and not entry["findings"] for entry in messages.values()))
