import dataclasses
from dataclasses import dataclass, field


@dataclass(frozen=True, order=True)
class Point:
    x: float
    y: float = 0.0
    tags: list = field(default_factory=list, compare=False)


def f(x):
    points = sorted(Point(a, b) for a, b, _ in x.tolist())
    return (
        [dataclasses.astuple(p) for p in points],
        repr(points[0]),
        dataclasses.asdict(dataclasses.replace(points[1], y=2.0)),
    )
