"""Defects of handouts: what they give away, and what they do to work that somebody has begun."""

from tests.sabotage.form import Sabotage

__all__ = ["SABOTAGES"]

SECRET = "test_handout.py::test_no_line_of_an_answer_and_no_hidden_name_is_in_a_handout"
WORK = "test_handout.py::test_an_earlier_handout_is_brought_up_to_date_and_work_in_it_is_left_alone"

SABOTAGES = (
    Sabotage(
        "hidden_cases_handed_out",
        "The keys of a handout hold the hidden cases.",
        "handed.py",
        [("keys.to_bytes(keys.public(whole))", "keys.to_bytes(whole)")],
        [SECRET],
    ),
    Sabotage(
        "work_overwritten",
        "A later handout puts stubs over what learners have written.",
        "handout/target.py",
        [('return "written" if path in stubs and _untouched(there, data) else "kept"', 'return "written"')],
        [WORK],
    ),
    Sabotage(
        "somebody_elses_folder_filled",
        "A handout is written among files that have nothing to do with it.",
        "handout/target.py",
        [("    if not held:", "    if held:")],
        ["test_handout.py::test_a_folder_with_other_things_is_refused_and_stays_as_it_was"],
    ),
    Sabotage(
        "damaged_keys_believed",
        "A handout's key of another exercise is judged by.",
        "handed.py",
        [("if found.name != name:", "if not found.name:")],
        ["test_handout.py::test_an_exercise_without_its_key_is_not_judged_and_takes_no_other_with_it"],
    ),
    Sabotage(
        "learners_made_authors",
        "A folder called solutions hides a handout's keys.",
        "library.py",
        [("    if handed.is_handout(root):", '    if handed.is_handout(root) and not (root / "solutions").is_dir():')],
        ["test_handout.py::test_a_folder_called_solutions_makes_no_author_of_a_learner"],
    ),
)
