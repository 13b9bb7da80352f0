"""What several test modules share."""

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from helpers.checks import report
from helpers.grading.answering.fork_server import ForkServer
from tests.support.browser import browser  # noqa: F401  (a fixture)

LONGEST = (  # files, longest first; those that wait for limits come early, beside those that compute
    *("test_hostile_judge", "test_answers_ways", "test_hostile_ordinary", "test_answers", "test_hostile_root"),
    *("test_answers_not_in_helpers", "test_demo", "test_term", "test_validate", "test_resume", "test_sandbox_limits"),
    *("test_second_exercise", "test_regrade", "test_nbgrader_faults", "test_class_seed_kept", "test_term_life"),
    *("test_weights", "test_kit"),
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the longest files, so that the processes that share the tests end at about the same time."""
    items.sort(key=lambda item: LONGEST.index(item.path.stem) if item.path.stem in LONGEST else len(LONGEST))


@dataclass(frozen=True)
class CheckResult:
    """What a check published: whether it passed, the causes in order, and the text the student reads."""

    passed: bool
    causes: list[str]
    text: str


@pytest.fixture(scope="session")
def fork_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ForkServer]:
    """Give a fork server for all tests that end none: its imports take 6 CPU-s."""
    from tests.support.direct_grading import start_server  # not above: most tests do without the grader

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
