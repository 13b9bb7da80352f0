"""nbgrader: its list of students. Its folders are named after them, and its own table is written by its own plug-in."""

from helpers.grading.lms.system import RosterFormat, System

NBGRADER = System(name="nbgrader", title="nbgrader", roster=RosterFormat(signs=frozenset({"id", "email"}), ids=("id",)))
