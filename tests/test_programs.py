"""`write_program` collects a program from cells, in a notebook and outside of one."""

import pytest
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook

from helpers.programs import note_cells, write_program

IMPORTS = "# app.py, part 1: imports\nimport sys"
MAIN = "# app.py, part 2: main\ndef main(argv):\n    print(argv)\n    return 0\n"
STUB = "# app.py, part 2: main\n# YOUR CODE HERE\nraise NotImplementedError()"


def test_parts_stand_in_order_without_their_first_lines(tmp_path):
    path = write_program(tmp_path / "app.py", cells=["x = 1", MAIN, "# other.py, part 1: no\ny = 2", IMPORTS])
    expected = (
        "import sys\n\n\ndef main(argv):\n    print(argv)\n    return 0\n\n\n"
        'if __name__ == "__main__":\n    sys.exit(main(sys.argv[1:]))\n'
    )
    assert path.read_bytes().decode() == expected


def test_the_last_answer_counts_and_a_stub_never(tmp_path):
    newer = MAIN.replace("0", "1")
    for cells in ([IMPORTS, MAIN, newer], [IMPORTS, STUB, MAIN, newer, STUB], [newer, IMPORTS]):
        assert "return 1" in write_program(tmp_path / "app.py", cells=cells).read_text()


def test_authors_lines_are_left_out(tmp_path):
    begin, end = (f"    ### {word} SOLUTION\n" for word in ("BEGIN", "END"))
    marked = f"# app.py, part 2: main\ndef main(argv):\n{begin}    # YOUR CODE HERE\n    return 0\n{end.rstrip()}"
    text = write_program(tmp_path / "app.py", cells=[IMPORTS, marked]).read_text()
    assert "def main(argv):\n    return 0\n\n\nif" in text


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ([], "No cell has been noted"),
        (["x = 1"], "lacks part 1"),
        ([MAIN], "lacks part 1"),
        ([IMPORTS], "lacks a function `main`"),
        ([IMPORTS, STUB], "lacks a function `main`"),
        ([IMPORTS, STUB, "# app.py, part 3: more\nx = 1"], "lacks part 2"),
        ([IMPORTS, "# app.py, part 2: main\ndef main(argv:\n    pass"], "part 2 of app.py is not Python yet"),
    ],
)
def test_what_is_missing_is_said_and_the_file_stays(tmp_path, cells, words):
    path = tmp_path / "app.py"
    path.write_text("as it was")
    with pytest.raises(ValueError, match=words):
        write_program(path, cells=cells)
    assert [file.name for file in tmp_path.iterdir()] == ["app.py"]
    assert path.read_text() == "as it was"


def test_outside_a_notebook_nothing_is_noted(tmp_path):
    note_cells()
    with pytest.raises(ValueError, match="No cell has been noted"):
        write_program(tmp_path / "app.py")


@pytest.mark.parametrize("store_history", [True, False], ids=["as JupyterLab runs cells", "as nbval does"])
def test_in_a_notebook_its_own_cells_are_taken(tmp_path, store_history):
    first = "from helpers import programs\nprograms.note_cells()"
    last = 'print(programs.write_program("app.py").read_text())'
    sources = (first, IMPORTS, MAIN.replace("0", "1"), MAIN, first, STUB, last)
    notebook = new_notebook(cells=[new_code_cell(source) for source in sources])
    notebook.cells[-2].metadata.tags = ["raises-exception"]
    client = NotebookClient(notebook, resources={"metadata": {"path": str(tmp_path)}})
    with client.setup_kernel():
        for number, cell in enumerate(notebook.cells):
            client.execute_cell(cell, number, store_history=store_history)
    assert notebook.cells[-1].outputs[0].text.startswith("import sys\n\n\ndef main(argv):")
    assert "return 0" in (tmp_path / "app.py").read_text()
