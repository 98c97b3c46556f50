"""Gradebooks of Canvas and Moodle: one column is filled, all else stays byte for byte, and nobody is mistaken."""

import csv
import io
import re
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.classroom import ClassError
from grader.classroom.exports import canvas, moodle, sheet
from grader.classroom.exports.matching import Total, id_in, match, name_of, total
from grader.classroom.exports.moodle import Columns
from grader.classroom.exports.wording import feedback
from grader.classroom.record import Student
from tests.made_records import HOSTILE, record, records

checked = settings(derandomize=True, database=None, deadline=None, max_examples=100)


def one(student: str, points="23/3", most: int = 12, name: str = "", email: str = "", **more) -> Total:
    return Total(Student(student, name, email), more.pop("submission", "a.zip"), Fraction(points), most, True, **more)


def cells(data: bytes, separator: str = ",") -> list[list[str]]:
    """Read a table as a spreadsheet does."""
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=separator))


# --- a table, cell by cell -----------------------------------------------------------------------------------------

PIECES = ["", "a", "7,5", '"q"', '"a,b;c"', '"say ""hi"""', '"two\nlines"', " x ", "é", "🐍", "=1+1", '"\r\n"']


@checked
@given(
    st.lists(st.lists(st.sampled_from(PIECES), min_size=2, max_size=5), min_size=1, max_size=5),
    st.sampled_from([",", ";", "\t"]),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.booleans(),
    st.booleans(),
)
def test_a_table_that_nothing_is_written_into_stays_as_it_is(rows, separator, end, bom, ended):
    rows = [[piece if separator != "," or "," not in piece or '"' in piece else "x" for piece in row] for row in rows]
    rows = [["Student", '"ID"', "Section", "A", "B", "C", "D", "E", "F"], *rows]
    text = "\ufeff" * bom + end.join(separator.join(row) for row in rows) + end * ended
    data = text.encode()

    assert sheet.filled(sheet.read(data), {}) == data


@checked
@given(st.lists(st.sampled_from(PIECES), min_size=3, max_size=5), st.sampled_from(["7.5", "7,5", 'a"b', "x\ny"]))
def test_one_cell_is_written_and_its_neighbours_stay(row, value):
    row = [piece for piece in row if piece != "7,5"] + ["a", "b", "c"]
    table = sheet.read(",".join(row).encode() + b"\r\n")

    data = sheet.filled(table, {(0, 1): value})

    before, after = cells(sheet.filled(table, {}))[0], cells(data)[0]
    assert after[1] == value
    assert (after[:1], after[2:]) == (before[:1], before[2:])


@pytest.mark.parametrize("data", [b'a,"b\nc,d', b'"a"b,c\n', b'a,b\n"c""'])
def test_a_quote_that_does_not_end_is_said_and_not_repaired(data):
    with pytest.raises(ClassError, match="a quote does not end"):
        sheet.read(data)


def test_bytes_that_are_no_utf8_stay():
    data = "Müller,3\r\n".encode("latin-1")

    assert sheet.filled(sheet.read(data), {(0, 1): "4"}) == "Müller,4\r\n".encode("latin-1")


def test_utf16_is_refused():
    with pytest.raises(ClassError, match="UTF-16"):
        sheet.read("a,b".encode("utf-16"))


# --- who is who ----------------------------------------------------------------------------------------------------


def test_the_more_telling_name_counts():
    rows = {1: ({"17"}, {"max"}), 2: ({"18"}, {"mia"})}

    found = match(rows, [({"18"}, {"max"})])

    assert found.student_of == {2: (0, 0)}


@pytest.mark.parametrize(
    ("rows", "students"),
    [
        ({1: ({"max"},), 2: ({"max"},)}, [({"max"},)]),
        ({1: ({"max"},)}, [({"max"},), ({"max"},)]),
        ({1: ({"max", "moritz"},)}, [({"max"},), ({"moritz"},)]),
    ],
    ids=["two rows", "two students", "one row that may be either"],
)
def test_between_two_nobody_is_chosen(rows, students):
    found = match(rows, students)

    assert found.student_of == {}
    assert set(found.unclear) == set(rows)


def test_empty_names_are_nobodys():
    found = match({1: ({""}, {""})}, [({""}, {""})])

    assert (found.student_of, found.unclear) == ({}, set())


@pytest.mark.parametrize("text", ["Müller, Max", "Max Müller", "max  MÜLLER", "Mu\u0308ller, Max"])
def test_a_name_is_the_same_in_every_order(text):
    assert name_of(text) == "max müller"


@pytest.mark.parametrize(
    ("name", "system", "number"),
    [
        ("muellermax_LATE_123_456_work.zip", "canvas", "123"),
        ("muellermax_123_456_work.zip", "canvas", "123"),
        ("work.zip", "canvas", ""),
        ("Max Müller_123_assignsubmission_file_", "moodle", "123"),
        ("X_9_assignsubmission_file_123_assignsubmission_file_a.zip", "moodle", ""),
        ("X_9_assignsubmission__123_assignsubmission_file_a.zip", "moodle", ""),
    ],
)
def test_the_number_in_a_downloads_name_is_whose_it_is_unless_there_are_two(name, system, number):
    assert id_in(name, system) == number


# --- Canvas --------------------------------------------------------------------------------------------------------

HEAD = "Student,ID,SIS User ID,SIS Login ID,Section,Backprop (991),Essay (992),Current Score,Final Score"
GRADEBOOK = f"""{HEAD}
,,,,,Manual Posting,,,
    Points Possible,,,,,12.0,10,(read only),(read only)
"Müller, Anna",101,anna,a.m@example.org,A,,9,,
"Weber, Ben",102,ben,ben@example.org,"A, and B",3.5,9,,
Name of cleo,103,,,A,,"8,5",,
"Dora, D.",104,dora,dora@x,B,,,,
"Emil, E.",105,emil,emil@x,B,,,,
"Student, Test",999,,f3a9,A,,,,
"""
CLASS = [total(each) for each in records()]


def canvas_imports(data: bytes) -> dict[str, dict[str, str]]:
    """Read a file by the rules of Canvas's importer: by row the grades, under the numbers of the assignments."""
    text = data.decode("utf-8-sig")
    lines = text.splitlines()[:3]
    counts = {sign: {len(next(csv.reader([line], delimiter=sign))) for line in lines} for sign in ";,"}
    separator = ";" if len(counts[";"]) == 1 and (len(counts[","]) > 1 or max(counts[";"]) > max(counts[","])) else ","
    rows = [row for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator) if "".join(row).strip(" ;,")]
    head = rows[0]
    assert len(head) > 3
    assert "Student" in head[0]
    assert "ID" in head[1]
    possible = next(row for row in rows if "Points Possible" in row[0])
    columns = {
        found[1]: number
        for number, header in enumerate(head)
        if (found := re.search(r"\((\d+)\)$", header)) and "read only" not in possible[number]
    }
    found = {}
    for row in rows[1:]:
        if "Points Possible" in row[0] or all(re.fullmatch(r"\s*(Muted|Manual Posting.*)?\s*", cell) for cell in row):
            continue
        found[row[0]] = {key: _normalised(row[number].strip()) for key, number in columns.items()}
    return found


def _normalised(field: str) -> str:
    if not re.fullmatch(r"-?[0-9.,]+%?", field):
        return field
    *parts, last = re.split("[,.]", field)
    return "".join(parts) + "." + last if parts else last


def test_canvas_imports_the_points_and_nothing_else_has_changed():
    done = canvas.fill_in(GRADEBOOK.encode(), CLASS, "991")

    before, after = canvas_imports(GRADEBOOK.encode()), canvas_imports(done.data)
    grades = {row: grade["991"] for row, grade in after.items()}
    assert grades == {
        "Müller, Anna": "12",
        "Weber, Ben": "6.90",
        "Name of cleo": "2.67",
        "Dora, D.": "",
        "Emil, E.": "",
        "Student, Test": "",
    }
    assert {row: grade["992"] for row, grade in after.items()} == {row: grade["992"] for row, grade in before.items()}


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("bom", ["", "\ufeff"])
def test_all_of_canvass_file_but_the_cells_stays_byte_for_byte(end, bom):
    data = (bom + GRADEBOOK.replace("\n", end)).encode()

    done = canvas.fill_in(data, CLASS, "Backprop (991)")

    again = done.data.decode()
    for line, written in ((4, "12"), (5, "6.90"), (6, "2.67")):
        row = GRADEBOOK.splitlines()[line - 1]
        old = "3.5" if line == 5 else ""
        head, _, rest = row.rpartition(f",{old},9,") if line != 6 else row.rpartition(',,"8,5",')
        tail = ",9," if line != 6 else ',"8,5",'
        filled = f"{head},{written}{tail}{rest}"
        assert filled in again
        again = again.replace(filled, row, 1)
    assert again.encode() == data


def test_what_was_done_is_said_and_so_is_who_was_left_out():
    done = canvas.fill_in(GRADEBOOK.encode(), CLASS, "Backprop")

    assert done.said == (
        "Column: Backprop (991)",
        "3 of 6 rows filled, 3 of them changed.",
        "Left as they are, not judged yet: Dora, D.",
        "Left as they are, nothing handed in (--missing-as-zero writes 0): Emil, E.",
        "Matched by name alone, please look: Name of cleo",
        "In the gradebook, without a record: Student, Test",
    )
    assert not done.whole


def test_who_handed_in_nothing_gets_a_zero_only_when_asked():
    done = canvas.fill_in(GRADEBOOK.encode(), CLASS, "991", zero=True)

    assert canvas_imports(done.data)["Emil, E."]["991"] == "0"
    assert canvas_imports(done.data)["Dora, D."]["991"] == ""


def test_points_are_scaled_to_what_canvas_says_is_possible():
    data = GRADEBOOK.replace("12.0,10", "100,10").encode()

    done = canvas.fill_in(data, CLASS, "991")

    assert canvas_imports(done.data)["Weber, Ben"]["991"] == "57.50"
    assert "Points are scaled from 12 to 100." in done.said
    plain = canvas.fill_in(data, CLASS, "991", scale=False)
    assert canvas_imports(plain.data)["Weber, Ben"]["991"] == "6.90"


def test_an_excused_student_stays_excused():
    done = canvas.fill_in(GRADEBOOK.replace('B",3.5', 'B",EX').encode(), CLASS, "991")

    assert canvas_imports(done.data)["Weber, Ben"]["991"] == "EX"
    assert "Left as they are, excused: Weber, Ben" in done.said


def test_semicolons_and_decimal_commas_stay_what_they_are():
    text = GRADEBOOK.replace('"8,5"', "8,5").replace("3.5", "3,5").replace('"A, and B"', "A")
    rows = [line.replace('"Müller, Anna"', "Anna").replace(", ", " ") for line in text.splitlines()]
    data = "\r\n".join(re.sub(r",(?!5)", ";", row) for row in rows).encode()

    done = canvas.fill_in(data, CLASS, "991")

    assert b"ben@example.org;A;6,90;9;;" in done.data
    assert canvas_imports(done.data)['"Weber Ben"' if b'"Weber' not in data else "Weber Ben"]["991"] == "6.90"


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ("Backprob", r"no column 'Backprob'. There are: Backprop \(991\); Essay \(992\)"),
        ("Current Score", "no column 'Current Score'"),
        ("993", "no column '993'"),
        ("", "no column"),
    ],
)
def test_a_column_that_is_not_there_is_never_invented(wanted, said):
    with pytest.raises(ClassError, match=said):
        canvas.fill_in(GRADEBOOK.encode(), CLASS, wanted)


def test_of_two_columns_with_one_title_none_is_chosen():
    data = GRADEBOOK.replace("Essay (992)", "Backprop (992)").encode()

    with pytest.raises(ClassError, match=r"2 columns may be 'Backprop'. Give the number"):
        canvas.fill_in(data, CLASS, "Backprop")
    assert canvas.fill_in(data, CLASS, "992").said[0] == "Column: Backprop (992)"


def test_a_column_that_canvas_would_ignore_is_refused():
    with pytest.raises(ClassError, match="read only"):
        canvas.fill_in(GRADEBOOK.replace("12.0", "(read only)").encode(), CLASS, "991")


@pytest.mark.parametrize("data", [b"", b"a,b,c\n1,2,3\n", b"Student,Name\n", b"\n"])
def test_what_is_no_gradebook_of_canvass_is_refused(data):
    with pytest.raises(ClassError, match="no gradebook of Canvas"):
        canvas.fill_in(data, CLASS, "991")


def test_last_and_first_names_may_stand_apart():
    data = b"LastName,FirstName,ID,SIS Login ID,Section,B (1)\n    Points Possible,,,,,12\nof ben,Name,7,,A,\n"

    done = canvas.fill_in(data, CLASS, "1")

    assert b"of ben,Name,7,,A,6.90\n" in done.data


def test_students_are_known_by_each_of_the_four_names():
    names = [one("101"), one("BEN", "5"), one("x", "6", email="Dora@x"), one("y", "7", name="E. Emil")]

    grades = canvas_imports(canvas.fill_in(GRADEBOOK.encode(), names, "991").data)

    assert [grades[row]["991"] for row in ("Müller, Anna", "Weber, Ben", "Dora, D.", "Emil, E.")] == [
        "7.67",
        "5",
        "6",
        "7",
    ]


def test_a_schools_number_that_is_canvass_number_of_somebody_else_is_nobodys():
    data = GRADEBOOK.replace("102,ben", "102,101").encode()

    lost = canvas.fill_in(data, [one("101")], "991")
    found = canvas.fill_in(data, [one("101", email="ben@example.org")], "991")

    assert lost.data == data
    assert "Left as they are, nobody knows who of several it is: Müller, Anna; Weber, Ben" in lost.said
    assert canvas_imports(found.data)["Weber, Ben"]["991"] == "7.67"


def test_a_student_is_known_by_the_name_of_canvass_download():
    done = canvas.fill_in(GRADEBOOK.encode(), [one("x", submission="emile_LATE_105_77_work.zip")], "991")

    assert canvas_imports(done.data)["Emil, E."]["991"] == "7.67"


def test_a_name_that_two_rows_have_is_nobodys():
    data = GRADEBOOK.replace('"Emil, E.",105,emil,emil@x', "Name of cleo,105,emil2,emil@y").encode()

    done = canvas.fill_in(data, CLASS, "991")

    assert canvas_imports(done.data)["Name of cleo"]["991"] == ""
    assert "Left as they are, nobody knows who of several it is: Name of cleo; Name of cleo" in done.said


def test_nobody_gets_points_by_calling_themselves_like_somebody_else():
    eve = one("eve", "12", name="Weber, Ben", email="ben@example.org")

    done = canvas.fill_in(GRADEBOOK.encode(), [*CLASS, eve], "991")

    assert canvas_imports(done.data)["Weber, Ben"]["991"] == "6.90"
    assert any(line.startswith("With a record, not in the gradebook") and "Weber, Ben" in line for line in done.said)


def canvas_of(names) -> bytes:
    stream = io.StringIO()
    csv.writer(stream).writerows([HEAD.split(","), ["    Points Possible", *[""] * 4, "12", "10", "", ""]])
    csv.writer(stream).writerows([[name, str(n), "", "", "A", "", "", "", ""] for n, name in enumerate(names)])
    return stream.getvalue().encode()


def test_hostile_names_stay_as_they_are_and_print_nothing_that_commands():
    data = canvas_of(HOSTILE)
    names = [one(str(n), name=word, email=word) for n, word in enumerate(HOSTILE)]

    done = canvas.fill_in(data, names, "991")

    before, after = cells(data), cells(done.data)
    assert [row[5] for row in after[2:]] == [row[5] or "7.67" for row in before[2:]]
    assert [row[:5] + row[6:] for row in after] == [row[:5] + row[6:] for row in before]
    for line in done.said:
        assert not re.search(r"[\x00-\x1f\u202e]|(^|\s)::\w", line)


def test_nobody_to_match_is_no_fault_of_the_file():
    data = canvas_of([])

    assert canvas.fill_in(data, CLASS, "991").data == data
    assert canvas.fill_in(GRADEBOOK.encode(), [], "991").data == GRADEBOOK.encode()


# --- Moodle --------------------------------------------------------------------------------------------------------

WORKSHEET = (
    "\ufeffIdentifier,Full name,Email address,Status,Grade,Maximum grade,Grade can be changed,"
    "Last modified (submission),Last modified (grade),Feedback comments\r\n"
    'Participant 1001,Anna Müller,anna@example.org,"Submitted, on time",,12.00,Yes,"Thursday, 1 October",-,\r\n'
    "Participant 1002,Ben Weber,ben@example.org,Submitted,5.00,12.00,Yes,-,-,old\r\n"
    "Participant 1003,Name of cleo,,Submitted,,12.00,Yes,-,-,\r\n"
    "Participant 1004,D.,dora@example.org,Submitted,,12.00,Yes,-,-,\r\n"
)
GERMAN = (
    "\ufeffTeilnehmer,Name,E-Mail,Status,Bewertung,Bestwertung,Änderbar,Abgabe,Bewertet,Kommentar\r\n"
    'Teilnehmer/in1001,Anna,anna@example.org,Abgegeben,,"12,00",Ja,-,-,\r\n'
    'Teilnehmer/in1002,Ben,ben@example.org,Abgegeben,"5,00","12,00",Ja,-,-,\r\n'
)


def moodle_imports(data: bytes, headers=("Identifier", "Grade", "Last modified (grade)"), word="Participant "):
    """Read a worksheet by the rules of Moodle's importer: by participant the grade, as a number."""
    rows = cells(data)
    identifier, grade, _ = (rows[0].index(header) for header in headers)
    most = float(rows[1][5].replace(",", "."))
    found = {}
    for row in rows[1:]:
        number, value = row[identifier][len(word) :], row[grade].replace(",", ".")
        if value and 0 <= float(value) <= most:
            found[number] = float(value)
    return found


def test_moodle_imports_the_points_and_nothing_else_has_changed():
    done = moodle.fill_in(WORKSHEET.encode(), CLASS, Columns())

    assert moodle_imports(done.data) == {"1001": 12, "1002": 6.9, "1003": 2.67}
    before, after = cells(WORKSHEET.encode()), cells(done.data)
    assert [row[:4] + row[5:] for row in after] == [row[:4] + row[5:] for row in before]
    restored = done.data.decode().replace('time",12,', 'time",,').replace("6.90", "5.00").replace("2.67", "")
    assert restored == WORKSHEET


def test_headers_in_any_language_stay_and_decimal_commas_too():
    done = moodle.fill_in(GERMAN.encode(), CLASS, Columns())

    assert moodle_imports(done.data, ("Teilnehmer", "Bewertung", "Bewertet"), "Teilnehmer/in") == {
        "1001": 12,
        "1002": 6.9,
    }
    assert b'Abgegeben,"6,90","12,00",Ja' in done.data
    assert done.data.splitlines()[0] == GERMAN.encode().splitlines()[0]
    assert done.said[0] == "Grades: Bewertung; students: Teilnehmer"


def test_moodles_worksheet_says_who_was_left_out():
    done = moodle.fill_in(WORKSHEET.encode(), CLASS, Columns())

    assert done.said[1:] == (
        "3 of 4 rows filled, 3 of them changed.",
        "Left as they are, not judged yet: Participant 1004 D.",
        "Matched by name alone, please look: Participant 1003 Name of cleo",
        "With a record, not in the worksheet: Name of emil",
    )


def test_comments_go_into_the_column_that_is_named():
    totals = [total(each, feedback(each)) for each in records()]

    done = moodle.fill_in(WORKSHEET.encode(), totals, Columns(comments="Feedback comments"))

    after = cells(done.data)
    assert after[2][9].startswith("<p>7.67 of 12 points.</p><p>1 day late: 9/10 of the points count, 6.90 of 12.</p>")
    assert after[4][9] == ""


@pytest.mark.parametrize("word", HOSTILE, ids=repr)
def test_a_comment_computes_nothing_and_is_no_html_of_a_learners(word):
    totals = [one("Participant 1001", comment=f"{word}\n{word}")]

    done = moodle.fill_in(WORKSHEET.encode(), totals, Columns(comments="Feedback comments"))

    comment = cells(done.data)[1][9]
    assert re.fullmatch(r"(<p>[^<>]*</p>)*", comment)
    assert not re.search(r"[\x00-\x1f\u202e]|(^|[,;|])\s*[=+@-]", comment)


def test_points_are_scaled_to_moodles_maximum_or_left_out_above_it():
    data = WORKSHEET.replace("12.00", "10.00").encode()

    scaled = moodle.fill_in(data, CLASS, Columns())
    plain = moodle.fill_in(data, CLASS, Columns(), scale=False)

    assert moodle_imports(scaled.data)["1001"] == 10
    assert moodle_imports(plain.data)["1002"] == 6.9
    assert "1001" not in moodle_imports(plain.data)
    assert "Left as they are, more than the maximum, 10: Participant 1001 Anna Müller" in plain.said


def test_a_grade_that_is_locked_is_left_alone():
    data = WORKSHEET.replace("5.00,12.00,Yes", "5.00,12.00,No").encode()

    done = moodle.fill_in(data, CLASS, Columns())

    assert moodle_imports(done.data)["1002"] == 5
    assert "Left as they are, locked: Participant 1002 Ben Weber" in done.said


@pytest.mark.parametrize("student", ["Participant 1001", "participant 1001"])
def test_a_participant_is_known_by_number(student):
    done = moodle.fill_in(WORKSHEET.encode(), [one(student)], Columns())

    assert moodle_imports(done.data)["1001"] == 7.67


def test_a_participant_is_known_by_the_name_of_the_download():
    done = moodle.fill_in(WORKSHEET.encode(), [one("x", submission="A_1002_assignsubmission_file_")], Columns())

    assert moodle_imports(done.data) == {"1002": 7.67}


@pytest.mark.parametrize("student", ["1001", "ab1001", "Student 1001"])
def test_a_schools_number_is_not_taken_for_moodles(student):
    done = moodle.fill_in(WORKSHEET.encode(), [one(student)], Columns())

    assert moodle_imports(done.data) == {"1002": 5}


def test_where_columns_leave_a_doubt_the_teacher_is_asked():
    unclear = GERMAN.replace("Teilnehmer/in1001", "1001").replace("Teilnehmer/in1002", "1002").encode()

    with pytest.raises(ClassError, match=r"Name it by --identifier. There are: Teilnehmer; Name"):
        moodle.fill_in(unclear, CLASS, Columns())
    with pytest.raises(ClassError, match="Name it by --maximum"):
        moodle.fill_in(GERMAN.replace("12,00", "Skala").encode(), CLASS, Columns())
    with pytest.raises(ClassError, match="no column 'Note'"):
        moodle.fill_in(GERMAN.encode(), CLASS, Columns(grade="Note"))
    done = moodle.fill_in(unclear, CLASS, Columns("Bewertung", "Teilnehmer", "Bestwertung"))
    assert b'"6,90"' in done.data


@pytest.mark.parametrize("data", [b"", b"Identifier,Grade\r\n"])
def test_a_worksheet_without_students_is_refused(data):
    with pytest.raises(ClassError, match="names nobody"):
        moodle.fill_in(data, CLASS, Columns())


def test_a_row_that_is_too_short_is_left_alone():
    data = WORKSHEET.replace(",Submitted,5.00,12.00,Yes,-,-,old", ",Submitted").encode()

    done = moodle.fill_in(data, CLASS, Columns("Grade", comments="Feedback comments", maximum="Maximum grade"))

    assert "Left as they are, their row is too short: Participant 1002 Ben Weber" in done.said
    assert not done.whole


def test_the_same_student_twice_is_nobody():
    done = moodle.fill_in(
        WORKSHEET.encode(), [one("a", email="ben@example.org"), one("b", email="ben@example.org")], Columns()
    )

    assert done.data == WORKSHEET.encode()
    assert "Left as they are, nobody knows who of several it is: Participant 1002 Ben Weber" in done.said


def test_lateness_and_fractions_are_rounded_once():
    late = replace(record("anna", "robust", "right", "wrong"), kept=Fraction(1, 3))

    done = canvas.fill_in(GRADEBOOK.encode(), [total(late)], "991")

    assert canvas_imports(done.data)["Müller, Anna"]["991"] == "2.56"  # 23/9; 7.67 / 3 would be 2.56 as well
