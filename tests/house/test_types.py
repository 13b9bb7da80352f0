"""The types of helpers/: mypy finds nothing, each exempt line says why, and the types go with the package."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
EXEMPT = re.compile(r"# type: ignore(?P<codes>\[[a-z, -]+\])?(?P<reason>  # \w+.*)?")


def run_mypy(*arguments: str) -> subprocess.CompletedProcess:
    """Run mypy on helpers/ as `make lint` does, with what build/ keeps from the last time."""
    command = [sys.executable, "-m", "mypy", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8")


def test_types_agree():
    """No errors, with the settings of pyproject.toml."""
    result = run_mypy()
    assert result.returncode == 0, result.stdout + result.stderr


def test_wrong_type_is_found(tmp_path):
    """The settings see through helpers/: a number is no name of a model, and what is behind `stop` is not reached."""
    wrong = tmp_path / "wrong.py"
    wrong.write_text(
        "from helpers.checks.report import Check\n"
        "from helpers.models.loading import load_classifier\n\n"
        "load_classifier(50)\n\n"
        "def read(check: Check, value: int | None) -> int:\n"
        "    if value is None:\n"
        '        check.stop("wrong_type", got=value, expected="a number")\n'
        "    return value\n",
        encoding="utf-8",
    )
    result = run_mypy(str(wrong))
    assert result.returncode == 1, result.stdout + result.stderr
    assert re.findall(r"wrong\.py:(\d+): error: .*\[([a-z-]+)\]", result.stdout) == [("4", "arg-type")]


def test_every_exempt_line_says_which_rule_and_why():
    """An exemption that nobody can explain is one that nobody dares to remove."""
    found = []
    for path in sorted((ROOT / "helpers").rglob("*.py")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            exempt = EXEMPT.search(line)
            if exempt and not (exempt["codes"] and exempt["reason"]):
                found.append(f"{path.relative_to(ROOT)}:{number}: {line.strip()}")
    assert found == []


def test_types_go_with_the_package():
    """Other checkers read the types of an installed `helpers` only where it has this file."""
    data = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]["package-data"]
    assert "py.typed" in data["helpers"]
    assert (ROOT / "helpers" / "py.typed").is_file()
