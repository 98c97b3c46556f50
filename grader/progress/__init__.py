"""How far a learner has come, told from the history: in numbers, as text, as a picture, and for other programs."""

from grader.progress.export import csv_text, json_text
from grader.progress.summary import Summary, summary
from grader.progress.text import lines

__all__ = ["Summary", "csv_text", "json_text", "lines", "summary"]
