"""Plain data as bytes, for the socket to a worker and for answer keys on disk.

    message = <u32 size of the tree> <the tree: JSON in UTF-8> <the arrays: raw, little-endian, one after the other>

The tree holds None, booleans, integers, finite floats and strings as JSON has them. Everything else is an object with
one member: `{"f": "nan"}` a float without a JSON form, `{"c": [re, im]}` a complex number, `{"t": [...]}` a tuple,
`{"l": [...]}` a list, `{"d": [[key, value], ...]}` a dict, `{"a": [dtype, shape]}` the next array, `{"g": seed}` a
random generator, `{"r": [seed, shape, below]}` an array that is drawn where it is used, `{"n": name}` a given function
by its name. Floats of more than 64 bits travel as float64, which is all that they are on many machines.

`decode` trusts nothing: sizes are checked against the bytes that are there before anything is allocated, array types
come from a fixed list, depth and counts are capped, and only exact base types come out. It raises `WireError` and
nothing else.
"""

import json
import math
import struct
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from .frame import LARGEST_REPLY

__all__ = ["Drawn", "Limits", "Named", "Seed", "Unsendable", "WireError", "decode", "encode", "holds"]

DTYPES = ("|b1", "|i1", "<i2", "<i4", "<i8", "|u1", "<u2", "<u4", "<u8", "<f2", "<f4", "<f8", "<c8", "<c16")
# Python prints an integer of up to 4,300 digits; 4,096 bits are 1,234 digits, more than any exercise needs.
LARGEST_INT_BITS = 4096
# numpy refuses larger shapes with an error of its own, also where one length is 0, which would pass a check of sizes.
MOST_CELLS = sys.maxsize >> 5
# 128 MiB of floats: of the 512 MiB that a call may take, the rest is for the answer and what it takes to compute it.
MOST_DRAWN = 1 << 24
# Whole numbers have equal hashes where they are equal modulo 2**61 - 1, and a dict of many equal hashes takes minutes;
# of 64 bits there are no more than a few. Of tuples more can be found: therefore keys are counted, too.
LARGEST_KEY = 1 << 64
_SIZE = struct.Struct("<I")
_TO_JSON = json.JSONEncoder(allow_nan=False, separators=(",", ":")).encode
_COPIED = 1 << 12  # bytes of an array below which a copy is faster than anything else


class WireError(ValueError):
    """A message is not of this format, or larger than its limits."""


class Unsendable(ValueError):  # noqa: N818 -- it is a verdict on a value, not an error of ours
    """A value has no plain form; `where` is its place in the value, `why` words for the author who made it.

    `reason`, a fixed word, and `detail` say the same as data: to a learner the grader says it.
    """

    def __init__(self, where: str, why: str, reason: str = "other", detail: object = "") -> None:
        super().__init__(f"{where or 'the value'}: {why}")
        self.where = where
        self.why = why
        self.reason = reason
        self.detail = str(detail)


@dataclass(frozen=True)
class Seed:
    """A random generator, `numpy.random.default_rng(seed)`, that is built where it is used."""

    seed: int


@dataclass(frozen=True)
class Named:
    """A given function, looked up by its name where it is used."""

    name: str


@dataclass(frozen=True)
class Drawn:
    """A large array of random numbers that is drawn where it is used, so that a message and a key stay small.

    Standard normal floats, or with `below` whole numbers from 0 to below - 1; `shape` a tuple of at most 2**24 entries
    in all. The same description gives the same numbers.
    """

    seed: int
    shape: tuple[int, ...]
    below: int | None = None

    def array(self) -> np.ndarray:
        """Draw it: float64, or int64 with `below`."""
        rng = np.random.default_rng(self.seed)
        return rng.standard_normal(self.shape) if self.below is None else rng.integers(self.below, size=self.shape)


@dataclass(frozen=True)
class Limits:
    """What a message may hold at the most: sizes in bytes, then counts."""

    size: int = LARGEST_REPLY
    tree: int = 1 << 20
    depth: int = 32
    nodes: int = 100_000
    keys: int = 5_000
    dimensions: int = 16


REPLY = Limits()


def _cells(shape: Sequence[int]) -> int:
    return math.prod(n for n in shape if n)


# --- from values to bytes ------------------------------------------------------------------------------------------


def encode(value: Any, limits: Limits = REPLY) -> bytes:
    """Return `value` as a message.

    Raises:
        Unsendable: the value holds something without a plain form, or is too large.
    """
    head, arrays = _parts(value, limits)
    return b"".join([head, *(array.data for array in arrays)])


def holds(message: bytes | bytearray, value: Any) -> bool:
    """Say whether `message` is what `encode` makes of a value, without making it.

    Raises:
        Unsendable: the value holds something without a plain form, or is too large.
    """
    head, arrays = _parts(value, REPLY)
    end = len(head)
    if message[:end] != head or len(message) != end + sum(array.nbytes for array in arrays):
        return False
    for array in arrays:
        start, end = end, end + array.nbytes
        if not _same_bytes(message, start, array):
            return False
    return True


def _same_bytes(message: bytes | bytearray, start: int, array: np.ndarray) -> bool:
    if array.nbytes < _COPIED:
        return message[start : start + array.nbytes] == array.tobytes()
    # Eight bytes at a time where they come out even: what is compared takes room, too.
    unit = np.dtype(np.uint64 if array.nbytes % 8 == 0 else np.uint8)
    sent = np.frombuffer(message, unit, array.nbytes // unit.itemsize, start)
    return bool((sent == array.reshape(-1).view(unit)).all())


def _parts(value: Any, limits: Limits) -> tuple[bytes, list[np.ndarray]]:
    """Return the beginning of a message, and the arrays whose bytes come after it."""
    arrays: list[np.ndarray] = []
    writer = _Writer(arrays, limits)
    tree = _TO_JSON(writer.node(value, "", 0)).encode("utf-8")
    if len(tree) > limits.tree:
        most = f"{limits.tree >> 20} MiB"
        raise Unsendable("", f"its numbers and texts outside of arrays take more than {most}", "tree", most)
    if _SIZE.size + len(tree) + writer.size > limits.size:
        most = f"{limits.size >> 20} MiB"
        raise Unsendable("", f"it is larger than the {most} that an answer may have", "size", most)
    return _SIZE.pack(len(tree)) + tree, arrays


class _Writer:
    """Builds the tree of one message and collects its arrays."""

    def __init__(self, arrays: list[np.ndarray], limits: Limits) -> None:
        self.arrays = arrays
        self.limits = limits
        self.nodes = 0
        self.keys = 0
        self.size = 0

    def node(self, value: Any, where: str, depth: int) -> Any:
        self.nodes += 1
        if depth > self.limits.depth:
            raise Unsendable(where[:80], "it is nested too deeply (does it contain itself?)", "depth")
        if self.nodes > self.limits.nodes:
            raise Unsendable(where[:80], f"it has more than {self.limits.nodes} parts", "parts", self.limits.nodes)
        if value is None or value is True or value is False:
            return value
        kind = type(value)
        if kind is np.ndarray:
            return self.array(value, where)
        if issubclass(kind, np.generic):
            return self.scalar(value, where)
        if issubclass(kind, (int, float, complex, str)):
            return self.number_or_text(value, where)
        if issubclass(kind, (tuple, list, dict)):
            return self.container(value, where, depth)
        if kind is Seed:
            if type(value.seed) is not int or not 0 <= value.seed < 1 << 128:
                raise Unsendable(where, "a generator whose seed is no whole number from 0 to 2**128")
            return {"g": value.seed}
        if kind is Drawn:
            if not _is_drawn(value):
                raise Unsendable(where, "a drawn array whose seed, shape or limit is none")
            return {"r": [value.seed, list(value.shape), value.below]}
        if kind is Named:
            if type(value.name) is not str:
                raise Unsendable(where, "a given function whose name is no text")
            return {"n": self.number_or_text(value.name, where)}
        raise Unsendable(where, *_why_not(value))

    def number_or_text(self, value: Any, where: str) -> Any:
        if isinstance(value, str):
            text = str.__str__(value)
            try:
                text.encode("utf-8")
            except UnicodeEncodeError:
                why = "a string with half a character in it (a lone surrogate)"
                raise Unsendable(where, why, "half a character") from None
            return text
        if isinstance(value, int):
            whole = int.__int__(value)
            if whole.bit_length() > LARGEST_INT_BITS:
                why = f"a whole number of more than {LARGEST_INT_BITS} bits"
                raise Unsendable(where, why, "whole number", LARGEST_INT_BITS)
            return whole
        if isinstance(value, float):
            number = float.__float__(value)
            return number if math.isfinite(number) else {"f": repr(number)}
        number_c = complex.__complex__(value)
        return {"c": [self.node(number_c.real, where, 0), self.node(number_c.imag, where, 0)]}

    def scalar(self, value: np.generic, where: str) -> Any:
        """Python's own number for numpy's of full width; a 0-d array for the others, whose width must not be lost."""
        if type(value) in (np.bool_, np.float64, np.int64, np.complex128, np.str_):
            return self.node(value.item(), where, 0)
        if isinstance(value, (np.longdouble, np.clongdouble)):
            return self.node(_narrow_floats(np.asarray(value)).item(), where, 0)
        return self.array(np.asarray(value), where)

    def array(self, value: np.ndarray, where: str) -> Any:
        value = _narrow_floats(value)
        name = value.dtype.newbyteorder("<").str
        if name not in DTYPES:
            raise Unsendable(where, *_why_not_dtype(value.dtype))
        if value.ndim > self.limits.dimensions:
            raise Unsendable(where, f"an array with {value.ndim} axes", "axes", value.ndim)
        if _cells(value.shape) > MOST_CELLS:
            raise Unsendable(where, f"an array of shape {value.shape}", "shape", value.shape)
        self.size += value.nbytes
        if self.size > self.limits.size:
            why = f"an array of shape {value.shape}, larger than {self.limits.size >> 20} MiB in all"
            raise Unsendable(where, why, "large", value.shape)
        self.arrays.append(np.ascontiguousarray(value, dtype=name))
        return {"a": [name, list(value.shape)]}

    def container(self, value: Any, where: str, depth: int) -> Any:
        if isinstance(value, tuple):
            return {"t": [self.node(v, f"{where}[{i}]", depth + 1) for i, v in enumerate(tuple.__iter__(value))]}
        if isinstance(value, list):
            return {"l": [self.node(v, f"{where}[{i}]", depth + 1) for i, v in enumerate(list.__iter__(value))]}
        self.keys += dict.__len__(value)
        if self.keys > self.limits.keys:
            why = f"a dict with too many keys; there may be {self.limits.keys} in all"
            raise Unsendable(where, why, "keys", self.limits.keys)
        pairs = []
        for key, item in dict.items(value):
            if not _is_key(key):
                kind, size = type(key).__name__, " of more than 64 bits" if isinstance(key, int) else ""
                raise Unsendable(where, f"a dict with a key of type {kind}{size}", "long key" if size else "key", kind)
            key = _narrow(key)
            label = f"{where}[{str(key)[:40]!r}]" if isinstance(key, str) else f"{where}[{str(key)[:40]}]"
            pairs.append([self.node(key, label, depth + 1), self.node(item, label, depth + 1)])
        return {"d": pairs}


def _narrow_floats(value: np.ndarray) -> np.ndarray:
    """Return an array of floats wider than 64 bits as float64, which is what they are on many machines."""
    if value.dtype.kind not in "fc" or value.dtype.itemsize <= (8 if value.dtype.kind == "f" else 16):
        return value
    with np.errstate(over="ignore"):
        return value.astype(np.float64 if value.dtype.kind == "f" else np.complex128)


def _is_drawn(value: Drawn) -> bool:
    numbers = (value.seed, *value.shape, 1 if value.below is None else value.below)
    return (
        type(value.shape) is tuple
        and all(type(number) is int and 0 <= number < 1 << 63 for number in numbers)
        and value.below != 0
        and len(value.shape) <= REPLY.dimensions
        and _cells(value.shape) <= MOST_DRAWN
    )


def _is_key(value: Any) -> bool:
    if type(value) is tuple:
        return all(_is_key(part) for part in value)
    if isinstance(value, int):
        return -LARGEST_KEY <= int.__int__(value) < LARGEST_KEY
    return value is None or isinstance(value, (float, str, np.integer, np.floating))


def _narrow(key: Any) -> Any:
    """Return a dict's key without numpy's types: a key has no width to lose."""
    if type(key) is tuple:
        return tuple(_narrow(part) for part in key)
    return key.item() if isinstance(key, np.generic) else key


def _why_not(value: Any) -> tuple[str, str, str]:
    """Return why a value has no plain form, the reason as a fixed word, and its detail."""
    kind = type(value).__name__
    masked = sys.modules.get("numpy.ma")  # not loaded, and not to be loaded here, unless somebody uses it
    if masked is not None and isinstance(value, masked.MaskedArray):
        return "a masked array, whose masked entries have no value; a plain array is expected", "masked", ""
    if isinstance(value, np.ndarray):
        why = f"a {kind}, which is a special kind of array; a plain numpy array is expected"
        return why, "special array", kind
    if callable(value):
        why = f"a function or class ({kind}), not the value it gives; are the parentheses missing?"
        return why, "function", kind
    if hasattr(type(value), "__next__"):
        return f"a {kind}, which has not computed its values yet; put list(...) around it", "lazy", kind
    return f"a {kind}, where numbers, arrays, tuples, lists or dicts are expected", "other", kind


def _why_not_dtype(dtype: np.dtype) -> tuple[str, str, str]:
    if dtype.hasobject:
        why = "its entries are Python objects (often rows of different lengths), not numbers"
        return f"an array of dtype object: {why}", "objects", ""
    why = f"an array of dtype {dtype}, where booleans, integers, floats or complex numbers are expected"
    return why, "dtype", str(dtype)


# --- from bytes to values ------------------------------------------------------------------------------------------


def decode(data: bytes | bytearray, limits: Limits = REPLY) -> Any:
    """Return the value that `data` holds; arrays are fresh and writable.

    Raises:
        WireError: the bytes are not a message of this format, or exceed `limits`.
    """
    if len(data) > limits.size or len(data) < _SIZE.size:
        raise WireError(f"a message of {len(data)} bytes")
    (size,) = _SIZE.unpack_from(data)
    if size > limits.tree or size > len(data) - _SIZE.size:
        raise WireError(f"a tree of {size} bytes in a message of {len(data)}")
    try:
        tree = _FROM_JSON(data[_SIZE.size : _SIZE.size + size].decode("utf-8"))
    except (ValueError, RecursionError) as fault:
        raise WireError(f"the tree is not JSON: {type(fault).__name__}") from None
    reader = _Reader(memoryview(data)[_SIZE.size + size :], limits)
    value = reader.value(tree, 0)
    if reader.rest:
        raise WireError(f"{len(reader.rest)} bytes after the last array")
    return value


def _refuse(text: str) -> Any:
    raise WireError(f"{text} in a tree")


_FROM_JSON = json.JSONDecoder(parse_constant=_refuse).decode


class _Reader:
    """Turns the tree of one message into values, taking its arrays from `rest`."""

    def __init__(self, rest: memoryview, limits: Limits) -> None:
        self.rest = rest
        self.limits = limits
        self.nodes = 0
        self.keys = 0

    def value(self, node: Any, depth: int) -> Any:
        self.nodes += 1
        if depth > self.limits.depth or self.nodes > self.limits.nodes:
            raise WireError("too deep, or too many parts")
        if node is None or isinstance(node, (bool, float)):
            return node
        if isinstance(node, int):
            if node.bit_length() > LARGEST_INT_BITS:
                raise WireError("an integer that is too long")
            return node
        if isinstance(node, str):
            return self.text(node)
        if not isinstance(node, dict) or len(node) != 1:
            raise WireError("a part of no known kind")
        ((tag, content),) = node.items()
        return self.tagged(tag, content, depth)

    def text(self, node: Any) -> str:
        if not isinstance(node, str):
            raise WireError("a name that is no string")
        try:
            node.encode("utf-8")
        except UnicodeEncodeError:
            raise WireError("a lone surrogate") from None
        return node

    def tagged(self, tag: str, content: Any, depth: int) -> Any:
        if tag == "f":
            if content not in ("nan", "inf", "-inf"):
                raise WireError("a float of no known kind")
            return float(content)
        if tag == "g":
            if type(content) is not int or not 0 <= content < 1 << 128:
                raise WireError("a seed out of range")
            return Seed(content)
        if tag == "n":
            return Named(self.text(content))
        if not isinstance(content, list):
            raise WireError("a container that is no list")
        if tag == "a":
            return self.array(content)
        if tag == "r":
            return self.drawn(content)
        if tag == "c":
            parts = [self.value(part, depth) for part in content]
            if [type(part) for part in parts] != [float, float]:
                raise WireError("a complex number without two floats")
            return complex(*parts)
        if tag == "t":
            return tuple([self.value(part, depth + 1) for part in content])
        if tag == "l":
            return [self.value(part, depth + 1) for part in content]
        if tag == "d":
            return self.dictionary(content, depth)
        raise WireError("a part of no known kind")

    def dictionary(self, content: list[Any], depth: int) -> dict[Any, Any]:
        self.keys += len(content)
        if self.keys > self.limits.keys:
            raise WireError("too many keys")
        result: dict[Any, Any] = {}
        for pair in content:
            if not isinstance(pair, list) or len(pair) != 2:
                raise WireError("a dict entry that is no pair")
            key = self.value(pair[0], depth + 1)
            if not _is_key(key) or key in result:
                raise WireError("a dict key that is repeated or of no known kind")
            result[key] = self.value(pair[1], depth + 1)
        return result

    def drawn(self, content: list[Any]) -> Drawn:
        if len(content) != 3 or not isinstance(content[1], list):
            raise WireError("a drawn array of no known kind")
        drawn = Drawn(content[0], tuple(content[1]), content[2])
        if not _is_drawn(drawn):
            raise WireError("a drawn array of no possible kind")
        return drawn

    def array(self, content: list[Any]) -> np.ndarray:
        if len(content) != 2 or content[0] not in DTYPES or not isinstance(content[1], list):
            raise WireError("an array of no known kind")
        name, shape = content
        if len(shape) > self.limits.dimensions or any(type(n) is not int or n < 0 for n in shape):
            raise WireError("an array of no known shape")
        if _cells(shape) > MOST_CELLS:
            raise WireError("an array of no possible shape")
        dtype = np.dtype(name)
        size = math.prod(shape) * dtype.itemsize
        if size > len(self.rest):
            raise WireError(f"an array of {size} bytes, where {len(self.rest)} are left")
        raw, self.rest = self.rest[:size], self.rest[size:]
        if name == "|b1":
            return np.asarray(np.frombuffer(raw, np.uint8).reshape(shape) != 0)
        return np.frombuffer(raw, dtype).reshape(shape).copy()
