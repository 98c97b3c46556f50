"""Defects of the gradient checker."""

from tests.sabotage.form import Sabotage

__all__ = ["SABOTAGES"]

SLOPES = "gradcheck/test_slopes.py"

SABOTAGES = (
    Sabotage(
        "kinks_not_recognised",
        "The two sides of a kink are averaged as if the function were smooth there.",
        "gradcheck/slopes.py",
        [
            ("            if at_kink is not None:\n", "            if False:\n"),
            ("limit.value - half, limit.value + half", "limit.value, limit.value"),
        ],
        [f"{SLOPES}::test_at_a_kink_every_value_between_the_slopes_is_right_and_others_are_wrong"],
    ),
    Sabotage(
        "everything_is_unjudged",
        "No slope is ever known well enough to judge by.",
        "gradcheck/slopes.py",
        [("judged = known & (bound <= np.maximum(1e-2 * size, 1e-3 * typical))", "judged = known & (bound < 0)")],
        ["test_exercises.py::test_every_gradient_check_judges_a_smooth_entry[relu_backward]"],
    ),
)
