"""Exports and their audit: sound ones verify, a changed byte anywhere is found, and a second verifier agrees."""

import json
import random
import resource
import shutil
import subprocess

import verifier
from blolib import exports
from blolib.agreement import agreed, codes
from blolib.programs import BIN, FAILED, OK, TESTS, UNVERIFIED, USAGE, audit, environment
from blolib.waiting import until
from blolib.world import TJ, UZ, WorldTest

_THERE, _BACK = f"live_{UZ}_{TJ}_1", f"live_{TJ}_{UZ}_1"


class Exports(WorldTest):
    def _exchanged(self):
        """The case of 7 March 2024, an answer, and both offices' exports of it."""
        uz, tj = self.offices()
        data = TESTS / "data"
        uz.blo("send", "alert", "--to", TJ, "--precedence", "flash", "--file", data / "oybek_2024_alert.json", "--wait", 60)
        first = uz.json("send", "seizure", "--to", TJ, "--file", data / "oybek_2024_seizure.json", "--wait", 60)["number"]
        tj.alert(uz, "--in-reply-to", first, "--wait", 60, marker="thank you")
        self.trusted = [office.authority / "authority.pem" for office in (uz, tj)]
        return uz, tj

    def _copy(self, folder):
        copy = self.world.path("copy")
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(folder, copy)
        return copy

    def _assert_agreement(self, folder, about):
        return agreed(self, folder, self.trusted, about)

    def test_both_sides_exports_verify(self):
        uz, tj = self._exchanged()
        for office in (uz, tj):
            folder = office.export(f"export-of-{office.id}")
            done = audit(folder, self.trusted)
            self.assertTrue(done.out.startswith("VERIFIED: 2 journals"), done.out)
            for said in (f"live/{UZ}/{TJ}/1", f"live/{TJ}/{UZ}/1", "2 messages", "1 message"):
                self.assertIn(said, done.out)
            self.assertLessEqual(done.out.count("\n"), 60, "a verdict is one page")

    def test_a_second_verifier_agrees_on_what_it_read(self):
        uz, tj = self._exchanged()
        for office in (uz, tj):
            folder = office.export(f"export-of-{office.id}")
            theirs = self._assert_agreement(folder, office.id)
            self.assertEqual([journal["messages"] for journal in theirs["journals"]], [1, 2])

    def test_both_exports_tell_one_history(self):
        uz, tj = self._exchanged()
        here, there = uz.export("export-here"), tj.export("export-there")
        for journal in (_THERE, _BACK):
            # Each side may have more of its own journal than the other has seen; what both have is the same.
            ours = verifier.Journal(here / journal, set())
            theirs = verifier.Journal(there / journal, set())
            for one in (ours, theirs):
                size = int((one.folder / "checkpoint").read_text().split("\n")[1])
                one._read_entries(size)
            common = min(len(ours.leaves), len(theirs.leaves))
            self.assertGreaterEqual(common, 3)
            self.assertEqual(ours.leaves[:common], theirs.leaves[:common])

    def test_a_byte_changed_in_any_file_is_found_and_the_file_named(self):
        uz, _ = self._exchanged()
        folder = uz.export("export")
        files = sorted(path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
        self.assertGreaterEqual(len(files), 12)
        for path in files:
            size = (folder / path).stat().st_size
            for at in {0, size // 2, size - 1, random.randrange(size)}:
                copy = self._copy(folder)
                data = bytearray((copy / path).read_bytes())
                data[at] ^= 1
                (copy / path).write_bytes(data)
                verdict = self._assert_agreement(copy, f"{path}, byte {at} of {size}")
                self.assertFalse(verdict["verified"], f"{path}, byte {at} of {size}")
                self.assertTrue(self._names(verdict, path), f"{path}, byte {at}: {verdict['findings']}")

    @staticmethod
    def _names(verdict, path):
        """Whether a finding leads to the file: by its name, or, for entries and receipts, by their place in it."""
        journal, inner = path.parts[0], "/".join(path.parts[1:])
        places = [f"{finding['where']}: {finding['what']}" for finding in verdict["findings"]]
        wanted = [inner]
        if inner.startswith("tile/entries/"):
            wanted += ["tile/0/", "entry "]  # an entry is found by its hash
            wanted.append("its validity ")  # its stamp's time, which the certificates are held against
        if inner.startswith("receipts/"):
            wanted.append("receipts")
        return any(journal in place and name in place for place in places for name in wanted)

    def test_files_that_are_missing_added_or_exchanged_are_found(self):
        uz, tj = self._exchanged()
        folder = uz.export("export")
        for path in sorted(path.relative_to(folder) for path in folder.rglob("*") if path.is_file()):
            copy = self._copy(folder)
            (copy / path).unlink()
            if path.parts[1] == "receipts":
                # Without its receipts an export says less, and nothing that is wrong.
                continue
            self.assertFalse(self._assert_agreement(copy, f"without {path}")["verified"], path)
        for code, add in (("E-EXTRA", lambda copy: (copy / _THERE / "notes.txt").write_text("hello")),
                          ("E-EXTRA", lambda copy: (copy / "stray").write_text("")),
                          ("E-EXTRA", lambda copy: (copy / _THERE / "tile/a name that says something").mkdir()),
                          ("E-EXTRA", lambda copy: (copy / _THERE / "receipts/x001").mkdir()),
                          ("E-LINK", lambda copy: (copy / _THERE / "tile/0/link").symlink_to("000.p/2"))):
            copy = self._copy(folder)
            add(copy)
            self.assertEqual([code], [finding["code"] for finding in self._assert_agreement(copy, add)["findings"]])
        copy = self._copy(folder)
        (copy / _THERE).rename(copy / "x")
        (copy / _BACK).rename(copy / _THERE)
        (copy / "x").rename(copy / _BACK)
        self.assertFalse(self._assert_agreement(copy, "exchanged")["verified"])

    def test_without_an_authority_nothing_is_believed(self):
        uz, tj = self._exchanged()
        folder = uz.export("export")
        stranger = self.world.authority("TJ", name="another-authority") / "authority.pem"
        self.trusted = [uz.authority / "authority.pem", stranger]
        verdict = self._assert_agreement(folder, "a stranger's authority")
        self.assertFalse(verdict["verified"])
        self.assertIn("E-UNTRUSTED", {finding["code"] for finding in verdict["findings"]})
        audit(folder, [], expect=USAGE)
        audit(self.world.path("nowhere"), self.trusted, expect=FAILED)

    def test_a_message_that_is_not_receipted_is_said_to_be(self):
        uz, tj = self._exchanged()
        tj.stop()
        until(lambda: not uz.pair_status(tj)["connected"], "Oybek notices")
        uz.alert(tj, marker="nobody has this")
        exported = uz.json("journal", "export", self.world.path("export"))
        done = audit(self.world.path("export"), self.trusted)
        self.assertTrue(exported["notes"] or "not receipted" in done.out, (exported, done.out))
        self.assertTrue(self._assert_agreement(self.world.path("export"), "a tail")["verified"])

    def test_an_export_goes_into_a_new_folder_only(self):
        uz, _ = self._exchanged()
        folder = uz.export("export")
        before = sorted(folder.rglob("*"))
        failed = uz.blo("journal", "export", folder, expect=FAILED)
        self.assertIn("not empty", failed.err)
        self.assertEqual(before, sorted(folder.rglob("*")))

    def test_a_journal_of_many_tiles_verifies(self):
        uz, tj = self._exchanged()
        table = self.world.write("many.csv", "COUNTRY;SEIZURE_DATE;DRUG_NAME;AMOUNT;DRUG_UNIT\n" + "".join(
            f"Uzbekistan;2024-03-07;Hashish;{i};Gram\n" for i in range(600)))
        uz.blo("import", "seizures", table, "--to", TJ)
        until(lambda: uz.pair_status(tj)["receipted"] == uz.pair_status(tj)["sent"], "all is receipted")
        folder = tj.export("export")
        self.assertTrue((folder / _THERE / "tile/entries/001").exists())
        self.assertTrue(self._assert_agreement(folder, "600 rows")["verified"])
        entries = folder / _THERE / "tile/entries/001"
        data = bytearray(entries.read_bytes())
        data[random.randrange(len(data))] ^= 0x80
        entries.write_bytes(data)
        verdict = self._assert_agreement(folder, "a byte among 600 rows")
        self.assertFalse(verdict["verified"])

    def test_the_report_is_safe_to_print_whatever_the_export_holds(self):
        uz, _ = self._exchanged()
        copy = self._copy(uz.export("export"))
        (copy / "\x1b[2J\u202estray").write_text("")
        (copy / _THERE / "policy").write_text("\x1b]52;c;aGFja2Vk\x07\n")
        for arguments in ((), ("--json",)):
            done = audit(copy, self.trusted, *arguments, expect=UNVERIFIED)
            self.assertTrue(done.text.isascii() and "\x1b" not in done.text and "\x07" not in done.text)
        self.assertEqual(done.json()["verified"], False)
        self.assertIsInstance(json.loads(done.out)["findings"], list)


class ShortOfMemory(WorldTest):
    def test_a_program_that_reads_the_verdict_is_told_that_there_is_none(self):
        """Whatever the limit: an object that says so, or the verdict."""
        pair = TESTS / "bundles" / "valid-pair"
        trusted = [pair / "UZ.pem", pair / "TJ.pem"]
        if audit(pair / "export", trusted, "--json").json()["sandbox"] == "none":
            self.skipTest("built with sanitizers, which take their memory before the program begins")
        command = [BIN / "blo-audit", "verify", pair / "export", "--json", "--authority", *trusted]
        errors, begun = [], False
        for limit in range(4 << 20, 1 << 30, 256 << 10):
            done = subprocess.run(command, env=environment(), stdin=subprocess.DEVNULL, capture_output=True, timeout=60, check=False,
                                  preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (limit, limit)))
            if done.returncode == OK:
                break
            begun = begun or b"could not complete the check" in done.stderr
            if not begun:
                continue  # its libraries take more
            self.assertEqual(FAILED, done.returncode, done)
            said = json.loads(done.stdout)
            self.assertEqual((False, False), (said["completed"], said["verified"]), done)
            errors.append(said["error"])
        self.assertTrue(json.loads(done.stdout)["verified"], done)
        self.assertIn("std::bad_alloc", errors)


class MadeExports(WorldTest):
    """Exports that no daemon made: all in them is signed as it must be, and what they say is wrong."""

    def setUp(self):
        super().setUp()
        self.uz, self.tj = (exports.Office(exports.Authority(id_[:2]), id_) for id_ in (UZ, TJ))
        self.karimov, self.rahimov = self.uz.officer(), self.tj.officer()
        self.trusted = [office.authority.pem(self.world.path(f"{office.id}.pem")) for office in (self.uz, self.tj)]

    def _pair(self):
        """Both journals, an officer introduced in each."""
        ours, theirs = exports.Journal(self.uz, self.tj), exports.Journal(self.tj, self.uz)
        ours.introduce(self.karimov)
        theirs.introduce(self.rahimov)
        return ours, theirs

    def _trail(self, office=None):
        trail = exports.Journal(office or self.uz)
        trail.introduce(self.karimov)
        return trail

    @staticmethod
    def _read(**other):
        return {"person": 1, "requests": 12, "first_ms": 2, "last_ms": 2, **other}

    def _codes(self, *journals, about=""):
        """What both programs find in an export of these journals."""
        folder = self.world.path("made")
        shutil.rmtree(folder, ignore_errors=True)
        for journal in journals:
            journal.write(folder)
        return codes(agreed(self, folder, self.trusted, about))

    def test_a_trail_that_was_changed_after_it_was_dated(self):
        ours, theirs = self._pair()
        kept, changed = self._trail(), self._trail()
        for number, trail in enumerate((kept, changed)):
            trail.act(self.karimov, subject=f"{UZ}/{TJ}/{number}")
        ours.date(kept)
        self.assertEqual([], self._codes(ours, theirs, about="no trail to compare with"))
        self.assertEqual([], self._codes(ours, theirs, kept))
        # As far as this trail goes, it has no entry after that day: it may have been exported before.
        self.assertEqual([], self._codes(ours, theirs, self._trail(), about="an earlier export"))
        same_moment = self._trail()
        same_moment.time_ms = ours.time_ms - 1000
        same_moment.act(self.karimov)
        self.assertEqual([], self._codes(ours, theirs, same_moment, about="the head may be of a moment later"))
        for trail in (kept, changed):
            trail.time_ms = ours.time_ms
            trail.act(self.karimov)
        self.assertEqual([], self._codes(ours, theirs, kept))
        self.assertEqual(["E-TRAIL"], self._codes(ours, theirs, changed))

    def test_a_head_of_an_earlier_generation_of_the_trail(self):
        ours, theirs = self._pair()
        first = self._trail()
        first.act(self.karimov)
        ours.date(first)
        second = exports.Journal(self.uz, None, 2, after=first)
        second.time_ms = ours.time_ms
        second.introduce(self.karimov)
        self.assertEqual([], self._codes(ours, theirs, first, second))
        self.assertEqual([], self._codes(ours, theirs, second, about="the first is not there"))

    def test_an_officer_who_acts_after_the_certificate_ended(self):
        start_s = exports.Journal(self.uz).time_ms // 1000
        for expected, end_s in (([], start_s + 2), (["E-VALIDITY"], start_s + 1)):
            leaving = self.uz.officer(end_s=end_s)
            trail = exports.Journal(self.uz)
            trail.introduce(leaving)
            trail.act(leaving, request=2)  # to send; reading goes on for a while
            self.assertEqual(expected, self._codes(trail, about=end_s))

    def test_a_trail_whose_acts_are_not_their_officers(self):
        stranger = self.uz.officer(person=9)
        for what, (expected, act) in {
            "as it should be": ([], lambda trail: trail.act(self.karimov)),
            "nobody's": ([], lambda trail: trail.record("act", {"nonce": bytes(32), "request_hash": bytes(32)})),
            "a stranger, refused": ([], lambda trail: trail.act(stranger, refused=1)),
            "a stranger": (["E-OFFICER"], lambda trail: trail.act(stranger)),
            "another key": (["E-SIGNATURE"], lambda trail: trail.act(self.karimov, key=stranger.key)),
            "another office": (["E-SIGNATURE"], lambda trail: trail.act(self.karimov, office_id=TJ)),
            "no nonce": (["E-MALFORMED"], lambda trail: trail.act(self.karimov, nonce=b"")),
            "a subject that is no text": (["E-MALFORMED"], lambda trail: trail.act(self.karimov, subject="\x1b[2J")),
            "a message": (["E-MISPLACED"], lambda trail: trail.message(self.karimov)),
            "a policy": (["E-MISPLACED"], lambda trail: trail.record("policy", {"purpose": 1})),
            "a trail's head": (["E-MISPLACED"], lambda trail: trail.date(trail)),
            "came to nothing": ([], lambda trail: trail.record("act_failed", {"act": trail.act(self.karimov), "exit_code": 3})),
            "came to nothing before": (["E-ACT"], lambda trail: trail.record("act_failed", {"act": 2, "exit_code": 3})),
            "came to no end": (["E-MALFORMED"], lambda trail: trail.record("act_failed", {"act": trail.act(self.karimov)})),
            "turned away": ([], lambda trail: trail.record("peer_refused", {"counterpart": TJ, "reason": "frozen"})),
            "nobody turned away": (["E-MALFORMED"], lambda trail: trail.record("peer_refused", {"counterpart": "tj"})),
            "read on a full disk": ([], lambda trail: trail.record("unentered", self._read())),
            "nobody read": (["E-MALFORMED"], lambda trail: trail.record("unentered", self._read(person=0))),
            "nothing read": (["E-MALFORMED"], lambda trail: trail.record("unentered", self._read(requests=0))),
            "read before it began": (["E-MALFORMED"], lambda trail: trail.record("unentered", self._read(first_ms=3))),
        }.items():
            trail = self._trail()
            act(trail)
            self.assertEqual(expected, self._codes(trail, about=what), what)
        ours, theirs = self._pair()
        ours.act(self.karimov)
        self.assertEqual(["E-MISPLACED"], self._codes(ours, theirs, about="an act in a pair's journal"))

    def test_entries_of_an_office_that_was_revoked_before(self):
        def journals(revocation, size=None, more=0):
            ours, theirs = self._pair()
            for number in range(more):
                theirs.message(self.rahimov, number + 1)
            ours.revoke(revocation, theirs, size)
            return ours, theirs

        self.assertEqual([], self._codes(*journals(self.tj.revoked())))
        self.assertEqual([], self._codes(*journals(self.tj.revoked(), more=3)))
        self.assertEqual(["E-REVOKED"], self._codes(*journals(self.tj.revoked(), size=2, more=1)))
        self.assertEqual(["E-REVOCATION"], self._codes(*journals(self.tj.revoked(key=self.uz.authority.key), size=2, more=1)))
        ours, theirs = self._pair()
        ours.revoke(self.tj.revoked())
        self.assertEqual(["E-REVOKED"], self._codes(ours, theirs, about="nothing was receipted by then"))
        ours, theirs = self._pair()
        ours.revoke(self.uz.revoked())
        self.assertEqual(["E-REVOCATION"], self._codes(ours, theirs, about="the office itself"))

    def test_an_officer_who_speaks_after_the_revocation(self):
        def journals(*steps):
            ours, theirs = self._pair()
            for step in steps:
                step(ours)
            return ours, theirs

        speak = lambda officer: lambda journal: journal.message(officer, len(journal.leaves))
        introduce = lambda officer: lambda journal: journal.introduce(officer)
        revoke = lambda statement, **more: lambda journal: journal.revoke(self.uz.revoked_officer(1, statement, **more))
        again, older = self.uz.officer(statement=3), self.uz.officer(statement=2)
        for what, (expected, steps) in {
            "spoke before": ([], (speak(self.karimov), revoke(2))),
            "speaks after": (["E-REVOKED-OFFICER"], (revoke(2), speak(self.karimov))),
            "the same certificate again": (["E-STATEMENT"], (revoke(2), introduce(self.karimov))),
            "back with a new key": ([], (revoke(2), introduce(again), speak(again))),
            "back with an old statement": (["E-STATEMENT"], (revoke(3), introduce(older))),
            "an older revocation": (["E-STATEMENT"], (introduce(again), revoke(2), speak(again))),
            "revoked twice": (["E-STATEMENT"], (revoke(2), revoke(2))),
            "nobody's": (["E-REVOCATION"], (revoke(2, key=self.karimov.key), speak(self.karimov))),
        }.items():
            self.assertEqual(expected, self._codes(*journals(*steps), about=what), what)
        trail = self._trail()
        trail.revoke(self.uz.revoked_officer(1, 2))
        self.assertEqual([], self._codes(trail))
        trail.act(self.karimov)
        self.assertEqual(["E-REVOKED-OFFICER"], self._codes(trail, about="acts after"))

    def test_an_erasure_names_an_earlier_message_or_name(self):
        for expected, erasure in (([], {"index": 1}), (["E-ERASURE"], {}), (["E-ERASURE"], {"index": 3}),
                                  (["E-MALFORMED"], {"index": 1, "received": 1}),
                                  (["E-ERASURE"], {"index": 1, "generation": 1, "received": 1}),
                                  (["E-ERASURE"], {"index": 3}), (["E-ERASURE"], {"index": 9}),
                                  (["E-MALFORMED"], {"index": 1, "rule": "\n"}), (["E-MALFORMED"], {"index": 1, "rule": "x" * 101}),
                                  (["E-ERASURE"], {"index": 1, "generation": 1}), (["E-ERASURE"], {"index": 1, "generation": 2})):
            for journal in (self._pair()[0], self._trail()):
                journal.revoke(self.uz.revoked_officer(1, 2))
                journal.record("erasure", erasure)
                self.assertEqual(expected, self._codes(journal, about=erasure), erasure)

    def test_a_generation_follows_the_one_before(self):
        def journals(erasure=None, number=2):
            """Two generations, with a message in each."""
            first = self._pair()[0]
            first.message(self.karimov, 1)
            second = exports.Journal(self.uz, self.tj, 2, after=first)
            second.introduce(self.karimov)
            second.message(self.karimov, number)
            if erasure:
                second.record("erasure", erasure)
            return first, second

        first, second = journals()
        self.assertEqual([], self._codes(first, second))
        self.assertEqual([], self._codes(second, about="the first is not there"))
        first.time_ms -= 10_000
        backwards = exports.Journal(self.uz, self.tj, 2, after=first)
        self.assertEqual(["E-STAMP"], self._codes(first, backwards, about="its stamp goes back"))
        first.leaves.pop()
        self.assertEqual(["E-GENERATION"], self._codes(first, second, about="cut short"))
        first, second = journals()
        first.message(self.karimov, 3)
        self.assertEqual(["E-GENERATION"], self._codes(first, second, about="added to after it ended"))
        self.assertEqual(["E-DUPLICATE"], self._codes(*journals(number=1), about="a message id of the first"))
        for expected, index, generation in (([], 1, 1), ([], 2, 1), (["E-ERASURE"], 0, 1), (["E-ERASURE"], 9, 1), (["E-ERASURE"], 1, 2),
                                            (["E-ERASURE"], 1, 3)):
            erasure = {"index": index, "generation": generation}
            self.assertEqual(expected, self._codes(*journals(erasure), about=erasure), erasure)
        self.assertEqual(["E-START"], self._codes(exports.Journal(self.uz, self.tj, 2), about="from nowhere"))

    def test_both_programs_judge_an_entry_alike_whatever_stands_in_it(self):
        """A bit of an entry is another one before the tree is made and signed: only how entries are read can tell."""
        def journals():
            ours, theirs = self._pair()
            trail, releaser = self._trail(), self.uz.officer(person=2, roles=(2,))
            ours.introduce(releaser)
            ours.record("policy", {"release": [{"kind": 2}], "purpose": 1})
            ours.message(self.karimov)
            ours.date(trail)
            ours.revoke(self.uz.revoked_officer(2, 5))
            ours.record("erasure", {"index": 2, "rule": "left", "person": 3})
            ours.record("erasure", {"index": 1, "generation": 1, "received": 1}, seen=theirs)
            theirs.message(self.rahimov, 2)
            trail.record("act_failed", {"act": trail.act(self.karimov, subject="officer 2"), "exit_code": 3})
            trail.record("peer_refused", {"counterpart": TJ, "reason": "frozen"})
            trail.record("unentered", self._read())
            trail.time_ms = ours.time_ms
            trail.act(self.karimov, refused=1)
            second = exports.Journal(self.uz, self.tj, 2, after=ours)
            second.introduce(self.karimov)
            second.record("erasure", {"index": 2, "generation": 1})
            second.message(self.karimov, 3)
            second.revoke(self.tj.revoked(), theirs)
            return ours, theirs, trail, second

        self.assertEqual([], self._codes(*journals()))
        for which, journal in enumerate(journals()):
            for index, leaf in enumerate(journal.leaves):
                for at in range(len(leaf) // 8, len(leaf), len(leaf) // 3):
                    changed = journals()
                    changed[which].leaves[index] = leaf[:at] + bytes([leaf[at] ^ 1]) + leaf[at + 1:]
                    self._codes(*changed, about=f"{journal.origin}, entry {index}, byte {at}")
