"""The rooms of helpers/: imports go one way, as the contracts in pyproject.toml say, and no room is without a place."""

import subprocess
import sys
from pathlib import Path

from tests.house.module_graph import read_house

ROOT = Path(__file__).parents[2]


def test_imports_go_one_way():
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_no_rooms_import_each_other():
    house = read_house()
    assert house.circles == ()
    assert len({room for floor in house.floors for room in floor}) == house.rooms > 20


def test_grading_has_few_loose_modules():
    loose = {path.stem for path in (ROOT / "helpers" / "grading").glob("*.py")}
    assert loose == {"__init__", "errors", "records"}
