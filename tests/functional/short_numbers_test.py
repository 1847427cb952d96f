"""blo show 12: a message's number without its offices, where it can mean one message."""

from blolib.programs import NOT_FOUND, REFUSED, USAGE
from blolib.waiting import until
from blolib.world import TJ, UZ, WorldTest, pair

KG = "KG-KYZYLART"
_STEPS = ("opened", "acted")


def index_of(number):
    return int(number.rpartition("/")[2])


class ShortNumbers(WorldTest):
    def _three(self):
        """Oybek between two others, an operator in each; messages in all four directions."""
        uz, tj = self.offices()
        kg = self.world.office(KG).start()
        kg.add_officer("asanov")
        pair(uz, kg)
        for sender, receiver, count in ((uz, tj, 1), (uz, kg, 2), (tj, uz, 3), (kg, uz, 5)):
            for _ in range(count):
                sender.alert(receiver, "--wait", 60)
        return uz, tj, kg

    @staticmethod
    def _meant(office, counterparts=None, received=False):
        """{index: numbers}, as the lists have them: what only says opened or acted where nothing else is there."""
        messages, steps = {}, {}
        for message in [*office.inbox("--receipts"), *([] if received else office.outbox("--receipts"))]:
            sender, receiver = message["number"].split("/")[:2]
            if counterparts and not {sender, receiver} & set(counterparts):
                continue
            among = steps if message["kind"] in _STEPS else messages
            among.setdefault(index_of(message["number"]), set()).add(message["number"])
        return steps | messages

    def _check(self, office, command, meant, number_in):
        """`command` takes each number that means one message, and names the messages where it means several."""
        kinds = set()
        for index, numbers in meant.items():
            if len(numbers) == 1:
                self.assertEqual(numbers, {number_in(office.json(*command, index))})
            else:
                error = office.json(*command, index, expect=USAGE)["error"]
                self.assertEqual("ambiguous-number", error["reason"])
                self.assertEqual(numbers, {word.strip(",.") for word in error["sentence"].split() if "/" in word})
            kinds.add(len(numbers) == 1)
        self.assertEqual({True, False}, kinds, "the test has both")
        for index in (0, max(meant) + 1):  # a journal's first entry is no message
            error = office.json(*command, index, expect=NOT_FOUND)["error"]
            self.assertEqual("unknown-message", error["reason"])

    def test_it_means_the_message_that_has_it_in_any_pairing_and_direction(self):
        uz, _, kg = self._three()
        self._check(uz, ["show"], self._meant(uz), lambda shown: shown["number"])
        # What only tells Kyzylart that its messages were opened counts where nothing else has the number.
        for message in uz.inbox("--from", KG):
            uz.blo("show", message["number"])
        until(lambda: uz.pair_status(kg)["sent"] == uz.pair_status(kg)["receipted"], "it has been told")
        opened = {m["number"] for m in kg.inbox("--receipts") if m["kind"] == "opened"}
        meant = self._meant(kg)
        self.assertTrue(any(numbers <= opened for numbers in meant.values()))
        self.assertTrue(any(index_of(number) in meant and number not in meant[index_of(number)] for number in opened))
        self._check(kg, ["show"], meant, lambda shown: shown["number"])

    def test_acted_means_what_was_received_and_a_reply_what_was_exchanged_with_its_receiver(self):
        uz, _, kg = self._three()
        for _ in range(5):
            uz.alert(kg, "--wait", 60)
        received = {index: numbers for index, numbers in self._meant(uz, received=True).items() if len(numbers) == 1}
        index, (number,) = max(received.items())
        self.assertGreater(len(self._meant(uz)[index]), 1, "something that was sent has it, too")
        sent = uz.json("acted", index, "no-hit", "--wait", 60)
        self.assertEqual(number.split("/")[0], sent["to"])
        acted = next(m for m in uz.outbox("--receipts") if m["number"] == sent["number"])
        self.assertEqual(number, acted["inReplyTo"])
        error = uz.json("acted", 1_000, "no-hit", expect=NOT_FOUND)["error"]
        self.assertIn("No message that was received has the number 1000", error["sentence"])
        for counterpart in (TJ, KG):
            once = {i: n for i, n in self._meant(uz, [counterpart]).items() if len(n) == 1}
            index, (number,) = max(once.items())
            sent = uz.json("send", "alert", "--to", counterpart, "--goods", "x", "--reason", "x", "--action", "x",
                           "--in-reply-to", index)
            self.assertEqual(number, uz.json("show", sent["number"])["inReplyTo"])
        error = uz.json("inbox", "--from", "KG-OSH", "--before", index, expect=NOT_FOUND)["error"]
        self.assertEqual("unknown-counterpart", error["reason"])

    def test_every_command_that_takes_a_number_takes_it(self):
        uz, tj = self.offices()
        uz.add_officer("yusupov", "security-officer")
        uz.add_officer("auditova", "auditor")
        for _ in range(3):
            number = uz.alert(tj, "--as", "karimov", "--wait", 60, "--json").json()["number"]
        index = index_of(number)
        self.assertEqual({number}, {n for n in (m["number"] for m in uz.json("--as", "karimov", "outbox")["messages"])
                                    if index_of(n) == index})
        security, auditor = ("--as", "yusupov"), ("--as", "auditova")
        self.assertEqual(number, uz.json(*security, "evidence", index, "--out", self.world.path("evidence"))["number"])
        self.assertEqual(number, uz.json(*security, "hold", "place", index, "--reason", "a court")["number"])
        self.assertEqual(number, uz.json(*security, "hold", "lift", index, "--reason", "over")["number"])
        acts = uz.json(*auditor, "trail", "--message", index)["acts"]
        self.assertEqual({number}, {act["subject"] for act in acts})
        self.assertLessEqual({"evidence", "hold"}, {act["what"] for act in acts})
        found = [act for act in uz.json(*auditor, "trail")["acts"] if act["what"] == "find number"]
        self.assertEqual([str(index)] * 4, [act["subject"] for act in found], "each is in the trail")
        error = uz.json(*security, "erasure", "allow", index, expect=NOT_FOUND)["error"]
        self.assertEqual("nothing-ahead", error["reason"])
        uz.blo(*security, "erasure", "allow", "tj-fotehobod", expect=NOT_FOUND)
        for typed in ("12a", "-1", "012", "1/2", "99999999999999999999", "what"):
            error = uz.json(*security, "trail", "--message", typed, expect=USAGE)["error"]
            self.assertIn(f"'{typed}' is not a message's number", error["sentence"])

    def test_every_generation_counts_and_at_most_six_are_named(self):
        uz, tj = self.offices()
        number = uz.alert(tj, "--wait", 60, "--json").json()["number"]
        index = index_of(number)
        self.assertEqual(number, uz.json("show", index)["number"])
        until(lambda: uz.pair_status(tj)["sent"] == uz.pair_status(tj)["receipted"], "the counterpart has everything")
        uz.blo("pair", "renew", TJ)
        later = [uz.alert(tj, "--wait", 60, "--json").json()["number"] for _ in range(index + 1)]
        self.assertTrue(all(number.startswith(f"{UZ}/{TJ}/2/") for number in later))
        for one in later:
            if index_of(one) != index:
                self.assertEqual(one, uz.json("show", index_of(one))["number"])
        for _ in range(7):
            until(lambda: uz.pair_status(tj)["sent"] == uz.pair_status(tj)["receipted"], "the counterpart has everything")
            uz.blo("pair", "renew", TJ)
            while index_of(uz.alert(tj, "--wait", 60, "--json").json()["number"]) < max(index, index_of(later[-1])):
                pass
        meant = self._meant(uz)[index]
        self.assertGreater(len(meant), 6)
        sentence = uz.json("show", index, expect=USAGE)["error"]["sentence"]
        named = [word.strip(",.") for word in sentence.split() if "/" in word]
        self.assertEqual(6, len(named))
        self.assertLessEqual(set(named), meant)
        self.assertEqual(sorted(named, key=lambda n: -int(n.split("/")[2])), named, "newer generations first")
        self.assertIn(f" and {len(meant) - 6} more", sentence)

    def test_it_shows_no_more_than_a_list_would(self):
        uz, tj = self.offices()
        uz.add_officer("yusupov", "security-officer")
        index = index_of(uz.alert(tj, "--as", "karimov", "--wait", 60, "--json").json()["number"])
        uz.blo("policy", "set", TJ, "--purpose")
        asked = ("--as", "karimov", "show", index)
        # Not even whether there is a message of a number.
        for command in (asked, ("--as", "karimov", "show", index + 1_000), ("--as", "karimov", "outbox")):
            self.assertEqual("purpose-needed", uz.json(*command, expect=REFUSED)["error"]["reason"])
        self.assertEqual(index, index_of(uz.json(*asked, "--purpose", "case 17")["number"]))
