"""Defects of what makes exercises, stubs and answer keys."""

from tests.sabotage.form import Sabotage

__all__ = ["SABOTAGES"]

RIGHT = "test_exercises.py::test_a_right_answer_is_robust"
CLOSE = "test_exercises.py::test_a_right_answer_stays_below_a_tenth_of_the_tolerance"
NAMED = "test_exercises.py::test_a_mistake_is_rejected_and_named"
AGREES = "test_exercises.py::test_the_numerical_gradient_agrees_with_the_reference"

SABOTAGES = (
    Sabotage(
        "upstream_ignored",
        "The numerical gradient of a backward pass takes every upstream gradient for ones.",
        "checks/slope.py",
        [
            (
                "slopes(forward, inputs[name], upstream=dout)",
                "slopes(forward, inputs[name], upstream=np.ones_like(dout))",
            )
        ],
        [f"{AGREES}[affine_backward]"],
    ),
    Sabotage(
        "upstream_of_ones",
        "The upstream gradient that is drawn is all ones, so that nobody has to heed it.",
        "checks/slope.py",
        [("np.round(rng.uniform(0.5, 1.5, shape), 2) * rng.choice([-1.0, 1.0], shape)", "np.ones(shape)")],
        ["test_checks.py::test_the_upstream_gradient_has_mixed_signs_and_reads_well"],
    ),
    Sabotage(
        "error_bars_zero",
        "Every expected number is trusted to the last bit.",
        "key.py",
        [("JIGGLES = (5, 11, 23, 37)", "JIGGLES: tuple[int, ...] = ()")],
        ["test_key.py::test_cancellation_widens_an_error_bar"],
    ),
    Sabotage(
        "jumps_are_rounding",
        "Where rounding breaks a tie differently, every answer is right.",
        "key.py",
        [("JUMP = 1e-3", "JUMP = 1e9")],
        ["test_key.py::test_a_tie_that_breaks_differently_is_no_rounding"],
    ),
    Sabotage(
        "cases_share_a_seed",
        "Two cases of one form draw the same numbers.",
        "key.py",
        [('"\\0".join((secret, exercise, case))', '"\\0".join((secret, exercise))')],
        ["test_key.py::test_two_cases_of_one_form_have_numbers_of_their_own"],
    ),
    Sabotage(
        "secret_ignored",
        "A class's secret gives nobody arguments of its own.",
        "key.py",
        [('"\\0".join((secret, exercise, case))', '"\\0".join((exercise, case))')],
        ["test_key.py::test_a_class_has_numbers_of_its_own"],
    ),
    Sabotage(
        "kinks_lost_in_a_file",
        "A key that has been saved knows no kinks.",
        "checks/slope.py",
        [
            ('"low", "high", "judged"', '"judged"'),
            (
                'gradcheck.Slopes(**plain["slopes"])',
                'gradcheck.Slopes(low=plain["slopes"]["value"], high=plain["slopes"]["value"], **plain["slopes"])',
            ),
        ],
        [f"{RIGHT}[relu_backward-shares_the_corner]"],
    ),
    Sabotage(
        "stub_leaks_the_body",
        "The learner's file holds the answer.",
        "stub.py",
        [
            (
                "    first, named = node.body[0]",
                '    return "".join(lines[node.lineno - 1 : node.end_lineno])\n    first, named = node.body[0]',
            )
        ],
        [
            "test_stub.py::test_nothing_of_the_body_is_left",
            "test_exercises.py::test_the_stub_compiles_and_is_not_started[relu_backward]",
        ],
    ),
    Sabotage(
        "stub_leaks_the_alternatives",
        "The learner's file holds the other right answers.",
        "stub.py",
        [
            (
                '        if _tagged(node, "given"):\n            blocks',
                '        if _tagged(node, "given", "alternative"):\n            blocks',
            )
        ],
        ["test_exercises.py::test_the_stub_gives_nothing_away[relu_backward]"],
    ),
    Sabotage(
        "begun_work_is_taken_for_a_stub",
        "Work that somebody has begun is cut anew.",
        "stub.py",
        [("return len(body) == 1 and ast.unparse(body[0]) == UNDONE", "return True")],
        [
            "test_stub.py::test_what_somebody_wrote_is_work",
        ],
    ),
)
