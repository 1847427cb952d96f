"""Sticks, whose file systems keep no modes, no owners and no second names: what is handed over goes through them, and no
secret is made there."""

import pathlib
import re
import resource
import shutil
import signal
import subprocess

from blolib import stick
from blolib.programs import BIN, FAILED, NOT_AUTHORISED, NOT_CONFIGURED, OK, REFUSED, UNVERIFIED, audit, environment, run
from blolib.world import HOW, TJ, UZ, Office, WorldTest

_NEW = "UZ-GISHTKUPRIK"
_PASSPHRASE = "four random words"
# What FAT, exFAT and NTFS take for no name.
_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?")
_FORBIDDEN = re.compile(r'[\x00-\x1f<>:"/\\|?*]|[ .]$')


class Sticks(WorldTest):
    def simulated(self, kind, **more):
        return stick.simulated(self.world, kind, **more)

    def refused_twice(self, made, file, *again):
        """A second file of one name is none, and the first stays as it is."""
        before = file.read_bytes()
        failed = made(*again, expect=FAILED)
        self.assertIn("exists already", failed.text)
        self.assertEqual(before, file.read_bytes())


class HandedOver(Sticks):
    """The tests are below: each of these takes one kind of stick."""

    def hand_over(self, through):
        """All that leaves one hand for another, written to the stick and read from there."""
        uz, tj = self.offices_with_officers(through)
        new = through.seen_by(Office(self.world, _NEW, "live", f"new-{through.folder.name}"))
        new.blo("office", "create", _NEW, "--no-passphrase")
        certificate = through.path("gisht.pem")
        certify = lambda **expected: run("blo", "office", "certify", through.take(new.home / "office.request.pem"),
                                         "--authority", new.authority, "--out", certificate, env=through.env, **expected)
        certify()
        self.refused_twice(certify, certificate)
        new.blo("office", "install", certificate, through.take(new.authority / "authority.pem"))

        files = {}
        for office, other in ((uz, tj), (tj, uz)):
            files[office.id] = through.path(f"{office.home.name}.pairing")
            office.blo("pair", "invite", other.id, "--legal-basis", "Agreement", "--address", office.address, "--out",
                       files[office.id])
        heard = [office.json("pair", "accept", files[other.id])["digits"] for office, other in ((uz, tj), (tj, uz))]
        self.assertEqual(heard[0], heard[1])
        for office, other in ((uz, tj), (tj, uz)):
            office.blo("pair", "confirm", other.id, "--digits", heard[0], "--how", HOW)
        self.assert_works(uz, tj)

        number = uz.alert(tj, "--wait", 60, "--json").json()["number"]
        trusted = [word for office in (uz, tj) for word in ("--authority", office.authority / "authority.pem")]
        for name, *words in (("sealed.evidence",), ("open.evidence", "--disclose")):
            write = lambda **expected: uz.blo("evidence", number, "--out", through.path(name), *words, **expected)
            write()
            self.refused_twice(write, through.path(name))
            run("blo-audit", "evidence", through.path(name), *trusted)

        revocation = through.path("fotehobod.revocation")
        run("blo", "authority", "revoke", TJ, "--authority", tj.authority, "--reason", "left", "--out", revocation,
            env=through.env)
        uz.blo("pair", "revoke", revocation)
        self.assertEqual([], [name for name in through.names() if ".part" in name])

    def offices_with_officers(self, through):
        """Each officer's request and certificate go through the stick, too."""
        offices = []
        for office_id, officer in ((UZ, "karimov"), (TJ, "rahimov")):
            office = through.seen_by(self.world.office(office_id, name=f"{office_id}-{through.folder.name}"))
            office.start()
            office.blo("officer", "request", officer, "--office", office_id, "--name", officer, "--agency", "Customs",
                       "--no-passphrase")
            certificate = through.path(f"{officer}.pem")
            office.blo("officer", "add", through.take(office.officers / f"{officer}.request.pem"), "--out", certificate)
            office.blo("officer", "install", officer, certificate)
            offices.append(office)
        return offices

    def export(self, through):
        uz, tj = self.offices()
        for sender, receiver in ((uz, tj), (tj, uz)):
            sender.alert(receiver, "--wait", 60)
        through.seen_by(uz)
        folder = through.path("journals")
        uz.blo("journal", "export", folder)
        audit(folder, [office.authority / "authority.pem" for office in (uz, tj)])
        for path in [folder, *folder.rglob("*")]:
            self.assertIsNone(_FORBIDDEN.search(path.name), path)
            self.assertIsNone(_RESERVED.fullmatch(path.name), path)
            if path.is_dir():
                names = [entry.name.casefold() for entry in path.iterdir()]
                self.assertEqual(len(names), len(set(names)), path)
        return uz

    def back_up(self, through, uz):
        """What is encrypted lies there as well as anywhere; the key that opens it does not."""
        key, file = self.world.path("backup.key"), through.path("office.backup")
        uz.blo("backup", "create-key", UZ, "--out", key, "--no-passphrase")
        back_up = lambda **expected: uz.blo("backup", "--to", through.take(key.with_suffix(".pub")), "--out", file, **expected)
        back_up()
        before = file.read_bytes()
        self.assertIn("exists already", uz.blo("backup", "--to", through.path("backup.pub"), "--out", file, expect=FAILED).err)
        self.assertEqual(before, file.read_bytes())
        again = through.seen_by(Office(self.world, UZ, "live", f"again-{through.folder.name}"))
        again.blo("restore", file, "--key", key)
        self.assertTrue((again.home / "store.db").exists())
        self.assertEqual([], [name for name in through.names() if ".part" in name])

    def refuse_secrets(self, through):
        """Before anybody is asked for a passphrase, and nothing is left."""
        uz = through.seen_by(self.world.office(UZ, name=f"uz-{through.folder.name}").start())
        key = self.world.path(f"key-to-{uz.home.name}")
        uz.blo("backup", "create-key", UZ, "--out", key, "--no-passphrase")
        backup = self.world.path(f"{uz.home.name}.backup")
        uz.blo("backup", "--to", key.with_suffix(".pub"), "--out", backup)
        before = through.names()
        there = through.path("there")
        for words, place in ((("authority", "create", "KZ", "--out", there), there),
                             (("--home", there, "office", "create", UZ), there),
                             (("officer", "request", "saidov", "--office", UZ, "--name", "S", "--agency", "C"), there),
                             (("backup", "create-key", UZ, "--out", through.path("backup.key")), through.folder),
                             (("--home", there, "restore", backup, "--key", key), there)):
            with self.subTest(words):
                ended = run("blo", *words, env={**uz.environment(), "BLO_OFFICERS": str(there)}, expect=REFUSED)
                self.assertIn(str(place), ended.err)
                self.assertIn("keeps no owners and no modes", ended.err)
                self.assertIn("this machine's own disk", ended.err)
                self.assertEqual(before, through.names())


class Simulated(HandedOver):
    """As kernels and FUSE's programs answer: needs nothing but this machine."""

    def test_all_that_is_handed_over_goes_through_one(self):
        for kind in stick.KINDS:
            with self.subTest(kind):
                self.hand_over(self.simulated(kind))

    def test_an_export_there_is_whole_and_its_names_are_names_there(self):
        self.export(self.simulated("fuse"))

    def test_a_backup_is_written_there_and_restored_from_there(self):
        uz, _ = self.offices()
        through = self.simulated("fuse")
        self.back_up(through, through.seen_by(uz))

    def test_a_backup_that_is_too_long_for_fat_is_told_so(self):
        uz = self.world.office(UZ).start()
        key, file = self.world.path("backup.key"), self.simulated("fuse").path("office.backup")
        uz.blo("backup", "create-key", UZ, "--out", key, "--no-passphrase")

        def small():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))

        ended = subprocess.run([BIN / "blo", "backup", "--to", key.with_suffix(".pub"), "--out", file],
                               env=environment(uz.environment()), preexec_fn=small, stdin=subprocess.DEVNULL,
                               capture_output=True, text=True, check=False)
        self.assertEqual(FAILED, ended.returncode, ended)
        self.assertIn("FAT's ends at 4 GiB", ended.stderr)
        self.assertEqual([], list(file.parent.iterdir()))

    def test_secrets_are_refused_when_they_are_made(self):
        """Whatever modes its mount shows: everybody may read, or its owner alone, or as a key has it."""
        for kind, shown in (("fat", {}), ("fat", {"STICK_FMASK": "0077"}), ("fat", {"STICK_FMASK": "0177"}), ("fuse", {})):
            with self.subTest(kind, **shown):
                self.refuse_secrets(self.simulated(kind, **shown))

    def test_a_secret_that_somebody_copied_there_is_refused_with_what_mends_it(self):
        through = self.simulated("fat")
        uz = through.seen_by(self.world.office(UZ).start())
        uz.add_officer("karimov")
        passphrase = self.world.write("passphrase", _PASSPHRASE)
        passphrase.chmod(0o600)
        request = ("officer", "request", "saidov", "--office", UZ, "--name", "S", "--agency", "C", "--passphrase-file")
        failed = uz.blo(*request, through.take(passphrase), expect=NOT_AUTHORISED)
        self.mend(failed.err, through)
        uz.blo(*request, self.world.path("here") / "passphrase")
        there = through.path("officers")
        shutil.copytree(uz.officers, there)
        uz.officers = there
        failed = uz.blo("inbox", "--as", "karimov", expect=NOT_AUTHORISED)
        self.mend(failed.err, through)
        self.assertTrue((self.world.path("here") / "karimov.key").exists())

    def mend(self, said, through):
        """Does what a refusal says, in a folder of this machine's disk."""
        self.assertIn("keeps no owners and no modes", said)
        command = re.search(r"install -m 0600 \S+ \.", said)
        self.assertTrue(command, said)
        here = self.world.path("here")
        here.mkdir(mode=0o700, exist_ok=True)
        subprocess.run(["/bin/sh", "-c", command[0]], cwd=here, check=True)

    def test_a_name_that_is_none_there_is_told_so(self):
        uz, through = self.world.office(UZ).start(), self.simulated("fat")
        failed = through.seen_by(uz).blo("pair", "invite", TJ, "--legal-basis", "Agreement", "--out",
                                         through.path("07:30.pairing"), expect=FAILED)
        self.assertIn("sticks take no name with", failed.err)
        self.assertEqual([], through.names())

    def test_blod_does_not_start_on_one(self):
        """Though its mount may show everything as its owner's alone."""
        office = self.world.office(UZ)
        here = office.home
        for shown in ({}, {"STICK_FMASK": "0077"}):
            through = self.simulated("fat", **shown)
            office.home = pathlib.Path(shutil.copytree(here, through.path("home")))
            before = len(office.log.read_text()) if office.log.exists() else 0
            daemon = office.start_only(env=through.env)
            self.addCleanup(daemon.kill)
            self.assertEqual(NOT_CONFIGURED, daemon.wait(), office.log.read_text())
            said = office.log.read_text()[before:]
            self.assertIn("keeps no owners and no modes", said)
            self.assertIn(str(office.home), said)
            self.assertEqual([], [name for name in through.names() if "store.db" in name])

    def test_what_a_killed_writer_left_is_never_taken_for_the_whole(self):
        """In the middle of writing, and when the file is about to get its name."""
        uz, tj = self.world.office(UZ).start(), self.world.office(TJ).start()
        tj.blo("pair", "invite", UZ, "--legal-basis", "Agreement", "--out", self.world.path("theirs"))
        through = self.simulated("fuse")
        invite = ("pair", "invite", TJ, "--legal-basis", "Agreement", "--out")
        for name, end, limits in (("half", {}, lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))),
                                  ("whole", {"STICK_DIES": "rename"}, None)):
            file = through.path(f"{name}.pairing")
            env = environment({**uz.environment(), **through.env, **end})
            ended = subprocess.run([BIN / "blo", *invite, file], env=env, preexec_fn=limits, stdin=subprocess.DEVNULL,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
            self.assertIn(ended.returncode, (-signal.SIGXFSZ, -signal.SIGKILL), ended)
            left = [path for path in through.folder.iterdir() if path.name.startswith(f"{name}.pairing.part")]
            self.assertEqual(1, len(left), through.names())
            self.assertEqual(name == "whole", file.exists())
            for path in [file] if file.exists() else left:
                tj.blo("pair", "accept", path, expect=UNVERIFIED)
            through.seen_by(uz)
            if file.exists():
                self.assertIn("exists already", uz.blo(*invite, file, expect=FAILED).err)
            else:
                uz.blo(*invite, file)
                tj.blo("pair", "accept", file)


class Mounted(HandedOver):
    """The file systems themselves."""

    def all_of_it(self, kind):
        through = stick.mounted(self, kind)
        self.hand_over(through)
        self.refuse_secrets(through)
        for office in self.world.offices:
            office.close()
        self.back_up(through, self.export(through))

    def test_all_of_it_on_fat(self):
        self.all_of_it("FAT")

    def test_all_of_it_on_exfat(self):
        self.all_of_it("exFAT")

    def test_all_of_it_on_ntfs(self):
        self.all_of_it("NTFS")


class Umask(Sticks):
    """Debian gives each user a group of their own and the umask 002: folders are born open to that group."""

    def setUp(self):
        super().setUp()
        self.outer = self.world.path("outer")
        self.inner = self.outer / "inner"
        self.inner.mkdir(parents=True)
        self.open()

    def open(self):
        for folder in (self.outer, self.inner):
            folder.chmod(0o775)

    def mend(self, said):
        """One command, for every folder."""
        self.assertEqual(1, said.count("run: "), said)
        command = re.search(r"run: ([^)]*)\)", said)[1]
        self.assertEqual(f"chmod go-w {self.inner} {self.outer}", command)
        subprocess.run(["/bin/sh", "-c", command], check=True)

    def test_it_is_said_once_with_every_folder_when_a_key_is_made(self):
        secret = "--no-passphrase"
        env = {"BLO_OFFICERS": str(self.inner / "officers"), "HOME": str(self.world.folder)}
        for make in (("authority", "create", "UZ", "--out", self.inner / "authority"),
                     ("--home", self.inner / "home", "office", "create", UZ),
                     ("officer", "request", "saidov", "--office", UZ, "--name", "S", "--agency", "C"),
                     ("backup", "create-key", UZ, "--out", self.inner / "backup.key")):
            with self.subTest(make):
                self.open()
                before = sorted(self.outer.rglob("*"))
                failed = run("blo", *make, env=env, expect=NOT_AUTHORISED)  # before it asks for a passphrase
                self.assertEqual(before, sorted(self.outer.rglob("*")))
                self.mend(failed.err)
                run("blo", *make, secret, env=env)

    def test_what_came_later_is_said_at_once_of_all_folders_when_a_key_is_used(self):
        for folder in (self.outer, self.inner):
            folder.chmod(0o755)
        office = self.world.office(UZ)
        moved = self.inner / "home"
        office.home.rename(moved)
        office.home = moved
        office.officers = self.inner / "officers"
        office.start()
        office.add_officer("karimov")
        self.open()
        self.mend(office.blo("inbox", expect=NOT_AUTHORISED).err)
        office.blo("inbox")
        office.stop()
        self.open()
        before = len(office.log.read_text())
        daemon = office.start_only()
        self.addCleanup(daemon.kill)
        self.assertEqual(NOT_CONFIGURED, daemon.wait())
        self.mend(office.log.read_text()[before:])
        office.start()
