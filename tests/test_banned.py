"""Library functions that do a whole exercise: refused by name, without running anything, and nothing else is."""

import dataclasses
import sys
import threading
import warnings

import numpy as np
import pytest

from grader.authoring import AuthoringError
from grader.exercise import load
from grader.judge import judge
from grader.outcome import Failed
from grader.sandbox.run import play
from grader.shortcuts import Use, first_use
from tests import courses
from tests.toys import TRIPLE, key, key_case, lay

SOFTMAX = "scipy.special.softmax"
BANNED = [SOFTMAX, "scipy.optimize"]

# Methods of arrays are banned as such, and known by their names where they are called.
VAR = "numpy.ndarray.var"
METHODS = {
    "a method": ("def f(x):\n    return x.var(ddof=1)", 2),
    "a method of what a call gives": ("import numpy as np\ndef f(x):\n    return np.asarray(x).var()", 3),
    "a method of a part": ("def f(x):\n    y = x[1:]\n    return 2 * y[:, 0].T.var(0)", 3),
    "a method by getattr": ("def f(x):\n    return getattr(x, 'var')()", 2),
    "the class's function": ("import numpy as np\ndef f(x):\n    return np.ndarray.var(x)", 3),
}
NO_METHODS = {
    "a module's function": "import scipy.stats as stats\ndef f(x):\n    return stats.norm.var(x)",
    "a function of one's own": "def var(x):\n    return x\ndef f(x):\n    return var(x)",
    "a method of one's own": "class A:\n    def var(self):\n        return 3\ndef f(x):\n    return A().var()",
    "an attribute that is not called": "def f(p):\n    return p.var",
    "a name": "def f(x):\n    var = x * x\n    return var(3) if callable(var) else var",
    "in words": 'def f(x):\n    """Not x.var()."""  # x.var()\n    return x',
}


@pytest.mark.parametrize("kind", METHODS)
def test_a_banned_method_is_found_where_it_is_called(kind):
    text, line = METHODS[kind]

    assert first_use(text, [VAR]) == Use(VAR, line)


@pytest.mark.parametrize("kind", NO_METHODS)
def test_what_is_called_like_a_banned_method_is_none(kind):
    assert first_use(NO_METHODS[kind], [VAR]) is None


# A file that uses something banned: the name and the line.
USES = {
    "import from": ("from scipy.special import softmax", SOFTMAX, 1),
    "import as": ("from scipy.special import softmax as s", SOFTMAX, 1),
    "among others": ("from scipy.special import (\n    expit,\n    softmax,\n)", SOFTMAX, 1),
    "in a function": ("def f(x):\n    from scipy.special import softmax\n    return softmax(x)", SOFTMAX, 2),
    "under try": ("try:\n    from scipy.special import softmax\nexcept ImportError:\n    pass", SOFTMAX, 2),
    "a module": ("import scipy.optimize", "scipy.optimize", 1),
    "a module as": ("import numpy as np, scipy.optimize as o", "scipy.optimize", 1),
    "a module from": ("from scipy import optimize", "scipy.optimize", 1),
    "a part of a module": ("from scipy.optimize import minimize", "scipy.optimize", 1),
    "a part deep inside": ("import scipy.optimize._minimize as m", "scipy.optimize", 1),
    "all of a module": ("from scipy.optimize import *", "scipy.optimize", 1),
    "the whole name": ("import scipy.special\ndef f(x):\n    return scipy.special.softmax(x)", SOFTMAX, 3),
    "the library as": ("import scipy as sp\ny = sp.special.softmax", SOFTMAX, 2),
    "the module as": ("import scipy.special as s\ny = s.softmax", SOFTMAX, 2),
    "the part as": ("from scipy import special as s\ndef f(x):\n    return s.softmax(x)", SOFTMAX, 3),
    "an attribute of a module": ("import scipy\ny = scipy.optimize.minimize(f, 0)", "scipy.optimize", 2),
    "brought by a star": ("from scipy.special import *\ny = softmax(x)", SOFTMAX, 2),
    "a module brought by a star": ("from scipy import *\ny = special.softmax(x)", SOFTMAX, 2),
    "another name": ("import scipy\ns = scipy.special\nt = s\ny = t.softmax(x)", SOFTMAX, 4),
    "another name, written backwards": ("def f(x):\n    return s.softmax(x)\nimport scipy.special as s", SOFTMAX, 2),
    "getattr": ('import scipy.special\ny = getattr(scipy.special, "softmax")(x)', SOFTMAX, 2),
    "in a lambda": ("import scipy.special as s\nf = lambda x: s.softmax(x)", SOFTMAX, 2),
    "in a comprehension": ("import scipy.special as s\ny = [s.softmax(x) for x in z]", SOFTMAX, 2),
    "in a class": ("import scipy.special as s\nclass A:\n    def f(x):\n        return s.softmax(x)", SOFTMAX, 4),
    "as a decorator": ("import scipy.special as s\n@s.softmax\ndef f(x): ...", SOFTMAX, 2),
    "as a default": ("import scipy.special as s\ndef f(x, g=s.softmax): ...", SOFTMAX, 2),
    "in wide letters": ("from \uff53cipy.special import softmax", SOFTMAX, 1),
    "the first of two": ("import scipy.special as s\ns.softmax\nimport scipy.optimize", SOFTMAX, 2),
    "with more attributes behind": ("import scipy\nscipy.special.softmax.__wrapped__.a.b.c(x)", SOFTMAX, 2),
}


@pytest.mark.parametrize("kind", USES)
def test_a_banned_name_is_found_at_its_first_use(kind):
    text, name, line = USES[kind]

    assert first_use(text, BANNED) == Use(name, line)


HARMLESS = {
    "an own function": "def softmax(x):\n    return x\ny = softmax(1)",
    "an own function beside the library": "import scipy\ndef softmax(x):\n    return x\nsoftmax(scipy.pi)",
    "an own function over a star": "from scipy.special import *\ndef softmax(x):\n    return x\ny = softmax(1)",
    "an own module's name": "import scipy\nclass special:\n    softmax = 3\nspecial.softmax",
    "a string": "import scipy\n'scipy.special.softmax'\nx = 'from scipy.special import softmax'",
    "a docstring": '"""Not scipy.special.softmax."""\nimport scipy',
    "a comment": "import scipy  # scipy.special.softmax\n",
    "another function": "import numpy as np\ny = np.exp(x)",
    "another part": "from scipy.special import expit, softmax_ as s\nimport scipy.special\nscipy.special.expit(1)",
    "a longer name": "import scipy.optimize_all\nimport scipy.special as s\ns.softmaxes",
    "a module above": "import scipy\nimport scipy.special\nfrom scipy import special",
    "an argument": "from scipy import special as s\ndef f(s):\n    return s.softmax",
    "a loop's variable": "import scipy.special as s\ndef f(z):\n    for s in z:\n        s.softmax",
    "a comprehension's variable": "import scipy.special as s\n[s.softmax for s in z]",
    "a lambda's argument": "import scipy.special as s\nf = lambda s: s.softmax",
    "an attribute of something else": "import scipy\nself.scipy.special.softmax = 1\nmodel.special.softmax(x)",
    "an entry": "import scipy\ntable['scipy'].special.softmax",
    "its own package": "from .scipy.special import softmax\nfrom . import optimize",
    "a built-up name": "import scipy.special\ngetattr(scipy.special, 'soft' + 'max')",
    "getattr of another": "import scipy.special\ngetattr(scipy.special, 'expit')\ngetattr(x)",
    "no Python": "from scipy.special import softmax as",
    "a NUL byte": "import scipy.optimize\0",
    "nothing": "",
}


@pytest.mark.parametrize("kind", HARMLESS)
def test_what_only_looks_alike_is_not_found(kind):
    assert first_use(HARMLESS[kind], BANNED) is None


def test_where_nothing_is_banned_nothing_is_found():
    assert first_use("from scipy.special import softmax", []) is None


DEEP = {
    "signs": "x = " + "-" * 100_000 + "1",
    "sums": "x = " + "1+" * 100_000 + "1",
    "entries": "x" + "[0]" * 60_000,
    "attributes": "x = x" + ".a" * 100_000,
    "lambdas": "x = " + "lambda:" * 30_000 + "0",
    "elifs": "if 1: pass\n" + "elif 2: pass\n" * 15_000,
    "parts of a name": "from x" + ".a" * 100_000 + " import b",
}


@pytest.mark.parametrize("kind", DEEP)
def test_a_text_nested_too_deeply_is_a_finding(kind):
    asked = key(key_case("one", (1.0,), 1.0), banned=(SOFTMAX,))

    outcomes = play(None, asked, f"import scipy\n{DEEP[kind]}\n", "f.py")

    (finding,) = judge(asked, outcomes).findings
    assert finding.message == "f.py is nested too deeply to be looked into. Make several lines of its longest one."


@pytest.mark.parametrize(
    "text",
    [
        "import scipy\n" + "x=scipy.a.b.c.d;" * 12_000,
        "".join(f"import scipy as a{n}\n" for n in range(4000)) + "f = lambda a1: a2\n" * 8000,
        "".join(f"a{n + 1}=a{n};" for n in range(15_000)) + "import scipy as a0",
    ],
    ids=["attributes", "scopes", "names of names"],
)
def test_a_text_of_the_largest_size_is_looked_through(text):
    assert len(text) < 256 << 10
    assert first_use(text, BANNED) is None


def test_a_text_at_which_python_warns_is_looked_at_all_the_same():
    text = "import scipy.optimize\nx = '\\d'\n"
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        found = first_use(text, BANNED)

    assert found == Use("scipy.optimize", 1)
    assert not warned


def test_threads_leave_the_filters_of_warnings_as_they_were():
    before = list(warnings.filters)
    threads = [threading.Thread(target=first_use, args=("import scipy\n" * 300, BANNED)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert warnings.filters == before


# --- what the learner is told --------------------------------------------------------------------------------------


def test_a_file_with_a_shortcut_is_wrong_with_one_finding_and_nothing_of_it_runs(library):
    asked = library.key("softmax_loss")
    text = "import numpy as np\nfrom scipy.special import log_softmax\n1 / 0\n"

    verdict = judge(asked, play(None, asked, text, "f.py"))  # without a sandbox: nothing could run

    assert verdict.state == "wrong"
    assert verdict.diagnosis is None
    (finding,) = verdict.findings
    assert (finding.case, finding.check) == (None, "shortcut")
    assert finding.message == (
        "scipy.special.log_softmax does in one call what this exercise is about: write it yourself."
        "\n    line 2: from scipy.special import log_softmax"
    )


def test_the_screen_says_it_once_and_the_neighbours_are_judged(course):
    course.write("softmax_loss", "import scipy.special as s\ndef softmax_loss(x, y):\n    return s.softmax(x), x\n")
    course.write("relu_forward", "import scipy.special as s\ndef relu_forward(x):\n    return x * (x > 0), x\n")

    screen = course.run("grade", "softmax_loss", "relu_forward").stdout

    told = courses.part(screen, "softmax_loss")
    assert told.count("does in one call what this exercise is about: write it yourself.") == 1
    assert "the whole file: scipy.special.softmax does" in told
    assert "line 3: return s.softmax(x), x" in told
    assert "robust" in screen


def test_a_shortcut_that_another_exercise_bans_is_free(library):
    asked = dataclasses.replace(library.key("relu_forward"), banned=())

    assert first_use("from scipy.special import softmax", asked.banned) is None


@pytest.fixture(scope="module")
def every_ban(library):
    return [(name, banned) for name in library.places for banned in library.key(name).banned]


def test_every_ban_of_the_course_holds_and_is_said_in_the_stub(library, every_ban):
    assert every_ban
    for name, banned in every_ban:
        asked = library.key(name)
        module, _, function = banned.rpartition(".")

        line = f"from {module} import {function}" if module else f"import {banned}"

        outcomes = play(None, asked, f"{line}\n", "f.py")

        assert {one for calls in outcomes.values() for one in calls} == {
            Failed("shortcut", banned, lines=((1, line, "<module>"),))
        }
        assert function in library.places[name].assignment.read_text(encoding="utf-8")


# --- what the author is told ---------------------------------------------------------------------------------------


def with_ban(tmp_path, names, text=TRIPLE):
    text = text.replace("difficulty=1,", f"difficulty=1,\n    banned={names!r},")
    return lay(tmp_path, text=text.replace("Maths. y", "Without softmax or optimize. Maths. y"))


def test_a_banned_function_is_known_by_the_name_of_the_module_where_it_is_written_too(tmp_path):
    exercise = load(with_ban(tmp_path, [SOFTMAX, "scipy.optimize"]))

    home = f"{sys.modules['scipy.special'].softmax.__module__}.softmax"
    assert home != SOFTMAX
    assert exercise.banned == (SOFTMAX, home, "scipy.optimize")


@pytest.mark.parametrize("name", ["scipy.special.sotfmax", "numpy.nothing.softmax", "softmax", "", ".optimize", "a b"])
def test_a_banned_name_that_does_not_exist_is_an_authors_fault(tmp_path, name):
    with pytest.raises(AuthoringError, match=r"a thing called .*, which `banned` names: give the full name"):
        load(with_ban(tmp_path, [name]))


def test_a_ban_that_the_statement_does_not_mention_is_an_authors_fault(tmp_path):
    with pytest.raises(AuthoringError, match=r"the word logsumexp in the statement: a learner has to know that scipy"):
        load(with_ban(tmp_path, ["scipy.special.logsumexp"]))


def test_a_stub_that_uses_what_is_banned_is_an_authors_fault(tmp_path):
    text = TRIPLE.replace("import numpy as np\n", "import numpy as np\nfrom scipy.special import softmax\n")

    with pytest.raises(AuthoringError, match=r"a stub without scipy\.special\.softmax, which is banned and"):
        load(with_ban(tmp_path, [SOFTMAX], text))


def test_one_banned_name_may_be_written_without_a_list(tmp_path):
    assert load(with_ban(tmp_path, "scipy.optimize")).banned == ("scipy.optimize",)


def test_the_ban_is_in_the_key(tmp_path):
    from grader.key import answer, from_bytes, to_bytes

    made = answer(load(with_ban(tmp_path, ["scipy.optimize"])))

    assert from_bytes(to_bytes(made)).banned == ("scipy.optimize",)
    assert np.array_equal(made.cases[0].expected.value, [3.0, 6.0])
