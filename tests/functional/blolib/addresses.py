"""Addresses for daemons: no two test processes ever want the same one."""

import itertools
import os
import socket

_FIRST_PORT = 7117
_ports = itertools.count(_FIRST_PORT)


def loopback_host():
    """An address of 127.0.0.0/8 of this process's own. What dials out comes from 127.0.0.1, so no port here is ever
    taken by a connection of somebody else, and a daemon that is started again finds its port free."""
    pid = os.getpid()
    return f"127.{64 + (pid >> 16 & 63)}.{pid >> 8 & 255}.{pid & 255}"


def free_address():
    return f"{loopback_host()}:{next(_ports)}"


def free_address_v6():
    """[::1] with a port below those that outgoing connections take; None where there is no IPv6."""
    for attempt in range(100):
        port = 10_000 + (os.getpid() + attempt) % 20_000
        with socket.socket(socket.AF_INET6) as probe:
            try:
                probe.bind(("::1", port))
                return f"[::1]:{port}"
            except OSError:
                continue
    return None


def split(address):
    """(host, port) of 127.0.0.1:7117 or [::1]:7117."""
    host, _, port = address.rpartition(":")
    return host.strip("[]"), int(port)


def dial(address, timeout_s=30):
    return socket.create_connection(split(address), timeout=timeout_s)
