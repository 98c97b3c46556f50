"""The functions under test as functions of one flat vector, with their calls counted."""

from collections.abc import Callable, Sequence
from copy import deepcopy
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


def precision(dtype: np.dtype[Any]) -> float:
    """The relative spacing of floats of this type, that of float64 for wider ones."""
    return max(float(np.finfo(dtype).eps), 2.0**-52)


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


class WrongShapeError(Exception):
    """The gradient is not one array of the right shape for each argument.

    Its argument is the number of the argument, None where there are too few or too many gradients.
    """


class Functions:
    """f and its gradient at flat float64 vectors that hold the arguments to differentiate, one after another.

    Points are float64 even where the data are float32, so a function whose dtype follows its input is probed at full
    precision. Every call gets fresh copies. `culprit` is which of the two changed an array that it was given, "" for
    none; `shape` and `dtype` are those of f's output; `single`: a gradient came back in less than float64.
    """

    def __init__(
        self, f: Callable[..., Any], gradient: Callable[..., Any] | None, arguments: Sequence[Array], wrt: Sequence[int]
    ) -> None:
        """Differentiate f(*arguments) -> out or (out, cache) with respect to arguments[i] for i in wrt."""
        self._f, self._gradient, self._arguments, self._wrt = f, gradient, arguments, wrt
        self._caches: dict[bytes, Any] = {}
        self.blocks = [arguments[i] for i in wrt]
        self.ends = np.cumsum([block.size for block in self.blocks]).tolist()
        self.point = np.concatenate([block.astype(np.float64).ravel() for block in self.blocks])
        self.calls, self.gradient_calls, self.culprit = 0, 0, ""
        self.cached, self.single, self.weighed = False, False, gradient is not None
        self.shape: tuple[int, ...] = ()
        self.dtype: np.dtype[Any] = np.dtype(np.float64)

    def split(self, flat: Array) -> list[Array]:
        """The blocks of a flat vector, in their shapes."""
        parts = np.split(flat, self.ends[:-1])
        return [part.reshape(block.shape) for part, block in zip(parts, self.blocks, strict=True)]

    def _inputs(self, point: Array) -> list[Array]:
        inputs = list(self._arguments)
        for i, part in zip(self._wrt, self.split(point), strict=True):
            inputs[i] = part
        return inputs

    def _call(self, name: str, function: Callable[..., Any], arrays: list[Array], *cache: Any) -> Any:
        copies = [array.copy() for array in arrays]
        result = function(*copies, *cache)
        if not all(np.array_equal(a, b, equal_nan=True) for a, b in zip(copies, arrays, strict=True)):
            self.culprit = name
        return result

    def value(self, point: Array, keep: bool = False) -> Array:
        """f at a point, flat; with `keep` its cache is remembered for the gradient there."""
        self.calls += 1
        result = self._call("f", self._f, self._inputs(point))
        if isinstance(result, tuple):
            self.cached = True
            if keep:
                self._caches[point.tobytes()] = deepcopy(result[1] if len(result) == 2 else result[1:])
            result = result[0]
        output = as_real(result, "the output of f")
        self.dtype, self.shape = output.dtype, output.shape
        return output.astype(np.float64).ravel()

    def probe(self, point: Array, keep: bool = False) -> Array:
        """As `value`, at a point beside x: one nan where f refuses the point."""
        try:
            return self.value(point, keep)
        except (ArithmeticError, ValueError):
            return np.array([np.nan])

    def raw_gradient(self, point: Array, u: Array) -> Any:
        """What the gradient of sum(u * f) returns; it is called as gradient(u, cache), gradient(x, u) or gradient(x).

        Without a gradient f itself returns (number, gradient).
        """
        self.gradient_calls += 1
        upstream = u.reshape(self.shape)
        if self.cached:
            if point.tobytes() not in self._caches:
                self.value(point, keep=True)
            cache = deepcopy(self._caches[point.tobytes()])
            return cache if self._gradient is None else self._call("The gradient", self._gradient, [upstream], cache)
        if self._gradient is None:
            raise TypeError("without a gradient, f has to return a pair: its value and its gradient")
        return self._call("The gradient", self._gradient, self._inputs(point) + [upstream] * self.weighed)

    def gradient(self, point: Array, u: Array) -> Array:
        """The gradient of sum(u * f) at a point, flat.

        Raises:
            WrongShapeError: it is not one array of the right shape for each argument.
        """
        result = self.raw_gradient(point, u)
        parts = [result] if len(self.blocks) == 1 and not isinstance(result, tuple) else result
        if not isinstance(parts, tuple | list) or len(parts) != len(self.blocks):
            raise WrongShapeError(None)
        arrays = [as_real(part, "the gradient") for part in parts]
        for number, (array, block) in enumerate(zip(arrays, self.blocks, strict=True)):
            if array.shape != block.shape:
                raise WrongShapeError(number)
            self.single |= array.dtype.itemsize < 8
        return np.concatenate([array.astype(np.float64).ravel() for array in arrays])
