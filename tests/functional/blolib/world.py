"""Authorities, offices and officers in a temporary folder, made as people make them: with blo."""

import json
import pathlib
import shutil
import subprocess
import tempfile
import unittest

from .addresses import free_address
from .daemon import Daemon
from .programs import BIN, OK, environment, run
from .relay import Relay
from .waiting import until

UZ, TJ = "UZ-OYBEK", "TJ-FOTEHOBOD"


def newest_first(messages):
    """As they stand in their journal, whether anybody has opened them or not."""
    place = lambda message: [int(part) for part in f"1/{message['number']}".split("/") if part.isdigit()][-2:]
    return sorted(messages, key=place, reverse=True)


class World:
    """Everything of one test. Made by WorldTest; gone, daemons included, when the test is over."""

    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="blo-"))
        self.offices = []
        self._authorities = {}

    def path(self, name):
        return self.folder / name

    def write(self, name, text):
        path = self.path(name)
        path.write_text(text)
        return path

    def write_json(self, name, value):
        return self.write(name, json.dumps(value, indent=1, ensure_ascii=False))

    def authority(self, country, network="live", name=None):
        """The folder of a country's authority; made when first asked for."""
        folder = self.path(name or f"authority-{country}-{network}")
        if folder not in self._authorities:
            run("blo", "authority", "create", country, "--out", folder, "--network", network, "--no-passphrase")
            self._authorities[folder] = True
        return folder

    def office(self, office_id, network="live", name=None, passphrase_file=None):
        """An office with keys and certificate, not yet running."""
        office = Office(self, office_id, network, name or office_id)
        secret = ["--passphrase-file", passphrase_file] if passphrase_file else ["--no-passphrase"]
        office.blo("office", "create", office_id, "--network", network, *secret)
        certificate = self.path(f"{office.home.name}.pem")
        run("blo", "office", "certify", office.home / "office.request.pem", "--authority", office.authority, "--out",
            certificate)
        office.blo("office", "install", certificate, office.authority / "authority.pem")
        self.offices.append(office)
        return office

    def diagnostics(self):
        """What each daemon said last, for whoever reads a failed test."""
        return "\n".join(f"--- {office.id} ({office.log}):\n{office.log.read_text(errors='replace')[-4000:]}"
                         for office in self.offices if office.log.exists())

    def close(self):
        """Ends every daemon; each must end cleanly."""
        failures = []
        for office in self.offices:
            try:
                office.close()
            except (AssertionError, subprocess.TimeoutExpired) as failure:
                failures.append(str(failure))
        shutil.rmtree(self.folder, ignore_errors=True)
        assert not failures, "\n".join(failures)


class Office:
    """One office: its home, its officers' keys, and its daemon while that runs."""

    def __init__(self, world, office_id, network, name):
        self.world = world
        self.id = office_id
        self.network = network
        self.home = world.path(name.lower())
        self.officers = world.path(f"{name.lower()}-officers")
        self.log = world.path(f"{name.lower()}.diagnostics")
        self.authority = world.authority(office_id[:2], network)
        self.address = free_address()
        self.daemon = None

    # --- the daemon

    def start(self, *arguments, listen=None, env=None):
        """Starts blod on `listen` (the office's own address where nothing is said) and waits until it is ready."""
        assert self.daemon is None or not self.daemon.running
        self.daemon = self.start_only(*arguments, listen=listen, env=env).wait_until_ready()
        return self

    def start_as(self, user):
        """By root, as a service's user, who may not be able to run what lies in this checkout."""
        program = self.world.path("blod")
        shutil.copy(BIN / "blod", program)
        self.world.folder.chmod(0o755)
        self.daemon = Daemon(self.home, self.log, "--listen", self.address, user=user, program=program)
        return self.daemon

    def start_only(self, *arguments, listen=None, env=None):
        addresses = [self.address] if listen is None else listen
        words = [word for address in addresses for word in ("--listen", address)]
        return Daemon(self.home, self.log, *words, *arguments, env=env)

    def stop(self):
        self.daemon.stop()

    def kill(self):
        self.daemon.kill()

    def close(self):
        if self.daemon is None:
            return
        try:
            if self.daemon.running:
                self.daemon.stop()
        finally:
            if self.daemon.running:
                self.daemon.kill()
        self.daemon.check_sanitizers()

    # --- people

    def environment(self):
        return {"BLO_HOME": str(self.home), "BLO_OFFICERS": str(self.officers), "HOME": str(self.world.folder)}

    def blo(self, *arguments, expect=OK):
        return run("blo", *arguments, env=self.environment(), expect=expect)

    def json(self, *arguments, expect=OK):
        return self.blo(*arguments, "--json", expect=expect).json()

    def popen(self, *arguments):
        """blo, still running, its stdout a pipe."""
        return subprocess.Popen([str(BIN / "blo"), *map(str, arguments)], env=environment(self.environment()),
                                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def add_officer(self, name, *roles, full_name=None, agency="Customs", passphrase_file=None):
        """An officer who may sign here; an operator where no role is named."""
        secret = ["--passphrase-file", passphrase_file] if passphrase_file else ["--no-passphrase"]
        self.blo("officer", "request", name, "--office", self.id, "--network", self.network, "--name",
                 full_name or f"{name} of {self.id}", "--agency", agency, *secret)
        certificate = self.world.path(f"{self.home.name}-{name}.pem")
        words = [word for role in roles for word in ("--role", role)]
        self.blo("officer", "add", self.officers / f"{name}.request.pem", *words, "--out", certificate)
        self.blo("officer", "install", name, certificate)

    def add_auditor(self):
        """An auditor on an account of their own: nobody else needs --as because of them."""
        officers, self.officers = self.officers, self._auditors()
        try:
            self.add_officer("auditova", "auditor")
        finally:
            self.officers = officers

    def auditors_environment(self):
        return self.environment() | {"BLO_OFFICERS": str(self._auditors())}

    def _auditors(self):
        return self.world.path(f"{self.home.name}-auditors")

    # --- what it sees

    def trail(self):
        """What add_auditor's auditor reads in the audit trail, oldest first, without such readings."""
        acts = run("blo", "trail", "--limit", 1000, "--json", env=self.auditors_environment()).json()["acts"][::-1]
        return [act for act in acts if act["what"] != "trail" or act["refused"]]

    def status(self):
        return self.json("status")

    def pair_status(self, counterpart):
        return next(pair for pair in self.status()["pairs"] if pair["counterpart"] == counterpart.id)

    def inbox(self, *arguments):
        return newest_first(self.json("inbox", "--limit", 1000, *arguments)["messages"])

    def outbox(self, *arguments):
        return newest_first(self.json("outbox", "--limit", 1000, *arguments)["messages"])

    def export(self, name, *arguments):
        folder = self.world.path(name)
        self.blo("journal", "export", folder, *arguments)
        return folder

    def alert(self, to, *arguments, marker="hashish under the trailer", expect=OK):
        """Sends a small alert in which `marker` stands."""
        return self.blo("send", "alert", "--to", to.id, "--goods", marker, "--reason", "expected at the crossing",
                        "--action", "search and hold", *arguments, expect=expect)


LEGAL_BASIS = "Agreement of 2024-01-15 on information at the border, article 7"
HOW = "by telephone with the officer on duty"


def invite(office, counterpart, addresses=None, legal_basis=LEGAL_BASIS):
    """The pairing file of `office` for `counterpart`."""
    file = office.world.path(f"{office.home.name}-for-{counterpart.home.name}.pairing")
    known = [office.address] if addresses is None else addresses
    words = [word for address in known for word in ("--address", address)]
    office.blo("pair", "invite", counterpart.id, "--legal-basis", legal_basis, *words, "--out", file)
    return file


def confirm(office, counterpart, digits, *arguments, expect=OK):
    """`office` heard these digits from `counterpart` on the telephone."""
    return office.blo("pair", "confirm", counterpart.id, "--digits", digits, "--how", HOW, *arguments, expect=expect)


def pair(a, b, a_addresses=None, b_addresses=None):
    """Both exchange files, compare digits, confirm."""
    file_a, file_b = invite(a, b, a_addresses), invite(b, a, b_addresses)
    heard_by_a = b.json("pair", "accept", file_a)["digits"]
    heard_by_b = a.json("pair", "accept", file_b)["digits"]
    assert heard_by_a == heard_by_b, "the two sides show different digits"
    confirm(a, b, heard_by_a)
    confirm(b, a, heard_by_b)


def offer_again(office, counterpart, *arguments):
    """A new file of `office` to pair again with `counterpart`."""
    made = len(list(office.world.folder.glob("*.again")))
    file = office.world.path(f"{office.home.name}-{made}.again")
    office.blo("pair", "again", counterpart.id, *arguments, "--out", file)
    return file


def accept_again(a, b, file_a, file_b):
    """Both read the other's file; the digits they both show."""
    shown = {office.json("pair", "accept", file)["digits"] for office, file in ((a, file_b), (b, file_a))}
    assert len(shown) == 1, "the two sides show different digits"
    return shown.pop()


class WorldTest(unittest.TestCase):
    """A test with a world of its own."""

    current = None  # for the runner, which prints its diagnostics when the test fails
    maxDiff = None

    def setUp(self):
        self.world = World()
        WorldTest.current = self.world
        self.addCleanup(self.world.close)

    def offices(self, **addresses):
        """Oybek and Fotehobod, running, one operator each, paired."""
        uz, tj = self._unpaired()
        pair(uz, tj, **addresses)
        return uz, tj

    def _unpaired(self):
        uz, tj = self.world.office(UZ), self.world.office(TJ)
        for office, officer in ((uz, "karimov"), (tj, "rahimov")):
            office.start()
            office.add_officer(officer)
        return uz, tj

    def offices_through_relay(self):
        """The same two; Oybek alone dials, and what it says passes the relay."""
        uz, tj = self._unpaired()
        relay = Relay(tj.address)
        self.addCleanup(relay.close)
        pair(uz, tj, a_addresses=[], b_addresses=[relay.address])
        return uz, tj, relay

    def kill_over_a_log(self, office, counterpart, more_than=4096):
        """Kills it while its log holds so many bytes; what was destroyed may empty the log, or fill it with zeros, at any
        moment before."""
        def killed():
            office.kill()
            log = (office.home / "store.db-wal").read_bytes()
            if len(log) > more_than and any(log[:4]):
                return True
            office.start()
            for _ in range(8):
                office.alert(counterpart, "--wait", 60)
            return False
        until(killed, "the log holds something")

    def assert_works(self, a, b):
        """a and b still exchange, each way, with a receipt."""
        for sender, receiver in ((a, b), (b, a)):
            sent = sender.alert(receiver, "--wait", 60, "--json", marker="still working").json()
            self.assertIn(sent["number"], [message["number"] for message in receiver.inbox()])
