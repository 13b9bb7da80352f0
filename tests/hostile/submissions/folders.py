"""Files and folders that are more than they seem: links, pipes, modules, names that are paths."""

import os

import nbformat

from helpers.grading.records import MISSING, UNREADABLE
from tests.hostile.attacks import NOT_TAKEN_IN
from tests.hostile.exercise import NAME
from tests.hostile.submissions import folder, write_notebook

HTML = "<img src=x onerror=alert(1)>"


@folder()
def links_to_the_gradebook(handin):
    """Hands in links to files of the grader, under harmless names."""
    write_notebook(handin)
    around = handin.around
    for name, target in {"labels.txt": around.course / "gradebook.db", "photo.png": around.home / ".netrc"}.items():
        (handin.folder / name).symlink_to(target)


@folder(statuses=(UNREADABLE, MISSING), points=0)
def links_the_notebook(handin):
    """The notebook itself is a link to the solutions."""
    (handin.folder / f"{NAME}.ipynb").symlink_to(handin.around.solution)


@folder()
def links_a_folder(handin):
    """A folder in the submission, and one beside it, is a link to the solutions' folder."""
    write_notebook(handin)
    (handin.folder / "data").symlink_to(handin.around.solution.parent)
    (handin.top / "somebody").symlink_to(handin.around.course)


@folder()
def hands_in_pipes_and_devices(handin):
    """Files that wait for ever when they are opened, and devices that never end."""
    write_notebook(handin)
    os.mkfifo(handin.folder / "pipe.txt")
    os.mkfifo(handin.folder / "02_loading.ipynb")
    (handin.folder / "zero").symlink_to("/dev/zero")


@folder()
def shadows_modules(handin):
    """Brings modules with the names of those that checks import, and start-up files."""
    write_notebook(handin)
    code = f"print({handin.around.worked!r}, 'be imported in place of a module')"
    names = ("numpy", "torch", "json", "PIL/__init__", "helpers/__init__", "helpers/checks/report", "IPython/__init__")
    for name in (*names, "sitecustomize", "usercustomize", "encodings/__init__", "typing"):
        path = handin.folder / f"{name}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(code, encoding="utf-8")
    (handin.folder / "conda.pth").write_text(f"import os; {code}", encoding="utf-8")


@folder(points=None)
def is_named_like_a_path(handin):
    """Students whose names are paths, or end other people's names."""
    write_notebook(handin)
    handin.folder.rename(handin.top / "..%2f..%2fneighbour")
    for name in (
        "..",
        "...",
        "-rf",
        "~root",
        "neighbour.",
        "Neighbour ",
        "neighbour\n",
        "a" * 250,
        "con",
        "\u202egnp.txt",
    ):
        if not (handin.top / name).exists():
            (handin.top / name).mkdir()
            nbformat.write(handin.notebook, handin.top / name / f"{NAME}.ipynb")


@folder()
def is_named_like_a_page(handin):
    """A student, a file and a folder whose names are HTML."""
    write_notebook(handin)
    (handin.folder / f"{HTML}.7z").write_bytes(b"")
    (handin.folder / HTML).mkdir()
    (handin.folder / HTML / f"{HTML}.ipynb").write_text("[]", encoding="utf-8")
    handin.folder.rename(handin.top / HTML)


@folder()
def hands_in_too_many_files(handin):
    """5,000 small files, in folders that are 200 deep."""
    write_notebook(handin)
    for number in range(5_000):
        (handin.folder / f"{number}.txt").write_bytes(b"")
    (handin.folder / "/".join(["d"] * 200)).mkdir(parents=True)


@folder(statuses=(UNREADABLE, MISSING, NOT_TAKEN_IN), points=0)
def comes_in_a_folder_named_notebook(handin):
    """A folder with the name of the notebook."""
    (handin.folder / f"{NAME}.ipynb").mkdir()
    (handin.folder / f"{NAME}.ipynb" / "x.txt").write_text("x", encoding="utf-8")
