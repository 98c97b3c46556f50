"""A function is lifted out of where it stands: its text alone does what it did there, at its own lines."""

import functools
import importlib.util
import itertools
import linecache
import traceback
import types

import numpy as np
import pytest

from grader.at_hand.lift import lift, plain_function
from grader.at_hand.literal import literal
from grader.at_hand.refusal import NotAtHandError

_NUMBER = itertools.count()


@pytest.fixture
def written(tmp_path):
    """A module that was written in a file and imported."""

    def load(text, name="work"):
        file = tmp_path / f"{name}_{next(_NUMBER)}.py"
        file.write_text(text, encoding="utf-8")
        spec = importlib.util.spec_from_file_location(file.stem, file)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module

    return load


def typed(*cells):
    """The names of a notebook, or prompt, after these cells."""
    names = {"__name__": "__main__"}
    for text in cells:
        file = f"<python-input-{next(_NUMBER)}>"
        linecache.cache[file] = (len(text), None, text.splitlines(True), file)
        exec(compile(text, file, "exec", dont_inherit=True), names)
    return names


def alone(function, used=()):
    """What the lifted text of a function defines, run by itself."""
    module = types.ModuleType("alone")
    exec(compile(lift(plain_function(function), used).text, "alone.py", "exec"), module.__dict__)
    return module.__dict__[function.__name__]


@pytest.mark.parametrize(
    "text",
    [
        "import numpy as np\n\ndef f(x):\n    return np.sum(x) + 0.0\n",
        "from math import sqrt as root\n\ndef f(x):\n    return root(x) + 1\n",
        "import scipy.special\nfrom numpy import exp\n\ndef f(x):\n    return scipy.special.expit(x) * exp(x)\n",
        "A, B = 2, (1.5, [True, None], {'k': b'v'}, {3})\n\ndef f(x):\n    return A * x + len(B) + B[0]\n",
        "INF = float('inf')\n\ndef f(x):\n    return min(x, INF)\n",
        "import numpy as np\nW = np.array([[1, 2]], np.float32)\n\ndef f(x):\n    return float((W * x).sum())\n",
        "def f(x):\n    return g(x) + 1\n\ndef g(x):\n    return h(x) * 2\n\ndef h(x):\n    return x - 1\n",
        "def f(x):\n    return x if x < 2 else x * f(x - 1)\n",
        "square = lambda x: x * x\n\ndef f(x):\n    return square(x)\n",
        "def g(x):\n    return x + 1\n\nother = g\n\ndef f(x):\n    return other(x)\n",
        "C = 3\n\ndef f(x, c=C):\n    return x * c\n",
        "def three():\n    return 3\n\ndef f(x, c=three()):\n    return x * c\n",
        "import numpy as np\n\ndef f(x: np.ndarray) -> 'np.ndarray':\n    return np.abs(x)\n",
        "from __future__ import annotations\n\ndef f(x: Missing) -> Missing:\n    return x\n",
        "class Point:\n    def __init__(self, x):\n        self.x = x\n\ndef f(x):\n    return Point(x).x\n",
        "from dataclasses import dataclass\n\n@dataclass\nclass P:\n    x: int = 1\n\ndef f(x):\n    return P().x\n",
        "class A:\n    k = 2\n\nclass B(A):\n    pass\n\ndef f(x):\n    return B.k * x\n",
        "from functools import cache\n\n@cache\ndef g(x):\n    return x + 1\n\ndef f(x):\n    return g(x)\n",
        "def f(x):\n    def inner(y):\n        return y + K\n    return inner(x)\n\nK = 4\n",
        "def f(x):\n    return [y + K for y in (x,)][0]\n\nK = 4\n",
        "TEXT = '''two\nlines'''\n\ndef f(x):\n    '''Three\n\n    lines.'''\n    return x + len(TEXT)\n",
        "x = object()\n\ndef f(x):\n    return x + 1\n",
        "len = len\n\ndef f(x):\n    return len([x])\n",
        "import math\n\ndef make(k):\n    def f(x):\n        return math.exp(x) * k\n    return f\n\nf = make(3)\n",
    ],
)
def test_a_lifted_function_does_what_it_does_at_home(written, text):
    function = written(text).f

    assert alone(function)(3.0) == function(3.0)


def test_a_constant_goes_along_as_it_is_now(written):
    module = written("K = 1\n\ndef f(x):\n    return x + K\n")
    module.K = 10

    assert alone(module.f)(1) == 11


def test_functions_of_another_file_of_ones_own_go_along_with_what_they_use(written, monkeypatch):
    import sys

    other = written("K = 7\n\ndef helper(x):\n    return x + K\n", "other")
    monkeypatch.setitem(sys.modules, other.__name__, other)
    module = written(f"from {other.__name__} import helper\n\ndef f(x):\n    return helper(x)\n")

    assert alone(module.f)(1) == 8


def test_one_name_for_two_things_is_refused(written, monkeypatch):
    import sys

    other = written("K = 7\n\ndef helper(x):\n    return x + K\n", "other")
    monkeypatch.setitem(sys.modules, other.__name__, other)
    module = written(f"from {other.__name__} import helper\nK = 1\n\ndef f(x):\n    return helper(x) + K\n")

    with pytest.raises(NotAtHandError, match="K stands for different things"):
        lift(module.f)


def line_of_fault(function):
    text = lift(function).text
    module = types.ModuleType("alone")
    exec(compile(text, "alone.py", "exec"), module.__dict__)
    try:
        module.__dict__[function.__name__](1)
    except ZeroDivisionError as fault:
        return traceback.extract_tb(fault.__traceback__)[-1].lineno
    raise AssertionError


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("def f(x):\n    return x / 0\n", 2),
        (
            "import math\nK = 2\n\n\ndef f(x: math, k=K):\n\n    return k + g(1)\n\n\ndef g(x):\n    return x // 0\n",
            11,
        ),
        ("# one\n\ndef g(x):\n    return x // 0\n\n\ndef f(x):\n    return g(x)\n", 4),
        ("def make():\n    K = 1\n    def f(x):\n        return K / 0\n    return f\n\nf = make()\n", 4),
    ],
)
def test_lines_keep_their_numbers(written, text, line):
    assert line_of_fault(written(text).f) == line


def test_where_an_annotation_leaves_no_room_above_the_lines_move_down_by_one():
    names = typed("import numpy as np", "def f(x: np.ndarray):\n    return x / 0\n")

    assert line_of_fault(names["f"]) == 3


def test_a_class_of_another_cell_goes_along_in_its_last_version():
    old, new = "class C:\n    k = 1\n", "class C:\n    k = K\n"

    names = typed("K = 5", old, new, "def f(x):\n    return C.k * x\n")

    assert alone(names["f"])(2) == 10


def test_a_capstone_imports_what_the_module_does_not_have(written):
    module = written("def f(x):\n    return triple(x)\n")

    assert "from assignments import triple" in lift(module.f, ["triple", "other"]).text
    assert "other" not in lift(module.f, ["triple", "other"]).text


def test_a_function_of_the_notebooks_own_comes_before_the_file(written):
    module = written("def triple(x):\n    return x * 3\n\ndef f(x):\n    return triple(x)\n")

    assert "assignments" not in lift(module.f, ["triple"]).text


def test_a_name_that_is_not_there_is_left_to_the_worker(written):
    assert "missing(x)" in lift(written("def f(x):\n    return missing(x)\n").f).text


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("import numpy as np\nR = np.random.default_rng(0)\n\ndef f(x):\n    return R\n", "R is of type Generator"),
        ("import numpy as np\nD = np.zeros(2000)\n\ndef f(x):\n    return D\n", "D is an array of 2,000 numbers"),
        ("L = [0] * 2000\n\ndef f(x):\n    return L\n", "L is of type list"),
        ("L = []\nL.append(L)\n\ndef f(x):\n    return L\n", "L is of type list"),
        ("g = [lambda x: x][0]\n\ndef f(x):\n    return g(x)\n", "g is a lambda without a line of its own"),
        ("from grader.compare import closeness\n\ndef f(x):\n    return closeness\n", "closeness is of type function"),
        (
            "def make(k):\n    def f(x):\n        return k\n    return f\n\nf = make(open)\nf = make(object())\n",
            "k is of type object",
        ),
        ("exec('def g(x): return x')\n\ndef f(x):\n    return g(x)\n", "the text of g cannot be found"),
        ("get_ipython = print\n\ndef f(x):\n    return get_ipython()\n", "lines that begin with %"),
    ],
)
def test_what_cannot_go_along_is_named(written, text, words):
    with pytest.raises(NotAtHandError) as refused:
        lift(written(text).f)

    assert words in str(refused.value)


def test_a_module_of_ones_own_is_named_with_the_way_to_import_from_it(written):
    other = written("def helper(x):\n    return x\n", "other")
    module = written("def f(x):\n    return other.helper(x)\n")
    module.other = other

    with pytest.raises(NotAtHandError, match=f"from {other.__name__} import"):
        lift(module.f)


def wrapped(function):
    @functools.wraps(function)
    def wrapper(x):
        return function(x)

    return wrapper


def unmarked(function):
    def f(x):
        return function(x)

    f.__name__ = "g"
    return f


class Klass:
    def method(self):
        pass

    def __call__(self):
        pass


@pytest.mark.parametrize(
    ("thing", "words"),
    [
        (lambda x: x, "a lambda does not say which exercise"),
        (len, "len is built in"),
        (np.exp, "exp is built in"),
        (Klass, "Klass is a class"),
        (Klass().method, "method is a method"),
        (Klass(), "Klass is built in, or made by a library"),
        (functools.partial(alone, 1), "a functools.partial has no text of its own"),
        (wrapped(alone), "alone is wrapped by a decorator"),
        (functools.cache(alone), "alone is wrapped by a decorator"),
        (unmarked(alone), "g was written as f"),
        ("relu_backward", "without quotes: check(relu_backward)"),
        (3, "this is of type int"),
    ],
)
def test_what_is_no_plain_function_is_told_what_to_do(thing, words):
    with pytest.raises(NotAtHandError) as refused:
        plain_function(thing)

    assert words in str(refused.value)


def test_a_decorated_function_is_refused(written):
    module = written("def same(f):\n    return f\n\n@same\ndef f(x):\n    return x\n")

    with pytest.raises(NotAtHandError, match="f stands under a decorator"):
        lift(module.f)


def test_a_file_that_has_changed_meanwhile_is_noticed(written):
    module = written("def f(x):\n    return x + 1\n")
    with open(module.__file__, "a", encoding="utf-8") as file:
        file.write("# harmless\n")
    lift(module.f)

    with open(module.__file__, "w", encoding="utf-8") as file:
        file.write("def f(x):\n    return x - 1  # of another length\n")

    with pytest.raises(NotAtHandError, match="has changed since f was made from it"):
        lift(module.f)


def test_what_was_typed_where_no_text_is_kept_is_told_so():
    names = {}
    exec("def f(x):\n    return x\n", names)

    with pytest.raises(NotAtHandError, match="the text of f cannot be found"):
        lift(names["f"])


def test_what_was_typed_and_is_kept_is_lifted():
    names = typed("def f(x):\n    return x + 1\n")

    assert alone(names["f"])(1) == 2
    assert lift(names["f"]).path == "what you typed"


@pytest.mark.parametrize(
    "value",
    [
        *(None, True, -3, 2.5, float("inf"), 1 + 2j, "a'b\n", b"\0", (), (1,), [1, (2.0,)], {"a": {1}}, frozenset([1])),
        *(np.float32(0.1), np.int64(3), np.zeros((0, 3)), np.array(2.0), np.array([[True, False]]), np.arange(3) * 1j),
    ],
    ids=repr,
)
def test_a_plain_value_comes_back_from_its_text(value):
    again = eval(literal(value), {"_numpy": np})

    assert type(again) is type(value)
    assert np.array_equal(again, value) if isinstance(value, np.ndarray) else again == value
    assert getattr(again, "dtype", None) == getattr(value, "dtype", None)
    assert np.shape(again) == np.shape(value) if isinstance(value, np.ndarray) else True


@pytest.mark.parametrize("value", [object(), [object()], {1: object()}, np.array([object()]), range(3), [0] * 1001])
def test_what_is_not_plain_has_no_text(value):
    assert literal(value) is None
