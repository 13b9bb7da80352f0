"""The registry: every learning management system that is known, each described in a module of its own."""

from helpers.grading.lms.blackboard import BLACKBOARD
from helpers.grading.lms.brightspace import BRIGHTSPACE
from helpers.grading.lms.canvas import CANVAS
from helpers.grading.lms.moodle import MOODLE
from helpers.grading.lms.nbgrader import NBGRADER
from helpers.grading.lms.system import System

SYSTEMS = (BRIGHTSPACE, BLACKBOARD, CANVAS, MOODLE, NBGRADER)
"""A roster that could be several systems' is the first one's; uploads are written in this order."""


def list_systems() -> tuple[System, ...]:
    """Return all systems that are registered."""
    return SYSTEMS


def find_by_name(name: str) -> System | None:
    """Return the system of a claim or a record by its name, None for a name that people gave."""
    return next((system for system in list_systems() if system.name == name), None)
