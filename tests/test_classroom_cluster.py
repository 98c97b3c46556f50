"""A Dask cluster says what one machine says, whatever becomes of its workers."""

import os
import signal

import pytest

from grader.classroom import ClassError
from grader.classroom.assistant import Plan
from grader.sandbox import Sandbox
from tests.test_classroom_run import PLAN, course, folder, go, graders, hand_in, inline, states  # noqa: F401 - fixtures

distributed = pytest.importorskip("distributed")
pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")]


@pytest.fixture(scope="module")
def dask():
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=":0", silence_logs=50
    ) as cluster:
        yield cluster


@pytest.fixture
def cluster(dask, course):  # noqa: F811
    from grader.classroom.cluster import Cluster

    with Cluster(dask.scheduler_address, course, PLAN) as made:
        made.prepare(PLAN.names)
        yield made


def test_a_cluster_says_what_one_machine_says(course, folder, tmp_path, graders, cluster):  # noqa: F811
    here = go(course, folder, tmp_path / "here", graders)
    there = go(course, folder, tmp_path / "there", cluster)

    assert [(one.student, one.verdicts, one.points) for one in there] == [
        (one.student, one.verdicts, one.points) for one in here
    ]
    with Sandbox() as sandbox:
        assert {one.isolation for one in there} == {sandbox.isolation}


def test_a_worker_that_dies_costs_nobody_anything(course, folder, tmp_path, cluster, dask):  # noqa: F811
    for n in range(10):
        hand_in(folder, f"more{n:02}", triple="right", thrice="adds")
    victims = list(cluster._client.run(os.getpid).values())

    class Killing:
        def grade(self, tasks):
            for number, done in enumerate(cluster.grade(tasks)):
                yield done
                if number == 2:
                    os.kill(victims[0], signal.SIGKILL)

    found = states(go(course, folder, tmp_path / "out", Killing()))

    assert len(found) == 13
    assert all(found[f"more{n:02}"] == ["robust", "robust"] for n in range(10))


def test_class_secrets_reach_the_workers(course, folder, tmp_path, dask):  # noqa: F811
    from grader.classroom.cluster import Cluster

    plan = Plan(PLAN.names, "a secret of the class", per_student=True, least="process")
    with Cluster(dask.scheduler_address, course, plan) as own:
        own.prepare(plan.names)
        found = states(go(course, folder, tmp_path / "out", own, plan))

    assert found["anna"] == ["robust", "robust"]


def test_nothing_is_left_with_the_workers(course, dask, tmp_path):  # noqa: F811
    from grader.classroom.cluster import Cluster

    def left(dask_worker):
        return [name for name in dask_worker.plugins if name.startswith("grader-")]

    with Cluster(dask.scheduler_address, course, PLAN) as own:
        own.prepare(PLAN.names)
        assert all(own._client.run(left).values())
    with distributed.Client(dask.scheduler_address) as client:
        assert not any(client.run(left).values())


def test_a_scheduler_that_does_not_answer_is_said(course, monkeypatch):  # noqa: F811
    from grader.classroom import cluster as module

    monkeypatch.setattr(module, "_CONNECT_SECONDS", 1)
    with pytest.raises(ClassError, match="no Dask scheduler answers at tcp"):
        module.Cluster("tcp://127.0.0.1:9", course, PLAN)


class Dying:
    """A cluster's client; in the first moments somebody dies whenever the course is handed out."""

    def __init__(self, deaths: int) -> None:
        self.deaths, self.handed_out = deaths, 0

    def register_plugin(self, plugin, name) -> None:
        if self.deaths:
            self.deaths -= 1
            raise OSError("Stream is closed")
        self.handed_out += 1


@pytest.mark.parametrize(("deaths", "handed_out"), [(0, 1), (2, 1), (99, 0)])
def test_workers_that_die_while_they_get_the_course_are_passed_over(course, monkeypatch, deaths, handed_out):  # noqa: F811
    from grader.classroom import cluster as module

    client = Dying(deaths)
    monkeypatch.setattr(module, "Client", lambda *_, **__: client)
    cluster = module.Cluster("tcp://127.0.0.1:9", course, PLAN)

    if handed_out:
        cluster.prepare([])
    else:
        with pytest.raises(ClassError, match=r"die while they are given the course: Stream is closed\."):
            cluster.prepare([])
    assert client.handed_out == handed_out
