"""Renew what is derived from the solution notebooks: their stored outputs, and the release.

python -m helpers.grading.commands.refresh            all notebooks
python -m helpers.grading.commands.refresh 03         those whose name starts so
"""

import argparse
import sys

from nbclient.exceptions import CellExecutionError
from tqdm import tqdm

from helpers.grading.commands.release import release_notebooks
from helpers.grading.commands.which_assignment import add_assignments
from helpers.grading.notebooks.canonical_form import write_notebook
from helpers.grading.notebooks.execute import execute_notebook
from helpers.grading.notebooks.paths import ROOT, list_notebooks


def refresh_outputs(assignment: str, prefix: str = "") -> None:
    """Execute an assignment's solution notebooks whose name starts with `prefix`, and store their outputs."""
    paths = [path for path in list_notebooks(ROOT / "solutions" / assignment) if path.name.startswith(prefix)]
    for path in tqdm(paths, desc="Executing", unit="notebook", file=sys.stdout):
        write_notebook(execute_notebook(path), path)


def main(argv: list[str] | None = None) -> int:
    """Refresh outputs, then the release; exit code 1 names the notebook and cell that failed."""
    parser = argparse.ArgumentParser(
        prog="python -m helpers.grading.commands.refresh", description=__doc__.split("\n")[0]
    )
    parser.add_argument("prefix", nargs="?", default="", help="first characters of the notebooks' names")
    add_assignments(parser)
    arguments = parser.parse_args(argv)
    try:
        for assignment in arguments.assignments:
            refresh_outputs(assignment, arguments.prefix)
    except CellExecutionError as error:
        print(f"A cell failed; its notebook was left as it was.\n{error}", file=sys.stderr)
        return 1
    for assignment in arguments.assignments:
        release_notebooks(assignment)
    return 0


if __name__ == "__main__":
    sys.exit(main())
