"""A journal's key is replaced: the journal goes on in its next generation, and everything before stays what it was."""

import shutil

import verifier
from blolib.programs import AUDITED, NOT_AUTHORISED, NOT_WHOLE, REFUSED, audit
from blolib.waiting import until
from blolib.world import TJ, UZ, WorldTest


def generations(office, counterpart):
    shown = office.json("pair", "show", counterpart.id)
    return shown["ourGeneration"], shown["theirGeneration"]


class Generation(WorldTest):
    def _renewed(self):
        """Oybek's journal in its second generation, a message in each; Fotehobod has both."""
        uz, tj = self.offices()
        uz.alert(tj, "--wait", 60, marker="before")
        self.assert_receipted(uz, tj)
        uz.blo("pair", "renew", TJ)
        uz.alert(tj, "--wait", 60, marker="after")
        return uz, tj

    def assert_receipted(self, office, counterpart):
        def settled():
            status = office.pair_status(counterpart)
            return status["sent"] == status["receipted"]
        until(settled, "the counterpart has everything")

    def test_a_renewed_journal_goes_on_and_keeps_what_was(self):
        uz, tj = self._renewed()
        self.assertEqual((generations(uz, tj), generations(tj, uz)), ((2, 1), (1, 2)))
        numbers = [message["number"] for message in tj.inbox()]
        self.assertEqual(numbers, [f"{UZ}/{TJ}/2/2", f"{UZ}/{TJ}/2"])
        self.assertEqual([message["number"] for message in uz.outbox()], numbers)
        for office in (uz, tj):
            office.kill()
            office.start()
        for number, said in zip(numbers, ("after", "before"), strict=True):
            self.assertIn(said, tj.blo("show", number).out)
        self.assert_works(uz, tj)
        # And once more, by the other office.
        self.assert_receipted(tj, uz)
        tj.blo("pair", "renew", UZ)
        self.assert_works(uz, tj)
        self.assertEqual(generations(uz, tj), (2, 2))

    def test_what_waits_for_a_receipt_is_delivered_first(self):
        uz, tj = self.offices()
        uz.alert(tj, "--wait", 60)
        tj.stop()
        uz.alert(tj, marker="waits")
        failed = uz.json("pair", "renew", TJ, expect=REFUSED)["error"]
        self.assertEqual("unreceipted", failed["reason"])
        tj.start()
        self.assert_receipted(uz, tj)
        uz.blo("pair", "renew", TJ)
        self.assert_works(uz, tj)

    def test_the_security_officer_renews_and_the_trail_says_so(self):
        uz, tj = self.offices()
        uz.add_officer("auditova", "auditor")
        uz.add_officer("yusupov", "security-officer")
        self.assert_receipted(uz, tj)
        uz.blo("--as", "karimov", "pair", "renew", TJ, expect=NOT_AUTHORISED)
        uz.blo("--as", "yusupov", "pair", "renew", TJ)
        acts = uz.json("--as", "auditova", "trail", "--limit", 100)["acts"]
        said = [(act["officer"].split()[0], act["subject"], act["refused"]) for act in acts[::-1] if act["what"] == "pair renew"]
        self.assertEqual(said, [("karimov", TJ, True), ("yusupov", TJ, False)])

    def _exports(self):
        uz, tj = self._renewed()
        tj.alert(uz, "--wait", 60, marker="an answer")
        self.trusted = [office.authority / "authority.pem" for office in (uz, tj)]
        return [uz.export("of-uz", "--counterpart", TJ), tj.export("of-tj", "--counterpart", UZ)]

    def _codes(self, folder):
        done = audit(folder, self.trusted, "--json", expect=AUDITED).json()
        ours = verifier.verify(folder, self.trusted)
        codes = {finding["code"] for finding in done["findings"]}
        self.assertEqual(codes, {finding["code"] for finding in ours["findings"]})
        return codes

    def test_an_auditor_verifies_all_generations(self):
        for folder in self._exports():
            done = audit(folder, self.trusted)
            self.assertTrue(done.out.startswith("VERIFIED: 3 journals"), done.out)
            self.assertIn(f"live/{UZ}/{TJ}/2", done.out)
            self.assertEqual(self._codes(folder), set())

    def test_an_export_without_an_earlier_generation_says_so(self):
        folder, _ = self._exports()
        shutil.rmtree(folder / f"live_{UZ}_{TJ}_1")
        self.assertEqual(self._codes(folder), set())
        self.assertTrue(audit(folder, self.trusted, expect=NOT_WHOLE).out.startswith(
            f"VERIFIED, BUT NOT WHOLE: missing: the journal live/{UZ}/{TJ}/1\n"))

    def test_a_generation_cut_short_after_it_was_closed_is_found(self):
        uz, tj = self.offices()
        uz.alert(tj, "--wait", 60, marker="the only one that is shown")
        early = uz.export("early")
        uz.alert(tj, "--wait", 60, marker="left out")
        self.assert_receipted(uz, tj)
        uz.blo("pair", "renew", TJ)
        uz.alert(tj, "--wait", 60, marker="after")
        self.trusted = [office.authority / "authority.pem" for office in (uz, tj)]
        folder = uz.export("late")
        shutil.rmtree(folder / f"live_{UZ}_{TJ}_1")
        shutil.copytree(early / f"live_{UZ}_{TJ}_1", folder / f"live_{UZ}_{TJ}_1")
        self.assertIn("E-GENERATION", self._codes(folder))
