"""What one person can do, and who sees it: officers who do not exist, a policy taken back, a hold lifted, an alarm
made to go away."""

import json

from blolib.programs import NOT_AUTHORISED, REFUSED
from blolib.waiting import until
from blolib.world import WorldTest


class People(WorldTest):
    def alarm(self, office, code, about="UZ-OYBEK"):
        found = [alarm for alarm in office.json("alarms")["alarms"] if alarm["code"] == code and about in alarm["subject"]]
        self.assertLessEqual(len(found), 1, "one open alarm of a kind and counterpart")
        return found[0] if found else None

    def ghosts(self):
        """Two officers that root certified, without any officer's key: one has sent, the other released."""
        uz, tj = self.offices()
        self.assert_works(uz, tj)
        self.assertEqual([[], []], [office.json("alarms")["alarms"] for office in (uz, tj)])
        uz.blo("policy", "set", tj.id, "--release", "any")
        uz.add_officer("ghost", "operator")
        uz.add_officer("shade", "releaser")
        draft = uz.alert(tj, "--as", "ghost", "--json").json()["draft"]
        number = uz.json("release", draft, "--yes", "--as", "shade")["number"]
        until(lambda: number in [message["number"] for message in tj.inbox()], "it is there")
        return uz, tj

    def test_officers_certified_by_one_person_are_an_alarm_at_both_offices(self):
        uz, tj = self.ghosts()
        ours, theirs = self.alarm(uz, "officer-introduced"), self.alarm(tj, "officer-introduced")
        self.assertEqual((uz.id, uz.id), (ours["subject"], theirs["subject"]))
        for sentence in (ours["sentence"], theirs["sentence"]):
            for who in ("officer 2 (operator)", "officer 3 (releaser)"):
                self.assertIn(who, sentence)
            self.assertNotIn("ghost", sentence)  # alarms are kept, and names can be forgotten
        self.assertIn("the user blod runs as", ours["sentence"])
        self.assertIn(f"blo pair show {uz.id}", theirs["nextStep"])

    def test_pair_show_lists_who_may_speak_and_what_is_asked_since_when(self):
        uz, tj = self.ghosts()
        shown = tj.json("pair", "show", uz.id)
        listed = {officer["person"]: officer for officer in shown["theirOfficers"]}
        self.assertEqual([1, 2, 3], sorted(listed))
        self.assertEqual((f"ghost of {uz.id}", "Customs", ["operator"]),
                         (listed[2]["name"], listed[2]["agency"], listed[2]["roles"]))
        self.assertLessEqual(listed[1]["since"], listed[3]["since"])
        self.assertEqual(3, shown["theirOfficersInAll"])
        self.assertEqual(["any"], shown["theirPolicy"]["release"])
        self.assertTrue(shown["theirPolicy"]["since"])
        self.assertIsNone(shown["ourPolicy"]["since"])
        mine = uz.json("pair", "show", tj.id)
        self.assertEqual([1, 2, 3], sorted(officer["person"] for officer in mine["ourOfficers"]))
        text = tj.blo("pair", "show", uz.id).out
        for line in (f"ghost of {uz.id} (Customs)", f"shade of {uz.id} (Customs)", "a second officer releases: any"):
            self.assertIn(line, text)
        before = shown["theirOfficers"]
        tj.stop()
        tj.start()
        self.assertEqual(before, tj.json("pair", "show", uz.id)["theirOfficers"])
        uz.blo("officer", "revoke", 2, "--reason", "other")
        until(lambda: {1, 3} == {officer["person"] for officer in tj.json("pair", "show", uz.id)["theirOfficers"]},
              "who was revoked may not speak")

    def test_an_alarm_about_officers_is_not_the_officers_to_acknowledge(self):
        uz, tj = self.ghosts()
        tj.add_officer("security", "security-officer")
        alarm = self.alarm(tj, "officer-introduced")["alarm"]
        refused = tj.json("ack", alarm, "all is well", "--as", "rahimov", expect=NOT_AUTHORISED)["error"]
        self.assertIn("security officer", refused["sentence"])
        self.assertTrue(self.alarm(tj, "officer-introduced"))
        tj.blo("ack", alarm, "F. Rahimov knows nothing of them", "--as", "security")
        self.assertIsNone(self.alarm(tj, "officer-introduced"))

    def test_a_policy_taken_back_is_an_alarm_at_both_offices(self):
        uz, tj = self.offices()
        uz.blo("policy", "set", tj.id, "--release", "any", "--purpose")
        uz.blo("policy", "set", tj.id, "--release", "any", "--no-purpose")
        until(lambda: self.alarm(tj, "policy-weakened"), "theirs")
        self.assertEqual(uz.id, self.alarm(tj, "policy-weakened")["subject"])
        self.assertTrue(self.alarm(uz, "policy-weakened", f"this office for {tj.id}"))

    def test_following_ends_when_a_policy_asks_for_a_purpose(self):
        uz, tj = self.offices()
        silent = tj.popen("inbox", "--follow", "--json")
        stated = tj.popen("inbox", "--follow", "--json", "--purpose", "on duty at the gate")
        number = uz.alert(tj, "--wait", 60, "--json").json()["number"]
        for process in (silent, stated):
            self.assertEqual(number, json.loads(process.stdout.readline())["number"])
        tj.blo("policy", "set", uz.id, "--no-release", "--purpose")
        self.assertEqual("purpose-needed", json.loads(silent.stdout.readline())["error"]["reason"])
        self.assertEqual(REFUSED, silent.wait(60))
        again = uz.alert(tj, "--wait", 60, "--json").json()["number"]
        self.assertEqual(again, json.loads(stated.stdout.readline())["number"])
        stated.kill()
        for process in (silent, stated):
            process.communicate()

    def test_a_hold_is_lifted_by_who_placed_it_or_a_security_officer(self):
        uz, tj = self.offices()
        number = uz.alert(tj, "--wait", 60, "--json").json()["number"]
        for name, role in (("placer", "releaser"), ("other", "releaser"), ("security", "security-officer")):
            tj.add_officer(name, role)
        for lifts in ("placer", "security"):
            tj.blo("hold", "place", number, "--reason", "a court", "--as", "placer")
            lift = ["hold", "lift", number, "--reason", "the court is done"]
            refused = tj.json(*lift, "--as", "other", expect=NOT_AUTHORISED)["error"]
            self.assertIn("who placed it", refused["sentence"])
            tj.blo(*lift, "--as", lifts)
