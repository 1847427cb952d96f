"""A pairing over the years: what is recorded of the ceremony, stopping it, bringing it back, ending it."""

import os

from blolib import identity
from blolib.programs import NOT_FOUND, REFUSED, USAGE
from blolib.waiting import until
from blolib.world import HOW, LEGAL_BASIS, TJ, UZ, WorldTest, confirm, invite

from pairing_test import Forger


class PairingLife(WorldTest):
    def _digits(self, office, counterpart):
        return office.json("pair", "show", counterpart.id)["digits"]

    def test_a_pairing_cites_its_legal_basis(self):
        uz = self.world.office(UZ).start()
        failed = uz.json("pair", "invite", TJ, "--out", self.world.path("none"), expect=USAGE)["error"]
        self.assertEqual("no-legal-basis", failed["reason"])
        self.assertIn("--legal-basis", failed["nextStep"])
        self.assertFalse(self.world.path("none").exists())
        uz.blo("pair", "invite", TJ, "--legal-basis", "a" * 501, "--out", self.world.path("none"), expect=USAGE)
        uz.stop()
        with open(uz.home / "blod.toml", "a", encoding="utf-8") as config:
            config.write('\nlegal_basis = "Agreement of 2019"\n')
        uz.start()
        uz.blo("pair", "invite", TJ, "--out", self.world.path("configured"))
        self.assertEqual("Agreement of 2019", uz.json("pair", "show", TJ)["ourLegalBasis"])

    def test_who_compared_the_digits_and_how_is_recorded(self):
        uz, tj = self.offices()
        shown = uz.json("pair", "show", TJ)
        self.assertEqual((HOW, 0, ""), (shown["confirmedHow"], shown["confirmedByPerson"], shown["confirmedBy"]))
        self.assertIsNotNone(shown["confirmed"])
        self.assertEqual((LEGAL_BASIS, LEGAL_BASIS), (shown["ourLegalBasis"], shown["theirLegalBasis"]))
        self.assertEqual(self._digits(tj, uz), shown["digits"])
        self.assertEqual((1, "confirmed", [tj.address]), (shown["secretNumber"], shown["state"], shown["addresses"]))
        text = uz.blo("pair", "show", TJ).out
        for part in (HOW, LEGAL_BASIS, tj.address, "number 1"):
            self.assertIn(part, text)
        uz.blo("pair", "show", "KG-DOSTUK", expect=NOT_FOUND)
        uz.stop()  # it does not lie on the disk as it was written
        for file in uz.home.glob("store.db*"):
            self.assertNotIn(HOW.encode(), file.read_bytes())
        uz.start()
        self.assertEqual(HOW, uz.json("pair", "show", TJ)["confirmedHow"])

    def test_an_officer_who_confirms_is_named(self):
        uz, tj = self.world.office(UZ).start(), self.world.office(TJ).start()
        uz.add_officer("azimova", "security-officer", full_name="Zilola Azimova")
        file_of_uz, file_of_tj = invite(uz, tj), invite(tj, uz)
        digits = tj.json("pair", "accept", file_of_uz)["digits"]
        uz.blo("pair", "accept", file_of_tj)
        uz.blo("pair", "confirm", TJ, "--digits", digits, expect=USAGE)  # nobody at a terminal to say how
        self.assertEqual("accepted", uz.json("pair", "show", TJ)["state"])
        confirm(uz, tj, digits, "--as", "azimova")
        shown = uz.json("pair", "show", TJ)
        self.assertEqual((1, "Zilola Azimova"), (shown["confirmedByPerson"], shown["confirmedBy"]))

    def test_a_pairing_frozen_by_hand_stops_at_once_and_comes_back_with_the_digits(self):
        uz, tj = self.offices()
        self.assert_works(uz, tj)
        received = tj.pair_status(uz)["received"]
        uz.blo("pair", "freeze", TJ, "--reason", "a laptop was stolen")
        until(lambda: not tj.pair_status(uz)["connected"], "the session ends")
        shown = uz.json("pair", "show", TJ)
        self.assertEqual("frozen", shown["state"])
        self.assertIn("a laptop was stolen", shown["why"])
        self.assertIn("a laptop was stolen", uz.pair_status(tj)["waitingFor"])
        uz.alert(tj, expect=REFUSED)
        uz.blo("pair", "freeze", TJ, "--reason", "again", expect=REFUSED)
        tj.alert(uz)  # queued there; nothing of it is taken here
        until(lambda: "frozen" in tj.pair_status(uz)["waitingFor"], "the counterpart is told")
        self.assertEqual(received, tj.pair_status(uz)["received"])
        self.assertEqual(1, len(uz.inbox()))
        uz.kill()
        uz.start()
        self.assertEqual("frozen", uz.pair_status(tj)["state"])
        digits = self._digits(tj, uz)
        confirm(uz, tj, digits[:-1] + ("1" if digits[-1] == "0" else "0"), expect=REFUSED)
        self.assertEqual("frozen", uz.pair_status(tj)["state"])
        confirm(uz, tj, digits)
        until(lambda: len(uz.inbox()) == 2, "what was queued arrives")
        self.assert_works(uz, tj)
        self.assertEqual("", uz.json("pair", "show", TJ)["why"])

    def test_an_ended_pairing_is_read_and_exported_and_nothing_else(self):
        uz, tj = self.offices()
        self.assert_works(uz, tj)
        digits = self._digits(tj, uz)
        uz.blo("pair", "end", TJ, "--reason", "the post was closed")
        until(lambda: not tj.pair_status(uz)["connected"], "the session ends")
        self.assertEqual(("ended", "the post was closed"),
                         tuple(uz.json("pair", "show", TJ)[name] for name in ("state", "why")))
        self.assertEqual("ended-pairing", uz.json("send", "alert", "--to", TJ, "--goods", "h", "--reason", "r",
                                                  "--action", "a", expect=REFUSED)["error"]["reason"])
        for arguments in (("end", TJ, "--reason", "again"), ("freeze", TJ, "--reason", "again"), ("rotate", TJ),
                          ("invite", TJ, "--legal-basis", LEGAL_BASIS, "--out", self.world.path("never"))):
            self.assertEqual("ended-pairing", uz.json("pair", *arguments, expect=REFUSED)["error"]["reason"])
        confirm(uz, tj, digits, expect=REFUSED)
        before = uz.status()["strangers"]
        tj.alert(uz)
        until(lambda: uz.status()["strangers"] > before, "the counterpart is a stranger")
        uz.kill()
        uz.start()
        self.assertEqual("ended", uz.pair_status(tj)["state"])
        number = uz.inbox()[0]["number"]
        self.assertEqual(1, len(uz.inbox()))
        uz.blo("show", number)
        uz.export("export")

    def test_a_reason_is_a_sentence(self):
        uz, _ = self.offices()
        for command in ("freeze", "end"):
            uz.blo("pair", command, TJ, expect=USAGE)
            uz.blo("pair", command, TJ, "--reason", "", expect=USAGE)
            uz.blo("pair", command, TJ, "--reason", "a" * 501, expect=USAGE)
        self.assertEqual("confirmed", uz.json("pair", "show", TJ)["state"])

    def test_c4_a_file_with_other_keys_than_those_paired_with_is_refused(self):
        uz, tj = self.offices()
        tj.add_auditor()
        forger = Forger(uz)
        keys = [{"use": one["use"], "key": one["key"] if one["use"] == identity.USE_IDENTITY
                 else bytes(identity.signing_key(os.urandom(32)).verify_key)}
                for one in identity.details_of(forger.office)["keys"]]
        other = forger.file(forger.office_certificate(statement=9, keys=keys))
        file = self.world.write("other.pairing", identity.to_pem("BLO PAIRING", other))
        failed = tj.json("pair", "accept", file, expect=REFUSED)["error"]
        self.assertEqual("changed-key", failed["reason"])
        self.assertIn("Call the counterpart", failed["nextStep"])
        self.assertIn(("key-changed", uz.id),
                      [(alarm["code"], alarm["subject"]) for alarm in tj.json("alarms")["alarms"]])
        self.assertEqual([("pair accept", os.getuid())], [(act["what"], act["user"]) for act in tj.trail()
                                                          if act["exitCode"] == REFUSED])
        self.assert_works(uz, tj)
