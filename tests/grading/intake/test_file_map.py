"""Any other system: a file of the instructor's says whose each file is; and the example of it that a refusal gives."""

import shutil

import pytest

from helpers.grading.commands.grade import read_options
from helpers.grading.files.items import IntakeError
from helpers.grading.intake.collect import collect
from helpers.grading.intake.kept import Intake
from helpers.grading.intake.lists import Lists
from helpers.grading.intake.students.file_map import FileMap
from helpers.grading.intake.students.guessing import guess_student
from helpers.grading.notebooks.assignment import CourseAssignment
from helpers.grading.records import Student
from helpers.grading.whole_class.options import check_options
from tests.support.handed_in import pack_zip, write_files

THREE, FOUR = "03_preprocessing.ipynb", "04_inference.ipynb"
ROSTER = "id,first_name,last_name,email\nsone,Student,One,s1@uni.example\nstwo,Student,Two,s2@uni.example\n"


@pytest.fixture
def take(tmp_path, release):
    """Return a function that takes in files, or an archive, with the text of a map and of a roster."""

    def take(files: dict[str, bytes] | bytes, map: str = "", *, roster: str = ROSTER) -> Intake:
        shutil.rmtree(tmp_path / "class", ignore_errors=True)
        path = tmp_path / "class.zip" if isinstance(files, bytes) else tmp_path / "class"
        if isinstance(files, bytes):
            path.write_bytes(files)
        else:
            write_files(path, files)
        for name, text in (("roster.csv", roster), ("files.csv", map)):
            (tmp_path / name).write_text(text, encoding="utf-8")
        given = {"roster": tmp_path / "roster.csv" if roster else None, "map": tmp_path / "files.csv" if map else None}
        return collect(path, CourseAssignment(tmp_path / "course"), Lists(**given), release=release)

    return take


def get_notebooks(intake: Intake) -> dict[str, list[str]]:
    return {one.student: list(one.notebooks) for one in intake.submissions}


class TestMatching:
    MAP = FileMap([("a.ipynb", "a"), ("b*.ipynb", "b"), ("*[1]*", "c"), ("b9.ipynb", "d"), ("x/y/*", "e")])

    @pytest.mark.parametrize(
        ("name", "owners"),
        [
            ("a.ipynb", ["a"]),
            ("A.IPYNB", ["a"]),
            ("b7.ipynb", ["b"]),
            ("b9.ipynb", ["d"]),
            ("b[1].ipynb", ["b", "c"]),
            ("1", []),
            ("x/y/z.ipynb", ["e"]),
            ("a.ipynb.txt", []),
        ],
    )
    def test_a_star_stands_for_anything_and_a_whole_name_comes_first(self, name, owners):
        assert self.MAP.find(name) == owners

    def test_what_nothing_has_is_said(self):
        (sentence,) = FileMap([("gone.ipynb", "a")]).explain_unused()
        assert sentence.startswith("gone.ipynb stands in the map of files, but nothing")


class TestTakingIn:
    @pytest.mark.parametrize("is_packed", [True, False])
    def test_files_and_folders_and_patterns(self, take, books, is_packed):
        files = {"17__q.ipynb": books[THREE], "17__r.ipynb": books[FOUR], f"upload 23/{FOUR}": books[FOUR]}
        map = "file,student\n17__*,Student One\nupload 23,stwo\n"
        intake = take(pack_zip(files) if is_packed else files, map)
        assert get_notebooks(intake) == {"sone": ["03_preprocessing", "04_inference"], "stwo": ["04_inference"]}
        assert intake.unknown == ()
        assert intake.submissions[0].clock == "the files' own times"

    def test_paths_below_a_folder(self, take, books):
        files = {f"all/17/{FOUR}": books[FOUR], f"all/23/{FOUR}": books[FOUR], "all/readme.ipynb": books[THREE]}
        intake = take(files, "file,student\nall/17/*,sone\nall/23/*,stwo\n")
        assert get_notebooks(intake) == {"sone": ["04_inference"], "stwo": ["04_inference"]}
        assert intake.unknown == ("all: the map of files names nobody for some files in it, and they were left out.",)

    def test_it_comes_before_what_a_name_says(self, take, books):
        intake = take({f"sone/{FOUR}": books[FOUR], f"stwo/{FOUR}": books[FOUR]}, "file,student\nsone,stwo\n")
        assert get_notebooks(intake) == {"sone": [], "stwo": ["04_inference"]}

    def test_two_owners_are_none(self, take, books):
        intake = take({"x.zip": pack_zip(books), f"stwo/{FOUR}": books[FOUR]}, "file;student\nx*;sone\n*.zip;stwo\n")
        assert get_notebooks(intake)["sone"] == []
        assert intake.unknown == (
            "x.zip: the map of files gives it to sone and to stwo, so it was left out: keep one of the lines.",
        )

    def test_a_time_that_a_student_wrote_is_not_believed(self, take, books):
        files = {f"x/exercise_01/{FOUR}": books[FOUR], "x/exercise_01/timestamp.txt": b"1999-01-01 00:00:00 UTC"}
        (one, _) = take(files, "file,student\nx,sone\n").submissions
        assert one.timestamp > "2000"

    @pytest.mark.parametrize(
        ("map", "sentence"),
        [
            ("file,student\nx,Nobody\n", "files.csv, line 2: 'Nobody' is nobody on the roster"),
            ("name,who\nx,sone\n", "files.csv, line 1: must have the columns file and student"),
        ],
    )
    def test_what_is_wrong_is_said_with_the_line(self, take, books, map, sentence):
        with pytest.raises(IntakeError, match=sentence):
            take({f"x/{FOUR}": books[FOUR]}, map)

    def test_it_needs_a_roster(self, take, books):
        with pytest.raises(IntakeError, match="MAP= names students of a roster"):
            take({f"x/{FOUR}": books[FOUR]}, "file,student\nx,sone\n", roster="")

    def test_it_goes_with_what_was_handed_in(self, tmp_path):
        with pytest.raises(IntakeError, match="MAP= go with what was handed in"):
            check_options(read_options(["--map", "files.csv", "--course", str(tmp_path)]))


class TestExample:
    def test_what_is_not_recognised_says_how_to_say_it(self, take, books):
        files = {f"17-one-student-{FOUR}": books[FOUR], "23, s2@uni.example.ipynb": books[FOUR], "x.ipynb": books[FOUR]}
        with pytest.raises(IntakeError) as raised:
            take(files)
        example = str(raised.value).partition("begins like this:\n\n")[2]
        assert example == f'file,student\n17-one-student-{FOUR},sone\n"23, s2@uni.example.ipynb",stwo\nx.ipynb,\n'
        assert get_notebooks(take(files, example)) == {"sone": ["04_inference"], "stwo": ["04_inference"]}

    def test_ten_names_are_enough(self, take, books):
        with pytest.raises(IntakeError) as raised:
            take({f"x{number}.ipynb": books[FOUR] for number in range(30)})
        assert str(raised.value).count("x") >= 10
        assert str(raised.value).partition("file,student\n")[2].count("\n") == 10

    def test_what_surely_is_ones_becomes_a_pattern(self, take, books):
        files = {f"sonestudent_1_{number}_{name}": books[name] for number, name in enumerate(books)}
        with pytest.raises(IntakeError) as raised:
            take(files, roster=ROSTER.replace("sone,Student", "s1,Another"))
        assert str(raised.value).endswith("file,student\nsonestudent_1_*,\n")

    def test_so_does_a_class_without_a_roster(self, take, books):
        with pytest.raises(IntakeError, match="No student's work is in") as raised:
            take({"x.ipynb": books[FOUR]}, roster="")
        assert str(raised.value).endswith(
            "ROSTER=students.csv MAP=files.csv. It begins like this:\n\nfile,student\nx.ipynb,\n"
        )

    @pytest.mark.parametrize(
        ("name", "guess"),
        [
            ("hw1 SONE final.ipynb", "sone"),
            ("hw1_s2_final.ipynb", "stwo"),
            ("One, Student - 3.ipynb", "sone"),
            ("studenttwo.ipynb", "stwo"),
            ("stwo and sone.ipynb", ""),
            ("someone.ipynb", ""),
            ("student.ipynb", ""),
        ],
    )
    def test_a_guess_is_of_one_student_or_of_none(self, name, guess):
        roster = [
            Student("sone", "Student", "One", "s1@uni.example"),
            Student("stwo", "Student", "Two", "s2@uni.example"),
        ]
        assert guess_student(name, roster) == guess
