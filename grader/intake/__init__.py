"""Takes in what a learner hands in, a folder or an archive: the text of every exercise, or what is there instead."""

from grader.intake.submission import Submission, ends, take, take_files

__all__ = ["Submission", "ends", "take", "take_files"]
