"""The solution's app: written by the notebook, tested as a module and as a program, and never handed out."""

import importlib.util
import os
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook
from helpers.grading.notebooks.assignment import CourseAssignment
from tests.support.notebook_cells import read_cells

from helpers import images
from helpers.checks.app.pretend_models import Loads, PretendModel, write_photos
from helpers.checks.app.stand_ins import replace_loader
from helpers.grading.gradebook.open import open_course, run_step
from helpers.grading.intake.collect import collect
from helpers.grading.notebooks.paths import ASSIGNMENT, SOLUTIONS
from helpers.programs import write_program

APP = SOLUTIONS / "image_classifier.py"
NOTEBOOK = SOLUTIONS / "07_app.ipynb"
COFFEE = images.sample_photos()["coffee"].path
HEADING = re.compile(r"Top (\d+) Predictions \(inference: \d+\.\d\dms\):")
LETTERS = PretendModel(
    labels=[f"letter {letter}" for letter in "abcdefghijkl"],
    shares={colour: [(number + 1) / 78 for number in range(12)] for colour in ("red", "green", "blue")},
)


@pytest.fixture(scope="module")
def app():
    spec = importlib.util.spec_from_file_location("solution_image_classifier", APP)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def code_cells():
    return [cell for cell in read_cells(NOTEBOOK) if cell.cell_type == "code"]


def test_the_file_is_what_the_notebook_writes(tmp_path):
    written = write_program(tmp_path / APP.name, cells=[cell.source for cell in code_cells()])
    assert written.read_text(encoding="utf-8") == APP.read_text(encoding="utf-8")
    shown = next(place for place, cell in enumerate(code_cells()) if cell.id == "write-program")
    core = write_program(tmp_path / APP.name, cells=[cell.source for cell in code_cells()[:shown]])
    assert code_cells()[shown].outputs[0].text.strip() == core.read_text(encoding="utf-8").strip()


def test_the_notebooks_own_test_passes(app):
    namespace = {}
    exec(next(cell.source for cell in code_cells() if cell.id == "validation-test"), namespace)
    namespace["test_classifier"](app.ImageClassifier, COFFEE)


def test_the_notebooks_own_test_notices_faults(app):
    namespace = {}
    exec(next(cell.source for cell in code_cells() if cell.id == "validation-test"), namespace)

    class Turned(app.ImageClassifier):
        def predict(self, path, top_k=5):
            results, inference_ms = super().predict(path, top_k)
            return results[::-1], inference_ms

    with pytest.raises(AssertionError, match="best class must come first"):
        namespace["test_classifier"](Turned, COFFEE)


def test_predictions_are_those_of_the_embedded_model(app):
    results, inference_ms = app.ImageClassifier("efficientnet_lite0", "cpu").predict(COFFEE, top_k=2)
    assert [(result["class"], result["class_id"]) for result in results] == [("espresso", 967), ("cup", 968)]
    assert results[0]["probability"] == pytest.approx(0.951, abs=0.002)
    assert inference_ms > 0


@pytest.mark.parametrize(
    ("options", "model", "lines"),
    [
        ([], "resnet50", 5),
        (["--model", "resnet18"], "resnet18", 5),
        (["--device", "cpu"], "resnet50", 5),
        (["--top-k", "10"], "resnet50", 10),
    ],
)
def test_the_usual_command_lines_work(app, tmp_path, capsys, options, model, lines):
    photo = write_photos(tmp_path)["red"]
    loads = Loads({model: LETTERS})
    with replace_loader(loads.load):
        assert app.main([str(photo), *options]) == 0
    assert loads.names == [model]
    heading, *rows = capsys.readouterr().out.splitlines()
    assert HEADING.fullmatch(heading)[1] == str(lines)
    assert rows[0] == f"  1. {'letter l':<30}  15.38%"
    assert len(rows) == lines


def run_app(*words, **environment):
    command = [sys.executable, str(APP), *map(str, words)]
    surroundings = os.environ | {"OMP_NUM_THREADS": "1"} | environment
    return subprocess.run(command, capture_output=True, text=True, env=surroundings, timeout=300)


def test_it_runs_as_a_program():
    run = run_app(COFFEE, "--model", "efficientnet_lite0", "--top-k", "3")
    assert (run.returncode, run.stderr) == (0, "")
    heading, *rows = run.stdout.splitlines()
    assert HEADING.fullmatch(heading)[1] == "3"
    assert [row.split("  ")[1] for row in rows] == ["1. espresso", "2. cup", "3. consomme"]


@pytest.mark.parametrize(
    ("words", "explanation"),
    [
        (["{folder}/notes.txt", "--model", "efficientnet_lite0"], "is not a JPEG"),
        ([COFFEE], "The trained weights of resnet50 are not on this computer"),
    ],
)
def test_an_error_is_one_line_and_exit_code_2(tmp_path, words, explanation):
    (tmp_path / "notes.txt").write_text("no photo")
    words = [str(word).format(folder=tmp_path) for word in words]
    nowhere = "http://127.0.0.1:9/weights"  # a port at which nobody listens
    run = run_app(*words, TORCH_HOME=str(tmp_path), EXERCISE_WEIGHTS_MIRROR=nowhere)
    assert (run.returncode, run.stdout) == (2, "")
    assert run.stderr.startswith("error: ") and run.stderr.count("\n") == 1
    assert explanation in run.stderr


@pytest.mark.parametrize(
    ("words", "explanation"),
    [
        (["{folder}", "--model", "efficientnet_lite0"], "is a folder"),
        (["{folder}/dgo.jpg", "--model", "efficientnet_lite0"], "There is no file"),
        ([COFFEE, "--device", "cuda:99"], "'cuda:99' is not available here"),
        ([COFFEE, "--model", "resnet5"], "The nearest names are resnet50"),
        ([COFFEE, "--model", "efficientnet_lite0", "--device", "gpu"], "did you mean 'cuda'?"),
        ([COFFEE, "--model", "efficientnet_lite0", "--top-k", "0"], "between 1 and 1000"),
        ([COFFEE, "--model", "efficientnet_lite0", "--top-k", "1001"], "between 1 and 1000"),
    ],
)
def test_other_errors_are_one_line_too(app, tmp_path, capsys, words, explanation):
    assert app.main([str(word).format(folder=tmp_path) for word in words]) == 2
    captured = capsys.readouterr()
    assert captured.out == "" and captured.err.count("\n") == 1
    assert explanation in captured.err


def test_a_word_for_a_number_is_refused(app, capsys):
    with pytest.raises(SystemExit) as stop:
        app.main([str(COFFEE), "--top-k", "three"])
    assert stop.value.code == 2
    assert "invalid int value: 'three'" in capsys.readouterr().err


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A course of one small notebook whose solution has a program beside it; a student handed both in."""
    root = tmp_path_factory.mktemp("course")
    meta = {"grade": True, "grade_id": "one", "locked": True, "points": 1, "schema_version": 3, "solution": False}
    cells = [
        new_code_cell("from pathlib import Path\nprint(Path('image_classifier.py').exists())"),
        new_code_cell("assert True", metadata={"nbgrader": meta | {"task": False}}),
    ]
    source = root / "solutions" / ASSIGNMENT
    handed_in = root / "handed_in" / "student"
    for folder, text in ((source, "secret = 'instructor'"), (handed_in, "secret = 'student'")):
        folder.mkdir(parents=True)
        nbformat.write(new_notebook(cells=cells), folder / "small.ipynb")
        (folder / "image_classifier.py").write_text(text)
    api = open_course(root)
    run_step(api.generate_assignment, ASSIGNMENT, force=True, create=True)
    collect(root / "handed_in", CourseAssignment(root), release=root / "notebooks" / ASSIGNMENT)
    return root


def list_files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def test_the_solution_is_not_released(course):
    assert list_files(course / "notebooks") == ["small.ipynb"]


def test_grading_sees_the_students_program_and_never_the_solution(course):
    """The notebook writes the program anew when it runs; what is beside it is the student's own."""
    taken = course / "submitted" / "student" / ASSIGNMENT / "image_classifier.py"
    assert taken.read_text() == "secret = 'student'"
