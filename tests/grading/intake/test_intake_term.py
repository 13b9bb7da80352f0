"""Taking in again and again, as in a term: who is who, what came before, whose times, and what is refused."""

import os
import shutil
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest

from helpers.grading.files.items import IntakeError
from helpers.grading.intake.collect import collect
from helpers.grading.intake.due_dates import DueDateError
from helpers.grading.intake.kept import Intake, is_there, list_gone, read_last_intake
from helpers.grading.intake.lists import Lists
from helpers.grading.notebooks.assignment import CourseAssignment
from helpers.grading.records import Submission, write_json
from tests.support.handed_in import add_answer, pack_zip, read_released, write_files, write_release

THREE, FOUR = "03_preprocessing.ipynb", "04_inference.ipynb"
CANVAS = "Student,ID,SIS User ID,SIS Login ID,Section\n"
ALL = {"a": '"A, One",1000,S0,a,X\n', "b": '"B, Two",1001,S1,b,X\n', "c": '"C, Three",1002,S2,c,X\n'}
WORKSHEET = "Identifier,Full name,Email address,Status,Grade,Last modified (submission)\n"
LATE_EVENING = "Friday, 4 September 2026, 11:30 PM"


@pytest.fixture
def take(tmp_path, release):
    """Return a function that takes in files, anew each time, with a roster's text and other lists."""

    def take(files: dict[str, bytes], roster: str | None = None, *, teams: str = "", course="course", **more) -> Intake:
        shutil.rmtree(tmp_path / "class", ignore_errors=True)
        folder = write_files(tmp_path / "class", files)
        for name, text in (("roster.csv", roster), ("teams.csv", teams)):
            (tmp_path / name).write_text(text or "", encoding="utf-8")
        lists = Lists(
            roster=tmp_path / "roster.csv" if roster else None, teams=tmp_path / "teams.csv" if teams else None, **more
        )
        return collect(folder, CourseAssignment(tmp_path / course), lists, release=release)

    return take


def get(intake: Intake, student: str) -> Submission:
    return next(submission for submission in intake.submissions if submission.student == student)


def hand_in(student: str, books: dict[str, bytes], *names: str) -> dict[str, bytes]:
    return {f"{student}/{name}": books[name] for name in names or books}


def read_last_cell(submission: Submission, name: str) -> str:
    return nbformat.read(Path(submission.folder) / name, as_version=4).cells[-1].source


class TestIds:
    def test_an_id_is_chosen_once(self, take, books):
        files = hand_in("a", books) | hand_in("b", books)
        first = take(files, CANVAS + ALL["a"] + ALL["b"])
        assert [student.id for student in first.students] == ["a", "b"]
        nobody = '"Guest, Without a login",1010,,,X\n'
        second = take(files, CANVAS + ALL["a"] + ALL["b"] + nobody)
        assert [student.id for student in second.students] == ["a", "b", "1010"]
        third = take(files, CANVAS + ALL["a"] + ALL["b"] + nobody.replace(",,,", ",S9,g,"))
        assert [student.id for student in third.students] == ["a", "b", "1010"]

    @pytest.mark.parametrize(
        "line",
        ['"A, One",1000,,,X\n', '"A, One",,,a,X\n', '"A, One",,S0,new,X\n', '"A, Other",1000,S5,new,X\n'],
    )
    def test_a_student_is_found_again_by_any_column(self, take, books, line):
        take(hand_in("a", books), CANVAS + ALL["a"])
        intake = take(hand_in("1000" if "Other" in line else "One A", books), CANVAS + line)
        assert [student.id for student in intake.students] == ["a"]

    def test_by_what_another_systems_list_says(self, take, books):
        take(hand_in("a", books), "id,first_name,last_name,email\na,One,A,one@uni.example\n")
        intake = take(hand_in("One A", books), WORKSHEET + "Participant 7,One A,one@uni.example,x,,-\n")
        assert [student.id for student in intake.students] == ["a"]

    def test_a_login_that_went_to_somebody_else_is_refused(self, take, books):
        take(hand_in("a", books) | hand_in("b", books), CANVAS + ALL["a"] + ALL["b"])
        other = '"Z, Another",2000,S7,a,X\n'
        with pytest.raises(IntakeError, match=r"line 2: shares a login or an address with a.*take a new folder"):
            take(hand_in("b", books), CANVAS + other + ALL["b"])

    def test_a_line_that_is_two_students_is_refused(self, take, books):
        take(hand_in("a", books) | hand_in("b", books), CANVAS + ALL["a"] + ALL["b"])
        with pytest.raises(IntakeError, match="line 2: could be a or b of earlier lists"):
            take(hand_in("a", books), CANVAS + '"A, One",1000,S0,b,X\n')

    def test_without_a_roster_the_last_one_holds(self, take, books):
        take(hand_in("a", books), CANVAS + ALL["a"] + ALL["b"])
        intake = take(hand_in("One A", books))
        assert [student.id for student in intake.students] == ["a", "b"]


class TestMovedCourses:
    def test_no_path_breaks_when_a_course_moves(self, take, books, tmp_path):
        take(hand_in("a", books), CANVAS + ALL["a"])
        (tmp_path / "course").rename(tmp_path / "moved")
        intake = read_last_intake(CourseAssignment(tmp_path / "moved"))
        assert get(intake, "a").folder == str(tmp_path / "moved" / "submitted" / "a" / "exercise_01")
        assert str(tmp_path) not in (tmp_path / "moved" / "grading" / "exercise_01" / "intake.json").read_text(
            encoding="utf-8"
        )
        assert list_gone(intake.submissions) == []

    @pytest.mark.parametrize("inside", ["submitted", "grading/clean"])
    def test_courses_that_kept_whole_paths(self, tmp_path, inside):
        kept = {"students": [], "unknown": [], "submissions": [{"student": "a", "problems": []}]}
        kept["submissions"][0]["folder"] = f"/elsewhere/{inside}/a/exercise_01"
        write_json(tmp_path / "grading" / "exercise_01" / "intake.json", kept)
        (submission,) = read_last_intake(CourseAssignment(tmp_path)).submissions
        assert submission.folder == str(tmp_path / inside / "a" / "exercise_01")

    def test_what_is_not_there_any_more_is_named(self, take, books, tmp_path):
        take(hand_in("a", books) | hand_in("b", books), CANVAS + ALL["a"] + ALL["b"])
        (tmp_path / "course" / "submitted" / "b" / "exercise_01" / FOUR).unlink()
        assert list_gone(read_last_intake(CourseAssignment(tmp_path / "course")).submissions) == ["b"]


class TestComingAgain:
    def test_who_is_not_in_a_later_download_has_what_came_before(self, take, books):
        first = take(hand_in("a", books) | hand_in("b", books), CANVAS + ALL["a"] + ALL["b"])
        second = take(hand_in("b", books), CANVAS + ALL["a"] + ALL["b"])
        assert get(second, "a") == get(first, "a")
        assert second.remarks == ("Nothing new came from a: what they handed in before counts.",)

    def test_of_each_notebook_the_newest_counts(self, take, books):
        take(hand_in("a", books) | {"a/own.py": b"x = 1"}, CANVAS + ALL["a"])
        newer = {FOUR: read_released("04_inference", add_answer("newer"))}
        submission = get(intake := take(hand_in("a", newer, FOUR), CANVAS + ALL["a"]), "a")
        assert is_there(submission) and set(submission.notebooks) == {"03_preprocessing", "04_inference"}
        assert read_last_cell(submission, FOUR) == "newer"
        assert (Path(submission.folder) / "own.py").exists()
        assert submission.problems[-1].startswith("03_preprocessing is as it was handed in before (20")
        assert intake.remarks == (
            "Only some of the notebooks came again from a: of the others, those handed in before count.",
        )
        assert take(hand_in("a", newer, FOUR), CANVAS + ALL["a"]) == intake

    def test_the_time_is_the_latest_of_those_that_count(self, take, books, tmp_path):
        def hand_in_at(time_s: int, *names: str) -> Submission:
            folder = write_files(tmp_path / f"at-{time_s}", hand_in("a", books, *names))
            for path in folder.rglob("*.ipynb"):
                os.utime(path, (time_s, time_s))
            return get(collect(folder, CourseAssignment(tmp_path / "course"), release=tmp_path / "release"), "a")

        write_release(tmp_path / "release")
        assert hand_in_at(1_000_000_000).timestamp == "2001-09-09T01:46:40+00:00"
        books = books | {FOUR: read_released("04_inference", add_answer("newer"))}
        late = hand_in_at(1_100_000_000, FOUR)
        assert late.timestamp == late.times["04_inference"] == "2004-11-09T11:33:20+00:00"
        assert late.times["03_preprocessing"] == "2001-09-09T01:46:40+00:00"
        copied = hand_in_at(1_500_000_000)
        assert (copied.timestamp, copied.clock) == (late.timestamp, "the files' own times")

    def test_an_old_download_takes_nothing_back(self, tmp_path, books, release):
        newer = books | {FOUR: read_released("04_inference", add_answer("newer"))}
        for name, files, time_s in (("new", newer, 1_100_000_000), ("old", books, 1_000_000_000)):
            folder = write_files(tmp_path / name, hand_in("a", files))
            for path in folder.rglob("*.ipynb"):
                os.utime(path, (time_s, time_s))
            submission = get(collect(folder, CourseAssignment(tmp_path / "course"), release=release), "a")
        assert read_last_cell(submission, FOUR) == "newer"
        assert submission.timestamp == "2004-11-09T11:33:20+00:00"
        assert submission.problems[-1].startswith("04_inference is as it was handed in before (2004-11-09 11:33 UTC)")

    def test_a_later_file_that_cannot_be_read_takes_nothing_away(self, take, books):
        first = get(take(hand_in("a", books), CANVAS + ALL["a"]), "a")
        later = get(take({"a/04_inference.ipynb": b"{"}, CANVAS + ALL["a"]), "a")
        assert replace(later, problems=()) == replace(first, problems=())
        assert later.problems[-1] == "What came last cannot be graded, so what was handed in before counts."

    def test_who_left_the_roster_is_named(self, take, books):
        take(hand_in("a", books) | hand_in("b", books) | hand_in("c", books), CANVAS + "".join(ALL.values()))
        intake = take(hand_in("a", books), CANVAS + ALL["a"] + ALL["b"])
        assert [submission.student for submission in intake.submissions] == ["a", "b"]
        assert intake.remarks[-1].endswith("(their records and grades stay): c.")
        back = take(hand_in("a", books), CANVAS + "".join(ALL.values()))
        assert get(back, "c").folder and not back.away


class TestRefusals:
    def test_another_class_needs_another_folder(self, take, books, tmp_path):
        take(hand_in("a", books) | hand_in("b", books) | hand_in("c", books), CANVAS + "".join(ALL.values()))
        before = (tmp_path / "course" / "grading" / "exercise_01" / "intake.json").read_bytes()
        term = CANVAS + ALL["a"] + '"E, Five",2000,S7,e,X\n"F, Six",2001,S8,f,X\n'
        with pytest.raises(IntakeError, match=r"Only 1 of the 3 students.*COURSE="):
            take(hand_in("e", books), term)
        assert (tmp_path / "course" / "grading" / "exercise_01" / "intake.json").read_bytes() == before
        assert len(take(hand_in("e", books), term, is_same_class=True).students) == 3

    @pytest.mark.parametrize("known", [0, 1])
    def test_names_of_others_are_refused_with_what_was_compared(self, take, books, known, tmp_path):
        strangers = {f"Some One{number}_{number}_assignsubmission_file/{FOUR}": books[FOUR] for number in range(2)}
        roster = WORKSHEET + "Participant 12,Two B,two@uni.example,x,,-\n"
        files = strangers | ({f"Two B_12_assignsubmission_file/{FOUR}": books[FOUR]} if known else {})
        with pytest.raises(IntakeError) as raised:
            take(files, roster)
        assert f"{known or 'None'} of {2 + known} names in what was handed in" in str(raised.value)
        assert '"Some One0_0_assignsubmission_file"' in str(raised.value)
        assert 'Identifier ("Participant 12"), Full name ("Two B")' in str(raised.value)
        assert not (tmp_path / "course" / "submitted").exists()

    def test_half_is_enough(self, take, books):
        files = hand_in("a", books) | {"stranger.txt": b"x", "list.csv": b"x"}
        assert len(take(files, CANVAS + ALL["a"]).unknown) == 1


class TestTeams:
    ROSTER = WORKSHEET + "".join(
        f"Participant {number},{name},{number}@uni.example,x,,-\n"
        for number, name in ((12, "One A"), (13, "Two B"), (14, "Three C"))
    )

    @pytest.fixture
    def files(self, books):
        folders = ("Team Blue_14_assignsubmission_file", "Team Red_77_assignsubmission_file")
        return {f"{folder}/{FOUR}": books[FOUR] for folder in (*folders, "Default group_assignsubmission_file")}

    def test_a_team_is_nobody_even_if_its_number_is_somebodys(self, take, files, books):
        own = {f"{name}_assignsubmission_file/{FOUR}": books[FOUR] for name in ("One A_12", "Two B_13", "Three C_14")}
        intake = take(files | own, self.ROSTER)
        assert [one.notebooks["04_inference"] for one in intake.submissions] == [FOUR] * 3
        assert sum("Team Blue" in sentence and "TEAMS=" in sentence for sentence in intake.unknown) == 1

    def test_each_member_gets_the_result(self, take, files):
        teams = "team,student\nTeam Blue,One A\nTeam Blue,13@uni.example\nTeam Red,14\n"
        intake = take(files, self.ROSTER, teams=teams.replace("Red,14", "Red,Three C"))
        assert all(one.folder for one in intake.submissions)
        assert len(intake.unknown) == 1 and "Default group" in intake.unknown[0]

    def test_somebody_who_is_not_on_the_roster(self, take, files):
        with pytest.raises(IntakeError, match=r"teams.csv, line 2: 'Nobody' is nobody on the roster"):
            take(files, self.ROSTER, teams="team,student\nTeam Blue,Nobody\n")
        with pytest.raises(IntakeError, match="must have the columns team and student"):
            take(files, self.ROSTER, teams="group,name\nTeam Blue,One A\n")

    def test_blind_marking_takes_no_team_for_a_participant(self, take, books):
        roster = "Identifier,Status,Grade\nTeilnehmer/in14,x,\nTeilnehmer/in15,x,\n"
        folders = ("Teilnehmer_in_15_assignsubmission_file", "Team Blue_14_assignsubmission_file")
        intake = take({f"{folder}/{FOUR}": books[FOUR] for folder in folders}, roster)
        assert [bool(one.folder) for one in intake.submissions] == [False, True]


class TestAnonymous:
    FILES = (
        "anon_H7kQ2_501_03_preprocessing.ipynb",
        "anon_H7kQ2_502_04_inference.ipynb",
        "LATE_anon_9xYz1_503_" + FOUR,
    )

    def test_one_student_is_one(self, take, books):
        names = (THREE, FOUR, FOUR)
        intake = take({name: books[book] for name, book in zip(self.FILES, names, strict=True)})
        assert [student.id for student in intake.students] == ["anon_9xYz1", "anon_H7kQ2"]
        assert [one.is_marked_late for one in intake.submissions] == [True, False]
        assert len(get(intake, "anon_H7kQ2").notebooks) == 2

    def test_a_roster_cannot_say_who_it_is(self, take, books):
        with pytest.raises(IntakeError, match="Canvas made them anonymous"):
            take({name: books[FOUR] for name in self.FILES}, CANVAS + ALL["a"])


class TestZones:
    ROSTER = WORKSHEET + f'Participant 12,One A,one@uni.example,x,,"{LATE_EVENING}"\n'

    def test_no_zone_is_guessed_where_there_is_a_due_date(self, take, books):
        files = {f"One A_12_assignsubmission_file/{FOUR}": books[FOUR]}
        with pytest.raises(IntakeError, match=r"ZONE=Europe/Berlin"):
            take(files, self.ROSTER, needs_times=True)
        assert get(take(files, self.ROSTER), "one@uni.example").timestamp is None
        intake = take(files, self.ROSTER, needs_times=True, zone="Europe/Berlin")
        assert intake.submissions[0].timestamp == "2026-09-04T21:30:00+00:00"
        assert intake.submissions[0].clock == "Moodle's worksheet"
        assert take(files, self.ROSTER, needs_times=True).submissions == intake.submissions  # the zone is kept

    def test_a_zone_that_is_none(self, take, books):
        with pytest.raises(DueDateError, match="Europe/Belrin"):
            take(hand_in("One A", books), self.ROSTER, zone="Europe/Belrin")

    def test_a_time_that_cannot_be_read_is_said(self, take, books):
        files = {f"One A_12_assignsubmission_file/{FOUR}": books[FOUR]}
        intake = take(files, self.ROSTER.replace(LATE_EVENING, "gestern"), zone="UTC")
        assert intake.submissions[0].problems == (
            'The worksheet gives the time "gestern", which cannot be read: see there when it came.',
        )


def test_a_class_in_a_zip_can_be_taken_in_twice(release, tmp_path, books):
    path = tmp_path / "class.zip"
    path.write_bytes(pack_zip(hand_in("a", books)))
    assert collect(path, CourseAssignment(tmp_path / "course"), release=release) == collect(
        path, CourseAssignment(tmp_path / "course"), release=release
    )


def test_a_mark_of_lateness_is_the_systems_that_made_it(take, books):
    files = {f"one_LATE_1000_501_{FOUR}": books[FOUR]}
    (submission,) = take(files, CANVAS + ALL["a"].replace("A, One", "One")).submissions
    assert (submission.clock, submission.is_marked_late) == ("Canvas's mark, which gives no time", True)
