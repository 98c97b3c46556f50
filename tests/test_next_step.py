"""What comes after a verdict: one thing at a time, and never a reproach."""

from dataclasses import replace

import pytest

from grader import hints
from grader.guide import Guide
from grader.judge import CaseVerdict, Finding, Verdict
from grader.library import Library
from grader.next_step import OFFER_AFTER, Around, sentences, todo
from tests.toys import TRIPLE, lay

CASES = (CaseVerdict("by_hand", "core", False, "passed"), CaseVerdict("nothing", "edge", False, "failed"))
RIGHT = Verdict(
    *("triple", "01_toys", "Triple", "right", 3, CASES, (Finding("nothing", "dtype", "it is int"),), None),
)
ROBUST = replace(RIGHT, state="robust", cases=tuple(replace(c, state="passed") for c in CASES), findings=())
WRONG = replace(RIGHT, state="wrong", cases=tuple(replace(c, state="failed") for c in CASES))


def test_after_right_comes_what_makes_it_robust():
    told = sentences(RIGHT, Around(summaries={"nothing": "An empty array", "by_hand": "One and two"}))

    assert len(told) == 1
    assert told[0].endswith("What is left looks at: nothing: An empty array.")
    assert "One and two" not in told[0]


def test_what_a_hidden_case_looks_at_is_not_told():
    hidden = replace(RIGHT, cases=(CASES[0], replace(CASES[1], hidden=True)))

    assert "empty" not in " ".join(sentences(hidden, Around(summaries={"nothing": "An empty array"})))


def test_after_robust_come_the_reason_the_question_the_game_and_the_next_file():
    around = Around("It adds up.", "Explain why.", "try -1.", following="assignments/01_toys/other.py")

    assert sentences(ROBUST, around) == [
        "Why it works: It adds up.",
        "Explain why.",
        "Play: try -1.",
        "Open next: assignments/01_toys/other.py",
    ]


def test_after_the_last_exercise_there_is_no_next_one():
    assert sentences(ROBUST, Around()) == []


@pytest.mark.parametrize(("tries", "left", "offered"), [(2, 3, False), (3, 3, True), (3, 0, False), (7, 1, True)])
def test_a_hint_is_offered_after_three_tries_at_the_same_finding(tries, left, offered):
    told = " ".join(sentences(WRONG, Around(tries=tries, hints_left=left)))

    assert ("waiting" in told) is offered
    assert "make hint EX=triple" in told


@pytest.mark.parametrize(
    ("where", "how"), [("beside", "and save."), ("notebook", 'hint("triple")'), ("commands", "make")]
)
def test_how_to_go_on_is_said_for_where_it_is_read(where, how):
    few, many = (sentences(WRONG, Around(tries=tries, hints_left=1, where=where)) for tries in (1, 3))

    assert how in few[0]
    assert how in " ".join(many)
    assert where == "commands" or "make" not in " ".join([*few, *many])
    assert where == "commands" or "make" not in sentences(replace(WRONG, state="not started"), Around(where=where))[0]


def test_every_state_has_a_next_step():
    for state in ("not started", "wrong", "right", "blocked", "not judged"):
        assert todo(replace(WRONG, state=state)), state
        assert todo(replace(WRONG, state=state)) == " ".join(sentences(replace(WRONG, state=state), Around()))


def test_where_nothing_can_be_lent_the_way_there_is_told():
    assert "ASSISTED=1" in todo(replace(WRONG, state="blocked"))
    assert "make path EX=triple" in todo(replace(WRONG, state="blocked"), can_lend=False)


# --- the guide -----------------------------------------------------------------------------------------------------


@pytest.fixture
def course(tmp_path):
    """Three exercises: triple, one that needs it, and one of an earlier topic; and a lesson."""
    lay(tmp_path, "triple", TRIPLE, "01_toys")
    for name, topic, needs in (("again", "01_toys", '"triple"'), ("before", "00_first", "")):
        text = TRIPLE.replace("def triple", f"def {name}").replace("difficulty=1,", f"difficulty=1, needs=[{needs}],")
        lay(tmp_path, name, text, topic)
    lesson = tmp_path / "assignments" / "01_toys" / "README.md"
    lesson.parent.mkdir(parents=True, exist_ok=True)
    lesson.write_text("## Explain and play\n\n- **triple.** Explain why 3. Play: try -1.\n", encoding="utf-8")
    (tmp_path / "assignments" / "ways.toml").write_text(
        'placement = []\n[tracks.short]\nabout = "the first"\ntopics = ["00"]\n', encoding="utf-8"
    )
    return Library(tmp_path)


def test_the_guide_offers_a_hint_after_three_different_texts(course):
    guide = Guide(course)
    for number in range(OFFER_AFTER):
        assert "waiting" not in " ".join(guide.after(WRONG))
        assert guide.remember([(WRONG, f"text {number}")]) == ""
        assert guide.remember([(WRONG, f"text {number}")]) == ""
    assert "2 hints are waiting" in " ".join(guide.after(WRONG))

    hints.following(course.root, "triple", ["one", "two"])
    assert "A hint is waiting" in " ".join(guide.after(WRONG))
    hints.following(course.root, "triple", ["one", "two"])
    assert "waiting" not in " ".join(guide.after(WRONG))


def test_the_next_exercise_is_near_and_ready_and_not_back_at_the_beginning(course):
    guide = Guide(course)
    guide.remember([(ROBUST, "3 * x")])

    told = guide.after(ROBUST)
    assert "Explain why 3." in told
    assert "Play: try -1." in told
    assert told[-1] == "Open next: assignments/01_toys/again.py"
    assert not any("Open next" in said for said in guide.after(ROBUST, onward=False))


def test_on_a_track_the_next_exercise_is_one_of_the_track(course):
    (course.root / ".grader").mkdir(exist_ok=True)
    (course.root / ".grader" / "track").write_text("short", encoding="utf-8")

    assert Guide(course).after(ROBUST)[-1] == "Open next: assignments/00_first/before.py"


def test_a_history_that_cannot_be_used_keeps_nobody_from_the_next_step(course):
    (course.root / ".grader" / "history.sqlite").mkdir(parents=True)

    assert "Everything else works" in Guide(course).remember([(ROBUST, "3 * x")])
    assert Guide(course).after(WRONG) == [todo(WRONG)]
    assert Guide(course).states() == {"before": "not started", "again": "not started", "triple": "not started"}
