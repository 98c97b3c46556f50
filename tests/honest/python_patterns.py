from dataclasses import dataclass


@dataclass
class Node:
    kind: str
    parts: tuple = ()


def value(tree):
    match tree:
        case int() | float():
            return tree
        case Node("sum", parts):
            return sum(map(value, parts))
        case Node(kind="product", parts=(left, right)):
            return value(left) * value(right)
        case {"negative": part, **rest} if not rest:
            return -value(part)
        case [first, *others]:
            return value(first) + len(others)
        case _:
            return None


def f(x):
    return value(Node("sum", (1, Node("product", (2, 3)), {"negative": 4}))), value([5, 6, 7]), value("?")
