"""Who may do what: roles, keys, the control socket."""

import contextlib
import os
import socket
import stat
import struct

from blolib.control import Control, officer_of
from blolib.crowd import Crowd
from blolib.programs import FAILED, NOT_AUTHORISED, NOT_CONFIGURED, NOT_FOUND, REFUSED, UNVERIFIED, USAGE
from blolib.world import TJ, WorldTest


class Roles(WorldTest):
    def test_an_auditor_reads_and_exports_and_does_not_send(self):
        uz, tj = self.offices()
        uz.add_officer("auditova", "auditor")
        before = uz.outbox("--as", "karimov")
        failed = uz.alert(tj, "--as", "auditova", expect=NOT_AUTHORISED)
        self.assertIn("operator", failed.err)
        self.assertEqual(before, uz.outbox("--as", "karimov"))
        uz.alert(tj, "--as", "karimov", "--wait", 60)
        self.assertEqual(len(uz.outbox("--as", "auditova")), 1)
        uz.export("by-the-auditor", "--as", "auditova")

    def test_an_operator_does_not_administer_in_somebody_elses_name(self):
        uz, tj = self.offices()
        uz.blo("officer", "request", "umarov", "--office", uz.id, "--name", "U", "--agency", "Customs", "--no-passphrase")
        certificate = self.world.path("umarov.pem")
        uz.blo("officer", "add", uz.officers / "umarov.request.pem", "--as", "karimov", "--out", certificate,
               expect=NOT_AUTHORISED)
        self.assertFalse(certificate.exists())
        self.assertEqual(len(uz.json("officer", "list", "--as", "karimov")["officers"]), 1)

    def test_of_several_officers_one_must_be_named(self):
        uz, tj = self.offices()
        uz.add_officer("saidov")
        failed = uz.alert(tj, expect=USAGE)
        self.assertIn("karimov, saidov", failed.err)
        uz.alert(tj, "--as", "saidov", "--wait", 60)
        self.assertEqual(tj.inbox()[0]["author"], f"saidov of {uz.id}")

    def test_an_officer_of_another_office_is_sent_away(self):
        uz, tj = self.offices()
        failed = uz.blo("--home", tj.home, "inbox", expect=NOT_AUTHORISED)
        self.assertIn(tj.id, failed.err)

    def test_a_certificate_for_another_key_is_not_installed(self):
        uz, _ = self.offices()
        uz.blo("officer", "request", "umarov", "--office", uz.id, "--name", "U", "--agency", "Customs", "--no-passphrase")
        uz.blo("officer", "install", "umarov", uz.officers / "karimov.pem", expect=UNVERIFIED)
        failed = uz.blo("inbox", "--as", "umarov", expect=NOT_FOUND)
        self.assertIn("umarov", failed.err)

    def test_an_officer_the_office_never_certified_is_unknown(self):
        """The key and the certificate of an officer of another office with the same name."""
        uz, tj = self.offices()
        double = self.world.office(uz.id, name="double")
        double.start()
        double.add_officer("karimov")
        uz.blo("inbox", expect=0)
        for suffix in ("key", "pem"):
            (double.officers / f"karimov.{suffix}").replace(uz.officers / f"karimov.{suffix}")
        uz.blo("inbox", expect=NOT_AUTHORISED)


class Keys(WorldTest):
    def test_without_a_key_on_the_account_nobody_acts(self):
        uz, tj = self.offices()
        uz.officers = self.world.path("an-account-without-keys")
        for arguments in (("inbox",), ("send", "alert", "--to", tj.id, "--goods", "h", "--reason", "r", "--action", "a")):
            failed = uz.blo(*arguments, expect=NOT_FOUND)
            self.assertIn("blo officer request", failed.err)
        # What stands on the Unix user goes on.
        self.assertEqual(uz.id, uz.status()["office"])

    def test_a_sealed_key_opens_with_its_passphrase_and_no_other(self):
        uz, tj = self.offices()
        right, wrong = self.world.write("right", "four random words\n"), self.world.write("wrong", "five random words\n")
        for file in (right, wrong):
            file.chmod(0o600)
        uz.add_officer("saidov", passphrase_file=right)
        uz.alert(tj, "--as", "saidov", "--passphrase-file", right, "--wait", 60)
        failed = uz.alert(tj, "--as", "saidov", "--passphrase-file", wrong, expect=NOT_AUTHORISED)
        self.assertIn("passphrase", failed.err)
        self.assertEqual(len(tj.inbox()), 1)

    def test_a_sealed_office_key_opens_with_its_passphrase_file_alone(self):
        file = self.world.write("office-passphrase", "four random words\n")
        file.chmod(0o600)
        uz = self.world.office("UZ-OYBEK", passphrase_file=file)
        locked = uz.start_only()
        self.assertEqual(NOT_CONFIGURED, locked.wait())
        self.assertIn("--passphrase-file", locked.said())
        file.chmod(0o640)
        open_to_others = uz.start_only("--passphrase-file", file)
        self.assertEqual(NOT_CONFIGURED, open_to_others.wait())
        self.assertIn(f"chmod 600 {file}", open_to_others.said())
        file.chmod(0o600)
        uz.start("--passphrase-file", file)
        self.assertEqual(uz.id, uz.status()["office"])

    def test_a_sealed_key_without_a_passphrase_is_of_no_use(self):
        uz, _ = self.offices()
        file = self.world.write("right", "four random words")
        file.chmod(0o600)
        uz.add_officer("saidov", passphrase_file=file)
        self.assertNotEqual(0, uz.blo("inbox", "--as", "saidov", expect=None).code)

    def test_a_passphrase_file_that_others_can_read_is_refused(self):
        uz = self.world.office("UZ-OYBEK")
        file = self.world.write("open", "four random words")
        file.chmod(0o644)
        failed = uz.blo("officer", "request", "saidov", "--office", uz.id, "--name", "S", "--agency", "Customs",
                        "--passphrase-file", file, expect=NOT_AUTHORISED)
        self.assertIn("chmod 600", failed.err)
        self.assertFalse((uz.officers / "saidov.key").exists())

    def test_a_key_that_others_can_read_is_refused(self):
        uz, _ = self.offices()
        (uz.officers / "karimov.key").chmod(0o640)
        failed = uz.blo("inbox", expect=NOT_AUTHORISED)
        self.assertIn(f"chmod 600 {uz.officers / 'karimov.key'}", failed.err)
        uz.stop()
        (uz.home / "office.key").chmod(0o640)
        second = uz.start_only()
        self.addCleanup(second.kill)
        self.assertNotEqual(0, second.wait())
        self.assertIn("office.key", uz.log.read_text())

    def test_a_key_is_never_replaced(self):
        uz, _ = self.offices()
        before = (uz.home / "office.key").read_bytes(), (uz.officers / "karimov.key").read_bytes()
        uz.blo("office", "create", uz.id, "--no-passphrase", expect=FAILED)
        uz.blo("officer", "request", "karimov", "--office", uz.id, "--name", "K", "--agency", "Customs",
               "--no-passphrase", expect=FAILED)
        self.assertEqual(before, ((uz.home / "office.key").read_bytes(), (uz.officers / "karimov.key").read_bytes()))


class ControlSocket(WorldTest):
    def test_it_is_open_to_its_group_and_to_nobody_else(self):
        uz = self.world.office("UZ-OYBEK").start()
        mode = os.stat(uz.home / "control.sock").st_mode
        self.assertTrue(stat.S_ISSOCK(mode))
        self.assertEqual(0o660, stat.S_IMODE(mode))

    def test_without_an_officers_signature_nothing_is_read_or_sent(self):
        uz, tj = self.offices()
        uz.add_auditor()
        number = uz.alert(tj, "--wait", 60, "--json").json()["number"]
        before = uz.status()["pairs"]
        message = {"envelope": b"e", "signature": bytes(64), "content": b"c", "salt": bytes(32)}
        for request in ({"send": {"messages": [message]}}, {"list": {"direction": 2}}, {"show": {"number": number}},
                        {"export": {"counterpart": tj.id}}, {"follow": {}}):
            with Control(uz) as control:
                failure = control.ask(request)["failure"]
                self.assertEqual((NOT_AUTHORISED, "not-authorised"), (failure["exit_code"], failure["reason"]), request)
        with Control(uz) as control:
            self.assertIn("status", control.ask({"status": {}}))
        self.assertEqual(before[0]["sent"], uz.status()["pairs"][0]["sent"])
        # The first of an hour stands for them all: who has no key does not fill the trail.
        self.assertEqual([("send", os.getuid(), None, NOT_AUTHORISED)], [
            (act["what"], act["user"], act["person"], act["exitCode"]) for act in uz.trail() if act["refused"]])

    def test_a_signed_request_counts_once_and_on_its_connection_only(self):
        uz, tj = self.offices()
        officer = officer_of(uz, "karimov")
        request = {"list": {"direction": 2}}
        with Control(uz) as control:
            frame = control.signed(request, officer)
            self.assertIn("list", control.send(frame))
            self.assertEqual(NOT_AUTHORISED, control.send(frame)["failure"]["exit_code"])
            self.assertNotIn("failure", control.ask(request, officer))
        with Control(uz) as other:
            self.assertEqual(NOT_AUTHORISED, other.send(frame)["failure"]["exit_code"])
        with Control(uz) as control:
            fingerprint, _ = officer
            stolen = (fingerprint, officer_of(tj, "rahimov")[1])
            self.assertEqual(NOT_AUTHORISED, control.ask(request, stolen)["failure"]["exit_code"])

    def test_garbage_ends_its_own_connection_and_no_other(self):
        uz, tj = self.offices()
        for garbage in (b"\xff" * 64, struct.pack(">I", 5 * 1024 * 1024 + 1), b"GET / HTTP/1.1\r\n\r\n" * 400):
            with Control(uz) as control:
                control.socket.sendall(garbage)
                self.assertEqual(b"", _rest(control.socket), garbage[:8])
        for malformed in (b"", b"\x08", b"\x12\x05ab"):
            with Control(uz) as control:
                self.assertIn("failure", control.send(struct.pack(">I", len(malformed)) + malformed))
        self.assert_works(uz, tj)

    def test_clients_that_say_nothing_do_not_keep_others_out(self):
        """The officers' own user's; control_socket_test.py has them of others."""
        uz, tj = self.offices()
        with Crowd.staying(uz.home / "control.sock", 500):
            uz.alert(tj, "--wait", 60)
            self.assertTrue(uz.status()["pairs"])
        # Each of them tells of a request that the daemon would take, and of one byte less than all of it.
        size = 1_500_000
        with Crowd.staying(uz.home / "control.sock", 500, said=struct.pack(">I", size), zeros=size - 1):
            uz.alert(tj, "--wait", 60)
            self.assertTrue(uz.status()["pairs"])

    def test_a_user_follows_so_often_and_no_more(self):
        uz, _ = self.offices()
        officer = officer_of(uz, "karimov")
        with contextlib.ExitStack() as followers:
            for _ in range(16):
                control = followers.enter_context(Control(uz))
                self.assertIn("event", control.ask({"follow": {}}, officer))
            with Control(uz) as control:
                failure = control.ask({"follow": {}}, officer)["failure"]
                self.assertEqual((REFUSED, "too-many-followers"), (failure["exit_code"], failure["reason"]))
                self.assertIn("list", control.ask({"list": {"direction": 2}}, officer))


def _rest(connection):
    """What still comes before the other side ends the connection."""
    rest = b""
    try:
        while data := connection.recv(65_536):
            rest += data
    except ConnectionResetError:
        pass
    except socket.timeout:
        raise AssertionError("the connection stays open") from None
    return rest
