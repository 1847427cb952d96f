"""Seeds of the targets that drive an office: scripts of steps, whose numbers are the ones in peer_target.cpp and
requests_target.cpp."""

import struct

STATES = 12
(RAW, NEXT, DROP, TWICE, CHANGE, LIE, REPLAY, ALL, PAUSE, SESSION, SECOND, OLDER, LAZY, JUDGE, SET_CLOCK, AUDIT, LEAF, RECORD, RECORD_LIE,
 MESSAGE) = range(20)
(SAY, SAY_FLASH, SAY_MUCH, SAY_CONTENT, ROTATE, RENEW, RECOVER, RESTART, PUT_BACK, FREEZE, POLICY, REVOKE, FORGET, ACT, DATE_TRAIL, ERASE,
 HOLD) = range(32, 49)
THEIRS = 0x80
TJ, SMALL_QUOTA, THEIR_SMALL_QUOTA, NEW_SECRET, LAZILY, IN_STEP, REKEYS, THEY_DIAL = (1 << bit for bit in range(8))


def counted(data):
    return struct.pack(">H", len(data)) + data


def _script(state, circumstances, *steps):
    return bytes([state, circumstances]) + b"".join(step if isinstance(step, bytes) else bytes([step]) for step in steps)


def _lie(number):
    return struct.pack(">BH", LIE, number)


def _change(place, mask):
    return struct.pack(">BHB", CHANGE, place, mask)


def _end():
    """It goes on: both say something more, and the export holds."""
    return (SAY, SAY | THEIRS, ALL, SESSION, ALL, AUDIT)


def peers(frames, records, leaves):
    """`frames`, `records` and `leaves`: examples of each."""
    found = {}
    for state in range(STATES):
        for ours in (0, TJ):
            name = f"{state}-{'tj' if ours else 'uz'}"
            found[name] = _script(state, ours, ALL, *_end())
            found[f"{name}-recover"] = _script(state, ours, ALL, RECOVER, RECOVER | THEIRS, SESSION, ALL, *_end())
            found[f"{name}-restart"] = _script(state, ours, NEXT, NEXT, NEXT, RESTART, SESSION, ALL, RESTART, RECOVER, SESSION, *_end())
            found[f"{name}-twice"] = _script(state, ours, TWICE, TWICE, TWICE, TWICE, *_end())
            found[f"{name}-drop"] = _script(state, ours, NEXT, NEXT, DROP, ALL, *_end())
            for frame in range(1, 5):
                found[f"{name}-lie-{frame}"] = _script(state, ours, *[NEXT] * frame, _lie(7 * frame + state), SESSION, *_end())
                found[f"{name}-change-{frame}"] = _script(state, ours, *[NEXT] * frame, _change(13 * frame, 1), SESSION, *_end())
    for bit in (SMALL_QUOTA, THEIR_SMALL_QUOTA, NEW_SECRET, LAZILY, REKEYS, THEY_DIAL, NEW_SECRET | THEY_DIAL):
        for ours in (0, TJ):
            steps = [SAY, SAY | THEIRS] * 8 + [SAY_MUCH | THEIRS, ALL, JUDGE, bytes([PAUSE, 5]), SESSION, ALL, JUDGE]
            found[f"circumstance-{bit}-{ours}"] = _script(1, ours | bit | IN_STEP, *steps, *_end())
    for number, frame in enumerate(frames):
        state = 1 + number % 3
        found[f"raw-{number}"] = _script(state, IN_STEP if state == 1 else 0, NEXT, NEXT, bytes([RAW]) + counted(frame), ALL)
    for number, record in enumerate(records):
        found[f"record-{number}"] = _script(1, IN_STEP, bytes([RECORD]) + counted(record), ALL, *_end())
    for number, leaf in enumerate(leaves):
        found[f"leaf-{number}"] = _script(1, IN_STEP, bytes([LEAF]) + counted(leaf), ALL, *_end())
    for kind in range(13):
        for lie in (0, 1, 5):
            found[f"record-lie-{kind}-{lie}"] = _script(1, IN_STEP, struct.pack(">BBH", RECORD_LIE, kind, lie), ALL, *_end())
    for kind in (1, 2, 3, 4, 5, 0x81):
        for lie in (0, 1, 2, 33, 34):
            step = struct.pack(">BBH", MESSAGE, kind, lie) + counted(b"" if kind == 1 else b"a content")
            found[f"message-{kind}-{lie}"] = _script(1, IN_STEP, step, ALL, *_end())
    acts = (SAY_FLASH, SAY_MUCH, ROTATE, RENEW, RECOVER, RESTART, PUT_BACK, FREEZE, POLICY, REVOKE, FORGET, ACT, DATE_TRAIL, ERASE, HOLD)
    for act in acts:
        for whose in (0, THEIRS):
            found[f"act-{act}-{whose}"] = _script(1, IN_STEP, HOLD, act | whose, ALL, ERASE | THEIRS, SESSION, ALL, *_end())
    found["content"] = _script(1, IN_STEP, bytes([SAY_CONTENT]) + counted(b"\x0a\x00"), *_end())
    for pause in range(7):
        found[f"pause-{pause}"] = _script(1, IN_STEP, SAY | THEIRS, bytes([PAUSE, pause]), bytes([PAUSE, pause]), ALL, SESSION, *_end())
    for hours in (0, 100, 155, 255):
        found[f"clock-{hours}"] = _script(1, IN_STEP, bytes([SET_CLOCK, hours]), SAY, SAY | THEIRS, ALL, SESSION, *_end())
    found["second"] = _script(1, IN_STEP, SAY | THEIRS, SECOND, bytes([OLDER, 0]), NEXT, NEXT, bytes([OLDER, 1]), ALL, *_end())
    found["replay"] = _script(1, IN_STEP, SAY | THEIRS, ALL, *(bytes([REPLAY, number]) for number in range(6)), *_end())
    found["lazy"] = _script(1, IN_STEP, LAZY, *[SAY | THEIRS] * 3, ALL, JUDGE, LAZY, *_end())
    return found


REQUESTS = 48  # the target has fewer, and begins again after the last
(BYTES, SIGNED, GOOD, UNSIGNED, GOOD_UNSIGNED, FORGED, AGAIN, SEND, RELEASE, CONNECT, USE, LEAVE, DEAF, CUT) = range(14)
OPERATOR, RELEASER, SECURITY, ADMINISTRATOR, AUDITOR, REVOKED = range(6)


def _good(officer, which, lie=0):
    return struct.pack(">BBBH", GOOD, officer, which, lie)


def _message(officer, kind, precedence, lie, content):
    return struct.pack(">BBBBH", SEND, officer, kind, precedence, lie) + counted(content)


def requests():
    found = {}
    alert = b""  # a good one
    everybody = (OPERATOR, RELEASER, SECURITY, ADMINISTRATOR, AUDITOR, REVOKED)
    for which in range(REQUESTS):
        found[f"good-{which}"] = b"".join(_good(officer, which) for officer in everybody) + struct.pack(">BBH", GOOD_UNSIGNED, which, 0)
        for lie in (1, 2, 3, 5, 8, 13, 21):
            asked = (SECURITY, RELEASER, OPERATOR)[lie % 3]
            found[f"lie-{which}-{lie}"] = _good(asked, which, lie) + struct.pack(">BBH", GOOD_UNSIGNED, which, lie) + _good(asked, which)
        found[f"forged-{which}"] = b"".join(struct.pack(">BBBBB", FORGED, SECURITY, which, place, 1) for place in (0, 70, 100))
        found[f"cut-{which}"] = struct.pack(">BBBH", CUT, SECURITY, which, 40 + which) + bytes([CONNECT]) + _good(SECURITY, which)
    for officer in everybody:
        for kind in range(6):
            found[f"send-{officer}-{kind}"] = _message(officer, kind, kind, 0, alert) + bytes([AGAIN, 0]) + _message(officer, kind, 0, 0, alert)
    for lie in range(1, 40):
        found[f"send-lie-{lie}"] = _message(OPERATOR, 1, 0, lie, alert) + _message(OPERATOR, 1, 3, 0, alert)
    for officer in everybody:
        found[f"release-{officer}"] = bytes([RELEASE, officer, 1, RELEASE, RELEASER, 2, RELEASE, RELEASER, 1])
    found["follow"] = b"".join(_good(OPERATOR, which) + bytes([CONNECT]) for which in range(REQUESTS))
    found["everything"] = b"".join(_good(SECURITY, which) for which in range(REQUESTS))
    found["deaf"] = bytes([DEAF]) + b"".join(_good(OPERATOR, which) for which in range(REQUESTS)) + bytes([CONNECT, USE, 0, DEAF, LEAVE, CONNECT])
    found["again"] = _good(OPERATOR, 0) + bytes([AGAIN, 0, CONNECT, AGAIN, 0, LEAVE, USE, 0, AGAIN, 0])
    for number, data in enumerate((b"", b"\x0a\x00", b"\x92\x03\x00", b"x" * 100)):
        found[f"signed-{number}"] = bytes([SIGNED, SECURITY]) + counted(data) + bytes([UNSIGNED]) + counted(data)
        found[f"bytes-{number}"] = bytes([BYTES]) + counted(struct.pack(">I", len(data)) + data) + bytes([BYTES]) + counted(b"\xff" * 4)
    return found
