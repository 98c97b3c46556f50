"""Points are exact: two thirds for core cases, one third for edge cases, edge only once a core case passes."""

from fractions import Fraction

import pytest

from grader.judge import CaseVerdict, Verdict
from grader.points import points


def worth(core: str, edge: str, most: int = 3) -> Fraction:
    """What a verdict is worth; a case is a letter: p passed, f failed, r not run, n not judged."""
    words = {"p": "passed", "f": "failed", "r": "not run", "n": "not judged"}
    cases = [CaseVerdict(f"c{i}", "core", False, words[letter]) for i, letter in enumerate(core)]
    cases += [CaseVerdict(f"e{i}", "edge", i % 2 == 1, words[letter]) for i, letter in enumerate(edge)]
    return points(Verdict("f", "01_toys", "", "wrong", most, tuple(cases), (), None))


@pytest.mark.parametrize(
    ("core", "edge", "share"),
    [
        ("pp", "pp", "1"),
        ("pp", "ff", "2/3"),
        ("pp", "pf", "5/6"),
        ("pf", "ff", "1/3"),
        ("pf", "pp", "2/3"),
        ("ff", "pp", "0"),
        ("pff", "pffff", "2/9 + 1/15"),
        ("ppppppp", "ppp", "1"),
        ("pppppp" + "f", "p", "4/7 + 1/3"),
        ("pn", "rr", "1/3"),
        ("rr", "rr", "0"),
        ("nn", "pp", "0"),
        ("p", "", "1"),
        ("f", "", "0"),
        ("", "", "0"),
    ],
)
@pytest.mark.parametrize("most", [1, 3, 8])
def test_points_are_an_exact_share(core, edge, share, most):
    wanted = sum((Fraction(part) for part in share.split(" + ")), Fraction(0)) * most

    found = worth(core, edge, most)

    assert isinstance(found, Fraction)
    assert found == wanted


def test_the_order_of_cases_changes_nothing():
    assert worth("pfp", "fp") == worth("fpp", "pf")


def test_one_more_case_that_passes_is_never_worth_less():
    for core in ("fff", "ffp", "fpp", "ppp"):
        for edge in ("ff", "fp", "pp"):
            better = [worth(core.replace("f", "p", 1), edge), worth(core, edge.replace("f", "p", 1))]
            assert all(one >= worth(core, edge) for one in better)
