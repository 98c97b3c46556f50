"""Attacks on the comparison: wrong answers that look equal, and right ones that were not computed."""

from tests.attacks.attack import Attack, in_call

__all__ = ["ATTACKS"]

_THREAT = "Cheating the comparison"
_EQUAL = """
class A{base}:
    __eq__ = lambda *a: True
    __ne__ = __lt__ = __gt__ = lambda *a: False
    __sub__ = __rsub__ = __add__ = __mul__ = __truediv__ = __abs__ = lambda *a: 0.0
    __hash__ = None
"""
_SUBCLASS = """
class A(np.ndarray):
    {method}
def made(x): return (2 * x).view(A)
"""


def _returns(name: str, value: str, by: str = "laundering in the worker", before: str = "") -> Attack:
    """The answer is `value`, in which x is the argument."""
    return Attack(name, _THREAT, in_call(f"return {value}", before=before), "points", by)


def _subclass(name: str, method: str) -> Attack:
    return _returns(name, "made(x)", before=_SUBCLASS.format(method=method))


def _does(name: str, *lines: str, by: str, before: str = "") -> Attack:
    return Attack(name, _THREAT, in_call(*lines, before=before), "points", by)


ATTACKS = (
    _returns("is_equal_to_everything", "A()", before=_EQUAL.format(base="")),
    _returns("is_a_float_equal_to_everything", "[A(v) for v in x]", before=_EQUAL.format(base="(float)")),
    _returns("is_a_list_equal_to_everything", "A(2 * x)", before=_EQUAL.format(base="(list)")),
    _returns("is_a_dict_equal_to_everything", "A()", before=_EQUAL.format(base="(dict)")),
    _returns("is_text_equal_to_everything", "A('x')", before=_EQUAL.format(base="(str)")),
    _subclass("is_an_array_equal_to_everything", "__eq__ = lambda *a: np.True_"),
    _subclass("is_an_array_with_no_distance", "__sub__ = __rsub__ = lambda *a: np.zeros(a[0].shape)"),
    _subclass("is_an_array_that_answers_for_functions", "__array_function__ = lambda *a: True"),
    _subclass("is_an_array_that_answers_for_operations", "__array_ufunc__ = lambda *a, **k: np.zeros(3)"),
    _subclass(
        "is_an_array_that_lies_about_its_bytes",
        "tobytes = tolist = item = lambda *a: (_ for _ in ()).throw(SystemExit)",
    ),
    _subclass("is_an_array_that_is_never_done", "__array_finalize__ = lambda s, o: s.sort()"),
    _returns(
        "makes_itself_an_array_when_looked_at",
        "A()",
        before="class A:\n"
        "    shape = (3,); ndim = 1; dtype = np.dtype(float)\n"
        "    def __array__(s, *a, **k): return 2 * np.ones(3)",
    ),
    _returns(
        "claims_to_be_an_array",
        "A()",
        before="class A:\n    __class__ = np.ndarray\n    shape = (3,); ndim = 1; size = 3; dtype = np.dtype(float)",
    ),
    _returns("is_named_like_an_array", "type('ndarray', (np.ndarray,), {'__module__': 'numpy'})(x.shape)"),
    _returns(
        "shares_an_interface",
        "A()",
        before="class A:\n"
        "    __array_interface__ = {'shape': (3,), 'typestr': '<f8', 'data': (1, False), "
        "'version': 3}",
    ),
    _returns("is_masked_where_it_is_wrong", "np.ma.masked_array(2 * x, np.ones(x.shape, bool))"),
    _returns("is_a_matrix", "np.matrix(3 * x)"),
    _returns("is_a_record", "np.zeros(3, [('a', float)])"),
    _returns("is_an_array_of_objects", "np.array([3 * v for v in x], dtype=object)"),
    _returns("is_an_array_of_times", "(3 * x).astype('m8[s]')"),
    _returns("is_a_generator", "(3 * v for v in x)"),
    _returns("is_a_promise", "lambda: 3 * x"),
    _returns("is_an_endless_iterator", "__import__('itertools').repeat(3.0)"),
    _returns("contains_itself", "(lambda a: a.append(a) or a)([])"),
    _returns("is_nan_everywhere", "x * np.nan", "form before numbers"),
    _returns("is_infinite_everywhere", "x * np.inf", "form before numbers"),
    _returns("is_empty", "np.zeros((0,))", "form before numbers"),
    _returns("is_one_number_for_all", "np.float64(3.0)", "form before numbers"),
    _returns("is_a_row", "(3 * x)[None]", "form before numbers"),
    _returns("is_a_column", "(3 * x)[..., None]", "form before numbers"),
    _returns("is_broadcast_from_one", "np.broadcast_to(3 * x[:1], x.shape)", "numbers"),
    _returns("is_nothing", "None", "form before numbers"),
    _returns("is_not_implemented", "NotImplemented"),
    _returns("is_true", "True", "form before numbers"),
    _returns("is_the_same_text", "str(3 * x)", "form before numbers"),
    _returns("is_a_list_of_numbers", "(3 * x).tolist()", "form before numbers"),
    _returns("is_half_a_number", "(3 * x).astype(np.float16)", "form before numbers"),
    _returns("is_imaginary", "3 * x + 1e-30j", "form before numbers"),
    _returns("is_a_whole_number", "np.rint(3 * x).astype(int)", "form before numbers"),
    _returns("is_larger_than_64_bits_allow", "np.full(x.shape, np.longdouble('1e4000'))", "form before numbers"),
    _returns("is_of_a_million_axes", "np.zeros((1,) * 40)", "laundering in the worker"),
    _does("changes_the_argument_so_that_zero_is_right", "x *= 0", "return x", by="fresh arguments"),
    _does("makes_the_argument_its_own_third", "y = x.copy(); x /= 3", "return y", by="fresh arguments"),
    _does(
        "returns_what_changes_later",
        "y = 2 * x",
        "threading.Timer(0.1, lambda: y.__setitem__(..., 3 * x)).start()",
        "return y",
        before="import threading",
        by="bytes, not objects",
    ),
    _does(
        "remembers_the_call_before",
        "seen.append(3 * x)",
        "return seen[-2] if len(seen) > 1 else 0 * x",
        before="seen = []",
        by="case by case",
    ),
    _does(
        "knows_the_visible_cases_by_heart",
        "return 3 * x if x.tolist() == [1.0, -2.0, 3.0] else 0 * x",
        by="hidden cases",
    ),
    _does(
        "draws_with_a_broken_generator",
        "np.random.seed = np.random.default_rng = lambda *a: 0",
        "return np.random.normal(size=x.shape)",
        by="another process",
    ),
    _does(
        "is_right_when_it_is_not_graded",
        "return 3 * x if 'worker' not in sys.modules else 2 * x",
        by="honest answers only",
    ),
    _does("answers_with_a_function_named_right", "return f", by="laundering in the worker"),
    _does(
        "is_right_for_one_call_only",
        "calls.append(1)",
        "return 3 * x if len(calls) == 1 else 2 * x",
        before="calls = []",
        by="every case counts",
    ),
    Attack(
        "rewrites_the_number_three",
        _THREAT,
        "import ctypes\nctypes.c_long.from_address(id(3) + 24).value = 2\ndef f(x): return 3 * x\n",
        "points",
        "another process",
    ),
)
