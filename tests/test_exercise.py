"""An exercise is loaded from one file, and refused with a sentence that says what is missing."""

import numpy as np
import pytest

from grader import authoring
from grader.authoring import AuthoringError, tag_of
from grader.checks import Holds
from grader.exercise import load
from grader.key import answer
from tests.toys import TRIPLE, lay

WHY = 'why="Three of a kind are one and one and one.",'
DOCSTRING = TRIPLE[TRIPLE.index('    """Return three') : TRIPLE.index("    return 3 * x")]


def refusal(tmp_path, text: str, **place) -> str:
    """What the author is told of a file, without the path of this run."""
    with pytest.raises(AuthoringError) as refused:
        load(lay(tmp_path, text=text, **place))
    return str(refused.value).replace(str(tmp_path / "solutions"), "")


# --- what is loaded ------------------------------------------------------------------------------------------------


@pytest.fixture
def triple(tmp_path):
    return load(lay(tmp_path))


def test_an_exercise_says_what_its_file_says(triple):
    assert (triple.name, triple.topic, triple.title) == ("triple", "01_toys", "Triple: three of a kind")
    assert (triple.points, triple.difficulty, triple.returns, triple.parameters) == (3, 1, "y", ("x",))
    assert triple.hints == ("What is three times one?", "Multiply.")
    assert (triple.why, triple.lesson) == ("Three of a kind are one and one and one.", "A lesson")
    assert (triple.needs, triple.checks, triple.changes, triple.drive, triple.given) == ((), (), (), None, "")


def test_cases_come_in_the_order_of_the_file(triple):
    found = [(case.name, case.edge, case.hidden, case.summary) for case in triple.cases]

    assert found == [
        ("by_hand", False, False, "One and two"),
        ("both_signs", False, False, ""),
        ("two_axes", False, True, ""),
        ("nothing", True, False, ""),
    ]


def test_alternatives_and_mistakes_are_functions_with_their_names_and_messages(triple):
    x = np.array([1.0, 2.0])

    assert [(v.name, v.message, v.function(x).tolist()) for v in (*triple.alternatives, *triple.mistakes)] == [
        ("adds", "", [3.0, 6.0]),
        ("doubles", "That is twice x. How many are three?", [2.0, 4.0]),
        ("cubes", "That is x to the third power.", [1.0, 8.0]),
    ]
    assert triple.reference(x).tolist() == [3.0, 6.0]


def test_a_message_of_several_lines_becomes_one(tmp_path):
    text = TRIPLE.replace('"""That is x to the', '"""That is x\n    to the')

    assert load(lay(tmp_path, text=text)).mistakes[1].message == "That is x to the third power."


def test_given_code_and_a_drive_are_found(tmp_path):
    code = "@given\ndef two():\n    return 2\n\n\n@drive\ndef play(function, x):\n    return function(x)\n\n\n"
    text = TRIPLE.replace("import alternative", "import drive, alternative").replace("@exercise", code + "@exercise", 1)

    found = load(lay(tmp_path, text=text))

    assert found.drive == "play"
    assert "def two():\n    return 2\n" in found.given
    assert "def play(function, x):" in found.given


def test_a_case_may_ask_more_and_take_longer(tmp_path):
    text = TRIPLE.replace("@case(edge=True)", '@case(edge=True, seconds=7.5, checks=[Holds("y == 3 * x")])')
    text = text.replace("import alternative", "import Holds, alternative")

    case = load(lay(tmp_path, text=text)).cases[-1]

    assert (case.seconds, case.checks) == (7.5, (Holds("y == 3 * x"),))


@pytest.mark.parametrize("change", [lambda s: "\ufeff" + s, lambda s: s.replace("\n", "\r\n")], ids=["BOM", "CRLF"])
def test_a_file_saved_on_another_system_is_the_same_exercise(tmp_path, triple, change):
    path = lay(tmp_path)
    path.write_bytes(change(TRIPLE).encode())

    found = load(path)

    assert (found.title, found.hints, found.parameters) == (triple.title, triple.hints, triple.parameters)


def test_tagged_functions_stay_what_they_were():
    def f(x):
        return x

    for tag in (authoring.given, authoring.drive, authoring.alternative, authoring.mistake, authoring.case):
        assert tag(f) is f
    assert authoring.exercise(points=1, difficulty=1, returns="y", hints=[], why="", lesson="")(f) is f
    assert f(3) == 3


@pytest.mark.parametrize(
    "thing", [3, None, len, np.sin, "text", type("A", (), {"__str__": lambda _: "an object"})()], ids=str
)
def test_what_nobody_tagged_has_no_tag(thing):
    assert tag_of(thing) is None


def test_a_tag_is_not_inherited():
    class Base:
        pass

    class Derived(authoring.given(Base)):
        pass

    assert tag_of(Base) is not None
    assert tag_of(Derived) is None


# --- what is refused -----------------------------------------------------------------------------------------------

LINES = {
    "module docstring": (
        lambda s: s.replace(TRIPLE[: TRIPLE.index("import numpy")], "# Source: none\n"),
        "a module docstring: why, maths, by hand",
    ),
    "source": (lambda s: s.replace("Source:", "From"), "a source in the module docstring (a line `Source: ...`)"),
    "docstring": (
        lambda s: s.replace(DOCSTRING, ""),
        "a docstring of the function with Args and Returns\n  - shapes in the docstring of the function",
    ),
    "args": (lambda s: s.replace("Args:", "Given:"), "a docstring of the function with Args and Returns"),
    "returns": (lambda s: s.replace("Returns:", "Gives:"), "a docstring of the function with Args and Returns"),
    "shapes": (
        lambda s: s.replace("x: float array, any shape.", "x: numbers.").replace("Float array, the shape of", "As"),
        "shapes in the docstring of the function",
    ),
    "core case": (lambda s: s.replace("@case\ndef both", "@case(hidden=True)\ndef both"), "two visible core cases"),
    "edge case": (lambda s: s.replace("@case(edge=True)", "@case"), "an edge case"),
    "hidden case": (lambda s: s.replace("@case(hidden=True)", "@case"), "a hidden case"),
    "alternative": (lambda s: s.replace("@alternative", "@given"), "an alternative"),
    "mistakes": (lambda s: s.replace("@mistake\ndef cubes", "@alternative\ndef cubes"), "two mistakes"),
    "hints": (lambda s: s.replace('"Multiply."', ""), "two hints"),
    "why": (lambda s: s.replace(WHY, 'why="",'), "a sentence of why it works (why=...)"),
    "why of blanks": (lambda s: s.replace(WHY, 'why="  ",'), "a sentence of why it works (why=...)"),
    "lesson": (lambda s: s.replace('lesson="A lesson"', 'lesson=""'), "the lesson's part that teaches it (lesson=...)"),
    "points": (lambda s: s.replace("points=3", "points=0"), "at least one point"),
    "easy": (lambda s: s.replace("difficulty=1", "difficulty=0"), "a difficulty from 1 to 5"),
    "hard": (lambda s: s.replace("difficulty=1", "difficulty=6"), "a difficulty from 1 to 5"),
    "message": (
        lambda s: s.replace('"""That is x to the third power."""', "pass"),
        "a docstring for the mistake cubes: what to tell who makes it",
    ),
    "two of one name": (
        lambda s: s.replace("@alternative", '@case\ndef both_signs(rng):\n    return {"x": 1.0}\n\n\n@alternative'),
        "another name for one of the two functions both_signs: the second hides the first",
    ),
    "changes": (
        lambda s: s.replace('returns="y",', 'returns="y", changes=["z"],'),
        "parameter 'z', which `changes` names",
    ),
}


@pytest.mark.parametrize("kind", LINES)
def test_an_unfinished_exercise_is_refused_with_what_is_missing_and_nothing_else(tmp_path, kind):
    change, missing = LINES[kind]

    assert refusal(tmp_path, change(TRIPLE)) == f"/01_toys/triple.py is not finished:\n  - {missing}"


def test_everything_that_is_missing_is_told_at_once(tmp_path):
    text = TRIPLE
    for kind in ("source", "hints", "alternative", "points"):
        text = LINES[kind][0](text)

    said = refusal(tmp_path, text)

    assert said.count("\n  - ") == 4
    assert all(LINES[kind][1] in said for kind in ("source", "hints", "alternative", "points"))


def test_a_topic_has_a_number(tmp_path):
    assert refusal(tmp_path, TRIPLE, topic="toys").endswith("finished:\n  - a topic folder such as 04_backprop")


NAMES = {
    "another name": (TRIPLE.replace("def triple", "def thrice"), "found: thrice"),
    "no exercise": (TRIPLE.replace("@exercise(", "dict("), "found: none"),
    "two exercises": (
        TRIPLE.replace("@alternative", "@exercise(points=1, difficulty=1, returns='', hints=[], why='', lesson='')"),
        "adds",
    ),
    "an empty file": ("", "found: none"),
}


@pytest.mark.parametrize("kind", NAMES)
def test_one_exercise_named_like_its_file_is_needed(tmp_path, kind):
    text, found = NAMES[kind]
    text = text.replace("dict(\n", "(lambda **_: lambda f: f)(\n")

    said = refusal(tmp_path, text)

    assert said.startswith("/01_toys/triple.py: one function tagged @exercise and named triple is needed; found: ")
    assert found in said


BROKEN = {
    "syntax": ("def f(:\n", "SyntaxError: invalid syntax"),
    "name": ("x = nowhere\n", "NameError: name 'nowhere' is not defined"),
    "import": ("import nowhere_at_all\n", "ModuleNotFoundError: No module named 'nowhere_at_all'"),
    "NUL": ("\0", "cannot be run"),
    "a tag without why": (TRIPLE.replace(WHY, ""), "missing 1 required keyword-only argument: 'why'"),
    "tag": ("from grader.authoring import exercise\nexercise(points=1)\n", "TypeError"),
    "no such file": (None, "FileNotFoundError"),
    "latin, declared": (b"# coding: latin-1\n# \xe9\n", "found: none"),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_a_file_that_cannot_be_run_is_the_authors(tmp_path, kind):
    text, said = BROKEN[kind]
    path = lay(tmp_path)
    path.unlink() if text is None else path.write_bytes(text if isinstance(text, bytes) else text.encode())

    with pytest.raises(AuthoringError) as refused:
        load(path)

    assert str(path) in str(refused.value)
    assert said in str(refused.value)


def test_a_finished_file_in_another_encoding_is_refused_with_its_path(tmp_path):
    path = lay(tmp_path)
    path.write_bytes(("# coding: latin-1\n" + TRIPLE.replace("Maths.", "Maths \xe9.")).encode("latin-1"))

    with pytest.raises(AuthoringError, match=r"triple\.py.*UTF-8"):
        load(path)


# --- references ----------------------------------------------------------------------------------------------------

SIX = TRIPLE.replace("triple", "six").replace("return 3 * x", "return 2 * triple(x)")


def referring(tmp_path, name: str):
    text = SIX.replace(
        "\n\n\n@exercise", f'\nfrom grader.authoring import reference\ntriple = reference("{name}")\n\n\n@exercise'
    )
    return lay(tmp_path, "six", text)


def test_another_exercises_answer_can_be_referred_to_from_any_topic(tmp_path):
    lay(tmp_path, topic="03_far")

    assert load(referring(tmp_path, "triple")).reference(np.array([1.0])).tolist() == [6.0]


def test_a_reference_follows_its_file(tmp_path):
    path = lay(tmp_path)
    load(referring(tmp_path, "triple"))
    path.write_text(TRIPLE.replace("return 3 * x", "return 30 * x"), encoding="utf-8")

    assert load(tmp_path / "solutions/01_toys/six.py").reference(np.array([1.0])).tolist() == [60.0]


def test_a_reference_that_is_not_there_or_there_twice_is_refused(tmp_path):
    path = referring(tmp_path, "triple")
    with pytest.raises(AuthoringError, match=r"six\.py: reference\('triple'\) needs one exercise .* found 0\."):
        load(path)
    lay(tmp_path)
    lay(tmp_path, topic="03_far")

    with pytest.raises(AuthoringError, match=r"found 2\."):
        load(path)


def test_a_reference_without_its_function_is_refused(tmp_path):
    lay(tmp_path, text="three = 3\n")

    with pytest.raises(AuthoringError, match=r"triple\.py defines no function triple\."):
        load(referring(tmp_path, "triple"))


def test_a_reference_that_refers_to_itself_is_refused(tmp_path):
    path = lay(tmp_path, text='from grader.authoring import reference\ntriple = reference("triple")\n')

    with pytest.raises(AuthoringError, match=r"triple\.py"):
        load(path)


# --- what shows when the key is computed ---------------------------------------------------------------------------


def fault_of_key(tmp_path, *changes: tuple[str, str]) -> str:
    text = TRIPLE.replace("import alternative", "import Backward, Descent, Gradient, Holds, Random, alternative")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    exercise = load(lay(tmp_path, text=text))
    with pytest.raises(AuthoringError) as refused:
        answer(exercise)
    return str(refused.value)


def checks(text: str) -> tuple[str, str]:
    return ('returns="y",', f'returns="y", checks=[{text}],')


SCALARS = ("    return 3 * x\n", "    return float((3 * x).sum())\n")
NOT_THERE = {
    "part": ([checks('Gradient(part="dq", wrt="x", loss="y")'), SCALARS], "'dq'"),
    "part of random": ([checks('Random(parts=["mask"], seed="x")')], "'mask'"),
    "loss": ([checks('Gradient(part="y", wrt="x", loss="cost")')], "'cost'"),
    "wrt": ([checks('Gradient(part="y", wrt="W", loss="y")')], "'W'"),
    "rate": ([checks('Descent(part="y", wrt="x", loss="y", rate="speed")')], "'speed'"),
    "wrt of backward": ([checks('Backward(of=lambda x: (x, x), wrt=["W"])'), ("triple(x):", "triple(d, x):")], "'W'"),
    "relation": ([checks('Holds("y == 3 * q")')], "'q'"),
    "relation not kept": ([checks('Holds("y == 4 * x")')], "the reference itself does not keep 'y == 4 * x'"),
    "no relation": ([checks('Holds("y")')], "y"),
    "argument of a case": (
        [('{"x": np.zeros(0)}', '{"z": np.zeros(0)}')],
        "a case gives ['z'], the function takes ['x']",
    ),
    "missing argument": ([('{"x": np.zeros(0)}', "{}")], "a case gives [], the function takes ['x']"),
    "arguments": ([('{"x": np.zeros(0)}', "None")], "TypeError"),
    "case that fails": ([('{"x": np.zeros(0)}', "1 / 0")], "ZeroDivisionError"),
    "argument that is no data": ([('{"x": np.zeros(0)}', '{"x": print}')], "a function or class"),
    "answer that is no data": ([("return 3 * x", "return print")], "the reference fails: unsendable"),
    "exception that is not stated": (
        [("return 3 * x", "return 3 / int(x.size > 0)")],
        "the reference raises ZeroDivision",
    ),
    "answer that exits": ([("return 3 * x", "raise SystemExit")], "the reference fails: exit"),
}


@pytest.mark.parametrize("kind", NOT_THERE)
def test_what_a_case_or_check_needs_and_has_not_is_told_with_the_file(tmp_path, kind):
    changes, said = NOT_THERE[kind]

    found = fault_of_key(tmp_path, *changes)

    assert said in found
    assert "triple.py" in found
    assert "tuple.index" not in found


def test_a_check_may_stand_at_one_case(tmp_path):
    assert "case nothing" in fault_of_key(tmp_path, ("@case(edge=True)", '@case(edge=True, checks=[Holds("y == q")])'))


def test_an_exception_that_is_stated_is_what_a_case_asks_for(tmp_path):
    raising = TRIPLE.replace(
        "    return 3 * x\n", "    if not x.size:\n        raise ValueError('none')\n    return 3 * x\n"
    )
    stated = raising.replace("    Returns:", "    Raises:\n        ValueError: x is empty.\n\n    Returns:")

    key = answer(load(lay(tmp_path, text=stated)))

    assert [getattr(case.expected, "type", "") for case in key.cases] == ["", "", "", "ValueError"]


def test_a_parameter_with_a_default_may_be_left_out_from_the_end(tmp_path):
    text = TRIPLE.replace("def triple(x):", "def triple(x, times=3, plus=0):").replace(
        "return 3 * x", "return times * x + plus"
    )

    key = answer(load(lay(tmp_path, text=text.replace('{"x": np.zeros(0)}', '{"x": np.zeros(0), "times": 3}'))))

    assert [len(case.arguments) for case in key.cases] == [1, 1, 1, 2]


def test_a_parameter_in_the_middle_may_not_be_left_out(tmp_path):
    said = fault_of_key(
        tmp_path, ("def triple(x):", "def triple(x, a=1, b=1):"), ('{"x": np.zeros(0)}', '{"x": np.zeros(0), "b": 1}')
    )

    assert "a case gives ['x', 'b'], the function takes ['x', 'a', 'b']" in said
