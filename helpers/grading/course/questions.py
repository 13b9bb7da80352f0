"""What was asked of a student's answers and what came back, kept in a course: a file for each notebook."""

from collections.abc import Mapping
from pathlib import Path

from helpers.grading.files.whole_files import write_whole
from helpers.grading.judge.transcript import Transcript, unpack_transcripts
from helpers.grading.notebooks.assignment import CourseAssignment
from helpers.line.kinds import LineFault


def find_file(assignment: CourseAssignment, student: str, notebook: str) -> Path:
    """Return where the questions of a student's notebook are kept."""
    return assignment.kept / "questions" / student / f"{notebook}.bin"


def write_questions(assignment: CourseAssignment, student: str, questions: Mapping[str, bytes]) -> None:
    """Keep what was asked, each file whole or not at all; an empty one removes what was kept before."""
    for notebook, data in questions.items():
        write_whole(find_file(assignment, student, notebook), data)


def read_questions(assignment: CourseAssignment, student: str, notebook: str) -> dict[str, Transcript]:
    """Return the transcripts of a notebook's checks by grade id; none if nothing that can be read was kept."""
    try:
        return unpack_transcripts(find_file(assignment, student, notebook).read_bytes())
    except (OSError, LineFault):
        return {}
