"""The gradient under test as a function of flat vectors, with its calls counted."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import numpy as np

from grader.gradcheck.forward import Array, Forward, as_real


class WrongShapeError(Exception):
    """The gradient does not consist of one array for each argument, each of its shape.

    Attributes:
        number: which argument; None where the number of gradients is wrong.
        given: array, the gradient for it.
    """

    def __init__(self, number: int | None, given: Any) -> None:
        """Keep what was returned."""
        super().__init__("the gradient has another shape than its argument")
        self.number, self.given = number, given


class Backward:
    """The gradient of sum(u * f(x)) at a flat vector x, as one flat float64 vector.

    How it is called follows from f and the arguments: gradient(u, cache) if f returns a pair, gradient(x) if f returns
    one number and no upstream is given, else gradient(x, u). Without a gradient f itself returns (number, gradient).
    """

    def __init__(self, gradient: Callable[..., Any] | None, forward: Forward, weighed: bool) -> None:
        """Set `weighed` where the gradient takes an upstream gradient."""
        self.gradient, self.forward, self.weighed = gradient, forward, weighed
        self.calls = 0
        self.changed = False
        self.single = False  # whether a gradient at float64 points came back in less
        self.caches: dict[bytes, Any] = {}

    def keep(self, point: Array) -> None:
        """Remember the cache of the last forward call, which was at this point."""
        if self.forward.cache is not None:
            self.caches[point.tobytes()] = deepcopy(self.forward.cache)

    def _cache(self, point: Array) -> Any:
        if point.tobytes() not in self.caches:
            self.forward(point)
            self.keep(point)
        return deepcopy(self.caches[point.tobytes()])

    def raw(self, point: Array, u: Array, dtype: Any = np.float64) -> Any:
        """What the gradient function returns at a point given in this dtype."""
        self.calls += 1
        blocks = [block.astype(dtype) for block in self.forward.split(point)]
        upstream = u.reshape(self.forward.shape).astype(dtype)
        before = [block.copy() for block in (*blocks, upstream)]
        with np.errstate(all="ignore"):
            if self.gradient is None:
                return self._cache(point)
            if self.forward.cache is not None:
                result = self.gradient(upstream, self._cache(point))
            else:
                result = self.gradient(*blocks, upstream) if self.weighed else self.gradient(*blocks)
        after = (*blocks, upstream)
        self.changed |= not all(np.array_equal(a, b, equal_nan=True) for a, b in zip(after, before, strict=True))
        return result

    def __call__(self, point: Array, u: Array, dtype: Any = np.float64) -> Array:
        """The gradient at a point, flat.

        Raises:
            WrongShapeError: it is not one array of the right shape for each argument.
        """
        result = self.raw(point, u, dtype)
        shapes = self.forward.shapes
        parts = [result] if len(shapes) == 1 and not isinstance(result, tuple) else result
        if not isinstance(parts, tuple | list) or len(parts) != len(shapes):
            raise WrongShapeError(None, result)
        flat = []
        for number, (part, shape) in enumerate(zip(parts, shapes, strict=True)):
            array = as_real(part, "the gradient")
            if array.shape != shape:
                raise WrongShapeError(number, array)
            self.single |= array.dtype.itemsize < 8
            flat.append(array.astype(np.float64).ravel())
        return np.concatenate(flat)
