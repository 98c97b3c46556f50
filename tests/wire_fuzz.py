"""Throws damaged messages at the wire format: `python -m tests.wire_fuzz` a million of them, or as many as you say.

Every message is what a worker might send, changed in a few places; what decodes has to come out of base types, within
the limits, and as it was when it is sent again.
"""

import contextlib
import gc
import random
import struct
import sys
import tracemalloc
from collections.abc import Callable
from typing import Any

import numpy as np

from grader.worker.wire import DTYPES, Drawn, Limits, Named, Seed, WireError, decode, encode

MESSAGES = 1_000_000
# What decoding may hold at the most: a few times the message, whose arrays are copied once.
MOST_MEMORY = 1 << 20
LIMITS = Limits(size=1 << 16, tree=1 << 14, depth=8, nodes=300, dimensions=4)
BASE = (type(None), bool, int, float, complex, str, tuple, list, dict, np.ndarray, Seed, Drawn, Named)

_VALUES: tuple[Any, ...] = (
    {"returned": np.arange(12.0).reshape(3, 4), "changed": {0: np.zeros(3, np.float32)}},
    {"failed": "exception", "type": "ValueError", "bases": ["Exception"], "message": "é", "lines": [[1, "x", "f"]]},
    (1, 2.5, float("nan"), -0.0, 1j, 2**70, "text", None, True, [[], (), {}], Seed(7), Named("f"), Drawn(7, (2, 3), 4)),
    [np.ones((2, 2), name) for name in DTYPES],
    {("a", 1): {"b": [{"c": ({"d": np.zeros((0, 3), np.int8)},)}]}, 2: np.array(True)},
)
# What stands for itself in a tree, and what it may be taken for.
_WORDS = (
    *(f'"{tag}"'.encode() for tag in "fctldagn"),
    *(f'"{name}"'.encode() for name in DTYPES),
    *(b'"|O"', b'"<M8"', b'"nan"', b'"inf"', b"null", b"true", b"NaN", b"Infinity", b"-1", b"0", b"1e999", b"1.0"),
    *(b"[", b"]", b"{", b"}", b":", b",", b'"', b"\\ud800", b"\xff", b"\x00", b"4294967296", b"9223372036854775807"),
    *(b"[]", b"{}", b'{"l":[]}', b'{"a":["<f8",[1]]}', b"9" * 50, b"[" * 20, b'{"l":[' * 12),
)


def fuzz(count: int, seed: int) -> dict[str, int]:
    """Decode `count` damaged messages; return how many came out, were refused, and the bytes held at the most.

    Raises:
        AssertionError: something else came out than the format has.
    """
    rng = random.Random(seed)
    samples = [encode(value, LIMITS) for value in _VALUES]
    accepted = 0
    _held(rng, samples)  # caches of Python and numpy fill
    tracemalloc.start()
    gc.collect()
    start = tracemalloc.get_traced_memory()[0]
    most = 0
    for number in range(count):
        message = _damaged(rng, samples)
        try:
            value = decode(message, LIMITS)
        except WireError:
            continue
        finally:
            if number % 1000 == 0:
                most = max(most, tracemalloc.get_traced_memory()[1] - start)
                tracemalloc.reset_peak()
        accepted += 1
        assert _plain(value), message
        again = encode(value)
        assert encode(decode(again)) == again, message
    most = max(most, tracemalloc.get_traced_memory()[1] - start)
    gc.collect()
    left = tracemalloc.get_traced_memory()[0] - start
    tracemalloc.stop()
    return {"messages": count, "accepted": accepted, "most bytes": most, "bytes left": left}


def _held(rng: random.Random, samples: list[bytes]) -> None:
    for _ in range(1000):
        with contextlib.suppress(WireError):
            encode(decode(_damaged(rng, samples), LIMITS))


def _damaged(rng: random.Random, samples: list[bytes]) -> bytes:
    """Return one of the messages with one to four changes; the size of its tree is put right in most."""
    message = rng.choice(samples)
    (size,) = struct.unpack_from("<I", message)
    tree, rest = bytearray(message[4 : 4 + size]), bytearray(message[4 + size :])
    for _ in range(rng.choice((1, 1, 1, 2, 4))):
        rng.choice(_CHANGES)(rng, tree if rng.random() < 0.8 else rest, samples)
    size = rng.choice((0, 1, size, 1 << 14, (1 << 32) - 1)) if rng.random() < 0.05 else len(tree)
    return struct.pack("<I", size) + bytes(tree) + bytes(rest)


def _place(rng: random.Random, part: bytearray) -> int:
    return rng.randrange(len(part) + 1)


def _flip(rng: random.Random, part: bytearray, samples: list[bytes]) -> None:
    if part:
        part[rng.randrange(len(part))] = rng.randrange(256)


def _insert(rng: random.Random, part: bytearray, samples: list[bytes]) -> None:
    at = _place(rng, part)
    part[at:at] = rng.choice(_WORDS)


def _replace_number(rng: random.Random, part: bytearray, samples: list[bytes]) -> None:
    places = [at for at, byte in enumerate(part) if 48 <= byte < 58]
    if places:
        at = rng.choice(places)
        part[at : at + 1] = str(rng.choice((-1, 0, 2, 16, 2**16, 2**31, 2**62, 2**64, 10**40))).encode()


def _cut(rng: random.Random, part: bytearray, samples: list[bytes]) -> None:
    at = _place(rng, part)
    del part[at : at + rng.choice((1, 2, 8, 1 << 16))]


def _repeat(rng: random.Random, part: bytearray, samples: list[bytes]) -> None:
    low, high = sorted((_place(rng, part), _place(rng, part)))
    part[high:high] = part[low:high] * rng.choice((1, 2, 5))
    del part[1 << 14 :]


def _splice(rng: random.Random, part: bytearray, samples: list[bytes]) -> None:
    other = rng.choice(samples)
    low, high = sorted((rng.randrange(len(other)), rng.randrange(len(other))))
    at = _place(rng, part)
    part[at:at] = other[low:high]


_CHANGES: tuple[Callable[[random.Random, bytearray, list[bytes]], None], ...] = (
    _flip,
    _insert,
    _replace_number,
    _cut,
    _repeat,
    _splice,
)


def _plain(value: Any) -> bool:
    """Say whether a value is of base types all through, its arrays of the types on the list and its own memory."""
    if type(value) is np.ndarray:
        return value.dtype.str in DTYPES and value.ndim <= LIMITS.dimensions and value.flags.writeable
    if type(value) in (tuple, list):
        return all(map(_plain, value))
    if type(value) is dict:
        return all(map(_plain, value)) and all(map(_plain, value.values()))
    return type(value) in BASE


def main() -> None:
    """Fuzz, and say what was found."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else MESSAGES
    found = fuzz(count, seed=0)
    assert found["most bytes"] < MOST_MEMORY, found
    print(", ".join(f"{number} {what}" for what, number in found.items()))


if __name__ == "__main__":
    main()
