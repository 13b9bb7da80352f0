"""Which assignments a command is for: the one that is named, or else all that the repository has."""

import argparse

from helpers.grading.notebooks.assignment import list_assignments
from helpers.grading.notebooks.paths import ROOT


def add_assignments(parser: argparse.ArgumentParser) -> None:
    """Add the option that names one; `assignments` is then a list of one, and without it of all."""
    everything = list_assignments(ROOT)

    def read(name: str) -> list[str]:
        if name not in everything:
            raise argparse.ArgumentTypeError(f"there is no {name!r}; choose from: {', '.join(everything)}")
        return [name]

    about = "one alone, such as exercise_01 (default: all)"
    parser.add_argument("--assignment", dest="assignments", metavar="NAME", default=everything, type=read, help=about)
