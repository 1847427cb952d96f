"""The strangers' door under attack from the counterpart's own address: whether the counterpart gets in, and what it costs.

1,000 connections a second, silent or each with the same first message played again; meanwhile the counterpart is started anew
for each try. The daemon's share of a core is its own CPU time by the clock, however busy the machine is."""

import os
import pathlib
import statistics
import threading
import time

RATE = 1_000
TRIES = 20
TIME_MAX_S = 60


def measure(_binaries):
    from blolib.world import World  # after BLO_BIN is set: it names the programs

    world = World()
    try:
        yield from _measure(world)
    finally:
        world.close()


def cpu_seconds(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _measure(world):
    from blolib.crowd import Crowd
    from blolib.relay import Relay
    from blolib.world import TJ, UZ, pair

    uz, tj = world.office(UZ), world.office(TJ)
    relay = Relay(tj.address)
    for office, officer in ((uz, "karimov"), (tj, "rahimov")):
        office.start()
        office.add_officer(officer)
    pair(uz, tj, a_addresses=[], b_addresses=[relay.address, tj.address])
    uz.alert(tj, "--wait", 60)
    said = bytes(max(relay.said, key=len))[:50]
    relay.close()
    for name, message in (("silent", b""), ("replayed", said)):
        yield from _storm(name, Crowd.storming(tj.address, RATE, message), uz, tj)


def _storm(name, storm, uz, tj):
    waits, answers = [], []
    with storm:
        uz.stop()
        begun, cpu, (made, _) = time.monotonic(), cpu_seconds(tj.daemon.pid), storm.made()
        for _ in range(TRIES):
            uz.start()
            waits.append(_time_until_connected(uz, tj))
            uz.stop()
            asked = time.monotonic()
            tj.status()
            answers.append(1_000 * (time.monotonic() - asked))
        seconds = time.monotonic() - begun
        rate = (storm.made()[0] - made) / seconds
        share = (cpu_seconds(tj.daemon.pid) - cpu) / seconds
    uz.start()
    yield f"{name}: connections", "1/s", rate
    yield f"{name}: tries that succeeded", f"of {TRIES}", sum(wait is not None for wait in waits)
    yield f"{name}: slowest try", "s", max(TIME_MAX_S if wait is None else wait for wait in waits)
    yield f"{name}: blod's CPU", "% of a core", 100 * share
    yield f"{name}: blo status", "ms", statistics.median(answers)


def _time_until_connected(office, counterpart):
    """By the counterpart's own word; none in the time there is."""
    pause, begun = threading.Event(), time.monotonic()
    while time.monotonic() - begun < TIME_MAX_S:
        if office.pair_status(counterpart)["connected"]:
            return time.monotonic() - begun
        pause.wait(0.05)
    return None
