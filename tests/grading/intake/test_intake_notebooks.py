"""Reading notebooks that nobody vouches for, and telling which of the exercise's they are."""

import json

import nbformat
import pytest

from helpers.grading.files.items import Refused
from helpers.grading.intake.notebooks.marks import find_released, read_release
from helpers.grading.intake.notebooks.notebook_files import parse_notebook, write_notebook
from helpers.grading.notebooks.paths import RELEASE, list_notebooks
from tests.support.handed_in import NAMES, add_answer, read_released, write_release

CELL = {"cell_type": "code", "id": "a", "metadata": {}, "source": "1", "outputs": [], "execution_count": None}


def dump(**changes) -> bytes:
    notebook = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [dict(CELL)]} | changes
    return json.dumps(notebook).encode()


def dump_cell(**changes) -> bytes:
    return dump(cells=[CELL | changes])


@pytest.fixture(scope="module")
def released(tmp_path_factory):
    return read_release(write_release(tmp_path_factory.mktemp("release")))


class TestParsing:
    @pytest.mark.parametrize("path", list_notebooks(RELEASE), ids=lambda path: path.stem)
    def test_a_released_notebook_stays_as_it_is(self, path):
        assert write_notebook(parse_notebook(path.read_bytes())) == path.read_bytes()

    @pytest.mark.parametrize(
        ("data", "reason"),
        [
            (b"", "is empty (0 bytes)"),
            (b" \n", "is empty (2 bytes)"),
            (b"not json", "is not valid JSON (line 1)"),
            (dump()[:-40], "is not valid JSON"),
            (b"\xff\xfe\x00", "is not UTF-8 text"),
            (b"[]", "is not a notebook"),
            (b"{}", "is not a notebook"),
            (b'{"nbformat": "4"}', "is not a notebook"),
            (b'{"nbformat": true}', "is not a notebook"),
            (b"[" * 200_000, "is nested too deep"),
            (b'{"nbformat": 4, "cells":' + b"[" * 60 + b"]" * 60 + b"}", "is nested too deep"),
            (b"[]," * 1_000_001, "holds far more than a notebook does"),
            (b'{"nbformat": 4, "x": ' + b"9" * 5_000 + b"}", "is not valid JSON"),
            (dump(nbformat=9), "is of notebook format 9"),
            (dump(nbformat=-1), "is of notebook format -1"),
            (dump(nbformat=3), "is of notebook format 3"),
            (dump(nbformat=3, worksheets=7), "is of notebook format 3"),
            (dump(metadata=[]), "has metadata that are no object"),
            (dump(cells={}), "has no list of cells"),
            (dump(cells=None), "has no list of cells"),
            (dump(cells=[CELL] * 2_001), "has 2,001 cells"),
            (dump_cell(source=5), "has a cell whose source is no text"),
            (dump_cell(source=[1]), "has a cell whose source is no text"),
            (dump_cell(source=None), "has a cell whose source is no text"),
            (dump_cell(metadata=[]), "has a cell whose metadata are no object"),
        ],
    )
    def test_what_is_refused(self, data, reason):
        with pytest.raises(Refused) as raised:
            write_notebook(parse_notebook(data))
        assert str(raised.value).startswith(reason)

    @pytest.mark.parametrize(
        "data",
        [
            b"\xef\xbb\xbf" + dump(),
            dump(nbformat_minor=99, future="x"),
            dump_cell(extra=1),
            dump_cell(outputs=5),
            dump_cell(outputs=[{"output_type": "mystery"}]),
            dump_cell(outputs=[5]),
            dump_cell(execution_count="x"),
            dump_cell(metadata={"tags": 5, "nbgrader": []}),
            dump_cell(metadata={"collapsed": "maybe"}),
            dump_cell(cell_type="mystery"),
            dump_cell(cell_type=[]),
            dump(cells=[1, CELL]),
            dump_cell(metadata={"nbgrader": {"points": float("nan")}}),
            dump_cell(
                outputs=[{"output_type": "display_data", "data": {"application/json": float("inf")}, "metadata": {}}]
            ),
            dump_cell().replace(b'"source": "1"', b'"source": "1", "more": 1e999'),
            dump_cell(cell_type="markdown", attachments={"a": 5}),
            dump_cell(id=5),
            dump_cell(source="\ud800"),
            dump(metadata={"kernelspec": 5}),
        ],
    )
    def test_what_is_repaired(self, data):
        notebook = nbformat.reads(write_notebook(parse_notebook(data)).decode(), as_version=4)
        nbformat.validate(notebook)
        assert len(notebook.cells) == 1

    def test_grading_data_survives_a_repair(self):
        data = dump_cell(metadata={"tags": 5, "nbgrader": {"grade_id": "x"}})
        assert parse_notebook(data).cells[0].metadata.nbgrader.grade_id == "x"

    def test_ids_are_unique_and_the_same_every_time(self):
        cells = [CELL, CELL, {key: value for key, value in CELL.items() if key != "id"}, CELL | {"id": "cell-2"}]
        data = dump(cells=cells)
        ids = [cell.id for cell in parse_notebook(data).cells]
        assert ids == [cell.id for cell in parse_notebook(data).cells]
        assert len(set(ids)) == 4
        assert ids[0] == "a"

    def test_an_old_format_is_brought_up_to_date(self):
        code = {"cell_type": "code", "input": "1 + 1", "language": "python", "outputs": [], "metadata": {}}
        old = {"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": [{"cells": [code], "metadata": {}}]}
        data = json.dumps(old).encode()
        notebook = parse_notebook(data)
        assert (notebook.nbformat, notebook.cells[0].source) == (4, "1 + 1")
        assert write_notebook(notebook) == write_notebook(parse_notebook(data))

    def test_a_source_in_lines_is_joined(self):
        assert parse_notebook(dump_cell(source=["a\n", "b"])).cells[0].source == "a\nb"


class TestMatching:
    def find(self, released, stem, data):
        found = find_released(parse_notebook(data), stem, released)
        return found.name if found else None

    @pytest.mark.parametrize("name", NAMES)
    @pytest.mark.parametrize("stem", ["untitled", "Copy of 04_inference (2)", "03_preprocessing"])
    def test_content_wins_over_the_name(self, released, name, stem):
        assert self.find(released, stem, read_released(name, add_answer("1"))) == name

    def test_without_grade_ids_by_cell_ids(self, released):
        def strip(notebook):
            for cell in notebook["cells"]:
                cell["metadata"], cell["source"] = {}, "changed"

        assert self.find(released, "untitled", read_released("04_inference", strip)) == "04_inference"

    def test_without_any_ids_by_the_text_of_checks(self, released):
        def strip(notebook):
            for cell in notebook["cells"]:
                cell["metadata"] = {}
                del cell["id"]

        assert self.find(released, "untitled", read_released("04_inference", strip)) == "04_inference"

    def test_a_few_cells_of_a_notebook_are_not_that_notebook(self, released):
        def keep_few(notebook):
            graded = [cell for cell in notebook["cells"] if "nbgrader" in cell["metadata"]]
            notebook["cells"] = graded[:4]

        data = read_released("04_inference", keep_few)
        assert self.find(released, "scratch", data) is None
        assert self.find(released, "04_inference", data) == "04_inference"
        assert self.find(released, "04_Inference", data) == "04_inference"

    def test_what_two_notebooks_share_marks_neither(self, released):
        assert all("imports" not in one.marks["grade_id"] for one in released)

    @pytest.mark.parametrize("metadata", [{"nbgrader": {"grade_id": []}}, {"nbgrader": {"solution": {}}}])
    def test_odd_grading_data_are_no_marks(self, released, metadata):
        assert self.find(released, "x", dump_cell(metadata=metadata)) is None

    def test_every_notebook_of_the_exercise_is_found_by_its_content(self):
        released = read_release()
        found = [self.find(released, "untitled", path.read_bytes()) for path in list_notebooks(RELEASE)]
        assert found == [path.stem for path in list_notebooks(RELEASE)]
