"""The table: what is counted, and that it is printed by one command."""

from dataclasses import replace

import numpy as np
import pytest

from . import battery, table


@pytest.fixture(scope="module")
def right():
    """The result of a right gradient."""
    (function,) = battery.chosen(("bias",))
    return table.judge(next(battery.right(0, [function])))


def test_no_two_functions_share_a_name():
    names = [function.name for function in table.ALL]

    assert len(set(names)) == len(names)


def test_a_right_gradient_that_is_called_wrong_is_a_false_alarm(right):
    rows = dict(table.verdicts([right, replace(right, verdict="wrong")], []))

    assert rows["false alarms"].split()[:5] == ["50.000", "%", "(1", "of", "2)"]
    assert rows["false alarms"].endswith("to reach: at most 0.05; MISSED")


def test_a_wrong_gradient_that_is_called_right_has_passed_in_its_arithmetic(right):
    missed = replace(right, kind="factor", size=1e-3)
    caught = replace(missed, size=1e-2, verdict="wrong", regime="single")
    rows = dict(table.verdicts([right], [missed, caught]))

    assert "(1 of 1)" in rows["passed, float64, 1e-4 and larger"]
    assert "(0 of 1)" in rows["passed, float32, 1e-2 and larger"]


def test_names_are_scored_only_where_the_mistake_was_found_and_has_one_name(right):
    found = replace(right, kind="factor", size=1.0, verdict="wrong", named="sign")
    wrong = [found, replace(found, verdict="right"), replace(found, kind=battery.SEVERAL)]

    assert "(1 of 1)" in dict(table.names_of(wrong))["generic, misnamed"]


def test_a_crash_of_the_checker_is_counted_as_not_judged():
    result = table.judge(battery.Case("crash", lambda x: None, lambda x: x, np.ones(2), True, "normal"))

    assert table.undecided(result)
    assert "TypeError" in str(result)


def test_one_command_prints_all_rows(capsys):
    table.main(["--quick", "--functions", "bias, tanh"])
    printed = capsys.readouterr().out

    assert "2 functions" in printed
    for row in ("false alarms", "passed, float64", "evaluations, right, smooth", "CPU time", "generic, misnamed"):
        assert row in printed


def test_every_target_is_printed_beside_its_figure(capsys):
    table.main(["--quick", "--functions", "bias, tanh, large affine"])
    printed = [line for line in capsys.readouterr().out.splitlines() if "to reach" in line]

    assert len(printed) == 14
    assert all(line.endswith(("; holds", "; MISSED")) for line in printed)


def test_others_are_printed_beside_ours(capsys):
    table.main(["--peers", "--functions", "bias"])
    printed = capsys.readouterr().out

    assert all(name in printed for name in ("ours", "jax's rule", "scipy check_grad", "torch's rule, slow"))


def test_an_unknown_function_is_refused():
    with pytest.raises(ValueError, match="no such layer"):
        table.main(["--functions", "no such layer"])
