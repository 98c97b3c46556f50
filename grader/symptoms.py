"""The index of symptoms: from "loss is nan" to the exercises that teach what to look at.

It is data, `assignments/symptoms.toml`. A search compares words by how they begin, so that "exploding" finds
"explodes", and words that occur in few symptoms count more.
"""

import math
import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Symptom", "read", "search"]

SHORTEST = 3  # letters that two words have to begin with alike, at least
MOST = 3  # symptoms that a search finds
LITTLE = frozenset(("the", "and", "are", "for", "its", "has", "have", "that", "this", "with", "does", "did", "was"))


@dataclass(frozen=True)
class Symptom:
    """What somebody sees, other words for it, what to look at first, and the exercises that teach it."""

    says: str
    words: str
    look: str
    exercises: tuple[str, ...]


def read(file: Path) -> list[Symptom]:
    """Return the symptoms of a TOML file, in its order: tables `symptom` with says, words, look and exercises."""
    plain = tomllib.loads(file.read_text(encoding="utf-8"))["symptom"]
    return [Symptom(one["says"], one.get("words", ""), one["look"], tuple(one["exercises"])) for one in plain]


def search(symptoms: Sequence[Symptom], query: str) -> list[Symptom]:
    """Return the symptoms that fit best, the best first; none where no word is known."""
    known = [_words(f"{symptom.says} {symptom.words}") for symptom in symptoms]
    scores = []
    for words in known:
        hits = [word for word in _words(query) if any(_alike(word, other) for other in words)]
        rare = [sum(any(_alike(word, other) for other in others) for others in known) for word in hits]
        scores.append(sum(math.log(1 + len(known) / count) for count in rare))
    best = max(scores, default=0.0)
    ranked = sorted(range(len(symptoms)), key=lambda place: -scores[place])
    return [symptoms[place] for place in ranked[:MOST] if scores[place] > 0.5 * best]


def _words(text: str) -> list[str]:
    return [word for word in re.findall(r"[a-z0-9]+", text.lower()) if len(word) >= SHORTEST and word not in LITTLE]


def _alike(one: str, other: str) -> bool:
    """Say whether one word begins like the other, endings such as -ing, -es and -ed aside."""
    short = min(len(one), len(other))
    same = next((i for i in range(short) if one[i] != other[i]), short)
    return same >= max(SHORTEST, short - 2, max(len(one), len(other)) - 4)
