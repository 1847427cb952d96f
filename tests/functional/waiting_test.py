"""An old store waits to be let go on: what officers send meanwhile is kept, listed, and goes out afterwards."""

import datetime
import shutil

from blolib.disaster import DisasterTest
from blolib.programs import NOT_AUTHORISED
from blolib.waiting import until
from blolib.world import TJ

TABLE = """COUNTRY;SEIZURE_DATE;DRUG_NAME;AMOUNT;DRUG_UNIT
Uzbekistan;2024-03-07;Hashish;12;Gram
Uzbekistan;2024-03-08;Hashish;13;Gram
"""


def seconds_since(time):
    return (datetime.datetime.now(datetime.timezone.utc) - datetime.datetime.fromisoformat(time.replace("Z", "+00:00"))).total_seconds()


class Waiting(DisasterTest):
    def old_store(self, *setting_up):
        """Oybek's store is older than what was sent from it; all is given back, and nobody has said recover."""
        uz, tj = self.offices()
        for step in setting_up:
            step(uz, tj)
        self.exchange(uz, tj, "before")
        uz.stop()
        backup = self.world.path("backup")
        backup.mkdir()
        for file in uz.home.glob("store.db*"):
            shutil.copy2(file, backup)
        uz.start()
        self.exchange(uz, tj, "after")
        uz.stop()
        for file in uz.home.glob("store.db*"):
            file.unlink()
        for file in backup.iterdir():
            shutil.copy2(file, uz.home)
        uz.start()
        self.until_given_back(uz, tj)
        return uz, tj

    def markers(self, office):
        """What the office has received, oldest first."""
        return [office.blo("show", message["number"]).out for message in reversed(office.inbox())]

    def test_what_is_sent_while_an_old_store_waits_arrives_once_it_goes_on(self):
        uz, tj = self.old_store()
        sent = uz.json("send", "alert", "--to", TJ, "--goods", "sacks of rye", "--reason", "expected", "--action", "search", "--wait", 60)
        self.assertEqual(("D-1", "waits-for-recover", False), (sent["draft"], sent["state"], sent["again"]))
        said = uz.alert(tj, marker="second").out
        self.assertIn("D-2: kept: it waits", said)
        self.assertIn("blo office recover TJ-FOTEHOBOD", said)
        table = self.world.write("table.csv", TABLE)
        self.assertEqual((0, 2, 0), self.imported(uz, table))
        self.assertEqual((0, 0, 2), self.imported(uz, table))
        received = uz.inbox()[0]["number"]
        self.assertEqual("D-5", uz.json("acted", received, "no-hit")["draft"])
        uz.kill()
        uz.start()

        listed = uz.json("outbox")
        self.assertEqual(["D-4", "D-3", "D-2", "D-1"], [draft["draft"] for draft in listed["waiting"]])
        self.assertEqual({"waits-for-recover"}, {draft["state"] for draft in listed["waiting"]})
        self.assertEqual(["D-5", "D-4"], [one["draft"] for one in uz.json("outbox", "--receipts", "--limit", 2)["waiting"]])
        self.assertRegex(uz.blo("outbox").out, r"D-4 .*\n    waits for the next generation: blo office recover TJ-FOTEHOBOD")
        self.assertEqual(5, uz.pair_status(tj)["waitingMessages"])
        self.assertEqual(0, uz.status()["drafts"])
        self.assertIn("5 messages wait for that", uz.blo("status").out)
        self.assertIn("sacks of rye", uz.blo("show", "D-1").out)
        self.assertIn("sacks of rye", str(uz.json("show", "d-1")["content"]))

        self.assertEqual("D-2", uz.json("reject", "D-2", "--reason", "a mistake")["draft"])
        self.assertEqual(4, uz.pair_status(tj)["waitingMessages"])
        self.assertEqual(2, len(tj.inbox()))

        recovered = self.go_on(uz, tj)
        self.assertEqual((4, 0, 0), (recovered["reentered"], recovered["leftOut"], recovered["awaitingRelease"]))
        until(lambda: len(tj.inbox()) == 5, "what waited")
        read = self.markers(tj)
        for marker, text in zip(("before", "after", "sacks of rye", "12", "13"), read, strict=True):
            self.assertIn(marker, text)
        until(lambda: uz.inbox()[0]["state"] == "acted", "what came of it is in the journal")
        self.assertEqual([], uz.json("outbox")["waiting"])
        self.assertEqual((0, 0, 2), self.imported(uz, table))
        uz.alert(tj, "--wait", 60, marker="works")
        self.assert_whole(uz, tj, "before from Oybek", "after from Oybek", "sacks of rye")

    def imported(self, office, table):
        done = office.json("import", "seizures", table, "--to", TJ)
        self.assertEqual([], done["rejected"])
        return done["sent"], done["waiting"], done["alreadySent"]

    def test_what_may_not_be_sent_any_more_says_why(self):
        uz, tj = self.old_store()
        uz.add_officer("nazarova")
        uz.alert(tj, "--as", "nazarova", marker="by who leaves")
        uz.alert(tj, "--as", "karimov", marker="by who stays")
        person = next(one["person"] for one in uz.json("officer", "list")["officers"] if one["name"].startswith("nazarova"))
        uz.blo("officer", "revoke", person, "--reason", "left")
        recovered = self.go_on(uz, tj)
        self.assertEqual((1, 1), (recovered["reentered"], recovered["leftOut"]))
        (left,) = uz.json("drafts", "--as", "karimov")["drafts"]
        self.assertEqual("not-sent", left["state"])
        self.assertIn("revoked", left["rejected"])
        self.assertIn("not sent: officer", uz.blo("drafts", "--as", "karimov").out)
        self.assertIn("by who leaves", uz.blo("show", "D-1", "--as", "karimov").out)
        until(lambda: any("by who stays" in tj.blo("show", one["number"]).out for one in tj.inbox()), "the other's message")
        self.assertFalse(any("by who leaves" in tj.blo("show", one["number"]).out for one in tj.inbox()))

    def test_who_reads_meanwhile_is_named_afterwards(self):
        uz, tj = self.old_store()
        received = uz.inbox()[0]["number"]
        shown = uz.json("show", received)
        self.assertEqual("D-1", shown["openedAs"])
        self.assertIsNone(uz.json("show", received)["openedAs"])
        self.assertEqual(([], "opened"), (uz.json("outbox")["waiting"], uz.json("outbox", "--receipts")["waiting"][0]["kind"]))
        uz.blo("reject", "D-1", "--reason", "unseen", expect=NOT_AUTHORISED)
        self.go_on(uz, tj)
        until(lambda: tj.outbox()[0]["state"] == "opened", "the reader is named")
        self.assertIsNone(uz.json("show", received)["openedAs"])

    def test_a_draft_is_released_while_the_pairing_waits(self):
        uz, tj = self.old_store(lambda uz, tj: uz.blo("policy", "set", TJ, "--release", "seizure"))
        self.assertEqual((0, 0, 0), self.imported(uz, self.world.write("table.csv", TABLE)))
        self.assertEqual(2, uz.status()["drafts"])
        uz.add_officer("nazarova", "releaser")
        released = uz.json("release", "D-1", "--yes", "--as", "nazarova")
        self.assertEqual(("D-1", "waits-for-recover"), (released["draft"], released["state"]))
        self.assertEqual((1, 1), (uz.status()["drafts"], uz.pair_status(tj)["waitingMessages"]))
        self.assertEqual(1, self.go_on(uz, tj)["reentered"])
        until(lambda: len(tj.inbox()) == 3, "the released one")
        self.assertEqual(1, uz.status()["drafts"])
        uz.blo("release", "D-2", "--yes", "--as", "nazarova")
        until(lambda: len(tj.inbox()) == 4, "and the other one as ever")

    def test_an_erasure_ordered_meanwhile_is_carried_out_afterwards(self):
        def rules(uz, tj):
            uz.stop()
            with open(uz.home / "blod.toml", "a") as config:
                config.write('\n[retention]\nalert = { keep = "1s", basis = "a test" }\n')
            uz.start()
        uz, tj = self.old_store(rules)
        newest = max(message["stamped"] for message in uz.outbox() + uz.inbox())
        until(lambda: seconds_since(newest) > 2, "all of it is due")
        ordered = uz.json("retention", "apply")
        self.assertEqual((0, [TJ]), (ordered["erased"], ordered["leftOut"]))
        self.assertEqual([TJ], [order["counterpart"] for order in uz.json("retention", "preview")["ordered"]])
        self.assertIn("is destroyed once the pairing with TJ-FOTEHOBOD goes on", uz.blo("retention", "preview").out)
        uz.kill()
        uz.start()
        self.go_on(uz, tj)
        self.assertEqual([], uz.json("retention", "preview")["ordered"])
        self.assertEqual({True}, {message["erased"] for message in uz.outbox()})
        until(lambda: all(message["erased"] for message in tj.inbox()), "the counterpart has destroyed it, too")
