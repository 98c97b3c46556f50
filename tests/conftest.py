"""What several test files need."""

from pathlib import Path

import pytest

from grader.library import Library
from tests import courses

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="session")
def library() -> Library:
    """The repository's own exercises."""
    return Library(ROOT)


@pytest.fixture(scope="session")
def whole_course(tmp_path_factory) -> courses.Course:
    """The exercises of one topic and of two others of one each, fresh; not to be changed."""
    sources = {
        f"{courses.TOPIC}/{file.stem}": file for file in sorted((ROOT / "solutions" / courses.TOPIC).glob("*.py"))
    }
    sources["05_losses_optim/softmax_loss"] = ROOT / "solutions" / "05_losses_optim" / "softmax_loss.py"
    sources["90_other/rectify"] = ROOT / "solutions" / courses.TOPIC / "relu_forward.py"
    return courses.make(tmp_path_factory.mktemp("course"), sources)


@pytest.fixture
def course(whole_course, tmp_path) -> courses.Course:
    """A course in which nobody has begun."""
    return courses.copy(whole_course, tmp_path / "course")
