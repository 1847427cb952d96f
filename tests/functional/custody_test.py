"""How keys are kept: the systemd credential, who else may touch which file, what a process gives away, SIGHUP."""

import base64
import os
import pathlib
import re
import signal
import subprocess

from blolib.programs import BIN, CHECKOUT, NOT_AUTHORISED, NOT_CONFIGURED, OK
from blolib.terminal import Session, processes_of
from blolib.waiting import until
from blolib.world import TJ, UZ, WorldTest, pair

_PASSPHRASE = "MARKERPASSPHRASE four random words"
_NOBODY = 65_534


class Custody(WorldTest):
    def secret(self, name, text=_PASSPHRASE):
        file = self.world.write(name, text)
        file.chmod(0o600)
        return file

    def refused(self, office, *arguments, env=None):
        """What blod said before it ended with exit code 78."""
        before = len(office.log.read_text()) if office.log.exists() else 0
        daemon = office.start_only(*arguments, env=env)
        self.addCleanup(daemon.kill)
        self.assertEqual(NOT_CONFIGURED, daemon.wait(), office.log.read_text())
        return office.log.read_text()[before:]

    def mend(self, said):
        """Does what a refusal says."""
        command = re.search(r"run: ([^)]*)\)", said)
        self.assertTrue(command, f"no command that mends it: {said}")
        subprocess.run(["/bin/sh", "-c", command[1]], check=True)


class Credential(Custody):
    def setUp(self):
        super().setUp()
        self.passphrase_file = self.secret("passphrase")
        self.uz = self.world.office(UZ, passphrase_file=self.passphrase_file)
        self.folder = self.world.path("credentials")
        self.folder.mkdir(mode=0o700)
        self.credential = self.folder / "blo-passphrase"
        self.credential.write_text(_PASSPHRASE)
        self.credential.chmod(0o400)
        self.env = {"CREDENTIALS_DIRECTORY": str(self.folder)}

    def test_it_opens_the_office_key_and_restarts_need_nobody(self):
        self.uz.start(env=self.env)
        self.assertEqual(UZ, self.uz.status()["office"])
        self.uz.kill()
        self.uz.start(env=self.env)
        self.uz.stop()
        self.uz.start(env=self.env)
        self.assertEqual(UZ, self.uz.status()["office"])

    def test_a_passphrase_file_that_is_named_wins(self):
        self.credential.chmod(0o600)
        self.credential.write_text("five random words")
        self.assertIn("passphrase does not open", self.refused(self.uz, env=self.env))
        self.uz.start("--passphrase-file", self.passphrase_file, env=self.env)

    def test_without_it_blod_says_how_to_make_one(self):
        self.credential.unlink()
        said = self.refused(self.uz, env=self.env)
        self.assertIn("systemd-creds encrypt --name=blo-passphrase", said)
        self.assertIn(str(self.folder), said)
        self.assertIn("LoadCredentialEncrypted=", self.refused(self.uz))

    def test_one_that_others_can_read_is_refused(self):
        for mode in (0o444, 0o440 if os.geteuid() else 0o460, 0o606):
            self.credential.chmod(mode)
            said = self.refused(self.uz, env=self.env)
            self.assertIn(f"chmod 600 {self.credential}", said)
        self.mend(said)
        self.uz.start(env=self.env)

    def test_as_systemd_leaves_it_for_root_and_the_service(self):
        """Where systemd opens it with an access list, the list's mask shows as the group's permission."""
        if os.geteuid() != 0:
            self.skipTest("only root can make a file of root's")
        self.credential.chmod(0o440)
        self.uz.start(env=self.env)

    def test_the_unit_asks_for_it(self):
        text = (CHECKOUT / "packaging/blod.service").read_text()
        self.assertIn("\nLoadCredentialEncrypted=blo-passphrase:/etc/blo/passphrase.cred\n", text)
        self.assertNotIn("--passphrase-file", re.search(r"^ExecStart=.*$", text, re.M)[0])

    def test_the_unit_bounds_what_outsiders_can_make_it_hold(self):
        unit = dict(re.findall(r"^(\w+)=(.*)$", (CHECKOUT / "packaging/blod.service").read_text(), re.M))
        self.uz.start(env=self.env)
        now = dict(re.findall(r"^(\w+):\s+(\d+)", pathlib.Path(f"/proc/{self.uz.daemon.pid}/status").read_text(), re.M))
        self.assertLess(4 * int(now["Threads"]), int(unit["TasksMax"]))
        self.assertLess(2 * int(now["VmHWM"]), 1024 * 1024 * int(unit["MemoryMax"].removesuffix("G")))
        self.assertLess(4 * int(now["VmLck"]), 1024 * int(unit["LimitMEMLOCK"].removesuffix("M")))
        self.assertGreater(int(unit["LimitNOFILE"]), 4 * len(os.listdir(f"/proc/{self.uz.daemon.pid}/fd")))


class Permissions(Custody):
    def test_blod_refuses_what_others_could_have_changed_or_read(self):
        passphrase_file = self.secret("passphrase")
        uz = self.world.office(UZ, passphrase_file=passphrase_file)
        arguments = ("--passphrase-file", passphrase_file)
        uz.start(*arguments)
        uz.add_auditor()
        acts = uz.trail()
        uz.stop()
        for path, mode in ((uz.home, 0o770), (uz.home, 0o702), (self.world.folder, 0o720), (uz.home / "office.key", 0o640),
                           (uz.home / "office.key", 0o602), (uz.home / "store.db", 0o640), (uz.home / "store.db", 0o620),
                           (uz.home / "blod.toml", 0o664), (uz.home / "blod.toml", 0o646), (uz.home / "office.pem", 0o664),
                           (uz.home / "authority.pem", 0o646), (passphrase_file, 0o640), (passphrase_file, 0o604)):
            path.chmod(mode)
            said = self.refused(uz, *arguments)
            self.assertRegex(said, rf"{re.escape(str(path))} \(run: chmod \S+ {re.escape(str(path))}\)", oct(mode))
            self.mend(said)
        uz.start(*arguments)
        self.assertEqual(acts, uz.trail())

    def test_a_link_is_not_followed(self):
        passphrase_file = self.secret("passphrase")
        uz = self.world.office(UZ, passphrase_file=passphrase_file)
        arguments = ("--passphrase-file", passphrase_file)
        uz.start(*arguments)
        uz.add_auditor()
        acts = uz.trail()
        uz.stop()
        elsewhere = self.world.path("elsewhere")
        elsewhere.mkdir(mode=0o700)
        for path in (uz.home / "office.key", uz.home / "store.db", uz.home / "blod.toml", uz.home / "office.pem",
                     uz.home / "authority.pem", passphrase_file):
            path.rename(elsewhere / path.name)
            path.symlink_to(elsewhere / path.name)
            said = self.refused(uz, *arguments)
            self.assertIn(f"{path} (put the file itself there): a link is not followed", said)
            path.unlink()
            (elsewhere / path.name).rename(path)
            (elsewhere / path.name).hardlink_to(path)
            said = self.refused(uz, *arguments)
            self.assertIn(f"{path} (it has other names", said)
            self.mend(said)
            (elsewhere / path.name).unlink()
        uz.start(*arguments)
        self.assertEqual(acts, uz.trail())

    def test_another_users_files_are_not_trusted(self):
        if os.geteuid() != 0:
            self.skipTest("only root can give files away")
        uz = self.world.office(UZ)
        for path in (uz.home / "office.key", uz.home / "blod.toml", uz.home / "authority.pem"):
            os.chown(path, _NOBODY, -1)
            said = self.refused(uz)
            self.assertIn(f"run: chown 0 {path}", said)
            self.mend(said)
        # A whole home of one user is that user's; root may look after it.
        for path in (uz.home, *uz.home.iterdir()):
            os.chown(path, _NOBODY, _NOBODY)
        uz.start()
        self.assertEqual(UZ, uz.json("office", "show")["office"])

    def test_what_blod_may_not_open_is_named_with_what_mends_it(self):
        """Files that root left in the home of the user blod runs as; without root, files without their owner's permission."""
        uz = self.world.office(UZ).start()
        uz.stop()
        user, start = os.geteuid(), uz.start_only
        if user == 0:
            user, start = _NOBODY, lambda: uz.start_as(_NOBODY)
        (uz.home / "store.db-wal").touch(0o600)
        if user == _NOBODY:
            for path in (uz.home, *uz.home.iterdir()):
                os.chown(path, user, user)
        for name in ("blod.lock", "store.db", "store.db-wal", "office.key", "."):
            path = uz.home / name
            if user == _NOBODY:
                os.chown(path, 0, 0)
            else:
                path.chmod(0o100 if path.is_dir() else 0)
            with self.subTest(name):
                before = len(uz.log.read_text())
                self.assertEqual(NOT_CONFIGURED, start().wait(), uz.log.read_text())
                said = uz.log.read_text()[before:]
                self.assertIn("the user that blod runs as may not read and write it", said)
                self.assertIn(f"blod: {path} (", said)
                self.mend(said)
        uz.daemon = start().wait_until_ready()
        self.assertEqual(UZ, uz.json("office", "show")["office"])

    def test_blo_refuses_an_officers_key_that_others_could_touch(self):
        uz = self.world.office(UZ).start()
        uz.add_officer("karimov")
        uz.add_auditor()
        key = uz.officers / "karimov.key"
        for path, mode in ((key, 0o640), (key, 0o602), (uz.officers, 0o770), (self.world.folder, 0o702)):
            path.chmod(mode)
            failed = uz.blo("inbox", expect=NOT_AUTHORISED)
            self.assertRegex(failed.err, rf"{re.escape(str(path))} \(run: chmod \S+ {re.escape(str(path))}\)")
            self.mend(failed.err)
            uz.blo("inbox")
        acts = uz.trail()
        key.rename(self.world.path("elsewhere"))
        key.symlink_to(self.world.path("elsewhere"))
        self.assertIn("a link is not followed", uz.blo("inbox", expect=NOT_AUTHORISED).err)
        # A key that blo does not use signs nothing: the daemon was not asked.
        self.assertEqual(acts, uz.trail())
        self.assertEqual(4, len([act for act in acts if act["what"] == "list"]))

    def test_blo_refuses_a_passphrase_that_others_could_read(self):
        uz = self.world.office(UZ)
        file = self.secret("open")
        request = ("officer", "request", "saidov", "--office", UZ, "--name", "S", "--agency", "C", "--passphrase-file", file)
        file.chmod(0o604)
        failed = uz.blo(*request, expect=NOT_AUTHORISED)
        self.mend(failed.err)
        uz.blo(*request)


class Processes(Custody):
    def test_no_core_and_no_other_process_looks_inside(self):
        """blod, a blo that follows, and the key holder; root is asked without the right to look into everything."""
        uz = self.world.office(UZ).start()
        uz.add_officer("karimov")
        uz.stop()
        uz.log.unlink()  # what it says is of another blod than the one waited for below
        wrapper = ("setpriv", "--bounding-set=-sys_ptrace", "--inh-caps=-sys_ptrace") if os.geteuid() == 0 else ()
        session = Session(uz, wrapper)
        self.addCleanup(session.close)
        session.tell("ulimit -S -c $(ulimit -H -c)")
        session.tell(f"{BIN / 'blod'} --home {uz.home} --listen {uz.address} >{uz.log} 2>&1 </dev/null & echo $!")
        blod = int(session.answer())
        self.addCleanup(lambda: self.end(blod))
        until(lambda: uz.log.exists() and "listening on" in uz.log.read_text(), "blod is ready")
        session.blo("unlock")
        daemon_and_holder = processes_of(session.shell.pid)
        self.assertEqual(2, len(daemon_and_holder))
        session.run("readlink", f"/proc/{session.shell.pid}/exe", expect=OK)
        for process in daemon_and_holder:
            self.assert_closed(session, process)
        said = self.world.path("follower")
        for attempt in (1, 2, 3):
            session.tell(f"{BIN / 'blo'} inbox --follow >{said} 2>&1 </dev/null & echo $!")
            follower = int(session.answer())
            self.addCleanup(lambda process=follower: self.end(process))
            try:
                until(lambda: pathlib.Path(f"/proc/{follower}/comm").read_text() == "blo\n", "blo runs")
                return self.assert_closed(session, follower)
            except FileNotFoundError:  # it was gone before it could be looked at
                self.assertLess(attempt, 3, said.read_text())

    def assert_closed(self, session, process):
        # What has only just started may not have come to it yet.
        until(lambda: session.run("readlink", f"/proc/{process}/exe", expect=None).code == 1, "it is closed to others")
        self.assertEqual(["0", "0"], self.core_limits(process))

    @staticmethod
    def end(process):
        try:
            os.kill(process, signal.SIGTERM)
        except ProcessLookupError:
            pass

    @staticmethod
    def core_limits(process):
        limits = pathlib.Path(f"/proc/{process}/limits").read_text()
        return next(line for line in limits.splitlines() if line.startswith("Max core file size")).split()[4:6]


class HangUp(Custody):
    def told(self, office, text, words):
        (office.home / "blod.toml").write_text(text)
        before = len(office.log.read_text())
        os.kill(office.daemon.pid, signal.SIGHUP)
        until(lambda: words in office.log.read_text()[before:], f"blod says {words!r}")
        return office.log.read_text()[before:]

    def test_the_configuration_is_read_again(self):
        uz = self.world.office(UZ)
        listen = f'listen = ["{uz.address}"]\n'
        (uz.home / "blod.toml").write_text(listen)
        uz.start(listen=[])
        for level in ("debug", "error", "info"):
            self.assertNotIn("restarted", self.told(uz, f'{listen}log_level = "{level}"\n', f"log_level is {level}"))
        self.told(uz, "listen = []\n", "listen has changed and takes effect when blod is restarted")
        self.assertEqual([uz.address], uz.status()["listening"])

    def test_an_error_in_it_changes_nothing(self):
        uz, tj = self.offices()
        config = uz.home / "blod.toml"
        for text, words in (("log_level = \"loud\"\n", "line 1"), ("log_level = \n", "this is not TOML"),
                            ("colour = \"red\"\n", "there is no such setting")):
            said = self.told(uz, text, "the settings stay as they were")
            self.assertIn(words, said)
            self.assertIn(str(config), said)
        config.chmod(0o666)
        self.assertIn(f"chmod go-w {config}", self.told(uz, "", "the settings stay as they were"))
        self.assert_works(uz, tj)

    def test_the_command_line_stays_above_it(self):
        uz = self.world.office(UZ).start("--log-level", "info")
        self.told(uz, 'log_level = "error"\n', "log_level is info")


class Plaintext(Custody):
    NAME, AGENCY = "MARKERNAME Dilshod", "MARKERAGENCY"

    def places(self, folders, markers, without=()):
        """(file, marker) of every marker found, in the encodings that text has on disks."""
        found = []
        for path in (path for folder in folders for path in ([folder] if folder.is_file() else folder.rglob("*"))):
            if not path.is_file() or path in without:
                continue
            data = path.read_bytes()
            for marker in markers:
                plain = marker.encode()
                written = [plain, marker.encode("utf-16-le"), plain.hex().encode()]
                # However it falls among the groups of three; the ends depend on what stands beside it.
                written += [base64.b64encode(bytes(shift) + plain)[4:-4] for shift in range(3)]
                found += [(path, marker) for one in written if one in data]
        return found

    def test_names_and_passphrases_are_nowhere_on_the_office_disk(self):
        file = self.secret("passphrase")
        temporary = self.world.path("temporary")
        temporary.mkdir(mode=0o700)
        uz, tj = self.world.office(UZ, passphrase_file=file), self.world.office(TJ, passphrase_file=file)
        for office, officer in ((uz, "karimov"), (tj, "rahimov")):
            office.start("--log-level", "debug", "--passphrase-file", file, env={"TMPDIR": str(temporary)})
            office.add_officer(officer, full_name=self.NAME, agency=self.AGENCY)
        pair(uz, tj)
        number = uz.alert(tj, "--wait", 60, "--json").json()["number"]
        self.assertIn(self.NAME, tj.blo("show", number).out)
        self.assertIn(self.NAME, uz.blo("officer", "list").out)
        uz.alert(tj, "--as", "nobody", expect=None)
        os.kill(uz.daemon.pid, signal.SIGHUP)
        office_disk = [uz.home, tj.home, uz.log, tj.log, temporary]
        markers = (self.NAME, self.AGENCY)
        requests = uz.officers / "karimov.request.pem"
        self.assertTrue(self.places([requests], markers), "the search does not find what is there")
        self.assertEqual([], self.places(office_disk, markers), "while both run")
        self.assertEqual([], self.places([self.world.folder], [_PASSPHRASE], without=[file]))
        uz.kill()
        tj.stop()
        self.assertEqual([], self.places(office_disk, markers), "after a kill and a stop")
        self.assertEqual([], self.places([self.world.folder], [_PASSPHRASE], without=[file]))
