"""`Holds`: a relation between the parts of an answer and its arguments."""

import ast
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.checks.form import Fault, Prepared, Setting
from grader.compare import closeness
from grader.locate import where
from grader.parts import Place, at, entry, numbers

__all__ = ["Holds", "Relation"]

_FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "sum": np.sum,
    "mean": np.mean,
    "sort": np.sort,
    "abs": np.abs,
    "transpose": np.transpose,
    "sqrt": np.sqrt,
}
_OPERATIONS = {
    ast.Add: np.add,
    ast.Sub: np.subtract,
    ast.Mult: np.multiply,
    ast.Div: np.divide,
    ast.MatMult: np.matmul,
    ast.Pow: np.power,
}


@dataclass(frozen=True)
class Holds:
    """Ask that two expressions be equal: `Holds("out == x * cache[1]")`.

    Names are the parts that the exercise returns and the parameters of the function. Written with + - * / @ **,
    indices, and the functions sum, mean, sort, abs, sqrt and transpose.
    """

    relation: str

    def arguments(self, raw: Mapping[str, Any], rng: np.random.Generator) -> None:
        """Leave the arguments as the case gives them."""

    def prepare(self, setting: Setting) -> Sequence[Prepared]:
        """Keep the relation and the arguments that it names."""
        named = {node.id for node in ast.walk(ast.parse(self.relation, mode="eval")) if isinstance(node, ast.Name)}
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
        names: dict[str, Any] = dict(self.arguments)
        if isinstance(self.returns, str):
            names[self.returns] = answers[0]
        else:
            names.update({name: at(answers[0], (i,)) for i, name in enumerate(self.returns)})
        sides = _sides(self.relation)
        with np.errstate(all="ignore"):
            left, right = (np.asarray(_value(side, names)) for side in sides)
        if left.shape != right.shape:
            return Fault(
                "relation", f"{self.relation} should hold, but the two sides have shapes {left.shape} and {right.shape}"
            )
        ratio, _ = closeness(right.astype(float), left.astype(float), 0.0)
        if not (ratio > 1).any():
            return None
        index = tuple(int(i) for i in np.unravel_index(np.argmax(ratio), ratio.shape))
        one, other = numbers(left[index].item(), right[index].item())
        texts = [ast.unparse(side) + entry(index) for side in sides]
        lie = where(ratio > 1, {})
        message = f"{self.relation} should hold, but {texts[0]} is {one} and {texts[1]} is {other}"
        return Fault("relation", message + (f" ({lie})" if lie else ""))

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


def _value(node: ast.expr, names: Mapping[str, Any]) -> Any:
    """Compute an expression of the small language that `Holds` documents."""
    match node:
        case ast.Name(id=name):
            return _wide(names[name])
        case ast.Constant(value=int() | float() as number):
            return number
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return np.negative(_value(operand, names))
        case ast.BinOp(left=left, op=operation, right=right) if type(operation) in _OPERATIONS:
            return _OPERATIONS[type(operation)](_value(left, names), _value(right, names))
        case ast.Subscript(value=value, slice=ast.Constant(value=int() | str() as step)):
            return _wide(_value(value, names)[step])
        case ast.Call(func=ast.Name(id=function), args=arguments, keywords=options) if function in _FUNCTIONS:
            chosen = {str(option.arg): _value(option.value, names) for option in options}
            return _FUNCTIONS[function](*(_value(argument, names) for argument in arguments), **chosen)
    raise ValueError(f"a relation cannot say {ast.unparse(node)!r}")
