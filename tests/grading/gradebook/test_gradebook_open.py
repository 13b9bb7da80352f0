"""A course's gradebook when it is new, and what starting the grader does without because it takes seconds."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from nbgrader.api import Gradebook, get_alembic_version
from sqlalchemy import create_engine, text

from helpers.grading.exports.write import write_exports
from helpers.grading.feedback.write import write_feedback
from helpers.grading.gradebook.indexes import add_indexes
from helpers.grading.gradebook.open import get_db_url, open_course, open_gradebook, stamp_gradebook
from helpers.grading.gradebook.points import read_class_points
from helpers.grading.notebooks.assignment import CourseAssignment
from helpers.grading.report.write import write_report
from tests.support.graded_course import make_course


def read_version(course: Path) -> str:
    with create_engine(get_db_url(course)).connect() as connection:
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one()


def test_a_new_gradebook_has_the_version_that_nbgrader_would_give_it(tmp_path, monkeypatch):
    stamp_gradebook(tmp_path)
    with monkeypatch.context() as patch:
        patch.delattr("nbgrader.api.get_alembic_version")  # what calls it fails
        with Gradebook(get_db_url(tmp_path)) as gradebook:
            gradebook.add_student("ada")
    monkeypatch.setenv("PATH", str(Path(sys.executable).parent), prepend=os.pathsep)
    assert read_version(tmp_path) == get_alembic_version()


def test_a_gradebook_of_another_version_keeps_it(tmp_path):
    stamp_gradebook(tmp_path)
    with create_engine(get_db_url(tmp_path)).begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'earlier'"))
    stamp_gradebook(tmp_path)
    assert read_version(tmp_path) == "earlier"


def test_one_student_s_cells_are_found_without_reading_those_of_the_class(tmp_path):
    stamp_gradebook(tmp_path)
    queries = (
        "SELECT * FROM grade WHERE notebook_id = 'x'",
        "SELECT * FROM comment WHERE notebook_id = 'x'",
        "SELECT * FROM submitted_notebook WHERE assignment_id = 'x'",
    )
    with open_gradebook(tmp_path) as gradebook:
        for _ in range(2):  # also where they are there already
            add_indexes(gradebook)
        plans = [gradebook.db.execute(text(f"EXPLAIN QUERY PLAN {query}")).all() for query in queries]
    assert [[row.detail.split()[0] for row in plan] for plan in plans] == [["SEARCH"]] * 3


def test_those_who_read_a_gradebook_write_nothing_into_it(tmp_path):
    """Several processes do so at once, and each would add a course of another name."""
    course = make_course(tmp_path)
    before = (course / "gradebook.db").read_bytes()
    write_feedback(CourseAssignment(course), ["ada", "bob"])
    write_exports(CourseAssignment(course), [], {})
    write_report(CourseAssignment(course), [], {})
    with open_gradebook(course) as gradebook:
        read_class_points(gradebook, "exercise_01")
    assert (course / "gradebook.db").read_bytes() == before


@pytest.mark.parametrize("module", ["commands.grade", "commands.feedback", "whole_class.workers", "feedback.write"])
def test_the_grader_starts_without_torch_and_without_building_a_grammar(module):
    program = f"import sys, helpers.grading.{module}; print(*sys.modules)"
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert {"nbformat", f"helpers.grading.{module}"} <= {*result.stdout.split()}
    assert not {"torch", "lark", "rfc3987_syntax.syntax_helpers"} & {*result.stdout.split()}


def test_a_course_has_its_own_folders_wherever_the_command_was_started(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # no solutions/ here
    directories = open_course(tmp_path / "course").config.CourseDirectory
    assert (directories.source_directory, directories.release_directory) == ("solutions", "notebooks")
