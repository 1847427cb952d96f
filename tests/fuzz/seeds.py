#!/usr/bin/env python3
"""Writes the fuzz targets' seeds, seeds.py FOLDER: a folder for each target, made from tests/bundles, tests/vectors and what
the functional tests' second implementation writes. None of them is kept in the repository twice."""

import base64
import json
import os
import pathlib
import re
import shutil
import struct
import sys

sys.dont_write_bytecode = True
TESTS = pathlib.Path(__file__).resolve().parent.parent
sys.path[:0] = [str(TESTS / "functional"), str(TESTS / "fuzz")]
from blolib import exports, identity, journal, peer, wire
from blolib.identity import to_pem
import evidence_test
import stateful_seeds

_FILES_MAX, _FILE_BYTES_MAX = 48, 0xFFFF


def bundles():
    """(name, folder) of each export in tests/bundles that is small."""
    return [(path.name, path) for path in sorted((TESTS / "bundles").iterdir())
            if path.name.startswith(("valid-", "partial-", "broken-")) and path.name != "valid-pair"]


def files(folder):
    return sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())


def export_stream(folder):
    """What export_target.cpp makes the folder from."""
    stream = b""
    for path in sorted(folder.rglob("*"))[:4 * _FILES_MAX]:
        name = path.relative_to(folder).as_posix().encode()
        if path.is_symlink():
            kind, data = 1, os.readlink(path).encode()
        elif path.is_dir():
            continue
        else:
            kind, data = 0, path.read_bytes()
        if len(data) <= _FILE_BYTES_MAX:
            stream += bytes([kind, len(name)]) + name + struct.pack(">H", len(data)) + data
    return stream


def exported():
    return {name: export_stream(folder) for name, folder in bundles()}


def evidences():
    armoured, _ = evidence_test.example()
    raw = base64.b64decode("".join(line for line in armoured.splitlines() if not line.startswith("-----")))
    return {"armoured": armoured.encode(), "raw": raw}


def _offices():
    return [exports.Office(exports.Authority(id_[:2]), id_) for id_ in ("UZ-OYBEK", "TJ-FOTEHOBOD")]


def _history(last, messages):
    uz, tj = _offices()
    ours, karimov = exports.Journal(uz, tj), uz.officer()
    ours.introduce(karimov)
    for number in range(messages):
        ours.message(karimov, last if number == 1 else number)
    return ours


def forks():
    """Of equal sizes, and of different ones with the proof between."""
    def proof(larger, smaller):
        header, encoded = "blo/fork/v1\n", lambda data: base64.b64encode(data).decode()
        if len(larger.leaves) != len(smaller.leaves):
            size = len(smaller.leaves)
            header += f"root {encoded(larger.root(size))}\n"
            hashes = [journal.leaf_hash(leaf) for leaf in larger.leaves]
            header += "".join(f"path {encoded(one)}\n" for one in journal.consistency_proof(hashes, size))
        text = header + "\n" + larger.signed() + "%%\n" + smaller.signed() + "%%\n"
        for one in (larger.office.authority.certificate, larger.office.certificate, larger.certificate):
            text += to_pem("BLO CERTIFICATE", one)
        return text.encode()
    return {"equal": proof(_history(7, 3), _history(8, 3)), "shorter": proof(_history(7, 5), _history(8, 3)),
            "none": proof(_history(7, 5), _history(7, 3))}


def entries():
    found = {}
    for name, folder in bundles():
        for path in files(folder):
            inside = path.relative_to(folder).as_posix()
            if "/tile/entries/" in inside:
                trail = "_trail_" in inside
                found[f"{name}-{inside.replace('/', '_')}"] = bytes([trail]) + path.read_bytes()
    return found


def notes():
    found = {}
    for name, folder in bundles():
        for path in files(folder):
            inside = f"{name}-{path.relative_to(folder).as_posix().replace('/', '_')}"
            if path.name == "checkpoint":
                found[inside] = path.read_bytes()
            elif path.name == "policy":
                for number, key in enumerate(re.findall(r"\S+\+[0-9a-f]{8}\+\S+", path.read_text(errors="replace"))):
                    found[f"{inside}-{number}"] = key.encode()
            elif path.parent.name == "receipts":
                for number, note in enumerate(path.read_bytes().split(b"%%\n")[:-1]):
                    found[f"{inside}-{number}"] = note
    for path in sorted((TESTS / "vectors/tlog-sample").iterdir()):
        if path.is_file() and path.suffix != ".json":
            found[path.name] = path.read_bytes()
    for number, text in enumerate(_texts(json.loads((TESTS / "vectors/signed-note/cases.json").read_text()))):
        found[f"signed-note-{number}"] = text.encode()
    return found


def _texts(value):
    """Every text of more than a word in a JSON value."""
    if isinstance(value, str):
        return [value] if "\n" in value or "+" in value else []
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else []
    return [text for one in inner for text in _texts(one)]


def proofs():
    leaves = [journal.leaf_hash(bytes([index])) for index in range(64)]
    found = {"frontier-0": bytes([2]) + bytes(8)}
    for size in (1, 2, 3, 7, 8, 33, 64):
        for other in {0, size // 2, size - 1}:
            path = b"".join(journal.inclusion_proof(leaves[:size], other))
            found[f"inclusion-{size}-{other}"] = bytes([0, size - 1, other]) + path
            found[f"any-{size}-{other}"] = bytes([1]) + struct.pack(">QQ", other, size) + path
        for other in {1, max(1, size - 1), size}:
            path = b"".join(journal.consistency_proof(leaves[:size], other))
            found[f"consistency-{size}-{other}"] = bytes([0, size - 1, other]) + path
        ones = bin(size).count("1")
        found[f"frontier-{size}"] = bytes([2]) + struct.pack(">Q", size) + b"".join(leaves[:ones])
    return found


def layouts():
    found, paths = {}, set()
    for _, folder in bundles():
        for path in files(folder):
            inside = path.relative_to(folder).as_posix()
            paths |= {inside, inside.partition("/")[0], inside.partition("/")[2]}
    paths |= {"tile/entries/x001/x234/067", "tile/2/000.p/7", "receipts/x001/000"}
    for number, path in enumerate(sorted(paths)):
        for size, receipts in ((4, 1), (1 << 62, 255)):
            found[f"{number}-{size}"] = struct.pack(">QB", size, receipts) + path.encode()
    return found


def certificates():
    uz, tj = _offices()
    officer = uz.officer()
    raw = {"authority": uz.authority.certificate, "office": uz.certificate, "officer": officer.certificate,
           "journal": exports.Journal(uz, tj).certificate, "revoked-officer": uz.revoked_officer(1, 2), "revoked-office": uz.revoked(),
           "name": wire.encode(identity.OFFICER_NAME, {"name": "Zarina Rahimova", "agency": "Drug Control Agency"})
           if hasattr(identity, "OFFICER_NAME") else b"\x0a\x01a\x12\x01b"}
    found = dict(raw)
    for name, folder in bundles():
        for path in folder.rglob("certificates.pem"):
            if path.is_file() and not path.is_symlink():
                found[f"{name}-{path.parent.name}"] = path.read_bytes()
    found["revocation.pem"] = to_pem("BLO REVOCATION", raw["revoked-officer"]).encode()
    return found


def messages():
    found = {}
    for path in sorted((TESTS / "data").glob("*.json")):
        kind = 2 if "seizure" in path.name else 1
        found[path.name] = bytes([kind]) + path.read_bytes()
    found["opened"], found["acted"] = bytes([3]) + b"{}", bytes([4]) + b'{"acted":{"outcome":"noAction","note":"x"}}'
    return found


def frames():
    """The smallest form of each frame: its field's number, and nothing in it or a few bytes."""
    found = {}
    for number in range(1, 32):
        for inner in (b"", b"\x08\x01", b"\x0a\x20" + bytes(32), b"\x0a\x00\x10\x01\x1a\x04abcd"):
            key = number << 3 | 2
            encoded = bytes([key]) if key < 128 else bytes([key & 127 | 128, key >> 7])
            found[f"{number}-{len(inner)}"] = encoded + bytes([len(inner)]) + inner
    for name, endpoints in (("one", [(b"\xc0\0\2\1", 7117)]), ("both", [(b"\xc0\0\2\1", 7117), (b"\x20\1" + bytes(14), 1)]),
                            ("home", [(b"\x7f\0\0\1", 7117), (bytes(10) + b"\xff\xff\x7f\0\0\1", 7117)]),
                            ("many", [(b"\xc0\0\2\1", port) for port in range(1, 6)]), ("short", [(b"\xc0", 0)])):
        heads = {"mine": {"generation": 1}, "yours": {"generation": 1},
                 "announced": [{"address": address, "port": port} for address, port in endpoints]}
        found[f"announced-{name}"] = wire.encode({2: ("heads", peer.HEADS)}, {"heads": heads})
    return found


def controls():
    found = {}
    for number, parts in enumerate(([b"hello"], [b"", b"x" * 300, b"y"], [b"z" * 70_000])):
        framed = b"".join(struct.pack(">I", len(part)) + part for part in parts)
        found |= {f"frames-{number}-{portion}": bytes([portion]) + framed for portion in (0, 6, 255)}
    paths = ("live_UZ-OYBEK_TJ-FOTEHOBOD_1/tile/0/000.p/5", "a/../b", "/etc/passwd", ".hidden", "a//b", "receipts/x001/000")
    found |= {f"path-{number}": path.encode() for number, path in enumerate(paths)}
    return found | {"place": b"1704067200000/7/" + b"ab" * 16}


def backups():
    key = base64.b64encode(bytes(range(1, 33))).decode()
    header = f"blo/backup/v1\noffice live/UZ-OYBEK\ntime 2026-11-22T05:00:00Z\nrecipient {key}\nephemeral {key}\n\n"
    parts = {"authority.pem": b"a" * 40, "office.pem": b"b", "blod.toml": b"", "store.db": b"SQLite format 3\0" * 20}
    inside = b"".join(bytes([len(name)]) + name.encode() + struct.pack(">Q", len(data)) + data for name, data in parts.items())
    return {"header": header.encode(), "recipient": to_pem("BLO BACKUP RECIPIENT", bytes(range(1, 33)) + b"\1UZ-OYBEK").encode(),
            "parts": b"\x05" + inside, "parts-whole": b"\xff" + inside}


def peers():
    """Records and entries of journals that were written by others, too: whose signatures do not hold here."""
    leaves = [leaf for name, folder in bundles() if name.startswith("valid-both") for path in files(folder)
              if "/tile/entries/" in path.as_posix() for leaf in _leaves(path.read_bytes())]
    records = [parsed["record"] for parsed in (wire.parse(journal.ENTRY, leaf) for leaf in leaves) if parsed.get("record")]
    return stateful_seeds.peers(list(frames().values()), records[:20], leaves[:10])


def _leaves(bundle):
    """u16be length ‖ leaf, again and again."""
    while bundle:
        size = struct.unpack(">H", bundle[:2])[0]
        yield bundle[2:2 + size]
        bundle = bundle[2 + size:]


TARGETS = {"export": exported, "evidence": evidences, "fork": forks, "entry": entries, "note": notes, "proof": proofs,
           "layout": layouts, "certificate": certificates, "message": messages, "frame": frames,
           "control": controls, "backup": backups, "peer": peers, "requests": stateful_seeds.requests}


def main(folder):
    for target, make in TARGETS.items():
        place = folder / target
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir(parents=True)
        made = make()
        assert made, target
        for name, data in made.items():
            (place / name[:120]).write_bytes(data)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
