"""Defects of what runs learners' code."""

from tests.sabotage.form import Sabotage

__all__ = ["SABOTAGES"]

STOPPED = "test_sandbox.py::test_what_happens_instead_of_an_answer_has_a_name"
HOSTILE = "test_wire.py::test_hostile_bytes_give_a_wire_error"

SABOTAGES = (
    # --- calls -------------------------------------------------------------------------------------------------------
    Sabotage(
        "arguments_shared_between_calls",
        "A call finds its arguments as the call before has left them.",
        "worker/calls.py",
        [
            ("MOST_FRAMES = 6\n", "MOST_FRAMES = 6\n_seen: dict[bytes, Any] = {}\n"),
            (
                "arguments, described = revive(loaded, sent), _described(sent)",
                "arguments, described = _seen.setdefault(message, revive(loaded, sent)), _described(sent)",
            ),
        ],
        ["test_calls.py::test_one_call_cannot_change_the_arguments_of_the_next"],
    ),
    Sabotage(
        "changed_arguments_not_noticed",
        "The worker does not look at what a function did to its arguments.",
        "worker/calls.py",
        [("    changed: dict[int, Any] = {}\n", "    return {}\n    changed: dict[int, Any] = {}\n")],
        ["test_calls.py::test_a_changed_argument_is_reported_as_it_is_afterwards"],
    ),
    Sabotage(
        "generators_not_seeded_anew",
        "The global generators go on from session to session.",
        "worker/calls.py",
        [("    random.seed(0)\n    np.random.seed(0)", "    pass")],
        ["test_calls.py::test_reseeding_makes_the_global_generators_repeat_themselves"],
    ),
    Sabotage(
        "exit_escapes",
        "A function that calls sys.exit ends the worker.",
        "worker/calls.py",
        [
            (
                "    except BaseException as fault:\n        return wire.encode(_failure",
                "    except Exception as fault:\n        return wire.encode(_failure",
            )
        ],
        ["test_calls.py::test_an_exception_in_a_call_is_an_outcome[exit]", f"{STOPPED}[forking-sys.exit]"],
    ),
    Sabotage(
        "learners_copy_of_given_code",
        "The learner's own copy of what is given is used, right or not.",
        "worker/calls.py",
        [("    module.__dict__.update(names)\n", "")],
        ["test_calls.py::test_the_given_code_stands_in_for_the_learners_copy_of_it"],
    ),
    # --- the wire ----------------------------------------------------------------------------------------------------
    Sabotage(
        "wire_accepts_objects",
        "A message may hold arrays of Python objects.",
        "worker/wire.py",
        [('DTYPES = ("|b1",', 'DTYPES = ("|O", "|b1",')],
        [f"{HOSTILE}[array type]", "test_wire.py::test_every_type_that_comes_out_is_on_a_fixed_list"],
    ),
    Sabotage(
        "wire_accepts_any_size",
        "A message may be larger than its limits.",
        "worker/wire.py",
        [("if len(data) > limits.size or len(data)", "if len(data)"), ("if size > limits.tree or size", "if size")],
        ["test_wire.py::test_both_directions_keep_the_limits"],
    ),
    Sabotage(
        "wire_allocates_first",
        "An array is allocated before its bytes are counted.",
        "worker/wire.py",
        [
            (
                "        if size > len(self.rest):\n",
                "        bytearray(min(size, 1 << 24))\n        if size > len(self.rest):\n",
            )
        ],
        ["test_wire.py::test_sizes_are_checked_before_anything_is_allocated[one array]"],
    ),
    Sabotage(
        "wire_keeps_subclasses",
        "An answer of a learner's own class decides what it is worth.",
        "worker/wire.py",
        [("number = float.__float__(value)", "number = float(value)")],
        ["test_wire.py::test_a_subclass_arrives_as_the_base_value_that_it_holds"],
    ),
    Sabotage(
        "rest_of_a_message_ignored",
        "Bytes behind the last array are not noticed.",
        "worker/wire.py",
        [("if reader.rest:", "if False:")],
        [f"{HOSTILE}[bytes left]"],
    ),
    # --- the sandbox -------------------------------------------------------------------------------------------------
    Sabotage(
        "no_time_limit",
        "A function may compute for ever.",
        "sandbox/session.py",
        [("if late is not None:", "if False:")],
        ["test_sandbox.py::test_an_endless_loop_that_swallows_every_exception_is_ended"],
        seconds=5,
    ),
    Sabotage(
        "no_limit_of_waiting",
        "A function may sleep for ever.",
        "sandbox/session.py",
        [("if wall > WALL_PER_CPU * seconds or", "if")],
        ["test_sandbox.py::test_a_long_sleep_is_ended_by_the_clock_on_the_wall"],
        seconds=5,
    ),
    Sabotage(
        "waiting_counts_as_computing",
        "Who waits on a busy machine is said to compute for too long.",
        "sandbox/session.py",
        [("now - used > seconds:", "wall > seconds:")],
        ["test_sandbox.py::test_a_long_sleep_is_ended_by_the_clock_on_the_wall"],
    ),
    Sabotage(
        "output_not_capped",
        "A function may print without end.",
        "sandbox/output.py",
        [("while self._total <= MOST:", "while True:"), ("return self._total > MOST", "return False")],
        [f"{STOPPED}[forking-a gigabyte of prints]"],
        seconds=20,
    ),
    Sabotage(
        "anybody_may_answer",
        "A reply counts whatever question it belongs to.",
        "sandbox/session.py",
        [("if got != nonce or sequence != number:", "if False:")],
        ["test_sandbox.py::test_a_forged_answer_is_no_answer[forking]"],
    ),
    Sabotage(
        "first_of_two_answers",
        "What comes behind a whole answer is not looked at.",
        "sandbox/session.py",
        [("if len(received) > end and number == self._sequence:", "if False:")],
        ["test_sandbox.py::test_two_answers_are_no_answer[forking]"],
    ),
    Sabotage(
        "a_death_ends_the_exercise",
        "After a call that ended its worker no other is tried.",
        "sandbox/run.py",
        [("MOST_DEATHS = 3", "MOST_DEATHS = 1")],
        ["test_sandbox.py::test_a_call_that_dies_takes_no_other_with_it[forking-os._exit(0)]"],
    ),
    Sabotage(
        "order_of_outcomes_assumed",
        "Outcomes are given to the cases in the order of the key, although core cases are played first.",
        "sandbox/run.py",
        [
            (
                "        for case in cases:\n",
                "        for case in [case for case in self._key.cases if case in cases]:\n",
            )
        ],
        ["test_sandbox.py::test_core_cases_are_played_first_and_every_outcome_is_its_own_cases"],
    ),
    Sabotage(
        "edges_put_off_for_ever",
        "An edge case that was put off is not tried where a hidden core case has come back.",
        "sandbox/run.py",
        [("and not self._came_back\n", "\n")],
        ["test_sandbox.py::test_edges_are_tried_where_they_can_count[a hidden core call comes back]"],
    ),
    Sabotage(
        "edges_told_of_hidden_cases",
        "An edge case that was put off is played in a process that has been sent hidden arguments.",
        "sandbox/run.py",
        [("if self._hidden and not hidden:", "if False:")],
        ["test_sharing.py::test_an_edge_that_was_put_off_is_told_nothing_of_hidden_cases[forking-by itself]"],
    ),
    Sabotage(
        "second_files_hidden",
        "A second file for an exercise is passed over without a word.",
        "intake/submission.py",
        [("(name in known and name[-1] not in last)", "name in known")],
        ["test_intake.py::test_a_second_one_of_an_exercise_is_named_though_the_course_knows_it"],
    ),
    Sabotage(
        "everybody_shares_a_process",
        "A file that changes numpy is followed by others in the same process.",
        "sandbox/sharing.py",
        [("return roots <= _HARMLESS and not telling and not sets", "return True")],
        ["test_sharing.py::test_a_file_that_changes_what_others_use_has_a_process_of_its_own[forking]"],
    ),
    Sabotage(
        "hidden_before_shown",
        "A process that knows hidden arguments plays what is shown.",
        "sandbox/sharing.py",
        [("sessions = (hidden and", "sessions = (")],
        ["test_sharing.py::test_a_process_that_has_been_sent_hidden_arguments_plays_nothing_that_is_shown[forking]"],
    ),
    Sabotage(
        "others_memory_counts",
        "Where an earlier file has left no memory, a right answer fails.",
        "sandbox/run.py",
        [('frozenset({"memory", "crash", "protocol"})', "frozenset()")],
        ["test_sharing.py::test_memory_that_an_earlier_file_holds_costs_a_later_one_nothing[forking]"],
    ),
    Sabotage(
        "chance_goes_on",
        "Random numbers depend on what other files have drawn.",
        "worker/session.py",
        [("            calls.reseed()\n", "            loaded or calls.reseed()\n")],
        ["test_sharing.py::test_chance_begins_anew_with_every_file[forking]"],
    ),
    Sabotage(
        "prints_run_together",
        "What one call has printed is shown at another.",
        "worker/session.py",
        [("if _Counted.printed != printed:", "if False:")],
        ["test_sandbox.py::test_every_call_is_told_what_it_has_printed_itself[forking]"],
    ),
    Sabotage(
        "children_left_behind",
        "What a function has started runs on.",
        "worker/zygote.py",
        [("    living.discard(pid)\n    _kill_orphans(living)", "    living.discard(pid)")],
        ["test_sandbox.py::test_a_chain_of_children_in_sessions_of_their_own_is_ended"],
        seconds=6,
    ),
    Sabotage(
        "any_library_may_be_imported",
        "Learners' code finds whatever lies beside numpy.",
        "worker/session.py",
        [("    gate.close()\n", "")],
        ["test_sandbox.py::test_what_stops_the_file_is_the_outcome_of_every_call[pooling-import pytest]"],
    ),
    # --- files -------------------------------------------------------------------------------------------------------
    Sabotage(
        "file_of_any_size",
        "A file of 50 MB is read whole.",
        "sandbox/source.py",
        [("file.read(LARGEST + 1)", "file.read()"), ("if len(data) > LARGEST:", "if False:")],
        ["test_source.py::test_what_is_no_python_text_is_said_to_be_so[50 MB]"],
    ),
    Sabotage(
        "links_are_followed",
        "A link to somebody else's answer is graded as one's own.",
        "sandbox/source.py",
        [("FLAGS | os.O_NOFOLLOW", "FLAGS"), ("os.O_DIRECTORY | os.O_NOFOLLOW", "os.O_DIRECTORY")],
        ["test_source.py::TestLinks"],
    ),
    Sabotage(
        "second_names_are_read",
        "A hard link to somebody else's answer is graded as one's own.",
        "sandbox/source.py",
        [("about.st_nlink > 1", "about.st_nlink > 9")],
        ["test_source.py::TestLinks::test_a_file_with_a_second_name_is_refused"],
    ),
    Sabotage(
        "archives_lead_elsewhere",
        "What lies outside of an archive is taken for a part of it.",
        "intake/entry.py",
        [(' or ".." in found', "")],
        ["test_intake.py::test_a_name_that_leads_elsewhere_is_a_fault_and_nothing_is_read_under_it"],
    ),
    Sabotage(
        "sizes_in_archives_are_believed",
        "A zip archive may unpack to anything.",
        "intake/archive.py",
        [("if info.file_size > source.LARGEST:", "if False:"), ("file.read(source.LARGEST + 1)", "file.read()")],
        ["test_intake.py::test_a_file_of_16_megabytes_is_not_unpacked"],
    ),
    Sabotage(
        "shortcuts_under_another_name",
        "What is banned may be used as an attribute.",
        "shortcuts.py",
        [("    return _paths(node, aliases, banned)\n", "    return set()\n")],
        ["test_banned.py::test_a_banned_name_is_found_at_its_first_use"],
    ),
    Sabotage(
        "own_functions_are_shortcuts",
        "A function of one's own may not be called like one of the library.",
        "shortcuts.py",
        [("- set(aliases.maps[0])", "")],
        ["test_banned.py::test_what_only_looks_alike_is_not_found"],
    ),
    Sabotage(
        "logs_are_obeyed",
        "What a learner prints commands the system that grades.",
        "clean.py",
        [('return _COMMAND.sub(r"\\g<0> ", seen(text))', "return seen(text)")],
        ["test_clean.py::test_no_line_of_a_clean_text_is_obeyed"],
    ),
)
