"""What holds only until a time: marked once that is over, told to its sender where it came later, and never kept back."""

import datetime
import json

from blolib.waiting import until
from blolib.world import WorldTest


def in_seconds(seconds):
    """As it is given and shown: whole seconds."""
    time = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0) + datetime.timedelta(seconds=seconds)
    return time.strftime("%Y-%m-%dT%H:%M:%SZ")


class Expired(WorldTest):
    def listed(self, office, box, number):
        return next(one for one in office.json(box)["messages"] if one["number"] == number)

    def line(self, office, box, number):
        return next(line for line in office.blo(box).out.splitlines() if line.startswith(number + " "))

    def until_expired(self, office, number):
        return until(lambda: (one := self.listed(office, "outbox", number))["expired"] and one, "it has expired")

    def test_what_has_expired_is_marked_and_kept(self):
        uz, tj = self.offices()
        time = in_seconds(15)
        number = uz.alert(tj, "--wait", 60, "--json", "--expires", time, marker="a short while").json()["number"]
        for_ever = uz.alert(tj, "--wait", 60, "--json").json()["number"]
        self.until_expired(uz, number)
        for office, box in ((uz, "outbox"), (tj, "inbox")):
            one = self.listed(office, box, number)
            self.assertEqual((time, True, False), (one["expires"], one["expired"], one["arrivedExpired"]))
            self.assertTrue(self.line(office, box, number).endswith("  EXPIRED  (karimov of UZ-OYBEK)"))
            self.assertEqual((None, False), tuple(self.listed(office, box, for_ever)[key] for key in ("expires", "expired")))
            self.assertNotIn("EXPIRED", self.line(office, box, for_ever))
            shown = office.blo("show", number).out
            self.assertIn(f"held until {time}, EXPIRED", shown)
            self.assertIn("a short while", shown)
            self.assertEqual((time, True), tuple(office.json("show", number)[key] for key in ("expires", "expired")))
        self.assertEqual([], uz.json("alarms")["alarms"])

    def test_its_sender_is_told_when_it_arrived_after_its_time(self):
        uz, tj = self.offices()
        self.assert_works(uz, tj)
        tj.stop()
        time = in_seconds(20)
        number = uz.alert(tj, "--json", "--expires", time, marker="too late").json()["number"]
        one = self.until_expired(uz, number)
        self.assertEqual(("queued", False), (one["state"], one["arrivedExpired"]))
        self.assertIn("  EXPIRED while it was queued", self.line(uz, "outbox", number))
        self.assertIn("EXPIRED while it was queued", uz.blo("show", number).out)
        uz.stop()
        until(lambda: in_seconds(0) > time, "a receipt, dated in whole seconds, is later")
        tj.start()
        with tj.popen("inbox", "--follow", "--json") as follower:
            json.loads(follower.stdout.readline())  # what came before: it follows now
            uz.start()
            arrived = json.loads(follower.stdout.readline())
            follower.kill()
        self.assertEqual((number, True, True), (arrived["number"], arrived["expired"], arrived["arrivedExpired"]))
        one = until(lambda: (one := self.listed(uz, "outbox", number))["state"] == "receipted" and one, "its receipt")
        self.assertTrue(one["arrivedExpired"])
        told = f"EXPIRED: arrived at {one['receiptTime']}, after it had expired"
        for text in (self.line(uz, "outbox", number), uz.blo("show", number).out, self.line(tj, "inbox", number),
                     tj.blo("show", number).out):
            self.assertIn(told, text)
        self.assertIn("too late", tj.blo("show", number).out)
        alarm, = uz.json("alarms")["alarms"]
        self.assertEqual(("arrived-expired", tj.id, 1), (alarm["code"], alarm["subject"], alarm["occurrences"]))
        self.assertEqual(f"Message {number} arrived at {tj.id} at {one['receiptTime']}, after it had expired",
                         alarm["sentence"])
        uz.blo("ack", alarm["alarm"], "they were called")
        uz.stop()
        uz.start()
        self.assert_works(uz, tj)
        self.assertEqual([], uz.json("alarms")["alarms"])
        self.assertEqual([], tj.json("alarms")["alarms"])
