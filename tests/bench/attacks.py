"""How long officers and a third office wait while a proven counterpart attacks, beside the idle figures of the same run."""

import contextlib
import grp
import multiprocessing
import os
import pathlib
import statistics
import time

ATTACKER, FORGER, VICTIM, THIRD = "KG-DOSTUK", "KG-KARAMYK", "TJ-FOTEHOBOD", "UZ-OYBEK"
STATUSES, FLASHES = 20, 8
SESSIONS_HELD = 64
BATCHES = 400
REFUSED_BATCHES, REFUSED_OF_ONE = 60, 128
GUEST = 54_002
CLIENTS = 500


def measure(world):
    """(metric, unit, value) of each: milliseconds, ratios to idle, and what the victim's daemon held."""
    from blolib.world import pair
    from faults_test import Counterpart

    victim, third = world.office(VICTIM), world.office(THIRD).start()
    _let_group_in(world, victim)
    victim.start()
    victim.add_officer("rahimov")
    third.add_officer("karimov")
    pair(victim, third)
    third.alert(victim, "--wait", 60)
    attacker, forger = (Counterpart(world.office(name), victim) for name in (ATTACKER, FORGER))
    idle = _waits(victim, third)
    yield "idle_status", "ms", idle[0]
    yield "idle_flash", "ms", idle[1]
    for name, attack, who in (("no_hello", no_hello, attacker), ("pings", pings, attacker), ("offers", offers, attacker),
                              ("tiny_batches", tiny_batches, attacker), ("refused", refused, forger),
                              ("silent_clients", silent_clients, victim)):
        ready, end = multiprocessing.Event(), multiprocessing.Event()
        process = multiprocessing.Process(target=_attack, args=(attack, who, ready, end), daemon=True)
        process.start()
        ready.wait(60)
        status, flash = _waits(victim, third)
        yield f"{name}_descriptors", "", len(os.listdir(f"/proc/{victim.daemon.pid}/fd"))
        end.set()
        process.join()
        yield f"{name}_status", "ms", status
        yield f"{name}_status_ratio", "x idle", status / idle[0]
        yield f"{name}_flash", "ms", flash
        yield f"{name}_flash_ratio", "x idle", flash / idle[1]
    text = pathlib.Path(f"/proc/{victim.daemon.pid}/status").read_text()
    yield "attacked_memory", "MiB", int(text.split("VmHWM:")[1].split()[0]) / 1024


def _let_group_in(world, office):
    """Other Unix users of a group reach the office's control socket."""
    world.folder.chmod(0o711)
    os.chown(office.home, -1, grp.getgrnam("nogroup").gr_gid)
    office.home.chmod(0o750)
    (office.home / "blod.toml").write_text('control_group = "nogroup"\n')


def _waits(victim, third):
    """What `blo status` there takes, and a third office's FLASH until its receipt: medians in ms, blo's start included."""
    return (_median(STATUSES, victim.status),
            _median(FLASHES, lambda: third.alert(victim, "--precedence", "flash", "--wait", 60)))


def _median(times, act):
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        act()
        taken.append(1000 * (time.perf_counter() - began))
    return statistics.median(taken)


def _attack(attack, attacker, ready, end):
    """Again and again until it is over: a session that was ended is followed by another."""
    while not end.is_set():
        with contextlib.suppress(OSError, AssertionError):
            attack(attacker, ready, end)


def _session(attacker):
    session = attacker.dial()
    session.begin(**attacker.hello())
    return session


def no_hello(attacker, ready, end):
    """Sessions that say nothing after the handshake, one after the other, many of them kept open."""
    with contextlib.ExitStack() as stack:
        for _ in range(SESSIONS_HELD):
            if end.is_set():
                return
            stack.enter_context(attacker.dial())
        ready.set()


def pings(attacker, ready, end):
    with _session(attacker) as session:
        while not end.is_set():
            session.say_ping(1)
            ready.set()


def offers(attacker, ready, end):
    with _session(attacker) as session:
        while not end.is_set():
            session.say_offer(2)
            ready.set()


def tiny_batches(attacker, ready, end):
    """One small entry a batch."""
    from faults_test import Journal

    journal = Journal(attacker)
    _say_batches(attacker, journal, BATCHES, lambda number: journal.officer(number + 1), ready, end)


def refused(attacker, ready, end):
    """Messages that hold nothing: each makes the victim write a record of its own, until a day's quota is used up."""
    from blolib import identity
    from faults_test import Journal

    journal = Journal(attacker)
    nobody = os.urandom(32), identity.signing_key(os.urandom(32))

    def write(_number):
        for _ in range(REFUSED_OF_ONE):
            journal.message(nobody, Journal.UNAUTHORISED)

    _say_batches(attacker, journal, REFUSED_BATCHES, write, ready, end)


def _say_batches(attacker, journal, count, write, ready, end):
    """`write` adds a batch's entries. All are signed beforehand, and no more are on their way than may be."""
    batches = []
    for number in range(count):
        first = len(journal.leaves) if batches else 0
        write(number)
        batches.append((journal.leaves[first:], journal.note(), first))
    with _session(attacker) as session:
        ready.set()
        for number, batch in enumerate(batches):
            if end.is_set():
                return
            session.say_batch(*batch)
            if number > 0:
                session.hear_receipt()


def silent_clients(victim, ready, end):
    """Connections of another Unix user to the control socket that say nothing."""
    from blolib.crowd import Crowd

    with Crowd.staying(victim.home / "control.sock", CLIENTS, user=GUEST, groups=[grp.getgrnam("nogroup").gr_gid],
                       copy_to=victim.home.parent / "crowd.py"):
        ready.set()
        end.wait()
