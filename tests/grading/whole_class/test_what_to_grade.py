"""What a run has to grade: new and changed submissions, everybody's once more, and only the rest after a kill."""

import json

import pytest

from helpers.grading.course.graded_submission import GradedSubmission, hash_files
from helpers.grading.course.result_store import ResultStore
from helpers.grading.gradebook.open import open_gradebook
from helpers.grading.gradebook.write import prepare_gradebook, write_result, write_students
from helpers.grading.notebooks.assignment import CourseAssignment
from helpers.grading.notebooks.paths import ASSIGNMENT
from helpers.grading.records import GRADED, CellRecord, NotebookRecord, Student, Submission, SubmissionRecord
from helpers.grading.whole_class.what_to_grade import AgainLog, VersionFile, list_jobs, list_remarks, name_version
from tests.support.small_course import NOTEBOOKS, write_exercise


@pytest.fixture
def course(tmp_path):
    CourseAssignment(tmp_path).kept.mkdir(parents=True)
    return tmp_path


@pytest.fixture
def submissions(course):
    """Three students: ann is graded, ben has changed a file since, cleo handed nothing in."""
    store = ResultStore(CourseAssignment(course))
    found = []
    for student in ("ann", "ben"):
        folder = course / "submitted" / student
        folder.mkdir(parents=True)
        (folder / "01_setup.ipynb").write_text("first")
        found.append(Submission(student, str(folder)))
        store.keep(GradedSubmission(make_record(student, hash_files(folder)), {}), ignore)
    (folder / "01_setup.ipynb").write_text("second")
    return [*found, Submission("cleo", None)]


def make_record(student, fingerprint="", points=1.0):
    cell = CellRecord("describe_photo_usual", "describe_photo", points, 1.0, needs_manual=False, hidden=False, ran=True)
    books = tuple(NotebookRecord(name, GRADED, (), (cell,) if name == "01_setup" else ()) for name in NOTEBOOKS)
    return SubmissionRecord(student, GRADED, (), books, fingerprint=fingerprint)


def ignore(result, *, before):
    """Write nothing."""


def describe(jobs):
    return {job.submission.student: job.only for job in jobs}


def test_only_what_is_new_or_changed_is_graded(course, submissions):
    assert describe(list_jobs(submissions, ResultStore(CourseAssignment(course)))) == {"ben": ()}


def test_one_exercise_again_means_its_notebook_of_everybody(course, submissions):
    jobs = describe(list_jobs(submissions, ResultStore(CourseAssignment(course)), again="top_k"))
    assert jobs == {"ann": ("04_inference",), "ben": ()}  # ben's files have changed: all of them are graded


def test_after_a_kill_the_others_are_graded_again(course, submissions):
    jobs = list_jobs(submissions, ResultStore(CourseAssignment(course)), again="all", already={"ann"})
    assert describe(jobs) == {"ben": ()}


def test_a_log_is_kept_until_its_run_has_come_to_its_end(course):
    AgainLog(CourseAssignment(course), "top_k", version="1").read()
    AgainLog(CourseAssignment(course), "top_k", version="1").note("ann")
    assert AgainLog(CourseAssignment(course), "top_k", version="1").read() == {"ann"}
    assert "AGAIN=top_k" in list_remarks(CourseAssignment(course), [], again="")[0]
    assert list_remarks(CourseAssignment(course), [], again="top_k") == []
    AgainLog(CourseAssignment(course), "top_k", version="1").close()
    assert AgainLog(CourseAssignment(course), "top_k", version="1").read() == set()


def test_a_log_of_other_checks_counts_for_nothing(course):
    AgainLog(CourseAssignment(course), "top_k", version="1").read()
    AgainLog(CourseAssignment(course), "top_k", version="1").note("ann")
    assert AgainLog(CourseAssignment(course), "top_k", version="2").read() == set()
    assert AgainLog(CourseAssignment(course), "top_k", version="2").read() == set()


def test_a_name_that_a_kill_cut_off_does_not_count(course):
    AgainLog(CourseAssignment(course), "all", version="1").read()
    with (CourseAssignment(course).kept / "again-all.txt").open("a") as log:
        log.write("ann\nbe")
    assert AgainLog(CourseAssignment(course), "all", version="1").read() == {"ann"}


def test_a_version_is_that_of_notebooks_and_modules(course):
    (course / "helpers").mkdir()
    (course / "helpers" / "checks.py").write_text("strict = True")
    first = name_version({"01_setup": "a"}, course)
    assert name_version({"01_setup": "a"}, course) == first
    assert name_version({"01_setup": "b"}, course) != first
    (course / "helpers" / "checks.py").write_text("strict = False")
    assert name_version({"01_setup": "a"}, course) != first


def test_changed_notebooks_are_named_until_all_are_graded_again(course):
    assert VersionFile(CourseAssignment(course), {"01_setup": "a", "04_inference": "a"}).list_stale() == []
    changed = VersionFile(CourseAssignment(course), {"01_setup": "b", "04_inference": "b"})
    assert changed.list_stale() == ["01_setup", "04_inference"]
    changed.write(only="01_setup")
    assert changed.list_stale() == ["04_inference"]
    assert "04_inference" in list_remarks(CourseAssignment(course), changed.list_stale(), again="")[0]
    changed.write()
    assert changed.list_stale() == []


@pytest.fixture
def exercise(tmp_path):
    return write_exercise(tmp_path / "exercise")


def read_points(gradebook, student):
    grade = gradebook.find_grade("describe_photo_usual", "01_setup", ASSIGNMENT, student)
    return grade.auto_score, grade.max_score


def test_a_gradebook_that_was_deleted_is_filled_from_the_records(course, exercise):
    store = ResultStore(CourseAssignment(course))
    for lost in (False, True):
        if lost:
            (course / "gradebook.db").unlink()
        prepare_gradebook(CourseAssignment(course), source=exercise / "solutions")
        with open_gradebook(course) as gradebook:

            def write(result, *, before, gradebook=gradebook):
                write_result(gradebook, CourseAssignment(course), result, before=before)

            write_students(gradebook, [Student("ann"), Student("cleo")])
            if lost:
                assert store.write_again(["ann", "cleo"], write) == 1
            else:
                store.keep(GradedSubmission(make_record("ann"), {}), write)
            assert read_points(gradebook, "ann") == (1, 1)
            assert [found.student.id for found in gradebook.assignment_submissions(ASSIGNMENT)] == ["ann"]


def test_points_that_change_are_taken_over(course, exercise):
    prepare_gradebook(CourseAssignment(course), source=exercise / "solutions")
    cells = [
        (name, 3 if name == "describe_photo_usual" else points, text) for name, points, text in NOTEBOOKS["01_setup"]
    ]
    write_exercise(exercise, NOTEBOOKS | {"01_setup": cells})
    prepare_gradebook(CourseAssignment(course), source=exercise / "solutions")
    with open_gradebook(course) as gradebook:
        write_students(gradebook, [Student("ann")])
        write_result(
            gradebook, CourseAssignment(course), GradedSubmission(make_record("ann", points=3.0), {}), before=None
        )
        assert read_points(gradebook, "ann") == (3, 3)


def test_a_result_from_before_the_exercise_got_a_cell_can_be_written(course, exercise):
    record = make_record("ann")
    prepare_gradebook(CourseAssignment(course), source=exercise / "solutions")
    with open_gradebook(course) as gradebook:
        write_students(gradebook, [Student("ann")])
        write_result(gradebook, CourseAssignment(course), GradedSubmission(record, {}), before=None)
        assert read_points(gradebook, "ann") == (1, 1)
        assert gradebook.find_grade("read_labels_usual", "01_setup", ASSIGNMENT, "ann").auto_score is None


def test_a_pending_result_is_written_when_the_run_goes_on(course):
    store, seen = ResultStore(CourseAssignment(course)), []

    def stop(result, *, before):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        store.keep(GradedSubmission(make_record("ann"), {"01_setup": "text"}), stop)
    assert store.read("ann") is None
    store.finish_pending(lambda result, before: seen.append(result))
    assert seen == [GradedSubmission(make_record("ann"), {"01_setup": "text"})]
    assert json.loads((CourseAssignment(course).records / "ann.json").read_text())["student"] == "ann"
