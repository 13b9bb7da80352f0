"""What the README says can be done: its commands, files and pictures exist, and CI runs its command for every test."""

import importlib.util
import re

import pytest

from helpers.exercises.exercise_01 import EXERCISES
from helpers.grading.notebooks.paths import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
CHANGELOG = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
KIT_README = (ROOT / "notebooks" / "README.md").read_text(encoding="utf-8")
TARGETS = set(re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.MULTILINE))


def test_every_make_command_is_a_target():
    texts = README + CONTRIBUTING + CHANGELOG
    named = set(re.findall(r"(?:`|^ +)make ([a-z-]+)", texts, flags=re.MULTILINE))
    assert named
    assert named <= TARGETS


def test_every_program_that_is_named_is_there():
    """In texts, in the Makefile, and in what modules say of themselves."""
    modules = [path for folder in ("helpers", "tests") for path in (ROOT / folder).rglob("*.py")]
    texts = [README, CONTRIBUTING, KIT_README, *(path.read_text("utf-8") for path in (ROOT / "Makefile", *modules))]
    named = {name.rstrip(".") for text in texts for name in re.findall(r"-m ((?:helpers|tests)\.[\w.]+)", text)}
    assert len(named) > 10
    assert [name for name in sorted(named) if importlib.util.find_spec(name) is None] == []


def test_ci_makes_sure_of_a_browser_and_runs_the_command_for_every_test_of_the_readme():
    lines = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    commands = [line for line in lines if line and not line.startswith(("#", "set ", "cd "))]
    assert commands == ["bash .ci/browser", "make test-all"]
    assert "    make test-all " in README


@pytest.mark.parametrize("link", sorted(set(re.findall(r"\]\(((?!http)[^)]+)\)", README + CONTRIBUTING + CHANGELOG))))
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


def find_named(text: str) -> list[str]:
    """Return what a text names as a file or folder of this repository, in backticks."""
    words = re.findall(r"`([\w./*-]+)`", text)
    return [word for word in words if word.endswith((".py", ".toml", ".md")) or "/" in word]


def exists(name: str) -> bool:
    """Return whether there is such a file; a short name may lie anywhere in `helpers/` and `tests/`."""
    name = name.rstrip("/")
    return any(ROOT.glob(name)) or any(any((ROOT / folder).rglob(name)) for folder in ("helpers", "tests"))


def test_what_the_guide_for_contributors_names_is_there():
    start, end = CONTRIBUTING.index("## The way of a submission"), CONTRIBUTING.index("## What is made from what")
    named = find_named(CONTRIBUTING[start:end].replace("<notebook>", "*").replace("<exercise>", "*"))
    assert len(named) > 40
    assert [name for name in named if not exists(name)] == []


def test_the_pictures_of_the_guide_name_what_is_there():
    pictures = re.findall(r"```\n(.*?)```", CONTRIBUTING, flags=re.DOTALL)
    named = [name for picture in pictures for name in re.findall(r"[\w/]+\.py|[\w/]+/(?=\s)", picture)]
    assert len(named) > 15
    assert [name for name in named if not exists(name)] == []
