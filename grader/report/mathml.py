"""Formulas as a browser draws them: LaTeX in, MathML out. Pure.

The converter writes MathML Core, which browsers draw without a script. What little it says by `style` attributes, which
the pages' policy forbids, is said by classes instead; `page.css` has them.
"""

import re
from functools import cache

from markupsafe import Markup
from math_core import LatexError, LatexToMathML

from grader.clean import for_html
from grader.messages import say

__all__ = ["STYLES", "FormulaError", "formula", "mathml"]

# What the converter may say by `style`, and the class that says the same.
STYLES = {
    "margin-left:-0.16666667em;": "closer",
    "padding-right:0.1667em;": "apart",
    "text-align: left;justify-items: start;padding-right: 0;": "choice",
    "text-align: left;justify-items: start;padding-right: 0;padding-left:1em;": "choice behind",
}
_STYLE = re.compile(r' style="([^"]*)"')
_TAG = re.compile(r"<[^>]*>")
_SPACE = re.compile(r'<mspace width="([\d.]+)em"')
_NARROW = 18  # signs that fit on the narrowest page, with their superscripts and fractions
_PER_EM = 1.5  # signs that take the room of one em


class FormulaError(ValueError):
    """A formula that cannot be converted; the message says why."""


def mathml(latex: str, block: bool = True) -> Markup:
    """Return a formula as a `math` element.

    Args:
        latex: the formula, without dollar signs.
        block: whether it stands on a line of its own.

    Raises:
        FormulaError: it is no LaTeX, or of a kind that is not known.
    """
    try:
        made = _converter().convert_with_local_state(latex.strip(), displaystyle=block)
    except LatexError as fault:
        raise FormulaError(f"the formula {latex.strip()!r} cannot be drawn: {fault}") from fault
    return Markup(_STYLE.sub(_classed, made))


def formula(latex: str) -> Markup:
    """Return a formula on a line of its own, to be scrolled where it is wide; one that is none, as it was written."""
    try:
        made = mathml(latex)
    except FormulaError:
        return Markup(f"<pre>\n{for_html(latex.strip())}</pre>")
    if len(_TAG.sub("", made)) + _PER_EM * sum(map(float, _SPACE.findall(made))) <= _NARROW:
        return Markup(f'<div class="formula">{made}</div>')
    label = for_html(say("formula"))
    return Markup(f'<div class="formula" role="group" aria-label="{label}" tabindex="0">{made}</div>')


def _classed(found: re.Match[str]) -> str:
    return f' class="{STYLES[found[1]]}"' if found[1] in STYLES else ""


@cache
def _converter() -> LatexToMathML:
    return LatexToMathML(fancy_error=False)
