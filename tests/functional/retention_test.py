"""Contents whose time is over are destroyed on both sides, and stay so; what a hold keeps is kept."""

import datetime
import shutil

import verifier
from blolib.disaster import DisasterTest
from blolib.programs import NOT_AUTHORISED, NOT_CONFIGURED, NOT_FOUND, REFUSED, USAGE, audit, judge
from blolib.stores import left_on_disk, query
from blolib.waiting import until
from blolib.world import TJ, UZ, Office, pair

BASIS = "Act 12 of 2026, article 4"
RULES = f'[retention]\nalert = {{ keep = "1s", basis = "{BASIS}" }}\n'


def in_an_hour():
    return (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")


class RetentionTest(DisasterTest):
    def configured(self, uz_rules=RULES, tj_rules=""):
        uz, tj = self.world.office(UZ), self.world.office(TJ)
        for office, officer, rules in ((uz, "karimov", uz_rules), (tj, "rahimov", tj_rules)):
            (office.home / "blod.toml").write_text(rules)
            office.start()
            office.add_officer(officer, "operator", "security-officer")
        pair(uz, tj)
        return uz, tj

    def send(self, office, to, marker):
        return office.alert(to, "--wait", 60, "--json", marker=marker).json()["number"]

    def until_due(self, office, count):
        return until(lambda: (found := office.json("retention", "preview"))["due"] == count and found, f"{count} are due")

    def bodies(self, office):
        """Everything by which the store holds contents of messages: the sealed bodies and their wrapped keys."""
        rows = query(office, "SELECT sealed, wrapped_key FROM body JOIN entry USING (place) WHERE kind BETWEEN 1 AND 4")
        return [part for row in rows for part in row]

    def assert_nowhere(self, office, parts):
        self.assertTrue(parts)
        self.assertEqual([], left_on_disk(office, parts))

    def assert_verifies(self, office, *others):
        """Both verifiers find nothing, whatever was destroyed."""
        folder = office.export(f"{office.home.name}-export-{len(list(self.world.folder.iterdir()))}")
        authorities = [one.authority / "authority.pem" for one in (office, *others)]
        audit(folder, authorities)
        self.assertEqual([], verifier.verify(folder, authorities)["findings"])
        return folder

    def until_receipted(self, office, counterpart):
        until(lambda: (status := office.pair_status(counterpart))["sent"] == status["receipted"], "all is receipted")


class Retention(RetentionTest):
    def test_what_the_rules_let_go_is_nowhere_on_either_disk(self):
        uz, tj = self.configured()
        number = self.send(uz, tj, "the van of a person who was cleared")
        acted = tj.json("acted", number, "no-hit", "--text", "the person was cleared", "--wait", 60)["number"]
        kept = self.send(tj, uz, "what has no rule at its sender's")
        parts = {office: self.bodies(office) for office in (uz, tj)}
        found = self.until_due(uz, 3)
        self.assertEqual([{"kind": "alert", "keptSeconds": 1, "basis": BASIS}], found["rules"])
        self.assertEqual({number, acted, kept}, {one["number"] for one in found["messages"]})
        self.assertIn("cleared", uz.blo("show", number).out)  # a preview destroys nothing

        self.assertEqual(3, uz.json("retention", "apply", "--as", "karimov")["erased"])
        for one in (number, kept, acted):
            shown = uz.json("show", one)
            self.assertEqual((True, {}), (shown["erased"], shown["content"] or {}), one)
            self.assertEqual([(UZ, BASIS, 1)], [(said["by"], said["rule"], said["person"]) for said in shown["erasures"]])
        self.assertIn(f"content destroyed by {UZ}", uz.blo("show", number).out)
        self.until_receipted(uz, tj)
        shown = tj.json("show", number)
        self.assertEqual((True, "acted", False), (shown["erased"], shown["state"], shown["erasures"][0]["copy"]))
        # What the other side said is destroyed in the copy here; the other side keeps its own, and is told.
        self.assertIn("what has no rule", tj.blo("show", kept).out)
        self.assertTrue(tj.json("show", kept)["erasures"][0]["copy"])
        self.assertIn("the person was cleared", tj.blo("show", acted).out)
        # Both run: the log is searched, too, which a stop would take away.
        for office in (uz, tj):
            self.assertTrue((office.home / "store.db-wal").exists())
        self.assert_nowhere(uz, parts[uz])
        database = [part for part in parts[tj] if part not in self.bodies(tj)]
        self.assertEqual(2, len(database))
        self.assert_nowhere(tj, database)
        for office in (uz, tj):
            office.stop()
            office.start()
        self.assertTrue(uz.json("show", number)["erased"])
        self.assertEqual((0, 0), (uz.json("retention", "preview")["due"], uz.json("retention", "apply")["erased"]))
        self.assert_verifies(uz, tj)
        self.assert_verifies(tj, uz)
        self.assert_works(uz, tj)

    def test_what_is_destroyed_is_proven_all_the_same_and_disclosed_no_more(self):
        uz, tj = self.configured()
        number = self.send(uz, tj, "cleared")
        self.until_due(uz, 1)
        uz.blo("retention", "apply")
        self.until_receipted(uz, tj)
        authorities = [office.authority / "authority.pem" for office in (uz, tj)]
        for office in (uz, tj):
            file = self.world.path(f"{office.id}.evidence")
            office.blo("evidence", number, "--out", file, "--disclose", expect=REFUSED)
            office.blo("evidence", number, "--out", file)
            judge(file, authorities)

    def test_only_what_the_counterpart_has_is_destroyed(self):
        uz, tj = self.configured()
        first = self.send(uz, tj, "arrived")
        tj.stop()
        queued = uz.alert(tj, "--json", marker="still to arrive").json()["number"]
        self.until_due(uz, 1)
        uz.blo("retention", "apply")
        self.assertEqual([False, True], [uz.json("show", number)["erased"] for number in (queued, first)])
        tj.start()
        until(lambda: len(tj.inbox()) == 2, "both are there")
        self.assertIn("still to arrive", tj.blo("show", queued).out)

    def test_without_rules_nothing_is_destroyed_and_an_operator_destroys_nothing(self):
        uz, tj = self.configured(uz_rules=RULES, tj_rules="")
        self.send(uz, tj, "for ever")
        for what in ("preview", "apply"):
            self.assertIn("[retention]", tj.blo("retention", what, expect=REFUSED).err)
        uz.add_officer("saidov", "operator")
        self.until_due(uz, 1)
        uz.blo("retention", "apply", "--as", "saidov", expect=NOT_AUTHORISED)
        self.assertEqual(1, uz.json("retention", "preview")["due"])

    def test_a_message_is_kept_until_its_validity_is_over(self):
        uz, tj = self.configured()
        held_on = uz.alert(tj, "--wait", 60, "--json", "--expires", in_an_hour(), marker="valid for an hour").json()["number"]
        over = self.send(uz, tj, "over")
        self.until_due(uz, 1)
        self.assertEqual(1, uz.json("retention", "apply")["erased"])
        self.assertEqual([False, True], [uz.json("show", number)["erased"] for number in (held_on, over)])

    def test_a_rule_that_is_none_stops_the_start(self):
        for wrong, about in (('alert = "1d"', "alert"), ('alert = { keep = "1 year", basis = "b" }', "keep"),
                             ('alert = { keep = "1d" }', "basis"), ('opened = { keep = "1d", basis = "b" }', "opened"),
                             ('alert = { basis = "b" }', "keep"), ('alert = { keep = "1d", basis = "b", why = "" }', "why"),
                             ('alert = { keep = "99999d", basis = "b" }', "99999d"),
                             ('alert = { keep = "1d", basis = "é" }', "basis")):
            with self.subTest(wrong):
                uz = self.world.office(UZ, name=f"wrong-{abs(hash(wrong))}")
                (uz.home / "blod.toml").write_text(f"[retention]\n{wrong}\n")
                self.assertEqual(NOT_CONFIGURED, uz.start_only().wait())
                self.assertIn(about, uz.log.read_text())

    def test_an_old_backup_does_not_bring_it_back(self):
        uz, tj = self.configured(tj_rules="")
        gone, copied = self.send(uz, tj, "destroyed since the backup"), self.send(tj, uz, "a copy destroyed since")
        kept = uz.alert(tj, "--wait", 60, "--json", "--expires", in_an_hour(), marker="kept").json()["number"]
        key, file = self.world.path("backup.key"), self.world.path("office.backup")
        uz.blo("backup", "create-key", UZ, "--out", key, "--no-passphrase")
        uz.blo("backup", "--to", key.with_suffix(".pub"), "--out", file)
        parts = self.bodies(uz)
        self.until_due(uz, 2)
        self.assertEqual(2, uz.json("retention", "apply")["erased"])
        self.until_receipted(uz, tj)
        tj.stop()
        uz.kill()
        again = Office(self.world, UZ, uz.network, "restored")
        again.officers, again.address = uz.officers, uz.address
        again.blo("restore", file, "--key", key)
        shutil.copy2(uz.home / "office.key", again.home)
        self.world.offices.append(again)
        again.start()
        # Until the counterpart has said what was destroyed since, nothing is read.
        for number in (gone, kept, copied):
            self.assertIn("erased since", again.blo("show", number, expect=REFUSED).err)
        self.assertEqual([(True, "")], [(one["withheld"], one["summary"]) for one in again.inbox()])
        tj.start()
        self.until_given_back(again, tj)
        self.go_on(again, tj)
        self.assertEqual([True, True, False], [again.json("show", number)["erased"] for number in (gone, copied, kept)])
        self.assertIn("kept", again.blo("show", kept).out)
        again.stop()
        left = self.bodies(again)
        self.assert_nowhere(again, [part for part in parts if part not in left])
        again.start()
        self.assert_works(again, tj)
        self.assert_verifies(again, tj)

    def test_who_lost_everything_is_not_given_it_back(self):
        uz, tj = self.configured()
        gone, copied = self.send(uz, tj, "destroyed before"), self.send(tj, uz, "a copy destroyed before")
        kept = uz.alert(tj, "--wait", 60, "--json", "--expires", in_an_hour(), marker="kept").json()["number"]
        parts = self.bodies(uz)
        self.until_due(uz, 2)
        uz.blo("retention", "apply")
        self.until_receipted(uz, tj)
        uz.stop()
        self.lose(uz)
        uz.start()
        self.pair_after_loss(uz, tj)
        self.go_on(uz, tj)
        self.assertEqual([True, True, False], [uz.json("show", number)["erased"] for number in (gone, copied, kept)])
        self.assertIn("kept", uz.blo("show", kept).out)
        uz.stop()
        left = self.bodies(uz)
        self.assertEqual(2, len(left))
        self.assert_nowhere(uz, [part for part in parts if part not in left])
        uz.start()
        self.assert_works(uz, tj)

    def test_a_rolled_back_disk_does_not_bring_it_back(self):
        uz, tj = self.configured(tj_rules=RULES)
        gone, copied = self.send(uz, tj, "destroyed since"), self.send(tj, uz, "a copy destroyed since")
        uz.stop()
        old = (uz.home / "store.db").read_bytes()
        parts = self.bodies(uz)
        uz.start()
        self.until_due(uz, 2)
        uz.blo("retention", "apply")
        self.until_receipted(uz, tj)
        uz.stop()
        for file in uz.home.glob("store.db*"):
            file.unlink()
        (uz.home / "store.db").write_bytes(old)
        (uz.home / "store.db").chmod(0o600)
        uz.start()
        self.until_given_back(uz, tj)
        self.go_on(uz, tj)
        self.assertEqual([True, True], [uz.json("show", number)["erased"] for number in (gone, copied)])
        uz.stop()
        self.assert_nowhere(uz, parts)
        uz.start()
        self.assert_works(uz, tj)


class Hold(RetentionTest):
    def hold(self, office, number, *arguments, **options):
        return office.blo("hold", "place", number, "--reason", "asked for by the prosecutor of Tashkent", *arguments, **options)

    def test_a_hold_keeps_what_the_rules_would_let_go(self):
        uz, tj = self.configured()
        number = self.send(uz, tj, "in a court's hands")
        acted = tj.json("acted", number, "hit", "--text", "arrested", "--wait", 60)["number"]
        self.hold(uz, number)
        found = until(lambda: (one := uz.json("retention", "preview"))["held"] == 2 and one, "both are held")
        self.assertEqual((0, [True, True]), (found["due"], [one["held"] for one in found["messages"]]))
        self.assertEqual(0, uz.json("retention", "apply")["erased"])
        self.assertIn("in a court's hands", uz.blo("show", number).out)
        listed, = uz.json("hold", "list")["holds"]
        self.assertEqual((number, 1, "asked for by the prosecutor of Tashkent", False),
                         tuple(listed[name] for name in ("number", "person", "reason", "erasureWaits")))
        self.assertEqual((True, 1), (uz.outbox()[0]["held"], uz.json("show", number)["hold"]["person"]))
        uz.stop()
        uz.start()
        self.hold(uz, number, expect=REFUSED)
        uz.blo("hold", "lift", number, "--reason", "the sentence is final")
        uz.blo("hold", "lift", number, "--reason", "again", expect=NOT_FOUND)
        self.assertEqual([], uz.json("hold", "list")["holds"])
        self.assertEqual(2, uz.json("retention", "apply")["erased"])
        self.assertTrue(uz.json("show", acted)["erased"])
        self.hold(uz, number, expect=REFUSED)  # there is nothing to keep any more

    def test_a_hold_stands_against_the_counterparts_erasure_until_it_is_lifted(self):
        uz, tj = self.configured()
        number = self.send(uz, tj, "evidence in Khujand")
        self.hold(tj, number)
        self.until_due(uz, 1)
        uz.blo("retention", "apply")
        self.until_receipted(uz, tj)
        self.assertTrue(uz.json("show", number)["erased"])
        self.assertIn("evidence in Khujand", tj.blo("show", number).out)
        self.assertTrue(tj.json("hold", "list")["holds"][0]["erasureWaits"])
        alarm = until(lambda: next((one for one in uz.json("alarms")["alarms"] if one["code"] == "refused-by-counterpart"),
                                   None), "the sender is told")
        self.assertIn("a legal hold keeps", alarm["sentence"])
        folder = self.assert_verifies(tj, uz)
        self.assertIn("a legal hold keeps", audit(folder, [one.authority / "authority.pem" for one in (uz, tj)]).out)
        self.assertEqual(1, tj.pair_status(uz)["refused"])
        parts = self.bodies(tj)
        self.assertIn("is destroyed", tj.blo("hold", "lift", number, "--reason", "the sentence is final").out)
        shown = tj.json("show", number)
        self.assertEqual([(TJ, BASIS, True)], [(one["by"], one["rule"], one["copy"]) for one in shown["erasures"]])
        self.assertTrue(shown["erased"])
        self.until_receipted(tj, uz)
        tj.stop()
        left = self.bodies(tj)  # that it was opened
        self.assert_nowhere(tj, [part for part in parts if part not in left])
        tj.start()
        self.assert_verifies(tj, uz)
        self.assert_works(uz, tj)

    def test_holding_needs_the_role_a_reason_and_a_message(self):
        uz, tj = self.configured()
        number = self.send(uz, tj, "wanted")
        uz.add_officer("saidov", "operator")
        self.hold(uz, number, "--as", "saidov", expect=NOT_AUTHORISED)
        uz.blo("hold", "place", number, "--reason", "", "--as", "karimov", expect=USAGE)
        self.hold(uz, f"{UZ}/{TJ}/1", "--as", "karimov", expect=NOT_FOUND)  # a certificate
        self.hold(uz, f"{UZ}/{TJ}/99", "--as", "karimov", expect=NOT_FOUND)
        self.assertEqual([], uz.json("hold", "list", "--as", "saidov")["holds"])
