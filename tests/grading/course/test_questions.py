"""What was asked of answers is kept: it is judged again without running them, and a person can see why."""

import sys

import pytest

from helpers.grading.answering.cell_result import COMPLETED, TIMED_OUT
from helpers.grading.commands.explain import main as explain
from helpers.grading.commands.grade import main as grade
from helpers.grading.course.questions import find_file, read_questions
from helpers.grading.judge.transcript import TranscriptWriter, unpack_transcripts
from helpers.grading.notebooks.assignment import CourseAssignment
from helpers.grading.records import read_records
from helpers.line.kinds import LineFault
from tests.support.shared_server import share_server
from tests.support.small_course import ANSWERS, NOTEBOOKS, write_exercise, write_submission

needs_linux = pytest.mark.skipif(sys.platform != "linux", reason="needs the sandbox, which Linux has")
UPRIGHT = ANSWERS | {"describe_photo": ANSWERS["describe_photo"].replace("tall", "upright")}
WITH_SIDE_EFFECT = ANSWERS | {"describe_photo": f"open('ran', 'a').write('x')\n{ANSWERS['describe_photo']}"}


class Course:
    """A small class that has been graded once."""

    def __init__(self, folder) -> None:
        self.folder, self.course = folder, folder / "course"
        write_exercise(folder / "exercise")
        for student, answers in (("ann", ANSWERS), ("ben", UPRIGHT), ("blank", {}), ("cleo", WITH_SIDE_EFFECT)):
            write_submission(folder / "handed_in" / student, folder / "exercise", answers)

    def grade(self, *more) -> None:
        arguments = ["--course", str(self.course), "--source", str(self.folder / "exercise"), "--workers", "1"]
        assert grade([str(self.folder / "handed_in"), *arguments, "--no-feedback", *more]) == 0

    def mend(self, **checks) -> None:
        cells = [(name, points, checks.get(name, source)) for name, points, source in NOTEBOOKS["01_setup"]]
        write_exercise(self.folder / "exercise", NOTEBOOKS | {"01_setup": cells})

    def points(self, grade_id: str) -> dict[str, float]:
        records = read_records(CourseAssignment(self.course).records)
        return {
            student: cell.points
            for student, record in records.items()
            for book in record.notebooks
            for cell in book.cells
            if cell.grade_id == grade_id
        }

    def explain(self, student: str, exercise: str) -> int:
        where = ["--course", str(self.course), "--source", str(self.folder / "exercise")]
        return explain([student, exercise, *where])


@pytest.fixture(scope="module")
def course(tmp_path_factory, fork_server):
    folder = tmp_path_factory.mktemp("questions")
    course = Course(folder)
    with share_server(fork_server):
        course.grade()
        yield course


@needs_linux
def test_what_was_asked_is_kept_by_check(course):
    kept = read_questions(CourseAssignment(course.course), "ann", "01_setup")
    assert [name for name in kept if name.startswith("describe")] == ["describe_photo_usual", "describe_photo_modes"]
    assert all(transcript.state == COMPLETED and len(transcript.exchanges) == 1 for transcript in kept.values())


@needs_linux
def test_it_explains_a_lost_point(course, capsys):
    assert course.explain("ben", "describe_photo") == 0
    text = capsys.readouterr().out
    assert "describe_photo_modes: 0 of 1 points" in text
    assert "asked describe_photo by call_with_files: args=(30, 47)" in text
    assert "came: (30, 47, 'upright')" in text
    assert "ended in AssertionError: a photo of 30 x 47 pixels is tall" in text
    assert course.explain("blank", "describe_photo") == 0
    assert "describe_photo_modes: nothing was asked. The answer is the empty stub" in capsys.readouterr().out


@needs_linux
def test_it_says_when_there_is_nothing_to_explain(course, capsys):
    assert course.explain("nobody", "describe_photo") == 2
    assert "Nothing was kept of 'nobody'" in capsys.readouterr().err
    assert course.explain("ben", "no_such_exercise") == 2
    assert "There is no exercise" in capsys.readouterr().err


@needs_linux
def test_a_mended_check_with_the_same_questions_runs_no_answer(course, capsys):
    before = course.points("describe_photo_modes")
    course.mend(describe_photo_modes='assert describe_photo(30, 47)[2] in ("tall", "upright")')
    capsys.readouterr()
    course.grade("--again", "describe_photo")
    assert "4 of them were judged by what their answers gave before" in capsys.readouterr().out
    assert before == {"ann": 1, "ben": 0, "blank": 0, "cleo": 1}
    assert course.points("describe_photo_modes") == {"ann": 1, "ben": 1, "blank": 0, "cleo": 1}


@needs_linux
def test_a_check_that_asks_something_else_asks_the_answers_again(course, capsys):
    course.mend(describe_photo_modes='assert describe_photo(31, 48) == (31, 48, "tall")')
    capsys.readouterr()
    course.grade("--again", "describe_photo")
    assert "1 of them were judged by what" in capsys.readouterr().out  # the blank one
    assert course.points("describe_photo_modes") == {"ann": 1, "ben": 0, "blank": 0, "cleo": 1}


@needs_linux
def test_a_damaged_file_is_no_answer(course, capsys):
    find_file(CourseAssignment(course.course), "ann", "01_setup").write_bytes(b"x" * 100)
    assert read_questions(CourseAssignment(course.course), "ann", "01_setup") == {}
    capsys.readouterr()
    course.grade("--again", "describe_photo")
    assert course.points("describe_photo_modes")["ann"] == 1
    assert len(read_questions(CourseAssignment(course.course), "ann", "01_setup")) == 4


def test_a_check_that_was_tried_twice_counts_the_last_time():
    writer = TranscriptWriter()
    for state in (TIMED_OUT, COMPLETED):
        writer.begin_check("a")
        writer.begin_question("q")
        writer.add({"type": "happened", "nonce": "n", "value": ["bytes", 0]}, [state.encode()])
        writer.end_check(state)
    found = unpack_transcripts(writer.finish())
    assert found["a"].state == COMPLETED
    assert found["a"].exchanges[0].messages == [({"type": "happened", "value": ["bytes", 0]}, [b"completed"])]


def test_too_much_is_not_kept():
    writer = TranscriptWriter()
    writer.begin_check("a")
    writer.begin_question("q")
    noise = bytes(range(256)) * 4
    for number in range(8_000):
        noise = bytes((byte * 31 + number) % 251 for byte in noise[:1_000])
        writer.add({"type": "happened", "value": number}, [noise])
    assert len(writer.finish()) < 5_000_000


@pytest.mark.parametrize("data", [b"", b"text", b"x\x9c" + b"\x00" * 10])
def test_what_is_no_transcript_is_refused(data):
    with pytest.raises(LineFault):
        unpack_transcripts(data)
