"""What to do after a verdict: one thing at a time, and never a reproach. Pure.

`todo` is what the verdict alone says. `sentences` also knows the exercise, its lesson and what was tried before.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from grader.judge import Verdict
from grader.messages import say, say_count

__all__ = ["OFFER_AFTER", "Around", "Where", "how_to_start", "sentences", "todo"]

OFFER_AFTER = 3  # tries at the same finding, until a hint is offered


# What is graded: by a command, by itself when it is saved (a hint is a key or a button away), or by a call.
Where = Literal["commands", "beside", "notebook"]


@dataclass(frozen=True)
class Around:
    """What is known beside the verdict; whatever is not known stays empty.

    Attributes:
        why: why the answer works, a sentence.
        explain: what to explain now, a sentence.
        play: what to try out with it, a sentence.
        summaries: by case, what it looks at, where it says so.
        tries: how many texts of the learner's have met the finding that this one meets.
        hints_left: how many hints have not been shown yet.
        following: the file to open next.
        can_lend: whether there are functions of the course's own for a capstone that is blocked.
        where: where the learner reads it.
    """

    why: str = ""
    explain: str = ""
    play: str = ""
    summaries: Mapping[str, str] | None = None
    tries: int = 0
    hints_left: int = 0
    following: str = ""
    can_lend: bool = True
    where: Where = "commands"


def todo(verdict: Verdict, can_lend: bool = True) -> str:
    """Return what to do next as one sentence or two, "" where there is nothing left to do."""
    told: dict[str, Callable[[], str]] = {
        "robust": lambda: "",
        "not started": how_to_start,
        "right": lambda: say("The core is right. The edge cases above are what makes it robust."),
        "blocked": lambda: _unblock(verdict.name, can_lend),
        "not judged": lambda: say("Nothing is lost: grade it again."),
        "wrong": lambda: say(
            "Next: change it, save, and grade again. For a hint: make hint EX={name}", name=verdict.name
        ),
    }
    return told[verdict.state]()


def how_to_start() -> str:
    """Return how an exercise is begun."""
    return say("Read its text, replace raise NotImplementedError, save, and grade again.")


def _unblock(name: str, can_lend: bool) -> str:
    if can_lend:
        return say(
            "To try it with the course's functions in their place: make grade EX={name} ASSISTED=1",
            name=name,
        )
    return say("The way there, exercise by exercise: make path EX={name}", name=name)


def sentences(verdict: Verdict, around: Around) -> list[str]:
    """Return what comes next, a paragraph each: what is missing or why it works, what to think of, where to go."""
    if verdict.state == "robust":
        return _after_robust(around)
    if verdict.state == "right":
        return _after_right(verdict, around)
    if verdict.state == "wrong" and around.tries >= OFFER_AFTER and around.hints_left:
        return _offer(verdict.name, around)
    if verdict.state in ("wrong", "not started"):
        return [_go_on(verdict, around)]
    return [todo(verdict, around.can_lend)]


def _go_on(verdict: Verdict, around: Around) -> str:
    """Return how to write, or to change, what is not right."""
    wrong, name = verdict.state == "wrong", verdict.name
    if around.where == "beside" and wrong:
        return say("Next: change it, and save.")
    if around.where == "beside":
        return say("Read its text, replace raise NotImplementedError, and save.")
    if around.where == "notebook" and wrong:
        return say('Next: change it, run it, and check it again. For a hint: hint("{name}")', name=name)
    if around.where == "notebook":
        return say("Write its body in place of raise NotImplementedError, run it, and check it again.")
    return todo(verdict, around.can_lend)


def _after_robust(around: Around) -> list[str]:
    told = []
    if around.why:
        told.append(say("Why it works: {why}", why=around.why))
    told += [around.explain] if around.explain else []
    if around.play:
        told.append(say("Play: {play}", play=around.play))
    if around.following:
        told.append(say("Open next: {path}", path=around.following))
    return told


def _after_right(verdict: Verdict, around: Around) -> list[str]:
    """The edge cases that are left, each with what it looks at; that of a hidden one is not told."""
    left = [case for case in verdict.cases if case.state == "failed"]
    told = [f"{case.name}: {looks}" for case in left if (looks := _looks_at(case.name, case.hidden, around))]
    listed = say("What is left looks at: {cases}.", cases="; ".join(told)) if told else ""
    head = say("The core is right. The edge cases above are what makes it robust.")
    following = say("Or leave them for later, and open next: {path}", path=around.following)
    return [f"{head} {listed}".rstrip(), *([following] if around.following else [])]


def _looks_at(name: str, hidden: bool, around: Around) -> str:
    return "" if hidden or around.summaries is None else around.summaries.get(name, "")


def _offer(name: str, around: Around) -> list[str]:
    left = around.hints_left
    met = say("This has come up {number} times; that is what exercises are for.", number=around.tries)
    if around.where == "beside":
        waiting = say_count(
            left, "A hint is waiting, and costs nothing.", "{number} hints are waiting, and cost nothing."
        )
        return [f"{met} {waiting}", say("Or change it, and save.")]
    if around.where == "notebook":
        waiting = say_count(
            left,
            'A hint is waiting, and costs nothing: hint("{name}")',
            '{number} hints are waiting, and cost nothing: hint("{name}")',
            name=name,
        )
        return [f"{met} {waiting}", say("Or change it, run it, and check it again.")]
    waiting = say_count(
        left,
        "A hint is waiting, and costs nothing: make hint EX={name}",
        "{number} hints are waiting, and cost nothing: make hint EX={name}",
        name=name,
    )
    return [f"{met} {waiting}", say("Or change it, save, and grade again.")]
