"""Every attack is contained wherever that is promised, beside honest answers that keep their points."""

import sys
from collections import Counter

import pytest

from grader.sandbox import Sandbox
from grader.sandbox.level import LEVELS, at_least
from grader.sandbox.start import forks
from tests.attacks.attack import HARMS
from tests.attacks.catalogue import ATTACKS, SUBJECTS
from tests.attacks.played import attacked, fits
from tests.attacks.scene import Scene
from tests.attacks.table import played
from tests.attacks.worlds import WORLDS, run

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not forks(), reason="workers are not forked here")]
NAMED = {attack.name: attack for attack in ATTACKS}


def one_of_each(attacks):
    """Choose an attack for every control and harm; `python -m tests.attacks` plays all of them at every level."""
    return list({(attack.by, attack.harm): attack for attack in attacks}.values())


def test_all_attacks_are_contained():
    with Sandbox(most="kernel") as sandbox:
        if not at_least(sandbox.isolation, "seccomp"):
            pytest.skip("learner code cannot be locked up here")
        attacks = [attack for attack in ATTACKS if fits(attack, sandbox.isolation)]

        results = played(sandbox, attacks)

    assert {r.attack.name: (r.harms, r.said) for r in results if not r.contained} == {}
    assert len(results) == len(attacks) >= 80


@pytest.mark.parametrize("most", ["process", "user", "seccomp", "kernel+ns"])
def test_attacks_are_contained_at_other_levels_where_that_is_promised(most):
    with Sandbox(most=most) as sandbox:
        if sandbox.isolation != most:
            pytest.skip(f"the level {most} cannot be reached here")
        promised = [attack for attack in ATTACKS if fits(attack, most) and at_least(most, attack.since)]
        by_isolation = [attack for attack in promised if attack.since != "process"]

        results = played(
            sandbox, [*by_isolation, *one_of_each([attack for attack in promised if attack.since == "process"])]
        )

    assert {r.attack.name: (r.harms, r.said) for r in results if not r.contained} == {}


@pytest.mark.parametrize("world", WORLDS[2:], ids=lambda world: world.name)
def test_what_a_container_leaves_is_enough(world):
    names = [
        "opens_a_file",
        "connects_by_tcp",
        "kills_another",
        "leaves_children",
        "opens_a_file_by_32_bit_machine_code",
    ]

    said = run(world, [sys.executable, "-m", "tests.attacks", "--here", *world.levels, *names])
    if said is None:
        pytest.skip("rights cannot be given up here")

    assert {name: held for name, (held, _, _) in said[world.levels[0]].items()} == dict.fromkeys(names, True)


@pytest.mark.parametrize(
    ("name", "harm"),
    [
        ("opens_a_file", "read"),
        ("rewrites_a_file", "wrote"),
        ("connects_by_tcp", "reached"),
        ("connects_to_a_socket_without_a_folder", "reached"),
        ("kills_another", "struck"),
        ("stops_another", "struck"),
        ("kills_the_parent_of_all", "struck"),
        ("reads_the_memory_of_another_directly", "read"),
        ("makes_shared_memory", "could"),
    ],
)
def test_harm_is_seen_where_nothing_is_locked(name, harm):
    with Scene() as scene, Sandbox(most="process") as sandbox:
        assert harm in attacked(scene, sandbox, NAMED[name]).harms


def test_an_honest_answer_does_no_harm_and_is_seen_where_it_should_have_failed():
    honest = NAMED["sets_a_mask"]

    with Scene() as scene, Sandbox() as sandbox:
        assert attacked(scene, sandbox, honest).contained
        assert attacked(scene, sandbox, type(honest)(**{**vars(honest), "deserves": "wrong"})).harms == ("points",)


def test_attacks_are_told_apart_and_complete():
    assert not [name for name, count in Counter(attack.name for attack in ATTACKS).items() if count > 1]
    assert {attack.harm for attack in ATTACKS} <= set(HARMS)
    assert {attack.since for attack in ATTACKS} | {attack.not_below for attack in ATTACKS} <= set(LEVELS)
    assert all(len(attacks) >= 10 for attacks in SUBJECTS.values())
