"""Runs learner code in other processes, and brings back what it did as outcomes."""

from grader.sandbox.run import play
from grader.sandbox.source import read
from grader.sandbox.start import Sandbox, SandboxError

__all__ = ["Sandbox", "SandboxError", "play", "read"]
