"""The seed of a class: drawn once for each course, kept for its owner's eyes, and nobody is graded by another one."""

import json
import os
import stat
import sys

import pytest

from helpers.checks.class_seed import NO_CLASS
from helpers.grading.commands.explain import main as explain
from helpers.grading.commands.grade import main as grade
from helpers.grading.course.class_seed import SeedError, find_file, keep_seed, name_seed, read_seed, take_up_seed
from helpers.grading.course.questions import read_questions
from helpers.grading.notebooks.assignment import CourseAssignment
from helpers.grading.records import NotebookRecord, SubmissionRecord, read_records
from helpers.grading.whole_class import grade_class
from tests.support.shared_server import share_server
from tests.support.small_course import ANSWERS, NOTEBOOKS, write_exercise, write_submission

needs_linux = pytest.mark.skipif(sys.platform != "linux", reason="needs the sandbox, which Linux has")
CHECK = "describe_photo_modes"
DRAWN = """\
from helpers.checks.class_seed import draw_for
size = draw_for("describe_photo_modes").randint(1, 10**9)
assert describe_photo(size, size + 1) == (size, size + 1, "tall")"""


def make_record(student, seed):
    return SubmissionRecord(student, "graded", (), (NotebookRecord("01_setup", "graded"),), class_seed=seed)


def test_a_seed_is_drawn_once_and_its_owner_alone_may_read_it(tmp_path):
    seed = take_up_seed(tmp_path / "one", [], again="")
    assert len(seed) == 64
    assert take_up_seed(tmp_path / "one", [make_record("ann", name_seed(seed))], again="") == seed
    assert take_up_seed(tmp_path / "two", [], again="") != seed
    assert stat.S_IMODE(find_file(tmp_path / "one").stat().st_mode) == 0o600
    assert os.listdir(tmp_path / "one" / "grading") == ["class_seed.json"]
    assert seed not in name_seed(seed)


def test_what_a_killed_writer_left_is_written_over(tmp_path):
    left = find_file(tmp_path).with_name(".class_seed.json.tmp")
    left.parent.mkdir()
    left.write_text('{"class_')
    left.chmod(0o666)
    keep_seed(tmp_path, "seed")
    assert read_seed(tmp_path) == "seed" and not left.exists()
    assert stat.S_IMODE(find_file(tmp_path).stat().st_mode) == 0o600


def test_records_of_earlier_versions_name_no_seed(tmp_path):
    seed = take_up_seed(tmp_path, [make_record("ann", "")], again="")
    assert take_up_seed(tmp_path, [make_record("ann", "")], again="") == seed


@pytest.mark.parametrize("text", ["", "{}", '{"class_seed": ""}', '{"class_seed": 7}', '["class_seed"]', "\x00\xff"])
def test_a_damaged_seed_is_refused_unless_everybody_is_graded_again(tmp_path, text):
    take_up_seed(tmp_path, [], again="")
    find_file(tmp_path).write_text(text, encoding="latin-1")
    for again in ("", "describe_photo"):
        with pytest.raises(SeedError, match=r"class_seed.json holds no class seed.*AGAIN=all"):
            take_up_seed(tmp_path, [], again=again)
    seed = take_up_seed(tmp_path, [make_record("ann", "another")], again="all")
    assert read_seed(tmp_path) == seed


@pytest.mark.parametrize("again", ["", "describe_photo"])
def test_nobody_is_graded_by_another_seed_than_the_rest(tmp_path, again):
    judged = [make_record(student, name_seed("lost")) for student in ("ann", "ben", "cleo", "dan")]
    with pytest.raises(SeedError, match=r"class_seed.json is gone.*AGAIN=all"):
        take_up_seed(tmp_path, judged, again=again)
    assert not find_file(tmp_path).exists()
    keep_seed(tmp_path, "other")
    with pytest.raises(SeedError, match=r"another seed than 4 of the class .*\(ann, ben, cleo, \.\.\.\).*AGAIN=all"):
        take_up_seed(tmp_path, judged, again=again)
    assert read_seed(tmp_path) == "other"
    assert take_up_seed(tmp_path, judged, again="all") == "other"


class Course:
    """A small class, one of whose hidden checks draws a number."""

    def __init__(self, folder, name) -> None:
        self.exercise, self.handed_in, self.course = folder / "exercise", folder / "handed_in", folder / name

    def grade(self, *more) -> int:
        arguments = ["--course", str(self.course), "--source", str(self.exercise), "--workers", "1", "--no-feedback"]
        return grade([str(self.handed_in), *arguments, *more])

    def read_records(self):
        return read_records(CourseAssignment(self.course).records)

    def list_asked(self):
        """Return the hashes of what the check asked of each student."""
        kept = {
            student: read_questions(CourseAssignment(self.course), student, "01_setup") for student in ("ann", "ben")
        }
        return {student: [one.question for one in found[CHECK].exchanges] for student, found in kept.items()}

    def explain(self) -> int:
        return explain(["ann", "describe_photo", "--course", str(self.course), "--source", str(self.exercise)])


@pytest.fixture(scope="module")
def folder(tmp_path_factory, fork_server):
    folder = tmp_path_factory.mktemp("kept-seed")
    cells = [(name, points, DRAWN if name == CHECK else source) for name, points, source in NOTEBOOKS["01_setup"]]
    write_exercise(folder / "exercise", NOTEBOOKS | {"01_setup": cells})
    for student in ("ann", "ben"):
        write_submission(folder / "handed_in" / student, folder / "exercise", ANSWERS)
    with share_server(fork_server):
        yield folder


@pytest.fixture(scope="module")
def course(folder):
    course = Course(folder, "course")
    assert course.grade() == 0
    return course


@needs_linux
def test_everybody_is_asked_the_same_and_again_the_same(course, capsys):
    asked, seed = course.list_asked(), read_seed(course.course)
    assert asked["ann"] == asked["ben"]
    assert {record.class_seed for record in course.read_records().values()} == {name_seed(seed)}
    for again in ("describe_photo", "all"):
        assert course.grade("--again", again) == 0
        assert course.list_asked() == asked
    assert "were judged by what their answers gave before" in capsys.readouterr().out
    assert course.explain() == 0
    assert f"{CHECK}: 1 of 1 points" in capsys.readouterr().out
    assert read_seed(course.course) == seed


@needs_linux
def test_another_class_is_asked_something_else(folder, course):
    other = Course(folder, "other")
    assert other.grade() == 0
    assert read_seed(other.course) != read_seed(course.course)
    assert other.list_asked() != course.list_asked()


@needs_linux
def test_without_its_seed_a_class_is_not_graded_in_silence(folder, capsys):
    course = Course(folder, "lost")
    assert course.grade() == 0
    asked, records = course.list_asked(), course.read_records()
    find_file(course.course).unlink()
    write_submission(folder / "handed_in" / "ben", course.exercise, ANSWERS | {"top_k": "top_k = print"})
    for more in ([], ["--again", "describe_photo"]):
        assert course.grade(*more) == 2
        assert "class_seed.json is gone" in capsys.readouterr().err
    assert course.explain() == 2
    assert "class_seed.json is gone" in capsys.readouterr().err
    assert course.read_records() == records and not find_file(course.course).exists()
    assert course.grade("--again", "all") == 0
    assert course.list_asked().keys() == asked.keys() and course.list_asked() != asked
    names = {record.class_seed for record in course.read_records().values()}
    assert names == {name_seed(read_seed(course.course))}


@needs_linux
def test_a_run_with_another_seed_that_was_ended_early_begins_anew(folder, monkeypatch, capsys):
    course = Course(folder, "ended")
    assert course.grade() == 0
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(grade_class, "describe_record", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        course.grade("--again", "all")
    keep_seed(course.course, "another")
    assert course.grade() == 2
    assert "holds another seed than 2 of the class" in capsys.readouterr().err
    assert course.grade("--again", "all") == 0
    assert {record.class_seed for record in course.read_records().values()} == {name_seed("another")}


@needs_linux
def test_the_seed_stands_nowhere_but_in_its_file(folder, course):
    seed, told = read_seed(course.course), []
    for path in course.course.rglob("*"):
        if path.is_file() and path != find_file(course.course) and seed.encode() in path.read_bytes():
            told.append(path)
    assert told == []
    assert json.loads(find_file(course.course).read_text()) == {"class_seed": seed}
    assert seed != NO_CLASS
