"""Many workers in a row leave nothing behind, nor does a grader that is killed. More of it: `python -m tests.soak`."""

import subprocess
import sys

import pytest

from grader.sandbox.start import forks
from tests import courses, soak

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not forks(), reason="workers are not forked here")]


def test_sessions_in_a_row_leave_no_descriptor_process_or_memory_behind():
    assert soak.wear_out(200) == []


def test_a_grader_or_zygote_killed_at_any_moment_leaves_nothing_and_the_next_run_is_as_ever(tmp_path):
    course = soak.lay_course(tmp_path, 3)

    # In a process of its own, which may adopt all that loses its parent.
    run = subprocess.run(
        [sys.executable, "-m", "tests.soak", "kill", course, "2", "1"],
        cwd=courses.ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (run.stdout, run.stderr) == ("0 faults.\n", "")
