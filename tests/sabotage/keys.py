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
                "_measured(setting, forward, inputs[name], dout)",
                "_measured(setting, forward, inputs[name], np.ones_like(dout))",
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
        [('"\\0".join(("", exercise, case))', '"\\0".join(("", exercise))')],
        ["test_key.py::test_two_cases_of_one_form_have_numbers_of_their_own"],
    ),
    Sabotage(
        "secret_ignored",
        "A class's secret gives nobody arguments of its own.",
        "key.py",
        [('hmac.digest(secret.encode(), named, "sha256")', "hashlib.sha256(named).digest()")],
        ["test_key.py::test_a_class_has_hidden_numbers_of_its_own"],
    ),
    Sabotage(
        "reference_sees_its_own_changes",
        "What the reference does to its arguments is there at its next call.",
        "key.py",
        [("copy.deepcopy(tuple(arguments))", "tuple(arguments)")],
        ["test_key.py::test_a_reference_that_changes_its_argument_finds_it_fresh_at_every_call"],
    ),
    Sabotage(
        "rounding_of_a_step_ignored",
        "A step of descent is judged as if it had all digits of its gradient.",
        "checks/slope.py",
        [("if self.rate is None:\n            return self.slopes\n", "if True:\n            return self.slopes\n")],
        ["test_checks.py::test_a_step_is_judged_as_far_as_its_digits_go"],
    ),
    Sabotage(
        "float32_step_judged_as_float64",
        "The gradient that a step in float32 has followed has to be as exact as one in float64.",
        "checks/slope.py",
        [("self.gradient(part).astype(_float_of(part))", "self.gradient(part)")],
        ["test_checks.py::test_a_step_in_single_precision_may_follow_a_gradient_in_single_precision"],
    ),
    Sabotage(
        "stale_key",
        "A key is used although its exercise has changed.",
        "library.py",
        [("if head == digest + hashlib.sha256(data).digest():", "if True:")],
        ["test_library.py::test_a_changed_exercise_has_a_new_key"],
    ),
    Sabotage(
        "stale_reference",
        "A key is used although the exercise that it refers to has changed.",
        "library.py",
        [("*self._references(name), *filter", "*filter")],
        ["test_library.py::test_a_changed_exercise_that_another_refers_to_changes_both_keys"],
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
    Sabotage(
        "large_cases_have_no_limits",
        "A mistake that takes too much memory is right in the key, and nobody who makes it is told.",
        "apart.py",
        [("        limit()\n", "")],
        ["test_large.py::test_a_mistake_that_takes_too_much_memory_fails_for_want_of_it_in_the_key"],
    ),
    Sabotage(
        "the_picture_of_a_hidden_case",
        "A picture shows what is hidden.",
        "exercise.py",
        [
            (
                "shown = {case.name for case in exercise.cases if not case.hidden}",
                "shown = {c.name for c in exercise.cases}",
            )
        ],
        ["test_report_picture.py::test_an_author_hears_what_a_picture_lacks"],
    ),
)
