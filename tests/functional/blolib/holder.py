"""A client of the key holder, written a second time from docs/format/keyholder.md.

As a program, `holder.py USER LEADER OFFICER HEX…` sends each request and prints the answer in hex: for requests that
must come from inside a session.
"""

import socket
import struct
import sys

WHICH_KEY, SIGN_ENVELOPE, SIGN_CONTROL_REQUEST, END = 1, 2, 3, 4
DONE, REFUSED = b"\0", b"\1"


def name(user, leader, officer):
    return f"\0blo-key-holder/{user}/{leader}/{officer}"


def request(what, data=b""):
    return struct.pack(">BI", what, len(data)) + data


def ask(address, sent):
    """All that comes back on a connection of its own."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(20)
        connection.connect(address)
        got = b""
        try:
            connection.sendall(sent)
            while data := connection.recv(4096):
                got += data
        except (ConnectionResetError, BrokenPipeError):
            pass
        return got


if __name__ == "__main__":
    for one in sys.argv[4:]:
        print(ask(name(*sys.argv[1:4]), bytes.fromhex(one)).hex())
