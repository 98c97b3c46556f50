"""Every right answer and every mistake of the course, one after the other in shared processes and each alone.

`python -m tests.soak_sharing [SEED]` plays them in the order that the seed gives, fifteen to a learner, and prints
every verdict that is another one beside others; exit status 1 where there is any.
"""

import random
import sys

from grader.sandbox import Sandbox
from grader.sandbox.sharing import Sharing
from tests.test_inside import LIBRARY, NAMES, key, verdict

A_LEARNERS = 15


def main(seed: int) -> int:
    """Play and print; return the exit status."""
    exercises = {name: LIBRARY.exercise(name) for name in NAMES if not key(name).uses}  # a capstone shares with nobody
    played = [
        (name, variant)
        for name, one in exercises.items()
        for variant in ("", *(known.name for known in (*one.alternatives, *one.mistakes)))
    ]
    random.Random(seed).shuffle(played)
    differing = 0
    with Sandbox() as sandbox:
        for begin in range(0, len(played), A_LEARNERS):
            sharing = Sharing()
            for name, variant in played[begin : begin + A_LEARNERS]:
                together, alone = verdict(sandbox, name, variant, sharing), verdict(sandbox, name, variant)
                if together != alone:
                    differing += 1
                    print(f"{name} {variant}: {together.state} beside others, {alone.state} alone")
            sharing.close()
    print(f"{len(played)} answers, {differing} with another verdict beside others.")
    return int(differing > 0)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 0))
