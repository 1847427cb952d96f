"""Who listens on the control socket: blo says nothing to anybody but root, its own user, and who the home belongs to."""

import os
import shutil
import struct
import subprocess
import sys
import unittest

from blolib.programs import BIN, FAILED, NOT_AUTHORISED, environment
from blolib.world import UZ, WorldTest

_SERVICE, _OFFICER, _STRANGER = 54_004, 54_001, 54_003  # Unix users, without accounts

# Listens, greets whoever comes, and prints what each says, in hex, once it hangs up.
_LISTENER = """
import socket, sys
with socket.socket(socket.AF_UNIX) as listener:
    listener.bind(sys.argv[1])
    listener.listen()
    print("listening", flush=True)
    while True:
        connection, _ = listener.accept()
        with connection:
            said = b""
            try:
                connection.sendall(bytes.fromhex(sys.argv[2]))
                connection.settimeout(20)
                said = connection.recv(65_536)
            except OSError:
                pass
            print(said.hex() + ".", flush=True)
"""


def _greeting():
    """Of version 1, by Oybek on the live network."""
    message = b"\x08\x01\x12" + bytes([len(UZ)]) + UZ.encode() + b"\x18\x01\x22\x20" + bytes(32)
    return struct.pack(">I", len(message)) + message


@unittest.skipUnless(os.geteuid() == 0, "needs root, to act as other Unix users")
class Listener(WorldTest):
    def setUp(self):
        super().setUp()
        self.blo = self.world.path("blo")  # where any user may run it
        shutil.copy(BIN / "blo", self.blo)
        self.world.folder.chmod(0o755)
        office = self.world.office(UZ).start()
        office.add_officer("karimov")
        office.stop()
        self.officers = self.world.path("officers-of-karimov")
        shutil.copytree(office.officers, self.officers)
        for path in (self.officers, *self.officers.iterdir()):
            os.chown(path, _OFFICER, _OFFICER)

    def home(self, name, owner, mode):
        home = self.world.path(name)
        home.mkdir()
        os.chown(home, owner, owner)
        home.chmod(mode)
        return home

    def listen(self, home, user):
        """Somebody who answers as blod does."""
        other = subprocess.Popen([sys.executable, "-B", "-c", _LISTENER, str(home / "control.sock"), _greeting().hex()],
                                 cwd="/", user=user, group=user, extra_groups=[], stdout=subprocess.PIPE, text=True)
        self.addCleanup(other.stdout.close)
        self.addCleanup(other.wait)
        self.addCleanup(other.kill)
        self.assertEqual("listening\n", other.stdout.readline())
        (home / "control.sock").chmod(0o666)
        return other

    def ask(self, home, user, other):
        """How a command ended, and what it said to who listened."""
        env = environment({"BLO_HOME": str(home), "BLO_OFFICERS": str(self.officers), "HOME": "/nonexistent"})
        done = subprocess.run([str(self.blo), "inbox"], env=env, cwd="/", user=user, group=user, extra_groups=[],
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
        return done, bytes.fromhex(other.stdout.readline().rstrip(".\n"))

    def assert_told_nothing(self, home, other, users=(_OFFICER, 0)):
        for user in users:
            done, said = self.ask(home, user, other)
            self.assertEqual((NOT_AUTHORISED, b""), (done.returncode, said), done)
            self.assertIn(f"{home}/control.sock, user {_STRANGER}", done.stderr)
            self.assertIn("Nothing was asked", done.stderr)

    def test_a_stranger_in_a_folder_where_everyone_makes_files_is_told_nothing(self):
        home = self.home("shared", 0, 0o1777)
        self.assert_told_nothing(home, self.listen(home, _STRANGER))

    def test_a_stranger_in_the_home_of_another_is_told_nothing(self):
        home = self.home("open", _SERVICE, 0o777)
        self.assert_told_nothing(home, self.listen(home, _STRANGER))

    def test_a_home_below_a_folder_that_everyone_may_change_is_nobodys(self):
        above = self.home("above", 0, 0o777)
        home = self.home("above/home", _STRANGER, 0o755)
        other = self.listen(home, _STRANGER)
        self.assert_told_nothing(home, other)
        above.chmod(0o755)
        self.assertNotEqual(b"", self.ask(home, _OFFICER, other)[1])

    def test_a_strangers_home_is_no_longer_theirs_once_others_may_change_it(self):
        home = self.home("lent", _STRANGER, 0o775)
        self.assert_told_nothing(home, self.listen(home, _STRANGER))

    def test_root_the_own_user_and_the_owner_of_the_home_are_asked(self):
        for name, owner, mode, user in (("roots", 0, 0o755, 0), ("served", _SERVICE, 0o755, _SERVICE),
                                        ("shared", 0, 0o1777, _OFFICER)):
            home = self.home(name, owner, mode)
            other = self.listen(home, user)
            done, said = self.ask(home, _OFFICER, other)
            self.assertEqual(FAILED, done.returncode, done)  # it hangs up
            self.assertIn(b"\x0a", said, name)
            size, = struct.unpack(">I", said[:4])
            self.assertEqual(size, len(said) - 4, name)

    def test_the_daemon_of_a_service_is_asked_by_officers_and_root(self):
        office = self.world.office("KZ-KORDAI")
        for path in (office.home, *office.home.iterdir()):
            os.chown(path, _SERVICE, _SERVICE)
        office.home.chmod(0o750)
        office.start_as(_SERVICE).wait_until_ready()
        self.assertEqual("KZ-KORDAI", office.status()["office"])
