"""`Holds`, `AtLeast` and `AtMost`: relations between the parts of an answer and its arguments, in a small language.

An expression names the parts that the exercise returns and the parameters of the function. It is written with
+ - * / @ **, indices, and the functions sum, mean, sort, abs, sqrt, transpose and share (of two arrays: the share of
the entries in which they are equal).
"""

import ast
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.checks.form import Fault, Prepared, Setting
from grader.compare import FLOOR, ROUNDINGS, closeness
from grader.locate import where
from grader.messages import say
from grader.parts import Place, at, entry, leaves, numbers

__all__ = ["AtLeast", "AtMost", "Bound", "Holds", "Relation"]

_FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "sum": np.sum,
    "mean": np.mean,
    "sort": np.sort,
    "abs": np.abs,
    "transpose": np.transpose,
    "sqrt": np.sqrt,
    "share": lambda one, other: np.mean(np.asarray(one) == np.asarray(other)),
}
_OPERATIONS = {
    ast.Add: np.add,
    ast.Sub: np.subtract,
    ast.Mult: np.multiply,
    ast.Div: np.divide,
    ast.MatMult: np.matmul,
    ast.Pow: np.power,
}
# For the size of what is added up, whatever cancels.
_POSITIVE = {**_OPERATIONS, ast.Sub: np.add}


@dataclass(frozen=True)
class Holds:
    """Ask that two expressions be equal: `Holds("out == x * cache[1]")`."""

    relation: str

    def arguments(self, raw: Mapping[str, Any], rng: np.random.Generator) -> None:
        """Leave the arguments as the case gives them."""

    def prepare(self, setting: Setting) -> Sequence[Prepared]:
        """Keep the relation and the arguments that it names."""
        named = _named(self.relation)
        arguments = dict(zip(setting.parameters, setting.arguments, strict=False))  # defaults may be left out
        relation = Relation(self.relation, setting.returns, {n: v for n, v in arguments.items() if n in named})
        fault = relation.fault([setting.answer(setting.arguments)])
        if fault is not None:
            raise ValueError(f"the reference itself does not keep {self.relation!r}: {fault.message}")
        return [relation]


@dataclass(frozen=True)
class Relation:
    """A relation in a key, with the arguments that it speaks of."""

    relation: str
    returns: tuple[str, ...] | str
    arguments: Mapping[str, Any]
    calls: int = 1
    places: frozenset[Place] = frozenset()

    def fault(self, answers: Sequence[Any]) -> Fault | None:
        """Say where the relation does not hold."""
        names = _names(self.arguments, self.returns, answers[0])
        sides = _sides(self.relation)
        with np.errstate(all="ignore"):
            left, right = (np.asarray(_value(side, names)) for side in sides)
        if left.shape != right.shape:
            shapes = say(
                "{relation} should hold, but the two sides have shapes {left} and {right}",
                relation=self.relation,
                left=left.shape,
                right=right.shape,
            )
            return Fault("relation", shapes)
        ratio = _ratio(left, right, sides, names)
        if not (ratio > 1).any():
            return None
        index = tuple(int(i) for i in np.unravel_index(np.argmax(ratio), ratio.shape))
        one, other = numbers(left[index].item(), right[index].item())
        texts = [ast.unparse(side) + entry(index) for side in sides]
        message = say(
            "{relation} should hold, but {left} is {one} and {right} is {other}",
            relation=self.relation,
            left=texts[0],
            one=one,
            right=texts[1],
            other=other,
        )
        return Fault("relation", f"{message} {where(ratio > 1, {})}".rstrip())

    def plain(self) -> dict[str, Any]:
        """Return the relation as plain data."""
        return {
            "kind": "relation",
            "relation": self.relation,
            "returns": self.returns,
            "arguments": dict(self.arguments),
        }

    @classmethod
    def of(cls, plain: Mapping[str, Any]) -> "Relation":
        """Build the relation again."""
        return cls(plain["relation"], plain["returns"], plain["arguments"])


@dataclass(frozen=True)
class AtLeast:
    """Ask that a number reach a target: `AtLeast("share(labels, y_test)", 0.965)`.

    The parts that the expression names are judged by it alone and not compared with the reference's: what a learner's
    own training finds is their affair as long as it is good enough. Names that are neither parts nor parameters are
    further facts that the case gives; they stay in the key, and the function never sees them.
    """

    expression: str
    target: float

    @property
    def facts(self) -> frozenset[str]:
        """The names in the expression, among which the case's further facts are."""
        return frozenset(_named(self.expression))

    def arguments(self, raw: Mapping[str, Any], rng: np.random.Generator) -> None:
        """Leave the arguments as the case gives them."""

    def prepare(self, setting: Setting) -> Sequence[Prepared]:
        """Keep the expression and what it names."""
        return [_bound(setting, self.expression, self.target, 1)]


@dataclass(frozen=True)
class AtMost(AtLeast):
    """Ask that a number stay at or below a target: `AtMost("mean(cost)", 128.0)`. Otherwise as `AtLeast`."""

    def prepare(self, setting: Setting) -> Sequence[Prepared]:
        """Keep the expression and what it names."""
        return [_bound(setting, self.expression, self.target, -1)]


def _bound(setting: Setting, expression: str, target: float, direction: int) -> "Bound":
    parts = (setting.returns,) if isinstance(setting.returns, str) else setting.returns
    named = _named(expression)
    known = {**setting.raw, **dict(zip(setting.parameters, setting.arguments, strict=False))}
    unknown = named - set(known) - set(parts)
    if unknown or not named & set(parts):
        raise ValueError(f"{expression!r} names {', '.join(sorted(unknown)) or 'no part'} of the answer")
    places = [(() if isinstance(setting.returns, str) else (parts.index(name),)) for name in parts if name in named]
    facts = {name: known[name] for name in sorted(named - set(parts))}
    bound = Bound(expression, target, direction, setting.returns, facts, frozenset(places))
    fault = bound.fault([setting.expected])
    if fault is not None:
        raise ValueError(f"the reference itself misses a target: {fault.message}")
    return bound


@dataclass(frozen=True)
class Bound:
    """A target in a key, with the facts that it is measured by; `direction` 1 asks for at least, -1 for at most."""

    expression: str
    target: float
    direction: int
    returns: tuple[str, ...] | str
    facts: Mapping[str, Any]
    places: frozenset[Place]
    calls: int = 1

    def fault(self, answers: Sequence[Any]) -> Fault | None:
        """Say by how much the target is missed."""
        with np.errstate(all="ignore"):
            value = np.asarray(_value(ast.parse(self.expression, mode="eval").body, self._names(answers[0])), float)
        if value.size != 1:
            several = say(
                "{expression} should be one number, and has shape {shape}",
                expression=self.expression,
                shape=value.shape,
            )
            return Fault("target", several)
        found = float(value.reshape(()))
        if found == self.target or (np.isfinite(found) and (found - self.target) * self.direction > 0):
            return None
        yours, target = numbers(found, self.target)
        return Fault("target", self._missed(yours, target))

    def _missed(self, yours: str, target: str) -> str:
        if self.direction > 0:
            return say(
                "{expression} is {yours}, at least {target} is asked for",
                expression=self.expression,
                yours=yours,
                target=target,
            )
        return say(
            "{expression} is {yours}, at most {target} is asked for",
            expression=self.expression,
            yours=yours,
            target=target,
        )

    def _names(self, answer: Any) -> dict[str, Any]:
        return _names(self.facts, self.returns, answer)

    def plain(self) -> dict[str, Any]:
        """Return the target as plain data."""
        names = ("expression", "target", "direction", "returns", "facts")
        return {
            "kind": "bound",
            **{name: getattr(self, name) for name in names},
            "facts": dict(self.facts),
            "places": sorted(self.places),
        }

    @classmethod
    def of(cls, plain: Mapping[str, Any]) -> "Bound":
        """Build the target again."""
        fields = {name: value for name, value in plain.items() if name != "kind"}
        return cls(**{**fields, "places": frozenset(tuple(place) for place in plain["places"])})


def _named(expression: str) -> set[str]:
    """Return the names in an expression but those of its functions."""
    found = {node.id for node in ast.walk(ast.parse(expression, mode="eval")) if isinstance(node, ast.Name)}
    return found - set(_FUNCTIONS)


def _names(arguments: Mapping[str, Any], returns: tuple[str, ...] | str, answer: Any) -> dict[str, Any]:
    """Return what the names of an expression stand for."""
    if isinstance(returns, str):
        return {**arguments, returns: answer}
    return {**arguments, **{name: at(answer, (i,)) for i, name in enumerate(returns)}}


def _ratio(left: np.ndarray, right: np.ndarray, sides: Sequence[ast.expr], names: Mapping[str, Any]) -> np.ndarray:
    """Return how far apart the two sides are, in units of what rounding explains.

    What has cancelled out on the way keeps the rounding of its terms, so the bar comes from the same expressions with
    all numbers and signs made positive.
    """
    arrays = [leaf for _, leaf in leaves(list(names.values())) if isinstance(leaf, np.ndarray)]
    width = min([leaf.dtype.itemsize for leaf in arrays if leaf.dtype.kind == "f"] + [8])
    sizes = {name: _positive(value) for name, value in names.items()}
    with np.errstate(all="ignore"):
        terms = [np.abs(np.asarray(_value(side, sizes, _POSITIVE), float)) for side in sides]
    bar = FLOOR * np.finfo(f"f{width}").eps / ROUNDINGS * np.nan_to_num(np.maximum(*terms), posinf=0.0)
    as_wide = np.float32 if width == 4 else float
    return closeness(right.astype(as_wide), left.astype(as_wide), bar)[0]


def _positive(value: Any) -> Any:
    """Return a copy in which no number is negative."""
    if isinstance(value, (tuple, list)):
        return type(value)(_positive(part) for part in value)
    if isinstance(value, dict):
        return {key: _positive(part) for key, part in value.items()}
    numeric = isinstance(value, (bool, int, float)) or (isinstance(value, np.ndarray) and value.dtype.kind in "biuf")
    return np.abs(value) if numeric else value


def _sides(relation: str) -> tuple[ast.expr, ast.expr]:
    match ast.parse(relation, mode="eval").body:
        case ast.Compare(left=left, ops=[ast.Eq()], comparators=[right]):
            return left, right
    raise ValueError(f"a relation is of the form left == right, which {relation!r} is not")


def _wide(value: Any) -> Any:
    """Return numbers as floats: the whole numbers and truth values of an answer do not wrap or refuse to subtract."""
    if isinstance(value, (bool, int)) or (isinstance(value, np.ndarray) and value.dtype.kind in "biu"):
        return np.asarray(value, float)
    return value


def _value(
    node: ast.expr, names: Mapping[str, Any], operations: Mapping[type[ast.operator], Callable[..., Any]] = _OPERATIONS
) -> Any:
    """Compute an expression of the small language that this module documents."""

    def value(part: ast.expr) -> Any:
        return _value(part, names, operations)

    match node:
        case ast.Name(id=name):
            return _wide(names[name])
        case ast.Constant(value=int() | float() as number):
            return number
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return value(operand) if operations is _POSITIVE else np.negative(value(operand))
        case ast.BinOp(left=left, op=operation, right=right) if type(operation) in operations:
            return operations[type(operation)](value(left), value(right))
        case ast.Subscript(value=whole, slice=ast.Constant(value=int() | str() as step)):
            return _wide(value(whole)[step])
        case ast.Call(func=ast.Name(id=function), args=arguments, keywords=options) if function in _FUNCTIONS:
            chosen = {str(option.arg): value(option.value) for option in options}
            return _FUNCTIONS[function](*map(value, arguments), **chosen)
    raise ValueError(f"a relation cannot say {ast.unparse(node)!r}")
