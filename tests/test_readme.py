"""What the README says can be done: its commands, files and pictures exist, and CI runs its command for every test."""

import re

import pytest

from helpers.exercises import EXERCISES
from helpers.grading.notebooks import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
KIT_README = (ROOT / "notebooks" / "README.md").read_text(encoding="utf-8")
TARGETS = set(re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.MULTILINE))


def test_every_make_command_is_a_target():
    named = set(re.findall(r"(?:`|^    )make ([a-z-]+)", README, flags=re.MULTILINE))
    assert named
    assert named <= TARGETS


def test_ci_runs_the_command_for_every_test_of_the_readme_and_nothing_else():
    lines = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    commands = [line for line in lines if line and not line.startswith(("#", "set ", "cd "))]
    assert commands == ["make test-all"]
    assert "    make test-all " in README


@pytest.mark.parametrize("link", re.findall(r"\]\(((?!http)[^)]+)\)", README))
def test_links_and_pictures_exist(link):
    assert (ROOT / link).is_file()


def test_pictures_have_alt_texts():
    assert all(len(alt) > 30 for alt in re.findall(r"!\[([^]]*)\]", README))


def test_the_table_of_notebooks_names_every_exercise():
    rows = [line for line in README.splitlines() if line.startswith("| [0")]
    names = {"image_classifier": "ImageClassifier"}
    names["read_architecture"] = "three facts about ResNet50"
    for exercise in EXERCISES:
        row = next(row for row in rows if row.startswith(f"| [{exercise.notebook}]"))
        assert names.get(exercise.id, f"`{exercise.id}`") in row, exercise.id
        if not exercise.core:
            assert f"`{exercise.id}` *" in row


@pytest.mark.parametrize("text", [README, KIT_README], ids=["repository", "kit"])
def test_every_system_has_its_three_commands(text):
    for command in ("python3 -m venv .venv", "source .venv/bin/activate", r".venv\Scripts\Activate.ps1"):
        assert command in text
    assert len(re.findall(r"pip install -c constraints.txt", text)) >= 2
