"""pyproject.toml, environment.yml and constraints.txt name the same packages and bounds, each with a reason."""

import re
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
FILES = ("pyproject.toml", "environment.yml", "constraints.txt")
PIP_NAME = {"pytorch": "torch", "matplotlib-base": "matplotlib"}  # conda's name: pip's name
CONDA_ONLY = {"python", "pip"}
REASON = re.compile(r"#\s*\w+\W+\w+")  # a comment of two words or more


@pytest.fixture
def texts() -> dict[str, str]:
    """The three files as text, by name."""
    return {name: (ROOT / name).read_text(encoding="utf-8") for name in FILES}


def test_files_agree(texts):
    """The files as they are: nothing to report."""
    assert find_disagreements(texts) == []


def test_every_dependency_has_a_reason(texts):
    """A dependency that nobody can explain is one that nobody dares to remove."""
    assert find_missing_reasons(texts) == []


@pytest.mark.parametrize(
    ("name", "old", "new", "message"),
    [
        ("environment.yml", "pytorch>=2.6 ", "pytorch>=2.5 ", "torch: pyproject.toml"),
        ("environment.yml", "jupyterlab>=4.2,<5 ", "jupyterlab>=4.2 ", "jupyterlab: pyproject.toml"),
        ("environment.yml", "  - pandas>=2.2 ", "  # pandas>=2.2 ", "pandas: only in pyproject.toml"),
        ("environment.yml", "  - tqdm>=4.66 ", "  - rich>=13 ", "rich: only in environment.yml"),
        ("environment.yml", "nbgrader>=0.9.6,<0.10", "nbgrader>=0.9.6 ", "nbgrader: pyproject.toml"),
        ("environment.yml", "python=3.11 ", "python=3.10 ", "environment.yml has Python 3.10"),
        ("environment.yml", "python=3.11 ", "python=3.12 ", "constraints.txt was tested with"),
        ("environment.yml", "    - -e . ", "    # -e . ", "-e . is missing"),
        ("pyproject.toml", '"pillow>=11"', '"pillow>=12"', "pillow: pyproject.toml"),
        ("pyproject.toml", '"ruff>=0.8"', '"ruff>=99"', "ruff: constraints.txt has"),
        ("constraints.txt", "nbgrader==0.9.6\n", "nbgrader==0.9.4\n", "nbgrader: constraints.txt has 0.9.4"),
        ("constraints.txt", "nbval==0.11.0\n", "", "nbval: constraints.txt does not pin it"),
        ("constraints.txt", "torchvision==", "torchvision>=", "torchvision: constraints.txt"),
    ],
)
def test_disagreement_is_found(texts, name, old, new, message):
    """Each way in which the files can drift apart is reported."""
    assert old in texts[name], "the example is out of date"
    texts[name] = texts[name].replace(old, new, 1)
    assert any(message in problem for problem in find_disagreements(texts)), find_disagreements(texts)


@pytest.mark.parametrize("name", ["pyproject.toml", "environment.yml"])
def test_missing_reason_is_found(texts, name):
    """A dependency whose comment is gone is reported by name."""
    texts[name] = re.sub(r"(pillow>=11\"?,?) *#.*", r"\1", texts[name])
    assert [problem for problem in find_missing_reasons(texts) if "pillow" in problem]


def test_constraints_hold_versions_only(texts):
    """No paths, no local builds such as +cu130, no GPU libraries: the file serves every platform."""
    lines = [line for line in texts["constraints.txt"].splitlines() if not line.startswith("#")]
    assert [line for line in lines if not re.fullmatch(r"[A-Za-z0-9._-]+==[0-9][A-Za-z0-9.]*", line)] == []
    assert [line for line in lines if line.startswith(("nvidia", "cuda", "triton"))] == []


def find_disagreements(texts: dict[str, str]) -> list[str]:
    """One sentence for each disagreement between the files (texts: file name to text)."""
    ours, conda = read_pyproject(texts), read_conda(texts)
    problems = [f"{name}: only in pyproject.toml" for name in ours.keys() - conda.keys()]
    problems += [f"{name}: only in environment.yml" for name in conda.keys() - ours.keys()]
    for name in ours.keys() & conda.keys():
        if ours[name] != conda[name]:
            problems.append(f"{name}: pyproject.toml says {ours[name]}, environment.yml {conda[name]}")
    if "-e ." not in split_conda(texts)[1]:
        problems.append("-e . is missing in environment.yml: notebooks could not import helpers")
    return problems + check_python(texts) + check_pins(texts, ours)


def check_pins(texts: dict[str, str], wanted: dict[str, SpecifierSet]) -> list[str]:
    """What is wrong with constraints.txt: a package not pinned with ==, or a pin outside its bounds."""
    pins = read_pins(texts)
    problems = [f"{name}: constraints.txt does not pin it" for name in wanted.keys() - pins.keys()]
    for name in wanted.keys() & pins.keys():
        if not wanted[name].contains(pins[name], prereleases=True):
            problems.append(f"{name}: constraints.txt has {pins[name]}, pyproject.toml wants {wanted[name]}")
    return problems


def check_python(texts: dict[str, str]) -> list[str]:
    """What is wrong with the Python of environment.yml."""
    (line,) = [spec for spec in split_conda(texts)[0] if re.match(r"python\b", spec)]
    version = line.removeprefix("python=")
    tested = re.search(r"with Python ([\d.]+)\.\d+\.$", texts["constraints.txt"], re.MULTILINE).group(1)
    allowed = SpecifierSet(tomllib.loads(texts["pyproject.toml"])["project"]["requires-python"])
    problems = []
    if not re.fullmatch(r"\d+\.\d+", version):
        problems.append(f"environment.yml says {line!r}: Binder understands only the form python=3.11")
    elif not allowed.contains(version):
        problems.append(f"environment.yml has Python {version}, pyproject.toml wants {allowed}")
    if version != tested:
        problems.append(f"environment.yml has Python {version}, constraints.txt was tested with {tested}")
    return problems


def read_pyproject(texts: dict[str, str]) -> dict[str, SpecifierSet]:
    """All dependencies of pyproject.toml, those of the extra `dev` included: name to bounds."""
    project = tomllib.loads(texts["pyproject.toml"])["project"]
    return parse_bounds(project["dependencies"] + project["optional-dependencies"]["dev"])


def read_conda(texts: dict[str, str]) -> dict[str, SpecifierSet]:
    """All packages of environment.yml under pip's names: name to bounds."""
    conda, pip = split_conda(texts)
    packages = [spec for spec in conda if re.split(r"[=<>]", spec)[0] not in CONDA_ONLY]
    bounds = parse_bounds(packages + [spec for spec in pip if not spec.startswith("-e")])
    return {PIP_NAME.get(name, name): bound for name, bound in bounds.items()}


def split_conda(texts: dict[str, str]) -> tuple[list[str], list[str]]:
    """The specifications in environment.yml: those for conda, those for pip."""
    entries = yaml.safe_load(texts["environment.yml"])["dependencies"]
    (pip,) = [entry["pip"] for entry in entries if isinstance(entry, dict)]
    return [entry for entry in entries if isinstance(entry, str)], pip


def read_pins(texts: dict[str, str]) -> dict[str, str]:
    """The pins of constraints.txt: name to version."""
    lines = [line.split("==") for line in texts["constraints.txt"].splitlines() if "==" in line]
    return {canonicalize_name(name): version for name, version in lines}


def parse_bounds(specs: list[str]) -> dict[str, SpecifierSet]:
    """Requirements such as "torch>=2.6" as a dictionary: normalized name to bounds."""
    requirements = [Requirement(spec) for spec in specs]
    return {canonicalize_name(item.name): item.specifier for item in requirements}


def find_missing_reasons(texts: dict[str, str]) -> list[str]:
    """The dependency lines of both files that have no comment of two words or more."""
    ours = re.findall(r'^(?: +"[\w.-]+[<>=].*|requires-python.*)$', texts["pyproject.toml"], re.MULTILINE)
    conda = re.findall(r"^ +- (?!pip:).*$", texts["environment.yml"], re.MULTILINE)
    assert len(ours) > 10
    assert len(conda) > 10
    return [line.strip() for line in ours + conda if not REASON.search(line)]
