"""Three verdicts: what holds, what holds and shows that it is not all, and what does not hold. All reports say the same one."""

import json
import shutil

from blolib.agreement import agreed
from blolib.page import Page
from blolib.programs import AUDIT_CODES, AUDITED, NOT_WHOLE, OK, TESTS, UNVERIFIED, USAGE, audit, run
from blolib.world import TJ, UZ, WorldTest

_BUNDLES = TESTS / "bundles"
_TONES = {"VERIFIED": "good", "VERIFIED, BUT NOT WHOLE": "careful", "NOT VERIFIED": "bad"}
_THERE, _BACK = f"live_{UZ}_{TJ}_1", f"live_{TJ}_{UZ}_1"


class LeftOut(WorldTest):
    """From exports of daemons, as whoever carries them might."""

    def _exported(self):
        uz, tj = self.offices()
        uz.alert(tj, "--wait", 60, marker="first")
        tj.alert(uz, "--wait", 60, marker="which names what was receipted")
        uz.alert(tj, "--wait", 60, marker="which names the answer")
        self.trusted = [office.authority / "authority.pem" for office in (uz, tj)]
        folder = tj.export("export")
        whole = audit(folder, self.trusted, "--json").json()
        self.assertEqual(("VERIFIED", []), (whole["verdict"], whole["missing"]))
        return folder

    def _copy(self, folder):
        copy = self.world.path("copy")
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(folder, copy)
        return copy

    def test_the_opposite_journal(self):
        folder = self._exported()
        for left_out in (_THERE, _BACK):
            copy, origin = self._copy(folder), left_out.replace("_", "/")
            shutil.rmtree(copy / left_out)
            said = audit(copy, self.trusted, expect=NOT_WHOLE)
            self.assertTrue(said.out.startswith(f"VERIFIED, BUT NOT WHOLE: missing: the journal {origin}\n"), said.out)
            self.assertIn("  missing     " + origin + " is not in this export: stamps from entry", said.out)
            verdict = agreed(self, copy, self.trusted, left_out)
            self.assertEqual([], verdict["findings"])
            self.assertEqual([("journal", origin)], [(one["what"], one["origin"]) for one in verdict["missing"]])

    def test_what_the_reader_knows_to_be_left_out_is_told_alone(self):
        copy, origin = self._copy(self._exported()), _THERE.replace("_", "/")
        shutil.rmtree(copy / _THERE)
        for words in (["verify", copy], ["show", copy]):
            trust = [word for one in self.trusted for word in ("--authority", one)]
            said = run("blo-audit", *words, *trust, "--without", origin)
            self.assertTrue(said.out.startswith("VERIFIED: 1 journal, nothing found\n"), said.out)
            self.assertIn("as the command line says", said.out)
            run("blo-audit", *words, *trust, "--without", f"live/{UZ}/KZ-ATAMEKEN/1", expect=NOT_WHOLE)
            run("blo-audit", *words, *trust, "--without", _THERE, expect=USAGE)

    def test_a_finding_that_what_is_missing_may_explain_is_said_to_be_one(self):
        """Without the journal that refuses a malformed entry, nothing shows that it was refused."""
        bundle, copy = _BUNDLES / "valid-refused", self.world.path("copy")
        shutil.copytree(bundle, copy)
        shutil.rmtree(copy / _BACK)
        said = audit(copy, [_BUNDLES / "UZ.pem", _BUNDLES / "TJ.pem"], expect=UNVERIFIED).out
        self.assertTrue(said.startswith(f"NOT VERIFIED: 1 finding; missing: the journal live/{TJ}/{UZ}/1\n"), said)
        self.assertIn("What is missing may explain a finding", said)

    def test_receipts_that_stamps_speak_of(self):
        copy = self._copy(self._exported())
        shutil.rmtree(copy / _THERE / "receipts")
        checkpoint = copy / _THERE / "checkpoint"
        checkpoint.write_text(checkpoint.read_text().partition(f"— live/{TJ} ")[0])
        said = audit(copy, self.trusted, expect=NOT_WHOLE)
        self.assertTrue(said.out.startswith(f"VERIFIED, BUT NOT WHOLE: missing: receipts for live/{UZ}/{TJ}/1\n"), said.out)
        self.assertIn(f"stamps of {TJ} say that it receipted the first", said.out)
        origin = _THERE.replace("_", "/")  # which is there: it is not known to be left out
        audit(copy, self.trusted, "--without", origin, expect=NOT_WHOLE)
        agreed(self, copy, self.trusted)


class EveryReport(WorldTest):
    def test_says_one_verdict(self):
        """Of every bundle there is: the first line, the object, the page and its title, show's lines, the exit code."""
        seen = set()
        for bundle in sorted(path for path in _BUNDLES.iterdir() if path.name.startswith(("valid-", "partial-", "broken-"))):
            made_apart = bundle.name == "valid-pair"
            folder = bundle / "export" if made_apart else bundle
            trusted = [(bundle if made_apart else _BUNDLES) / f"{country}.pem" for country in ("UZ", "TJ")]
            html = self.world.path("report.html")
            done = audit(folder, trusted, "--json", "--html", html, expect=AUDITED)
            verdict = done.json()["verdict"]
            seen.add(verdict)
            self.assertEqual((AUDIT_CODES[verdict], verdict == "VERIFIED"), (done.code, done.json()["verified"]), bundle.name)
            first = audit(folder, trusted, expect=done.code).out.splitlines()[0]
            page = Page(html.read_text())
            self.assertEqual(verdict, first.partition(":")[0], bundle.name)
            self.assertEqual([first, f"{first} - Audit of an export", _TONES[verdict]], [page.verdict, page.title, page.tone], bundle.name)
            trust = [word for one in trusted for word in ("--authority", one)]
            lines = [json.loads(line) for line in run("blo-audit", "show", folder, *trust, "--json", expect=done.code).out.splitlines()]
            self.assertEqual([verdict] * 2, [lines[0]["verdict"], lines[-1]["verdict"]], bundle.name)
            if bundle.name.startswith("partial-"):
                self._with_itself(folder, trust, bundle.name)
        self.assertEqual(set(AUDIT_CODES), seen)

    def _with_itself(self, folder, trust, name):
        """What both of two exports lack, they lack together; an audit trail alone is nothing to reconcile."""
        diff = run("blo-audit", "diff", folder, folder, *trust, expect=NOT_WHOLE).out
        self.assertTrue(diff.startswith("B EXTENDS A, BUT NOT WHOLE: missing: "), name)
        lines = [json.loads(line) for line in run("blo-audit", "diff", folder, folder, *trust, "--json", expect=NOT_WHOLE).out.splitlines()]
        for line in lines[0], lines[-1]:
            self.assertEqual(("B EXTENDS A, BUT NOT WHOLE", False), (line["verdict"], line["verified"]), name)
        if "_trail_" in " ".join(path.name for path in folder.iterdir()):
            return
        done = run("blo-audit", "reconcile", folder, folder, *trust, "--json", expect=NOT_WHOLE).json()
        self.assertEqual(("THE EXPORTS AGREE, BUT NOT WHOLE", False), (done["verdict"], done["verified"]), name)

    def test_what_one_of_two_exports_lacks_the_other_may_have(self):
        whole = _BUNDLES / "valid-both-directions"
        part = _BUNDLES / "partial-opposite-journal-left-out"
        trust = [word for country in ("UZ", "TJ") for word in ("--authority", _BUNDLES / f"{country}.pem")]
        for folders in (whole, part), (part, whole):
            done = run("blo-audit", "reconcile", *folders, *trust)
            self.assertTrue(done.out.startswith("THE EXPORTS AGREE\n"), done.out)
            self.assertIn("VERIFIED, BUT NOT WHOLE", done.out)
        self.assertTrue(run("blo-audit", "diff", part, whole, *trust, expect=OK).out.startswith("B EXTENDS A\n"))
