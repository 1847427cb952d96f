"""The pairing secret: replaced on request, without losing what is queued."""

from blolib.programs import REFUSED
import shutil

from blolib.waiting import until
from blolib.world import TJ, UZ, WorldTest, accept_again, confirm, offer_again


def number(office, counterpart):
    return office.json("pair", "show", counterpart.id)["secretNumber"]


class Secret(WorldTest):
    def test_the_office_with_the_smaller_id_rotates_the_secret(self):
        uz, tj = self.offices()
        self.assert_works(uz, tj)
        failed = uz.json("pair", "rotate", TJ, expect=REFUSED)["error"]
        self.assertEqual("other-side-offers", failed["reason"])
        tj.blo("pair", "rotate", UZ)
        until(lambda: (number(uz, tj), number(tj, uz)) == (2, 2), "both use the new secret")
        self.assertIsNotNone(tj.json("pair", "show", UZ)["secretSince"])
        self.assert_works(uz, tj)
        for office in (uz, tj):
            office.kill()
            office.start()
        self.assert_works(uz, tj)

    def test_a_rotation_asked_for_while_apart_happens_when_they_meet(self):
        uz, tj = self.offices()
        self.assert_works(uz, tj)
        uz.stop()
        until(lambda: not tj.pair_status(uz)["connected"], "the line is down")
        tj.blo("pair", "rotate", UZ)
        self.assertIsNone(tj.json("pair", "show", UZ)["secretSince"])
        tj.alert(uz, marker="queued over the rotation")
        tj.kill()
        tj.start()
        uz.start()
        until(lambda: (number(uz, tj), number(tj, uz)) == (2, 2), "both use the new secret")
        until(lambda: len(uz.inbox()) == 2, "what was queued arrives")
        self.assert_works(uz, tj)

    def test_a_secret_that_is_too_old_is_replaced_by_pairing_again(self):
        uz, tj = self.offices()
        self.assert_works(uz, tj)
        uz.stop()
        kept = self.world.path("kept")
        shutil.copytree(uz.home, kept)
        uz.start()
        for expected in (2,):
            tj.blo("pair", "rotate", UZ)
            until(lambda: (number(uz, tj), number(tj, uz)) == (expected, expected), "the new secret")
        uz.alert(tj, "--wait", 60, marker="sent since the copy")
        uz.stop()
        shutil.rmtree(uz.home)
        shutil.copytree(kept, uz.home)
        uz.start()
        until(lambda: "hung up" in uz.pair_status(tj)["waitingFor"], "no session begins")
        files = offer_again(uz, tj), offer_again(tj, uz)
        for office, counterpart in ((uz, tj), (tj, uz)):
            self.assertIn("blo pair accept", office.pair_status(counterpart)["waitingFor"])
        digits = accept_again(uz, tj, *files)
        for office, counterpart in ((uz, tj), (tj, uz)):
            self.assertIn("blo pair confirm", office.pair_status(counterpart)["waitingFor"])
            self.assertEqual(digits, office.json("pair", "show", counterpart.id)["digits"])
        wrong = digits[:-1] + ("1" if digits[-1] == "0" else "0")
        confirm(uz, tj, wrong, expect=REFUSED)
        confirm(uz, tj, digits)
        self.assertIn("confirmed the digits, too", uz.pair_status(tj)["waitingFor"])
        self.assertEqual(1, number(uz, tj))
        uz.kill()
        uz.start()
        confirm(tj, uz, digits)
        until(lambda: "here again" in uz.pair_status(tj)["waitingFor"], "what the old store lacks is given back")
        uz.blo("office", "recover", TJ)
        self.assert_works(uz, tj)
        self.assertIn("sent since the copy", [uz.blo("show", sent["number"]).out for sent in uz.outbox()][1])

    def test_two_offices_that_work_pair_again_and_go_on(self):
        uz, tj = self.offices()
        self.assert_works(uz, tj)
        files = offer_again(uz, tj), offer_again(tj, uz)
        self.assert_works(uz, tj)  # under the secret in force
        digits = accept_again(uz, tj, *files)
        self.assert_works(uz, tj)
        confirm(uz, tj, digits)
        until(lambda: not tj.pair_status(uz)["connected"], "the session under the old secret ends")
        tj.alert(uz, marker="queued in between")
        confirm(tj, uz, digits)
        self.assert_works(uz, tj)
        self.assertEqual(5, len(uz.inbox()))
        self.assertEqual("", uz.json("pair", "show", TJ)["why"])

    def test_an_office_that_only_dials_tries_its_secret_before_where_the_other_lacks_the_next(self):
        uz, tj, relay = self.offices_through_relay()
        self.assert_works(uz, tj)
        tj.stop()
        kept = self.world.path("kept")
        shutil.copytree(tj.home, kept)
        tj.start()
        until(lambda: uz.pair_status(tj)["connected"], "they meet again")
        relay.refuse()
        tj.blo("pair", "rotate", UZ)
        until(lambda: not uz.pair_status(tj)["connected"], "the secret is agreed and the session ends")
        tj.stop()
        shutil.rmtree(tj.home)
        shutil.copytree(kept, tj.home)
        tj.start()
        relay.open()
        self.assert_works(uz, tj)
        self.assertEqual((1, 1), (number(uz, tj), number(tj, uz)))
        tj.blo("pair", "rotate", UZ)
        until(lambda: (number(uz, tj), number(tj, uz)) == (2, 2), "both use the new secret")

    def test_the_secret_is_rotated_where_only_one_side_can_dial(self):
        for dialled in ({"a_addresses": []}, {"b_addresses": []}):
            with self.subTest(dialled):
                self.setUp()
                uz, tj = self.offices(**dialled)
                for expected in (2, 3):
                    tj.blo("pair", "rotate", UZ)
                    until(lambda: (number(uz, tj), number(tj, uz)) == (expected, expected), "the new secret")
                    tj.kill()
                    tj.start()
                    self.assert_works(uz, tj)
