"""What several test files need."""

from pathlib import Path

import pytest

from grader.library import Library

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="session")
def library() -> Library:
    """The repository's own exercises."""
    return Library(ROOT)
