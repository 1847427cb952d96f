"""Secrets that are over are on no disk while both daemons run: neither in a store nor in its log."""

from blolib.stores import left_on_disk, query, secrets
from blolib.waiting import until
from blolib.world import TJ, UZ, WorldTest, accept_again, confirm, invite, offer_again, pair


class Destroyed(WorldTest):
    def until_nowhere(self, office, parts):
        self.assertTrue(parts)
        # Both run: the log is searched, too, which a stop would take away.
        self.assertTrue((office.home / "store.db-wal").exists())
        until(lambda: not left_on_disk(office, parts), "what was destroyed is in no file")

    def test_the_one_time_keys_of_a_pairing(self):
        uz, tj = self.world.office(UZ).start(), self.world.office(TJ).start()
        invite(uz, tj).unlink()
        before = secrets(uz, "pairing")  # of an invitation that is made anew
        invite(uz, tj, legal_basis="Agreement of 2026-02-01").unlink()
        self.until_nowhere(uz, before)
        for office, other in ((uz, tj), (tj, uz)):
            invite(office, other).unlink()
        keys = {office: secrets(office, "pairing") for office in (uz, tj)}
        for office in (uz, tj):
            self.assertEqual(1, len(keys[office]))
            self.assertTrue(left_on_disk(office, keys[office]))
        pair(uz, tj)
        for office in (uz, tj):
            self.until_nowhere(office, keys[office])

    def test_the_pairing_secrets_before_the_one_in_use(self):
        uz, tj = self.offices()
        self.assert_works(uz, tj)
        first = {office: secrets(office, "pairing") for office in (uz, tj)}
        tj.blo("pair", "rotate", UZ)
        rotated = "SELECT 1 FROM pairing WHERE secret_number = 2"
        for office in (uz, tj):
            until(lambda one=office: query(one, rotated), "a session has begun under the new secret")
            self.until_nowhere(office, first[office] - secrets(office, "pairing"))
        second = {office: secrets(office, "pairing") for office in (uz, tj)}
        files = offer_again(uz, tj), offer_again(tj, uz)
        offered = {office: secrets(office, "pairing") for office in (uz, tj)}
        heard = accept_again(uz, tj, *files)
        for office, other in ((uz, tj), (tj, uz)):
            confirm(office, other, heard)
        for office in (uz, tj):
            self.until_nowhere(office, (second[office] | offered[office]) - secrets(office, "pairing"))
        self.assert_works(uz, tj)

    def test_the_text_of_a_draft_that_was_rejected_and_of_one_that_was_released(self):
        uz, tj = self.offices()
        uz.add_officer("nazarova", "releaser")
        uz.blo("policy", "set", TJ, "--release", "alert")
        for end in (("reject", "--reason", "the plate is wrong"), ("release", "--yes")):
            draft = uz.alert(tj, "--as", "karimov", "--json").json()["draft"]
            parts = secrets(uz, "draft")
            self.assertTrue(left_on_disk(uz, parts))
            uz.blo(end[0], draft, *end[1:], "--as", "nazarova")
            self.until_nowhere(uz, parts - secrets(uz, "draft"))
