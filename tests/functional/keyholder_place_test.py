"""Where a key holder listens: in a folder that only its user can put something into."""

import contextlib
import os
import pathlib
import shlex
import signal
import stat
import sys

from blolib import holder, identity
from blolib.programs import FAILED, USAGE
from blolib.terminal import Session, is_running, processes_of
from blolib.waiting import until
from blolib.world import UZ, WorldTest

_PASSPHRASE = "four random words"
_OTHER = 65_534  # a user


def _kill(pid):
    with contextlib.suppress(ProcessLookupError):  # it has ended with its session
        os.kill(pid, signal.SIGKILL)


class Place(WorldTest):
    def setUp(self):
        super().setUp()
        self.uz = self.world.office(UZ).start()
        self.passphrase_file = self.world.write("passphrase", _PASSPHRASE)
        self.passphrase_file.chmod(0o600)
        self.uz.add_officer("saidov", passphrase_file=self.passphrase_file)
        self.beside_the_keys = self.uz.officers / "run"

    def session(self, runtime=None):
        session = Session(self.uz, env={"XDG_RUNTIME_DIR": str(runtime)} if runtime else None)
        self.addCleanup(session.close)
        return session

    def unlock(self, session, **expected):
        return session.blo("unlock", "--passphrase-file", self.passphrase_file, **expected)

    def assert_listens_in(self, session, folder):
        self.unlock(session)
        address = folder / f"{session.shell.pid}-saidov"
        self.assertTrue(stat.S_ISSOCK(address.stat().st_mode))
        self.assertEqual((0o700, os.geteuid()), (stat.S_IMODE(folder.stat().st_mode), folder.stat().st_uid))
        session.blo("inbox")
        session.blo("lock")
        self.assertFalse(address.exists())

    def test_it_is_the_users_runtime_folder_where_that_is_theirs_alone(self):
        runtime = self.world.path("runtime")
        runtime.mkdir(mode=0o700)
        self.assert_listens_in(self.session(runtime), runtime / "blo")
        self.assertFalse(self.beside_the_keys.exists())

    def test_without_one_it_is_a_folder_beside_the_keys(self):
        for runtime in (None, "relative", self.world.path("nowhere")):
            self.assert_listens_in(self.session(runtime), self.beside_the_keys)

    def test_a_runtime_folder_that_others_could_touch_is_not_used(self):
        places = {}
        for name, mode in (("open", 0o755), ("shared", 0o1777), ("of-a-group", 0o770)):
            places[name] = self.world.path(name)
            places[name].mkdir()
            places[name].chmod(mode)
        private = self.world.path("private")
        private.mkdir(mode=0o700)
        places["link"] = self.world.path("link")
        places["link"].symlink_to(private)
        places["below"] = places["open"] / "below"
        places["below"].mkdir(mode=0o700)
        places["open"].chmod(0o777)
        if os.geteuid() == 0:
            places["foreign"] = self.world.path("foreign")
            places["foreign"].mkdir(mode=0o700)
            os.chown(places["foreign"], _OTHER, _OTHER)
        for name, runtime in places.items():
            with self.subTest(name):
                self.assert_listens_in(self.session(runtime), self.beside_the_keys)
                left = [path for path in runtime.rglob("*") if not path.is_dir()]
                self.assertEqual([], left)

    def test_where_there_is_none_it_says_what_to_do(self):
        session = self.session()
        elsewhere = self.world.path("elsewhere")
        elsewhere.mkdir(mode=0o700)
        for make in (lambda: self.beside_the_keys.symlink_to(elsewhere), self.beside_the_keys.touch,
                     lambda: self.beside_the_keys.mkdir(mode=0o755)):
            make()
            failed = self.unlock(session, expect=FAILED)
            self.assertIn(str(self.beside_the_keys), failed.err)
            self.assertIn("XDG_RUNTIME_DIR", failed.err)
            session.blo("inbox", expect=USAGE)  # the passphrase is asked for
            if self.beside_the_keys.is_dir() and not self.beside_the_keys.is_symlink():
                self.assertIn(f"run: chmod 700 {self.beside_the_keys}", failed.err)
                self.beside_the_keys.rmdir()
            else:
                self.beside_the_keys.unlink()
        self.assertEqual([], list(elsewhere.iterdir()))
        self.assert_listens_in(session, self.beside_the_keys)

    def test_what_a_killed_holder_left_is_in_nobodys_way(self):
        session = self.session()
        self.unlock(session)
        pid, = processes_of(session.shell.pid)
        os.kill(pid, signal.SIGKILL)
        until(lambda: not is_running(pid), "the key holder is gone")
        self.assertTrue((self.beside_the_keys / f"{session.shell.pid}-saidov").exists())
        session.blo("inbox", expect=USAGE)
        self.assert_listens_in(session, self.beside_the_keys)

    def test_a_holder_of_another_user_is_none(self):
        """What could come there only by root: a listener of another user in this very session."""
        if os.geteuid() != 0:
            self.skipTest("only root can put it there")
        certificate = identity.from_pem("BLO CERTIFICATE", (self.uz.officers / "saidov.pem").read_text())
        key = identity.key_of(identity.details_of(certificate), identity.USE_OFFICER)
        session = self.session()
        self.world.folder.chmod(0o755)
        shared = self.world.path("shared")
        shared.mkdir()
        shared.chmod(0o777)
        source = pathlib.Path(holder.__file__).read_text()
        words = shlex.join(["setpriv", f"--reuid={_OTHER}", "--clear-groups", sys.executable, "-B", "-c", source, "lie",
                            str(shared / "socket"), key.hex()])
        session.tell(f"{words} </dev/null 2>/dev/null & echo $!")
        pid, = (int(line) for line in (session.answer(), session.answer()) if line != "listening")
        self.addCleanup(_kill, pid)
        self.beside_the_keys.mkdir(mode=0o700)
        address = holder.name(self.beside_the_keys, session.shell.pid, "saidov")
        (shared / "socket").rename(address)
        self.assertEqual(holder.DONE + key, holder.ask(address, holder.request(holder.WHICH_KEY)))
        session.blo("inbox", expect=USAGE)
