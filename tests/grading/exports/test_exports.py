"""The tables for nbgrader, spreadsheets, Canvas and Moodle, from a gradebook as nbgrader's API makes it."""

import csv
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from helpers.grading.errors import GradingError
from helpers.grading.exports.tables import defuse, write_csv
from helpers.grading.exports.write import write_exports
from helpers.grading.gradebook.open import open_gradebook
from helpers.grading.gradebook.points_text import format_points
from helpers.grading.notebooks.assignment import CourseAssignment
from helpers.grading.records import (
    GRADED,
    IN_PART,
    MISSING,
    TAMPERED,
    UNREADABLE,
    CellRecord,
    NotebookRecord,
    Student,
    SubmissionRecord,
)

pytestmark = pytest.mark.filterwarnings("ignore:Object of type <Submitted")  # nbgrader's own way with SQLAlchemy

NOTEBOOK = "04_inference"
CELLS = {"top_k_usual": 1, "top_k_order": 2, "predict_logits_usual": 1, "explain_eval": 2}
"""Grade ids and points, all of the core; the last one is a question in free text."""

CANVAS_ROW = {
    "Student": "Doe, Jane",
    "ID": "101",
    "SIS User ID": "S1",
    "SIS Login ID": "jdoe",
    "Integration ID": "i",
    "Section": "Monday",
    "Exercise 01: Inference (4711)": "",
    "Exercise 02 (4712)": "5",
}
MOODLE_ROW = {
    "Identifier": "Participant 555",
    "Full name": "Jane Doe",
    "Email address": "jane@uni.example",
    "Grade": "",
    "Maximum Grade": "100.00",
    "Last modified (grade)": "-",
    "Feedback comments": "",
}


BRIGHTSPACE_ROW = {
    "OrgDefinedId": "#S1",
    "Username": "#jdoe",
    "Exercise 01 Points Grade <Numeric MaxPoints:118>": "",
    "Quiz Points Grade <Numeric MaxPoints:5>": "3",
    "End-of-Line Indicator": "#",
}
BLACKBOARD_ROW = {
    "Last Name": "Doe",
    "First Name": "Jane",
    "Username": "jdoe",
    "Student ID": "S1",
    "Availability": "Yes",
    "Exercise 01 [Total Pts: 118 Score] |77": "",
}

SIGNS = ("=", "+", "-", "@")
HIDDEN_FORMULAS = [
    *("x;=1+1", "x\t=1+1", "x\n=1+1", "x\r\n@SUM(A1)", 'x;"=1+1"', "x; =1+1", "x;\n;-1", '"x"\n"=1+1', "  +1"),
    *(";=1", "=1;=1\n=1", 'x";=1', "x\u2028=1", "\t\t=1"),
]


def read_cell_beginnings(path: Path) -> list[str]:
    """Return all cells, as readers that split at commas, semicolons and tabs see them, some of which skip quotes."""
    cells = []
    for delimiter in ",;\t":
        for quoting in (csv.QUOTE_MINIMAL, csv.QUOTE_NONE):
            if delimiter == "," and quoting == csv.QUOTE_NONE:
                continue  # the file's own separator, and its own quotes
            with path.open(encoding="utf-8", newline="") as file:
                cells += [cell for row in csv.reader(file, delimiter=delimiter, quoting=quoting) for cell in row]
    return [cell.lstrip(' "') for cell in cells]


@dataclass
class Course:
    """A course with a gradebook, students and records."""

    folder: Path
    students: list[Student] = field(default_factory=list)
    records: dict[str, SubmissionRecord] = field(default_factory=dict)

    def open(self) -> Gradebook:
        return open_gradebook(self.folder)

    def add(self, student: Student, status: str, points: dict[str, float | None] | None, **more) -> None:
        """Add a student; `points` by grade id go into the gradebook, None there means ungraded."""
        self.students.append(student)
        with self.open() as gradebook:
            names = {"first_name": student.first_name, "last_name": student.last_name, "email": student.email}
            gradebook.add_student(student.id, **names)
            if points is not None:
                self._add_grades(gradebook, student, points, **more)
        causes = more.get("causes", {})
        cells = [
            CellRecord(name, "", (points or {}).get(name), most, False, False, True, tuple(causes.get(name, ())))
            for name, most in CELLS.items()
        ]
        notebooks = (NotebookRecord(NOTEBOOK, status, cells=tuple(cells)),) if points is not None else ()
        self.records[student.id] = SubmissionRecord(student.id, status, notebooks=notebooks)

    def _add_grades(self, gradebook, student, points, *, manual=None, penalty=0.0, causes=None) -> None:
        submission = gradebook.add_submission("exercise_01", student.id)
        (notebook,) = submission.notebooks
        notebook.late_submission_penalty = penalty
        for grade in notebook.grades:
            grade.auto_score = points.get(grade.name)
            grade.manual_score = (manual or {}).get(grade.name)
            grade.needs_manual_grade = grade.auto_score is None and grade.manual_score is None
        gradebook.db.commit()

    def export(self) -> dict[str, list[list[str]]]:
        """Write the exports and return their rows by file name."""
        tables = {}
        for path in write_exports(CourseAssignment(self.folder), self.students, self.records):
            with path.open(encoding="utf-8", newline="") as file:
                tables[path.name] = list(csv.reader(file))
        return tables


@pytest.fixture(scope="module")
def empty_gradebook(tmp_path_factory) -> bytes:
    """A gradebook with the exercise, and nobody in it."""
    folder = tmp_path_factory.mktemp("gradebook")
    with open_gradebook(folder) as gradebook:
        gradebook.add_assignment("exercise_01")
        gradebook.add_notebook(NOTEBOOK, "exercise_01")
        for name, points in CELLS.items():
            kind = "markdown" if name.startswith("explain") else "code"
            gradebook.add_grade_cell(name, NOTEBOOK, "exercise_01", max_score=points, cell_type=kind)
    return (folder / "gradebook.db").read_bytes()


@pytest.fixture
def course(tmp_path, empty_gradebook) -> Course:
    (tmp_path / "gradebook.db").write_bytes(empty_gradebook)
    return Course(tmp_path)


def make_points(*points: float | None) -> dict[str, float | None]:
    return dict(zip(CELLS, points, strict=True))


def get_column(rows: list[list[str]], name: str) -> list[str]:
    return [row[rows[0].index(name)] for row in rows[1:]]


class TestCells:
    @pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "＝1+1"])
    def test_a_formula_is_defused(self, text):
        assert defuse(text) == f"'{text}"

    @pytest.mark.parametrize("blank", ["\t", "\r", "\n"])
    def test_so_is_one_behind_a_blank_which_may_itself_begin_a_cell(self, blank):
        assert defuse(f"{blank}=1") == f"'{blank}'=1"

    @pytest.mark.parametrize("text", HIDDEN_FORMULAS)
    def test_no_reader_finds_a_formula(self, tmp_path, text):
        path = write_csv(tmp_path / "a.csv", [["id", "name", "points"], ["jdoe", defuse(text), "1"]])
        assert not [cell for cell in read_cell_beginnings(path) if cell.startswith(SIGNS)]
        assert defuse(defuse(text)) == defuse(text)

    @pytest.mark.parametrize(
        "text", ["", "-", "Jane", "a=b", "Łoś", "O'Neil; Jane", "a+b@uni.example", "12-345", "a, -b"]
    )
    def test_other_text_stays(self, text):
        assert defuse(text) == text

    @pytest.mark.parametrize(
        ("points", "text"),
        [(None, ""), (0.0, "0"), (3.0, "3"), (2.5, "2.5"), (1 / 3, "0.33"), (1_200.0, "1200"), (-0.0, "0")],
    )
    def test_points_are_written_the_same_everywhere(self, points, text):
        assert format_points(points) == text


def test_every_file_is_written_and_nothing_else(course):
    course.add(Student("jdoe"), GRADED, make_points(1, 2, 1, None))
    paths = write_exports(CourseAssignment(course.folder), course.students, course.records)
    names = ["nbgrader.csv", "exercises.csv", "canvas.csv", "moodle.csv"]
    assert paths == [CourseAssignment(course.folder).kept / "exports" / name for name in names]
    assert sorted(path.name for path in paths[0].parent.iterdir()) == sorted(names)


def test_a_gradebook_without_the_exercise(course):
    with course.open() as gradebook:
        gradebook.remove_assignment("exercise_01")
    with pytest.raises(GradingError, match="exercise_01 is not in the gradebook"):
        course.export()


def test_no_gradebook_is_made_only_to_be_exported(tmp_path):
    with pytest.raises(GradingError, match="There is no gradebook"):
        write_exports(CourseAssignment(tmp_path), [], {})
    assert list(tmp_path.iterdir()) == []


class TestTotals:
    def total(self, course: Course) -> list[str]:
        return get_column(course.export()["canvas.csv"], "Exercise 01")[1:]

    def test_a_persons_grade_counts_before_the_machines(self, course):
        course.add(Student("a"), GRADED, make_points(1, 0, 1, None), manual={"top_k_order": 1.5})
        assert self.total(course) == ["3.5"]

    def test_the_late_penalty_is_taken_off_but_nobody_owes_points(self, course):
        course.add(Student("a"), GRADED, make_points(1, 2, 1, 2), penalty=1.5)
        course.add(Student("b"), GRADED, make_points(1, 0, 0, 0), penalty=3.0)
        assert self.total(course) == ["4.5", "0"]

    def test_zero_is_zero_and_no_grade_is_blank(self, course):
        course.add(Student("zero"), GRADED, make_points(0, 0, 0, 0))
        course.add(Student("part"), IN_PART, make_points(1, 0, 0, None))
        course.add(Student("missing"), MISSING, None)
        course.add(Student("unreadable"), UNREADABLE, None)
        course.add(Student("tampered"), TAMPERED, make_points(None, None, 1, None))
        course.add(Student("restored"), TAMPERED, make_points(1, 0, 1, None))
        course.students.append(Student("not-yet"))
        assert self.total(course) == ["0", "1", "", "", "", "2", ""]

    def test_a_blank_ends_when_a_person_has_graded(self, course):
        manual = {"top_k_usual": 1, "top_k_order": 0}
        course.add(Student("a"), TAMPERED, make_points(None, None, 1, None), manual=manual)
        assert self.total(course) == ["2"]


class TestNbgrader:
    def test_it_is_nbgraders_own_table(self, course):
        course.add(Student("jdoe", "Jane", "Doe", "j@x"), GRADED, make_points(1, 2, 1, None), penalty=1.0)
        course.add(Student("none"), MISSING, None)
        rows = course.export()["nbgrader.csv"]
        assert rows[0][:4] == ["assignment", "duedate", "timestamp", "student_id"]
        columns = ("student_id", "raw_score", "late_submission_penalty", "score", "max_score")
        found = sorted(zip(*(get_column(rows, column) for column in columns), strict=True))
        assert found == [("jdoe", "4.0", "1.0", "3.0", "6.0"), ("none", "0.0", "0.0", "0.0", "6.0")]

    def test_names_keep_to_their_cells(self, course):
        course.add(Student("jdoe", '=cmd|"x"', "Doe, Jr.\n", "j@x"), GRADED, make_points(1, 2, 1, None))
        rows = course.export()["nbgrader.csv"]
        assert {len(row) for row in rows} == {11}
        assert get_column(rows, "first_name") == ['\'=cmd|"x"']
        assert get_column(rows, "last_name") == ["Doe, Jr.\n"]
        assert get_column(rows, "raw_score") == ["4.0"]


class TestExercises:
    def test_one_row_a_student_and_exercise(self, course):
        causes = {"top_k_order": ("wrong_order", "not_sorted"), "top_k_usual": ("wrong_order",)}
        course.add(Student("jdoe", "Jane", "Doe"), GRADED, make_points(1, 0, 1, None), causes=causes)
        course.add(Student("mroe"), MISSING, None)
        header, *rows = course.export()["exercises.csv"]
        assert header == [
            "student", "name", "notebook", "exercise", "part", "points", "max_points", "status",
            "needs_manual", "causes",
        ]  # fmt: skip
        jane = ["jdoe", "Jane Doe", NOTEBOOK]
        max_ = ["mroe", "", NOTEBOOK]
        assert rows == [
            [*jane, "predict_logits", "core", "1", "1", "graded", "no", ""],
            [*jane, "top_k", "core", "1", "3", "graded", "no", "wrong_order not_sorted"],
            [*jane, "explain_eval", "core", "", "2", "graded", "yes", ""],
            [*max_, "predict_logits", "core", "", "1", "missing", "no", ""],
            [*max_, "top_k", "core", "", "3", "missing", "no", ""],
            [*max_, "explain_eval", "core", "", "2", "missing", "no", ""],
        ]

    def test_what_was_not_graded_is_no_zero(self, course):
        course.add(Student("eve"), TAMPERED, make_points(None, None, 0, None))
        course.students.append(Student("not-yet"))
        rows = course.export()["exercises.csv"]
        assert get_column(rows, "points") == ["0", "", "", "", "", ""]
        assert get_column(rows, "status") == ["tampered"] * 3 + ["not graded"] * 3


class TestCanvas:
    def test_a_roster_from_canvas_keeps_its_columns_and_the_exercises_number(self, course):
        course.add(Student("jdoe", "Jane", "Doe", row=CANVAS_ROW), GRADED, make_points(1, 2, 1, None))
        header, possible, jane = course.export()["canvas.csv"]
        assert header == [*list(CANVAS_ROW)[:6], "Exercise 01: Inference (4711)"]
        assert possible == ["    Points Possible", "", "", "", "", "", "6"]
        assert jane == ["Doe, Jane", "101", "S1", "jdoe", "i", "Monday", "4"]

    def test_two_columns_that_fit_are_none(self, course):
        row = CANVAS_ROW | {"Exercise 01 again (4713)": ""}
        course.add(Student("jdoe", row=row), GRADED, make_points(1, 2, 1, None))
        assert course.export()["canvas.csv"][0][-1] == "Exercise 01"

    def test_another_roster_gives_names_and_logins(self, course):
        course.add(Student("jdoe", "Jane", "Doe"), GRADED, make_points(1, 2, 1, None))
        header, _, jane = course.export()["canvas.csv"]
        assert header == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "Exercise 01"]
        assert jane == ["Doe, Jane", "", "", "jdoe", "", "4"]

    def test_the_number_from_a_file_name_is_enough(self, course):
        row = {"Student": "doejane", "ID": "101"}
        course.add(Student("doejane_101", row=row), GRADED, make_points(1, 2, 1, None))
        assert course.export()["canvas.csv"][2] == ["doejane", "101", "", "", "", "4"]

    def test_formulas_are_defused(self, course):
        course.add(Student("jdoe", row=CANVAS_ROW | {"Student": "=1+1"}), GRADED, make_points(1, 2, 1, None))
        assert course.export()["canvas.csv"][2][0] == "'=1+1"


@pytest.mark.parametrize("text", ["x;=1+1", "x\n=1+1"])
def test_no_export_holds_a_formula_whatever_the_separator(course, text):
    row = {"Student": text, "ID": "101", f"{text}": text, "Section": text}
    course.add(Student("a", text, text, text, row=row), GRADED, make_points(1, 2, 1, None))
    course.add(Student("b;=1", text, text, row=MOODLE_ROW | {"Full name": text}), GRADED, make_points(1, 2, 1, None))
    for path in write_exports(CourseAssignment(course.folder), course.students, course.records):
        assert "=1" in path.read_text(), path.name
        assert not [cell for cell in read_cell_beginnings(path) if cell.startswith("=")], path.name


DONE = "4 of 4 points, 2 points wait for a person."


class TestMoodle:
    def test_a_worksheet_is_filled_in_and_scaled_to_its_maximum(self, course):
        course.add(Student("jane", row=MOODLE_ROW), GRADED, make_points(1, 2, 0, None))
        rows = course.export()["moodle.csv"]
        assert rows[0] == list(MOODLE_ROW)
        wanted = ["Participant 555", "Jane Doe", "jane@uni.example", "50", "100", "-", DONE.replace("4 of 4", "3 of 4")]
        assert rows[1] == wanted

    def test_no_grade_is_blank(self, course):
        course.add(Student("jane", row=MOODLE_ROW | {"Grade": "12"}), UNREADABLE, None)
        rows = course.export()["moodle.csv"]
        assert (get_column(rows, "Grade"), get_column(rows, "Feedback comments")) == ([""], [""])

    @pytest.mark.parametrize(
        ("before", "after"),
        [("Well done.", "Well done."), ("1 of 6 points.", DONE), (DONE.replace("4 of 4", "3 of 4"), DONE)],
    )
    def test_a_persons_comment_is_kept_an_own_one_renewed(self, course, before, after):
        row = MOODLE_ROW | {"Feedback comments": before}
        course.add(Student("jane", row=row), GRADED, make_points(1, 2, 1, None))
        assert get_column(course.export()["moodle.csv"], "Feedback comments") == [after]

    def test_a_list_of_participants_gets_the_columns_it_needs(self, course):
        row = {"First name": "Jane", "Last name": "@Doe", "Email address": "jane@uni.example", "ID number": "7"}
        course.add(Student("7", row=row), IN_PART, make_points(1, 2, 1, None))
        header, jane = course.export()["moodle.csv"]
        assert header == [*row, "Grade", "Maximum Grade", "Feedback comments"]
        comment = f"{DONE} Some cells did not run."
        assert jane == ["Jane", "'@Doe", "jane@uni.example", "7", "4", "6", comment]

    def test_another_roster_gives_names_and_addresses(self, course):
        course.add(Student("jdoe", "Jane", "Doe", "j@x"), GRADED, make_points(1, 2, 1, None))
        header, jane = course.export()["moodle.csv"]
        assert dict(zip(header, jane, strict=True)) == {
            "Full name": "Jane Doe",
            "Email address": "j@x",
            "ID number": "jdoe",
            "Grade": "4",
            "Maximum Grade": "6",
            "Feedback comments": DONE,
        }


@pytest.mark.parametrize(
    ("name", "row", "end"),
    [
        (
            "brightspace.csv",
            BRIGHTSPACE_ROW,
            [list(BRIGHTSPACE_ROW)[2], "End-of-Line Indicator"],
        ),
        ("blackboard.csv", BLACKBOARD_ROW, ["Student ID", "Exercise 01 [Total Pts: 118 Score] |77"]),
    ],
)
class TestOtherSystems:
    def test_points_are_scaled_to_the_columns_maximum(self, course, name, row, end):
        course.add(Student("jdoe", "Jane", "Doe", row=row), GRADED, make_points(1, 2, 0, None))
        header, jane = course.export()[name]
        assert header[-2:] == end
        assert jane[header.index(next(column for column in header if column.startswith("Exercise")))] == "59"
        assert not any("Quiz" in column for column in header)

    def test_no_grade_is_blank(self, course, name, row, end):
        course.add(Student("jdoe", row=row), UNREADABLE, None)
        header, jane = course.export()[name]
        assert jane[header.index(next(column for column in header if column.startswith("Exercise")))] == ""

    def test_only_the_rosters_own_system_gets_a_file(self, course, name, row, end):
        course.add(Student("jdoe", row=row), GRADED, make_points(1, 2, 0, None))
        assert sorted(course.export()) == sorted(["nbgrader.csv", "exercises.csv", "canvas.csv", "moodle.csv", name])
