"""Late penalties: what they cost, time zones, extensions; written again they stay the same."""

from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
from traitlets import TraitError
from traitlets.config import Config

from helpers.grading.gradebook import penalties
from helpers.grading.gradebook.late_policy import LatePolicy, compute_penalty
from helpers.grading.gradebook.open import open_gradebook
from helpers.grading.gradebook.penalties import assign_penalties
from helpers.grading.intake import due_dates
from helpers.grading.intake.due_dates import DueDateError, Extension, parse_due_date, read_extensions
from helpers.grading.notebooks.assignment import CourseAssignment
from helpers.grading.notebooks.paths import ASSIGNMENT
from tests.support.graded_course import NOTEBOOK, make_course

POLICY = {"grace_minutes": 15, "percent_per_started_day": 10, "most_percent": 50, "time_zone": "Europe/Berlin"}
MINUTE_S, DAY_S = 60, 24 * 60 * 60
DUE = "2026-12-01 23:59 UTC"


@pytest.mark.parametrize(
    ("seconds_late", "points"),
    [
        (0, 0),
        (15 * MINUTE_S, 0),
        (15 * MINUTE_S + 1, 4),
        (15 * MINUTE_S + DAY_S, 4),
        (15 * MINUTE_S + DAY_S + 1, 8),
        (5 * DAY_S, 20),
        (400 * DAY_S, 20),
    ],
)
def test_each_day_begun_after_the_grace_costs_a_part_of_the_points_earned(seconds_late, points):
    assert compute_penalty(40, seconds_late=seconds_late, policy=LatePolicy(**POLICY)) == pytest.approx(points)


def test_no_points_cost_nothing_and_without_a_rate_nothing_is_taken():
    assert compute_penalty(0, seconds_late=DAY_S, policy=LatePolicy(**POLICY)) == 0
    assert compute_penalty(40, seconds_late=DAY_S, policy=LatePolicy()) == 0


def test_all_points_can_be_lost_and_never_more():
    policy = LatePolicy(percent_per_started_day=60)
    assert compute_penalty(7, seconds_late=9 * DAY_S, policy=policy) == 7


@pytest.mark.parametrize("settings", [{"most_percent": 101}, {"most_percent": -1}, {"grace_minutes": -1}])
def test_a_policy_that_makes_no_sense_is_refused(settings):
    with pytest.raises(TraitError):
        LatePolicy(**settings)


def test_the_plugin_answers_as_nbgrader_asks_it():
    plugin = LatePolicy(**POLICY, waived=["ada"])
    assert plugin.late_submission_penalty("bob", 40, DAY_S) == pytest.approx(4)
    assert plugin.late_submission_penalty("bob", 40, 60) is None
    assert plugin.late_submission_penalty("ada", 40, DAY_S) is None


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-12-01 23:59 Europe/Berlin", "2026-12-01 22:59"),
        ("2026-07-01 23:59 Europe/Berlin", "2026-07-01 21:59"),
        ("2026-12-01 23:59", "2026-12-01 22:59"),
        ("2026-12-01T23:59:30 UTC", "2026-12-01 23:59:30"),
        ("2026-12-01 23:59Z", "2026-12-01 23:59"),
        ("2026-12-01 23:59 -05:30", "2026-12-02 05:29"),
        ("2026-12-01 23:59 UTC+0100", "2026-12-01 22:59"),
        ("2026-12-01 00:30 Asia/Kolkata", "2026-11-30 19:00"),
        ("2026-10-25 02:30 Europe/Berlin", "2026-10-25 01:30"),  # comes twice: the later one
        ("2026-03-29 02:30 Europe/Berlin", "2026-03-29 01:30"),  # does not exist: clocks then say 03:30
    ],
)
def test_due_dates_become_utc(text, moment):
    assert parse_due_date(text, zone="Europe/Berlin") == datetime.fromisoformat(moment)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("tomorrow", "write it like"),
        ("2026-12-01", "write it like"),
        ("2026-13-01 23:59 UTC", "month"),
        ("2026-12-01 23:59", "time zone"),
        ("2026-12-01 23:59 Europe/Belrin", "Europe/Belrin"),
        ("2026-12-01 23:59 ../../etc/passwd", "not known"),
    ],
)
def test_a_due_date_that_cannot_be_read_is_explained(text, word):
    with pytest.raises(DueDateError, match=word):
        parse_due_date(text)


def test_a_line_for_one_assignment_goes_before_a_line_for_all(tmp_path, monkeypatch):
    monkeypatch.setattr(due_dates, "ASSIGNMENTS", ("exercise_01", "exercise_02"))
    path = tmp_path / "extensions.csv"
    path.write_text("student,assignment,hours\nada,exercise_02,5\nada,,3\nbob,exercise_01,4\n", encoding="utf-8")
    hours = {"ada": Extension(hours=3.0), "bob": Extension(hours=4.0)}
    assert read_extensions(path, assignment="exercise_01") == hours
    assert read_extensions(path, assignment="exercise_02") == {"ada": Extension(hours=5.0)}
    path.write_text("student,assignment,hours\nada,exercise_03,5\n", encoding="utf-8")
    with pytest.raises(DueDateError, match="line 2: there is no exercise_03: write one of exercise_01, exercise_02"):
        read_extensions(path, assignment="exercise_01")


def test_extensions_are_read_with_either_separator(tmp_path):
    path = tmp_path / "extensions.csv"
    expected = {
        "ada": Extension(hours=48),
        "bob": Extension(due=datetime(2026, 12, 8, 22, 59)),
        "eve": Extension(waived=True),
    }
    lines = ("student,due,hours,waived", "ada,,48,no", "bob,2026-12-08 23:59,,", "", "eve,,,yes")
    for separator in ",;":
        path.write_text("\ufeff" + "\r\n".join(lines).replace(",", separator), encoding="utf-8")
        assert read_extensions(path, zone="Europe/Berlin") == expected


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("name,due\nada,2026-12-01", "columns"),
        ("", "columns"),
        ("student,hours\nada,two", "line 2.*48"),
        ("student,hours\nada,-1", "line 2"),
        ("student,hours\nada,nan", "line 2"),
        ("student,hours\nada,1\nada,2", "line 3.*once"),
        ("student,hours\n,1", "line 2"),
        ("student,due,hours\nada,2026-12-01 23:59 UTC,5", "exactly one"),
        ("student,hours\nada,", "exactly one"),
        ("student,waived\nada,perhaps", "perhaps"),
        ("student,due\nada,soon", "line 2.*soon"),
    ],
)
def test_extensions_that_cannot_be_read_are_explained_with_their_line(tmp_path, text, words):
    (tmp_path / "extensions.csv").write_text(text, encoding="utf-8")
    with pytest.raises(DueDateError, match=words):
        read_extensions(tmp_path / "extensions.csv")


def test_a_file_in_another_encoding_is_explained(tmp_path):
    (tmp_path / "extensions.csv").write_bytes("student,hours\nZoë,3".encode("latin-1"))
    with pytest.raises(DueDateError, match="UTF-8"):
        read_extensions(tmp_path / "extensions.csv")


@pytest.fixture
def course(tmp_path, monkeypatch):
    """Two submissions, each 30 hours after DUE, under POLICY."""
    settings = {
        "AssignLatePenalties": {"plugin_class": "helpers.grading.gradebook.late_policy.LatePolicy"},
        "LatePolicy": POLICY,
    }
    monkeypatch.setattr(penalties, "open_course", lambda course: SimpleNamespace(config=Config(settings)))
    handed_in = parse_due_date(DUE) + timedelta(hours=30)
    return make_course(tmp_path / "course", timestamp=handed_in.isoformat())


def read_penalties(gradebook):
    """Return each student's penalty in the one notebook."""
    submissions = gradebook.assignment_submissions(ASSIGNMENT)
    return {submission.student.id: submission.notebooks[0].late_submission_penalty for submission in submissions}


def test_penalties_follow_the_points_and_applied_again_stay_the_same(course):
    with open_gradebook(course) as gradebook:
        assert assign_penalties(gradebook, CourseAssignment(course)).points == {}  # nobody is late without a due date
        for _ in range(2):
            assert assign_penalties(gradebook, CourseAssignment(course), due=DUE).points == pytest.approx(
                {"ada": 0.2, "bob": 0.2}
            )
        gradebook.find_grade("explain_eval", NOTEBOOK, ASSIGNMENT, "ada").manual_score = 3
        gradebook.db.commit()
        assert assign_penalties(gradebook, CourseAssignment(course)).points == pytest.approx({"ada": 0.8, "bob": 0.2})
        assert read_penalties(gradebook) == pytest.approx({"ada": 0.8, "bob": 0.2})


def test_extensions_and_waivers_count_and_can_be_taken_back(course):
    with open_gradebook(course) as gradebook:
        (course / "extensions.csv").write_text("student,hours,due,waived\nada,29.9,,\nbob,,,yes\nzoe,5,,\n")
        result = assign_penalties(gradebook, CourseAssignment(course), due=DUE)
        assert result.points == {} and "zoe" in result.remarks[0]
        assert gradebook.find_submission(ASSIGNMENT, "ada").extension == timedelta(hours=29.9)
        (course / "extensions.csv").write_text("student,due\nada,2026-12-02 23:59 UTC\nbob,2020-01-01 00:00 UTC\n")
        assert assign_penalties(gradebook, CourseAssignment(course)).points == pytest.approx({"ada": 0.1, "bob": 0.2})
        (course / "extensions.csv").write_text("student,hours\n")
        assert assign_penalties(gradebook, CourseAssignment(course)).points == pytest.approx({"ada": 0.2, "bob": 0.2})


def test_an_extension_granted_in_the_gradebook_holds_without_a_file(course):
    with open_gradebook(course) as gradebook:
        gradebook.grant_extension(ASSIGNMENT, "ada", hours=30)
        assert assign_penalties(gradebook, CourseAssignment(course), due=DUE).points == pytest.approx({"bob": 0.2})


def test_a_bad_due_date_changes_nothing(course):
    with open_gradebook(course) as gradebook:
        assign_penalties(gradebook, CourseAssignment(course), due=DUE)
        with pytest.raises(DueDateError):
            assign_penalties(gradebook, CourseAssignment(course), due="soon")
        assert read_penalties(gradebook) == pytest.approx({"ada": 0.2, "bob": 0.2})


def test_another_plugin_of_nbgrader_can_take_its_place(course, monkeypatch):
    settings = {"LateSubmissionPlugin": {"penalty_method": "zero"}}
    monkeypatch.setattr(penalties, "open_course", lambda course: SimpleNamespace(config=Config(settings)))
    with open_gradebook(course) as gradebook:
        assert assign_penalties(gradebook, CourseAssignment(course), due=DUE).points == {"ada": 1.0, "bob": 1.0}


def test_the_repository_s_own_settings_can_be_used(course, monkeypatch):
    monkeypatch.undo()
    with open_gradebook(course) as gradebook:
        assign_penalties(gradebook, CourseAssignment(course), due=DUE)
        assert set(read_penalties(gradebook)) == {"ada", "bob"}
