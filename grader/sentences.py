"""What a failed call is called, in words for the learner whose call it was."""

import difflib
from collections.abc import Sequence

from grader.outcome import Failed

__all__ = ["failure"]

# Modules that draw, wait or train: fine in a file of one's own, out of place while a function is being judged.
_DRAWS = {"matplotlib", "pylab", "seaborn", "plotly", "IPython", "ipywidgets", "tqdm"}
_NO_FILE = "Code that is judged can open no file and no connection, and start no other program."
# Python's own words, where they leave a beginner alone: what they contain, and what to think of.
_ADVICE = {
    "values to unpack": "The text of the function says what each argument holds.",
    "Operation not permitted": _NO_FILE,
    "FileNotFoundError": _NO_FILE,
    "unable to open database file": _NO_FILE,
    "failure in name resolution": _NO_FILE,
    "No time zone found": _NO_FILE,
    "can't start new thread": "Code that is judged has one thread, and no other program beside it.",
    "truth value of an array": "`if` asks one question of the whole array; np.where, or a mask, asks every entry.",
}
_ASIDE = 'Move what is not the function itself under `if __name__ == "__main__":`.'


def failure(failed: Failed, name: str, parameters: Sequence[str]) -> str:
    """Return what went wrong, where and what to do next, in one or a few lines.

    Args:
        failed: the outcome.
        name: the function that was called, or should have been.
        parameters: the names of its arguments.
    """
    makers = {
        "syntax": lambda: _syntax(failed),
        "missing": lambda: _missing(failed, name, parameters),
        "exception": lambda: _exception(failed, name, parameters),
        "exit": lambda: _exit(failed),
        "timeout": lambda: _timeout(failed, name),
        "crash": lambda: f"Python itself crashed ({failed.type}){_during(failed, name)}. {failed.message}".rstrip(),
        "memory": lambda: _memory(failed),
        "output limit": lambda: f"it prints more than {failed.message}; take the print out of the loop.",
        "reply limit": lambda: f"the answer is too large: {failed.message}.",
        "unsendable": lambda: _unsendable(failed),
        "not run": lambda: f"not tried: {failed.message}.",
        "source": lambda: failed.message,
        "shortcut": lambda: _shortcut(failed),
        "protocol": lambda: f"something other than an answer came back from the process: {failed.message}.",
    }
    ours = f"the grader could not run this case ({failed.kind}: {failed.message}). This is not your mistake; try again."
    return makers[failed.kind]() if failed.kind in makers else ours


def _syntax(failed: Failed) -> str:
    number, text, column = failed.lines[0] if failed.lines else (0, "", 0)
    stripped = text.lstrip()
    place = column if isinstance(column, int) else 0  # whatever a worker says
    caret = " " * min(max(0, place - (len(text) - len(stripped))), len(stripped)) + "^"
    return f"line {number} is not Python yet: {failed.message}\n    {stripped}\n    {caret}"


def _shortcut(failed: Failed) -> str:
    return f"{failed.message} does in one call what this exercise is about: write it yourself.{_lines(failed)}"


def _missing(failed: Failed, name: str, parameters: Sequence[str]) -> str:
    near = difflib.get_close_matches(name, failed.names, n=1, cutoff=0.6)
    head = f"the file defines no function called {name}"
    if near:
        return f"{head}; it has {near[0]}, which is close. Rename it to {name}."
    return f"{head}. It should have: def {name}({', '.join(parameters)}):"


def _exception(failed: Failed, name: str, parameters: Sequence[str]) -> str:
    if failed.loading:
        return _while_loading(failed)
    if failed.not_started:
        return "it still reaches `raise NotImplementedError`; your answer goes in its place." + _lines(failed)
    if failed.type == "TypeError" and f"{name}()" in failed.message and "argument" in failed.message:
        call = f"{name}({', '.join(parameters)})"
        return f"it cannot be called as {call}: {failed.message}. Keep the arguments of the stub, in their order."
    if failed.type == "RecursionError":
        return "RecursionError: it calls itself again and again and never comes to an end." + _lines(failed)
    if failed.type == "EOFError":
        return "input() waits for somebody to type, and nobody does here: use the arguments instead." + _lines(failed)
    advice = [f"\n{advice}" for words, advice in _ADVICE.items() if words in _name(failed)]
    return _name(failed) + _lines(failed) + "".join(advice[:1])


def _while_loading(failed: Failed) -> str:
    module = failed.message.split("'")[1].split(".")[0] if failed.message.count("'") >= 2 else ""
    if failed.type == "ModuleNotFoundError" and module in _DRAWS:
        return f"{module} is not there while your function is judged.{_lines(failed)}\n{_ASIDE}"
    if failed.type in ("ModuleNotFoundError", "ImportError"):
        only = "Only numpy, scipy and Python's own library are there while your function is judged."
        return f"{_name(failed)}{_lines(failed)}\n{only}"
    if failed.type == "EOFError":
        return f"input() waits for somebody to type, and nobody does here.{_lines(failed)}\n{_ASIDE}"
    return f"the file stops before the function can be called. {_name(failed)}{_lines(failed)}\n{_ASIDE}"


def _name(failed: Failed) -> str:
    name = failed.type or "an exception without a name"
    return f"{name}: {failed.message}" if failed.message else name


def _lines(failed: Failed) -> str:
    """Quote the learner's own line where it happened, and before it the line that called it."""
    shown = [f"\n    line {number}, in {where}: {text}" for number, text, where in failed.lines[-2:] if number]
    return "".join(shown).replace(", in <module>", "")


def _exit(failed: Failed) -> str:
    if failed.type == "SystemExit" and failed.loading:
        return f"exit() ends the program before the function can be called.{_lines(failed)}\n{_ASIDE}"
    if failed.type == "SystemExit":
        return "it calls exit(), which ends the program; return an answer instead." + _lines(failed)
    when = " while the file was read" if failed.loading else ""
    return f"it ended the Python process{when} before there was an answer. {failed.message}".rstrip()


def _memory(failed: Failed) -> str:
    return "it asks for more memory than there is. Is an array far larger than the arguments?" + _lines(failed)


def _timeout(failed: Failed, name: str) -> str:
    if failed.loading:
        return f"reading the file does not come to an end: a loop outside the function?\n{_ASIDE}"
    if failed.type == "wall":
        return f"no answer after {failed.message} of waiting. {name} has everything it needs in its arguments."
    return f"no answer after {failed.message}. Is there a loop that never ends, or far too much work for {name}?"


def _during(failed: Failed, name: str) -> str:
    return " while the file was read" if failed.loading else f" inside {name}"


def _unsendable(failed: Failed) -> str:
    what = f"your answer{failed.where}" if failed.where else "your answer"
    verb = "cannot be judged:" if failed.message.startswith(("it ", "its ")) else "is"
    return f"{what} {verb} {failed.message}."
