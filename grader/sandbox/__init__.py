"""Runs learner code in other processes, and brings back what it did as outcomes."""

from grader.sandbox.start import Sandbox, SandboxError

# What else is here (`run.play`, `source.read`) needs numpy, which takes longer to load than a worker to start.
__all__ = ["Sandbox", "SandboxError"]
