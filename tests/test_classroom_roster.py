"""A roster comes as a school has it, and a name means the student whom it can only mean."""

import pytest

from grader.classroom import ClassError
from grader.classroom.record import Student
from grader.classroom.roster import Roster

PLAIN = "id,name,email,section\n17,Max Müller,max@example.org,A\n18,Eva-Maria de la Cruz,eva@example.org,B\n"
FORMS = {
    "commas": PLAIN,
    "semicolons and BOM": "\ufeff" + PLAIN.replace(",", ";"),
    "tabs and CRLF": PLAIN.replace(",", "\t").replace("\n", "\r\n"),
    "Canvas": 'Student,ID,SIS Login ID,Section\n"Müller, Max",17,mm17,A\n"Cruz, Eva",18,ec18,B\n',
    "Moodle": "Username,First name,Last name,Email address\nm1,Max,Müller,m@x.org\ne1,Eva,Cruz,e@x.org\n",
}


def read(tmp_path, text: str, encoding: str = "utf-8") -> Roster:
    file = tmp_path / "roster.csv"
    file.write_bytes(text.encode(encoding))
    return Roster.read(file)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", ["Max Müller", "max müller", "MAX  MÜLLER", "müllermax"])
def test_a_student_is_found_in_every_form_of_a_roster(tmp_path, form, name):
    roster = read(tmp_path, FORMS[form])

    (found,) = roster.whose([name])
    assert found is roster.enrolled[0]


def test_of_two_headers_alike_the_first_counts_and_the_other_helps_to_find(tmp_path):
    roster = read(tmp_path, "id,name,ID\nmax,Max Müller,501\neva,Eva Cruz,502\n")

    assert [one.student.id for one in roster.enrolled] == ["max", "eva"]
    assert list(roster.whose(["501"])) == [roster.enrolled[0]]


def test_all_that_is_known_of_a_student_is_kept(tmp_path):
    roster = read(tmp_path, PLAIN.replace("section\n", "section,due\n").replace(",A", ",A,2026-11-02T23:59+01:00"))

    assert roster.enrolled[0].student == Student("17", "Max Müller", "max@example.org", "A")
    assert roster.enrolled[0].due is not None
    assert roster.enrolled[1].due is None


def test_utf_16_as_spreadsheets_write_it_is_read(tmp_path):
    assert read(tmp_path, PLAIN, "utf-16").whose(["17"])


def test_an_id_counts_more_than_a_name(tmp_path):
    roster = read(tmp_path, "id,name\n17,Eighteen\n18,17\n")

    assert [one.student.id for one in roster.whose(["17"])] == ["17"]


def test_two_of_one_name_are_both_meant_and_a_number_tells_them_apart(tmp_path):
    roster = read(tmp_path, "id,name,number\n1,Kim Lee,501\n2,Kim Lee,502\n")

    assert [one.student.id for one in roster.whose(["Kim Lee"])] == ["1", "2"]
    assert [one.student.id for one in roster.whose(["502", "Kim Lee"])] == ["2"]


def test_a_section_is_nobody(tmp_path):
    assert read(tmp_path, PLAIN).whose(["A"]) == ()


WRONG = {
    "an id twice": ("id,name\n1,A\n 1 ,B\n", "line 3.*line 2 already"),
    "no id": ("name,id,section\n,,A\n", "line 2: there is no id"),
    "nobody": ("id,name\n", "names nobody"),
    "empty": ("", "names nobody"),
    "a time nowhere": ("id,due\n1,2026-10-31\n", "line 2: '2026-10-31' leaves open"),
    "no CSV": ('id,name\n"1,A\n', "no CSV file"),
}


@pytest.mark.parametrize("kind", WRONG)
def test_a_roster_that_cannot_be_meant_is_refused_with_its_line(tmp_path, kind):
    text, words = WRONG[kind]
    with pytest.raises(ClassError, match=words):
        read(tmp_path, text)


def test_a_roster_that_is_not_there_or_not_utf_8_is_refused(tmp_path):
    with pytest.raises(ClassError, match="cannot be read"):
        Roster.read(tmp_path / "none.csv")
    with pytest.raises(ClassError, match="not UTF-8"):
        read(tmp_path, PLAIN, "latin-1")
