"""Defects of the gradient checker."""

from tests.sabotage.form import Sabotage

__all__ = ["SABOTAGES"]

CHECK = "gradcheck/test_check_gradient.py"
SLOPES = "gradcheck/test_slopes.py"

SABOTAGES = (
    # --- slopes, entry by entry --------------------------------------------------------------------------------------
    Sabotage(
        "kinks_not_recognised",
        "The two sides of a kink are averaged as if the function were smooth there.",
        "gradcheck/slopes.py",
        [("value - half, value + half, judged)", "value, value, judged)")],
        [f"{SLOPES}::test_at_a_kink_every_value_between_the_slopes_is_right_and_others_are_wrong"],
    ),
    Sabotage(
        "forward_differences",
        "Slopes are measured to one side only, which is wrong by as much as the function bends.",
        "gradcheck/line.py",
        [("slopes = (y_up - y_down) / (2 * h)", "slopes = (y_up - y) / h")],
        [f"{SLOPES}::test_a_smooth_slope_is_known_to_eight_digits"],
    ),
    Sabotage(
        "no_slope_is_judged",
        "No slope is ever known well enough to judge by.",
        "gradcheck/slopes.py",
        [("judged = known & (bound <= np.maximum(1e-2 * size, 1e-3 * typical))", "judged = known & (bound < 0)")],
        ["test_exercises.py::test_every_gradient_check_judges_a_smooth_entry[relu_backward]"],
    ),
    Sabotage(
        "every_slope_is_judged",
        "Slopes that drown in noise are judged by.",
        "gradcheck/slopes.py",
        [
            (
                "judged = known & (bound <= np.maximum(1e-2 * size, 1e-3 * typical))",
                "judged = np.ones(known.shape, bool)",
            ),
        ],
        [f"{SLOPES}::test_where_noise_leaves_no_digit_nothing_is_judged"],
    ),
    Sabotage(
        "bars_of_slopes_zero",
        "A measured slope is trusted to the last bit.",
        "gradcheck/slopes.py",
        [
            (
                "np.array([slope(line) for line in lines]).reshape(-1, 3)",
                "np.array([slope(line) for line in lines]).reshape(-1, 3) * [1, 0, 1]",
            )
        ],
        [f"{SLOPES}::test_smooth_slopes_agree_with_calculus_at_every_scale"],
    ),
    Sabotage(
        "weights_of_slopes_ignored",
        "The slope of the plain sum of the outputs is measured, whatever their weights.",
        "gradcheck/slopes.py",
        [
            (
                "weights = flat_upstream(upstream, functions.shape)",
                "weights = np.ones_like(flat_upstream(upstream, functions.shape))",
            )
        ],
        [f"{SLOPES}::test_smooth_slopes_agree_with_calculus_at_every_scale"],
    ),
    Sabotage(
        "slopes_not_compared",
        "Every finite gradient agrees with the measured slopes.",
        "gradcheck/slopes.py",
        [("wrong = ~finite | (slopes.judged & ~(excess <= 0))", "wrong = ~finite")],
        [f"{SLOPES}::test_at_a_kink_every_value_between_the_slopes_is_right_and_others_are_wrong"],
    ),
    # --- along random directions -------------------------------------------------------------------------------------
    Sabotage(
        "comparison_disabled",
        "Every gradient is right along every direction.",
        "gradcheck/direction.py",
        [("if (line.still and not line.claimed) or (abs(first.value) <= quick and clear):", "if True:")],
        [f"{CHECK}::test_no_wrong_gradient_passes"],
    ),
    Sabotage(
        "noise_estimate_zero",
        "How much f is rounded is not asked, so that a slope that drowns in that is judged.",
        "gradcheck/line.py",
        [
            (
                "self.noise = (0.5 if lane.fine else 1.5) * lane.eps * float(np.linalg.norm(place.u * place.y))",
                "self.noise = 0.0",
            )
        ],
        [f"{CHECK}::test_a_slope_drowned_in_noise_is_neither_right_nor_wrong"],
    ),
    Sabotage(
        "measured_noise_zero",
        "Scatter between steps is taken for a wrong gradient.",
        "gradcheck/line.py",
        [
            ("noise = max(noise, 2 * change * h)", "noise = max(noise, 0 * change * h)"),
            ("max(fallen, default=0.0)", "0.0"),
        ],
        [f"{SLOPES}::test_noise_of_an_iteration_that_stops_early_makes_no_entry_wrong"],
    ),
    Sabotage(
        "noise_taken_for_a_kink",
        "Noise that shows at a tiny step is taken for a kink, so that a gross mistake passes.",
        "gradcheck/direction.py",
        [("noisy = lost or (beyond is not None and beyond.jump < STEADY * below)", "noisy = lost")],
        [f"{CHECK}::test_noise_is_not_taken_for_a_kink"],
    ),
    Sabotage(
        "lost_digits_a_plateau",
        "Steps at which f stands still for lack of digits confirm that a right gradient is wrong.",
        "gradcheck/direction.py",
        [("level.h <= bits for level in found", "level.h < 0 for level in found")],
        [f"{CHECK}::test_digits_that_f_has_lost_are_no_plateau"],
    ),
    Sabotage(
        "kink_test_off",
        "At a kink nobody looks beside it, so that a right gradient there is accused.",
        "gradcheck/verdict.py",
        [("        return _beside(scene, found)\n", '        return replace(found, status="wrong")\n')],
        [f"{CHECK}::test_at_a_kink_any_value_between_the_slopes_is_right"],
    ),
    Sabotage(
        "second_argument_ignored",
        "The upstream gradient is taken for ones wherever f and its gradient are asked.",
        "gradcheck/check.py",
        [("if upstream is None and functions.weighed else flat_upstream(upstream, functions.shape)", "* 0 + 1")],
        [f"{CHECK}::test_an_upstream_gradient_is_used_as_given"],
    ),
    Sabotage(
        "linearity_not_asked",
        "A gradient need not be linear in the upstream gradient.",
        "gradcheck/check.py",
        [("return _bent(scene, place) or _stale", "return _stale")],
        ["gradcheck/test_hiding.py::test_a_gradient_clipped_above_the_upstream_gradient_that_is_given_is_found"],
    ),
    Sabotage(
        "stale_gradient_accepted",
        "A gradient that stays the same at every point is right.",
        "gradcheck/check.py",
        [(" or _stale(scene, place, found) or ", " or ")],
        ["gradcheck/test_hiding.py::test_a_gradient_that_stays_the_same_at_other_points_is_found"],
    ),
    Sabotage(
        "blocks_judged_together",
        "A wrong gradient of a small argument hides behind that of a large one.",
        "gradcheck/check.py",
        [
            ("scale=scene.scale * least / sizes[number] if least else scene.scale", "scale=scene.scale"),
            (" or least > 1e-3 * max(sizes):", " or True:"),
        ],
        ["gradcheck/test_hiding.py::test_a_small_gradient_is_judged_beside_a_huge_one"],
    ),
)
