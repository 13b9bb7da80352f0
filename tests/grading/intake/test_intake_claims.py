"""Whose work a file is, when students name their files, or themselves, as if it were another's."""

from pathlib import Path

import nbformat
import pytest

from helpers.grading.intake.collect import collect
from helpers.grading.intake.kept import Intake
from helpers.grading.intake.lists import Lists
from helpers.grading.lms.claims import list_claims
from helpers.grading.notebooks.assignment import CourseAssignment
from helpers.grading.records import Submission
from tests.support.handed_in import add_answer, list_files, read_released, write_files

FOUR = "04_inference.ipynb"
CANVAS = (
    "Student,ID,SIS User ID,SIS Login ID,Section\n"
    '"Doe, Jane",101,S1,jdoe,A\n"Roe, Max",102,S2,mroe,A\n"Doe, Jane_105_3",103,S3,evil,A\n'
)
MOODLE = (
    "Identifier,Full name,Email address,Status\n"
    "Participant 555,Jane Doe,jdoe@uni.example,Submitted\nParticipant 556,Max Roe,mroe@uni.example,Submitted\n"
)
NAMES_ALONE = "id,first_name,last_name,email\njdoe,Jane,Doe,jane@uni.example\nmroe,Max,Roe,max@uni.example\n"
MINE, THEIRS = (read_released("04_inference", add_answer(text)) for text in ("mine", "theirs"))


@pytest.fixture
def run(tmp_path, release):
    """Return a function that takes in files, by the roster if there is one, and gives the intake."""

    def run(files: dict[str, bytes], roster: str | None = None) -> Intake:
        table = tmp_path / "roster.csv" if roster is not None else None
        if table:
            table.write_text(roster, encoding="utf-8")
        course = CourseAssignment(tmp_path / "course")
        return collect(write_files(tmp_path / "class", files), course, Lists(roster=table), release=release)

    return run


def get(intake: Intake, student: str) -> Submission:
    return next(submission for submission in intake.submissions if submission.student == student)


def assert_has_own_work(submission: Submission, *files: str) -> None:
    """The student has their own notebook, of the upload that was theirs, and nothing of anybody else's."""
    assert list_files(Path(submission.folder)) == {FOUR, *files}
    assert nbformat.read(Path(submission.folder) / FOUR, as_version=4).cells[-1].source == "mine"
    assert submission.problems == ()


class TestReadings:
    @pytest.mark.parametrize(
        ("name", "numbers"),
        [
            ("Max Roe_556_assignsubmission_file_x_555_assignsubmission_file_04.ipynb", ["556", "555"]),
            ("Max Roe_556_assignsubmission_file_Max Roe_556_assignsubmission_file_04.ipynb", ["556"]),
            ("roemax_102_301_x_LATE_101_text.html", ["102", "101"]),
            ("doejane_101_201_text.html", ["101", "201"]),
            ("doejane_101_102_301_04_inference.ipynb", ["101", "102", "301"]),
            ("doejane_LATE_101_201_04.ipynb", ["101"]),
            ("doejane_\u0661\u0660\u0661_201_04.ipynb", []),
            ("_101_201_04.ipynb", []),
            ("04_inference.ipynb", []),
        ],
    )
    def test_every_number_in_a_name_is_seen(self, name, numbers):
        assert [claim.number for claim in list_claims(name, is_folder=False)] == numbers


class TestMoodle:
    FORGED = "Max Roe_556_assignsubmission_file_Jane Doe_555_assignsubmission_file_04_inference.ipynb"

    @pytest.mark.parametrize("roster", [MOODLE, NAMES_ALONE, None])
    def test_a_file_named_with_anothers_number_goes_to_nobody(self, run, roster):
        honest = {f"{name}_assignsubmission_file_{FOUR}": MINE for name in ("Jane Doe_555", "Max Roe_556")}
        intake = run(honest | {self.FORGED: THEIRS}, roster)
        assert len(intake.submissions) == 2
        for submission in intake.submissions:
            assert_has_own_work(submission)
        (sentence,) = intake.unknown
        assert sentence.startswith("Max Roe_556_assignsubmission_file_Jane Doe_555")
        assert "could be the work of Max Roe (moodle 556) or of" in sentence
        assert "Jane Doe (moodle 555) and was left out: " in sentence

    def test_a_number_whose_student_has_another_name(self, run):
        files = {
            f"Jane Doe_555_assignsubmission_file/{FOUR}": MINE,
            f"Eve Moe_555_assignsubmission_file/{FOUR}": THEIRS,
        }
        intake = run(files, MOODLE)
        assert_has_own_work(get(intake, "jdoe@uni.example"))
        assert intake.unknown == (
            "Eve Moe_555_assignsubmission_file: says Eve Moe (moodle 555), but that is the number of Jane Doe "
            "(jdoe@uni.example), so it was left out: see whose it is, and mend the name, or, if it is a team's, name "
            "its members (TEAMS=teams.csv).",
        )

    def test_a_file_that_was_downloaded_and_handed_in_again_is_the_students(self, run):
        name = f"Jane Doe_555_assignsubmission_file_Jane Doe_555_assignsubmission_file_{FOUR}"
        assert_has_own_work(get(run({name: MINE}, MOODLE), "jdoe@uni.example"))


class TestCanvas:
    def test_a_text_named_with_anothers_number_neither_comes_nor_is_late_there(self, run):
        files = {f"doejane_101_201_{FOUR}": MINE, f"roemax_102_301_{FOUR}": MINE}
        intake = run(
            files | {"roemax_102_302_x_LATE_101_text.html": b"<p>", "doejane_101_102_text.html": b"<p>"}, CANVAS
        )
        assert_has_own_work(get(intake, "jdoe"), "text.html")
        assert_has_own_work(get(intake, "mroe"), "x_LATE_101_text.html")

    def test_a_person_named_with_anothers_number(self, run):
        """Canvas lets "Jane_101" stand in a person's name: the first number is then not the person's own."""
        roster = CANVAS.replace("Jane_105_3", "Jane_101")
        files = {f"doejane_101_201_{FOUR}": MINE, f"doejane_101_103_401_{FOUR}": THEIRS}
        intake = run(files, roster)
        assert_has_own_work(get(intake, "jdoe"))
        assert get(intake, "evil") == Submission("evil")
        (sentence,) = intake.unknown
        assert "could be the work of doejane (canvas 101) or of doejane_101 (canvas 103)" in sentence

    def test_digits_in_a_name_that_are_nobodys_number(self, run):
        assert_has_own_work(get(run({f"doejane_105_3_103_401_{FOUR}": MINE}, CANVAS), "evil"))


class TestNames:
    def test_a_name_that_two_numbers_bear_is_neithers(self, run):
        files = {f"Jane Doe_{number}_assignsubmission_file/{FOUR}": THEIRS for number in (555, 777)}
        intake = run(files | {f"Max Roe_556_assignsubmission_file/{FOUR}": MINE}, NAMES_ALONE)
        assert get(intake, "jdoe") == Submission("jdoe")
        assert_has_own_work(get(intake, "mroe"))
        assert intake.unknown == tuple(
            f"Jane Doe_{one}_assignsubmission_file: bears no more than the name of jdoe, whose work came as "
            f"Jane Doe_{other}_assignsubmission_file, and was left out: see whose it is."
            for one, other in ((555, 777), (777, 555))
        )

    def test_work_that_is_surely_a_students_is_graded_without_what_bears_the_name_alone(self, run):
        files = {f"jdoe/{FOUR}": MINE, f"Jane Doe_777_assignsubmission_file/{FOUR}": THEIRS}
        intake = run(files, NAMES_ALONE)
        assert_has_own_work(get(intake, "jdoe"))
        (sentence,) = intake.unknown
        assert "bears no more than the name of jdoe, whose work came as jdoe, and was left out" in sentence

    def test_one_name_is_enough(self, run):
        files = {f"Jane Doe/{FOUR}": MINE, "Jane Doe_555_assignsubmission_file/x": b""}
        assert_has_own_work(get(run({f"Jane Doe/{FOUR}": MINE}, NAMES_ALONE), "jdoe"))
        assert len(run(files, NAMES_ALONE).unknown) == 2
