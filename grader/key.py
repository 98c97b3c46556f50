"""The answer key of an exercise: everything that judging needs, as data.

`answer(exercise)` plays every case with the reference and with every known mistake, measures how far the reference's
numbers can be trusted, and prepares the checks. What comes out holds arguments, answers, slopes and sentences, and no
code but what learners are given anyway. Judging needs the key alone.
"""

import contextlib
import copy
import hashlib
import hmac
import inspect
import io
import warnings
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import Any

import numpy as np

from grader import apart, outcome
from grader.authoring import AuthoringError
from grader.checks import AtLeast, Check, Prepared, Random, Setting, Slope, prepared
from grader.checks.chance import Statistics
from grader.checks.consistency import Consistency
from grader.compare import ROUNDINGS
from grader.exercise import Case, Exercise, Variant
from grader.outcome import Failed, Outcome, Returned
from grader.parts import Place, leaves
from grader.worker import calls, wire

__all__ = ["Key", "KeyCase", "KeyMistake", "answer", "from_bytes", "play", "public", "to_bytes", "with_secret"]

# A key is ours, so it may be larger than a learner's reply.
LIMITS = wire.Limits(size=256 << 20, tree=32 << 20, nodes=5_000_000, keys=1_000_000)
# How inputs are rounded anew, in units of the precision: every number is scaled by a factor of its own this close to 1,
# which keeps ties, zeros and signs. An offset that numbers share does not move with them, so that what cancels shows.
JIGGLES = (5, 11, 23, 37)
# A change of more than this share of the largest entry is a jump (a tie was broken differently), not rounding.
JUMP = 1e-3
# How often a mistake draws, to be told from other mistakes: a name may be withheld, so fewer do than for a verdict.
MISTAKE_DRAWS = 50
SECONDS = 2.0


@dataclass(frozen=True)
class KeyCase:
    """One case in a key.

    `arguments` is what the function is called with, as it travels to a worker; `expected` the reference's outcome and
    `bars` the error bars of its floats; `checks` judge what equality does not; `seconds` is the CPU time that one
    call may take.
    """

    name: str
    kind: str
    hidden: bool
    summary: str
    seconds: float
    arguments: tuple[Any, ...]
    expected: Outcome
    bars: Mapping[Place, np.ndarray]
    checks: tuple[Prepared, ...]

    @cached_property
    def calls(self) -> int:
        """How many times the function is called with the arguments of this case."""
        return max((check.calls for check in self.checks), default=1)

    @property
    def large(self) -> bool:
        """Whether an argument is so large that it is drawn where it is used."""
        return any(isinstance(leaf, wire.Drawn) for _, leaf in leaves(self.arguments))

    @property
    def slopes(self) -> tuple[Slope, ...]:
        """The gradients that this case asks for and that have an entry."""
        return tuple(check for check in self.checks if isinstance(check, Slope) and check.point.size)

    @cached_property
    def plays(self) -> tuple[tuple[Any, ...], ...]:
        """The arguments of every call: `calls` times those of the case, then those beside it that a check asks for."""
        beside = (call for check in self.checks if isinstance(check, Consistency) for call in check.beside)
        return (*(self.arguments,) * self.calls, *beside)

    @cached_property
    def requests(self) -> tuple[bytes, ...]:
        """The same as messages to a worker; for a class they are made once."""
        alike = wire.encode(self.arguments, LIMITS)
        return (*(alike,) * self.calls, *(wire.encode(call, LIMITS) for call in self.plays[self.calls :]))


@dataclass(frozen=True)
class KeyMistake:
    """A known mistake: what to say, its outcomes case by case and call by call, and what its random parts are like."""

    name: str
    message: str
    outcomes: Mapping[str, tuple[Outcome, ...]]
    chances: Mapping[str, tuple[Statistics, ...]]


@dataclass(frozen=True)
class Key:
    """The answer key of one exercise."""

    name: str
    topic: str
    title: str
    stub: str
    points: int
    difficulty: int
    needs: tuple[str, ...]
    uses: tuple[str, ...]
    hints: tuple[str, ...]
    parameters: tuple[str, ...]
    returns: tuple[str, ...] | str
    changes: tuple[int, ...]
    free: tuple[int, ...]
    drive: str | None
    given: str
    pictures: tuple[tuple[str, str, str], ...]
    drawing: str
    banned: tuple[str, ...]
    why: str
    lesson: str
    cases: tuple[KeyCase, ...]
    mistakes: Sequence[KeyMistake]

    @property
    def gradients(self) -> list[KeyCase]:
        """The cases that may be shown and ask for a gradient."""
        return [case for case in self.cases if case.slopes and not case.hidden]

    @property
    def drawn(self) -> bool:
        """Whether there is a picture: one of its author's, or that of a gradient."""
        return bool(self.pictures or self.gradients)


# --- computing -----------------------------------------------------------------------------------------------------


def answer(exercise: Exercise) -> Key:
    """Return the key of `exercise`.

    Raises:
        AuthoringError: a case cannot be made, or the reference fails at it.
    """
    cases = tuple(_case(exercise, case, "") for case in exercise.cases)
    mistakes = _mistakes(exercise, cases, "")
    copied = {field.name: getattr(exercise, field.name) for field in fields(Key) if hasattr(exercise, field.name)}
    changes = tuple(exercise.parameters.index(name) for name in exercise.changes)
    return Key(**{**copied, "changes": changes, "cases": cases, "mistakes": mistakes})


def with_secret(exercise: Exercise, public: Key, secret: str) -> Key:
    """Return the key of `exercise` with hidden cases of a class's own; all that learners see is as in `public`.

    Args:
        exercise: whose key it is.
        public: its key without a secret.
        secret: what the numbers of hidden cases are drawn from.

    Raises:
        AuthoringError: a hidden case cannot be made, or the reference fails at it.
    """
    own = {case.name: _case(exercise, case, secret) for case in exercise.cases if case.hidden}
    anew = _mistakes(exercise, tuple(own.values()), secret)
    mistakes = tuple(
        replace(old, outcomes={**old.outcomes, **new.outcomes}, chances={**_shown(old.chances, own), **new.chances})
        for old, new in zip(public.mistakes, anew, strict=True)
    )
    return replace(public, cases=tuple(own.get(case.name, case) for case in public.cases), mistakes=mistakes)


def public(key: Key) -> Key:
    """Return the key as learners may have it: no hidden case, and nothing of what mistakes answer there."""
    hidden = {case.name for case in key.cases if case.hidden}
    mistakes = tuple(
        replace(one, outcomes=_shown(one.outcomes, hidden), chances=_shown(one.chances, hidden)) for one in key.mistakes
    )
    return replace(key, cases=tuple(case for case in key.cases if not case.hidden), mistakes=mistakes)


def _shown(found: Mapping[str, Any], hidden: Collection[str]) -> dict[str, Any]:
    return {name: one for name, one in found.items() if name not in hidden}


def _mistakes(exercise: Exercise, cases: Sequence[KeyCase], secret: str) -> tuple[KeyMistake, ...]:
    """Play every known mistake at the cases."""
    large = _played_apart(exercise, exercise.mistakes, [case for case in cases if case.large])
    return tuple(
        _mistake(exercise, mistake, cases, secret, outcomes)
        for mistake, outcomes in zip(exercise.mistakes, large, strict=True)
    )


def play(exercise: Exercise, variant: Variant, case: KeyCase) -> tuple[Outcome, ...]:
    """Return what an author's own function answers to a case, through the code that calls learners' functions.

    The global generators start anew before the case and not before every call, as in a worker: a function that draws
    from them without the seed it was given shows itself in the second call.
    """
    if case.large and any(variant.function is own.function for own in (*exercise.alternatives, *exercise.mistakes)):
        return _played_apart(exercise, [variant], [case])[0][case.name]
    player = _player(exercise, variant.function, anew=False)
    calls.reseed()
    return tuple(player(arguments) for arguments in case.plays)


def _played_apart(
    exercise: Exercise, variants: Sequence[Variant], cases: Sequence[KeyCase]
) -> list[dict[str, tuple[Outcome, ...]]]:
    """Return for each variant its outcomes at large cases, by case, from a process of their own."""
    asked = [(arguments, case.seconds) for case in cases for arguments in case.plays]
    if not asked or not variants:
        return [{} for _ in variants]
    found = []
    for replies in apart.play(exercise, variants, asked):
        outcomes = iter([outcome.from_plain(reply) for reply in replies])
        found.append({case.name: tuple(next(outcomes) for _ in case.plays) for case in cases})
    return found


def _mistake(
    exercise: Exercise,
    mistake: Variant,
    cases: Sequence[KeyCase],
    secret: str,
    large: Mapping[str, tuple[Outcome, ...]],
) -> KeyMistake:
    outcomes = {case.name: large.get(case.name) or play(exercise, mistake, case) for case in cases}
    # A mistake that does not heed the seed has to vary from draw to draw, too.
    runner = _runner(exercise, mistake.function, anew=False)
    calls.reseed()
    chances = {}
    plans = {plan.name: plan for plan in exercise.cases}
    for case in cases:
        plan = plans[case.name]
        checks = [check for check in (*exercise.checks, *plan.checks) if isinstance(check, Random)]
        first = outcomes[case.name][0]
        if checks and isinstance(first, Returned):
            rng = _rng(exercise.name, case.name, secret)
            setting = _setting(exercise, {}, case.arguments, first, {}, runner, rng)
            try:
                found = tuple(ready for check in checks for ready in check.moments(setting, MISTAKE_DRAWS))
            except (AuthoringError, LookupError, ValueError, TypeError):
                continue  # an answer without the random part has no statistics; its form tells it apart
            chances[case.name] = found
    return KeyMistake(mistake.name, mistake.message, outcomes, chances)


def _player(exercise: Exercise, function: Callable[..., Any], anew: bool = True) -> Callable[[Sequence[Any]], Outcome]:
    loaded = _loaded(exercise, function)

    def player(arguments: Sequence[Any]) -> Outcome:
        message = wire.encode(tuple(arguments), LIMITS)
        if anew:
            calls.reseed()
        with np.errstate(all="ignore"), _unheard():
            reply = calls.call(loaded, message)
        return outcome.from_plain(wire.decode(reply, LIMITS))

    return player


@contextlib.contextmanager
def _unheard() -> Iterator[None]:
    """Keep from the terminal what a mistake prints, and what it is warned of."""
    with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings(action="ignore"):
        yield


def _runner(exercise: Exercise, function: Callable[..., Any], anew: bool = True) -> Callable[[Sequence[Any]], Any]:
    """Return a way to call one of the author's functions many times: its plain answer, without a message in between."""
    loaded = _loaded(exercise, function)

    def runner(arguments: Sequence[Any]) -> Any:
        if anew:
            calls.reseed()
        try:
            with np.errstate(all="ignore"), _unheard():
                return calls.invoke(loaded, calls.revive(loaded, copy.deepcopy(tuple(arguments))))
        except Exception as fault:
            raise AuthoringError(f"{exercise.path}: {function.__name__} fails beside a case: {fault!r}") from fault

    return runner


def _loaded(exercise: Exercise, function: Callable[..., Any]) -> calls.Loaded:
    path = inspect.getfile(function)
    return calls.Loaded(function, calls.given(exercise.given), exercise.drive, path, exercise.free)


def _rng(exercise: str, case: str, secret: str) -> np.random.Generator:
    """Seeded by the names and a class's secret alone, so that a new case changes no other."""
    named = "\0".join(("", exercise, case)).encode()
    digest = hmac.digest(secret.encode(), named, "sha256") if secret else hashlib.sha256(named).digest()
    return np.random.default_rng(int.from_bytes(digest[:16], "big"))


def _case(exercise: Exercise, case: Case, secret: str) -> KeyCase:
    where = f"{exercise.path}, case {case.name}"
    rng = _rng(exercise.name, case.name, secret)
    checks = (*exercise.checks, *case.checks)
    try:
        raw = dict(case.make(rng))
        arguments = _arguments(exercise, checks, raw, rng)
        player = _player(exercise, exercise.reference)
        expected = player(arguments)
        if isinstance(expected, Failed) and expected.kind != "exception":
            raise AuthoringError(f"{where}: the reference fails: {expected.kind} {expected.where} {expected.message}")
        if isinstance(expected, Failed) and expected.type not in (exercise.reference.__doc__ or ""):
            raise AuthoringError(
                f"{where}: the reference raises {expected.type}: {expected.message}. Its docstring does not say so."
            )
        bars = _bars(player, arguments, expected)
        ready: tuple[Prepared, ...] = ()
        if isinstance(expected, Returned):
            runner = _runner(exercise, exercise.reference)
            setting = replace(_setting(exercise, raw, arguments, expected, bars, runner, rng), hidden=case.hidden)
            ready = tuple(one for check in checks for one in check.prepare(setting))
    except AuthoringError:
        raise
    except Exception as fault:
        raise AuthoringError(f"{where}: {type(fault).__name__}: {fault}") from fault
    kind, seconds = "edge" if case.edge else "core", case.seconds or SECONDS
    return KeyCase(case.name, kind, case.hidden, case.summary, seconds, arguments, expected, bars, ready)


def _arguments(
    exercise: Exercise, checks: Sequence[Check], raw: Mapping[str, Any], rng: np.random.Generator
) -> tuple[Any, ...]:
    for check in checks:
        arguments = check.arguments(raw, rng)
        if arguments is not None:
            return _wired(arguments)
    facts = {name for check in checks if isinstance(check, AtLeast) for name in check.facts}
    raw = {name: value for name, value in raw.items() if name in exercise.parameters or name not in facts}
    known = exercise.parameters
    # Parameters with a default may be left out, from the end.
    missing = [name for name in known if name not in raw]
    needed = {
        name for name, parameter in inspect.signature(exercise.reference).parameters.items() if _needed(parameter)
    }
    if set(raw) - set(known) or missing != list(known[len(raw) :]) or needed & set(missing):
        raise AuthoringError(f"{exercise.path}: a case gives {list(raw)}, the function takes {list(known)}.")
    return _wired(tuple(raw[name] for name in known if name in raw))


def _needed(parameter: inspect.Parameter) -> bool:
    return parameter.default is parameter.empty and parameter.kind is parameter.POSITIONAL_OR_KEYWORD


def _wired(arguments: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return the arguments as they arrive at the other end: base types, nothing shared."""
    return tuple(wire.decode(wire.encode(arguments, LIMITS), LIMITS))


def _setting(
    exercise: Exercise,
    raw: Mapping[str, Any],
    arguments: tuple[Any, ...],
    expected: Returned,
    bars: Mapping[Place, np.ndarray],
    runner: Callable[[Sequence[Any]], Any],
    rng: np.random.Generator,
) -> Setting:
    return Setting(raw, arguments, exercise.parameters, exercise.returns, expected.value, bars, runner, rng)


def _bars(
    player: Callable[[Sequence[Any]], Outcome], arguments: tuple[Any, ...], expected: Outcome
) -> dict[Place, np.ndarray]:
    """Return how far every float of the reference's answer moves when its input is rounded differently, by place."""
    if isinstance(expected, Failed):
        return {}
    nothing = _nothing(arguments)
    bars = {place: np.full(leaf.shape, 0.0 if leaf.any() else nothing) for place, leaf in _floats(expected.value)}
    if not any(isinstance(leaf, np.ndarray) and leaf.dtype.kind in "fc" for _, leaf in leaves(arguments)):
        return bars  # nothing that could be rounded differently
    for step in JIGGLES:
        moved = player(_jiggled(arguments, step))
        if isinstance(moved, Failed):
            continue
        for place, leaf in _floats(moved.value):
            if place in bars and bars[place].shape == leaf.shape:
                bars[place] = np.maximum(bars[place], _rounding(dict(_floats(expected.value))[place], leaf))
    return bars


def _nothing(arguments: tuple[Any, ...]) -> float:
    """Return the bar of a part that is exactly 0 everywhere and so has no size of its own to lend its rounding.

    A few roundings of the largest number in the arrays that came in, or of 1 where that is smaller.
    """
    arrays = [leaf for _, leaf in leaves(arguments) if isinstance(leaf, np.ndarray) and leaf.dtype.kind == "f"]
    sizes = [np.max(np.abs(leaf), initial=0.0, where=np.isfinite(leaf)) for leaf in arrays]
    return float(8 * np.finfo(float).eps / ROUNDINGS * min([1.0, max(sizes, default=1.0)]))


def _floats(value: Any) -> list[tuple[Place, np.ndarray]]:
    found = [
        (place, np.asarray(leaf)) for place, leaf in leaves(value) if isinstance(leaf, (float, complex, np.ndarray))
    ]
    return [(place, leaf) for place, leaf in found if leaf.dtype.kind in "fc"]


def _rounding(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    with np.errstate(all="ignore"):
        moved = np.abs(other.astype(complex) - one)
        size = np.max(np.abs(one), initial=0.0, where=np.isfinite(one))
    return np.where(np.isfinite(moved) & (moved <= JUMP * size), moved, 0.0)


def _jiggled(arguments: Any, step: int) -> Any:
    """Return a copy in which every float of an array is scaled by up to 1 + step * eps, equal ones equally."""
    if isinstance(arguments, (tuple, list)):
        return type(arguments)(_jiggled(part, step) for part in arguments)
    if isinstance(arguments, dict):
        return {key: _jiggled(part, step) for key, part in arguments.items()}
    if isinstance(arguments, np.ndarray) and arguments.dtype.kind in "fc":
        # A fraction that follows from the number alone, and is another one for its neighbours: the last digits of a
        # large multiple of its mantissa.
        fraction = np.modf(np.frexp(np.abs(arguments).astype(float))[0] * step * 1.6180339887498949e12)[0]
        scale = 1 + (2 * fraction - 1) * step * np.finfo(arguments.dtype).eps
        with np.errstate(all="ignore"):
            return (arguments * scale).astype(arguments.dtype)
    return copy.copy(arguments)


# --- saving --------------------------------------------------------------------------------------------------------


def to_bytes(key: Key) -> bytes:
    """Return the key as one message of the wire format."""
    plain = {field.name: getattr(key, field.name) for field in fields(Key)}
    plain["cases"] = [_case_plain(case) for case in key.cases]
    mistakes = wire.encode([_mistake_plain(mistake) for mistake in key.mistakes], LIMITS)
    plain["mistakes"] = np.frombuffer(mistakes, np.uint8)
    return wire.encode(plain, LIMITS)


def from_bytes(data: bytes) -> Key:
    """Return the key that `data` holds; its mistakes are decoded when they are asked for.

    Raises:
        ValueError: the bytes are not a key of this version.
    """
    try:
        plain = wire.decode(data, LIMITS)
        plain["cases"] = tuple(_case_of(case) for case in plain["cases"])
        plain["mistakes"] = _Mistakes(plain["mistakes"].tobytes())
        return Key(**plain)
    except (TypeError, KeyError, AttributeError) as fault:
        raise ValueError(f"not an answer key of this version: {type(fault).__name__} {fault}") from None


class _Mistakes(Sequence[KeyMistake]):
    """The mistakes of a key that was read, decoded when somebody asks: a right answer never does."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    @cached_property
    def _all(self) -> tuple[KeyMistake, ...]:
        return tuple(_mistake_of(plain) for plain in wire.decode(self._data, LIMITS))

    def __len__(self) -> int:
        return len(self._all)

    def __getitem__(self, place: Any) -> Any:
        return self._all[place]


def _all_plain(outcomes: Sequence[Outcome]) -> list[Any]:
    return [outcome.to_plain(one) for one in outcomes]


def _all_of(plain: Sequence[Any]) -> tuple[Outcome, ...]:
    return tuple(outcome.from_plain(one) for one in plain)


def _mistake_plain(mistake: KeyMistake) -> dict[str, Any]:
    outcomes = {name: _all_plain(found) for name, found in mistake.outcomes.items()}
    chances = {name: [chance.plain() for chance in found] for name, found in mistake.chances.items()}
    return {"name": mistake.name, "message": mistake.message, "outcomes": outcomes, "chances": chances}


def _mistake_of(plain: dict[str, Any]) -> KeyMistake:
    outcomes = {name: _all_of(found) for name, found in plain["outcomes"].items()}
    chances = {name: tuple(Statistics.of(one) for one in found) for name, found in plain["chances"].items()}
    return KeyMistake(plain["name"], plain["message"], outcomes, chances)


def _case_plain(case: KeyCase) -> dict[str, Any]:
    plain = {field.name: getattr(case, field.name) for field in fields(KeyCase)}
    checks = [check.plain() for check in case.checks]
    return {**plain, "expected": outcome.to_plain(case.expected), "bars": dict(case.bars), "checks": checks}


def _case_of(plain: dict[str, Any]) -> KeyCase:
    checks = tuple(prepared(check) for check in plain["checks"])
    return KeyCase(**{**plain, "expected": outcome.from_plain(plain["expected"]), "checks": checks})
