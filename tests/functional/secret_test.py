"""The pairing secret: replaced on request, without losing what is queued."""

from blolib.programs import REFUSED
from blolib.waiting import until
from blolib.world import TJ, UZ, WorldTest


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
