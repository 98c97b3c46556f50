"""What a failed call is called, in words for the learner whose call it was."""

import difflib
from collections.abc import Callable, Mapping, Sequence

from grader.messages import say
from grader.outcome import Failed
from grader.unsendable import unsendable

__all__ = ["failure"]

# Modules that draw, wait or train: fine in a file of one's own, out of place while a function is being judged.
_DRAWS = {"matplotlib", "pylab", "seaborn", "plotly", "IPython", "ipywidgets", "tqdm"}
# The signals by which a system ends what takes too much.
_TOO_MUCH = ("SIGXCPU", "SIGKILL")


def failure(failed: Failed, name: str, parameters: Sequence[str]) -> str:
    """Return what went wrong, where and what to do next, in one or a few lines.

    Args:
        failed: the outcome.
        name: the function that was called, or should have been.
        parameters: the names of its arguments.
    """
    why = failed.message
    makers: Mapping[str, Callable[[], str]] = {
        "syntax": lambda: _syntax(failed),
        "missing": lambda: _missing(failed, name, parameters),
        "exception": lambda: _exception(failed, name, parameters),
        "exit": lambda: _exit(failed),
        "timeout": lambda: _timeout(failed, name),
        "crash": lambda: _crash(failed, name),
        "memory": lambda: _memory(failed),
        "output limit": lambda: say("it prints more than {size}; take the print out of the loop.", size=why),
        "reply limit": lambda: say("the answer is too large: more than {size}.", size=why),
        "unsendable": lambda: unsendable(failed),
        "not run": lambda: say("not tried: {why}.", why=why),
        "source": lambda: why,
        "shortcut": lambda: _shortcut(failed),
        "protocol": lambda: say("something other than an answer came back from the process: {why}.", why=why),
    }
    return makers[failed.kind]() if failed.kind in makers else _ours(failed)


def _ours(failed: Failed) -> str:
    return say(
        "the grader could not run this case ({kind}: {why}). This is not your mistake; try again.",
        kind=failed.kind,
        why=failed.message,
    )


def _syntax(failed: Failed) -> str:
    number, text, column = failed.lines[0] if failed.lines else (0, "", 0)
    stripped = text.lstrip()
    place = column if isinstance(column, int) else 0  # whatever a worker says
    caret = " " * min(max(0, place - (len(text) - len(stripped))), len(stripped)) + "^"
    head = say("line {number} is not Python yet: {why}", number=number, why=failed.message)
    return f"{head}\n    {stripped}\n    {caret}"


def _shortcut(failed: Failed) -> str:
    head = say("{name} does in one call what this exercise is about: write it yourself.", name=failed.message)
    return head + _lines(failed)


def _missing(failed: Failed, name: str, parameters: Sequence[str]) -> str:
    near = difflib.get_close_matches(name, failed.names, n=1, cutoff=0.6)
    if near:
        return say(
            "the file defines no function called {name}; it has {near}, which is close. Rename it to {name}.",
            name=name,
            near=near[0],
        )
    head = f"def {name}({', '.join(parameters)}):"
    return say("the file defines no function called {name}. It should have: {head}", name=name, head=head)


def _exception(failed: Failed, name: str, parameters: Sequence[str]) -> str:
    if failed.loading:
        return _while_loading(failed)
    if failed.not_started:
        head = say("it still reaches `raise NotImplementedError`; your answer goes in its place.")
        return head + _lines(failed)
    if failed.type == "TypeError" and f"{name}()" in failed.message and "argument" in failed.message:
        return say(
            "it cannot be called as {call}: {why}. Keep the arguments of the stub, in their order.",
            call=f"{name}({', '.join(parameters)})",
            why=failed.message,
        )
    if failed.type == "RecursionError":
        head = say(
            "RecursionError: it calls itself again and again, deeper than Python goes (about 1000 calls). Does every "
            "call come nearer to one that ends? If so, a loop does the same without depth."
        )
        return head + _lines(failed)
    if failed.type == "EOFError":
        head = say("input() waits for somebody to type, and nobody does here: use the arguments instead.")
        return head + _lines(failed)
    advice = _advice(_name(failed))
    return _name(failed) + _lines(failed) + (f"\n{advice}" if advice else "")


def _advice(words: str) -> str:
    """Return what to think of, where Python's own words leave a beginner alone; nothing where they do not."""
    if "values to unpack" in words:
        return say("The text of the function says what each argument holds.")
    if any(
        sign in words
        for sign in (
            "Operation not permitted",
            "FileNotFoundError",
            "unable to open database file",
            "failure in name resolution",
            "No time zone found",
        )
    ):
        return say("Code that is judged can open no file and no connection, and start no other program.")
    if "can't start new thread" in words:
        return say("Code that is judged has one thread, and no other program beside it.")
    if "truth value of an array" in words:
        return say("`if` asks one question of the whole array; np.where, or a mask, asks every entry.")
    return ""


def _while_loading(failed: Failed) -> str:
    module = failed.message.split("'")[1].split(".")[0] if failed.message.count("'") >= 2 else ""
    if failed.type == "ModuleNotFoundError" and module in _DRAWS:
        head = say("{module} is not there while your function is judged.", module=module)
        return head + _lines(failed) + _aside()
    if failed.type in ("ModuleNotFoundError", "ImportError"):
        only = say("Only numpy, scipy and Python's own library are there while your function is judged.")
        return f"{_name(failed)}{_lines(failed)}\n{only}"
    if failed.type == "EOFError":
        return say("input() waits for somebody to type, and nobody does here.") + _lines(failed) + _aside()
    head = say("the file stops before the function can be called.")
    return f"{head} {_name(failed)}{_lines(failed)}{_aside()}"


def _aside() -> str:
    return "\n" + say('Move what is not the function itself under `if __name__ == "__main__":`.')


def _name(failed: Failed) -> str:
    """Return what Python calls an exception, in Python's own words."""
    if failed.type:
        return f"{failed.type}: {failed.message}" if failed.message else failed.type
    return failed.message or say("It is an exception without a name.")


def _lines(failed: Failed) -> str:
    """Quote the learner's own line where it happened, and before it the line that called it."""
    return "".join(f"\n    {_line(*line)}" for line in failed.lines[-2:] if line[0])


def _line(number: int, text: str, where: str) -> str:
    if where == "<module>":
        return say("line {number}: {text}", number=number, text=text)
    return say("line {number}, in {where}: {text}", number=number, where=where, text=text)


def _exit(failed: Failed) -> str:
    if failed.type == "SystemExit":
        if failed.loading:
            return say("exit() ends the program before the function can be called.") + _lines(failed) + _aside()
        return say("it calls exit(), which ends the program; return an answer instead.") + _lines(failed)
    if failed.loading:
        head = say("it ended the Python process while the file was read before there was an answer.")
    else:
        head = say("it ended the Python process before there was an answer.")
    if not failed.message:
        return head
    status = say("(os._exit, or a library that gave up? Its exit status was {status}.)", status=failed.message)
    return f"{head} {status}"


def _crash(failed: Failed, name: str) -> str:
    if failed.loading:
        head = say("Python itself crashed ({signal}) while the file was read.", signal=failed.type)
    else:
        head = say("Python itself crashed ({signal}) inside {name}.", signal=failed.type, name=name)
    if failed.type not in _TOO_MUCH:
        return head
    return " ".join([head, say("It was stopped from outside: too much CPU time or memory?")])


def _memory(failed: Failed) -> str:
    head = say("it asks for more memory than there is. Is an array far larger than the arguments?")
    return head + _lines(failed)


def _timeout(failed: Failed, name: str) -> str:
    if failed.loading:
        return say("reading the file does not come to an end: a loop outside the function?") + _aside()
    if failed.type == "wall":
        return say(
            "no answer after {time} of waiting. {name} has everything it needs in its arguments.",
            time=failed.message,
            name=name,
        )
    if failed.type == "cpu":
        return say(
            "no answer after {time} of computing. Is there a loop that never ends, or far too much work for {name}?",
            time=failed.message,
            name=name,
        )
    return say(
        "no answer after {time}. Is there a loop that never ends, or far too much work for {name}?",
        time=failed.message,
        name=name,
    )
