"""Measures and prints: what each way costs, what it gives for hostile work, and where our time goes."""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from grader.library import Library
from tests.peers_class import assignment, shares
from tests.peers_class.assignment import HOSTILE, POINTS, SIZE
from tests.peers_class.environments import InstallError
from tests.peers_class.limit import CPU_SECONDS
from tests.peers_class.ways import ROOT, SECONDS, WAYS, Given, Submissions, Way

SPENT = Path(__file__).parent / "spent.py"
MOST_SECONDS = 1500.0
AIM = 1.3


@dataclass(frozen=True)
class Spent:
    """What one run of a way cost and gave."""

    cpu: float
    wall: float
    peak: int
    log: int
    given: Mapping[str, Given]
    late: bool


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.peers_class", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="how often each is measured; a class of fifty once")
    parser.add_argument("--only", nargs="*", default=[""], help="measure only what is called like one of these")
    asked = parser.parse_args()
    if sys.platform != "linux":
        sys.exit("This measures with Linux's means, and nowhere else.")
    library = Library(ROOT)
    ways = [way for way in WAYS if any(words in way.name for words in asked.only)]
    _explain(asked.rounds)
    net = _costs(library, ways, asked.rounds)
    _ratios(net)
    _shares(library, net)
    _attacks(library, [way for way in ways if way.name != "ours, 2 jobs"])


def _explain(rounds: int) -> None:
    print(
        f"{', '.join(POINTS)}: {SIZE} submissions, half right, half wrong, one of them an endless loop.\n"
        f"CPU seconds of all processes, user and system, median of {rounds} runs (lowest to highest); "
        f"each of {SIZE}: one run.\n"
        f"Ours ends a call after 2 s of CPU, the limit a submission after {CPU_SECONDS} s, others after {SECONDS} s.\n"
        "Others make 11 calls of the learner's functions; ours as many as the keys have.\n"
    )


# --- what it costs -------------------------------------------------------------------------------------------------


def _costs(library: Library, ways: list[Way], rounds: int) -> dict[str, float]:
    """Print a row for each way; return of each that was measured often the CPU seconds that one more costs."""
    one = {"s00": assignment.honest(library, 0, True)}
    fifty, honest = assignment.fifty(library), assignment.fifty(library, loop=False)
    columns = ("alone", f"each of {SIZE}", f"each of {SIZE - 1}, no loop", "one more", f"wall of {SIZE}", "largest")
    print(f"{'':28}" + "".join(f"{column:>21}" for column in columns))
    net = {}
    for way in ways:
        try:
            alone = [_run(library, way, one) for _ in range(rounds)]
            whole = [_run(library, way, fifty)] if way.fifty else []
            plain = [] if way.slow else [_run(library, way, honest) for _ in range(rounds)]
        except InstallError as fault:
            print(f"{way.name:28}  not measured: {fault}")
            continue
        more = [(b.cpu - a.cpu) / (len(honest) - 1) for a, b in zip(alone, plain, strict=False)]
        cells = [
            _spread([one.cpu for one in alone]),
            _spread([one.cpu / SIZE for one in whole]),
            _spread([one.cpu / len(honest) for one in plain]),
            _spread(more),
            "".join(f"{one.wall:.1f} s" for one in whole) or "-",
            f"{max(one.peak for one in (*alone, *whole, *plain)) / 2**20:.0f} MB",
        ]
        row = f"{way.name:28}" + "".join(f"{cell:>21}" for cell in cells)
        print(row + _remark((whole or plain or alone)[0]), flush=True)
        if more:
            net[way.name] = statistics.median(more)
    return net


def _spread(values: list[float]) -> str:
    if not values:
        return "-"
    if len(values) == 1:
        return f"{values[0]:.3f} s"
    return f"{statistics.median(values):.3f} ({min(values):.3f}-{max(values):.3f})"


def _remark(spent: Spent) -> str:
    """Say what is odd about what a class of fifty got: right work without full points, wrong work with them."""
    endless = f"s{SIZE - 1:02}"
    points = {name: given.points or 0.0 for name, given in spent.given.items() if name != endless}
    full = sum(POINTS.values())
    short = [name for name, got in points.items() if not int(name[1:]) % 2 and got < full - 1e-6]
    missed = [name for name, got in points.items() if int(name[1:]) % 2 and got > full - 1e-6]
    said = [f"{len(short)} right ones lose points"] if short else []
    said += [f"{len(missed)} wrong ones get all points"] if missed else []
    said += ["ended from outside"] if spent.late else []
    return "  " + "; ".join(said)


def _run(library: Library, way: Way, submissions: Submissions) -> Spent:
    with tempfile.TemporaryDirectory(prefix="peers") as name:
        folder = Path(name)
        batch = way.prepare(library, folder, submissions)
        log = folder / "log"
        asked = {"commands": batch.commands, "log": str(log), "seconds": MOST_SECONDS}
        done = subprocess.run(
            [sys.executable, "-I", "-S", str(SPENT)],
            input=json.dumps(asked),
            cwd=folder,
            env={**os.environ, **batch.environment},
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        told = json.loads(done.stdout)
        try:
            given = batch.given(told["status"])
        except (OSError, ValueError, LookupError) as fault:
            given = dict.fromkeys(submissions, Given(None, f"nothing readable ({type(fault).__name__})"))
        return Spent(told["cpu"], told["wall"], told["peak"], log.stat().st_size, given, told["late"])


def _ratios(net: Mapping[str, float]) -> None:
    print("\nOne submission more, in units of the limit")
    for ours in (name for name in net if name.startswith("ours")):
        for limit in (name for name in net if name.startswith("the limit")):
            ratio = net[ours] / net[limit]
            aim = f" (to reach: {AIM}; {'holds' if ratio <= AIM else 'missed'})" if "our calls" in limit else ""
            print(f"{ours} / {limit}: {ratio:.2f}{aim}")
    if {"the limit, judged apart", "the limit, our calls"} <= net.keys():
        apart = net["the limit, judged apart"] / net["the limit, our calls"]
        print(f"the limit, judged apart / the limit, our calls: {apart:.2f}, before any lock-down or message")


def _shares(library: Library, net: Mapping[str, float]) -> None:
    print("\nWhere our time goes, CPU milliseconds a submission that is right, each part measured by itself")
    found = shares.measure(library)
    if "the limit, our calls" in net:
        found["(the limit, all of it)"] = 1000 * net["the limit, our calls"]
    for name, value in found.items():
        print(f"{name:40}{value:8.2f}")


# --- what it gives -------------------------------------------------------------------------------------------------


def _attacks(library: Library, ways: list[Way]) -> None:
    full = sum(POINTS.values())
    print(f"\nHostile work, graded together with a right one: points given of {full}, and what the right one got")
    for kind, (what, deserved) in HOSTILE.items():
        print(f"{kind}: {what}; deserves {deserved}")
    for way in ways:
        for kind, (_, deserved) in HOSTILE.items():
            work = {"a": assignment.hostile(library, kind), "b": assignment.honest(library, 0, True)}
            try:
                spent = _run(library, way, work)
            except InstallError as fault:
                print(f"{way.name:28}  not measured: {fault}")
                break
            got, beside = spent.given["a"], spent.given["b"]
            right = _same(got.points, deserved) and _same(beside.points, full)
            cells = [f"{kind}:", f"{_points(got)} for {deserved}", f"beside it {_points(beside)}"]
            cost = f"{spent.cpu:.1f} s, {spent.peak / 2**20:.0f} MB, {spent.log / 1e6:.1f} MB of output"
            verdict = "as deserved" if right else "WRONG"
            print(f"{way.name:28}" + f"{cells[0]:9}{cells[1]:46}{cells[2]:46}{verdict:12}{cost}", flush=True)


def _same(points: float | None, deserved: int) -> bool:
    """Say whether points are what is deserved; no result is what an attack on one's own deserves."""
    return abs((points or 0.0) - deserved) < 1e-6


def _points(given: Given) -> str:
    said = f" ({given.why})" if given.why else ""
    return f"none{said}" if given.points is None else f"{given.points:.2f}{said}"


if __name__ == "__main__":
    main()
