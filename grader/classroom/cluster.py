"""Grades on a Dask cluster that exists: the same tasks and the same marks as on the cores of one machine.

Every worker of the cluster, also one that joins later, gets the course, its kept keys and the plan, and starts a
sandbox of its own; what it is asked to grade are texts. A worker that dies costs its tasks in flight, which Dask gives
to another one. Whoever can listen to the cluster's connections can read the course's answers and the class's secret:
the cluster has to be one's own, or to use TLS.
"""

import contextlib
import hashlib
import io
import itertools
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from distributed import Client, WorkerPlugin, as_completed, get_worker

from grader.classroom import ClassError
from grader.classroom.assistant import Assistant, Plan, Task
from grader.classroom.journal import Mark
from grader.library import Library
from grader.messages import say

__all__ = ["Cluster"]

_AHEAD = 4  # how many tasks wait for each thread of the cluster, to outweigh the way there and back
_CONNECT_SECONDS = 20
_TRIES = 5  # to hand out the course; one for each worker that dies in that very moment


class Cluster:
    """The workers of a Dask cluster, given one course and one plan.

    Args:
        address: of the scheduler, such as tcp://10.0.0.1:8786.
        library: the course.
        plan: how to grade.

    Raises:
        ClassError: the scheduler does not answer.
    """

    def __init__(self, address: str, library: Library, plan: Plan) -> None:
        self._library, self._plan = library, plan
        try:
            self._client = Client(address, timeout=_CONNECT_SECONDS)
        except (OSError, ValueError) as fault:
            raise ClassError(
                say("no Dask scheduler answers at {address}: {fault}.", address=address, fault=fault)
            ) from fault
        self._name = ""

    def prepare(self, names: Iterable[str]) -> None:
        """Make the keys here, and hand everything to the workers."""
        for name in names:
            self._library.key(name, "" if self._plan.per_student else self._plan.secret)
        course = _packed(self._library)
        self._name = f"grader-{hashlib.sha256(course + repr(self._plan).encode()).hexdigest()[:16]}"
        self._hand_out(_Course(course, self._plan))

    def _hand_out(self, course: "_Course") -> None:
        """Give every worker the course; where one dies meanwhile, once more to those that live."""
        for left in reversed(range(_TRIES)):
            try:
                self._client.register_plugin(course, name=self._name)
                return
            except OSError as fault:
                if not left:
                    why = say("the workers of the cluster die while they are given the course: {why}.", why=fault)
                    raise ClassError(why) from fault

    def grade(self, tasks: Iterable[Task]) -> Iterator[tuple[Task, list[Mark] | Exception]]:
        """Yield every task with its marks as they come, or with the fault of ours that kept it from being graded."""
        waiting = iter(tasks)
        threads = sum(self._client.nthreads().values()) or 1
        asked = {self._submit(task): task for task in itertools.islice(waiting, threads * _AHEAD)}
        running = as_completed(asked)
        for future in running:
            task = asked.pop(future)
            found: list[Mark] | Exception
            try:
                found = future.result()
            except Exception as fault:  # the worker's own, or Dask's, where too many workers died of it
                found = fault
            yield task, found
            future.release()
            for following in itertools.islice(waiting, 1):
                another = self._submit(following)
                asked[another] = following
                running.add(another)

    def close(self) -> None:
        """Take back from the workers what they were given, and leave the cluster running."""
        if self._name:
            with contextlib.suppress(OSError):  # a worker that has died meanwhile has nothing any more
                self._client.unregister_worker_plugin(self._name)
        self._client.close()

    def __enter__(self) -> "Cluster":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _submit(self, task: Task) -> Any:
        return self._client.submit(_grade, self._name, task, pure=False)


def _packed(library: Library) -> bytes:
    """Return the course as a worker needs it: solutions, data and kept keys."""
    root, packed = library.root, io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for pattern in ("solutions/*/*.py", "assignments/*/*.npz", ".grader/keys/*.key"):
            for file in sorted(root.glob(pattern)):
                archive.writestr(zipfile.ZipInfo(file.relative_to(root).as_posix()), file.read_bytes())
    return packed.getvalue()


# --- in the worker -------------------------------------------------------------------------------------------------


class _Course(WorkerPlugin):  # type: ignore[misc]
    """What a worker of the cluster grades with."""

    def __init__(self, course: bytes, plan: Plan) -> None:
        self._course, self._plan = course, plan

    def setup(self, worker: Any) -> None:
        """Unpack the course, and start the sandbox."""
        self._folder = tempfile.TemporaryDirectory(prefix="grader-")
        root = Path(self._folder.name)
        with zipfile.ZipFile(io.BytesIO(self._course)) as archive:
            archive.extractall(root)
        (root / "assignments").mkdir(exist_ok=True)
        self.assistant = Assistant(root, self._plan)

    def teardown(self, worker: Any) -> None:
        """End the sandbox, and leave no course behind."""
        self.assistant.close()
        self._folder.cleanup()

    def __getstate__(self) -> dict[str, Any]:
        return {"_course": self._course, "_plan": self._plan}


def _grade(name: str, task: Task) -> list[Mark]:
    plugin: _Course = get_worker().plugins[name]
    return plugin.assistant.grade(task)
