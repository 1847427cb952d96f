"""Whatever stands in any text of any answer, a terminal is shown it and not driven by it: blo, against a daemon that
fills every field with what would drive one, add a line, or hide."""

import contextlib
import hashlib
import json
import os
import socket
import struct
import threading
import unicodedata
import zlib

from blolib import identity, proto, wire
from blolib.daemon import read_frame
from blolib.programs import OK, REFUSED, run
from blolib.world import TJ, UZ, WorldTest, invite

MESSAGES, ENUMS = proto.read("control", "identity", "journal")
NUMBER = f"{TJ}/{UZ}/7"
FORGED = "a line of its own"
_REJECTED = 3  # DraftState
TIME_MS, TIME_S = 1_709_788_329_000, 1_709_788_329


def hostile(tag):
    """CSI, OSC, C1, bidirectional controls, a carriage return, line and paragraph separators, what is invisible."""
    return (f"\x1b[31m\x1b]52;c;aGFja2Vk\x07\u009b2J\u202e\u2066\r\u00ad{tag}\n{FORGED} {tag}\u2028\u2029\u200b"
            f"\ufeff\x7f\x08\U000e0041")


# A text that is no text but has a form, without which nothing is shown at all: what stands in its place.
IN_FORM = {
    "send.outcomes.accepted.number": f"{UZ}/{TJ}/3",
    "export_file.path": "a/file",
    "draft_show.summary.to": TJ,
    "event.arrived.number": f"{UZ}/{TJ}/3",
    "find.numbers": NUMBER,
}
# What blo does not show, and why.
UNSHOWN = {
    "failure.reason": "for programs: it stands in JSON alone",
    "send.outcomes.failure.reason": "for programs: it stands in JSON alone",
    "show.json": "for programs: it stands in JSON alone",
    "list.messages.supersedes": "for programs: it stands in JSON alone; blo show names it",
    "event.arrived.supersedes": "for programs: it stands in JSON alone; blo show names it",
    "event.following.newest": "where following goes on",
    "show.hold.number": "the message's own, which stands above it",
    **{f"{name}.next": "where the next page of the list begins" for name in (
        "officer_list", "pair_list", "draft_list", "policy_show", "alarm_list", "hold_list")},
    "status.pairs_next": "where the next page of the list begins",
    "backup.parts": "one name is looked for in them",
    "draft_show.summary.summary": "who releases reads what is made of the content that was checked",
    "draft_show.summary.draft": "who releases has typed it",
    "pair_show.announced_addresses.by": "the counterpart said it itself",
    "draft_show.summary.rejected_by": "who releases reads why it was rejected; blo drafts says by whom",
}


class Filler:
    """Fills messages; `tags` has {path: the word planted there} for every text."""

    def __init__(self, known=None):
        self.tags = {}
        self.known = known or {}

    def fill(self, message, path):
        out = b""
        for field in MESSAGES[message]:
            where = f"{path}.{field.name}"
            if where in self.known and self.known[where] is None or field.name in ("next", "pairs_next"):
                continue  # a page that never ends would be all there is
            if field.kind in MESSAGES:
                if where.count(".") > 6:
                    continue
                out += self.bytes_field(field, self.fill(field.kind, where))
            elif field.kind in ("string", "bytes"):
                out += self.bytes_field(field, self.text(where, field))
            elif field.repeated:  # packed numbers
                out += self.bytes_field(field, b"\x01")
            else:
                out += wire.encode_varint(field.number << 3) + wire.encode_varint(self.number(where, field))
        return out

    def text(self, where, field):
        if where in self.known:
            value = self.known[where]
            return value.encode() if isinstance(value, str) else value
        if where in IN_FORM:
            return IN_FORM[where].encode()
        if field.kind == "bytes":
            return hostile("bytes").encode()
        self.tags[where] = f"t{zlib.crc32(where.encode()):08x}t"
        return hostile(self.tags[where]).encode()

    def number(self, where, field):
        if where in self.known:
            return self.known[where]
        if field.name.endswith("_ms"):
            return TIME_MS
        if field.name.endswith("_s"):
            return TIME_S
        if where.endswith(("policy.purpose", ".copy", ".degraded", ".erased", ".held")):
            return 1
        return 1 if field.kind in ENUMS else 0 if field.kind == "bool" else 4 if field.name == "size" else 3

    @staticmethod
    def bytes_field(field, value):
        return wire.encode_varint(field.number << 3 | 2) + wire.encode_varint(len(value)) + value


REQUESTS = {field.number: field for field in MESSAGES["Request"]}
RESPONSES = {field.name: field for field in MESSAGES["Response"]}
# What answers a request where the answer has not the request's name.
ANSWERS = {"follow": ["event"], "export": ["export_file", "export_done"],
           "trail_export": ["export_file", "export_done"], "backup": ["export_file", "backup"]}


class FakeDaemon:
    """Answers every request with everything its answer can hold."""

    def __init__(self, home, known=None, failing=()):
        self.path = home / "control.sock"
        with contextlib.suppress(FileNotFoundError):
            self.path.unlink()
        self.known = dict(known or {})
        self.failing = set(failing)
        self.tags = {}
        self.requests = []
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(str(self.path))
        os.chmod(self.path, 0o660)
        self.listener.listen()
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self):
        self.listener.close()
        self.path.unlink()

    def _accept(self):
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self.listener.accept()
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection):
        with connection, contextlib.suppress(OSError, EOFError, AssertionError, struct.error):
            self._send(connection, wire.encode({1: ("version", "uint"), 2: ("office", "string"), 3: ("network", "uint"),
                                                4: ("nonce", "bytes")},
                                               {"version": 1, "office": UZ, "network": 1, "nonce": b"n" * 32}))
            while True:
                signed = dict(wire.fields(read_frame(connection)))
                request = [(number, value) for number, value in wire.fields(signed[1]) if number in REQUESTS
                           and REQUESTS[number].name not in ("salt", "purpose")]
                name = REQUESTS[request[0][0]].name if request else "status"
                self.requests.append((name, request[0][1] if request else b""))
                for answer in self._answers(name):
                    self._send(connection, answer)

    @staticmethod
    def _send(connection, message):
        connection.sendall(struct.pack(">I", len(message)) + message)

    def _answers(self, name):
        names = ["failure"] if name in self.failing else ANSWERS.get(name, [name if name in RESPONSES else "done"])
        for one in names:
            filler = Filler(self.known)
            last = b"" if one in ("event", "export_file") else b"\x08\x01"
            field = RESPONSES[one]
            if one == "event":  # the first says from when on nothing is missed
                yield filler.bytes_field(field, filler.bytes_field(MESSAGES["Event"][2], b""))
                for kind, what in (("MessageSummary", MESSAGES["Event"][0]), ("Receipted", MESSAGES["Event"][1])):
                    yield filler.bytes_field(field, filler.bytes_field(what, filler.fill(kind, f"event.{what.name}")))
            elif one == "send":  # one of the three
                which = next(kind for kind in ("drafted", "failure", "accepted")
                             if kind == "accepted" or f"send.{kind}" in self.failing)
                outcome = next(f for f in MESSAGES["SendOutcome"] if f.name == which)
                whole = filler.bytes_field(outcome, filler.fill(outcome.kind, f"send.outcomes.{which}"))
                yield last + filler.bytes_field(field, filler.bytes_field(MESSAGES["SendResponse"][0], whole))
            else:
                yield last + filler.bytes_field(field, filler.fill(field.kind, one))
            self.tags |= filler.tags


def texts_of(message, path):
    """Every text that a message can hold."""
    for field in MESSAGES[message]:
        where = f"{path}.{field.name}"
        if field.kind == "string":
            yield where
        elif field.kind in MESSAGES:
            yield from texts_of(field.kind, where)


ALL_TEXTS = {where for field in MESSAGES["Response"] if field.kind in MESSAGES
             for where in texts_of(field.kind, field.name)}


class Terminal(WorldTest):
    def setUp(self):
        super().setUp()
        self.uz = self.world.office(UZ).start()
        self.uz.add_officer("karimov", "operator", "releaser")
        self.tj = self.world.office(TJ)
        self.pairing = invite(self.uz, self.tj)
        self.uz.stop()
        self.uz.daemon = None
        self.certificate = identity.from_pem("BLO CERTIFICATE", (self.uz.officers / "karimov.pem").read_text())
        self.seen = set()

    @contextlib.contextmanager
    def fake(self, known=None, failing=()):
        fake = FakeDaemon(self.uz.home, known, failing)
        try:
            yield fake
        finally:
            fake.close()

    def assert_safe(self, text, what, lines_too=True):
        for character in text:
            hidden = unicodedata.category(character) in ("Cc", "Cf", "Zl", "Zp") and character != "\n"
            self.assertFalse(hidden, f"{what}: U+{ord(character):04X} reached the terminal: {text!r}")
        if lines_too:
            for line in text.split("\n"):
                self.assertFalse(line.startswith(FORGED), f"{what}: a field began a line: {text!r}")

    def look(self, fake, *arguments, expect=OK, lines_too=True):
        """Runs blo in text and in JSON; which planted words it showed."""
        for as_json in (True, False):
            with contextlib.suppress(FileNotFoundError):
                self.world.path("out").unlink()
            done = self.uz.blo(*arguments, *(["--json"] if as_json else []), expect=expect)
            self.assert_safe(done.text, done.command, lines_too and not as_json)
            if as_json:
                for line in done.out.splitlines():
                    json.loads(line)
                    self.assertTrue(line.isascii())
        shown = {where for where, tag in fake.tags.items() if tag in done.text}
        self.seen |= shown
        return shown

    def out(self):
        return self.world.path("out")

    def test_no_field_of_any_answer_drives_the_terminal_and_every_text_is_looked_at(self):
        out = self.out()
        folder = iter(range(1000))
        with self.fake() as fake:
            for arguments in (
                    ["status"], ["alarms"], ["alarms", "--all"], ["inbox"], ["outbox"], ["show", NUMBER], ["drafts"],
                    ["hold", "list"], ["trail"], ["policy", "show"], ["pair", "list"], ["pair", "show", TJ],
                    ["officer", "list", "--all"], ["retention", "preview"], ["retention", "apply"],
                    ["ack", 1, "seen"], ["hold", "place", NUMBER, "--reason", "a court"], ["hold", "lift", NUMBER, "--reason", "done"],
                    ["officer", "revoke", 3, "--reason", "left"], ["officer", "forget", 3],
                    ["pair", "freeze", TJ, "--reason", "why"], ["pair", "end", TJ, "--reason", "why"],
                    ["pair", "rotate", TJ], ["pair", "renew", TJ], ["reject", "D-1", "--reason", "why"],
                    ["office", "recover", TJ], ["policy", "set", TJ, "--no-release"],
                    ["pair", "confirm", TJ, "--digits", "1", "--how", "by telephone"],
                    ["acted", NUMBER, "--outcome", "hit", "--text", hostile("typed")]):
                with self.subTest(arguments):
                    # The whole content for reading has lines of its own.
                    self.look(fake, *arguments, expect=None, lines_too=arguments[0] != "show")
            done = self.uz.blo("status", "--check", expect=None)  # one line, and no JSON
            self.assert_safe(done.text, done.command)
            self.seen |= {where for where, tag in fake.tags.items() if tag in done.text}
            self.look(fake, "pair", "invite", TJ, "--legal-basis", "an agreement", "--out", out)
            for arguments in (["--counterpart", TJ], ["--trail"]):
                for as_json in ([], ["--json"]):
                    exported = self.world.path(f"folder-{next(folder)}")
                    done = self.uz.blo("journal", "export", exported, *arguments, *as_json)
                    self.assert_safe(done.text, done.command)
                    self.seen |= {where for where, tag in fake.tags.items() if tag in done.text and not as_json}
        self.challenge()
        self.follow()
        self.accept_a_file()
        self.back_up()
        self.send_and_release()
        with self.fake(failing=["status"]) as fake:
            self.look(fake, "status", expect=None)
        with self.fake({"status.clock_doubt": ""}) as fake:
            self.look(fake, "status", expect=None)
        with self.fake({"list.rest.before": ""}) as fake:
            self.look(fake, "inbox")
        rejected = {"draft_list.drafts.state": _REJECTED, "list.waiting.state": _REJECTED}
        with self.fake(rejected) as fake:
            self.look(fake, "drafts")
            self.look(fake, "outbox")
        unseen = ALL_TEXTS - self.seen - set(IN_FORM) - set(UNSHOWN)
        self.assertEqual(set(), unseen, "texts of an answer that no command was seen to show")
        self.assertEqual(set(), (set(UNSHOWN) | set(IN_FORM)) - ALL_TEXTS, "they are in no answer any more")
        self.assertEqual(set(), self.seen & set(UNSHOWN), "they are shown")

    def challenge(self):
        same = dict.fromkeys(("challenge.origin", "event.receipted.origin"), hostile("origin"))
        with self.fake(same) as fake:
            for name in ("challenged", "challenged-json"):
                words = ["--json"] if "json" in name else []
                done = self.uz.blo("journal", "export", self.world.path(name), "--counterpart", TJ, "--challenge",
                                   "today", *words)
                self.assert_safe(done.text, done.command)
                self.seen |= {where for where, tag in fake.tags.items() if tag in done.text and not words}
                self.assertIn("origin", done.out)
        self.seen |= set(same)

    def follow(self):
        with self.fake() as fake:
            process = self.uz.popen("inbox", "--follow")
            lines = [process.stdout.readline() for _ in range(3)]  # what is left out, the list, what arrives
            process.kill()
            process.communicate()
            for line in lines:
                self.assert_safe(line, "inbox --follow")
            self.seen |= {where for where, tag in fake.tags.items() if tag in lines[2] and where.startswith("event.")}

    def accept_a_file(self):
        prints = {"pair_accept.authority_fingerprint": b"a" * 32, "pair_accept.office_fingerprint": b"o" * 32}
        with self.fake(prints) as fake:
            self.look(fake, "pair", "accept", self.pairing, expect=None)

    def back_up(self):
        key = self.world.path("backup.key")
        made = run("blo", "backup", "create-key", UZ, "--out", key, "--no-passphrase", "--json",
                   env=self.uz.environment()).json()
        whole = hashlib.sha256(hostile("bytes").encode()).digest()
        with self.fake({"backup.sha256": whole}) as fake:
            self.look(fake, "backup", "--to", made["recipient"], "--out", self.out())

    def send_and_release(self):
        """What an author typed is shown by who sends and who releases it; the parts must agree for that."""
        say = ["send", "alert", "--to", TJ, "--goods", hostile("goods"), "--reason", "why", "--action", "search"]
        with self.fake() as fake:
            self.look(fake, *say)
            sent = next(value for name, value in fake.requests if name == "send")
        for failing in ("send.drafted", "send.failure"):
            with self.fake(failing=[failing]) as fake:
                self.look(fake, *say, expect=None)
        message = dict(wire.fields(dict(wire.fields(sent))[1]))
        parts = {"draft_show.envelope": message[1], "draft_show.signature": message[2],
                 "draft_show.content": message[3], "draft_show.salt": message[4],
                 "draft_show.author_certificate": bytes(self.certificate),
                 "draft_show.summary.rejected": None}
        with self.fake(parts) as fake:
            done = self.uz.blo("release", "D-1", "--yes")
            self.assertIn("goods", done.out)
            self.look(fake, "release", "D-1", "--yes", lines_too=False)
        with self.fake({**parts, "draft_release.drafted": None}) as fake:
            self.look(fake, "release", "D-1", "--yes", lines_too=False)
        with self.fake() as fake:
            self.look(fake, "release", "D-1", "--yes", expect=REFUSED)
