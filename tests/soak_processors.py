"""Every right answer and every mistake of the course, computed as on other processors, judged by the keys of this one.

Nobody may be failed for the last digits of a product, least of all where a handout brings keys from another machine.

    python -m tests.soak_processors [NAME ...]

plays all exercises, or those named, as on each of PROCESSORS, and prints every answer with another state than here, or
taken for another mistake; exit status 1 where there is any. A mistake may stay without a name: some give numbers that
are nothing but rounding. Only x86 can be played so. Large cases are left out.
"""

import os
import sys
from collections.abc import Sequence

from grader.sandbox import Sandbox
from tests.processors import PROCESSORS
from tests.test_inside import LIBRARY, NAMES, verdict


def main(names: Sequence[str]) -> int:
    """Play and print; return the exit status."""
    differing = 0
    with Sandbox() as sandbox:
        here = {(name, variant): _said(sandbox, name, variant) for name in names for variant in _variants(name)}
    for processor, told in PROCESSORS.items():
        os.environ.update(told)  # for the workers: numpy is loaded here already
        with Sandbox() as sandbox:
            for (name, variant), expected in here.items():
                found = _said(sandbox, name, variant)
                if found[0] != expected[0] or found[1] not in (expected[1], "-"):
                    differing += 1
                    print(f"{processor}: {name} {variant}: {found}, where it is {expected} here", flush=True)
        for word in told:
            del os.environ[word]
    print(f"{len(here)} answers as on {len(PROCESSORS)} other processors, {differing} with another verdict.")
    return int(differing > 0)


def _variants(name: str) -> list[str]:
    exercise = LIBRARY.exercise(name)
    return ["", *(one.name for one in (*exercise.alternatives, *exercise.mistakes))]


def _said(sandbox: Sandbox, name: str, variant: str) -> tuple[str, str]:
    """Return the state of an answer, and which mistake it is taken for."""
    found = verdict(sandbox, name, variant)
    return found.state, found.diagnosis.name if found.diagnosis is not None else "-"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or NAMES))
