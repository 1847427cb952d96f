"""The control socket: open to its owner and one group, and to nobody else. With Unix users that need no account."""

import contextlib
import grp
import os
import pathlib
import shutil
import sqlite3
import stat
import struct
import subprocess
import unittest

from blolib.crowd import Crowd
from blolib.programs import BIN, NOT_AUTHORISED, NOT_CONFIGURED, OK, environment
from blolib.world import UZ, WorldTest

_GROUP = "users"  # a group that every Debian has
_OFFICER, _GUEST, _STRANGER = 54_001, 54_002, 54_003  # Unix users
_ACT = 0x8000_0000  # the kind of an audit trail's act in the store


@unittest.skipUnless(os.geteuid() == 0, "needs root, to act as other Unix users")
class ControlSocket(WorldTest):
    def setUp(self):
        super().setUp()
        self.gid = grp.getgrnam(_GROUP).gr_gid
        self.blo = self.world.path("blo")  # where any user may run it
        shutil.copy(BIN / "blo", self.blo)
        self.world.folder.chmod(0o755)

    def _office(self, *config):
        office = self.world.office(UZ)
        with open(office.home / "blod.toml", "a", encoding="utf-8") as text:
            text.write("\n" + "\n".join(config) + "\n")
        os.chown(office.home, -1, self.gid)
        office.home.chmod(0o750)
        return office

    def _as(self, office, user, *arguments, groups=()):
        home = self.world.path(f"home-{user}")
        officers = home / "officers"
        officers.mkdir(parents=True, exist_ok=True)
        if user == _OFFICER:
            shutil.copytree(office.officers, officers, dirs_exist_ok=True)
        for path in (home, officers, *officers.iterdir()):
            os.chown(path, user, user)
        env = environment({"BLO_HOME": str(office.home), "BLO_OFFICERS": str(officers), "HOME": str(home)})
        return subprocess.run([str(self.blo), *map(str, arguments)], env=env, cwd="/", user=user, group=user,
                              extra_groups=list(groups), stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              timeout=60, check=False)

    @staticmethod
    def _acts(office):
        """Entries of the audit trail; while no daemon has the store."""
        with contextlib.closing(sqlite3.connect(office.home / "store.db")) as store:
            return store.execute("SELECT count(*) FROM entry WHERE kind = ?", (_ACT,)).fetchone()[0]

    def test_an_officer_in_the_group_works_and_nobody_outside_connects(self):
        office = self._office(f'control_group = "{_GROUP}"').start()
        office.add_officer("karimov")
        office.add_auditor()
        socket = office.home / "control.sock"
        self.assertEqual((0o660, 0, self.gid), (stat.S_IMODE(socket.stat().st_mode), socket.stat().st_uid,
                                                socket.stat().st_gid))
        done = self._as(office, _OFFICER, "inbox", groups=[self.gid])
        self.assertEqual(OK, done.returncode, done)
        office.home.chmod(0o755)  # the socket itself keeps others out, too
        done = self._as(office, _STRANGER, "status")
        self.assertEqual(NOT_AUTHORISED, done.returncode, done)
        self.assertIn("not open to this user", done.stderr)
        self.assertIn("group", done.stderr)
        # What was asked stands there with the Unix user; who did not come to ask stands nowhere.
        self.assertEqual([(_OFFICER, "list", 1, False, OK)], [
            (act["user"], act["what"], act["person"], act["refused"], act["exitCode"]) for act in office.trail()
            if act["user"] != os.geteuid()])

    def test_a_user_in_the_group_without_a_key_is_refused_and_recorded_once(self):
        office = self._office(f'control_group = "{_GROUP}"').start()
        office.add_auditor()
        office.stop()
        before = self._acts(office)
        office.start()
        for _ in range(3):
            for arguments in (("status",), ("pair", "list"), ("officer", "list")):
                done = self._as(office, _GUEST, *arguments, groups=[self.gid])
                self.assertEqual(NOT_AUTHORISED, done.returncode, done)
        office.stop()
        self.assertEqual(before + 1, self._acts(office))
        office.start()
        self.assertEqual([(_GUEST, "status", None, NOT_AUTHORISED)], [
            (act["user"], act["what"], act["person"], act["exitCode"]) for act in office.trail() if act["refused"]])

    def _crowd(self, office, user, **options):
        return Crowd.staying(office.home / "control.sock", 500, user=user, groups=[self.gid],
                             copy_to=self.world.path(f"crowd-{user}.py"), **options)

    def test_another_users_clients_that_say_nothing_do_not_keep_officers_out(self):
        office = self._office(f'control_group = "{_GROUP}"').start()
        office.add_officer("karimov")
        for crowds in ((_GUEST,), (_OFFICER,), (_GUEST, *range(54_010, 54_020))):
            with self.subTest(crowds), contextlib.ExitStack() as stack:
                for user in crowds:
                    stack.enter_context(self._crowd(office, user))
                self.assertEqual(OK, self._as(office, _OFFICER, "inbox", groups=[self.gid]).returncode)
                self.assertEqual(UZ, office.status()["office"])

    def test_requests_that_never_end_take_neither_room_nor_memory(self):
        office = self._office(f'control_group = "{_GROUP}"').start()
        office.add_officer("karimov")
        size = 1_500_000
        before = office.daemon.memory_peak_mib()
        with contextlib.ExitStack() as stack:
            for user in (_GUEST, _OFFICER, *range(54_010, 54_016)):
                stack.enter_context(self._crowd(office, user, said=struct.pack(">I", size), zeros=size - 1))
            self.assertEqual(OK, self._as(office, _OFFICER, "inbox", groups=[self.gid]).returncode)
            self.assertEqual(UZ, office.status()["office"])
        if "libasan" not in pathlib.Path(f"/proc/{office.daemon.pid}/maps").read_text():  # which keeps what was freed
            # 48 MiB may be held, and a buffer that grows has twice what it holds.
            self.assertLess(office.daemon.memory_peak_mib() - before, 130)

    def test_the_socket_can_stand_in_another_folder(self):
        folder = self.world.path("run")
        folder.mkdir()
        os.chown(folder, -1, self.gid)
        folder.chmod(0o750)
        socket = folder / "control.sock"
        office = self._office(f'control_group = "{_GROUP}"', f'control_socket = "{socket}"').start()
        office.add_officer("karimov")
        self.assertEqual(0o660, stat.S_IMODE(socket.stat().st_mode))
        self.assertTrue((office.home / "control.sock").is_symlink())
        self.assertEqual(OK, self._as(office, _OFFICER, "inbox", groups=[self.gid]).returncode)
        office.home.chmod(0o755)
        self.assertEqual(NOT_AUTHORISED, self._as(office, _STRANGER, "status").returncode)
        office.kill()
        office.start()
        office.stop()
        self.assertFalse(socket.exists())
        office.start()

    def test_under_systemd_it_stands_in_the_services_own_folder(self):
        folder = self.world.path("run")
        folder.mkdir()
        office = self._office().start(env={"RUNTIME_DIRECTORY": str(folder)})
        office.add_officer("karimov")
        self.assertTrue((folder / "control.sock").is_socket())
        self.assertEqual(folder / "control.sock", (office.home / "control.sock").readlink())
        office.stop()
        office.start(env={"RUNTIME_DIRECTORY": f"{folder}:{folder}/other"})
        self.assertTrue((office.home / "control.sock").is_socket())

    def test_a_group_that_is_not_there_stops_the_start(self):
        office = self._office('control_group = "no-such-group"')
        daemon = office.start_only()
        self.addCleanup(daemon.kill)
        self.assertEqual(NOT_CONFIGURED, daemon.wait())
        self.assertIn("no-such-group", daemon.said())
