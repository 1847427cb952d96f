"""What a message says of itself and nobody can check: lists and show call it a claim."""

import hashlib
import time
import unittest

from blolib import identity, journal, wire
from blolib.control import Control, officer_of
from blolib.world import TJ, UZ, WorldTest
from blolib.waiting import until

_YEAR_2046_MS = 2_400_000_000_000
_HIT = bytes.fromhex("6a160801121276616e2068656c64206174206c616e652032")  # docs/format/message.md
_ACTED = 4


class Claims(WorldTest):
    def say(self, office, officer, answered, **more):
        """An acted with fields of the envelope that blo would never write; gives its number."""
        fingerprint, key = officer_of(office, officer)
        salt = hashlib.sha256(b"salt").digest()
        sender, receiver = (TJ, UZ) if office.id == TJ else (UZ, TJ)
        envelope = wire.encode(journal.ENVELOPE, {
            "version": 1, "network": identity.LIVE, "message_id": hashlib.sha256(repr(more).encode()).digest()[:16],
            "from": sender, "to": receiver, "officer": fingerprint, "kind": _ACTED, "precedence": 1,
            "created_ms": time.time_ns() // 1_000_000, "commitment": journal.sha256(b"blo/content/v1\0", salt, _HIT),
            "padded_bytes": 60, "in_reply_to": answered, **more})
        message = {"envelope": envelope, "signature": identity.sign("blo/envelope/v1", key, envelope), "content": _HIT,
                   "salt": salt}
        with Control(office) as control:
            answer = control.ask({"send": {"messages": [message]}}, (fingerprint, key))
        self.assertNotIn("failure", answer)

    def test_a_date_more_than_a_day_ahead_is_called_a_claim_and_what_is_replaced_is_shown(self):
        uz, tj = self.offices()
        number = uz.alert(tj, "--wait", 60, "--json").json()["number"]
        answered = bytes.fromhex(tj.json("show", number, "--as", "rahimov")["messageId"])
        today_ms = time.time_ns() // 1_000_000
        self.say(tj, "rahimov", answered, created_ms=_YEAR_2046_MS, supersedes=answered)
        self.say(tj, "rahimov", answered, created_ms=today_ms, supersedes=bytes(15) + b"\1")

        def received():
            return [one for one in uz.inbox("--receipts") if one["kind"] == "acted"]
        until(lambda: len(received()) == 2, "both have come")
        newer, older = received()
        self.assertEqual("claims 2046-01-19T18:40:00Z", older["created"])
        self.assertEqual(number, older["supersedes"])
        self.assertNotIn("claims", newer["created"] + newer["stamped"] + older["stamped"])
        self.assertEqual("00" * 15 + "01", newer["supersedes"])
        shown = uz.blo("show", older["number"]).out
        self.assertIn("written claims 2046-01-19T18:40:00Z", shown)
        self.assertIn(f"takes the place of {number}", shown)
        self.assertNotIn("claims", uz.blo("show", newer["number"]).out)


if __name__ == "__main__":
    unittest.main()
