"""A handout: the learner's repository. It works, it judges as the author's does, and it holds no solution."""

import base64
import json
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from grader import grading, handed, handout
from grader import key as keys
from grader.handout import target
from grader.judge import Verdict
from grader.library import Handout, Library, LibraryError, at, find
from grader.sandbox import Sandbox
from tests import courses, handouts
from tests.answers import answer
from tests.test_capstone import CAPSTONE, HEAD
from tests.toys import TRIPLE, lay

ROOT = courses.ROOT
EXAMPLE = f"assignments/{courses.TOPIC}/relu_backward.py"
WRONG = "def relu_backward(dout, cache):\n    return dout * (dout > 0)\n"
ROBUST = "def relu_backward(dout, cache):\n    return dout * (cache > 0)\n"


def files_in(root: Path) -> dict[str, bytes]:
    """Every file below a folder, by its relative name."""
    return {file.relative_to(root).as_posix(): file.read_bytes() for file in root.rglob("*") if file.is_file()}


def cut(root: Path, library: Library, *chosen: str) -> handout.Laid:
    """Write a handout as the command does."""
    earlier = handout.refuse(root, library.root)
    names, _ = handout.names_of(library, chosen or library.places)
    return handout.lay(root, handout.contents(library, names), earlier)


@pytest.fixture(scope="module")
def fresh(whole_course, tmp_path_factory):
    """A handout as the command line has written it, and what it said; not to be changed."""
    root = tmp_path_factory.mktemp("fresh") / "handout"
    said = whole_course.run("handout", str(root))
    assert said.returncode == 0, said.stderr
    return courses.Course(root), said.stdout


@pytest.fixture
def desk(fresh, tmp_path):
    """A handout to work in, far from where it was cut."""
    return courses.copy(fresh[0], tmp_path / "desk")


@pytest.fixture
def toys(tmp_path):
    """An author's repository of two topics: an exercise, and a capstone that uses it."""
    root = tmp_path / "author"
    lay(root)
    lay(root, "ninefold", CAPSTONE, "13_large")
    lay(root, "six", TRIPLE.replace("triple", "six").replace("difficulty=1", 'needs=["triple"], difficulty=1'), "02_b")
    return Library(root)


# --- what is in it -------------------------------------------------------------------------------------------------


def test_a_handout_has_what_a_learner_needs(fresh):
    found = files_in(fresh[0].root)

    for path in ("Makefile", "README.md", "LICENSE", "pyproject.toml", ".gitignore", ".gitattributes", EXAMPLE):
        assert path in found
    for path in (".github/workflows/classroom.yml", ".devcontainer/devcontainer.json", "grader/cli.py"):
        assert path in found
    assert "keys/05_losses_optim/softmax_loss.key" in found


def test_a_handout_has_nothing_that_only_authors_have(fresh):
    found = files_in(fresh[0].root)

    for path in found:
        assert path.split("/")[0] not in ("solutions", "tests", ".git", ".grader", ".venv")
        assert "__pycache__" not in path
    assert not [path for path in found if path.startswith(("grader/handout/", "grader/notebook/"))]
    assert "grader/course.py" not in found


def test_its_stubs_are_cut_fresh_whatever_the_author_has_tried(whole_course, tmp_path):
    author = courses.copy(whole_course, tmp_path / "author")
    author.write("relu_backward", ROBUST)
    (author.root / "assignments" / courses.TOPIC / "notes.txt").write_text("my own")

    cut(tmp_path / "handout", author.library)

    assert (tmp_path / "handout" / EXAMPLE).read_text(encoding="utf-8") == author.library.stub("relu_backward")
    assert not list((tmp_path / "handout").rglob("notes.txt"))


def test_it_is_said_what_was_written_and_what_comes_next(fresh, whole_course):
    course, said = fresh
    points = sum(whole_course.library.key(name).points for name in whole_course.library.places)

    assert said.startswith(f"{course.root}: the learner's repository, without solutions.\n")
    assert f"\n15 exercises, 3 topics, {points} points, {len(files_in(course.root))} files, " in said
    assert f"make -C {course.root} grade" in said
    assert "Left alone" not in said


def test_the_same_course_makes_the_same_bytes(whole_course, fresh, tmp_path):
    cut(tmp_path / "again", whole_course.library)

    assert files_in(tmp_path / "again") == files_in(fresh[0].root)


# --- what is not in it ---------------------------------------------------------------------------------------------


def leaks(library: Library, files: dict[str, bytes]) -> list[str]:
    """What of an author's secrets is in the files, as sentences."""
    texts = handouts.text_of(files)
    whole = "\n".join(texts.values())
    words = set(re.findall(r"\w+", whole))
    lines = [line for line in handouts.code_in(library) if line in whole]
    names = sorted(handouts.hidden_names(library) & words)
    return [f"{what} in {path}" for what in [*lines, *names] for path, text in texts.items() if what in text]


def test_no_line_of_an_answer_and_no_hidden_name_is_in_a_handout(fresh, whole_course):
    assert len(handouts.code_in(whole_course.library)) > 300
    assert len(handouts.hidden_names(whole_course.library)) >= 10

    assert leaks(whole_course.library, files_in(fresh[0].root)) == []


@pytest.mark.slow
def test_no_line_of_an_answer_and_no_hidden_name_is_in_the_handout_of_the_whole_course(library):
    names, along = handout.names_of(library, library.places)
    found = handout.contents(library, names)

    assert along == []
    assert list(found.exercises) == list(library.places)
    assert leaks(library, dict(found.files)) == []


def test_the_search_for_leaks_finds_them(whole_course):
    library = whole_course.library
    key = library.key("relu_backward")
    line = next(line for line, where in handouts.code_in(library).items() if where.startswith("relu_backward"))
    hidden = next(case.name for case in key.cases if case.hidden)
    with_code = keys.replace(key, title=line)
    with_name = keys.replace(key, mistakes=[keys.replace(key.mistakes[0], message=f"as in {hidden}")])
    path = handed.key_path(key.topic, key.name)

    assert leaks(library, {"README.md": f"# Notes\n{line}\n".encode()})
    assert leaks(library, {path: handed.packed(with_code)})
    assert leaks(library, {path: handed.packed(with_name)})
    assert leaks(library, {path: handed.zlib.compress(keys.to_bytes(key))})
    assert leaks(library, {f"{hidden}.txt": b""})
    assert not leaks(library, {path: handed.packed(key)})


def test_no_folder_of_the_authors_is_named_in_a_handout(fresh, whole_course):
    for path, text in handouts.text_of(files_in(fresh[0].root)).items():
        assert str(ROOT) not in text, path
        assert str(whole_course.root) not in text, path


def test_no_solution_can_be_imported_in_a_handout(fresh):
    tried = fresh[0].python("-c", "import solutions")

    assert "ModuleNotFoundError" in tried.stderr


def test_a_public_key_says_nothing_about_hidden_cases(whole_course):
    whole = whole_course.library.key("dropout_forward")
    hidden = {case.name for case in whole.cases if case.hidden}

    found = keys.public(whole)

    assert hidden
    assert [case.name for case in found.cases] == [case.name for case in whole.cases if not case.hidden]
    assert any(mistake.chances for mistake in found.mistakes)
    for mistake in found.mistakes:
        assert mistake.outcomes
        assert not hidden & (mistake.outcomes.keys() | mistake.chances.keys())


# --- it judges as the author's repository does ---------------------------------------------------------------------


def public_part(verdict: Verdict):
    """What a verdict says of public cases."""
    hidden = {case.name for case in verdict.cases if case.hidden}
    cases = [(case.name, case.kind, case.state) for case in verdict.cases if not case.hidden]
    return verdict.state, cases, [f for f in verdict.findings if f.case not in hidden], verdict.diagnosis


def verdicts(library: Library, name: str, texts: list[str]) -> list[Verdict]:
    with Sandbox() as sandbox:
        works = [grading.Work({name: text}.__getitem__, "{}.py".format, library.key) for text in texts]
        return [next(iter(grading.grade(library, [name], sandbox, work=work))) for work in works]


@pytest.mark.parametrize("name", ["relu_backward", "softmax_loss", "dropout_forward"])
def test_verdicts_on_public_cases_are_those_of_the_authors_repository(fresh, whole_course, name):
    own, exercise = whole_course.library, whole_course.library.exercise(name)
    variants = ["", *(one.name for one in (*exercise.alternatives, *exercise.mistakes))]
    texts = [answer(own.places[name].solution, variant) for variant in variants]

    ours = verdicts(own, name, texts)
    theirs = verdicts(fresh[0].library, name, texts)

    assert [public_part(verdict) for verdict in theirs] == [public_part(verdict) for verdict in ours]
    assert {verdict.state for verdict in theirs} > {"robust"}
    assert not any(case.hidden for verdict in theirs for case in verdict.cases)


# --- a learner's commands ------------------------------------------------------------------------------------------


def test_in_a_fresh_handout_nothing_is_wrong_and_it_is_said_where_to_begin(fresh):
    done = fresh[0].run("grade")

    assert (done.returncode, done.stderr) == (0, "")
    named = re.search(r"^Open first: (\S+)$", done.stdout, re.MULTILINE).group(1)
    assert (fresh[0].root / named).is_file()


def test_the_handouts_own_grader_is_the_one_that_runs(desk):
    (desk.root / "grader" / "hints.py").write_text("raise SystemExit('mine')\n")

    assert "mine" in desk.run("hint", "relu_backward").stderr


def test_a_mistake_is_named(desk):
    desk.write("relu_backward", WRONG)

    done = desk.run("grade", "relu_backward")

    assert done.returncode == 1
    assert "hidden" not in done.stdout
    assert "Likely cause: The mask follows the sign of dout." in " ".join(done.stdout.split())


def test_hints_come_one_after_the_other(desk):
    said = [desk.run("hint", "relu_backward").stdout for _ in range(2)]

    assert said[0].startswith("Hint 1 of ")
    assert "Hint 2 of " in said[1]


def test_reset_brings_the_stub_back_and_keeps_the_work(desk):
    stub = desk.file("relu_backward").read_text(encoding="utf-8")
    desk.write("relu_backward", WRONG)

    desk.run("reset", "relu_backward")

    assert desk.file("relu_backward").read_text(encoding="utf-8") == stub
    (kept,) = (desk.root / ".grader" / "kept").iterdir()
    assert kept.read_text(encoding="utf-8") == WRONG


def test_a_picture_is_drawn(desk):
    pytest.importorskip("matplotlib")
    desk.write("relu_forward", "import numpy as np\ndef relu_forward(x):\n    return np.maximum(x, 0), x\n")

    done = desk.run("plot", "relu_forward", "--svg")

    assert done.returncode == 0, done.stderr
    assert "your answer agrees with the expected one" in done.stdout
    assert Path(done.stdout.split("\n")[0]).read_bytes().startswith(b"<?xml")


def test_a_function_at_hand_is_checked(desk):
    script = desk.root / "mine.py"
    script.write_text(f"from grader import check, hint\n{WRONG}\ncheck(relu_backward)\nhint(relu_backward)\n", "utf-8")

    done = desk.python("mine.py", PYTHONPATH=str(desk.root))

    assert done.stderr == ""
    assert "The mask follows the sign of dout." in done.stdout
    assert "Hint 1 of 3" in done.stdout


def test_a_learners_pages_are_written(desk):
    desk.write("relu_backward", WRONG)

    done = desk.run("report", "--to", "pages")

    assert done.returncode == 0, done.stderr
    pages = "".join(file.read_text(encoding="utf-8") for file in (desk.root / "pages").glob("*.html"))
    assert "The mask follows the sign of" in pages
    assert "ASSISTED" not in pages


def test_pytest_runs_the_cases(desk):
    desk.write("relu_backward", WRONG)

    done = desk.pytest(EXAMPLE, "-q", "-p", "no:cacheprovider")

    assert done.returncode == 1
    assert "relu_backward: by_hand" in done.stdout
    assert re.search(r"^\d+(\.\d+)? of 3 points\.$", done.stdout, re.MULTILINE)


AUTHORS = [["check"], ["stubs"], ["handout", "elsewhere"], ["class", "assignments", "results"], ["gradescope"]]
AUTHORS += [["import", "README.md"]]


@pytest.mark.parametrize("command", AUTHORS, ids=lambda words: words[0])
def test_a_command_that_needs_solutions_says_that_this_is_a_handout(desk, command):
    done = desk.run(*command)

    assert done.returncode == 2
    assert done.stderr.startswith(f"grader: `{command[0]}` needs the exercises' solutions, and this is a handout")


def test_help_is_given_in_a_handout(desk):
    assert desk.run("--help").returncode == 0


# --- the library of a handout --------------------------------------------------------------------------------------


def test_a_handout_is_found_from_any_folder_in_it(fresh):
    root = fresh[0].root

    for folder in (root, root / "keys" / courses.TOPIC, root / "assignments" / courses.TOPIC):
        found = find(folder)
        assert isinstance(found, Handout)
        assert found.root == root


def test_a_folder_called_solutions_makes_no_author_of_a_learner(desk):
    (desk.root / "solutions").mkdir()

    assert isinstance(at(desk.root), Handout)


def test_a_folder_called_keys_makes_no_learner_of_an_author(toys):
    (toys.root / "keys").mkdir()

    assert type(at(toys.root)) is Library


def test_a_handout_has_keys_and_stubs_and_refuses_what_is_code(fresh, whole_course):
    library, own = at(fresh[0].root), whole_course.library

    assert list(library.places) == list(own.places)
    assert library.stub("relu_backward") == own.stub("relu_backward")
    assert library.key("relu_backward").hints == own.key("relu_backward").hints
    for refused in (library.exercise, library.reference, library.digest, lambda name: library.key(name, "secret")):
        with pytest.raises(LibraryError, match="this is a handout, which does not have"):
            refused("relu_backward")


def test_a_handout_writes_no_keys(desk):
    before = files_in(desk.root / "keys")

    desk.run("grade", "relu_backward")

    assert files_in(desk.root / "keys") == before
    assert not (desk.root / ".grader" / "keys").exists()


# --- damage --------------------------------------------------------------------------------------------------------

KEY = f"keys/{courses.TOPIC}/relu_backward.key"
DAMAGE = {
    "missing": (lambda file: file.unlink(), "is missing"),
    "empty": (lambda file: file.write_bytes(b""), "is damaged"),
    "cut": (lambda file: file.write_bytes(file.read_bytes()[:-9]), "is damaged"),
    "one byte": (lambda file: file.write_bytes(file.read_bytes()[:99] + b"?" + file.read_bytes()[100:]), "is damaged"),
    "no key": (lambda file: file.write_bytes(handed.zlib.compress(b"{}")), "is damaged"),
    "another's": (lambda file: shutil.copy(file.parent / "relu_forward.key", file), "is the answer key of relu_for"),
}


@pytest.mark.parametrize("kind", DAMAGE)
def test_an_exercise_without_its_key_is_not_judged_and_takes_no_other_with_it(desk, kind):
    damage, said = DAMAGE[kind]
    damage(desk.root / KEY)
    desk.write("relu_backward", ROBUST)

    with Sandbox() as sandbox:
        one, other = grading.grade(at(desk.root), ["relu_backward", "relu_forward"], sandbox)

    assert (one.state, other.state) == ("not judged", "not started")
    (finding,) = one.findings
    assert finding.message.startswith(f"{KEY}")
    assert said in finding.message
    assert "`git restore keys` brings it back" in finding.message
    assert finding.message.endswith("This is not your mistake.")


def test_a_damaged_key_is_told_by_every_command_and_is_no_zero(desk):
    (desk.root / KEY).write_bytes(b"")

    graded, hint, reset = (desk.run(command, "relu_backward") for command in ("grade", "hint", "reset"))

    assert graded.returncode == hint.returncode == reset.returncode == 3
    assert "not judged" in graded.stdout
    assert hint.stderr.startswith(f"grader: {KEY}, the exercise's answer key, is damaged.")
    assert desk.file("relu_backward").is_file()


@pytest.mark.parametrize(
    "text", [None, "", "[]", "{}", '{"version": 2}', '{"version": 1, "exercises": 3, "files": {}}']
)
def test_without_its_list_a_handout_says_what_is_missing(desk, text):
    file = desk.root / handed.LISTED
    file.unlink() if text is None else file.write_text(text)

    done = desk.run("grade")

    assert done.returncode == 3
    assert done.stderr.startswith("grader: keys/handout.json, the list of exercises, ")
    assert "git restore keys" in done.stderr


def test_pytest_without_the_list_says_so_too(desk):
    (desk.root / handed.LISTED).write_text("")

    done = desk.pytest("assignments", "-q", "-p", "no:cacheprovider")

    assert done.returncode == pytest.ExitCode.USAGE_ERROR
    assert "keys/handout.json, the list of exercises, cannot be read" in done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr


# --- capstones and topics ------------------------------------------------------------------------------------------


def test_a_topic_alone_is_chosen(whole_course, tmp_path):
    done = whole_course.run("handout", str(tmp_path / "h"), "--topic", "05")

    assert "\n1 exercise, 1 topic, " in done.stdout
    found = files_in(tmp_path / "h")
    assert [path for path in found if path.startswith("keys/") and path.endswith(".key")] == [
        "keys/05_losses_optim/softmax_loss.key"
    ]
    assert not [path for path in found if courses.TOPIC in path]
    assert courses.Course(tmp_path / "h").run("grade").returncode == 0


def test_several_topics_are_chosen_and_an_unknown_one_is_refused(whole_course, tmp_path):
    whole_course.run("handout", str(tmp_path / "two"), "--topic", "05", "--topic", "90_other")
    refused = whole_course.run("handout", str(tmp_path / "none"), "--topic", "77")

    assert list(at(tmp_path / "two").places) == ["softmax_loss", "rectify"]
    assert refused.returncode == 2
    assert "there is no topic '77'" in refused.stderr
    assert not (tmp_path / "none").exists()


def test_what_a_capstone_uses_comes_along(toys, tmp_path):
    command = [sys.executable, "-m", "grader", "handout", str(tmp_path / "h"), "--topic", "13"]
    said = subprocess.run(command, cwd=toys.root, capture_output=True, text=True, check=True).stdout

    assert list(at(tmp_path / "h").places) == ["triple", "ninefold"]
    assert "\nCame along, for capstones use them: triple.\n" in said


def test_what_an_exercise_needs_outside_the_selection_breaks_nothing(toys, tmp_path):
    (toys.root / "assignments" / "ways.toml").write_text(
        'placement = ["triple"]\n[tracks.all]\nabout = "all"\nexercises = ["six"]\n[tracks.first]\nabout = "x"\n'
        'exercises = ["triple"]\n',
        encoding="utf-8",
    )
    cut(tmp_path / "h", toys, "six")
    learner = courses.Course(tmp_path / "h")

    assert "1 to go" in learner.run("path", "six").stdout
    assert "1 to go" in learner.run("path", "--track", "all").stdout
    assert "None of the exercises of first is here" in learner.run("path", "--track", "first").stdout
    assert "are not here. `make grade` says which one to open first" in learner.run("placement").stdout
    assert learner.run("grade").returncode == 0


@pytest.fixture
def capstone(toys, tmp_path):
    """A handout with a capstone whose text is written, and whose function is not."""
    cut(tmp_path / "h", toys, "ninefold")
    learner = courses.Course(tmp_path / "h")
    learner.write("ninefold", f"{HEAD}return triple(triple(x))\n")
    return learner


def test_a_capstone_in_a_handout_uses_the_learners_functions(capstone):
    blocked = capstone.run("grade", "ninefold").stdout
    capstone.write("triple", "def triple(x):\n    return 3 * x\n")

    assert blocked.startswith(":| ninefold: blocked, 0 of 3 points\n")
    assert "make path EX=ninefold" in blocked
    assert "ASSISTED" not in blocked
    assert capstone.run("grade", "ninefold").stdout.startswith(":D ninefold: robust")


def test_the_way_to_a_capstone_leads_through_what_it_uses(capstone):
    ways = "placement = []\n[tracks.all]\nabout = 'all'\n"
    (capstone.root / "assignments" / "ways.toml").write_text(ways, encoding="utf-8")

    done = capstone.run("path", "ninefold")

    assert done.stdout.index("triple") < done.stdout.index("ninefold")


def test_in_a_handout_nothing_is_lent(capstone):
    done = capstone.run("grade", "ninefold", "--assisted")

    assert done.returncode == 2
    assert done.stdout == ""
    assert "this is a handout, which has none: they are yours to write" in done.stderr
    assert "`make path EX=ninefold` lists what comes first" in done.stderr


# --- where it is written -------------------------------------------------------------------------------------------


@pytest.fixture
def small(toys):
    """An author's repository of one exercise."""
    for name in ("six", "ninefold"):
        toys.places[name].solution.unlink()
    return Library(toys.root)


TRIPLES = "assignments/01_toys/triple.py"


def test_a_folder_is_made_and_an_empty_one_or_a_new_repository_is_filled(small, tmp_path):
    (tmp_path / "b").mkdir()
    (tmp_path / "c" / ".git").mkdir(parents=True)

    for where in ("a/deep", "b", "c"):
        cut(tmp_path / where, small)
        assert (tmp_path / where / TRIPLES).is_file()
    assert not list((tmp_path / "c" / ".git").iterdir())


def test_a_folder_with_other_things_is_refused_and_stays_as_it_was(small, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.tex").write_text("years")
    command = [sys.executable, "-m", "grader", "handout", str(tmp_path / "mine")]

    done = subprocess.run(command, cwd=small.root, capture_output=True, text=True, check=False)

    assert done.returncode == 2
    assert done.stderr == (
        f"grader: {tmp_path / 'mine'} is not empty (thesis.tex), and is no handout that could be brought up to date. "
        "Choose a folder that is new or empty.\n"
    )
    assert files_in(tmp_path / "mine") == {"thesis.tex": b"years"}


def test_a_file_the_course_itself_and_a_folder_within_it_are_refused(small, tmp_path):
    (tmp_path / "file").write_text("")

    with pytest.raises(LibraryError, match=r"is a file\. Choose a folder"):
        handout.refuse(tmp_path / "file", small.root)
    with pytest.raises(LibraryError, match="is not empty"):
        handout.refuse(small.root, small.root)
    with pytest.raises(LibraryError, match=r"lies in assignments/ of the course itself"):
        handout.refuse(small.root / "assignments" / "for_class", small.root)


def test_an_earlier_handout_is_brought_up_to_date_and_work_in_it_is_left_alone(small, tmp_path):
    root = tmp_path / "h"
    cut(root, small)
    work = "def triple(x):\n    return x + x + x\n"
    (root / TRIPLES).write_text(work)
    (root / "README.md").write_text("For my class.\n")
    (root / "notes.txt").write_text("mine")
    before = files_in(root)
    lay(small.root, text=TRIPLE.replace("three times x.", "x, three times.").replace("[1.0, 2.0]", "[1.0, 4.0]"))

    laid = cut(root, Library(small.root))

    after = files_in(root)
    assert laid.kept == ("README.md", TRIPLES)
    assert laid.written == ("keys/01_toys/triple.key",)
    assert {path for path in after if after[path] != before.get(path)} == {*laid.written, handed.LISTED}
    assert at(root).key("triple").cases[0].arguments[0].tolist() == [1.0, 4.0]


def test_a_stub_in_which_nobody_has_begun_is_cut_anew(small, tmp_path):
    cut(tmp_path / "h", small)
    file = tmp_path / "h" / TRIPLES
    file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n").replace(b"three of a kind", b"3 of a kind"))

    assert TRIPLES in cut(tmp_path / "h", small).written
    assert file.read_text(encoding="utf-8") == small.stub("triple")


def test_what_has_left_the_course_is_removed_unless_somebody_has_worked_on_it(toys, tmp_path):
    root = tmp_path / "h"
    cut(root, toys)
    (root / TRIPLES).write_text("def triple(x):\n    return x + x + x\n")

    laid = cut(root, toys, "six")

    assert laid.kept == (TRIPLES,)
    assert set(laid.removed) == {
        "assignments/13_large/ninefold.py",
        "keys/13_large/ninefold.key",
        "keys/01_toys/triple.key",
    }
    assert not (root / "keys" / "13_large").exists()
    assert list(at(root).places) == ["six"]


def kill_after(monkeypatch, writes: int) -> None:
    """Have the next handout killed when it has written so many files."""
    done, write = [], target._write

    def counted(*what):
        if len(done) == writes:
            raise KeyboardInterrupt
        done.append(what)
        write(*what)

    monkeypatch.setattr(target, "_write", counted)


@pytest.mark.parametrize("writes", range(5))
def test_an_update_that_was_killed_is_finished_by_the_next_run(small, tmp_path, monkeypatch, writes):
    root = tmp_path / "h"
    cut(root, small)
    lay(small.root, text=TRIPLE.replace("[1.0, 2.0]", "[1.0, 4.0]").replace("three times x.", "x, thrice."))
    (root / "README.md").unlink()
    changed = Library(small.root)
    cut(tmp_path / "undisturbed", changed)

    with monkeypatch.context() as patched:
        kill_after(patched, writes)  # of five: the list, README.md, the stub, the key, the list
        with pytest.raises(KeyboardInterrupt):
            cut(root, changed)
    laid = cut(root, changed)

    assert laid.kept == ()
    assert files_in(root) == files_in(tmp_path / "undisturbed")


@pytest.mark.parametrize("writes", [1, 7])
def test_a_first_run_that_was_killed_is_finished_by_the_next_one(small, tmp_path, monkeypatch, writes):
    cut(tmp_path / "undisturbed", small)

    with monkeypatch.context() as patched:
        kill_after(patched, writes)
        with pytest.raises(KeyboardInterrupt):
            cut(tmp_path / "h", small)
    cut(tmp_path / "h", small)

    assert files_in(tmp_path / "h") == files_in(tmp_path / "undisturbed")


def test_a_file_that_cannot_be_written_is_told_and_leaves_no_half_of_one(small, tmp_path, monkeypatch):
    cut(tmp_path / "h", small)
    (tmp_path / "h" / "README.md").unlink()

    def full(one, other):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(target.os, "replace", full)

    with pytest.raises(LibraryError, match=r"cannot be written: No space left on device\. Run it again when it can\."):
        cut(tmp_path / "h", small)
    assert not list((tmp_path / "h").rglob("*.part"))


def test_nothing_is_written_or_removed_through_a_link(small, tmp_path):
    root, elsewhere = tmp_path / "h", tmp_path / "elsewhere"
    cut(root, small)
    elsewhere.mkdir()
    shutil.move(root / "assignments" / "01_toys", elsewhere / "01_toys")
    (root / "assignments" / "01_toys").symlink_to(elsewhere / "01_toys")
    (elsewhere / "01_toys" / "triple.py").write_text(small.stub("triple") + "\n")
    (root / "Makefile").unlink()
    (root / ".Makefile.part").symlink_to(elsewhere / "precious")
    (elsewhere / "precious").write_text("precious")
    listed = json.loads((root / handed.LISTED).read_text())
    digest = target._digest(b"precious")
    listed["files"] |= {"../elsewhere/precious": [digest], str(elsewhere / "precious"): [digest]}
    listed["files"]["LICENSE"] = [digest]
    (root / "LICENSE").unlink()
    (root / "LICENSE").symlink_to(elsewhere / "precious")
    (root / handed.LISTED).write_text(json.dumps(listed))
    before = files_in(elsewhere)

    laid = cut(root, small)

    assert set(laid.kept) == {"LICENSE", TRIPLES}
    assert (root / "LICENSE").is_symlink()
    assert "Makefile" in laid.written
    assert files_in(elsewhere) == before


def test_keys_behind_a_link_are_refused(small, tmp_path):
    cut(tmp_path / "h", small)
    shutil.move(tmp_path / "h" / "keys", tmp_path / "keys")
    (tmp_path / "h" / "keys").symlink_to(tmp_path / "keys")

    with pytest.raises(LibraryError, match=r"keys is a link to another place"):
        cut(tmp_path / "h", small)


# --- the texts -----------------------------------------------------------------------------------------------------


def recipes(text: str) -> dict[str, str]:
    """The recipes of a Makefile, by target."""
    return {m[1]: m[2] for m in re.finditer(r"^([\w./-]+):(?!=)(.*\n(?:\t.*\n)*)", text, re.MULTILINE)}


def test_the_makefile_does_what_the_authors_does_and_nothing_for_authors(fresh):
    ours = recipes((ROOT / "Makefile").read_text(encoding="utf-8"))
    theirs = recipes((fresh[0].root / "Makefile").read_text(encoding="utf-8"))

    named = {"grade", "hint", "open", "plot", "report", "path", "stuck", "placement", "reset"}
    assert {*named, ".venv/ready"} <= theirs.keys()
    assert not {"test", "check", "bench", "handout", "stubs", ".venv/ready-dev"} & theirs.keys()
    for name in theirs.keys() - {"clean", ".PHONY"}:  # a learner's `clean` keeps what was kept aside
        assert theirs[name] == ours[name], name


def test_versions_are_those_of_the_author(fresh):
    ours = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    theirs = tomllib.loads((fresh[0].root / "pyproject.toml").read_text(encoding="utf-8"))

    assert theirs["build-system"] == ours["build-system"]
    for part in ("version", "requires-python", "dependencies", "scripts", "entry-points"):
        assert theirs["project"][part] == ours["project"][part]
    extras = ours["project"]["optional-dependencies"]
    assert theirs["project"]["optional-dependencies"] == {"plots": extras["plots"], "web": extras["web"]}


def test_every_gap_of_every_text_is_filled(fresh):
    for path, data in files_in(fresh[0].root).items():
        if path.endswith((".md", ".yml", ".json", ".toml")) or "/" not in path:
            assert not re.search(r"\{\{\w+\}\}", data.decode()), path


def test_the_readme_names_what_is_there(fresh):
    root = fresh[0].root
    readme = (root / "README.md").read_text(encoding="utf-8")
    library = at(root)
    makefile = recipes((root / "Makefile").read_text(encoding="utf-8"))

    for command in re.findall(r"(?:`|^    )make ([a-z]+)", readme, re.MULTILINE):
        assert command in makefile
    for name in re.findall(r"EX=(\w+)", readme):
        assert name in library.places or name == "name"
    for link in re.findall(r"\]\(([^)#]+)\)|`(assignments/\S+\.py)`", readme):
        assert (root / "".join(link)).exists(), link
    assert "solution" not in readme
    assert not re.search(r"make (test|check|stubs|handout)", readme)


def test_the_workflow_hands_the_learners_points_to_its_reporter(desk):
    text = (desk.root / ".github" / "workflows" / "classroom.yml").read_text(encoding="utf-8")
    step, command = re.search(r"id: (\w+)\n +run: echo \"result=\$\((\S+ -m grader .*?) \|\| true\)\"", text).groups()
    desk.write("relu_backward", ROBUST)
    (desk.root / ".venv" / "lib").mkdir(parents=True)

    done = desk.python(*command.split()[1:])
    payload = json.loads(base64.b64decode(done.stdout))

    assert re.fullmatch(r"[a-zA-Z0-9]+", step)
    assert f'{step.upper()}_RESULTS: "${{{{steps.{step}.outputs.result}}}}"\n' in text
    assert f"runners: {step}\n" in text
    assert payload["max_score"] == sum(desk.library.key(name).points for name in desk.library.places)
    assert sum(test["score"] for test in payload["tests"]) == pytest.approx(3)


def test_the_devcontainer_is_json_and_sets_up_the_grader(fresh):
    found = json.loads((fresh[0].root / ".devcontainer" / "devcontainer.json").read_text(encoding="utf-8"))

    assert found["postCreateCommand"] == "make .venv/ready-plots"
    assert ".venv/ready-plots" in recipes((fresh[0].root / "Makefile").read_text(encoding="utf-8"))


def test_all_of_the_grader_that_is_handed_out_can_be_imported(fresh):
    names = [
        path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        for path in files_in(fresh[0].root)
        if path.startswith("grader/") and path.endswith(".py") and "__main__" not in path
    ]
    program = (
        "import importlib, sys\n"
        f"for name in {names!r}:\n"
        "    try:\n"
        "        module = importlib.import_module(name)\n"
        "    except ModuleNotFoundError as fault:\n"
        "        assert not fault.name.startswith('grader'), fault\n"
        "    else:\n"
        "        assert module.__file__.startswith(sys.argv[1]), module.__file__\n"
    )

    done = fresh[0].python("-c", program, str(fresh[0].root))

    assert done.returncode == 0, done.stderr
