"""One assignment of a course: its name, and where in the course's folder its own files lie."""

from dataclasses import dataclass
from pathlib import Path

from helpers.grading.notebooks.paths import ASSIGNMENT


@dataclass(frozen=True)
class CourseAssignment:
    """What is handed in together, such as exercise_01, in the course whose folder is `course`.

    What the course has once for all its assignments lies in COURSE/grading itself: the seed, settings, known students.
    """

    course: Path
    name: str = ASSIGNMENT

    @property
    def title(self) -> str:
        """The name as people read it: Exercise 01."""
        return self.name.replace("_", " ").capitalize()

    @property
    def kept(self) -> Path:
        """The folder of everything that grading keeps of it."""
        return Path(self.course) / "grading" / self.name

    @property
    def records(self) -> Path:
        """The folder of its records, a file for each student."""
        return self.kept / "records"

    def find_executed(self, student: str) -> Path:
        """Return the folder of a student's executed notebooks, where nbgrader has them too."""
        return Path(self.course) / "autograded" / student / self.name

    def find_feedback(self, student: str) -> tuple[Path, Path]:
        """Return the folder of a student's pages, and the zip that holds the same."""
        feedback = Path(self.course) / "feedback"
        return feedback / student / self.name, feedback / f"{student}-{self.name}.zip"


def list_assignments(root: Path) -> list[str]:
    """Return the names of the assignments that have notebooks in `root`/solutions."""
    return sorted({path.parent.name for path in (Path(root) / "solutions").glob("*/*.ipynb")})


def list_taken_in(course: Path) -> list[CourseAssignment]:
    """Return the assignments of which a course holds what was handed in."""
    return [CourseAssignment(course, path.parent.name) for path in sorted((course / "grading").glob("*/intake.json"))]
