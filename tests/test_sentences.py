"""A call that failed is told in words for the learner: what, where, and what to do next."""

import pytest

from grader.outcome import FAILURES, Failed, from_plain
from grader.sentences import failure

LINE = ((7, "    return x / n", "f"),)


def said(kind: str, message: str = "", type: str = "", **more) -> str:
    return failure(Failed(kind, message, type, **more), "f", ("x", "n"))


# What happened, with the words that a learner has to find in it.
SENTENCES = {
    "an exception": (
        Failed("exception", "division by zero", "ZeroDivisionError", lines=LINE),
        "ZeroDivisionError: division by zero\n    line 7, in f:     return x / n",
    ),
    "an exception without words": (Failed("exception", "", "KeyError"), "KeyError"),
    "an exception without a name": (Failed("exception"), "It is an exception without a name."),
    "too many values": (
        Failed("exception", "too many values to unpack (expected 2)", "ValueError"),
        "(expected 2)\nThe text of the function says what each argument holds.",
    ),
    "a thread": (Failed("exception", "can't start new thread", "RuntimeError"), "has one thread, and no other program"),
    "an array as a condition": (
        Failed("exception", "The truth value of an array with more than one element is ambiguous", "ValueError"),
        "`if` asks one question of the whole array",
    ),
    "a file": (
        Failed("exception", "[Errno 1] Operation not permitted: 'x'", "PermissionError"),
        "can open no file and no connection",
    ),
    "what is banned": (
        Failed("shortcut", "scipy.special.softmax", lines=((2, "softmax(x)", "f"),)),
        "scipy.special.softmax does in one call what this exercise is about: write it yourself.\n    line 2, in f",
    ),
    "no Python": (Failed("syntax", "invalid syntax", lines=((1, "x = = 3", 4),)), "line 1 is not Python yet: invalid"),
    "the stub": (
        Failed("exception", "", "NotImplementedError", lines=LINE),
        "it still reaches `raise NotImplementedError`; your answer goes in its place.\n    line 7",
    ),
    "another signature": (
        Failed("exception", "f() takes 1 positional argument but 2 were given", "TypeError"),
        "it cannot be called as f(x, n): f() takes 1 positional argument but 2 were given. Keep the arguments",
    ),
    "a TypeError of one's own": (
        Failed("exception", "g() missing 1 required argument", "TypeError"),
        "TypeError: g() missing",
    ),
    "recursion": (
        Failed("exception", "maximum recursion depth exceeded", "RecursionError", lines=LINE),
        "RecursionError: it calls itself again and again, deeper than Python goes (about 1000 calls). Does every "
        "call come nearer to one that ends? If so, a loop does the same without depth.\n    line 7",
    ),
    "input": (
        Failed("exception", "EOF when reading a line", "EOFError"),
        "input() waits for somebody to type, and nobody does here: use the arguments instead.",
    ),
    "an import while loading": (
        Failed("exception", "No module named 'torch'", "ModuleNotFoundError", loading=True),
        "Only numpy, scipy and Python's own library are there",
    ),
    "a picture while loading": (
        Failed("exception", "No module named 'matplotlib'", "ModuleNotFoundError", loading=True),
        'Move what is not the function itself under `if __name__ == "__main__":`.',
    ),
    "a part of one": (
        Failed("exception", "No module named 'matplotlib.pyplot'", "ModuleNotFoundError", loading=True),
        "matplotlib is not there while your function is judged.",
    ),
    "an odd import": (Failed("exception", "no", "ImportError", loading=True), "ImportError: no"),
    "input while loading": (Failed("exception", "", "EOFError", loading=True), '`if __name__ == "__main__":`'),
    "an exception while loading": (
        Failed("exception", "no", "NameError", loading=True, lines=((3, "y", "<module>"),)),
        "the file stops before the function can be called. NameError: no\n    line 3: y\n",
    ),
    "exit": (
        Failed("exit", "", "SystemExit", lines=LINE),
        "exit(), which ends the program; return an answer instead.\n    line 7",
    ),
    "exit while loading": (
        Failed("exit", "", "SystemExit", loading=True),
        "exit() ends the program before the function can be called.",
    ),
    "the end of the process": (
        Failed("exit", "3"),
        "before there was an answer. (os._exit, or a library that gave up? Its exit status was 3.)",
    ),
    "the end of the process while loading": (
        Failed("exit", loading=True),
        "it ended the Python process while the file was read before there was an answer.",
    ),
    "another name": (
        Failed("missing", "f", names=("g", "ff", "train")),
        "the file defines no function called f; it has ff, which is close. Rename it to f.",
    ),
    "no name": (
        Failed("missing", "f", names=("train",)),
        "the file defines no function called f. It should have: def f(x, n):",
    ),
    "a loop": (
        Failed("timeout", "2 s", "cpu"),
        "no answer after 2 s of computing. Is there a loop that never ends, or far too much work for f?",
    ),
    "no clock": (Failed("timeout", "10 s"), "no answer after 10 s. Is there a loop that never ends, or far too much"),
    "waiting": (
        Failed("timeout", "10 s", "wall"),
        "no answer after 10 s of waiting. f has everything it needs in its arguments.",
    ),
    "a loop while loading": (
        Failed("timeout", "4 s", loading=True),
        "reading the file does not come to an end: a loop outside the function?\n",
    ),
    "a crash": (Failed("crash", "", "SIGSEGV"), "Python itself crashed (SIGSEGV) inside f."),
    "a crash while loading": (
        Failed("crash", "", "SIGSEGV", loading=True),
        "Python itself crashed (SIGSEGV) while the file was read.",
    ),
    "a kill": (Failed("crash", "", "SIGKILL"), "It was stopped from outside: too much CPU time or memory?"),
    "memory": (Failed("memory", "", "MemoryError", lines=LINE), "it asks for more memory than there is"),
    "prints": (Failed("output limit", "1 MiB"), "it prints more than 1 MiB; take the print out of the loop."),
    "a large answer": (
        Failed("reply limit", "64 MiB"),
        "the answer is too large: more than 64 MiB.",
    ),
    "what cannot be sent": (
        Failed("unsendable", "set", "other", where="[1]['a']"),
        "your answer[1]['a'] is a set, where numbers, arrays, tuples, lists or dicts are expected.",
    ),
    "an answer of too many parts": (
        Failed("unsendable", "100000", "parts", where="[7]"),
        "your answer[7] cannot be judged: it has more than 100000 parts.",
    ),
    "all that cannot be sent": (Failed("unsendable", "", "masked"), "your answer is a masked array"),
    "a reason of a worker's own": (Failed("unsendable", "so"), "your answer cannot be judged: so."),
    "not tried": (
        Failed("not run", "the calls before it did not come back"),
        "not tried: the calls before it did not come back.",
    ),
    "the file": (Failed("source", "The file is empty."), "The file is empty."),
    "another answer": (
        Failed("protocol", "noise"),
        "something other than an answer came back from the process: noise.",
    ),
    "a fault of ours": (
        Failed("setup", "no room"),
        "the grader could not run this case (setup: no room). This is not your mistake; try again.",
    ),
}


@pytest.mark.parametrize("kind", SENTENCES)
def test_a_failure_has_its_sentence(kind):
    failed, words = SENTENCES[kind]

    assert words in failure(failed, "f", ("x", "n"))


@pytest.mark.parametrize("kind", FAILURES)
@pytest.mark.parametrize("loading", [False, True])
def test_every_kind_of_failure_has_a_sentence_whatever_is_known_of_it(kind, loading):
    bare = said(kind, loading=loading)
    full = said(kind, "why", "ValueError", lines=LINE, names=("a",), where="[0]", loading=loading)

    assert full.strip()
    assert bare.strip() or kind in ("source", "exception")
    assert ("not your mistake" in full) == (kind == "setup")


# --- syntax errors -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "column", "shown"),
    [
        ("def f(x)", 8, "    def f(x)\n            ^"),
        ("    y = = 3", 8, "    y = = 3\n        ^"),
        ("\ty = = 3", 5, "    y = = 3\n        ^"),
        ("    return", 2, "    return\n    ^"),
        ("", 0, "    \n    ^"),
    ],
)
def test_the_caret_stands_under_the_place_in_the_line(text, column, shown):
    assert said("syntax", "invalid syntax", lines=((4, text, column),)) == (
        f"line 4 is not Python yet: invalid syntax\n{shown}"
    )


@pytest.mark.parametrize("column", ["here", "", -5, 10**12, True, 10**1000], ids=lambda c: str(c)[:9])
def test_a_caret_never_leaves_its_line_wherever_a_worker_puts_it(column):
    _, shown, caret = said("syntax", "bad", lines=((4, "x = = 3", column),)).split("\n")

    assert caret.strip() == "^"
    assert len(caret) <= len(shown) + 1


# --- lines ---------------------------------------------------------------------------------------------------------


def test_the_last_two_lines_of_the_learners_own_are_quoted():
    lines = ((1, "f(x)", "<module>"), (5, "    return g(x)", "f"), (9, "    return 1 / x", "g"))

    sentence = said("exception", "no", "ValueError", lines=lines)

    assert sentence == "ValueError: no\n    line 5, in f:     return g(x)\n    line 9, in g:     return 1 / x"


def test_a_line_without_a_number_is_not_quoted():
    assert said("exception", "no", "ValueError", lines=((0, "x", "f"),)) == "ValueError: no"


ODD = [
    {"failed": "exception", "type": 3, "message": None, "lines": [[1, 2, 3], "x", None], "bases": 7},
    {"failed": "syntax", "lines": [["4", "x", "y"]]},
    {"failed": "syntax", "lines": [[4, "x = ", "here"]]},
    {"failed": "missing", "names": [1, None, "g"]},
    {"failed": "unsendable", "where": ["a"]},
    {"failed": "exception", "loading": "yes", "message": "'"},
    {"failed": "exception", "type": "ModuleNotFoundError", "loading": True, "message": "''"},
]


@pytest.mark.parametrize("plain", ODD, ids=str)
def test_whatever_a_worker_says_of_a_failure_there_is_a_sentence(plain):
    assert failure(from_plain(plain), "f", ("x",))
