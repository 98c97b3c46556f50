"""Where exercises and keys lie: a key is used as long as it is true, and computed anew when not."""

import os
import shutil
from pathlib import Path

import pytest

import grader.library
from grader.key import answer, to_bytes
from grader.library import Library, LibraryError, find, write
from tests.toys import TRIPLE, lay

REFERS = """
from grader.authoring import reference
triple = reference("triple")
"""
SIX = TRIPLE.replace("triple", "six").replace("return 3 * x", "return 2 * triple(x)")
SIX = SIX.replace("import numpy as np\n", "import numpy as np\n" + REFERS)


@pytest.fixture
def computed(monkeypatch):
    """The names of the exercises whose keys have been computed, in order."""
    names = []

    def noted(exercise):
        names.append(exercise.name)
        return answer(exercise)

    monkeypatch.setattr(grader.library.keys, "answer", noted)
    return names


@pytest.fixture
def root(tmp_path):
    """A course of two exercises, of which one refers to the other."""
    lay(tmp_path)
    lay(tmp_path, "six", SIX, topic="02_more")
    return tmp_path


def key_file(root: Path, name: str = "triple") -> Path:
    return root / ".grader" / "keys" / f"{name}.key"


# --- places --------------------------------------------------------------------------------------------------------


def test_exercises_are_found_by_topic_and_then_by_name(root):
    for name in ("b", "a"):
        lay(root, name, topic="02_more")

    places = Library(root).places

    assert list(places) == ["triple", "a", "b", "six"]
    assert places["six"].topic == "02_more"
    assert places["six"].solution == root / "solutions/02_more/six.py"
    assert places["six"].assignment == root / "assignments/02_more/six.py"


def test_what_is_no_topic_holds_no_exercise(root):
    lay(root, "other", topic="drafts")

    assert "other" not in Library(root).places


def test_two_exercises_of_one_name_are_refused_with_both_files(root):
    lay(root, topic="03_again")

    with pytest.raises(LibraryError, match=r"two exercises are called triple: .*01_toys.* and .*03_again.*\. Rename"):
        _ = Library(root).places


@pytest.mark.parametrize("below", [".", "assignments", "assignments/01_toys", "solutions/02_more"])
def test_the_library_is_found_from_any_folder_in_it(root, below):
    assert find(root / below).root == root


def test_the_library_is_found_from_the_working_folder(root, monkeypatch):
    monkeypatch.chdir(root / "assignments")

    assert find().root == root


def test_outside_of_a_library_it_is_said_where_to_go(tmp_path):
    (tmp_path / "assignments").mkdir()

    with pytest.raises(LibraryError, match=r"is not inside a folder with assignments/ and solutions/"):
        find(tmp_path)


def test_an_empty_library_has_no_exercise(tmp_path):
    assert Library(tmp_path).places == {}


# --- the cache of keys ---------------------------------------------------------------------------------------------


def test_a_key_is_computed_once(root, computed):
    first = Library(root).key("triple")
    second = Library(root).key("triple")

    assert computed == ["triple"]
    assert to_bytes(first) == to_bytes(second)


def test_keys_are_kept_apart(root, computed):
    library = Library(root)
    library.key("triple")

    assert library.key("six").name == "six"
    assert library.key("triple").name == "triple"
    assert computed == ["triple", "six"]


def test_a_changed_exercise_has_a_new_key(root, computed):
    Library(root).key("triple")
    lay(root)  # the same text
    Library(root).key("triple")
    lay(root, text=TRIPLE.replace("[1.0, 2.0]", "[1.0, 4.0]"))

    one = Library(root).key("triple")

    assert computed == ["triple", "triple"]
    assert one.cases[0].arguments[0].tolist() == [1.0, 4.0]


def test_a_date_alone_changes_nothing(root, computed):
    Library(root).key("triple")
    os.utime(root / "solutions/01_toys/triple.py", (1, 1))

    Library(root).key("triple")

    assert computed == ["triple"]


@pytest.mark.parametrize("call", ['reference("triple")', "reference('triple')", "reference(\n    name='triple',\n)"])
def test_a_changed_exercise_that_another_refers_to_changes_both_keys(root, computed, call):
    lay(root, "six", SIX.replace('reference("triple")', call), topic="02_more")
    Library(root).key("six")
    lay(root, text=TRIPLE.replace("return 3 * x", "return 30 * x"))

    one = Library(root).key("six")

    assert computed == ["six", "six"]
    assert one.cases[0].expected.value.tolist() == [60.0, 120.0]


def test_references_of_references_count(root, computed):
    again = REFERS.replace("triple", "six")
    twelve = SIX.replace("six", "twelve").replace(REFERS, again).replace("2 * triple", "2 * six")
    lay(root, "twelve", twelve, topic="03_far")
    Library(root).key("twelve")
    lay(root, text=TRIPLE + "\n")

    Library(root).key("twelve")

    assert computed == ["twelve", "twelve"]


def test_an_exercise_that_nobody_refers_to_changes_no_other_key(root, computed):
    Library(root).key("triple")
    lay(root, "six", SIX + "\n", topic="02_more")

    Library(root).key("triple")

    assert computed == ["triple"]


def test_a_class_has_keys_of_its_own_beside_those_of_the_course(root, computed):
    first = Library(root).key("triple", "secret")
    second = Library(root).key("triple")
    again = Library(root).key("triple", "secret")

    assert computed == ["triple"]
    assert to_bytes(first) != to_bytes(second)
    assert to_bytes(first) == to_bytes(again)
    assert len(list((root / ".grader" / "keys").iterdir())) == 2


def test_a_students_key_is_not_kept(root):
    found = Library(root).key("triple", "secret", keep=False)

    assert to_bytes(found) == to_bytes(Library(root).key("triple", "secret"))
    Library(root).key("triple", "another", keep=False)
    assert len(list((root / ".grader" / "keys").iterdir())) == 2


@pytest.mark.parametrize("changed", ["key.py", "exercise.py", "compare.py", "checks/slope.py", "gradcheck/slopes.py"])
def test_a_change_of_what_makes_keys_makes_them_anew(root, computed, tmp_path, monkeypatch, changed):
    ours = tmp_path / "grader"
    shutil.copytree(Path(grader.library.__file__).parent, ours, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(grader.library, "__file__", str(ours / "library.py"))
    Library(root).key("triple")
    Library(root).key("triple")
    assert computed == ["triple"]
    with (ours / changed).open("a") as file:
        file.write("# another line\n")

    Library(root).key("triple")

    assert computed == ["triple", "triple"]


def test_another_numpy_makes_keys_anew(root, computed, monkeypatch):
    Library(root).key("triple")
    monkeypatch.setattr(grader.library, "version", lambda name: "0.0")

    Library(root).key("triple")

    assert computed == ["triple", "triple"]


DAMAGE = {
    "empty": lambda data: b"",
    "short": lambda data: data[:20],
    "half": lambda data: data[: len(data) // 2],
    "longer": lambda data: data + b"\0",
    "one byte at the end": lambda data: data[:-1] + bytes([data[-1] ^ 1]),
    "one byte in the middle": lambda data: data[:400] + bytes([data[400] ^ 1]) + data[401:],
    "the hash alone": lambda data: data[:64],
    "noise behind the hash": lambda data: data[:64] + bytes(500),
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
def test_a_damaged_key_is_computed_anew_and_replaced(root, computed, damage):
    whole = to_bytes(Library(root).key("triple"))
    kept = key_file(root).read_bytes()
    key_file(root).write_bytes(damage(kept))

    again = Library(root).key("triple")

    assert computed == ["triple", "triple"]
    assert to_bytes(again) == whole
    assert key_file(root).read_bytes() == kept


def test_a_key_of_another_exercise_is_not_taken(root, computed):
    Library(root).key("triple")
    shutil.copy(key_file(root), key_file(root, "six"))

    assert Library(root).key("six").name == "six"


@pytest.mark.parametrize("what", ["a file for the folder", "a folder for the file"])
def test_where_nothing_can_be_kept_there_is_a_key_all_the_same(root, computed, what):
    if what == "a file for the folder":
        (root / ".grader").write_text("in the way")
    else:
        key_file(root).mkdir(parents=True)

    found = [Library(root).key("triple").name for _ in range(2)]

    assert found == ["triple", "triple"]
    assert computed == ["triple", "triple"]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_only_be_read_is_no_failure(root, computed):
    root.chmod(0o555)
    try:
        assert Library(root).key("triple").name == "triple"
    finally:
        root.chmod(0o755)


# --- writing -------------------------------------------------------------------------------------------------------


def test_a_file_is_written_whole_and_nothing_is_left_beside_it(tmp_path):
    file = tmp_path / "a" / "b" / "c.bin"
    write(file, b"one")
    write(file, b"two")

    assert file.read_bytes() == b"two"
    assert list(file.parent.iterdir()) == [file]


def test_what_killed_writers_have_left_is_removed_and_what_others_are_writing_is_not(tmp_path):
    old, young = tmp_path / "a.key1.part", tmp_path / "b.key2.part"
    old.write_bytes(b"half")
    young.write_bytes(b"half")
    os.utime(old, (0, 0))

    write(tmp_path / "c.key", b"one")

    assert sorted(file.name for file in tmp_path.iterdir()) == ["b.key2.part", "c.key"]


def test_a_file_that_cannot_be_written_leaves_nothing_behind(tmp_path):
    file = tmp_path / "folder"
    (file / "inside").mkdir(parents=True)

    write(file, b"one")

    assert list(tmp_path.iterdir()) == [file]


# --- what to open next ---------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def four(tmp_path_factory):
    """Four exercises: an easy one, a hard one of the same topic, one that needs the hard one, and a far one."""
    root = tmp_path_factory.mktemp("four")
    lay(root, "hard", TRIPLE.replace("triple", "hard").replace("difficulty=1", "difficulty=4"))
    lay(root, "tame", TRIPLE.replace("triple", "tame").replace("difficulty=1", "difficulty=2"))
    needy = TRIPLE.replace("triple", "needy").replace("difficulty=1", 'needs=["hard"], difficulty=1')
    lay(root, "needy", needy)
    lay(root, "far", TRIPLE.replace("triple", "far"), topic="02_more")
    return Library(root)


NEXT = {
    "fresh": ({}, "tame"),
    "the easy one is done": ({"tame": "robust"}, "hard"),
    "the easy one is wrong": ({"tame": "wrong"}, "hard"),
    "what another needs is right": ({"hard": "right"}, "needy"),
    "what another needs is wrong": ({"hard": "wrong", "tame": "right"}, "far"),
    "only what needs more is left": ({"hard": "wrong", "tame": "right", "far": "right"}, "needy"),
    "nothing is left": (dict.fromkeys(["hard", "tame", "needy", "far"], "right"), None),
    "all are wrong": (dict.fromkeys(["hard", "tame", "needy", "far"], "wrong"), None),
}


@pytest.mark.parametrize("kind", NEXT)
def test_the_next_to_open_is_ready_and_easy(four, kind):
    states, wanted = NEXT[kind]

    assert four.next_to_open({**dict.fromkeys(four.places, "not started"), **states}) == wanted


def test_of_no_exercises_none_is_next(four):
    assert four.next_to_open({}) is None


@pytest.mark.parametrize("name", find(Path(__file__).parent).places)
def test_what_an_exercise_asks_is_told_from_its_text_as_its_tag_says_it(name):
    library = find(Path(__file__).parent)
    exercise = library.exercise(name)

    assert library.asks(name) == (exercise.needs, exercise.difficulty)
