"""Grading from a script or a notebook: `from grader import check`, and hand over the function.

A function is told by its name which exercise it answers. Its text is lifted out of where it stands, with all that it
uses (`lift`), and graded in a worker as a file would be; it is never called in this process.
"""

from grader.at_hand.asking import check, hint, plot
from grader.at_hand.checked import Checked
from grader.at_hand.refusal import NotAtHandError

__all__ = ["Checked", "NotAtHandError", "check", "hint", "plot"]
