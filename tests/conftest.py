"""What several test modules share."""

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from helpers.checks import report
from helpers.grading.kernels.forkserver import ForkServer


@dataclass(frozen=True)
class CheckResult:
    """What a check published: whether it passed, the causes in order, and the text the student reads."""

    passed: bool
    causes: list[str]
    text: str


@pytest.fixture(scope="session")
def fork_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ForkServer]:
    """Give a fork server for all tests that end none: its imports take 6 CPU-s."""
    from direct_grading import start_server  # not above: most tests do without the grader

    with contextlib.closing(start_server(tmp_path_factory.mktemp("fork-server"))) as server:
        yield server


@pytest.fixture
def run_check(monkeypatch: pytest.MonkeyPatch) -> Callable[..., CheckResult]:
    """Return a function that runs a check as a cell would and gives its result; nothing is written to disk."""
    monkeypatch.setenv("EXERCISE_PROGRESS", "off")
    published = []
    monkeypatch.setattr(report, "display", lambda data, raw: published.append(data))

    def run(check: Callable, *args, **kwargs) -> CheckResult:
        try:
            check(*args, **kwargs)
            raised = False
        except report.CheckFailed:
            raised = True
        shown = published.pop()
        data = shown[report.CHECK_MIME_TYPE]
        assert data["passed"] is not raised
        return CheckResult(data["passed"], [failure["cause"] for failure in data["failures"]], shown["text/plain"])

    return run
