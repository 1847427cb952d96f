"""A client of the key holder, written a second time from docs/format/keyholder.md, and a false holder.

As a program, for what must happen inside a session: `ask SOCKET HEX…` sends each request and prints the answer in hex;
`lie SOCKET HEX` shows the public key HEX and signs with zeros.
"""

import socket
import struct
import sys

WHICH_KEY, SIGN_ENVELOPE, SIGN_CONTROL_REQUEST, END = 1, 2, 3, 4
DONE, REFUSED = b"\0", b"\1"


def name(folder, leader, officer):
    return f"{folder}/{leader}-{officer}"


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


def lie(address, public_key):
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(address)
        listener.listen()
        print("listening", flush=True)
        while True:
            connection, _ = listener.accept()
            with connection:
                what = connection.recv(65_536)[0]
                connection.sendall(DONE + (public_key if what == WHICH_KEY else bytes(64)))


if __name__ == "__main__":
    if sys.argv[1] == "lie":
        lie(sys.argv[2], bytes.fromhex(sys.argv[3]))
    for one in sys.argv[3:]:
        print(ask(sys.argv[2], bytes.fromhex(one)).hex())
