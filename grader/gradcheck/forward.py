"""The function under test as a function of one flat vector, with its calls counted."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]


def as_real(value: Any, name: str) -> Array:
    """A float array made of `value`: floats keep their width, integers are promoted to float64.

    Raises:
        TypeError: complex numbers, or anything that is not numbers.
    """
    array = np.asarray(value)
    if array.dtype.kind in "iub":
        return array.astype(np.float64)
    if array.dtype.kind != "f":
        what = "complex numbers" if array.dtype.kind == "c" else f"values of type {array.dtype}"
        raise TypeError(f"{name} holds {what}; gradients are checked for real numbers only: pass an array of floats")
    return array


def only_single_precision(values: Array) -> bool:
    """Whether no value has bits that a 32-bit float could not hold."""
    with np.errstate(all="ignore"):
        return bool(np.all(values.astype(np.float32).astype(np.float64) == values))


def precision(dtype: np.dtype[Any]) -> float:
    """The relative spacing of numbers of this type (that of float64 for wider ones and integers)."""
    return max(float(np.finfo(dtype).eps), 2.0**-52) if dtype.kind == "f" else 2.0**-52


class Forward:
    """f as a function of one flat float64 vector that holds all its array arguments, one after another.

    Points are float64 even where the data are float32, so a function whose dtype follows its input is probed at full
    precision. Every call gets fresh copies. `calls` counts the calls, `changed` is True once f has altered an argument.
    """

    def __init__(self, f: Callable[..., Any], blocks: Sequence[Array]) -> None:
        """Wrap f(*blocks) -> array or number, or (array or number, cache)."""
        self.f = f
        self.shapes = [block.shape for block in blocks]
        self.ends = np.cumsum([block.size for block in blocks]).tolist()
        self.calls = 0
        self.changed = False
        self.dtype: np.dtype[Any] = np.dtype(np.float64)
        self.shape: tuple[int, ...] = ()
        self.cache: Any = None

    def split(self, point: Array) -> list[Array]:
        """The blocks of a flat vector, copied, in their shapes."""
        parts = np.split(point, self.ends[:-1])
        return [part.reshape(shape).copy() for part, shape in zip(parts, self.shapes, strict=True)]

    def __call__(self, point: Array) -> Array:
        """f at a flat vector, as a flat float64 array."""
        arguments = self.split(point)
        self.calls += 1
        with np.errstate(all="ignore"):
            result = self.f(*arguments)
        if isinstance(result, tuple):
            result, self.cache = result[0], result[1] if len(result) == 2 else result[1:]
        output = as_real(result, "the output of f")
        together = np.concatenate([argument.ravel() for argument in arguments])
        self.changed |= not np.array_equal(together, point, equal_nan=True)
        self.dtype, self.shape = output.dtype, output.shape
        return output.astype(np.float64).ravel()


def flat_upstream(upstream: Any, shape: tuple[int, ...]) -> Array:
    """The weights of the outputs as a flat float64 array; 1 for a single output where none are given.

    Raises:
        ValueError: the shape is not that of the output, or several outputs have no weights.
    """
    if upstream is None:
        if int(np.prod(shape)) != 1:
            raise ValueError(f"f returns an array of shape {shape}: say how its entries are weighed, with upstream=")
        return np.ones(1)
    weights = as_real(upstream, "upstream").astype(np.float64)
    if weights.shape != shape and not weights.size == int(np.prod(shape)) == 1:
        raise ValueError(f"upstream has shape {weights.shape}, f returns shape {shape}: they must be equal")
    return weights.ravel()
