"""The options of commands that take in a class: what was handed in, and the lists that go with it."""

import argparse
from pathlib import Path

from helpers.grading.intake.lists import Lists
from helpers.grading.notebooks.paths import ROOT


def add_intake_options(parser: argparse.ArgumentParser) -> None:
    """Add the options that say whose work it is, and when it is due."""
    add = parser.add_argument
    add("--assignment", default="", metavar="NAME", help="which one was handed in, such as exercise_02")
    add("--roster", type=Path, help="CSV of all students, as an LMS or nbgrader writes it")
    add("--course", type=Path, default=ROOT, help="folder of the gradebook (default: this repository)")
    add("--source", type=Path, default=ROOT, help="folder with solutions/ and notebooks/ (default: this repository)")
    add("--due", default="", help='for the late policy, such as "2026-12-01 23:59 Europe/Berlin"')
    add("--zone", default="", help="time zone of the times that an LMS writes, such as Europe/Berlin; it is kept")
    add("--teams", type=Path, help="CSV with the columns team and student: each member gets the team's result")
    add("--map", type=Path, help="CSV with the columns file and student, for systems that are not known; * is anything")
    words = 'of a roster that is not recognised: "id=...,name=..." (number, first, ...)'
    add("--roster-columns", default="", help=words)
    add("--same-class", action="store_true", help="take a roster on which most of the students so far are not")


def make_lists(options: argparse.Namespace) -> Lists:
    """Return the lists that the options name."""
    return Lists(
        roster=options.roster,
        columns=options.roster_columns,
        teams=options.teams,
        map=options.map,
        zone=options.zone,
        is_same_class=options.same_class,
    )
