"""All that people read goes through `grader.messages`, as whole sentences, so that it can be said in any language."""

import ast
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from grader import grading
from grader.checks.chance import VARIATION, Statistics
from grader.checks.relation import Bound, Relation
from grader.checks.slope import Slope
from grader.checks.symmetry import Symmetry
from grader.evidence import evidence
from grader.gradcheck import explain, slopes
from grader.judge import Verdict, judge
from grader.key import Key
from grader.library import Library
from grader.locate import where
from grader.messages import say, say_marked, speaking
from grader.misfit import misfit
from grader.outcome import Failed, Returned, from_plain
from grader.sandbox import source
from grader.sentences import failure
from grader.unsendable import unsendable
from grader.worker.wire import Unsendable, encode
from tests.spoken import GRADER, Brackets, calls, unsaid
from tests.test_compare import MISFITS
from tests.test_judge import PLAIN, TRIED
from tests.test_locate import LIES
from tests.test_sentences import SENTENCES
from tests.test_wire import REFUSED
from tests.toys import key, key_case, lay

LIBRARY = Library(Path(__file__).parent.parent)
# What the whole answer is called, like the names of its parts at the beginning of a sentence.
ALL = "⟦your answer⟧"
# Of every topic, and with every kind of check.
SAMPLE = (
    *("one_hot", "relu_and_gate", "logsumexp", "rel_error", "power_iteration", "affine_backward", "batchnorm_forward"),
    *("dropout_forward", "softmax_loss", "svm_loss", "ridge_fit", "pca_fit", "roc_auc", "factor_product", "crf_nll"),
    *("max_pool_backward_naive", "group_rates", "fraud_threshold", "two_layer_step"),
)


# --- the code ------------------------------------------------------------------------------------------------------


def test_whatever_is_said_is_a_plain_text_that_a_catalogue_can_gather():
    assert len(calls()) > 200
    assert [call for call in calls() if None in call.sentences or not call.known] == []


def test_every_gap_of_a_sentence_is_filled_by_its_name_and_nothing_else_is_given():
    # `said` marks a sentence of the gradient checker, whose gaps are filled later.
    assert [call for call in calls() if call.function != "said" and call.wanted != call.gaps] == []


def test_nothing_is_said_inside_of_a_text():
    """Tools that gather sentences do not look into f-strings."""
    trees = {file: ast.parse(file.read_text(encoding="utf-8")) for file in GRADER.rglob("*.py")}
    inside = [
        (file.name, node.lineno)
        for file, tree in trees.items()
        for text in ast.walk(tree)
        if isinstance(text, ast.JoinedStr)
        for node in ast.walk(text)
        if isinstance(node, ast.Name) and node.id in ("say", "say_count")
    ]

    assert inside == []


def test_only_what_the_gradient_checker_has_marked_is_said_as_data():
    users = {file.stem for file in GRADER.rglob("*.py") if "say_marked(" in file.read_text(encoding="utf-8")}

    assert users == {"messages", "diagnosis"}


def test_what_is_said_in_another_thread_is_said_in_the_language_of_this_one(tmp_path, monkeypatch):
    lay(tmp_path)
    (tmp_path / "assignments" / "01_toys" / "triple.py").write_text("def triple(x):\n    return x\n")

    class Play(grading.Play):
        def begin(self):
            self.said = say("Stop.")

        def outcomes(self):
            return {one.name: (Failed("source", self.said),) for one in self._key.cases}

    monkeypatch.setattr(grading, "Play", Play)

    with speaking(Brackets()):
        (found,) = grading.grade(Library(tmp_path), ["triple"], sandbox=None)

    assert [finding.message for finding in found.findings] == ["⟦Stop.⟧"]


# --- findings ------------------------------------------------------------------------------------------------------


@cache
def key_of(name: str) -> Key:
    return LIBRARY.key(name)


def pythons(outcomes) -> set[str]:
    """What Python has said of exceptions, blanks folded."""
    failed = [one for of_case in outcomes.values() for one in of_case if isinstance(one, Failed)]
    return {" ".join(text.split()) for one in failed for text in (f"{one.type}: {one.message}", one.type)}


def bypassing(verdict: Verdict, outcomes) -> list[str]:
    """The words of the findings that were not said as whole sentences; Python's own and the author's may be there."""
    quoted = {ALL, *pythons(outcomes)}
    gradient = verdict.diagnosis and verdict.diagnosis.kind == "gradient"
    texts = [finding.message for finding in verdict.findings] + ([verdict.diagnosis.message] if gradient else [])
    return [word for text in (*texts, *verdict.evidence) for word in unsaid(text, quoted)]


@pytest.mark.parametrize("name", SAMPLE)
def test_every_finding_of_every_known_mistake_is_made_of_whole_sentences(name):
    with speaking(Brackets()):
        verdicts = [(judge(key_of(name), one.outcomes), one.outcomes) for one in key_of(name).mistakes]

    assert verdicts
    assert all(verdict.findings for verdict, _ in verdicts)
    assert [word for verdict, outcomes in verdicts for word in bypassing(verdict, outcomes)] == []


@pytest.mark.parametrize("kind", SENTENCES)
def test_every_failure_is_told_in_whole_sentences(kind):
    failed, _ = SENTENCES[kind]
    quoted = [f"{failed.type}: {failed.message}", failed.type, failed.message, *(text for _, text, _ in failed.lines)]

    with speaking(Brackets()):
        text = failure(failed, "f", ("x", "n"))

    assert unsaid(text, [*quoted, *(text.strip() for text in quoted)]) == []


def misfits() -> list[str]:
    """What is said of every form of an answer that does not fit."""
    found = [misfit(expected, answer) for expected, answer, _ in MISFITS.values()]
    return [one.of("y") for one in found if one is not None]


def refusals() -> list[str]:
    """What is said of every value that cannot be sent."""
    said = []
    for value, _ in REFUSED.values():
        try:
            encode(value)
        except Unsendable as refused:
            said.append(unsendable(Failed("unsendable", refused.detail, refused.reason, where=refused.where)))
    return said


def wrong_gradients() -> Iterator[tuple[str, np.ndarray]]:
    """The slopes of a sine, each time spoiled by another usual mistake; and what is said of it first."""
    v, x, u = MEASURED.value, POINT, UPSTREAM
    for c in (-1.0, 2.0, 0.5, 1.37, 3.0, 1 / 3, 24.0, 4 / 3, 1 + 3e-6):
        yield f"{c}", c * v
    yield "nothing", 0 * v
    yield "no number", np.where(x == x.max(), np.nan, v)
    yield "an entry", np.where(x == x.max(), 2 * v, v)
    yield "a row", v * np.array([[1.0], [1.0], [0.0]])
    yield "a column, twice", v * np.array([1.0, 2.0, 1.0, 1.0])
    yield "where x", np.where(x > 0, v, 0)
    yield "where x, turned", np.where(x > 0, v, -v)
    yield "where the upstream gradient", np.where(u > 0, v, 0)
    yield "where the slope", np.where(v > 0, v, 3 * v)
    yield "reversed", v[::-1]
    yield "reversed on both axes, negative", -v[::-1, ::-1]
    yield "shifted", np.roll(v, 1, 1)
    yield "filled by columns", v.T.reshape(v.shape)
    yield "transposed", v.T
    yield "flat", v.ravel()
    yield "not summed", np.stack([0.25 * v, 0.75 * v])
    yield "without x", v - 0.3 * x
    yield "without the sign of x", v - 0.25 * np.sign(x)
    yield "without a constant", v - 1
    yield "without the upstream gradient", v - u
    yield "without its mean", v + 0.5 * v.mean(0)
    for part in (x - x.mean(0), x):
        yield "without a part along x", v + 0.5 * part * np.sum(part * v, 0) / np.sum(part * part, 0)


CUBE = np.random.default_rng(3).normal(size=(3, 3, 3))
POINT = np.random.default_rng(40).normal(size=(3, 4))
UPSTREAM = np.random.default_rng(6).uniform(0.5, 1.5, POINT.shape) * np.where(POINT.mean() < POINT, 1, -1)
UPSTREAM[0] *= -1
MEASURED = slopes(np.sin, POINT, UPSTREAM)


def explanations() -> Iterator[str]:
    """What is said of the pattern of the errors of every usual wrong gradient."""
    cube = slopes(np.sin, CUBE, np.ones_like(CUBE))
    found = [explain(wrong, MEASURED, x=POINT, upstream=UPSTREAM) for _, wrong in wrong_gradients()]
    found.append(explain(cube.value.transpose(0, 2, 1), cube, x=CUBE))
    found.append(explain(np.where(MEASURED.value > 0, MEASURED.value, 3.0), MEASURED, x=POINT))
    for one in found:
        assert one is not None
        yield from (say_marked(words, {"x": "w", **one.fit}) for words in one.words)


def faults_of_checks() -> Iterator[str]:
    """What checks say of answers that the sample of mistakes does not give."""
    nothing = np.zeros(2)
    for check, answer in (
        (Relation("y == x", "y", {"x": nothing}), np.ones(3)),
        (Bound("y", 1.0, 1, "y", {}, frozenset({()})), 0.5),
        (Bound("y", 1.0, -1, "y", {}, frozenset({()})), 1.5),
        (Bound("y", 1.0, -1, "y", {}, frozenset({()})), nothing),
        (Statistics((), "y", ("mean",), np.array([1.0]), np.array([0.01])), 7.0),
        (Statistics((), "y", ("mean",), np.array([1.0]), np.array([0.0])), 7.0),
        (random("mean of the squares"), np.array([[3.0, -3.0], [3.0, -3.0]])),
        (random(f"{VARIATION} 0"), np.array([[9.0, 9.0], [-9.0, -9.0]])),
        (KINK, np.array([-1.0, 9.0, 1.0])),
    ):
        fault = check.fault([answer])
        assert fault is not None
        yield fault.message
    for freedom in ("sign", "row signs", "column signs", "span"):
        yield Symmetry((), freedom).remark("v")


def random(worst: str) -> Statistics:
    """A check of random 2 x 2 arrays, one statistic of which is far off."""
    names = ("mean", "share of zeros", "mean of the squares", f"{VARIATION} 0", f"{VARIATION} 1")
    return Statistics((), "y", names, np.zeros(5), np.array([0.01 if name == worst else 1e9 for name in names]))


# One step of rate 1 down the slope of the sum of |x|, where it has a kink.
KINKED = np.array([-1.0, 0.0, 2.0])
KINK = Slope(
    *((), "w", "x", KINKED, None, 1.0, KINKED - np.sign(KINKED), np.zeros(3)),
    slopes(lambda x: np.sum(np.abs(x)), KINKED),
)


def faults_of_calls() -> Iterator[str]:
    """What the judge says of calls that the sample of mistakes does not make."""
    raises = Failed("exception", "", "ValueError", ("ValueError", "Exception"))
    other = Failed("exception", "no", "KeyError", ("KeyError", "Exception"))
    hidden = key_case("a", (np.ones(2),), np.ones(2), hidden=True)
    for one, outcome in (
        (key(key_case("a", (1.0,), 1.0)), None),
        (key(key_case("a", (1.0,), raises)), other),
        (key(hidden), Returned(np.ones(2), {0: np.zeros(2)})),
        (key(key_case("a", (1.0,), (1.0, 2.0)), returns=("y", "z")), Returned((1.0,))),
        (key(key_case("a", (1.0,), 1.0)), Failed("exit", "3", "SystemExit")),
        (key(key_case("a", (1.0,), 1.0)), from_plain("nonsense")),
    ):
        verdict = judge(one, {"a": (outcome,)} if outcome else {})
        yield from (finding.message for finding in verdict.findings)
        yield from verdict.evidence


def faults_of_files(folder: Path) -> Iterator[str]:
    """What is said of files that cannot be taken in."""
    (folder / "folder").mkdir()
    (folder / "link.py").symlink_to("folder")
    (folder / "to").symlink_to("folder")
    (folder / "one.py").write_text("x = 1\n")
    (folder / "two.py").hardlink_to(folder / "one.py")
    os.mkfifo(folder / "pipe.py")
    for name in ("no.py", "folder", "link.py", "to/a.py", "two.py", "pipe.py", "x" * 300):
        yield source.read(folder / name, name, folder).message
    for data in (b"\xff\xfea", b"a\0", b"\xff", b" ", b"a" * (source.LARGEST + 1)):
        yield source.text(data, "a.py").message


@pytest.mark.parametrize(
    "examples", [misfits, refusals, explanations, faults_of_checks, faults_of_calls], ids=lambda made: made.__name__
)
def test_every_kind_of_fault_is_told_in_whole_sentences(examples):
    with speaking(Brackets()):
        told = list(examples())

    assert [(text, found) for text in told if (found := unsaid(text, ["KeyError: no", ALL]))] == []


def test_what_is_wrong_with_a_file_is_told_in_whole_sentences(tmp_path):
    with speaking(Brackets()):
        told = list(faults_of_files(tmp_path))

    assert [(text, found) for text in told if (found := unsaid(text))] == []


# Modules whose every sentence has an example above.
TOLD = {"checks", "evidence", "faults", "gradcheck", "judge", "locate", "misfit", "parts", "sentences", "unsendable"}
# What has none: it takes an error of the machine's, or a file that is exchanged at the right moment.
RARE = {"{file} cannot be read: {why}.", "it was exchanged meanwhile"}


def test_every_kind_of_finding_has_an_example(tmp_path):
    language = Brackets()

    with speaking(language):
        for name in SAMPLE:
            for one in key_of(name).mistakes:
                judge(key_of(name), one.outcomes)
        for failed, _ in SENTENCES.values():
            failure(failed, "f", ("x", "n"))
        for wrong, fields, _ in LIES.values():
            where(wrong, fields)
        for outcome, _ in TRIED.values():
            evidence(PLAIN, {"first": (outcome,)})
        for examples in (misfits, refusals, explanations, faults_of_checks, faults_of_calls):
            list(examples())
        list(faults_of_files(tmp_path))

    told = [call for call in calls() if call.module.split(".")[0] in TOLD or call.module == "sandbox.source"]
    assert len(told) > 150
    assert [call for call in told if not set(call.sentences) <= language.heard | RARE] == []
