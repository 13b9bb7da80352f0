"""Execute all solution notebooks headlessly into build/executed/ASSIGNMENT, as notebooks and as HTML pages.

python -m helpers.grading.commands.run
"""

import sys
from pathlib import Path

import nbformat
from nbclient.exceptions import CellExecutionError
from nbconvert import HTMLExporter
from tqdm import tqdm

from helpers.grading.notebooks.assignment import list_assignments
from helpers.grading.notebooks.execute import execute_notebook
from helpers.grading.notebooks.paths import BUILD, ROOT, list_notebooks


def write_html(notebook: nbformat.NotebookNode, path: Path) -> None:
    """Write an executed notebook as one self-contained HTML page."""
    resources = {"metadata": {"name": path.stem}}
    page, _ = HTMLExporter().from_notebook_node(notebook, resources=resources)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(page, encoding="utf-8")


def execute_all(target: Path = BUILD / "executed") -> list[str]:
    """Execute every solution notebook, write what came out, and return the names of those that failed."""
    failed = []
    notebooks = [path for name in list_assignments(ROOT) for path in list_notebooks(ROOT / "solutions" / name)]
    for path in tqdm(notebooks, desc="Executing", unit="notebook", file=sys.stdout):
        try:
            notebook = execute_notebook(path)
        except CellExecutionError as error:
            failed.append(path.name)
            print(f"{path.name}: a cell failed.\n{error}", file=sys.stderr)
            continue
        folder = target / path.parent.name
        write_html(notebook, folder / f"{path.stem}.html")
        nbformat.write(notebook, folder / path.name)
    return failed


def main() -> int:
    """Execute all notebooks; exit code 1 if a cell failed."""
    target = BUILD / "executed"
    failed = execute_all(target)
    print(f"Notebooks and HTML pages are in {target.relative_to(BUILD.parent)}/")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
