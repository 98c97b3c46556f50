"""The teacher's page counts what is in the records, lists what somebody has to look at, and does not grow."""

import tracemalloc
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from grader.classroom.overview import page
from grader.classroom.record import Record, Student
from grader.classroom.similarity import Pair
from grader.classroom.tally import tally
from grader.judge import Diagnosis, Finding
from tests import pages
from tests.made_records import HOSTILE, NAMES, hostile, record, records

STATES = ("robust", "right", "wrong", "not started")
NAMED = ("asks_the_gradient", "forgets_the_mean", "swaps_axes", "adds_twice", "rounds", "sorts", "copies")


def made(seed: int, students: int) -> Iterator[Record]:
    """A class with states and mistakes at random."""
    rng = np.random.default_rng(seed)
    for number in range(students):
        one = record(f"s{number:05}", *rng.choice(STATES, 3), kept=Fraction(int(rng.integers(8, 11)), 10))
        mistakes = [NAMED[min(int(rng.geometric(0.4)) - 1, len(NAMED) - 1)] for _ in one.verdicts]
        verdicts = [
            replace(v, diagnosis=Diagnosis("mistake", name, f"You made {name}.") if rng.random() < 0.8 else None)
            if v.state == "wrong"
            else v
            for v, name in zip(one.verdicts, mistakes, strict=True)
        ]
        yield replace(one, verdicts=tuple(verdicts))


CLASS = [*made(1, 60), *records()]
HANDED_IN = [one for one in CLASS if one.submission]
PAGE = page([(one, None) for one in CLASS])
TREE = pages.parsed(PAGE)


def test_the_numbers_at_the_top_are_those_of_the_records():
    judged = [one.final for one in HANDED_IN if not one.not_judged]
    said = pages.said(TREE)

    assert f"students {len(CLASS)} {len(HANDED_IN)} handed something in" in said
    assert f"mean {float(sum(judged) / len(judged)):.2f} of 12 points" in said
    assert f"median {float(np.median([float(one) for one in judged])):.2f} of 12 points" in said
    assert "late 1 2 % of what was handed in" in said


def test_the_distribution_counts_everybody_who_is_judged_once():
    judged = [one.final for one in HANDED_IN if not one.not_judged]
    bins = Counter(min(9, int(final * 10 / 12)) for final in judged)

    rows = pages.table(pages.described(TREE, "Distribution of points"))

    assert [int(students) for _, students in rows[1:]] == [bins[number] for number in range(10)]
    picture = pages.described(TREE, "Histogram of points; the table beside it has its numbers.")
    assert pages.visible(picture).split()[::2][:10] == [str(bins[number]) for number in range(10)]


def by_hand() -> dict[str, Counter[str]]:
    """How many students made which mistake, counted the long way."""
    found: dict[str, Counter[str]] = {name: Counter() for name in NAMES}
    for one in HANDED_IN:
        for verdict in one.verdicts:
            if verdict.state == "wrong":
                found[verdict.name][verdict.diagnosis.name if verdict.diagnosis else "unknown"] += 1
            elif verdict.state == "right":
                found[verdict.name]["unknown"] += 1
    return found


def test_the_heat_map_counts_every_mistake():
    rows = pages.table(pages.described(TREE, "Heat map of exercises and mistakes"))

    assert {row[0] for row in rows[1:]} == set(NAMES)
    for name, *cells in rows[1:]:
        counts = by_hand()[name]
        unknown = counts.pop("unknown")
        ranked = sorted(counts.items(), key=lambda one: (-one[1], one[0]))
        assert [cell for cell in cells[:5] if cell != "none"] == [
            f"{number} {mistake.replace('_', ' ')}" for mistake, number in ranked[:5]
        ]
        assert cells[5:] == [str(sum(number for _, number in ranked[5:])), str(unknown)]


def test_the_commonest_mistakes_come_first_with_what_was_said():
    every = sorted(
        (
            (-n, e, m.replace("_", " "), m)
            for e, counts in by_hand().items()
            for m, n in counts.items()
            if m != "unknown"
        )
    )

    rows = pages.table(pages.described(TREE, "The commonest mistakes"))[1:]
    rest = pages.table(pages.described(TREE, "Rarer mistakes"))[1:]

    assert len(rows) == 10
    for row, (n, exercise, name, mistake) in zip([*rows, *rest], every, strict=True):
        message = "The mask follows the sign of dout." if mistake == "asks_the_gradient" else f"You made {mistake}."
        assert row[0] == str(-n)
        assert row[1].startswith(f"{name} in {exercise}")
        assert mistake == "asks_the_gradient" or message in row[1]


def test_shades_follow_the_numbers_and_zero_has_none():
    region = pages.described(TREE, "Heat map of exercises and mistakes")
    shades = {
        int(pages.said(cell).split()[0]): cell.get("class") for cell in region.iter("td") if cell.find("b") is not None
    }
    most = max(shades)

    assert shades == {n: f"h{-(-5 * n // most)}" for n in shades}


def test_kinds_of_findings_are_counted_once_a_student():
    rows = pages.table(pages.described(TREE, "Heat map of exercises and kinds of finding"))
    wanted: Counter[tuple[str, str]] = Counter()
    for one in HANDED_IN:
        for v in one.verdicts:
            if v.state != "not judged":
                wanted.update({(v.name, finding.check) for finding in v.findings})

    found = {(row[0], kind): int(n) for row in rows[1:] for kind, n in zip(rows[0][1:], row[1:], strict=True)}

    assert {place: n for place, n in found.items() if n} == dict(wanted)


def test_hard_exercises_come_first_with_every_state():
    states = {name: Counter() for name in NAMES}
    for one in HANDED_IN:
        for verdict in one.verdicts:
            states[verdict.name][verdict.state] += 1

    rows = pages.table(pages.described(TREE, "Exercises by how many have them right"))

    done = [states[row[0]]["robust"] + states[row[0]]["right"] for row in rows[1:]]
    assert done == sorted(done)
    for row in rows[1:]:
        for state, cell in zip(rows[0][2:8], row[2:8], strict=True):
            n = states[row[0]][state]
            assert cell == f"{n} {round(100 * n / len(HANDED_IN))} %"


def test_what_is_not_judged_is_named_with_the_reason_and_what_to_do():
    section = pages.described(TREE, "unjudged")

    assert "Run the same command again" in pages.said(section)
    assert pages.table(section)[1] == ["Name of dora dora", "softmax_loss: the disk is full. This is not your mistake."]


def test_evidence_is_to_be_read_and_accuses_nobody():
    one = record("ada", "robust", "robust", "robust", evidence=("conftest.py was handed in too; it was not used",))

    section = pages.described(pages.parsed(page([(one, None)])), "evidence")

    assert "no accusation" in pages.said(section)
    assert pages.table(section)[1] == ["Name of ada ada", "conftest.py was handed in too; it was not used"]


def test_the_slowest_come_first():
    section = pages.described(pages.parsed(page([(one, n / 4) for n, one in enumerate(CLASS)])), "slow")

    rows = pages.table(section)[1:]

    assert [float(row[1]) for row in rows] == [(len(CLASS) - 1 - n) / 4 for n in range(10)]
    assert "half of all took 8.00 s or less" in pages.said(section)


def test_levels_of_isolation_are_counted_and_a_low_one_is_said_at_the_top():
    low = replace(record("ada"), isolation="process")

    tree = pages.parsed(page([(low, None), (record("ben"), None)]))

    assert "process: 1 submission. isolation: process. The code ran with your own rights." in pages.said(tree)
    assert "not all of the code was locked in" in pages.said(pages.described(tree, "first"))


def test_pairs_are_to_be_read_and_the_most_alike_come_first():
    similar = [Pair("ada", "ben", "relu_backward", 0.5), Pair("cleo", "dora", "softmax_loss", 0.9)]

    section = pages.described(pages.parsed(page([], similar=similar)), "similar")

    assert "not verdicts" in pages.said(section)
    assert pages.table(section)[1:] == [
        ["cleo", "dora", "softmax_loss", "90 %"],
        ["ada", "ben", "relu_backward", "50 %"],
    ]


@pytest.mark.parametrize("whole", [[], [records()[-1]], [records()[3]]], ids=["nobody", "nothing", "not judged"])
def test_of_little_there_is_a_page_too(whole):
    assert pages.faults(page([(one, None) for one in whole])) == []


def test_the_table_lists_the_first_and_says_where_all_are():
    section = pages.described(pages.parsed(page(((one, None) for one in CLASS), listed=7)), "students")

    assert f"The first 7 of {len(CLASS)} students; gradebook.csv has all." in pages.said(section)
    rows = pages.table(section)[1:]
    assert [row[2:4] for row in rows] == [[shown(one.points), shown(one.final)] for one in CLASS[:7]]


def shown(value: Fraction) -> str:
    return str(value) if value.denominator == 1 else f"{float(value):.2f}"


@pytest.mark.parametrize("word", HOSTILE, ids=ascii)
def test_a_link_stays_beside_the_page(word):
    tree = pages.parsed(page([(record(Student(word)), None)], link=lambda student: f"feedback/{student.id}.html"))

    links = {one.get("href") for one in pages.described(tree, "students").iter("a")}

    assert len(links) == 1
    assert links.pop().startswith("./feedback/")


def test_hostile_words_are_text_in_every_list():
    said = pages.said(pages.parsed(page([(one, 1.0) for one in hostile()])))

    assert said.count("<script>alert(1)</script>") > 3
    assert "\\u202egnp.exe" in said


def test_the_same_class_gives_the_same_bytes():
    assert page([(one, 1.0) for one in CLASS]) == page([(one, 1.0) for one in CLASS])


def test_what_is_said_of_a_mistake_does_not_hang_on_the_order():
    def diagnosed(message: str) -> Record:
        one = record("s", "wrong", "robust", "robust")
        first = replace(one.verdicts[0], diagnosis=Diagnosis("gradient", "factor", message))
        return replace(one, verdicts=(first, *one.verdicts[1:]))

    forth = [(diagnosed("too large by 2"), None), (diagnosed("too large by 1.5"), None)]

    assert page(forth) == page(forth[::-1])
    assert "too large by 2" in page(forth)


def test_a_finding_of_many_is_one_student():
    one = record("s", "wrong", "robust", "robust")
    many = tuple(Finding("by_hand", "value", f"m{n}") for n in range(9))
    one = replace(one, verdicts=(replace(one.verdicts[0], findings=many, diagnosis=None), *one.verdicts[1:]))

    counted = tally([(one, None)], 1).exercises["relu_backward"]

    assert (counted.kinds["value"], counted.unknown) == (1, 1)


def memory(students: int) -> int:
    """The most memory that a page of so many students takes, in bytes."""
    few = list(made(2, 50))
    results = ((replace(few[n % 50], student=Student(f"{n}", "x" * 50)), 1.0 + n % 7) for n in range(students))
    tracemalloc.start()
    try:
        page(results)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_memory_does_not_grow_with_the_class():
    memory(50)  # templates are compiled once
    small, large = memory(500), memory(5_500)

    # Two numbers of eight bytes for each student, in arrays that are copied as they grow and once for their median.
    assert large - small < 5_000 * 150
