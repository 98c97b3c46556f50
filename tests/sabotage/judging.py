"""Defects of what compares, judges, diagnoses and counts points."""

from tests.sabotage.form import Sabotage

__all__ = ["SABOTAGES"]

RIGHT = "test_exercises.py::test_a_right_answer_is_robust"
NAMED = "test_exercises.py::test_a_mistake_is_rejected_and_named"
FAR_OFF = "test_exercises.py::test_a_mistake_in_numbers_is_above_ten_times_the_tolerance"
NOT_STARTED = "test_exercises.py::test_the_stub_compiles_and_is_not_started"
JUDGE = "test_judge.py"
FORM = "test_compare.py::test_another_form_is_told_in_a_sentence"
UNEQUAL = "test_compare.py::test_other_numbers_are_found_with_the_worst_entry"

TOLERANCE = "return RELATIVE[width] * size + ROUNDINGS * np.asarray(bar, float) + FLOOR * eps * float(size.max())"


SABOTAGES = (
    # --- comparing ---------------------------------------------------------------------------------------------------
    Sabotage(
        "tolerance_zero",
        "Only numbers that are equal to the last bit pass.",
        "compare.py",
        [(TOLERANCE, "return np.zeros(expected.shape)")],
        [f"{RIGHT}[softmax_loss-goes_row_by_row]", f"{RIGHT}[batchnorm_forward-through_the_second_moment]"],
    ),
    Sabotage(
        "tolerance_one",
        "Numbers may be off by as much as they are large.",
        "compare.py",
        [(TOLERANCE, "return np.ones(expected.shape) + size")],
        [f"{FAR_OFF}[affine_forward-forgets_the_bias]", f"{NAMED}[affine_forward-forgets_the_bias]"],
    ),
    Sabotage(
        "error_bars_ignored",
        "The tolerance does not heed how far the reference itself can be trusted.",
        "compare.py",
        [("ROUNDINGS * np.asarray(bar, float)", "0.0")],
        ["test_compare.py::test_an_error_bar_widens_the_tolerance_at_its_entry_only"],
    ),
    Sabotage(
        "float32_judged_as_float64",
        "An answer in float32 has to be as exact as one in float64.",
        "compare.py",
        [("RELATIVE = {8: 1e-7, 4: 1e-4,", "RELATIVE = {8: 1e-7, 4: 1e-7,")],
        ["test_compare.py::test_the_tolerance_is_relative"],
    ),
    Sabotage(
        "nan_equal",
        "NaN is equal to every number.",
        "compare.py",
        [("((wide[0] != wide[0]) & (wide[1] != wide[1]))", "((wide[0] != wide[0]) | (wide[1] != wide[1]))")],
        [f"{UNEQUAL}[nan]"],
    ),
    Sabotage(
        "nan_unseen",
        "NaN and infinity in an answer are not told.",
        "misfit.py",
        [("bad = ~np.isfinite(got) & np.isfinite(wanted)", "bad = np.zeros(got.shape, bool)")],
        [f"{FORM}[nan]"],
    ),
    Sabotage(
        "shape_not_compared",
        "Arrays of as many entries pass in any shape.",
        "misfit.py",
        [("if wanted.shape != got.shape:", "if wanted.size != got.size:")],
        [f"{FORM}[column]", f"{NAMED}[affine_backward-leaves_dx_flat]"],
    ),
    Sabotage(
        "shape_broadcast",
        "An answer of one entry stands for a whole array.",
        "misfit.py",
        [("if wanted.shape != got.shape:", "if wanted.shape != got.shape and got.size != 1:")],
        [f"{FORM}[one broadcasts]"],
    ),
    Sabotage(
        "dtype_not_compared",
        "Float32 in place of float64, and whole numbers in place of floats, pass.",
        "misfit.py",
        [("if _same_type(wanted, got):", "if True:")],
        [f"{FORM}[float32 for float64]", f"{NAMED}[relu_forward-widens_to_double]"],
    ),
    Sabotage(
        "dtype_is_a_core_matter",
        "An answer of another number type is wrong at core cases, too.",
        "faults.py",
        [('if found is None or (found.soft and case.kind == "core"):', "if found is None:")],
        [
            f"{JUDGE}::test_another_type_of_number_is_an_edge_matter",
        ],
    ),
    Sabotage(
        "float16_accepted",
        "Half floats, which keep three digits, are compared with a tolerance of a hundredth.",
        "misfit.py",
        [("if got.dtype == np.float16 and", "if False and")],
        [f"{FORM}[half]"],
    ),
    Sabotage(
        "structure_half_compared",
        "An answer of too many or too few parts passes.",
        "misfit.py",
        [("if len(answer) != len(expected):", "if len(answer) < 0:")],
        [f"{FORM}[too few parts]", f"{NAMED}[layernorm_forward-keeps_running_averages]"],
    ),
    Sabotage(
        "whole_numbers_compared_as_floats",
        "Large whole numbers that differ by one are equal.",
        "compare.py",
        [('if expected.dtype.kind not in "fc" or not expected.size:', "if not expected.size:")],
        [f"{UNEQUAL}[large ints]", "test_compare.py::test_whole_numbers_and_truth_values_are_exact"],
    ),
    Sabotage(
        "first_entry_shown",
        "The first wrong entry is shown, not the worst.",
        "compare.py",
        [
            (
                "np.argmax(np.where(np.isnan(ratio), np.inf, ratio))",
                "np.argmax(ratio > 1)",
            )
        ],
        [f"{UNEQUAL}[worst]"],
    ),
    Sabotage(
        "unequal_numbers_read_alike",
        "Two numbers that differ in the seventh digit are printed as equal.",
        "parts.py",
        [("range(6, 18)", "range(6, 7)"), ("return str(one), str(other)", "return texts")],
        ["test_parts.py::test_two_unequal_numbers_never_read_the_same"],
    ),
    # --- judging -----------------------------------------------------------------------------------------------------
    Sabotage(
        "gradient_check_skipped",
        "The numerical gradient is never looked at.",
        "faults.py",
        [("for check in slopes:", "for check in slopes[:0]:")],
        [f"{NAMED}[relu_backward-lets_everything_pass]"],
    ),
    Sabotage(
        "value_not_compared",
        "Every answer of the right form is right, where no other check bites.",
        "faults.py",
        [("if different is not None:\n        message", "if False:\n        message")],
        [
            f"{JUDGE}::test_a_core_case_that_fails_makes_it_wrong",
            f"{NAMED}[affine_backward-hands_dout_on_as_db]",
        ],
    ),
    Sabotage(
        "other_checks_skipped",
        "Relations, statistics and repetition are never looked at.",
        "faults.py",
        [("for other in others:", "for other in others[:0]:")],
        [
            f"{NAMED}[dropout_forward-caches_another_mask]",
        ],
    ),
    Sabotage(
        "any_exception_will_do",
        "Where an exception is asked for, every exception passes.",
        "faults.py",
        [("and expected.type in (got.type, *got.bases)", "")],
        [
            f"{JUDGE}::test_what_is_no_such_exception_is_told",
        ],
    ),
    Sabotage(
        "exception_not_asked_for",
        "Where an exception is asked for, an answer passes, too.",
        "faults.py",
        [('return Fault("raises", asked)', "return None")],
        [f"{NAMED}[batchnorm_forward-takes_any_mode_but_train_for_test]"],
    ),
    Sabotage(
        "every_sign_is_asked_for",
        "An eigenvector that points the other way is wrong.",
        "checks/symmetry.py",
        [("np.where(along < 0, -1, 1)", "np.where(along < 0, 1, 1)")],
        ["test_checks_symmetry.py::test_either_sign_of_a_vector_is_right[negated]"],
    ),
    Sabotage(
        "any_basis_will_do",
        "What is compared up to its span is turned into the answer, whatever it spans.",
        "checks/symmetry.py",
        [("return np.asarray(expected @ u @ vt)", "return part")],
        ["test_checks_symmetry.py::test_a_basis_of_another_space_or_of_other_lengths_is_wrong"],
    ),
    Sabotage(
        "every_gradient_fits_its_loss",
        "A gradient that is the slope of nothing is called that of a wrong loss.",
        "checks/consistency.py",
        [("return True if off <= AGREES * size else", "return True if off <= np.inf else")],
        ["test_checks_consistency.py::test_a_wrong_loss_and_a_gradient_of_neither"],
    ),
    Sabotage(
        "changed_arguments_forgiven",
        "What a function does to its caller's arrays is not judged.",
        "judge.py",
        [("changed = changed_argument(key, outcomes)", 'changed = ""')],
        ["test_exercises.py::test_a_changed_argument_costs_no_more_than_its_edge_case[relu_backward]"],
    ),
    Sabotage(
        "changed_arguments_are_a_core_matter",
        "Who changes an argument has a wrong answer.",
        "judge.py",
        [('CaseVerdict(LEAVES_ALONE, "edge", False, state)', 'CaseVerdict(LEAVES_ALONE, "core", False, state)')],
        ["test_exercises.py::test_a_changed_argument_costs_no_more_than_its_edge_case[relu_backward]"],
    ),
    Sabotage(
        "missing_outcome_passes",
        "A case without an outcome is passed.",
        "judge.py",
        [
            (
                'if fault is None:\n        return "passed"',
                'if fault is None or "no outcome" in fault.message:\n        return "passed"',
            )
        ],
        [
            f"{JUDGE}::test_a_missing_outcome_counts_as_a_failure_with_its_reason",
        ],
    ),
    Sabotage(
        "hidden_case_shown",
        "The finding of a hidden case says what the case asks.",
        "judge.py",
        [('say("a hidden case fails ({kind})", kind=fault.check)', "fault.message")],
        [
            f"{JUDGE}::test_a_hidden_case_gives_no_evidence",
        ],
    ),
    Sabotage(
        "hidden_argument_shown",
        "What was done to an argument of a hidden case is shown in numbers.",
        "faults.py",
        [('"" if case.hidden else _change', "_change")],
        [
            f"{JUDGE}::test_a_changed_argument_of_a_hidden_case_shows_no_number",
        ],
    ),
    Sabotage(
        "not_started_is_wrong",
        "A stub that nobody has touched is a wrong answer.",
        "outcome.py",
        [('return self.type == "NotImplementedError"', "return False")],
        [f"{NOT_STARTED}[relu_backward]"],
    ),
    Sabotage(
        "half_begun_is_not_started",
        "An answer that leaves one case undone is not judged.",
        "judge.py",
        [("return bool(found) and all(", "return bool(found) and any(")],
        [
            f"{JUDGE}::test_who_answers_one_case_has_started",
        ],
    ),
    Sabotage(
        "our_fault_is_the_learners",
        "A worker that could not be started costs the learner points.",
        "outcome.py",
        [('OURS = frozenset({"setup"})', "OURS: frozenset[str] = frozenset()")],
        ["test_sandbox.py::test_a_killed_parent_of_workers_is_no_fault_of_the_learner"],
    ),
    # --- diagnosing --------------------------------------------------------------------------------------------------
    Sabotage(
        "ambiguous_diagnosis_allowed",
        "Where two known mistakes fit, the first is named.",
        "diagnosis.py",
        [("    if len(matching) > 1:\n        return None\n", ""), ("if len(matching) == 1:", "if matching:")],
        [
            f"{JUDGE}::test_two_mistakes_with_the_same_outcomes_are_not_told_apart",
        ],
    ),
    Sabotage(
        "mistake_matched_on_one_case",
        "A mistake is named that gives these outcomes at one case only.",
        "diagnosis.py",
        [("alike = all(\n        _same_outcome", "alike = any(\n        _same_outcome")],
        [f"{NAMED}[relu_backward-lets_everything_pass]"],
    ),
    Sabotage(
        "mistake_matched_by_form",
        "A mistake is named whose answers have this form, whatever their numbers.",
        "diagnosis.py",
        [("case.bars, random | free) is not None:", "case.bars, random | free) is False:")],
        [f"{NAMED}[relu_backward-lets_everything_pass]"],
    ),
    Sabotage(
        "changes_do_not_tell_mistakes_apart",
        "A mistake that changes its arguments is named for answers that do not.",
        "diagnosis.py",
        [("if strict and set(theirs.changed) != set(ours.changed):", "if False:")],
        [
            f"{NAMED}[relu_forward-works_in_place]",
        ],
    ),
    Sabotage(
        "any_exception_tells_a_mistake",
        "Whatever raises the same type of exception everywhere is named like a known mistake that does.",
        "diagnosis.py",
        [("return theirs.message == ours.message", "return True")],
        [f"{JUDGE}::test_a_mistake_of_which_nothing_comes_back_is_known_by_the_words_of_its_exception"],
    ),
    Sabotage(
        "pattern_of_a_single_case",
        "The first wrong gradient is explained, whatever the others show.",
        "diagnosis.py",
        [
            (
                "for other in [other for its, where, other in found[1:] if (its, where) == (kind, place)]:",
                "for other in []:",
            )
        ],
        [f"{JUDGE}::test_a_pattern_has_to_fit_wherever_the_gradient_is_wrong"],
    ),
    # --- points ------------------------------------------------------------------------------------------------------
    Sabotage(
        "edge_points_without_core",
        "Edge cases count where no core case passes.",
        "points.py",
        [("if core > 0 else 0", "")],
        ["test_points.py::test_points_are_an_exact_share"],
    ),
    Sabotage(
        "half_for_core",
        "Core cases are worth half of the points, not two thirds.",
        "points.py",
        [("Fraction(2, 3)", "Fraction(1, 2)")],
        ["test_points.py::test_points_are_an_exact_share"],
    ),
    # --- checks ------------------------------------------------------------------------------------------------------
    Sabotage(
        "chance_forgives_all",
        "Random answers of every kind pass.",
        "checks/chance.py",
        [("SIGMAS = 7.0", "SIGMAS = 7e9")],
        ["test_checks_chance.py::test_other_draws_are_rejected"],
    ),
    Sabotage(
        "chance_forgives_nothing",
        "One in three right draws is rejected.",
        "checks/chance.py",
        [("SIGMAS = 7.0", "SIGMAS = 1.0")],
        ["test_checks_chance.py::test_right_draws_of_any_generator_pass"],
    ),
    Sabotage(
        "slices_not_compared",
        "One coin for a whole column passes as one for every entry.",
        "checks/chance.py",
        [("values.ndim if values.ndim > 1 else 0", "0")],
        [
            "test_checks_chance.py::test_one_coin_for_a_slice_is_asked_about",
        ],
    ),
    Sabotage(
        "seed_means_nothing",
        "Two calls with one seed may differ.",
        "checks/chance.py",
        [("encode(first[place]) != encode(second[place])", "False")],
        ["test_checks_chance.py::test_another_draw_is_not_repeatable"],
    ),
    Sabotage(
        "relation_always_holds",
        "Relations between the parts of an answer are not checked.",
        "checks/relation.py",
        [("if not (ratio > 1).any():", "if True:")],
        [f"{NAMED}[dropout_forward-caches_another_mask]"],
    ),
    Sabotage(
        "slope_not_measured",
        "A gradient is compared with the reference alone, so that at a kink everything passes.",
        "checks/slope.py",
        [("differs & compared.wrong | ((ratio > 1) & ~at_kink & ~cancelled)", "(ratio > 1) & ~at_kink")],
        [
            f"{JUDGE}::test_outside_the_kink_is_wrong_with_the_interval_in_the_message",
        ],
    ),
    Sabotage(
        "one_answer_at_a_kink",
        "At a kink only the reference's own choice passes.",
        "checks/slope.py",
        [("differs & compared.wrong | ((ratio > 1) & ~at_kink & ~cancelled)", "ratio > 1")],
        [f"{RIGHT}[relu_backward-shares_the_corner]"],
    ),
    Sabotage(
        "descent_judged_as_a_gradient",
        "A step of descent is held against the gradient itself.",
        "checks/slope.py",
        [("return part if self.rate is None else", "return part if True else")],
        ["test_checks.py::test_another_step_fails_and_says_what_it_follows"],
    ),
    Sabotage(
        "slope_not_held_against_the_reference",
        "A gradient is compared with the numerical slope alone, which sees no more than six digits.",
        "checks/slope.py",
        [("differs & compared.wrong | ((ratio > 1) & ~at_kink & ~cancelled)", "differs & compared.wrong")],
        ["test_checks.py::test_a_wrong_gradient_fails"],
    ),
    Sabotage(
        "what_cancels_is_wrong",
        "Where terms cancel to 0, what another order of adding up leaves is wrong.",
        "checks/slope.py",
        [(" & ~cancelled)", ")")],
        ["test_checks.py::test_where_terms_cancel_a_little_may_be_left[-5.7e-14-True]"],
    ),
    # --- telling -----------------------------------------------------------------------------------------------------
    Sabotage(
        "status_always_zero",
        "Programs are told that all is well, whatever was found.",
        "cli.py",
        [('return 3 if "not judged" in states else 1 if "wrong" in states else 0', "return 0")],
        ["test_cli.py::test_something_wrong_is_status_1"],
    ),
    Sabotage(
        "learners_command_the_terminal",
        "What a learner prints may move the cursor and change colours.",
        "clean.py",
        [('in ("Cc", "Cf", "Cs", "Zl", "Zp")', "in ()")],
        ["test_clean.py::test_what_commands_a_terminal_is_shown_instead"],
    ),
)
