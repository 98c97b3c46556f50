"""The wire format carries every kind of plain data unchanged, and hostile bytes give a WireError and nothing else."""

import json
import struct
import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from grader.outcome import Failed
from grader.unsendable import unsendable
from grader.worker import wire
from grader.worker.wire import DTYPES, Drawn, Limits, Named, Seed, Unsendable, WireError, decode, encode, holds

# A fixed seed and no database: the same examples on every machine.
steady = settings(derandomize=True, database=None, deadline=None, max_examples=150)

arrays = st.sampled_from(DTYPES).flatmap(
    lambda name: hnp.arrays(np.dtype(name), hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=3))
)
text = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
numbers = st.integers(-(2**200), 2**200) | st.floats() | st.complex_numbers()
leaves = st.none() | st.booleans() | numbers | text | arrays | st.builds(Named, text)
leaves |= st.builds(Seed, st.integers(0, 2**128 - 1))
leaves |= st.builds(Drawn, st.integers(0, 99), st.tuples(st.integers(0, 9), st.integers(0, 9)), st.none() | st.just(3))
plain = st.recursive(
    leaves,
    lambda parts: (
        st.lists(parts, max_size=4)
        | st.lists(parts, max_size=4).map(tuple)
        | st.dictionaries(text | st.integers(-9, 9) | st.tuples(text, st.integers(0, 3)), parts, max_size=4)
    ),
    max_leaves=8,
)


def identical(one, other) -> bool:
    """Equal in type, bits and order, NaN included."""
    if type(one) is not type(other):
        return False
    if isinstance(one, np.ndarray):
        return (one.dtype, one.shape, one.tobytes()) == (other.dtype, other.shape, other.tobytes())
    if isinstance(one, (tuple, list)):
        return len(one) == len(other) and all(map(identical, one, other))
    if isinstance(one, dict):
        return identical(list(one.items()), list(other.items()))
    return repr(one) == repr(other)


def message(tree: str | object, rest: bytes = b"") -> bytes:
    data = (tree if isinstance(tree, str) else json.dumps(tree)).encode("utf-8", "surrogatepass")
    return struct.pack("<I", len(data)) + data + rest


# --- what is carried -----------------------------------------------------------------------------------------------


@steady
@given(plain)
def test_plain_data_arrives_unchanged(value):
    assert identical(decode(encode(value)), value)


@pytest.mark.parametrize("name", DTYPES)
@pytest.mark.parametrize("shape", [(), (0,), (2, 0, 3), (2, 3)], ids=str)
def test_arrays_of_every_type_arrive_unchanged(name, shape):
    value = np.arange(np.prod(shape, dtype=int)).reshape(shape).astype(name)

    assert identical(decode(encode(value)), value)


@pytest.mark.parametrize(
    "value",
    [float("nan"), float("inf"), -float("inf"), -0.0, 5e-324, 1.7976931348623157e308, complex("nan+infj"), 2**4095],
    ids=str,
)
def test_extreme_numbers_arrive_unchanged(value):
    assert identical(decode(encode(value)), value)


@pytest.mark.parametrize(
    ("sent", "arrives"),
    [
        (np.float64(1.5), 1.5),
        (np.int64(3), 3),
        (np.bool_(True), True),
        (np.str_("a"), "a"),
        (np.float32(1.5), np.array(1.5, np.float32)),
        (np.uint8(7), np.array(7, np.uint8)),
        (np.arange(3, dtype=">i4"), np.arange(3, dtype="<i4")),
        (np.arange(6.0).reshape(2, 3).T, np.ascontiguousarray(np.arange(6.0).reshape(2, 3).T)),
        ({np.int32(3): 1, (np.float32(0.5), "a"): 2}, {3: 1, (0.5, "a"): 2}),
        (np.broadcast_to(1.0, (2, 2)), np.ones((2, 2))),
    ],
    ids=["float64", "int64", "bool_", "str_", "float32", "uint8", "big-endian", "transposed", "keys", "broadcast"],
)
def test_numpy_values_arrive_as_base_types(sent, arrives):
    assert identical(decode(encode(sent)), arrives)


class _Text(str):
    def __str__(self):
        return "another"


class _Number(float):
    def __float__(self):
        return 99.0

    def __eq__(self, other):
        return True

    __hash__ = float.__hash__


class _List(list):
    def __iter__(self):
        return iter(["another"])


class _Dict(dict):
    def items(self):
        return [("another", 1)]


@pytest.mark.parametrize(
    ("sent", "arrives"),
    [(_Text("a"), "a"), (_Number(1.0), 1.0), (_List([1]), [1]), (_Dict(a=1), {"a": 1})],
    ids=["str", "float", "list", "dict"],
)
def test_a_subclass_arrives_as_the_base_value_that_it_holds(sent, arrives):
    assert identical(decode(encode(sent)), arrives)


def test_arrays_arrive_writable_and_unshared():
    value = np.zeros(3)

    one, two = decode(encode((value, value)))
    one += 1

    assert two.tolist() == value.tolist() == [0, 0, 0]


# --- what is refused -----------------------------------------------------------------------------------------------


def _loop() -> list:
    value: list = []
    value.append(value)
    return value


REFUSED = {
    "object array": (np.array([None]), "an array of dtype object: its entries are Python objects (often rows of"),
    "text array": (np.array(["a"]), "an array of dtype <U1, where booleans, integers, floats or complex numbers are"),
    "masked array": (np.ma.masked_array([1.0], [True]), "a masked array, whose masked entries have no value; a plain"),
    "matrix": (np.ones((1, 1)).view(np.recarray), "a recarray, which is a special kind of array; a plain numpy array"),
    "function": (len, "a function or class (builtin_function_or_method), not the value it gives; are the parenth"),
    "lazy": (map(abs, []), "a map, which has not computed its values yet; put list(...) around it"),
    "generator": (np.random.default_rng(0), "a Generator, where numbers, arrays, tuples, lists or dicts are expected"),
    "set": ({1}, "a set, where numbers, arrays, tuples, lists or dicts are expected"),
    "bytes": (b"a", "a bytes, where numbers, arrays, tuples, lists or dicts are expected"),
    "surrogate": ("\ud800", "a string with half a character in it (a lone surrogate)"),
    "huge int": (1 << 5000, "a whole number of more than 4096 bits"),
    "key": ({frozenset(): 1}, "a dict with a key of type frozenset"),
    "deep": (_loop(), "it is nested too deeply (does it contain itself?)"),
    "long": ([0] * 100_001, "it has more than 100000 parts"),
    "long text": ("a" * (2 << 20), "its numbers and texts outside of arrays take more than 1 MiB"),
    "large array": (np.broadcast_to(0.0, (1 << 20, 9)), "an array of shape (1048576, 9), larger than 64 MiB in all"),
    "huge shape": (np.zeros((0, 1 << 59)), "an array of shape (0, 576460752303423488)"),
    "many axes": (np.zeros((1,) * 17), "an array with 17 axes"),
    "keys": (dict.fromkeys(range(5001)), "a dict with too many keys; there may be 5000 in all"),
    "long key": ({1 << 65: 1}, "a dict with a key of type int of more than 64 bits"),
    "no room for the rest": (np.zeros(64 << 20, np.uint8), "it is larger than the 64 MiB that an answer may have"),
    "seed": (Seed(-1), "a generator whose seed is no whole number from 0 to 2**128"),
    "seed type": (Seed("a"), "a generator whose seed is no whole number from 0 to 2**128"),
    "name": (Named(3), "a given function whose name is no text"),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_a_value_without_a_plain_form_is_refused_with_a_sentence(kind):
    value, sentence = REFUSED[kind]

    with pytest.raises(Unsendable) as refused:
        encode(value)

    assert refused.value.why.startswith(sentence)


@pytest.mark.parametrize("kind", [kind for kind in REFUSED if kind not in ("seed", "seed type", "name")])
def test_a_learner_hears_of_a_refusal_in_the_graders_words_what_an_author_hears(kind):
    with pytest.raises(Unsendable) as refused:
        encode(REFUSED[kind][0])
    failed = Failed("unsendable", refused.value.detail, refused.value.reason)

    assert refused.value.why in unsendable(failed)


def test_a_refusal_says_where_in_the_value_it_is():
    with pytest.raises(Unsendable) as refused:
        encode((1, {"a": [0, {1}]}))

    assert refused.value.where == "[1]['a'][1]"


@pytest.mark.parametrize("size", range(100, 120))
def test_what_can_be_encoded_within_limits_can_be_decoded_within_them(size):
    limits = Limits(size=120)
    value = np.zeros(size, np.uint8)

    try:
        data = encode(value, limits)
    except Unsendable:
        return

    assert decode(data, limits).shape == (size,)


def test_a_complex_number_may_lie_as_deep_as_any_other():
    value: list = [1j]
    for _ in range(31):
        value = [value]

    assert decode(encode(value)) == value


# --- hostile bytes -------------------------------------------------------------------------------------------------

HOSTILE = {
    "a drawn array without a limit": message({"r": [1, [2]]}),
    "a drawn array of no shape": message({"r": [1, 2, None]}),
    "a drawn array of a negative length": message({"r": [1, [-2], None]}),
    "a drawn array of a broken length": message({"r": [1, [2.5], None]}),
    "a drawn array below nothing": message({"r": [1, [2], 0]}),
    "a drawn array below a text": message({"r": [1, [2], "3"]}),
    "a drawn array that is too large": message({"r": [1, [1 << 13, 1 << 12], None]}),
    "a drawn array of no seed": message({"r": [True, [2], None]}),
    "empty": b"",
    "short": b"\1\0",
    "tree too long": struct.pack("<I", 99) + b"1",
    "not JSON": message("{"),
    "not UTF-8": struct.pack("<I", 1) + b"\xff",
    "NaN": message("NaN"),
    "deep": message("[" * 5000 + "]" * 5000),
    "deep parts": message('{"l":[' * 40 + "]}" * 40),
    "bare list": message([1]),
    "no tag": message({}),
    "two tags": message({"t": [], "l": []}),
    "unknown tag": message({"x": []}),
    "no list": message({"t": 1}),
    "float": message({"f": "1"}),
    "float list": message({"f": []}),
    "complex": message({"c": [1, 2]}),
    "complex of one": message({"c": [1.0]}),
    "complex of containers": message({"c": [{"l": []}, 1.0]}),
    "seed": message({"g": -1}),
    "seed bool": message({"g": True}),
    "name": message({"n": 1}),
    "surrogate": message('"\\ud800"'),
    "no pair": message({"d": [[1]]}),
    "unhashable key": message({"d": [[{"l": []}, 1]]}),
    "array key": message({"d": [[{"a": ["<f8", [0]]}, 1]]}),
    "key twice": message({"d": [["a", 1], ["a", 2]]}),
    "long int": message("1" * 2000),
    "longer int": message("1" * 5000),
    "array type": message({"a": ["|O", [1]]}, bytes(8)),
    "array type list": message({"a": [[], [1]]}, bytes(8)),
    "array without shape": message({"a": ["<f8"]}, bytes(8)),
    "negative length": message({"a": ["<f8", [-1]]}, bytes(8)),
    "bool length": message({"a": ["<f8", [True]]}, bytes(8)),
    "float length": message({"a": ["<f8", [1.0]]}, bytes(8)),
    "too many axes": message({"a": ["<f8", [1] * 17]}, bytes(8)),
    "overflow": message({"a": ["<f8", [2**40, 2**40]]}, bytes(8)),
    "overflow with a zero": message({"a": ["<f8", [0, 2**62, 2**62]]}),
    "array too long": message({"a": ["<f8", [2]]}, bytes(8)),
    "bytes left": message({"a": ["<f8", [1]]}, bytes(9)),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_bytes_give_a_wire_error(kind):
    with pytest.raises(WireError):
        decode(HOSTILE[kind])


SAMPLE = encode(({"a": 1, "b": [2.5, float("nan")]}, np.arange(3.0), Seed(5), Named("f"), 1j, "text", None, True))


@steady
@given(st.data())
def test_mutated_messages_give_values_that_can_be_sent_again_or_a_wire_error(data):
    mutated = bytearray(SAMPLE)
    for _ in range(data.draw(st.integers(1, 4))):
        mutated[data.draw(st.integers(0, len(mutated) - 1))] = data.draw(st.integers(0, 255))
    mutated = mutated[: data.draw(st.integers(0, len(mutated)))] if data.draw(st.booleans()) else mutated

    try:
        value = decode(bytes(mutated))
    except WireError:
        return

    assert identical(decode(encode(value)), value)


json_trees = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | text,
    lambda parts: st.lists(parts, max_size=3) | st.dictionaries(st.sampled_from("fctldagn"), parts, max_size=1),
    max_leaves=10,
)


@steady
@given(json_trees, st.binary(max_size=16))
def test_any_tree_gives_a_value_or_a_wire_error(tree, rest):
    try:
        value = decode(message(tree, rest))
    except WireError:
        return

    assert identical(decode(encode(value)), value)


@pytest.mark.parametrize(
    "data",
    [message({"a": ["<f8", [1 << 30]]}), message({"t": [{"a": ["|u1", [1 << 33]]}] * 9}), struct.pack("<I", 2**32 - 1)],
    ids=["one array", "many arrays", "tree"],
)
def test_sizes_are_checked_before_anything_is_allocated(data):
    tracemalloc.start()

    with pytest.raises(WireError):
        decode(data)

    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 1 << 20


@pytest.mark.parametrize(
    ("value", "limits"),
    [
        ([0] * 20, Limits(nodes=10)),
        ([[[[0]]]], Limits(depth=3)),
        (np.zeros((1, 1, 1)), Limits(dimensions=2)),
        (np.zeros(100), Limits(size=200)),
        ("a" * 100, Limits(tree=50)),
        ([{1: 0}, {1: 0}, {1: 0}], Limits(keys=2)),
    ],
    ids=["nodes", "depth", "dimensions", "size", "tree", "keys"],
)
def test_both_directions_keep_the_limits(value, limits):
    with pytest.raises(Unsendable):
        encode(value, limits)
    with pytest.raises(WireError):
        decode(encode(value), limits)


@pytest.mark.parametrize("key", [1 << 65, -(1 << 65), (1, 1 << 65)])
def test_keys_are_small_enough_not_to_collide(key):
    with pytest.raises(Unsendable):
        encode({key: 0})
    with pytest.raises(WireError):
        decode(message({"d": [[{"t": list(key)} if isinstance(key, tuple) else key, 0]]}))


@pytest.mark.parametrize("key", [1 << 63, np.uint64(2**64 - 1), -(1 << 63), (np.int64(-1), True)])
def test_keys_of_64_bits_go_there_and_back(key):
    assert decode(encode({key: 0})) == {key: 0}


def test_every_type_that_comes_out_is_on_a_fixed_list():
    assert set(wire.DTYPES) == {np.dtype(name).str for name in wire.DTYPES}
    assert not any(np.dtype(name).hasobject for name in wire.DTYPES)


ALTERED = {
    "a small array": (np.arange(3.0), np.array([0.0, 1.0, 3.0])),
    "a large array": (np.arange(3000.0), np.arange(3000.0) + (np.arange(3000) == 2999)),
    "an odd number of bytes": (np.zeros(4999, np.int8), np.eye(1, 4999, 4998, np.int8)[0]),
    "the sign of a zero": (np.zeros(1000), -np.zeros(1000)),
    "a shape": (np.zeros((2, 3)), np.zeros((3, 2))),
    "a dtype": (np.zeros(4), np.zeros(4, np.int64)),
    "a length": (np.zeros(2), np.zeros(3)),
    "a number beside it": ((1.0, np.zeros(2)), (2.0, np.zeros(2))),
    "the second of two": ((np.zeros(2), np.zeros(2)), (np.zeros(2), np.ones(2))),
}


@pytest.mark.parametrize(("value", "other"), ALTERED.values(), ids=ALTERED)
def test_a_message_holds_what_it_was_made_of_and_nothing_else(value, other):
    message = encode(value)

    assert holds(message, value)
    assert holds(bytearray(message), decode(message))
    assert not holds(message, other)


def test_a_message_holds_what_is_no_number_and_what_is_empty():
    for value in (np.full(1000, np.nan), np.zeros((0, 3)), np.asarray(np.arange(8.0)[::2]), {"x": [None, "é"]}):
        assert holds(encode(value), value)
