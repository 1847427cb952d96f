"""Exports and their audit: sound ones verify, a changed byte anywhere is found, and a second verifier agrees."""

import json
import random
import shutil

import verifier
from blolib.programs import FAILED, OK, TESTS, UNVERIFIED, USAGE, audit
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
        """blo-audit and the verifier give one verdict, for the same reasons. Gives the verdict back."""
        done = audit(folder, self.trusted, "--json", expect={OK, UNVERIFIED})
        ours, theirs = verifier.verify(folder, self.trusted), done.json()
        self.assertEqual(theirs["verified"], done.code == OK, about)
        self.assertEqual(theirs["verified"], ours["verified"], f"{about}: {theirs['findings']} {ours['findings']}")
        codes, codes_of_ours = ({finding["code"] for finding in verdict["findings"]} for verdict in (theirs, ours))
        if "E-UNREADABLE" in codes_of_ours:
            # blo-audit also judges what stands before the place where reading ends; the verifier does not.
            self.assertLessEqual(codes_of_ours, codes, about)
        else:
            self.assertEqual(codes, codes_of_ours, about)
        return theirs

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
            for one, other in zip(theirs["journals"], verifier.verify(folder, self.trusted)["journals"], strict=True):
                for field in ("origin", "size", "root", "receipted", "messages", "records"):
                    self.assertEqual(one[field], other[field], field)
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
        for add in (lambda copy: (copy / _THERE / "notes.txt").write_text("hello"),
                    lambda copy: (copy / "stray").write_text(""),
                    lambda copy: (copy / _THERE / "tile/0/link").symlink_to("000.p/2")):
            copy = self._copy(folder)
            add(copy)
            self.assertEqual(["E-EXTRA"], [finding["code"] for finding in self._assert_agreement(copy, add)["findings"]])
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
