"""Ways through the course: every exercise behind what it builds on, nothing twice, nothing that is done."""

import graphlib
import subprocess
import sys
import tomllib

import pytest

from grader import paths, symptoms
from tests.conftest import ROOT
from tests.toys import TRIPLE, lay

NEEDS = {"d": ("b", "c", "elsewhere"), "a": (), "c": ("a",), "b": ("a",), "e": ("d",), "f": ()}


def test_the_way_to_an_exercise_is_all_it_builds_on_in_order():
    assert paths.leading_to(["d"], NEEDS) == ["a", "c", "b", "d"]


def test_what_is_done_is_left_out_and_so_is_what_leads_only_there():
    assert paths.leading_to(["d"], NEEDS, done={"b"}) == ["a", "c", "d"]
    assert paths.leading_to(["d"], NEEDS, done={"b", "c"}) == ["d"]
    assert paths.leading_to(["d"], NEEDS, done={"d"}) == []


def test_several_goals_share_their_way():
    assert paths.leading_to(["f", "b", "a"], NEEDS) == ["a", "b", "f"]


def test_a_circle_is_refused():
    with pytest.raises(graphlib.CycleError):
        paths.ordered({"a": ("b",), "b": ("a",)})


def test_topics_build_on_topics():
    topics = {"a": "01_x", "b": "01_x", "c": "02_y", "d": "03_z", "e": "03_z", "f": "02_y"}

    assert paths.topics_needed(NEEDS, topics) == {"01_x": [], "02_y": ["01_x"], "03_z": ["01_x", "02_y"]}


def test_no_exercise_of_the_course_leads_to_itself(library):
    needs = {name: library.exercise(name).needs for name in library.places}

    assert sorted(paths.ordered(needs)) == sorted(needs)


def test_together_the_tracks_ask_for_all_there_is(library):
    topics = {name: place.topic for name, place in library.places.items()}
    ways = paths.read(ROOT / "assignments" / "ways.toml", topics)

    asked = {name for track in ways.tracks.values() for name in track}
    assert {name for name, topic in topics.items() if not topic.startswith("13")} <= asked
    assert set(ways.placement) <= set(topics)
    assert len(ways.placement) >= 3


KNOWN = symptoms.read(ROOT / "assignments" / "symptoms.toml")


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("loss is nan", "the loss is NaN or infinite"),
        ("my loss explodes", "the loss goes up or oscillates"),
        ("it is overfitting", "training is perfect, validation is not"),
        ("the loss does not go down", "the loss does not move"),
        ("LOSS STUCK", "the loss does not move"),
        ("which threshold", "which threshold should I take?"),
        ("probabilities overconfident", "the probabilities are too confident"),
        ("t-SNE shows one blob", "all customers look the same in my plot"),
        ("unfair to women", "one region or group gets worse service"),
        ("shape mismatch in matmul", "the shapes do not fit, or broadcast silently"),
    ],
)
def test_a_symptom_is_found_by_the_words_that_people_use(query, first):
    assert symptoms.search(KNOWN, query)[0].says == first


@pytest.mark.parametrize("query", ["", "qqq zzz", "the and are", "?!"])
def test_of_unknown_words_nothing_is_made(query):
    assert symptoms.search(KNOWN, query) == []


def test_every_symptom_is_found_by_its_own_words():
    for symptom in KNOWN:
        assert symptoms.search(KNOWN, symptom.says)[0] == symptom


def test_every_exercise_that_a_symptom_names_is_named_like_one():
    for symptom in KNOWN:
        assert symptom.exercises
        assert all(name.isidentifier() for name in symptom.exercises)


@pytest.fixture
def course(tmp_path):
    """A course of two exercises, of which the second builds on the first, and what a command prints there."""
    lay(tmp_path)
    lay(tmp_path, "six", TRIPLE.replace("triple", "six").replace("difficulty=1,", 'difficulty=1, needs=["triple"],'))
    for name in ("ways.toml", "symptoms.toml"):
        (tmp_path / "assignments" / name).write_text((ROOT / "assignments" / name).read_text(encoding="utf-8"))
    (tmp_path / "assignments" / "ways.toml").write_text(
        'placement = ["triple"]\n[tracks.short]\nabout = "to count"\ntopics = ["01"]\n'
    )

    def run(*words, triple="raise NotImplementedError"):
        for name, body in (("triple", triple), ("six", "raise NotImplementedError")):
            file = tmp_path / "assignments" / "01_toys" / f"{name}.py"
            file.write_text(f"def {name}(x):\n    {body}\n", encoding="utf-8")
        command = [sys.executable, "-m", "grader", *words]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    return run


def test_the_command_shows_the_way_and_skips_what_is_right(course):
    whole, half = course("path", "six"), course("path", "six", triple="return 3 * x")

    assert [line.split()[2] for line in whole.stdout.splitlines()[:2]] == ["triple", "six"]
    assert whole.stdout.splitlines()[2] == "2 to go."
    assert [line.split()[2] for line in half.stdout.splitlines()[:1]] == ["six"]
    assert half.stdout.splitlines()[1] == "1 to go, 1 done."


def test_the_command_shows_a_track(course):
    done = course("path", "--track", "short")

    assert done.stdout.startswith("short: to count\n")
    assert course("path", "--track", "long").returncode == 2
    assert course("path").returncode == 2


def test_the_placement_says_where_to_begin(course):
    assert "Try these without hints" in course("placement").stdout
    assert "assignments/01_toys/README.md" in course("placement", triple="return x").stdout
    assert "All right" in course("placement", triple="return 3 * x").stdout


def test_who_is_stuck_hears_what_to_look_at(course):
    assert course("stuck", "loss is nan").stdout.startswith("the loss is NaN or infinite\n  Which number")
    assert "These are known:" in course("stuck", "qqq").stdout
    assert len(tomllib.loads((ROOT / "assignments" / "symptoms.toml").read_text())["symptom"]) >= 20
