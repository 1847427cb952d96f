"""The only key there is acts without being named, also in what the Unix user may ask; nobody types a passphrase that
nothing needs. With Unix users that need no account."""

import grp
import json
import os
import shutil
import subprocess
import unittest

from blolib.programs import BIN, NOT_AUTHORISED, NOT_FOUND, OK, USAGE, environment
from blolib.world import TJ, UZ, WorldTest

_GROUP = "users"  # a group that every Debian has
_OFFICER = 54_001  # a Unix user
_PASSPHRASE = "four random words are better"


@unittest.skipUnless(os.geteuid() == 0, "needs root, to act as other Unix users")
class OnlyKey(WorldTest):
    def setUp(self):
        super().setUp()
        self.gid = grp.getgrnam(_GROUP).gr_gid
        self.blo = self.world.path("blo")  # where any user may run it
        shutil.copy(BIN / "blo", self.blo)
        self.world.folder.chmod(0o755)
        self.passphrase = self.world.write("passphrase", _PASSPHRASE)
        self.passphrase.chmod(0o600)

    def office(self, office_id=UZ, network="live", name=None):
        office = self.world.office(office_id, network, name)
        with open(office.home / "blod.toml", "a", encoding="utf-8") as text:
            text.write(f'\ncontrol_group = "{_GROUP}"\n')
        os.chown(office.home, -1, self.gid)
        office.home.chmod(0o750)
        return office.start()

    def account(self, *folders):
        """An account that has all the files of these folders of officers' keys, and may read the passphrase."""
        home = self.world.path("account")
        shutil.rmtree(home, ignore_errors=True)
        officers = home / "officers"
        officers.mkdir(parents=True)
        for folder in folders:
            shutil.copytree(folder, officers, dirs_exist_ok=True)
        shutil.copy(self.passphrase, home / "passphrase")
        for path in (home, officers, *officers.iterdir(), home / "passphrase"):
            os.chown(path, _OFFICER, _OFFICER)
        return home

    def ask(self, office, home, *arguments, expect=OK, user=_OFFICER):
        env = environment({"BLO_HOME": str(office.home), "BLO_OFFICERS": str(home / "officers"), "HOME": str(home)})
        done = subprocess.run([str(self.blo), *map(str, arguments), "--json"], env=env, cwd="/", user=user, group=user,
                              extra_groups=[self.gid], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              timeout=60, check=False)
        self.assertEqual(expect, done.returncode, done)
        return json.loads(done.stdout)

    def test_it_asks_for_status_alarms_and_lists_and_administers_without_as(self):
        office = self.office()
        office.add_officer("yusupov", "security-officer")
        home = self.account(office.officers)
        office.add_auditor()
        self.assertEqual(UZ, self.ask(office, home, "status")["office"])
        for words in (["alarms"], ["officer", "list"], ["pair", "list"], ["policy", "show"]):
            self.ask(office, home, *words)
        pairing = home / "file"
        self.ask(office, home, "pair", "invite", TJ, "--legal-basis", "an agreement", "--out", pairing)
        self.assertEqual(TJ, self.ask(office, home, "pair", "show", TJ)["counterpart"])
        acts = [act for act in office.trail() if act["user"] == _OFFICER]
        self.assertEqual([("pair invite", 1, False)], [(act["what"], act["person"], act["refused"]) for act in acts],
                         "nobody was refused on the way")

    def test_its_role_decides_as_if_it_had_been_named(self):
        office = self.office()
        office.add_officer("karimov", "operator")
        office.add_auditor()
        home = self.account(office.officers)
        error = self.ask(office, home, "officer", "revoke", 1, "--reason", "left", expect=NOT_AUTHORISED)["error"]
        self.assertIn("security officer", error["sentence"])
        person = [act["person"] for act in office.trail() if act["refused"]]
        self.assertEqual([1], person, "who asked is known")

    def test_root_and_the_daemons_own_user_are_asked_for_no_passphrase(self):
        office = self.office()
        office.add_officer("karimov", passphrase_file=self.passphrase)
        home = self.account(office.officers)
        for words in (["status"], ["alarms"], ["officer", "list"], ["pair", "list"]):
            self.ask(office, home, *words, user=0)
            self.assertEqual("usage", self.ask(office, home, *words, expect=USAGE)["error"]["reason"], "no terminal")
            self.ask(office, home, *words, "--passphrase-file", home / "passphrase")
        office.stop()
        config = office.home / "blod.toml"
        config.write_text(config.read_text().replace("\ncontrol_group", "\n# control_group"))
        for path in (office.home, *office.home.rglob("*")):
            os.chown(path, _OFFICER, self.gid)
        office.start_as(_OFFICER).wait_until_ready()
        self.assertEqual(UZ, self.ask(office, home, "status")["office"])
        self.ask(office, home, "alarms")
        self.assertEqual(UZ, self.ask(office, home, "status", user=0)["office"])

    def test_a_key_without_a_certificate_and_one_of_another_office_do_not_count(self):
        office = self.office()
        office.add_officer("karimov")
        kept = office.officers
        other = self.world.office(UZ, "exercise", "other").start()
        other.add_officer("karimov-exercise")
        waiting = self.world.path("waiting")
        office.officers = waiting
        office.blo("officer", "request", "karimov-2", "--office", UZ, "--name", "Karimov", "--agency", "Customs", "--no-passphrase")
        office.officers = kept
        home = self.account(kept, other.officers, waiting)
        for words in (["status"], ["alarms"], ["officer", "list"], ["inbox"], ["drafts"]):
            self.ask(office, home, *words)
        # Of this office alone there is none: the request stands on the Unix user, who may not.
        home = self.account(other.officers)
        error = self.ask(office, home, "status", expect=NOT_AUTHORISED)["error"]
        self.assertEqual("not-authorised", error["reason"])
        error = self.ask(office, home, "inbox", expect=NOT_AUTHORISED)["error"]
        self.assertEqual("other-office", error["reason"])

    def test_with_several_they_are_listed(self):
        office = self.office()
        office.add_officer("karimov")
        office.add_officer("yusupov", "security-officer")
        home = self.account(office.officers)
        for words in (["status"], ["alarms"], ["inbox"], ["pair", "list"]):
            error = self.ask(office, home, *words, expect=USAGE)["error"]
            self.assertIn("karimov, yusupov", error["sentence"])
            self.assertIn("--as NAME", error["nextStep"])
        self.ask(office, home, "--as", "yusupov", "status")
        error = self.ask(office, home, "--as", "yusupow", "status", expect=NOT_FOUND)["error"]
        self.assertIn("karimov, yusupov", error["nextStep"])
