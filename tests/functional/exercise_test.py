"""The exercise network: marked on every screen, and apart from the live one."""

from blolib.programs import OK, UNVERIFIED, audit
from blolib.world import TJ, UZ, WorldTest, invite, pair


class Exercise(WorldTest):
    def exercise(self):
        uz, tj = self.world.office(UZ, "exercise"), self.world.office(TJ, "exercise")
        for office, officer in ((uz, "karimov"), (tj, "rahimov")):
            office.start()
            office.add_officer(officer)
        pair(uz, tj)
        return uz, tj

    def test_every_screen_and_every_verdict_says_so(self):
        uz, tj = self.exercise()
        sent = uz.alert(tj, "--wait", 60)
        number = tj.inbox()[0]["number"]
        screens = [sent, tj.blo("inbox"), tj.blo("show", number), uz.blo("outbox"), uz.blo("status"), uz.blo("alarms"),
                   uz.blo("pair", "list"), uz.blo("officer", "list"),
                   uz.blo("journal", "export", self.world.path("seen"))]
        for screen in screens:
            self.assertEqual("EXERCISE - not real", screen.out.splitlines()[0], screen)
            self.assertEqual(1, screen.out.count("EXERCISE"), screen)
        self.assertEqual("exercise", uz.status()["network"])
        for folder in self.world.path("seen").iterdir():
            self.assertTrue(folder.name.startswith("exercise_"), folder)
        authorities = [self.world.authority(country, "exercise") / "authority.pem" for country in ("UZ", "TJ")]
        verdict = audit(self.world.path("seen"), authorities).out.splitlines()[0]
        self.assertTrue(verdict.startswith("VERIFIED:") and verdict.endswith("(EXERCISE - not real)"), verdict)

    def test_what_is_live_is_not_marked(self):
        uz, tj = self.offices()
        self.assertNotIn("EXERCISE", uz.alert(tj, "--wait", 60).text + tj.blo("inbox").text + uz.blo("status").text)

    def test_live_and_exercise_do_not_pair(self):
        uz, tj = self.world.office(UZ).start(), self.world.office(TJ, "exercise").start()
        of_uz, of_tj = invite(uz, tj), invite(tj, uz)
        self.assertNotEqual(OK, uz.blo("pair", "accept", of_tj, expect=None).code)
        self.assertNotEqual(OK, tj.blo("pair", "accept", of_uz, expect=None).code)
        self.assertEqual("invited", uz.pair_status(tj)["state"])

    def test_a_live_authority_vouches_for_no_exercise(self):
        uz, tj = self.exercise()
        uz.alert(tj, "--wait", 60)
        folder = uz.export("export")
        audit(folder, [self.world.authority(country) / "authority.pem" for country in ("UZ", "TJ")], expect=UNVERIFIED)
