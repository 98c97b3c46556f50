"""`python -m tests.gradcheck.table`: how often check_gradient is wrong, and what it costs, over the battery."""

import argparse
import multiprocessing
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from grader.gradcheck import check_gradient, slopes

from . import battery, blocks, peers, unseen, unseen2

SEEN = battery.FUNCTIONS + blocks.FUNCTIONS
ALL = SEEN + unseen.FUNCTIONS + unseen2.FUNCTIONS
LARGE = 1000  # entries from which a block counts as large
SILENT = ("noise", "formula")  # mistakes that no generic rule names: silence is right
UNNAMED = (*SILENT, battery.SEVERAL)  # mistakes whose name is not scored
ENTRYWISE = 100  # entries up to which a function is measured entry by entry as well
EVERY = 15  # of the wrong gradients one in so many is in a quick table
WORST = 12  # cases that are listed by name


@dataclass(frozen=True)
class Result:
    """What check_gradient said about one case."""

    name: str
    regime: str
    kind: str | None
    size: float
    entries: int
    smooth: bool
    verdict: str
    named: str | None
    evaluations: int
    gradient_calls: int
    seconds: float
    seed: int = 0
    per_entry: float = 0.0

    @property
    def single(self) -> bool:
        return self.regime in battery.SINGLE

    def __str__(self) -> str:
        mistake = "" if self.kind is None else f" | {self.kind} {self.size:g}"
        said = f"{self.verdict}, {self.named}, {self.evaluations} evaluations"
        return f"{self.name} | {self.regime}{mistake} | seed {self.seed}: {said}"


def judge(case: battery.Case) -> Result:
    """Run the checker on a case; an exception is a verdict of its own."""
    started = time.process_time()
    try:
        report = check_gradient(case.f, case.gradient, case.x)
        verdict, named = report.verdict, report.explanation and report.explanation.kind
        calls = report.evaluations, report.gradient_calls
    except Exception as error:
        verdict, named, calls = f"{type(error).__name__}: {error}", None, (0, 0)
    seconds = time.process_time() - started
    about = case.name, case.regime, case.kind, case.size, case.entries, case.smooth
    return Result(*about, verdict, named, *calls, seconds)


def measure(name_and_seed: tuple[str, int], every: int) -> list[Result]:
    """The right gradients of one function, and one of `every` so many wrong ones; 0 for none."""
    name, seed = name_and_seed
    (function,) = battery.chosen((name,), ALL)
    maker = blocks if isinstance(function, blocks.Several) else battery
    cases = [*maker.right(seed, [function]), *(maker.wrong(seed, [function], every) if every else ())]
    return [replace(judge(case), seed=seed, per_entry=per_entry(case)) for case in cases]


def per_entry(case: battery.Case) -> float:
    """Evaluations an entry of the reference that keys store; 0 where it is not measured."""
    if case.kind is not None or isinstance(case.x, tuple) or not 0 < case.entries <= ENTRYWISE:
        return 0.0
    weights = None if case.number else battery.jitter(np.random.default_rng(9), np.shape(case.f(case.x)))
    return slopes(case.f, case.x, weights).evaluations / case.entries


def compare(name: str, seed: int) -> dict[str, list[Result]]:
    """What others and we say about a few cases of one function."""
    (function,) = battery.chosen((name,), ALL)
    cases = [*battery.right(seed, [function]), *battery.wrong(seed, [function], EVERY)]
    small = [case for case in cases if case.entries < LARGE]
    results = {"ours": [judge(case) for case in small]}
    for peer in peers.RULES:
        results[peer] = [
            replace(ours, verdict=said, evaluations=calls)
            for ours, (said, calls) in zip(results["ours"], (peers.verdict(peer, case) for case in small), strict=True)
        ]
    return results


def run(names: list[str], seeds: range = range(1), every: int = 1) -> list[Result]:
    """The results of the functions with these names, from two processes."""
    tasks = [(name, seed) for seed in seeds for name in names]
    with multiprocessing.get_context("fork").Pool(2) as pool:
        return [r for some in pool.imap_unordered(partial(measure, every=every), tasks) for r in some]


def percent(results: list[Result], fact: Callable[[Result], bool]) -> str:
    """How many of them, in per cent."""
    return f"{100 * sum(map(fact, results)) / len(results):.1f} %" if results else "-"


def goal(value: float, most: float | None, least: float | None = None) -> str:
    """The target beside a figure, and whether it is reached."""
    if most is None and least is None:
        return ""
    held = (most is None or value <= most) and (least is None or value >= least)
    bound = f"at most {most:g}" if most is not None else f"at least {least:g}"
    return f"   to reach: {bound}; {'holds' if held else 'MISSED'}"


def share(
    results: list[Result], fact: Callable[[Result], bool], most: float | None = None, least: float | None = None
) -> str:
    """How many of them, in per cent and as a fraction; beside it a target in per cent."""
    hits = sum(map(fact, results))
    if not results:
        return "        -"
    value = 100 * hits / len(results)
    return f"{value:7.3f} %  ({hits} of {len(results)})" + goal(value, most, least)


def cost(results: list[Result], most: float | None = None) -> str:
    """Evaluations of f: mean and maximum; beside them a target for the mean."""
    calls = [r.evaluations for r in results]
    if not calls:
        return "     -"
    return f"{np.mean(calls):6.1f} mean, {max(calls)} at most  ({len(calls)})" + goal(float(np.mean(calls)), most)


def missed(r: Result) -> bool:
    return r.verdict == "right"


def misjudged(r: Result) -> bool:
    return r.verdict == "wrong"


def undecided(r: Result) -> bool:
    return r.verdict not in ("right", "wrong")


def verdicts(right: list[Result], wrong: list[Result]) -> Iterator[tuple[str, str]]:
    """The rows about right and wrong."""
    yield "false alarms", share(right, misjudged, most=0.05)
    yield "right, not judged", share(right, undecided, most=2)
    yield "wrong, not judged", share(wrong, undecided, most=2)
    lanes = {"float64": [], "float32 data": [], "float32": []}
    for r in wrong:
        lanes["float32" if r.single else "float32 data" if r.regime == "float32" else "float64"].append(r)
    for lane, sizes, least, below, most in (
        ("float64", "1e-4 and larger", 1e-4, np.inf, 0.1),
        ("float64", "1e-5", 1e-5, 1e-4, 0.2),
        ("float32", "1e-2 and larger", 1e-2, np.inf, 0.5),
    ):
        yield f"passed, {lane}, {sizes}", share([r for r in lanes[lane] if least <= r.size < below], missed, most=most)
    for lane, some in lanes.items():
        yield f"passed, {lane}, by size", share(some, missed)
        for size in (1.0, 0.1, 1e-2, 1e-3, 1e-4, 1e-5):
            chosen = [r for r in some if size <= r.size < 10 * size]
            if chosen:
                yield f"    {'gross' if size == 1 else f'{size:g}'}", share(chosen, missed)


def costs(right: list[Result], wrong: list[Result]) -> Iterator[tuple[str, str]]:
    """The rows about evaluations and time."""
    smooth, known = [r for r in right if r.smooth], [r.per_entry for r in right if r.per_entry]
    yield "evaluations, right, smooth", cost(smooth, most=6)
    yield "    of these more than 6", share(smooth, lambda r: r.evaluations > 6, most=0)
    yield "evaluations, right, large", cost([r for r in right if r.entries >= LARGE])
    yield "evaluations, right", cost(right, most=10)
    yield "evaluations, wrong, small", cost([r for r in wrong if r.entries < LARGE], most=40)
    yield "evaluations, wrong, large", cost([r for r in wrong if r.entries >= LARGE], most=80)
    if known:
        entries = f"{np.mean(known):6.1f} mean, {max(known):.1f} at most  ({len(known)})"
        yield "evaluations, slopes, an entry", entries + goal(max(known), most=12)
    both = right + wrong
    yield "gradient calls, right", f"{np.mean([r.gradient_calls for r in right]):6.1f} mean" if right else "-"
    seconds = sum(r.seconds for r in both)
    yield "CPU time", f"{seconds:6.1f} s, {1e3 * seconds / max(len(both), 1):.2f} ms each"


def names_of(wrong: list[Result]) -> Iterator[tuple[str, str]]:
    """The rows about explanations, of those mistakes that were found."""
    found = [r for r in wrong if r.verdict == "wrong"]
    generic, other = [r for r in found if r.kind not in UNNAMED], [r for r in found if r.kind in SILENT]
    for label, group in (("", generic), (" in float32", [r for r in generic if r.single])):
        least, most = (None, None) if label else (95, 2)
        yield f"generic{label}, named rightly", share(group, lambda r: r.named == r.kind, least=least)
        yield f"generic{label}, misnamed", share(group, lambda r: r.named not in (r.kind, None), most=most)
        yield f"generic{label}, silent", share(group, lambda r: r.named is None)
    yield "others, rightly silent", share(other, lambda r: r.named is None)


def worst(results: list[Result]) -> Iterator[tuple[str, list[str]]]:
    """Headings, and the cases below each."""
    right, wrong = [r for r in results if r.kind is None], [r for r in results if r.kind is not None]
    yield "false alarms", [str(r) for r in right if misjudged(r)]
    yield "not judged", [str(r) for r in results if undecided(r)]
    yield "passed", [str(r) for r in wrong if missed(r)]
    found = [r for r in wrong if r.verdict == "wrong" and r.kind not in UNNAMED]
    for heading, kinds in (
        ("misnamed", Counter((r.kind, r.named, r.name) for r in found if r.named not in (r.kind, None))),
        ("silent", Counter((r.kind, "-", r.name) for r in found if r.named is None)),
    ):
        yield heading, [f"{kind} as {named}: {name}, {n} times" for (kind, named, name), n in kinds.most_common()]
    for heading, group in (("dearest right", right), ("dearest wrong", wrong)):
        yield heading, [str(r) for r in sorted(group, key=lambda r: -r.evaluations)[: WORST // 3]]


def show(results: list[Result], lists: int = WORST) -> None:
    """Print the table, then the worst offenders."""
    right, wrong = [r for r in results if r.kind is None], [r for r in results if r.kind is not None]
    functions = len({r.name for r in results})
    print(f"{functions} functions, {len(right)} right gradients, {len(wrong)} wrong ones")
    for rows in (verdicts(right, wrong), costs(right, wrong), names_of(wrong)):
        print()
        for label, text in rows:
            print(f"{label:40}{text}")
    for heading, lines in worst(results):
        if lines:
            print(f"\n{heading} ({len(lines)})")
            print("\n".join(f"  {line}" for line in lines[:lists]))


def show_peers(names: list[str], seed: int) -> None:
    """Print the figures of others beside ours, of small gradients."""
    with multiprocessing.get_context("fork").Pool(2) as pool:
        tables = pool.map(partial(compare, seed=seed), names, 1)
    heads = "false alarms", "passed >= 1e-4", "passed 1e-5", "passed, float32", "not judged", "evaluations"
    print(f"{'':22}" + "".join(f"{head:>16}" for head in heads))
    for name in ("ours", *peers.RULES):
        results = [r for table in tables for r in table[name]]
        right, wrong = [r for r in results if r.kind is None], [r for r in results if r.kind is not None]
        double = [r for r in wrong if not r.single]
        columns = (
            percent(right, misjudged),
            percent([r for r in double if r.size >= 1e-4], missed),
            percent([r for r in double if r.size < 1e-4], missed),
            percent([r for r in wrong if r.single], missed),
            percent(results, undecided),
            f"{np.mean([r.evaluations for r in right]):.0f} / {np.mean([r.evaluations for r in wrong]):.0f}",
        )
        print(f"{name:22}" + "".join(f"{column:>16}" for column in columns))
    print(f"{len(right)} right gradients, {len(wrong)} wrong ones; evaluations of f for right / wrong")


def main(words: list[str] | None = None) -> None:
    """Read the options (of the command line, if none are given), run, print."""
    parser = argparse.ArgumentParser(prog="python -m tests.gradcheck.table", description=__doc__)
    parser.add_argument("--quick", action="store_true", help=f"one in {EVERY} wrong gradients, not all")
    parser.add_argument("--seed", type=int, default=0, help="of points and mistakes")
    parser.add_argument("--seeds", type=int, default=1, help="so many seeds from there on")
    parser.add_argument("--right", action="store_true", help="right gradients only")
    parser.add_argument("--functions", default="", help="names between commas; default all")
    parser.add_argument("--all", action="store_true", help=f"list all offenders, not {WORST} of a kind")
    parser.add_argument("--unseen", action="store_true", help="functions that the checker was not made with")
    parser.add_argument("--looked-at", action="store_true", help="those that were such ones once")
    parser.add_argument("--peers", action="store_true", help="the rules of others beside ours")
    options = parser.parse_args(words)
    wanted = tuple(name.strip() for name in options.functions.split(",") if name.strip())
    other = unseen2.FUNCTIONS if options.unseen else unseen.FUNCTIONS
    among = ALL if wanted else other if options.unseen or options.looked_at else SEEN
    names = [function.name for function in battery.chosen(wanted, among)]
    if options.peers:
        show_peers([name for name in names if name not in {f.name for f in blocks.FUNCTIONS}], options.seed)
        return
    every = 0 if options.right else EVERY if options.quick else 1
    results = run(names, range(options.seed, options.seed + options.seeds), every)
    show(results, 10**9 if options.all else WORST)


if __name__ == "__main__":
    main()
