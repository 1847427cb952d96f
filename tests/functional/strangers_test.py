"""Whoever dials and is not the counterpart: nothing is stored, nothing enters the audit trail, the counter moves, the office
keeps working."""

import os
import re
import socket
import struct

from blolib import identity, noise
from blolib.addresses import dial
from blolib.crowd import Crowd
from blolib.programs import CHECKOUT
from blolib.waiting import until
from blolib.world import TJ, UZ, WorldTest, pair

# A stranger who says nothing is sent away after 10 s.
_SILENCE_S = 40


def ended(connection):
    """What still comes before the other side ends the connection; fails when it does not end."""
    connection.settimeout(_SILENCE_S)
    heard = b""
    try:
        while data := connection.recv(65_536):
            heard += data
    except (ConnectionResetError, BrokenPipeError):
        pass
    return heard


def say(connection, data):
    try:
        connection.sendall(data)
    except (ConnectionResetError, BrokenPipeError):
        pass  # sent away in mid-sentence


class Strangers(WorldTest):
    def _at_work(self):
        """Two offices that have exchanged all they had to say."""
        uz, tj = self.offices()
        self.assert_works(uz, tj)
        uz.add_auditor()
        return uz, tj

    def _assert_refused(self, office, other, talk):
        """talk(connection) leads to nothing but a closed connection and a counted stranger."""
        before, acts = office.status(), office.trail()
        with dial(office.address) as connection:
            talk(connection)
        until(lambda: office.status()["strangers"] > before["strangers"], "the stranger is counted")
        after = office.pair_status(other)
        for field in ("state", "received", "refused", "sent"):
            self.assertEqual(before["pairs"][0][field], after[field])
        self.assertEqual(acts, office.trail())

    def test_garbage_is_answered_with_silence(self):
        uz, tj = self._at_work()
        for data in (b"GET / HTTP/1.1\r\nHost: oybek\r\n\r\n", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(200),
                     b"\xff" * 10_000, struct.pack(">I", 0xFFFF_FFFF) + bytes(64), b"\0\0", b"\0\x2f" + bytes(47),
                     b"\0\x30" + os.urandom(48), b"\0\x30" + bytes(48)):
            with self.subTest(data[:16]):
                def talk(connection):
                    say(connection, data)
                    self.assertEqual(b"", ended(connection))
                self._assert_refused(uz, tj, talk)
        self.assert_works(uz, tj)

    def test_a_handshake_that_is_cut_short_ends_without_a_trace(self):
        uz, tj = self._at_work()
        whole = self._initiator(uz).message_1()
        for length in (0, 1, 2, 3, len(whole) - 1):
            def talk(connection):
                say(connection, whole[:length])
                connection.shutdown(socket.SHUT_WR)
                self.assertEqual(b"", ended(connection))
            if length == 0:
                with dial(uz.address) as connection:
                    talk(connection)
            else:
                self._assert_refused(uz, tj, talk)
        self.assert_works(uz, tj)

    def test_who_says_nothing_is_sent_away(self):
        uz, tj = self._at_work()
        self._assert_refused(uz, tj, lambda connection: self.assertEqual(b"", ended(connection)))

    def _assert_gets_in_through(self, storm, office, counterpart):
        """`counterpart`, which alone dials, comes in while the storm from its own address goes on."""
        counterpart.stop()
        before = office.status()["strangers"]
        with storm:
            until(lambda: office.status()["strangers"] > before + 1_000, "the storm is there")
            counterpart.start()
            until(lambda: office.pair_status(counterpart)["connected"], "the counterpart is connected")
            made, _ = storm.made()
            until(lambda: storm.made()[0] > made, "the storm goes on")

    def test_many_silent_strangers_do_not_keep_the_counterpart_out(self):
        """They come from its own address, as through a NAT."""
        uz, tj = self.world.office(UZ), self.world.office(TJ)
        for office, officer in ((uz, "karimov"), (tj, "rahimov")):
            office.start()
            office.add_officer(officer)
        pair(uz, tj, a_addresses=[])
        uz.alert(tj, "--wait", 60)
        self._assert_gets_in_through(Crowd.storming(tj.address, 500), tj, uz)
        uz.alert(tj, "--wait", 60, marker="through the crowd")

    # --- callers who speak the protocol

    @staticmethod
    def _initiator(office, secret=None, psk=None, **changes):
        """A caller who knows the office's transport key, as everybody with its pairing file does."""
        certificate = identity.from_pem("BLO CERTIFICATE", (office.home / "office.pem").read_text())
        key = identity.key_of(identity.details_of(certificate), identity.USE_TRANSPORT)
        options = {"network": "live", "responder": office.id} | changes
        return noise.Initiator(responder_key=key, static_secret=secret or os.urandom(32), psk=psk or os.urandom(32), **options)

    def _shake_hands(self, initiator):
        """Messages 1 to 3; then the responder must hang up without a word."""
        def talk(connection):
            say(connection, initiator.message_1())
            answer = connection.recv(2 + 48, socket.MSG_WAITALL)
            self.assertEqual(50, len(answer))
            initiator.read_message_2(answer[2:])
            say(connection, initiator.message_3())
            self.assertEqual(b"", ended(connection))
        return talk

    def test_an_unpaired_caller_and_a_wrong_secret_look_alike(self):
        uz, tj = self._at_work()
        counterpart = identity.seeds(tj.home / "office.key")[identity.USE_TRANSPORT]
        itself = identity.seeds(uz.home / "office.key")[identity.USE_TRANSPORT]
        for secret in (os.urandom(32), counterpart, itself):
            self._assert_refused(uz, tj, self._shake_hands(self._initiator(uz, secret)))
        self.assert_works(uz, tj)

    def test_another_network_and_another_office_do_not_even_get_an_answer(self):
        uz, tj = self._at_work()
        for changes in ({"network": "exercise"}, {"responder": TJ}):
            def talk(connection):
                say(connection, self._initiator(uz, **changes).message_1())
                self.assertEqual(b"", ended(connection))
            self._assert_refused(uz, tj, talk)
        self.assert_works(uz, tj)

    def test_c6_another_version_and_another_pattern_do_not_even_get_an_answer(self):
        uz, tj = self._at_work()
        secret = identity.seeds(tj.home / "office.key")[identity.USE_TRANSPORT]
        for changes in ({"protocol": b"blo/0"}, {"protocol": b"blo/2"}, {"protocol": b"blo/1.1"}, {"protocol": b""},
                        {"pattern": b"Noise_XK_25519_ChaChaPoly_BLAKE2b"},
                        {"pattern": b"Noise_XKpsk3_25519_AESGCM_BLAKE2b"}):
            with self.subTest(changes):
                def talk(connection):
                    say(connection, self._initiator(uz, secret, **changes).message_1())
                    self.assertEqual(b"", ended(connection))
                self._assert_refused(uz, tj, talk)
        self.assert_works(uz, tj)

    def test_the_second_implementation_is_one_of_this_protocol(self):
        """Else the tests above would be refused for the wrong reason."""
        text = (CHECKOUT / "docs/format/session.md").read_text()
        text = text[text.index("\nprologue "):].split("```")[0]
        values = {}
        for name, first, rest in re.findall(r"^(\S.*?) {2,}([0-9a-f]+)((?:\n +[0-9a-f]+)*)$", text, re.M):
            values.setdefault(name, bytes.fromhex(first + re.sub(r"\s", "", rest)))
        caller = noise.Initiator("live", TJ, values["responder static public"], values["initiator static secret"],
                                 values["psk"], values["initiator ephemeral secret"])
        self.assertEqual(caller.message_1(), values["stream message 1"])
        caller.read_message_2(values["stream message 2"][2:])
        self.assertEqual(caller.message_3(), values["stream message 3"])
        self.assertEqual(caller.handshake_hash, values["handshake hash"])
        self.assertEqual(caller.transport_keys()[0], values["key initiator to responder"])


class Replays(WorldTest):
    def _recorded(self):
        """Two offices, and all that Oybek ever said to Fotehobod."""
        uz, tj, relay = self.offices_through_relay()
        tj.add_auditor()
        uz.alert(tj, "--wait", 60, marker="once")
        said = max(relay.said, key=len)
        self.assertGreater(len(said), 2 + 48 + 2 + 64 + 300)
        return uz, tj, bytes(said)

    def test_a_replayed_session_leads_nowhere(self):
        uz, tj, said = self._recorded()
        # A daemon that was started again remembers nothing: it answers the first time.
        tj.stop()
        uz.stop()
        tj.start()
        before, acts = tj.status(), tj.trail()
        message_1, rest = said[:50], said[50:]
        for i, (first, second) in enumerate(((message_1, rest), (said, b""), (message_1, rest[:66]), (rest, b""))):
            with dial(tj.address) as connection:
                say(connection, first)
                if i == 0:
                    # Message 1 proves little and is answered once; message 3 was for another answer.
                    self.assertEqual(50, len(connection.recv(50, socket.MSG_WAITALL)))
                    say(connection, second)
                self.assertEqual(b"", ended(connection))
        until(lambda: tj.status()["strangers"] >= before["strangers"] + 4, "all four are counted")
        self.assertEqual(before["pairs"][0]["received"], tj.pair_status(uz)["received"])
        self.assertEqual(acts, tj.trail())
        self.assertEqual(1, len(tj.inbox()))
        uz.start()
        self.assert_works(uz, tj)

    def test_a_first_message_played_again_for_ever_does_not_keep_the_counterpart_out(self):
        uz, tj, said = self._recorded()
        Strangers._assert_gets_in_through(self, Crowd.storming(tj.address, 500, said[:50]), tj, uz)
        uz.alert(tj, "--wait", 60, marker="through the replays")
