"""What a failed call is called, in words for the learner whose call it was."""

import difflib
from collections.abc import Sequence

from grader.outcome import Failed

__all__ = ["failure"]

# Modules that draw, wait or train: fine in a file of one's own, out of place while a function is being judged.
_DRAWS = {"matplotlib", "pylab", "seaborn", "plotly", "IPython", "ipywidgets", "tqdm"}


def failure(failed: Failed, name: str, parameters: Sequence[str], seconds: float) -> str:
    """Return what went wrong, where and what to do next, in one or a few lines.

    Args:
        failed: the outcome.
        name: the function that was called, or should have been.
        parameters: the names of its arguments.
        seconds: the CPU time that the call had.
    """
    makers = {
        "syntax": lambda: _syntax(failed),
        "missing": lambda: _missing(failed, name, parameters),
        "exception": lambda: _exception(failed, name, parameters),
        "exit": lambda: _exit(failed),
        "timeout": lambda: _timeout(failed, name, seconds),
        "crash": lambda: f"Python itself crashed ({failed.type}){_during(failed, name)}. {failed.message}".rstrip(),
        "memory": lambda: f"it asks for more memory than there is for one call. {_at(failed)}".rstrip(),
        "output limit": lambda: f"it prints more than {failed.message}; take the print out of the loop.",
        "reply limit": lambda: f"the answer is too large: {failed.message}.",
        "unsendable": lambda: _unsendable(failed),
        "not run": lambda: f"not tried: {failed.message}.",
        "source": lambda: failed.message,
    }
    ours = f"the grader could not run this case ({failed.kind}: {failed.message}). This is not your mistake; try again."
    return makers[failed.kind]() if failed.kind in makers else ours


def _syntax(failed: Failed) -> str:
    number, text, column = failed.lines[0] if failed.lines else (0, "", 0)
    stripped = text.lstrip()
    caret = " " * max(0, int(column or 0) - (len(text) - len(stripped))) + "^"
    return f"line {number} is not Python yet: {failed.message}\n    {stripped}\n    {caret}"


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
        return f"it still reaches `raise NotImplementedError`: take that line out once your answer stands above it. {_at(failed)}"
    if failed.type == "TypeError" and f"{name}()" in failed.message and "argument" in failed.message:
        wanted = ", ".join(parameters)
        return f"it cannot be called as {name}({wanted}): {failed.message}. Keep the arguments of the stub, in their order."
    if failed.type == "RecursionError":
        return f"RecursionError: it calls itself again and again and never comes to an end. {_at(failed)}"
    if failed.type == "EOFError":
        return f"input() waits for somebody to type, and nobody does here: use the arguments instead. {_at(failed)}"
    return f"{_name(failed)} {_at(failed)}".rstrip()


def _while_loading(failed: Failed) -> str:
    module = failed.message.split("'")[1].split(".")[0] if failed.message.count("'") >= 2 else ""
    aside = 'Move what is not the function itself under `if __name__ == "__main__":`.'
    if failed.type == "ModuleNotFoundError" and module in _DRAWS:
        return f'{module} is not there while your function is judged. Move the import, and what uses it, under `if __name__ == "__main__":`. {_at(failed)}'
    if failed.type in ("ModuleNotFoundError", "ImportError"):
        return f"{_name(failed)} {_at(failed)}\nOnly numpy, scipy and Python's own library are there while your function is judged."
    if failed.type == "EOFError":
        return f"input() waits for somebody to type, and nobody does here. {_at(failed)}\n{aside}"
    return f"the file stops before the function can be called. {_name(failed)} {_at(failed)}\n{aside}"


def _name(failed: Failed) -> str:
    return f"{failed.type}: {failed.message}" if failed.message else f"{failed.type}"


def _at(failed: Failed) -> str:
    """Quote the learner's own line where it happened, and the line that called it."""
    shown = [f"\n    line {number}, in {where}: {text}" for number, text, where in failed.lines[-2:] if number]
    return "".join(shown).replace(", in <module>", "")


def _exit(failed: Failed) -> str:
    if failed.type == "SystemExit":
        return f"it calls exit(), which ends the program; return an answer instead. {_at(failed)}"
    return f"it ended the Python process{' while the file was read' if failed.loading else ''} before there was an answer. {failed.message}".rstrip()


def _timeout(failed: Failed, name: str, seconds: float) -> str:
    if failed.loading:
        return (
            "reading the file does not come to an end: a loop outside the function?\n"
            'Move what is not the function itself under `if __name__ == "__main__":`.'
        )
    how = (
        "without computing (is it waiting for something?)"
        if failed.type == "wall"
        else f"of computing for {seconds:g} s"
    )
    return f"no answer after {failed.message} {how}. Is there a loop that never ends, or far too much work for {name}?"


def _during(failed: Failed, name: str) -> str:
    return " while the file was read" if failed.loading else f" inside {name}"


def _unsendable(failed: Failed) -> str:
    what = f"your answer{failed.where}" if failed.where else "your answer"
    return f"{what} is {failed.message}."
