"""Files as browsers, phones, clouds and other systems leave them: kept where it can be, and named where it cannot."""

import json
import lzma
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest

from helpers.grading.intake.collect import collect
from helpers.grading.intake.notebooks.lost_marks import PLACE, get_grade_id
from helpers.grading.intake.notebooks.marks import read_release
from helpers.grading.notebooks.assignment import CourseAssignment
from helpers.grading.notebooks.paths import RELEASE
from helpers.grading.records import Submission
from tests.support.handed_in import (
    add_answer,
    list_files,
    pack_tar,
    pack_zip,
    read_released,
    write_files,
)

FOUR = "04_inference.ipynb"
RELEASED = json.loads((RELEASE / FOUR).read_bytes())
WRITTEN = [
    cell["id"] for cell in RELEASED["cells"] if cell["cell_type"] == "markdown" and "nbgrader" in cell["metadata"]
]


@pytest.fixture(scope="module")
def mine() -> bytes:
    return read_released("04_inference", add_answer("mine"))


@pytest.fixture
def take(tmp_path, release):
    """Return a function that takes in one student's files and gives the submission."""

    def take(files: dict[str, bytes]) -> Submission:
        folder = write_files(tmp_path / "class", {f"s1/{name}": data for name, data in files.items()})
        (submission,) = collect(folder, CourseAssignment(tmp_path / "course"), release=release).submissions
        return submission

    return take


def read(submission: Submission) -> nbformat.NotebookNode:
    return nbformat.read(Path(submission.folder) / FOUR, as_version=4)


class TestNames:
    @pytest.mark.parametrize(
        "name", [f"{FOUR}.json", f"{FOUR}.txt", "04_inference.json", "04_inference", "work", f"{FOUR} ", "A.IPYNB.TXT"]
    )  # fmt: skip
    def test_a_notebook_is_one_whatever_it_is_called(self, take, mine, name):
        submission = take({name: mine, "own.py": b"x = 1", "data.json": b'{"a": 1}', "LICENSE": b"text"})
        assert list_files(Path(submission.folder)) == {FOUR, "own.py", "data.json", "LICENSE"}
        assert read(submission).cells[-1].source == "mine"
        assert submission.problems == ()

    def test_what_only_begins_like_a_notebook_stays_a_file(self, take, mine):
        submission = take({FOUR: mine, "table.json": b'{"cells": [1, 2]}'})
        assert list_files(Path(submission.folder)) == {FOUR, "table.json"}
        assert submission.problems == ()

    @pytest.mark.parametrize("name", [f"exercise_01\\{FOUR}", f"exercise_01\\work\\{FOUR}"])
    def test_backslashes_in_a_zip_lead_into_folders(self, take, mine, name):
        assert list_files(Path(take({"x.zip": pack_zip({name: mine})}).folder)) == {FOUR}


class TestTraces:
    @pytest.mark.parametrize(
        ("name", "words"),
        [
            (".04_inference.ipynb.icloud", "stands in iCloud, and only its place was handed in"),
            (".ipynb_checkpoints/04_inference-checkpoint.ipynb", "is a checkpoint copy that Jupyter makes"),
        ],
    )
    @pytest.mark.parametrize("packed", [False, True])
    def test_only_a_trace_is_unreadable_with_what_to_ask_for(self, take, mine, name, words, packed):
        data = mine if "checkpoint" in name else b"bplist00"
        submission = take({"work.zip": pack_zip({name: data})} if packed else {name: data})
        assert submission.folder is None
        assert len(submission.problems) == 1 and words in submission.problems[0]
        assert "ask for" in submission.problems[0]

    def test_beside_the_notebook_it_is_nothing(self, take, mine):
        submission = take({FOUR: mine, f".ipynb_checkpoints/{FOUR}": mine, f".{FOUR}.icloud": b"x"})
        assert list_files(Path(submission.folder)) == {FOUR}
        assert submission.problems == ()


class TestArchives:
    @pytest.mark.parametrize("name", ["work.tar.xz", "work.txz"])
    def test_xz_is_as_gz(self, take, mine, name):
        assert read(take({name: pack_tar({FOUR: mine}, mode="w:xz")})).cells[-1].source == "mine"

    @pytest.mark.parametrize("data", [b"", b"nonsense", lzma.compress(b"x" * 5_000), lzma.compress(b"y" * 9_000)[:60]])
    def test_a_broken_one_is_named(self, take, mine, data):
        submission = take({FOUR: mine, "work.tar.xz": data})
        assert len(submission.problems) == 1 and submission.problems[0].startswith("work.tar.xz is ")

    def test_one_that_swells_is_refused(self, take, mine):
        data = pack_tar({FOUR: mine, "zeros": bytes(40_000_000)}, mode="w:xz")
        assert take({"work.tar.xz": data}).problems[0].startswith("work.tar.xz swells")

    def test_one_that_wants_much_memory_is_refused(self, take, mine):
        tar = pack_tar({FOUR: mine}, mode="w")
        filters = [{"id": lzma.FILTER_LZMA2, "preset": 6, "dict_size": 1 << 29}]
        data = lzma.compress(tar, filters=filters)
        assert take({"work.tar.xz": data}).problems[0].startswith("work.tar.xz is damaged")

    @pytest.mark.parametrize("name", ["work.7z", "work.rar"])
    def test_others_stay_refused_by_name(self, take, mine, name):
        assert take({FOUR: mine, name: b"x"}).problems[0].startswith(f"{name} is an archive of a kind")


class TestContents:
    def test_a_nan_costs_its_output_alone(self, take):
        def add(notebook: dict) -> None:
            add_answer("mine")(notebook)
            data = {"application/vnd.plotly.v1+json": {"y": [1.0, float("nan")]}}
            output = {"output_type": "display_data", "data": data, "metadata": {}}
            notebook["cells"][-1]["outputs"] = [output, {"output_type": "stream", "name": "stdout", "text": "kept"}]

        submission = take({FOUR: read_released("04_inference", add)})
        assert [output.text for output in read(submission).cells[-1].outputs] == ["kept"]
        assert "holds 1 outputs that were left out" in submission.problems[0]

    def test_a_cell_of_unknown_kind_becomes_text(self, take):
        def add(notebook: dict) -> None:
            notebook["cells"] += [{"cell_type": "sql", "metadata": {}, "source": "SELECT 1"}, None]

        submission = take({FOUR: read_released("04_inference", add)})
        assert (read(submission).cells[-1].cell_type, read(submission).cells[-1].source) == ("raw", "SELECT 1")
        assert "holds 2 cells of no known kind" in submission.problems[0]


class TestLostMarks:
    """What Kaggle, and cutting and pasting, leave of a notebook: no ids, and no data of nbgrader's."""

    def strip(self, change: Callable[[list[dict]], None] = lambda cells: None) -> bytes:
        def strip(notebook: dict) -> None:
            change(notebook["cells"])
            for cell in notebook["cells"]:
                cell["metadata"] = {"trusted": True}
                cell.pop("id")

        return read_released("04_inference", strip)

    def test_everything_is_found_again(self, take):
        submission = take({"kernel7f3a.ipynb": self.strip()})
        expected = {name: get_grade_id(cell) for cell in nbformat.from_dict(RELEASED).cells if (name := cell.id)}
        assert [get_grade_id(cell) for cell in read(submission).cells] == list(expected.values())
        assert submission.problems == (
            "kernel7f3a.ipynb came without the data by which answers are found; they were found again by their texts.",
        )

    def test_written_answers_are_found_by_what_stands_around_them(self, take):
        def answer(cells: list[dict]) -> None:
            place = next(place for place, cell in enumerate(cells) if cell["id"] == WRITTEN[0])
            cells[place]["source"] = "Because of the first thing."
            cells.insert(place + 1, dict(cells[place], id="more", source="And of the second."))

        cells = {get_grade_id(cell): cell for cell in read(take({FOUR: self.strip(answer)})).cells}
        assert cells[WRITTEN[0]].source == "Because of the first thing.\n\nAnd of the second."

    def test_a_written_answer_that_cannot_be_found_waits_for_a_person(self, take):
        def remove(cells: list[dict]) -> None:
            cells[:] = [cell for cell in cells if cell["id"] != WRITTEN[0]]

        submission = take({FOUR: self.strip(remove)})
        cells = {get_grade_id(cell): cell for cell in read(submission).cells}
        assert cells[WRITTEN[0]].source == PLACE  # which is not the stub, and so not an empty answer
        assert WRITTEN[0] in submission.problems[-1] and "look for it there" in submission.problems[-1]

    def test_one_answer_that_lost_its_data_is_found_by_its_id(self, take):
        answers = [cell["id"] for cell in RELEASED["cells"] if cell["metadata"].get("nbgrader", {}).get("solution")]

        def strip(notebook: dict) -> None:
            for cell in notebook["cells"]:
                if cell["id"] == answers[0]:
                    cell["metadata"] = {}

        assert answers[0] in {
            get_grade_id(cell) for cell in read(take({FOUR: read_released("04_inference", strip)})).cells
        }

    def test_a_notebook_that_lost_nothing_is_as_it_came(self, take):
        data = read_released("04_inference")
        assert take({FOUR: data}).problems == ()


def test_the_released_notebooks_have_written_answers(release):
    assert WRITTEN and {one.name for one in read_release(release)} == {"03_preprocessing", "04_inference"}
