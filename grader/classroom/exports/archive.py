"""Gradescope's autograder: the zip that a teacher uploads, with `setup.sh` and `run_autograder` at its root.

Gradescope runs both as root, and so they stay. The grader's workers become users that own nothing before they read a
student's file; that takes root, and is a better wall than one other user for grader and student together. The course,
with its solutions, is made unreadable for all others besides.

`setup.sh` also makes the answer keys, once, so that no student waits for them.
"""

import io
import shlex
import stat
import zipfile
from collections.abc import Mapping, Sequence

__all__ = ["autograder"]

_SETUP = """#!/usr/bin/env bash
# Run by Gradescope, once, while it builds the image: Python, the grader, and the answer keys.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
export DEBIAN_FRONTEND=noninteractive

usable() { "$1" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' > /dev/null 2>&1; }
find_python() { for python in python3.13 python3.12 python3.11 python3; do usable "$python" && return; done; return 1; }

if ! find_python; then
  apt-get update
  apt-get install -y software-properties-common
  add-apt-repository -y ppa:deadsnakes/ppa
  apt-get update
  apt-get install -y python3.12 python3.12-venv
  find_python
fi
"$python" -m venv .venv
.venv/bin/python -m pip install --quiet --disable-pip-version-check --editable .
chmod -R go-rwx .
.venv/bin/python -m grader grade@EXERCISES@ > /dev/null
echo "The grader is ready."
"""
_RUN = """#!/usr/bin/env bash
# Run by Gradescope for every submission. Without results the run "failed to execute", and can be run again: that is
# what happens where the fault is not the student's. What is printed here is for instructors.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
home=$PWD
rm -f results/results.json
cd source
exec .venv/bin/python -m grader mark "$home/submission" --format gradescope \\
  --metadata "$home/submission_metadata.json" --out "$home/results/results.json"@OPTIONS@
"""
_LATER = (1980, 1, 1, 0, 0, 0)  # the first moment that a zip knows; the same course gives the same bytes


def autograder(files: Mapping[str, bytes], exercises: Sequence[str] = (), options: Sequence[str] = ()) -> bytes:
    """Return the zip.

    Args:
        files: the course, by relative name.
        exercises: what is graded; everything where nothing is said.
        options: further words for `grader mark`.
    """
    chosen = [word for name in exercises for word in ("--exercise", name)]
    scripts = {
        "setup.sh": _SETUP.replace("@EXERCISES@", _words(exercises)),
        "run_autograder": _RUN.replace("@OPTIONS@", _words([*chosen, *options])),
    }
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in scripts.items():
            archive.writestr(_entry(name, 0o755), text)
        for name in sorted(files):
            archive.writestr(_entry(name, 0o644), files[name])
    return stream.getvalue()


def _words(words: Sequence[str]) -> str:
    return "".join(f" {shlex.quote(word)}" for word in words)


def _entry(name: str, mode: int) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _LATER)
    entry.create_system = 3  # Unix: only then the mode counts
    entry.external_attr = (stat.S_IFREG | mode) << 16
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry
