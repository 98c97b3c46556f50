"""Every accident that a learner's file can have, all in one course: what is read about each, and about the others.

The sandbox has tests of its own; here counts what stands on the learner's screen after one `grade`.
"""

import re

import pytest

from tests import courses

pytestmark = pytest.mark.slow

FORWARD = courses.ROOT / "solutions" / courses.TOPIC / "relu_forward.py"
RIGHT = """import numpy as np

def {name}(x):
    return np.maximum(x, 0), x
"""
LOOP = """    while True:
        pass
"""


def body(text):
    """Return the right file with other lines in the function, before its answer."""
    return RIGHT.replace("    return", f"{text}\n    return")


def top(text):
    """Return the right file with other lines before the function."""
    return f"{text}\n{RIGHT}"


# What lies in the learner's file, and what is read about it.
ACCIDENTS = {
    "syntax_error": (
        "def {name}(x):\n    y = np.maximum(x, 0\n    return y, x\n",
        "line 2 is not Python yet: '(' was never closed\n         y = np.maximum(x, 0\n                       ^",
    ),
    "forgotten_colon": (
        "def {name}(x)\n    return x, x\n",
        "line 1 is not Python yet: expected ':'\n         def forgotten_colon(x)\n                               ^",
    ),
    "wrong_name": (
        RIGHT.replace("{name}", "wrong_nmae"),
        "the file defines no function called wrong_name; it has wrong_nmae, which is close. Rename it to wrong_name.",
    ),
    "other_name": (
        RIGHT.replace("{name}", "f"),
        "the file defines no function called other_name. It should have: def other_name(x):",
    ),
    "missing_argument": (
        "def {name}():\n    return 1, 2\n",
        "it cannot be called as missing_argument(x): missing_argument() takes 0 positional arguments but 1 was given. "
        "Keep the arguments of the stub, in their order.",
    ),
    "missing_file": (
        None,
        "there is no file assignments/91_accidents/missing_file.py. `make reset EX=missing_file` brings the stub back.",
    ),
    "empty_file": (
        "",
        "assignments/91_accidents/empty_file.py is empty. `make reset EX=empty_file` brings the stub back.",
    ),
    "utf16": (
        RIGHT.encode("utf-16"),
        "assignments/91_accidents/utf16.py is saved as UTF-16. Save it as UTF-8",
    ),
    "nul_bytes": (
        RIGHT.encode() + b"\0\0\0",
        "has a NUL byte in line 5, which no Python text has: the file is damaged. `make reset EX=nul_bytes` puts it "
        "aside",
    ),
    "fifty_megabytes": (
        50_000_000,
        "is 50,000,000 bytes long, more than the 262,144 that an answer may have. It should hold the function",
    ),
    "folder": (
        "/",
        "assignments/91_accidents/folder.py is a folder, where a Python file is expected. Move it away; `make reset "
        "EX=folder` then brings the stub back.",
    ),
    "loop_at_top_level": (
        top("while True:\n    pass"),
        "reading the file does not come to an end: a loop outside the function? Move what is not the function itself "
        'under `if __name__ == "__main__":`.',
    ),
    "input_at_top_level": (
        top("name = input('your name? ')"),
        "input() waits for somebody to type, and nobody does here. line 1: name = input('your name? ') Move what is "
        'not the function itself under `if __name__ == "__main__":`. what it printed: your name?',
    ),
    "matplotlib_at_top_level": (
        top("import matplotlib.pyplot as plt"),
        "matplotlib is not there while your function is judged. line 1: import matplotlib.pyplot as plt Move what is "
        'not the function itself under `if __name__ == "__main__":`.',
    ),
    "pandas_at_top_level": (
        top("import pandas as pd"),
        "No module named 'pandas' line 1: import pandas as pd Only numpy, scipy and Python's own library are "
        "there while your function is judged.",
    ),
    "exit_at_top_level": (
        top("import sys\nsys.exit()"),
        "exit() ends the program before the function can be called. line 2: sys.exit() Move what is not the function "
        'itself under `if __name__ == "__main__":`.',
    ),
    "fault_at_top_level": (
        RIGHT + "print({name}([1, 2])[2])\n",
        "the file stops before the function can be called. IndexError: tuple index out of range line 5: "
        "print(fault_at_top_level([1, 2])[2]) Move what is",
    ),
    "sys_exit": (
        body("    import sys\n    sys.exit()"),
        "it calls exit(), which ends the program; return an answer instead. line 5, in sys_exit: sys.exit()",
    ),
    "os_exit": (
        body("    import os\n    os._exit(0)"),
        "it ended the Python process before there was an answer. (os._exit, or a library that gave up?",
    ),
    "recursion": (
        body("    {name}(x)"),
        "RecursionError: it calls itself again and again, deeper than Python goes (about 1000 calls). Does every "
        "call come nearer to one that ends? If so, a loop does the same without depth. "
        "line 4, in recursion: recursion(x)",
    ),
    "endless_loop": (
        body(LOOP),
        "no answer after 0.3 s of computing. Is there a loop that never ends, or far too much work for endless_loop?",
    ),
    "gigabyte_of_prints": (
        body("    for _ in range(1 << 20):\n        print('x' * 1023)"),
        "it prints more than 1 MiB; take the print out of the loop.",
    ),
    "too_much_memory": (
        body("    np.ones((1 << 20, 1 << 14))"),
        "it asks for more memory than there is. Is an array far larger than the arguments?",
    ),
    "an_exception": (
        body("    y = X + 1"),
        "NameError: name 'X' is not defined line 4, in an_exception: y = X + 1",
    ),
    "an_if_about_an_array": (
        body("    if x > 0:\n        return x, x"),
        "line 4, in an_if_about_an_array: if x > 0: `if` asks one question of the whole array; np.where, or a mask, "
        "asks every entry.",
    ),
    "another_cache": (
        body("    x, w = x"),
        "ValueError: too many values to unpack (expected 2) line 4, in another_cache: x, w = x The text of the "
        "function says what each argument holds.",
    ),
    "escape_codes": (
        body("    print('\\x1b[2J\\a')\n    raise ValueError('\\x1b[31mred')"),
        "ValueError: \\x1b[31mred",
    ),
    "input_in_the_function": (
        body("    n = input()"),
        "input() waits for somebody to type, and nobody does here: use the arguments instead.",
    ),
    "raise_after_all": (
        body("    if x.size:\n        raise NotImplementedError"),
        "it still reaches `raise NotImplementedError`; your answer goes in its place.",
    ),
    "crash": (
        body("    import ctypes\n    ctypes.string_at(0)"),
        "Python itself crashed (SIGSEGV) inside crash.",
    ),
}
# Nothing is wrong with these: they lie between the others, or were saved by another editor.
UNHARMED = {
    "a_neighbour": RIGHT,
    "crlf": RIGHT.replace("\n", "\r\n").encode(),
    "byte_order_mark": b"\xef\xbb\xbf" + RIGHT.encode(),
    "loop_under_the_main_guard": RIGHT + 'if __name__ == "__main__":\n' + LOOP,
    "some_prints": body("    print('here', x.shape)"),
    "zz_neighbour": RIGHT,
}
NOT_BEGUN = ["m_not_begun", "zz_not_begun"]
WHOLE_FILE = [name for name in list(ACCIDENTS)[: list(ACCIDENTS).index("sys_exit")] if name != "missing_argument"]


def lay(file, content):
    """Put what a learner's folder holds in the place of a file."""
    file.unlink()
    if content == "/":
        file.mkdir()
    elif isinstance(content, int):
        with file.open("wb") as stream:
            stream.truncate(content)
    elif content is not None:
        data = content if isinstance(content, bytes) else content.encode()
        file.write_bytes(data.replace(b"{name}", file.stem.encode()))


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """One `grade` of a course with every accident in it."""
    names = [*ACCIDENTS, *UNHARMED, *NOT_BEGUN]
    impatient = tmp_path_factory.mktemp("source") / FORWARD.name
    impatient.write_text(FORWARD.read_text(encoding="utf-8").replace("@case\n", "@case(seconds=0.3)\n"))
    sources = {f"91_accidents/{name}": impatient if name == "endless_loop" else FORWARD for name in names}
    course = courses.make(tmp_path_factory.mktemp("accidents"), sources)
    for name, content in {**{name: what for name, (what, _) in ACCIDENTS.items()}, **UNHARMED}.items():
        lay(course.file(name), content)
    return course.run("grade")


def test_the_grader_itself_is_unharmed(graded):
    assert (graded.returncode, graded.stderr) == (1, "")


@pytest.mark.parametrize("name", ACCIDENTS)
def test_an_accident_is_wrong_and_its_finding_says_what_happened(graded, name):
    told = courses.part(graded.stdout, name)

    assert told.startswith(f":( {name}: wrong, 0 of 2 points")
    assert " ".join(ACCIDENTS[name][1].split()) in told
    assert f"hint EX={name}" in told


@pytest.mark.parametrize("name", ["syntax_error", "forgotten_colon"])
def test_a_syntax_error_is_shown_with_a_caret_under_its_place(graded, name):
    assert ACCIDENTS[name][1] in graded.stdout


def test_what_is_wrong_with_the_whole_file_is_said_once(graded):
    for name in WHOLE_FILE:
        told = courses.part(graded.stdout, name)

        assert "the whole file:" in told, name
        assert "cases pass" not in told, name


@pytest.mark.parametrize("name", UNHARMED)
def test_every_other_exercise_is_judged_as_if_nothing_had_happened(graded, name):
    assert re.search(rf"^  :D {name} +robust +2/2$", graded.stdout, re.MULTILINE)


@pytest.mark.parametrize("name", NOT_BEGUN)
def test_what_nobody_has_begun_is_not_started_as_ever(graded, name):
    assert re.search(rf"^   \. {name} +not started +0/2$", graded.stdout, re.MULTILINE)


def test_the_points_are_those_of_the_unharmed(graded):
    total = len(ACCIDENTS) + len(UNHARMED) + len(NOT_BEGUN)

    assert f"\n{2 * len(UNHARMED)} of {2 * total} points.\n" in graded.stdout


def test_a_command_to_type_is_in_one_line(graded):
    for name in ("missing_file", "nul_bytes", "folder"):
        assert f"`make reset EX={name}`" in graded.stdout


def test_what_a_learner_prints_does_nothing_to_the_terminal(graded):
    assert not set(graded.stdout) & {"\x1b", "\a"}
    assert "what it printed: \\x1b[2J\\x07" in courses.part(graded.stdout, "escape_codes")


def test_nobody_reads_a_traceback_of_ours(graded):
    assert "Traceback" not in graded.stdout
    assert "grader/" not in graded.stdout
