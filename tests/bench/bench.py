"""Measures two real daemons on loopback, and blo-audit, and beside them the machine's limits in the same run.

One JSON object a line with --json: metric, unit, median, min, max, runs; a table without.
"""

import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import time

import attacks
import audit
import doors

TOP = pathlib.Path(__file__).resolve().parents[2]
MESSAGES = 20_000
CONTENT_BYTES = 1_024
FLASHES = 300


def main():
    parser = argparse.ArgumentParser(prog="./dev bench", description=__doc__)
    parser.add_argument("--build", required=True, help="the build folder, release")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    parser.add_argument("--runs", type=int, default=3, help="runs of each measurement (3)")
    parser.add_argument("--only", choices=("offices", "attacks", "audit", "doors", "growth"),
                        help="a part of it: the daemons, the daemons under attack, blo-audit, the daemons' doors under attack, "
                        "or a store with many records")
    parser.add_argument("--records", type=int, nargs="+", default=[0, 100_000, 1_000_000],
                        help="of each office, in turn (0 100000 1000000)")
    parser.add_argument("--entries", type=int, default=1_000_000, help="entries that blo-audit verifies (1000000)")
    arguments = parser.parse_args()
    binaries = pathlib.Path(arguments.build).resolve() / "bin"
    os.environ["BLO_BIN"] = str(binaries)
    sys.path.insert(0, str(TOP / "tests" / "functional"))

    figures = {}
    if arguments.only in (None, "offices"):
        for metric, unit, value in measure_offices(arguments.runs, binaries):
            figures.setdefault(metric, (unit, []))[1].append(value)
    if arguments.only in (None, "attacks"):
        for metric, unit, value in measure_attacks(arguments.runs):
            figures.setdefault(metric, (unit, []))[1].append(value)
    if arguments.only in (None, "audit"):
        for metric, unit, value in audit.measure(arguments.entries, arguments.runs, binaries):
            figures.setdefault(metric, (unit, []))[1].append(value)
    if arguments.only in (None, "doors"):
        for metric, unit, value in doors.measure(binaries):
            figures.setdefault(metric, (unit, []))[1].append(value)
    if arguments.only in (None, "growth"):
        for metric, unit, value in measure_growth(arguments.records, binaries):
            figures.setdefault(metric, (unit, []))[1].append(value)
    for metric, (unit, values) in figures.items():
        row = {"metric": metric, "unit": unit, "median": round(statistics.median(values), 1),
               "min": round(min(values), 1), "max": round(max(values), 1), "runs": len(values)}
        if arguments.json:
            print(json.dumps(row))
        else:
            print("{metric:44} {median:>12} {unit:12} (min {min}, max {max}, {runs} runs)".format(**row))


def measure_offices(runs, binaries):
    from blolib.world import World  # after BLO_BIN is set: it names the programs

    for _ in range(runs):
        world = World()
        try:
            yield from measure(world, binaries)
        finally:
            world.close()


def measure_attacks(runs):
    from blolib.world import World

    for _ in range(runs):
        world = World()
        try:
            yield from attacks.measure(world)
        finally:
            world.close()


def measure_growth(records, binaries):
    done = subprocess.run([binaries / "blo_growth", *map(str, records)], capture_output=True, text=True, check=True)
    for line in done.stdout.splitlines():
        if not line.startswith("{"):
            continue  # the simulator's own words
        row = json.loads(line)
        yield f"{row['what']}, {row['records']:,} records", "ms", row["ms"]


def bench(binaries, *words):
    result = subprocess.run([binaries / "blo_bench", *map(str, words)], capture_output=True, text=True, check=False)
    if result.returncode != 0:
        raise SystemExit(f"blo_bench {words[0]} failed: {result.stderr}")
    return json.loads(result.stdout)


def files(office, officer):
    return (office.home / "control.sock", office.officers / f"{officer}.key", office.officers / f"{officer}.pem")


def resident_mib(office):
    text = pathlib.Path(f"/proc/{office.daemon.pid}/status").read_text()
    return int(text.split("VmHWM:")[1].split()[0]) / 1024


def catch_up(a, b, size, binaries):
    """From the counterpart's daemon being ready until the receipt for everything is here."""
    watcher = subprocess.Popen([binaries / "blo_bench", "watch", *map(str, files(a, "karimov")), str(size)],
                               stdout=subprocess.PIPE, text=True)
    assert watcher.stdout.readline() == "following\n"
    b.start()
    began = time.monotonic()
    last = json.loads(watcher.stdout.readline())["last_s"]
    assert watcher.wait(60) == 0
    yield "catchup", "messages/s", MESSAGES / (last - began)
    yield "wire", "bytes/message", a.pair_status(b)["sessionBytesOut"] / MESSAGES


def measure(world, binaries):
    """One run: (metric, unit, value) each."""
    from blolib.waiting import until
    from blolib.world import TJ, UZ, pair

    for metric, value in bench(binaries, "limits", world.folder).items():
        yield metric, "1/s", value

    a, b = world.office(UZ), world.office(TJ)
    a.start(), b.start()
    a.add_officer("karimov"), b.add_officer("rahimova")
    pair(a, b)
    until(lambda: a.pair_status(b)["connected"], "the offices are connected")

    micros = sorted(bench(binaries, "flash", *files(a, "karimov"), *files(b, "rahimova"), TJ, FLASHES)["us"])
    yield "flash_p50", "us", micros[len(micros) // 2]
    yield "flash_p99", "us", micros[len(micros) * 99 // 100]

    b.stop()
    bench(binaries, "load", *files(a, "karimov"), TJ, MESSAGES, CONTENT_BYTES)
    queued = a.pair_status(b)
    yield from catch_up(a, b, queued["sent"], binaries)
    yield "rss_a", "MiB", resident_mib(a)
    yield "rss_b", "MiB", resident_mib(b)


if __name__ == "__main__":
    main()
