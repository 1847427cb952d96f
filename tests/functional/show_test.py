"""blo-audit show: every entry of an export, beside what its verification found."""

import json

from blolib import exports, journal
from blolib.programs import AUDITED, FAILED, OK, TESTS, UNVERIFIED, USAGE, audit, run
from blolib.world import TJ, UZ, WorldTest

_BUNDLES = TESTS / "bundles"
_PAIR = _BUNDLES / "valid-pair"
_THERE, _BACK = f"live/{UZ}/{TJ}/1", f"live/{TJ}/{UZ}/1"


def _folder(bundle):
    """Where a bundle's export is, and the words that name the authorities."""
    made_apart = bundle == _PAIR
    trusted = [word for country in ("UZ", "TJ")
               for word in ("--authority", (bundle if made_apart else _BUNDLES) / f"{country}.pem")]
    return bundle / "export" if made_apart else bundle, trusted


def _shown(folder, trusted, *arguments, expect=OK):
    """The first line, those of entries, and the last."""
    done = run("blo-audit", "show", folder, *trusted, "--json", *arguments, expect=expect)
    first, *entries, last = [json.loads(line) for line in done.out.splitlines()]
    assert ("blo-audit-show/1", "export", "end") == (first["format"], first["line"], last["line"]), (first, last)
    assert last["entries"] == len(entries) and (arguments or last["left_out"] == 0) and last["verified"] == first["verified"], last
    return first, entries


class Show(WorldTest):
    def setUp(self):
        super().setUp()
        self.uz, self.tj = (exports.Office(exports.Authority(id_[:2]), id_) for id_ in (UZ, TJ))
        self.trusted = [word for office in (self.uz, self.tj)
                        for word in ("--authority", office.authority.pem(self.world.path(f"{office.authority.country}.pem")))]
        self.karimov, self.rahimov = self.uz.officer(), self.tj.officer(roles=(1, 2))

    def _written(self, *journals):
        folder = self.world.path("export")
        folder.mkdir()
        for one in journals:
            one.write(folder)
        return folder

    def test_its_verdict_is_that_of_verify_and_no_entry_is_left_out(self):
        bundles = sorted(path for path in _BUNDLES.iterdir() if path.name.startswith(("valid-", "partial-", "broken-")))
        self.assertGreater(len(bundles), 100)
        marked = 0
        for bundle in bundles:
            folder, trusted = _folder(bundle)
            done = audit(folder, [word for word in trusted if word != "--authority"], "--json", expect=AUDITED)
            first, entries = _shown(folder, trusted, expect=done.code)
            verdict = done.json()
            for field in ("verified", "journals", "findings", "trusting"):
                self.assertEqual(verdict[field], first[field], f"{bundle.name} {field}")
            for one in verdict["journals"]:
                of_it = [entry["index"] for entry in entries if entry["origin"] == one["origin"]]
                self.assertEqual(list(range(one["size"] if one["root"] else 0)), of_it, bundle.name)
            found = {(entry["origin"].replace("/", "_") + f"/entry {entry['index']}", mark["code"])
                     for entry in entries for mark in entry["findings"]}
            wanted = {(finding["where"], finding["code"]) for finding in verdict["findings"] if "/entry " in finding["where"]}
            self.assertLessEqual(wanted, found, bundle.name)
            self.assertTrue(verdict["findings"] or not found, bundle.name)
            marked += len(found)
        self.assertGreater(marked, 40)

    def test_a_message_says_who_when_and_under_which_receipt(self):
        theirs = exports.Journal(self.tj, self.uz)
        theirs.introduce(self.rahimov)
        ours = exports.Journal(self.uz, self.tj)
        ours.introduce(self.karimov)
        theirs.receipt()
        ours.time_ms = theirs.time_ms + 5000
        ours.message(self.karimov, 0x77, seen=theirs, precedence=4)
        ours.receipt(after_s=3)
        folder = self._written(ours, theirs)
        _, entries = _shown(folder, self.trusted, "--journal", _THERE)
        message = entries[-1]
        self.assertEqual((2, "message", journal.leaf_hash(ours.leaves[2]).hex(), [], None),
                         (message["index"], message["what"], message["leaf_hash"], message["findings"], message["refused"]))
        facts = message["facts"]
        self.assertEqual(("alert", "flash", f"{0x77:032x}", 1, self.karimov.fingerprint.hex()),
                         (facts["kind"], facts["precedence"], facts["message_id"], facts["person"], facts["certificate"]))
        self.assertEqual({"size": 3, "time": entries[0]["receipt"]["time"]}, message["receipt"])
        _, (one,) = _shown(folder, self.trusted, "2", "--journal", _THERE)
        self.assertEqual(ours.leaves[2].hex(), one["leaf"])
        details = one["details"]
        self.assertEqual((UZ, TJ, 1), tuple(details["envelope"][field] for field in ("from", "to", "kind")))
        self.assertEqual((_BACK, 1), (details["not_before"]["origin"], details["not_before"]["index"]))
        self.assertLess(details["not_before"]["time"], message["time"])
        self.assertEqual(message["receipt"]["time"], details["not_after"]["time"])
        self.assertEqual((1, 1), (details["officer"]["person"], details["officer"]["introduced_by_entry"]))
        text = run("blo-audit", "show", folder, "2", "--journal", _THERE, *self.trusted).out
        for said in ("VERIFIED: 2 journals", facts["message_id"], ours.leaves[2].hex(), "precedence flash", details["not_before"]["time"]):
            self.assertIn(said, text)

    def test_one_entry_is_asked_for_by_its_number_as_people_write_it(self):
        folder, trusted = _folder(_BUNDLES / "valid-opened-and-acted")
        number = f"{TJ}/{UZ}/2"
        _, (message,) = _shown(folder, trusted, number)
        self.assertEqual((_BACK, 2), (message["origin"], message["index"]))
        self.assertEqual([(f"{UZ}/{TJ}/6", "opened"), (f"{UZ}/{TJ}/7", "acted")],
                         [(one["number"], one["kind"]) for one in message["answered_by"]])
        for one in message["answered_by"]:
            _, (answer,) = _shown(folder, trusted, one["number"])
            self.assertEqual((one["kind"], number), (answer["facts"]["kind"], answer["answers"]))
            self.assertIn(f"answers     {number}\n", run("blo-audit", "show", folder, one["number"], *trusted).out)
        text = run("blo-audit", "show", folder, number, *trusted).out
        self.assertIn(f"opened in   {UZ}/{TJ}/6", text)
        self.assertIn(f"acted on in {UZ}/{TJ}/7", text)
        self.assertNotIn("\n" + _THERE + "\n", text)
        run("blo-audit", "show", folder, f"{TJ}/{UZ}/99", *trusted, expect=FAILED)
        run("blo-audit", "show", folder, f"{TJ}/{UZ}/2/2", *trusted, expect=FAILED)
        for nonsense in (f"{TJ}/{UZ}/x", f"{TJ}/2", "twelve"):
            run("blo-audit", "show", folder, nonsense, *trusted, expect=USAGE)

    def test_an_entry_names_the_message_whose_place_it_takes(self):
        ours = exports.Journal(self.uz, self.tj)
        ours.introduce(self.karimov)
        ours.message(self.karimov, 1)
        ours.message(self.karimov, 2, supersedes=(1).to_bytes(16, "big"))
        folder, older = self._written(ours.receipt()), f"{UZ}/{TJ}/2"
        _, entries = _shown(folder, self.trusted)
        self.assertEqual([None, None, None, older], [entry["supersedes"] for entry in entries])
        self.assertIn(f"supersedes  {older}\n", run("blo-audit", "show", folder, "3", *self.trusted).out)

    def test_what_somebody_else_signed_answers_nothing(self):
        theirs, ours = exports.Journal(self.tj, self.uz), exports.Journal(self.uz, self.tj)
        theirs.introduce(self.rahimov)
        theirs.message(self.rahimov, 1)
        ours.introduce(self.karimov)
        for number, key in ((2, None), (3, self.rahimov.key)):
            ours.message(self.karimov, number, key=key, kind=4, in_reply_to=(1).to_bytes(16, "big"))
        folder = self._written(ours.receipt(), theirs.receipt())
        _, (message,) = _shown(folder, self.trusted, f"{TJ}/{UZ}/2", expect=UNVERIFIED)
        self.assertEqual([{"number": f"{UZ}/{TJ}/2", "kind": "acted"}], message["answered_by"])

    def test_entries_by_kind_officer_day_and_state(self):
        folder, trusted = _folder(_BUNDLES / "valid-opened-and-acted")
        _, everything = _shown(folder, trusted)

        def shown(*words):
            found = [(entry["origin"], entry["index"]) for entry in _shown(folder, trusted, *words)[1]]
            self.assertLess(len(found), len(everything), words)
            return found
        self.assertEqual([(_BACK, 2), (_THERE, 2), (_THERE, 3)], shown("--kind", "alert"))
        self.assertEqual([(_THERE, 6)], shown("--kind", "opened"))
        self.assertEqual([(_THERE, 5)], shown("--kind", "policy"))
        self.assertEqual([(_BACK, 2), *((_THERE, index) for index in (2, 3, 6, 7))], shown("--kind", "message"))
        self.assertEqual([(_THERE, 4), (_THERE, 7)], shown("--officer", 2))
        self.assertEqual([(_THERE, 4), (_THERE, 7)], shown("--officer", f"{UZ}/2"))
        self.assertEqual([], shown("--officer", f"{TJ}/2"))
        self.assertEqual([(_BACK, 2)], shown("--state", "opened"))
        self.assertEqual([(_BACK, 2)], shown("--state", "acted", "--kind", "alert"))
        self.assertEqual([(_THERE, 2), (_THERE, 3)], shown("--state", "unanswered"))
        self.assertEqual([], shown("--state", "unreceipted"))
        self.assertEqual([], shown("--day", "2024-03-08"))
        self.assertEqual(len(everything), len(_shown(folder, trusted, "--day", "2024-03-07")[1]))
        done = run("blo-audit", "show", folder, *trusted, "--kind", "alert")
        self.assertIn(f"3 of {len(everything)} entries are shown", done.out)
        self._assert_times_that_count()
        refused, trust = _folder(_BUNDLES / "valid-refused")
        self.assertEqual([4], [entry["index"] for entry in _shown(refused, trust, "--state", "refused")[1]])
        broken, trust = _folder(_BUNDLES / "broken-act-forged")
        self.assertEqual(1, len(_shown(broken, trust, "--state", "finding", expect=UNVERIFIED)[1]))
        for words in (["--kind", "gossip"], ["--officer", "karimov"], ["--officer", "Oybek/1"], ["--day", "yesterday"],
                      ["--day", "2024-02-30"], ["--state", "lost"], ["2", "--kind", "alert"]):
            run("blo-audit", "show", folder, *trusted, *words, expect=USAGE)

    def _assert_times_that_count(self):
        """What a wrong clock dated is of the day on which it was received; what is not receipted is of its stamp's."""
        def indices(bundle, *words):
            return [entry["index"] for entry in _shown(*_folder(_BUNDLES / bundle), *words)[1]]
        self.assertEqual([0, 1, 2, 3], indices("valid-stamp-far-ahead", "--day", "2024-03-07"))
        self.assertEqual([], indices("valid-stamp-far-ahead", "--day", "2025-04-11"))
        self.assertEqual([3], indices("valid-stamp-far-ahead", "--state", "claim"))
        self.assertEqual([5], indices("valid-unsure-by-the-time-before", "--state", "unsure"))
        self.assertEqual([3], indices("valid-unreceipted-tail", "--state", "unreceipted"))
        self.assertEqual([0, 1, 2], indices("valid-unreceipted-tail", "--state", "receipted"))

    def test_an_entry_names_its_releaser_and_its_refusal(self):
        _, entries = _shown(*_folder(_BUNDLES / "valid-released"))
        released = [entry["facts"] for entry in entries if "releaser_person" in entry["facts"]]
        self.assertTrue(released and released[0]["releaser_person"] != released[0]["person"])
        _, entries = _shown(*_folder(_BUNDLES / "valid-refused"))
        refused, = (entry for entry in entries if entry["refused"])
        self.assertEqual((_BACK, "malformed"), (refused["refused"]["origin"], refused["refused"]["reason"]))
        self.assertTrue(refused["refused"]["flaw"])
        self.assertEqual([], refused["findings"])
        by, = (entry for entry in entries if entry["what"] == "refusal")
        self.assertEqual((refused["index"], refused["leaf_hash"]), (by["facts"]["index"], by["facts"]["leaf_hash"]))
        self.assertEqual(by["time"], refused["refused"]["time"])
        folder, trusted = _folder(_BUNDLES / "valid-refused")
        self.assertIn(f"refused     {by['time']}, malformed (entry {by['index']} of {_BACK})",
                      run("blo-audit", "show", folder, *trusted).out)

    def test_without_a_receipt_it_says_so(self):
        ours = exports.Journal(self.uz, self.tj)
        ours.introduce(self.karimov)
        ours.receipt()
        ours.message(self.karimov)
        folder = self._written(ours)
        _, entries = _shown(folder, self.trusted)
        self.assertEqual([2, 2, None], [entry["receipt"] and entry["receipt"]["size"] for entry in entries])
        _, (one,) = _shown(folder, self.trusted, "2")
        self.assertIn("why", one["details"]["not_after"])
        self.assertIn("why", one["details"]["not_before"])

    def test_all_that_follows_a_revocation_is_marked(self):
        ours, theirs = exports.Journal(self.uz, self.tj), exports.Journal(self.tj, self.uz)
        ours.introduce(self.karimov)
        for number in range(4):
            ours.message(self.karimov, number)
        theirs.revoke(self.uz.revoked(), seen=ours, size=3)
        _, entries = _shown(self._written(ours.receipt(), theirs.receipt()), self.trusted, expect=UNVERIFIED)
        marked = [(entry["origin"], entry["index"]) for entry in entries
                  if "E-REVOKED" in [mark["code"] for mark in entry["findings"]]]
        self.assertEqual([(_THERE, 3), (_THERE, 4), (_THERE, 5)], marked)

    def test_what_is_asked_for_and_not_there_is_never_a_success(self):
        folder, trusted = _folder(_PAIR)
        for words in (["9999"], ["--journal", "live/UZ-OYBEK/XX-NOWHERE/1"]):
            done = run("blo-audit", "show", folder, *trusted, *words, expect=FAILED)
            self.assertIn("no such entry or journal", done.err)
            self.assertIn(_THERE, done.err)
        run("blo-audit", "show", folder, *trusted, "--journal", "nonsense", expect=USAGE)
        run("blo-audit", "show", folder, *trusted, "-1", expect=USAGE)
        folder, trusted = _folder(_BUNDLES / "broken-checkpoint-missing")
        _shown(folder, trusted, "0", expect=UNVERIFIED)

    def test_many_entries_are_shown_and_nothing_hostile_reaches_the_terminal(self):
        folder, trusted = _folder(_PAIR)
        _, entries = _shown(folder, trusted)
        self.assertGreater(len(entries), 256)
        ours = exports.Journal(self.uz, self.tj)
        ours.record("challenge", {"text": "\x1b[2J"})
        ours.record("erasure", {"index": 0, "rule": "\u202e"})
        hostile = self._written(ours.receipt())
        (hostile / "\x1b[31m").write_text("x")
        done = run("blo-audit", "show", hostile, *self.trusted, expect=UNVERIFIED)
        self.assertNotIn("\x1b", done.out + done.err)
        self.assertNotIn("\u202e", done.out + done.err)
