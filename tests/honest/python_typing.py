from collections.abc import Callable, Iterable
from typing import Generic, Literal, NamedTuple, Protocol, TypedDict, TypeVar, get_type_hints

T = TypeVar("T")


class Shape(Protocol):
    def area(self) -> float: ...


class Box(Generic[T]):
    def __init__(self, content: T) -> None:
        self.content = content


class Pair(NamedTuple):
    left: int
    right: int = 2


class Options(TypedDict, total=False):
    kind: Literal["a", "b"]


def over(values: Iterable[float], do: Callable[[float], float]) -> list[float]:
    return [do(v) for v in values]


def f(x):
    return over(Box(x[0].tolist()).content, abs), Pair(1), dict(Options(kind="a")), sorted(get_type_hints(over))
