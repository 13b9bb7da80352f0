"""Hand an attack in as files, and let intake take it in, as it does with a whole class."""

import shutil

from helpers.grading.files.items import IntakeError
from helpers.grading.intake.collect import collect
from helpers.grading.judge.template import Template
from helpers.grading.notebooks.assignment import CourseAssignment
from helpers.grading.records import Submission
from tests.hostile.attacks import Attack, Handin
from tests.hostile.exercise import fill_in
from tests.hostile.surroundings import Surroundings


def take_in(attack: Attack, around: Surroundings, template: Template) -> Submission | None:
    """Return what intake makes of the attack; None if it takes in nobody but the neighbour."""
    top = around.folder / "handed-in"
    shutil.rmtree(top, ignore_errors=True)
    (top / "attacker").mkdir(parents=True)
    attack.write(Handin(top, top / "attacker", template, fill_in(template), around))
    try:
        intake = collect(top, CourseAssignment(around.course))
    except IntakeError:
        return None
    finally:
        shutil.rmtree(top)
    return next((submission for submission in intake.submissions if submission.student != "neighbour"), None)
