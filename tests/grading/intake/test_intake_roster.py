"""Rosters as Canvas, Moodle, nbgrader and spreadsheets of several countries write them."""

from pathlib import Path

import pytest

from helpers.grading.files.items import IntakeError
from helpers.grading.files.names import make_id
from helpers.grading.intake.students.finding import StudentFinder
from helpers.grading.intake.students.roster import read_roster

CANVAS = """Student,ID,SIS User ID,SIS Login ID,Section,Exercise 01 (4711),Current Score
,,,,,Manual Posting,
    Points Possible,,,,,57.00,(read only)
"Doe, Jane",101,S1,jdoe,Monday,,
"Łoś, Ågot",102,S2,alos,Monday,,
"Student, Test",103,,f00,Monday,,
"""
WORKSHEET = (
    "Identifier,Full name,Email address,Status,Grade,Maximum Grade,Grade can be changed,"
    "Last modified (submission),Last modified (grade),Feedback comments\n"
    'Participant 555,Jane Doe,jane@uni.example,Submitted for grading,,100.00,Yes,"Friday, 4 September 2026, '
    '10:36 PM",-,\n'
    "Participant 556,Max O'Neil,max@uni.example,No submission,,100.00,Yes,-,-,\n"
)
PARTICIPANTS = "First name,Last name,Email address,ID number,Groups\nJane,Doe,jane@uni.example,7001,A\n"
NBGRADER = "id,first_name,last_name,email\njdoe,Jane,Doe,jane@uni.example\n"


def write(folder: Path, text: str, *, encoding: str = "utf-8") -> Path:
    path = folder / "roster.csv"
    path.write_bytes(text.encode(encoding))
    return path


def test_canvas_gradebook(tmp_path):
    students = read_roster(write(tmp_path, CANVAS))
    assert [(one.id, one.first_name, one.last_name) for one in students] == [
        ("jdoe", "Jane", "Doe"),
        ("alos", "Ågot", "Łoś"),
    ]
    assert students[0].row["Section"] == "Monday"
    assert list(students[0].row)[5] == "Exercise 01 (4711)"


def test_canvas_without_logins_takes_the_next_column_that_is_full(tmp_path):
    text = "Student,ID,SIS Login ID,Section\nJane Doe,101,jdoe,A\nMax Roe,102,,A\n"
    assert [one.id for one in read_roster(write(tmp_path, text))] == ["101", "102"]


def test_canvas_with_names_in_two_columns(tmp_path):
    text = "LastName,FirstName,ID,SIS Login ID,Section\nDoe,Jane,101,jdoe,A\nStudent,Test,102,x,A\n"
    (student,) = read_roster(write(tmp_path, text))
    assert (student.first_name, student.last_name) == ("Jane", "Doe")


def test_moodle_grading_worksheet(tmp_path):
    jane, neil = read_roster(write(tmp_path, WORKSHEET))
    assert (jane.id, jane.first_name, jane.last_name) == ("jane@uni.example", "Jane", "Doe")
    assert (neil.email, neil.last_name) == ("max@uni.example", "O'Neil")
    assert jane.row["Maximum Grade"] == "100.00"


def test_moodle_worksheet_of_blind_marking(tmp_path):
    students = read_roster(write(tmp_path, "Identifier,Status,Grade\nParticipant 555,Submitted,\n"))
    assert [one.id for one in students] == ["555"]


def test_moodle_participants(tmp_path):
    (student,) = read_roster(write(tmp_path, PARTICIPANTS))
    assert (student.id, student.first_name, student.email) == ("7001", "Jane", "jane@uni.example")


def test_nbgrader_list(tmp_path):
    (student,) = read_roster(write(tmp_path, NBGRADER))
    assert (student.id, student.first_name, student.last_name) == ("jdoe", "Jane", "Doe")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_what_spreadsheets_make_of_it(tmp_path, encoding, separator):
    text = NBGRADER.replace("Doe", "Døe").replace(",", separator).replace("\n", "\r\n")
    (student,) = read_roster(write(tmp_path, text, encoding=encoding))
    assert (student.id, student.last_name, student.email) == ("jdoe", "Døe", "jane@uni.example")


def test_the_line_that_names_the_separator_is_no_header(tmp_path):
    (student,) = read_roster(write(tmp_path, "sep=;\n" + NBGRADER.replace(",", ";")))
    assert student.id == "jdoe"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "roster.csv is empty: export the roster again."),
        ("id,email\n", "roster.csv names no students: export the roster again."),
        ("name,age\nJane,22\n", "roster.csv, line 1: no columns that name students"),
        (NBGRADER + "jdoe,J,D,x@y\n", "roster.csv, line 3: the student jdoe is in line 2 already"),
        (NBGRADER + "JDOE,J,D,x@y\n", "roster.csv, line 3: the student JDOE is in line 2 already"),
        (NBGRADER + ",J,D,x@y\n", "roster.csv, line 3: the student has no id: fill in the column 'id'."),
        (NBGRADER + "..,J,D,x@y\n", "roster.csv, line 3: 'id' is no id that can name a folder"),
        (NBGRADER + "a,b,c,d,e\n", "roster.csv, line 3: has 5 cells, but the header has 4"),
        (NBGRADER + '"a,b,c,d\n', "roster.csv, line 3: is no CSV"),
    ],
)
def test_what_is_wrong_is_said_with_the_line(tmp_path, text, sentence):
    with pytest.raises(IntakeError) as raised:
        read_roster(write(tmp_path, text))
    assert str(raised.value).startswith(sentence)


def test_another_encoding_is_named_with_the_line(tmp_path):
    path = tmp_path / "roster.csv"
    path.write_bytes(NBGRADER.encode() + "müller,a,b,c\n".encode("latin-1"))
    with pytest.raises(IntakeError, match="line 3: is neither UTF-8"):
        read_roster(path)


def test_a_roster_that_is_not_there(tmp_path):
    with pytest.raises(IntakeError, match="Cannot read the roster"):
        read_roster(tmp_path / "none.csv")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("../../etc", "_.._etc"),
        ("-rf", "rf"),
        (".hidden", "hidden"),
        ("=cmd", "_cmd"),
        ("a/b\\c\x00d\n", "a_b_c_d_"),
        ("Ångström", "Ångström"),
        ("jane@uni.example", "jane@uni.example"),
        ("...", ""),
        ("x" * 500, "x" * 71 + "-c38c2bf3"),
        ("\U00020000" * 62, "\U00020000" * 27 + "-172c4e0e"),
        ("ann\u202e\x1b\x00", "ann___"),
        ("e\u0301", "\u00e9"),
        ("CON", "_CON"),
        ("aux.x", "_aux.x"),
        ("com1", "_com1"),
        ("conny", "conny"),
        ("ann.zip", "ann_zip"),
    ],
)
def test_an_id_is_safe_as_the_name_of_a_folder(text, wanted):
    assert make_id(text) == wanted


def test_long_ids_differ_where_their_texts_do():
    ids = {make_id("\U00020000" * 61 + ending) for ending in ("", "a", "b", "\U00020000" * 400)}
    assert len(ids) == 4
    assert {make_id(one) for one in ids} == ids
    assert all(len(f".{one}.json.tmp".encode()) < 143 for one in ids)


@pytest.mark.parametrize("again", ["Ann", "\uff41nn", "ANN "])
def test_ids_that_a_file_system_may_take_for_one_are_named(tmp_path, again):
    with pytest.raises(IntakeError, match=r"line 3: the student \w+ is in line 2 already: keep one of them"):
        read_roster(write(tmp_path, f"id,email\nann,a@x\n{again},b@x\n"))


class TestFinding:
    def find(self, tmp_path, roster, name, *, is_folder=True):
        return StudentFinder(read_roster(write(tmp_path, roster))).find(name, is_folder=is_folder)[1]

    @pytest.mark.parametrize("name", ["jdoe", "JDOE", "S1", "101", "Jane Doe", "doe, jane", "DoeJane"])
    def test_by_whatever_names_a_folder(self, tmp_path, name):
        assert self.find(tmp_path, CANVAS, name).id == "jdoe"

    def test_by_the_letters_of_a_decomposed_name(self, tmp_path):
        assert self.find(tmp_path, CANVAS, "A\u030agot Łoś").id == "alos"

    @pytest.mark.parametrize("name", ["łośågot", "lośågot", "owei_got", "o#U015b#U00e5got"])
    def test_canvas_by_its_number_with_the_name_as_archives_spell_it(self, tmp_path, name):
        student = self.find(tmp_path, CANVAS, f"{name}_102_9_x.ipynb", is_folder=False)
        assert student.id == "alos"

    @pytest.mark.parametrize("name", ["doejane_102_9_x.ipynb", "doejane_LATE_102_9_x.ipynb", "doejane_102_text.html"])
    def test_canvas_number_with_the_name_of_another_finds_neither(self, tmp_path, name):
        found = StudentFinder(read_roster(write(tmp_path, CANVAS))).find(name, is_folder=False)
        assert found.student is None
        assert found.refusal.startswith(
            "says doejane (canvas 102), but that is the number of Ågot Łoś (alos), so it was"
        )

    def test_canvas_number_that_is_not_on_the_roster_is_not_found_by_name(self, tmp_path):
        assert self.find(tmp_path, CANVAS, "doejane_999_9_x.ipynb", is_folder=False) is None

    def test_canvas_by_name_when_the_roster_has_no_numbers(self, tmp_path):
        student = self.find(tmp_path, NBGRADER, "doejane_LATE_999_9_x.ipynb", is_folder=False)
        assert student.id == "jdoe"

    def test_moodle_by_its_number(self, tmp_path):
        for name in ("Max ONeil", "Group A-Max O'Neil", "Max O’Neil"):
            student = self.find(tmp_path, WORKSHEET, f"{name}_556_assignsubmission_file")
            assert student.last_name == "O'Neil"

    def test_moodle_number_with_the_name_of_another_finds_neither(self, tmp_path):
        finder = StudentFinder(read_roster(write(tmp_path, WORKSHEET)))
        found = finder.find("Somebody Else_556_assignsubmission_file", is_folder=True)
        assert found.student is None
        assert found.refusal.startswith("says Somebody Else (moodle 556), but that is the number of Max O'Neil (max@")

    def test_moodle_by_its_number_alone_where_the_roster_gives_no_names(self, tmp_path):
        roster = "Identifier,Status,Grade\nParticipant 555,Submitted,\n"
        assert self.find(tmp_path, roster, "Participant_555_assignsubmission_file_").id == "555"

    def test_moodle_by_name_without_the_signs_it_drops(self, tmp_path):
        roster = "First name,Surname,Email address\nMax,O'Neil,max@uni.example\n"
        assert self.find(tmp_path, roster, "Max ONeil_556_assignsubmission_file_").id == "max@uni.example"

    def test_a_name_that_two_students_share_finds_neither(self, tmp_path):
        roster = NBGRADER + "jdoe2,Jane,Doe,jane2@uni.example\n"
        assert self.find(tmp_path, roster, "Jane Doe") is None
        assert self.find(tmp_path, roster, "jdoe2").id == "jdoe2"

    def test_an_address_that_is_another_students_name_finds_neither(self, tmp_path):
        roster = NBGRADER + "eve1,Eve,Moe,janedoe@evil.example\n"
        found = StudentFinder(read_roster(write(tmp_path, roster))).find("janedoe", is_folder=True)
        assert found.student is None
        assert found.refusal.startswith("could be the work of Eve Moe (eve1) or of Jane Doe (jdoe) and was left out")
        assert self.find(tmp_path, roster, "jdoe").id == "jdoe"
