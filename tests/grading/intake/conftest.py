"""What several tests of intake share: a release, and two of its notebooks as they were handed out."""

from pathlib import Path

import pytest

from tests.support.handed_in import read_released, write_release


@pytest.fixture(scope="module")
def release(tmp_path_factory) -> Path:
    """Give the folder of the students' notebooks."""
    return write_release(tmp_path_factory.mktemp("release"))


@pytest.fixture(scope="module")
def books() -> dict[str, bytes]:
    """Give two notebooks by their files' names."""
    return {f"{name}.ipynb": read_released(name) for name in ("03_preprocessing", "04_inference")}
