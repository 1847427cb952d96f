"""Alarms stay until an officer acknowledges them with a sentence."""

import shutil

from blolib.programs import NOT_AUTHORISED, NOT_FOUND, USAGE
from blolib.waiting import until
from blolib.world import WorldTest


class Alarms(WorldTest):
    def restored(self):
        """The offices after Oybek went on with an old copy of its store."""
        uz, tj = self.offices()
        uz.alert(tj, "--wait", 60)
        uz.stop()
        copy = self.world.path("old-store")
        copy.mkdir()
        for file in uz.home.glob("store.db*"):
            shutil.copy(file, copy / file.name)
        uz.start()
        uz.alert(tj, "--wait", 60)
        uz.stop()
        for file in uz.home.glob("store.db*"):
            file.unlink()
        for file in copy.iterdir():
            shutil.copy(file, uz.home / file.name)
        uz.start()
        until(lambda: uz.pair_status(tj)["state"] == "frozen", "the pairing is frozen")
        return uz, tj

    def test_a_restored_store_is_an_alarm_until_somebody_says_why(self):
        uz, tj = self.restored()
        alarm, = uz.json("alarms")["alarms"]
        self.assertEqual(("behind", tj.id, None), (alarm["code"], alarm["subject"], alarm["acknowledged"]))
        self.assertEqual(1, uz.status()["alarms"])
        self.assertIn("ALARM: 1 alarm waits for an officer: blo alarms", uz.blo("status").out)
        self.assertIn("behind", uz.blo("alarms").out)
        uz.stop()
        uz.start()
        self.assertEqual([alarm], uz.json("alarms")["alarms"])
        said = uz.json("ack", alarm["alarm"], "restored after the disk failed; TJ was called")
        self.assertEqual(alarm["alarm"], said["alarm"])
        self.assertEqual(([], 0), (uz.json("alarms")["alarms"], uz.status()["alarms"]))
        kept, = uz.json("alarms", "--all")["alarms"]
        self.assertEqual((1, "karimov of UZ-OYBEK", "restored after the disk failed; TJ was called"),
                         (kept["acknowledged"]["person"], kept["acknowledged"]["by"], kept["acknowledged"]["sentence"]))
        self.assertIn("restored after the disk failed", uz.blo("alarms", "--all").out)
        for file in uz.home.glob("store.db*"):
            self.assertNotIn(b"restored after the disk failed", file.read_bytes())

    def test_an_acknowledgement_is_a_sentence_of_an_officer_on_duty(self):
        uz, _ = self.restored()
        uz.add_officer("auditova", "auditor")
        for sentence in ("", "x" * 501):
            uz.blo("ack", 1, sentence, "--as", "karimov", expect=USAGE)
        uz.blo("ack", 99, "nothing", "--as", "karimov", expect=NOT_FOUND)
        uz.blo("ack", 1, "read", "--as", "auditova", expect=NOT_AUTHORISED)
        self.assertEqual(["behind", "officer-introduced"],  # auditova herself
                         [alarm["code"] for alarm in uz.json("alarms", "--as", "auditova")["alarms"]])
        uz.blo("ack", 1, "x" * 500, "--as", "karimov")
        uz.blo("ack", 1, "again", "--as", "karimov", expect=NOT_FOUND)

    def test_a_certificate_about_to_end_is_announced(self):
        uz = self.world.office("UZ-OYBEK").start()
        uz.blo("officer", "request", "karimov", "--office", uz.id, "--name", "K", "--agency", "Customs", "--no-passphrase")
        uz.blo("officer", "add", uz.officers / "karimov.request.pem", "--valid-days", 20, "--out",
               self.world.path("karimov.pem"))
        uz.stop()
        uz.start()
        alarm, = until(lambda: uz.json("alarms")["alarms"], "the alarm is raised")
        self.assertEqual("certificate-expires", alarm["code"])
        self.assertTrue(alarm["subject"].startswith("officer 1 until "), alarm)
        self.assertTrue(alarm["subject"].endswith("(30 days)"), alarm)
        self.assertIn("--person 1", alarm["nextStep"])
