"""The main path: alerts and notices go out, arrive, and come back as receipts."""

import json
import select

from blolib.addresses import free_address, free_address_v6
from blolib.programs import NOT_FOUND, TESTS, USAGE
from blolib.waiting import DEADLINE_S, until
from blolib.world import TJ, UZ, WorldTest, invite, pair

ALERT = TESTS / "data/oybek_2024_alert.json"
SEIZURE = TESTS / "data/oybek_2024_seizure.json"


class MainPath(WorldTest):
    def test_an_alert_comes_back_as_a_receipt(self):
        uz, tj = self.offices()
        sent = uz.json("send", "alert", "--to", TJ, "--precedence", "flash", "--file", ALERT, "--wait", 60)
        self.assertEqual((sent["kind"], sent["precedence"], sent["network"]), ("alert", "flash", "live"))
        self.assertEqual((sent["receipt"]["by"], sent["receipt"]["origin"]), (TJ, f"live/{UZ}/{TJ}/1"))
        # A receipt stands for "durable and readable over there": nothing needs to be waited for.
        received, = tj.inbox()
        self.assertEqual(received["number"], sent["number"])
        self.assertEqual((received["state"], received["author"]), ("received", f"karimov of {UZ}"))
        self.assertIn("01A000AA", received["summary"])
        self.assertEqual("receipted", uz.outbox()[0]["state"])

    def test_what_is_shown_there_is_what_was_written_here(self):
        uz, tj = self.offices()
        number = uz.json("send", "seizure", "--to", TJ, "--file", SEIZURE, "--wait", 60)["number"]
        shown_here, shown_there = uz.json("show", number), tj.json("show", number)
        self.assertEqual(shown_there["content"], json.loads(SEIZURE.read_text()))
        for field in ("content", "messageId", "leafHash", "authorCertificate", "authorPerson", "created"):
            self.assertEqual(shown_here[field], shown_there[field], field)
        self.assertEqual((shown_there["author"], shown_there["authorAgency"]), (f"karimov of {UZ}", "Customs"))
        self.assertEqual(shown_here["receipt"]["by"], TJ)
        text = tj.blo("show", number).out
        for said in ("Hashish", "1981", "Gram", "Oybek", f"karimov of {UZ}"):
            self.assertIn(said, text)

    def test_an_alert_can_be_written_as_flags(self):
        uz, tj = self.offices()
        number = uz.json("send", "alert", "--to", TJ, "--vehicle", "01A123BC/UZ", "--person", "KARIMOV, Aziz, 1980-02-29",
                         "--reason", "hidden compartment", "--action", "search", "--warning", "armed",
                         "--expires", "2099-01-01T00:00:00+05:00", "--wait", 60)["number"]
        shown = tj.json("show", number)
        self.assertEqual("2098-12-31T19:00:00Z", shown["expires"].replace(".000", ""))
        alert = shown["content"]["alert"]
        self.assertEqual(alert["vehicles"][0]["plate"], "01A123BC")
        self.assertEqual(alert["persons"][0]["birthDate"], "1980-02-29")
        self.assertEqual(alert["warnings"], ["armed"])

    def test_answers_travel_the_other_way(self):
        uz, tj = self.offices()
        first = uz.alert(tj, "--wait", 60, "--json").json()["number"]
        answer = tj.alert(uz, "--in-reply-to", first, "--wait", 60, "--json", marker="found it").json()
        self.assertTrue(answer["number"].startswith(f"{TJ}/{UZ}/"))
        self.assertEqual([message["number"] for message in uz.inbox()], [answer["number"]])
        self.assertEqual([message["number"] for message in uz.inbox("--from", TJ)], [answer["number"]])

    def test_lists_are_newest_first_and_limited(self):
        uz, tj = self.offices()
        numbers = [uz.alert(tj, "--wait", 60, "--json", marker=f"goods {i}").json()["number"] for i in range(3)]
        self.assertEqual([message["number"] for message in tj.inbox()], numbers[::-1])
        self.assertEqual([message["number"] for message in uz.outbox()], numbers[::-1])
        self.assertEqual([message["number"] for message in uz.json("outbox", "--limit", 2)["messages"]], numbers[:0:-1])

    def test_status_counts_what_was_exchanged(self):
        uz, tj = self.offices()
        uz.alert(tj, "--wait", 60)
        # Both dialled, and the connection that carried the receipt may be the one that was given up.
        for office, other in ((uz, tj), (tj, uz)):
            until(lambda: office.pair_status(other)["connected"], f"{office.id} is connected")
        pair_here, pair_there = uz.pair_status(tj), tj.pair_status(uz)
        self.assertEqual("confirmed", pair_here["state"])
        self.assertEqual(pair_here["sent"], pair_here["receipted"])
        self.assertEqual(pair_here["sent"], pair_there["received"])
        self.assertEqual((0, ""), (pair_there["refused"], pair_here["waitingFor"]))
        self.assertIsNotNone(pair_here["lastContact"])
        status = uz.status()
        self.assertEqual((status["office"], status["network"], status["degraded"]), (UZ, "live", False))
        self.assertEqual(status["listening"], [uz.address])
        self.assertIn(f"blod: {UZ} listening on {uz.address}\n", uz.log.read_text())

    def test_a_number_that_is_not_there_is_not_found(self):
        uz, tj = self.offices()
        for number in (f"{UZ}/{TJ}/99", f"{UZ}/{TJ}/0", f"{UZ}/{TJ}/2/1", "UZ-ALAT/TM-FARAP/1"):
            failed = uz.json("show", number, expect=NOT_FOUND)["error"]
            self.assertEqual((NOT_FOUND, True), (failed["exitCode"], bool(failed["sentence"])), number)
        uz.blo("show", "1042", expect=NOT_FOUND)
        uz.alert(tj, "--in-reply-to", f"{UZ}/{TJ}/99", expect=NOT_FOUND)
        failed = uz.blo("send", "seizure", "--to", "KZ-ATAMEKEN", "--file", SEIZURE, expect=NOT_FOUND)
        self.assertIn("KZ-ATAMEKEN", failed.err)

    def test_inbox_follow_shows_each_message_as_it_arrives(self):
        uz, tj = self.offices()
        uz.alert(tj, "--wait", 60, marker="before")
        with tj.popen("inbox", "--follow", "--json") as follower:
            self.addCleanup(follower.wait)
            self.addCleanup(follower.kill)
            lines = []

            def next_line():
                ready, _, _ = select.select([follower.stdout], [], [], DEADLINE_S)
                self.assertTrue(ready, "nothing from blo inbox --follow")
                lines.append(json.loads(follower.stdout.readline()))
                return lines[-1]["summary"]

            self.assertIn("before", next_line())
            for i in range(3):
                uz.alert(tj, marker=f"while following {i}")
                self.assertIn(f"while following {i}", next_line())
            self.assertEqual(len({line["number"] for line in lines}), 4)
            follower.kill()


class WhoDials(WorldTest):
    """Connections: IPv4 and IPv6, from either side."""

    def _paired(self, uz_listens, tj_listens):
        """Each side's pairing file names the addresses it listens on, and none where it does not."""
        uz, tj = self.world.office(UZ), self.world.office(TJ)
        for office, officer, listen in ((uz, "karimov", uz_listens), (tj, "rahimov", tj_listens)):
            config = f"listen = {json.dumps(listen)}\n"
            (office.home / "blod.toml").write_text(config)
            office.start(listen=[])
            office.add_officer(officer)
        pair(uz, tj, uz_listens, tj_listens)
        return uz, tj

    def test_the_first_office_dials_and_both_directions_flow(self):
        address = free_address()
        uz, tj = self._paired([], [address])
        self.assertEqual([], uz.status()["listening"])
        self.assert_works(uz, tj)

    def test_the_second_office_dials_and_both_directions_flow(self):
        address = free_address()
        uz, tj = self._paired([address], [])
        self.assertEqual([], tj.status()["listening"])
        self.assert_works(uz, tj)

    def test_both_dial_and_one_connection_stays(self):
        uz, tj = self.offices()
        self.assert_works(uz, tj)
        for office, other in ((uz, tj), (tj, uz)):
            until(lambda: office.pair_status(other)["connected"], f"{office.id} is connected")
        # Whatever the two dials did to each other, what is sent now needs no retry.
        for i in range(5):
            uz.alert(tj, "--wait", 60, marker=f"goods {i}")
        self.assertEqual(len(tj.inbox()), 6)

    def test_ipv6(self):
        address = free_address_v6()
        if address is None:
            self.skipTest("this machine has no IPv6")
        uz, tj = self._paired([], [address])
        self.assertEqual([address], tj.status()["listening"])
        self.assert_works(uz, tj)

    def test_without_any_address_the_status_says_who_must_call(self):
        uz, tj = self._paired([], [])
        sent = uz.alert(tj, "--json").json()
        self.assertTrue(sent["queued"])
        self.assertIn("address", uz.pair_status(tj)["waitingFor"])
        self.assertIn("\n    waits: ", uz.blo("status").out)

    def test_an_unreachable_address_is_not_the_last_word(self):
        """Of several addresses in a pairing file, one that works is enough."""
        uz, tj = self.world.office(UZ), self.world.office(TJ)
        for office, officer in ((uz, "karimov"), (tj, "rahimov")):
            office.start()
            office.add_officer(officer)
        pair(uz, tj, a_addresses=[], b_addresses=[free_address(), tj.address])
        self.assert_works(uz, tj)

    def test_an_address_that_is_none_is_refused_at_once(self):
        uz = self.world.office(UZ).start()
        for address in ("127.0.0.1", "127.0.0.1:0", "127.0.0.1:65536", "::1:7117", "host name:1"):
            file = self.world.path("refused.pairing")
            uz.blo("pair", "invite", TJ, "--address", address, "--out", file, expect=USAGE)
            self.assertFalse(file.exists(), address)
        invite(uz, self.world.office(TJ))

