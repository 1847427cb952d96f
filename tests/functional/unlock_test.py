"""blo unlock: one officer, one terminal session, a bounded time."""

import os
import pathlib
import secrets
import shlex
import signal
import socket
import sys

from blolib import holder, identity
from blolib.programs import BIN, FAILED, NOT_AUTHORISED, TESTS, USAGE
from blolib.terminal import Session, Terminal, is_running, processes_of
from blolib.waiting import until
from blolib.world import TJ, UZ, WorldTest, pair

_PASSPHRASE = "MARKERPASSPHRASE four random words"
# What blo says when it would have to ask and there is no terminal.
ASKED = USAGE


class Unlocked(WorldTest):
    """An office with one officer whose key is sealed."""

    def setUp(self):
        super().setUp()
        self.uz = self.world.office(UZ).start()
        self.passphrase_file = self.world.write("passphrase", _PASSPHRASE)
        self.passphrase_file.chmod(0o600)
        self.uz.add_officer("saidov", passphrase_file=self.passphrase_file)

    def session(self, *wrapper):
        session = Session(self.uz, wrapper)
        self.addCleanup(session.close)
        return session

    def unlock_for(self, session, *words, officer="saidov"):
        session.blo("--as", officer, "unlock", "--passphrase-file", self.passphrase_file, *words)

    def unlock(self, session, *words, officer="saidov"):
        """The key holder's pid."""
        self.unlock_for(session, *words, officer=officer)
        pid, = processes_of(session.shell.pid)
        return pid

    def assert_asked(self, session, *words):
        asked = session.blo(*words, "inbox", expect=ASKED)
        self.assertIn("--passphrase-file", asked.err)


class Unlock(Unlocked):
    def test_commands_sign_without_the_passphrase(self):
        tj = self.world.office(TJ).start()
        tj.add_officer("rahimov")
        pair(self.uz, tj)
        session = self.session()
        self.assert_asked(session)
        self.unlock(session)
        session.blo("inbox")
        session.blo("send", "alert", "--to", TJ, "--goods", "hashish", "--reason", "r", "--action", "a", "--wait", 60)
        session.blo("import", "seizures", TESTS / "data/seizures_invented.csv", "--to", TJ, expect=None)
        self.assertEqual({f"saidov of {UZ}"}, {message["author"] for message in tj.inbox()})
        self.assertGreater(len(tj.inbox()), 1)

    def test_another_session_of_the_account_is_asked(self):
        first, second = self.session(), self.session()
        self.unlock(first)
        self.assert_asked(second)
        self.assertIn("was not unlocked", second.blo("lock").out)
        first.blo("inbox")
        self.unlock(second)
        second.blo("lock")
        first.blo("inbox")

    def test_another_officer_of_the_account_is_asked(self):
        self.uz.add_officer("umarov", passphrase_file=self.passphrase_file)
        session = self.session()
        self.unlock(session)
        self.assert_asked(session, "--as", "umarov")
        session.blo("--as", "umarov", "unlock", "--passphrase-file", self.passphrase_file)
        session.blo("--as", "saidov", "lock")
        session.blo("--as", "umarov", "inbox")
        self.assert_asked(session, "--as", "saidov")

    def test_when_the_time_is_over_the_passphrase_is_asked_again(self):
        session = self.session()
        self.unlock_for(session, "--seconds", 2)
        # On a slow machine it may have ended before anybody looks for it.
        until(lambda: not processes_of(session.shell.pid), "the key holder ends by itself")
        self.assert_asked(session)

    def test_lock_ends_it_at_once(self):
        session = self.session()
        pid = self.unlock(session)
        self.assertEqual({"officer": "saidov", "locked": True}, session.blo("lock", "--json").json())
        self.assertFalse(is_running(pid))
        self.assert_asked(session)
        self.assertEqual({"officer": "saidov", "locked": False}, session.blo("lock", "--json").json())

    def test_unlocking_again_replaces_the_time(self):
        session = self.session()
        short = self.unlock(session, "--minutes", 3)
        long = self.unlock(session, "--minutes", 5)
        self.assertNotEqual(short, long)
        self.assertFalse(is_running(short))
        self.assertTrue(is_running(long))
        session.blo("inbox")

    def test_the_end_of_the_session_ends_it(self):
        session = self.session()
        pid = self.unlock(session)
        session.close()
        until(lambda: not is_running(pid), "the key holder ends with its session")

    def test_a_wrong_passphrase_unlocks_nothing(self):
        wrong = self.world.write("wrong", "five random words")
        wrong.chmod(0o600)
        session = self.session()
        pid = self.unlock(session)
        failed = session.blo("unlock", "--passphrase-file", wrong, expect=NOT_AUTHORISED)
        self.assertIn("passphrase", failed.err)
        self.assertTrue(is_running(pid), "what was unlocked stays so")

    def test_a_command_that_leads_its_session_unlocks_nothing(self):
        failed = self.session().run("setsid", "-w", BIN / "blo", "unlock", "--passphrase-file", self.passphrase_file,
                                    expect=USAGE)
        self.assertIn("terminal session", failed.err)

    def test_the_time_has_bounds(self):
        session = self.session()
        for words in (("--minutes", 0), ("--minutes", 481), ("--seconds", 28_801), ("--minutes", 1, "--seconds", 1)):
            session.blo("unlock", "--passphrase-file", self.passphrase_file, *words, expect=USAGE)
        self.assertEqual([], processes_of(session.shell.pid))


class AtATerminal(Unlocked):
    def test_the_passphrase_is_typed_once_and_hanging_up_locks(self):
        terminal = Terminal(self.uz)
        self.addCleanup(terminal.hang_up)
        terminal.type(f"{BIN}/blo --as saidov unlock")
        terminal.wait_for("Passphrase for officer saidov: ")
        terminal.type(_PASSPHRASE)
        terminal.wait_for("without the passphrase")
        terminal.type(f"{BIN}/blo inbox; echo code=$?=")
        terminal.wait_for("code=0=")
        self.assertNotIn(_PASSPHRASE, terminal.shown)
        pid, = processes_of(terminal.shell.pid)
        terminal.hang_up()
        until(lambda: not is_running(pid), "the key holder ends with its terminal")


class Hostile(Unlocked):
    """Other processes of the account, and of others."""

    def setUp(self):
        super().setUp()
        self.inside = self.session()
        self.folder = self.uz.officers / "run"
        self.folder.mkdir(mode=0o700)
        self.address = holder.name(self.folder, self.inside.shell.pid, "saidov")

    def words(self, what, *more):
        # As text, since another user may not be able to read this checkout.
        source = pathlib.Path(holder.__file__).read_text()
        return sys.executable, "-B", "-c", source, what, self.address, *more

    def from_inside(self, *requests, wrapper=()):
        done = self.inside.run(*wrapper, *self.words("ask", *(one.hex() for one in requests)))
        return [bytes.fromhex(line) for line in done.out.split("\n")[:-1]]

    def public_key(self):
        certificate = identity.from_pem("BLO CERTIFICATE", (self.uz.officers / "saidov.pem").read_text())
        return identity.key_of(identity.details_of(certificate), identity.USE_OFFICER)

    def test_it_answers_nobody_outside_its_session(self):
        pid = self.unlock(self.inside)
        for sent in (holder.request(holder.WHICH_KEY), holder.request(holder.SIGN_CONTROL_REQUEST, b"please"),
                     holder.request(holder.END)):
            self.assertEqual(b"", holder.ask(self.address, sent))
        self.assertTrue(is_running(pid))
        self.inside.blo("inbox")

    def test_it_signs_envelopes_and_control_requests_and_nothing_else(self):
        self.unlock(self.inside)
        data = secrets.token_bytes(300)
        key, envelope, control, *others = self.from_inside(
            holder.request(holder.WHICH_KEY), holder.request(holder.SIGN_ENVELOPE, data),
            holder.request(holder.SIGN_CONTROL_REQUEST, data), *(holder.request(what, data) for what in (0, 5, 6, 7, 255)))
        self.assertEqual(holder.DONE + self.public_key(), key)
        self.assertTrue(identity.verified("blo/envelope/v1", key[1:], envelope[1:], data))
        self.assertTrue(identity.verified("blo/control-request/v1", key[1:], control[1:], data))
        for other in others:
            self.assertEqual(holder.REFUSED, other)

    def test_malformed_requests_are_refused_and_it_goes_on(self):
        pid = self.unlock(self.inside)
        largest = holder.request(holder.SIGN_ENVELOPE, bytes(32 * 1024))
        answers = self.from_inside(largest, bytes([2]) + (32 * 1024 + 1).to_bytes(4, "big"), b"\2\xff\xff\xff\xff", b"\2\0",
                                   holder.request(holder.SIGN_ENVELOPE, b"cut short")[:-1], b"",
                                   holder.request(holder.END, b"more"), holder.request(holder.WHICH_KEY, b"more"))
        self.assertEqual([65] + [1] * 7, list(map(len, answers)))
        self.assertEqual({holder.REFUSED}, set(answers[1:]))
        self.assertTrue(is_running(pid))
        self.inside.blo("inbox")

    def test_a_taken_name_is_no_holder(self):
        """A process of the same account, outside the session, that listens under the holder's name."""
        with socket.socket(socket.AF_UNIX) as squatter:
            squatter.bind(self.address)
            squatter.listen()
            self.assert_asked(self.inside)
            failed = self.inside.blo("unlock", "--passphrase-file", self.passphrase_file, expect=FAILED)
            self.assertIn("socket", failed.err)
        self.unlock(self.inside)  # what nobody listens at any more is in nobody's way
        self.inside.blo("inbox")

    def test_it_answers_no_other_user_in_its_session(self):
        if os.geteuid() != 0:
            self.skipTest("only root can become another user")
        self.unlock(self.inside)
        asked = holder.request(holder.WHICH_KEY)
        self.assertEqual([holder.DONE + self.public_key()], self.from_inside(asked))
        for folder in (self.world.folder, self.uz.officers):
            folder.chmod(0o755)
        other = "setpriv", "--reuid=65534", "--clear-groups"
        kept_out = self.inside.run(*other, *self.words("ask", asked.hex()), expect=None)
        self.assertIn("PermissionError", kept_out.err)
        self.folder.chmod(0o755)  # the folder and the holder keep others out, each by itself
        pathlib.Path(self.address).chmod(0o777)
        self.assertEqual([b""], self.from_inside(asked, wrapper=other))

    def test_a_wrong_signature_goes_nowhere(self):
        """A process of the session that says it holds the key and does not."""
        words = shlex.join(map(str, self.words("lie", self.public_key().hex())))
        self.inside.tell(f"{words} </dev/null 2>/dev/null & echo $!")
        # The shell's line and the program's come in any order.
        pid, = (int(line) for line in (self.inside.answer(), self.inside.answer()) if line != "listening")
        self.addCleanup(os.kill, pid, signal.SIGKILL)
        self.assert_asked(self.inside)
        self.inside.blo("inbox", "--passphrase-file", self.passphrase_file)

    def test_a_holder_of_another_key_is_not_used(self):
        """Certificate and key replaced under the holder's feet by those of another officer."""
        self.uz.add_officer("umarov", passphrase_file=self.passphrase_file)
        self.unlock(self.inside)
        for suffix in ("key", "pem"):
            (self.uz.officers / f"umarov.{suffix}").replace(self.uz.officers / f"saidov.{suffix}")
        (self.uz.officers / "umarov.request.pem").unlink()
        self.assert_asked(self.inside)

    def test_a_key_file_swapped_under_its_feet_does_not_matter(self):
        self.unlock(self.inside)
        (self.uz.officers / "saidov.key").write_text("not a key file any more")
        self.inside.blo("inbox")

    def test_what_it_holds_is_seen_nowhere(self):
        pid = self.unlock(self.inside)
        seed = identity.sealed_seeds(self.uz.officers / "saidov.key", _PASSPHRASE.encode())[identity.USE_OFFICER]
        self.assertEqual(self.public_key(), bytes(identity.signing_key(seed).verify_key), "the right seed is looked for")
        self.inside.blo("inbox")
        secret = (seed, seed.hex().encode(), _PASSPHRASE.encode())
        self.passphrase_file.rename(self.world.folder.parent / (self.world.folder.name + ".passphrase"))
        self.addCleanup((self.world.folder.parent / (self.world.folder.name + ".passphrase")).unlink)
        seen = [pathlib.Path(f"/proc/{pid}/{name}") for name in ("environ", "cmdline")]
        seen += [path for path in self.world.folder.rglob("*") if path.is_file()]
        for path in seen:
            data = path.read_bytes()
            for one in secret:
                self.assertNotIn(one, data, path)

    def test_it_keeps_nothing_open_and_its_memory_to_itself(self):
        pid = self.unlock(self.inside)
        descriptors = {os.readlink(path) for path in pathlib.Path(f"/proc/{pid}/fd").iterdir()}
        for target in descriptors:
            self.assertRegex(target, r"^(/dev/null|socket:.*|anon_inode:.*)$")
        self.assertEqual(7, len(list(pathlib.Path(f"/proc/{pid}/fd").iterdir())))
        status = dict(line.split(":", 1) for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines())
        if "libasan" not in pathlib.Path(f"/proc/{pid}/maps").read_text():  # under which mlock() does nothing
            self.assertGreater(int(status["VmLck"].split()[0]), 0)
        self.assertEqual("blo-key-holder", status["Name"].strip())
        limits = pathlib.Path(f"/proc/{pid}/limits").read_text()
        core = next(line for line in limits.splitlines() if line.startswith("Max core file size"))
        self.assertEqual(["0", "0"], core.split()[4:6])
