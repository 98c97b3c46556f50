"""The course as a whole: every exercise finished, every file in its place, nothing else beside them."""

import pytest

from grader import course, desk
from grader.library import Library, LibraryError
from tests.toys import TRIPLE, lay

THRICE = TRIPLE.replace("triple", "thrice")


@pytest.fixture
def root(tmp_path):
    """A small course without faults."""
    lay(tmp_path)
    lay(tmp_path, "thrice", THRICE, topic="02_more")
    for topic in ("01_toys", "02_more"):
        (tmp_path / "assignments" / topic / "README.md").write_text("# A lesson\n")
    for name in ("triple", "thrice"):
        desk.lay(Library(tmp_path), name)
    return tmp_path


def faults(root) -> list[str]:
    """The faults of a course, without the path of this run."""
    return [fault.replace(f"{root}/", "") for fault in course.faults(Library(root))]


def test_a_whole_course_has_no_fault(root):
    assert faults(root) == []


def test_begun_work_is_no_fault(root):
    file = root / "assignments/01_toys/triple.py"
    file.write_text(file.read_text().replace("raise NotImplementedError", "return 3 *"))

    assert faults(root) == []


@pytest.mark.parametrize("name", ["01_toys/__pycache__/triple.cpython-311.pyc", "01_toys/picture.svg", "README.md"])
def test_files_that_belong_to_a_lesson_or_to_python_are_no_fault(root, name):
    file = root / "assignments" / name
    file.parent.mkdir(exist_ok=True)
    file.touch()

    assert faults(root) == []


STRANGE = [
    "assignments/01_toys/notes.txt",
    "assignments/01_toys/conftest.py",
    "assignments/01_toys/thrice.py",
    "assignments/stray.py",
    "assignments/01_toys/deep/triple.py",
    "solutions/01_toys/README.md",
    "solutions/01_toys/data.csv",
    "solutions/triple.py",
    "solutions/toys/other.py",
]


@pytest.mark.parametrize("name", STRANGE)
def test_a_strange_file_is_a_fault(root, name):
    file = root / name
    file.parent.mkdir(exist_ok=True)
    file.touch()

    assert faults(root) == [f"{name} belongs to no exercise. Move it elsewhere, or delete it."]


def test_an_unfinished_exercise_is_a_fault_and_says_what_is_missing(root):
    lay(root, text=TRIPLE.replace("Source:", "From"))

    assert faults(root)[0] == (
        "solutions/01_toys/triple.py is not finished:\n  - a source in the module docstring (a line `Source: ...`)"
    )


BROKEN = {
    "syntax": b"def f(:\n",
    "empty": b"",
    "NUL": b"\0",
    "latin-1": ("# coding: latin-1\n" + TRIPLE + "# \xe9").encode("latin-1"),
}


@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN)
def test_an_exercise_that_cannot_be_read_is_one_fault_and_stops_nothing(root, text):
    (root / "solutions/01_toys/triple.py").write_bytes(text)
    (root / "assignments/02_more/thrice.py").unlink()

    first, second = faults(root)

    assert first.startswith("solutions/01_toys/triple.py")
    assert second == "assignments/02_more/thrice.py is missing. `make stubs` cuts it."


def test_a_missing_stub_is_a_fault(root):
    (root / "assignments/01_toys/triple.py").unlink()

    assert faults(root) == ["assignments/01_toys/triple.py is missing. `make stubs` cuts it."]


def test_a_drifted_stub_is_a_fault_until_it_is_cut_anew(root):
    lay(root, text=TRIPLE.replace("Return three times x.", "Return x three times."))

    assert faults(root) == [
        "assignments/01_toys/triple.py is not what its exercise says any more. `make stubs` cuts it anew."
    ]
    desk.lay(Library(root), "triple")
    assert faults(root) == []


def test_a_missing_lesson_is_a_fault(root):
    (root / "assignments/02_more/README.md").unlink()

    assert faults(root) == ["assignments/02_more/README.md, the lesson, is missing."]


def test_a_part_that_the_lesson_does_not_have_is_a_fault(root):
    (root / "assignments/02_more/README.md").write_text("# Another lesson\n\n## A Lesson\n\n```\n# A lesson\n```\n")

    assert faults(root) == [
        "solutions/02_more/thrice.py names a part 'A lesson' that its lesson does not have. Write into lesson=... a "
        "heading of assignments/02_more/README.md, letter for letter."
    ]


def test_a_lesson_without_headings_teaches_nothing(root):
    (root / "assignments/02_more/README.md").write_text("")

    assert len(faults(root)) == 1


def test_an_exercise_may_be_taught_in_a_part_of_any_depth(root):
    (root / "assignments/02_more/README.md").write_text("# Another lesson\n\n## Long\n\n### A lesson\n")

    assert faults(root) == []


def test_several_faults_are_told_together(root):
    (root / "assignments/02_more/README.md").unlink()
    (root / "assignments/01_toys/triple.py").unlink()
    (root / "solutions/01_toys/stray.txt").touch()

    assert len(faults(root)) == 3


def test_two_exercises_of_one_name_are_refused(root):
    lay(root, topic="03_again")

    with pytest.raises(LibraryError, match="two exercises are called triple"):
        faults(root)
