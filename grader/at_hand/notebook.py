"""Shows things where somebody is looking: as HTML and pictures in a notebook, as text everywhere else."""

import base64
import re
import sys
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from importlib.resources import files
from itertools import count
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from grader.judge import Verdict
from grader.report import page

if TYPE_CHECKING:
    from grader.report.gallery import Hung

__all__ = ["pictures_html", "running", "show_html", "verdict_html"]

_NUMBERS = count(1)  # of outputs, so that no two elements of a notebook have one name
_COLOURS = re.compile(r":root \{\n(.*?)\n *\}", re.DOTALL)
_BODY = re.compile(r"^(\s*)(?:body|html|:root) \{", re.MULTILINE)


def running() -> bool:
    """Say whether a notebook's kernel runs this code; an IPython at a terminal shows text."""
    ipython = sys.modules.get("IPython")
    shell: Any = ipython.get_ipython() if ipython is not None else None
    return getattr(shell, "kernel", None) is not None


def show_html(html: str, text: str) -> None:
    """Show a page's part in a notebook; the text is for whatever shows no HTML."""
    from IPython.display import display

    display({"text/html": html, "text/plain": text}, raw=True)


def verdict_html(verdict: Verdict, path: str, after: Sequence[str], hung: Sequence["Hung"]) -> str:
    """Return what a notebook shows of a verdict.

    Args:
        verdict: the verdict.
        path: what messages call the place where the function stands.
        after: what comes next, a paragraph each.
        hung: pictures.
    """
    return _html(hung, replace(page.block(verdict, next(_NUMBERS), path), next=""), after)


def pictures_html(hung: Sequence["Hung"]) -> str:
    """Return what a notebook shows of pictures alone."""
    return _html(hung)


def _html(hung: Sequence["Hung"], block: page.Block | None = None, after: Sequence[str] = ()) -> str:
    pictures = [(base64.b64encode(one.file.read_bytes()).decode(), one.look, one.said) for one in hung]
    return page.render("at_hand.html", block=block, after=after, pictures=pictures, scoped=Markup(_scoped_style()))


@cache
def _scoped_style() -> str:
    """Return the pages' style for what is within our own element alone, in the colours of the notebook's theme."""
    style = files("grader.report").joinpath("pages", "page.css").read_text(encoding="utf-8")
    light, dark = _COLOURS.findall(style)
    nested = _BODY.sub(r"\1& {", style)
    themed = (
        f'[data-jp-theme-light="true"] .gradlings, .vscode-light .gradlings {{\n{light}\n}}\n'
        f'[data-jp-theme-light="false"] .gradlings, .vscode-dark .gradlings {{\n{dark}\n}}'
    )
    own = "& { padding: 0.1rem 0.6rem; } img { max-width: 100%; height: auto; }"
    return f".gradlings {{\n{nested}\n{own}\n}}\n{themed}"
