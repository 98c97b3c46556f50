"""A pytest plugin that bears witness that the grader under test is the one in this copy of the repository.

The grader is installed in editable form, so that a run which finds the wrong one would test the working tree.
"""

from pathlib import Path

import pytest

import grader


def pytest_configure(config: pytest.Config) -> None:
    for module in (grader.__file__, __file__):
        if not Path(module).is_relative_to(config.rootpath):
            raise pytest.UsageError(f"{module} is not in {config.rootpath}")
