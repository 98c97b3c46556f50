"""`python -m tests.sabotage [NAME ...]`: exit status 0 where every sabotage is noticed, 1 where one is not."""

import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.sabotage.catalogue import SABOTAGES
from tests.sabotage.form import Sabotage
from tests.sabotage.runner import Result, copy, passes, play

ROOT = Path(__file__).resolve().parents[2]
AT_ONCE = 2


def main(names: Sequence[str]) -> int:
    """Play the named sabotages, or all; print a line on each and return the exit status."""
    known = {sabotage.name: sabotage for sabotage in SABOTAGES}
    unknown = [name for name in names if name not in known]
    if unknown:
        print(f"no sabotage is called {unknown[0]}; there are: {', '.join(known)}", file=sys.stderr)
        return 2
    return _play([known[name] for name in names] or list(SABOTAGES))


def _play(sabotages: Sequence[Sabotage]) -> int:
    started = time.monotonic()
    with TemporaryDirectory(prefix="sabotage") as folder, ThreadPoolExecutor(AT_ONCE) as pool:
        clean = Path(folder).resolve() / "clean"
        copy(ROOT, clean)
        said = passes(clean, sabotages)
        if said:
            print(f"{said}\nThe tests do not pass without sabotage.", file=sys.stderr)
            return 1
        print(f"The tests pass without sabotage ({time.monotonic() - started:.0f} s).", flush=True)
        results = []
        for result in pool.map(lambda sabotage: play(sabotage, clean), sabotages):
            print(_line(result), flush=True)
            results.append(result)
    unnoticed = [result for result in results if not result.noticed]
    print(f"{len(results) - len(unnoticed)} of {len(results)} noticed, in {time.monotonic() - started:.0f} s.")
    return 1 if unnoticed else 0


def _line(result: Result) -> str:
    name = result.sabotage.name
    if result.noticed:
        return f"noticed    {name}  ({result.said}, {result.seconds:.1f} s)"
    return f"UNNOTICED  {name}: {result.sabotage.defect} {result.said}"


sys.exit(main(sys.argv[1:]))
