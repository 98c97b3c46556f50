"""Drafts of exercises from notebooks that were marked for nbgrader or otter-grader.

cells       the file, read strictly
markers     what `### BEGIN SOLUTION` and its kin mark, and the text without them
questions   which cells belong together: statement, answer, tests, points
names       what an answer uses of the rest of the notebook
draft       the text of an exercise file
notes       the comment at its end, for the author
shelf       all drafts of a notebook laid into solutions/, or none

Nothing of a notebook is ever run. Its JSON is read with the standard library: `nbformat` would bring jsonschema,
jupyter_core and traitlets to check a form of which four keys are needed, and it brings old notebooks up to date in
silence. Of the YAML in otter's raw cells two keys are needed, which does not pay for a parser of YAML either.
"""

from grader.notebook.cells import LIMIT, NotebookError
from grader.notebook.draft import Draft, Drafts, drafts
from grader.notebook.shelf import lay

__all__ = ["LIMIT", "Draft", "Drafts", "NotebookError", "drafts", "lay"]
