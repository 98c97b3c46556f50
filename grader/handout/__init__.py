"""Cuts a handout: the learner's repository, with keys in the place of solutions."""

from grader.handout.contents import Contents, contents, names_of
from grader.handout.said import told
from grader.handout.target import HandoutError, Laid, lay, refuse

__all__ = ["Contents", "HandoutError", "Laid", "contents", "lay", "names_of", "refuse", "told"]
