"""Finds pairs of students whose answers are alike beyond what everybody writes: pairs to read, never a verdict.

Answers to an exercise are short, and right ones look like each other. So what counts are stretches of code, names and
comments aside, that are neither in the stub nor in the course's own answers, and that few of the class have written.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from io import StringIO
from itertools import combinations

from copydetect import CodeFingerprint

__all__ = ["Pair", "pairs"]

# How many characters of code are a stretch; names count for one.
_STRETCH = 20
# From how many who wrote it a stretch is what one writes there.
_MANY = 5
# How many rare stretches an answer has to have to be told from others at all.
_FEWEST = 30


@dataclass(frozen=True)
class Pair:
    """Two students, the exercise, and the share of the shorter one's rare stretches that the other has too."""

    one: str
    other: str
    exercise: str
    share: float


def pairs(exercise: str, texts: Mapping[str, str], known: Iterable[str], least: float = 0.8) -> Iterator[Pair]:
    """Yield the pairs of an exercise, the most alike first.

    Args:
        exercise: its name.
        texts: by student, what they handed in.
        known: the stub and the course's own answers: what is in them says nothing.
        least: the smallest share that is worth reading.
    """
    common = set[int]().union(*(_stretches(text) for text in known))
    found = {student: _stretches(text) - common for student, text in texts.items()}
    count = Counter(stretch for own in found.values() for stretch in own)
    rare = {student: {one for one in own if count[one] <= _MANY} for student, own in found.items()}
    shared: Counter[tuple[str, str]] = Counter()
    writers: dict[int, list[str]] = defaultdict(list)
    for student in sorted(rare):
        for stretch in rare[student]:
            writers[stretch].append(student)
    for students in writers.values():
        shared.update(combinations(students, 2))
    alike = [
        Pair(one, other, exercise, both / size)
        for (one, other), both in shared.items()
        for size in [min(len(rare[one]), len(rare[other]))]
        if size >= _FEWEST and both >= least * size
    ]
    yield from sorted(alike, key=lambda pair: (-pair.share, pair.one, pair.other))


def _stretches(text: str) -> set[int]:
    """Return all stretches of a text as numbers, in which names and comments do not count."""
    # A window of 1 keeps all of them, so that what is found does not hang on how they are numbered.
    return set(map(int, CodeFingerprint("answer.py", _STRETCH, 1, language="python", fp=StringIO(text)).hashes))
