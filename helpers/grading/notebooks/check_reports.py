"""What checks left in a cell's outputs: their reports, and the causes that these name."""

from collections.abc import Iterable, Mapping

from nbformat import NotebookNode

from helpers.checks.causes import choose_causes
from helpers.checks.output import CHECK_MIME_TYPE


def read_reports(outputs: Iterable[NotebookNode]) -> list[Mapping]:
    """Return the reports among a cell's outputs."""
    found = [output.get("data", {}).get(CHECK_MIME_TYPE) for output in outputs]
    return [report for report in found if isinstance(report, Mapping)]


def list_causes(reports: Iterable[Mapping]) -> tuple[str, ...]:
    """Return the causes that reports name, as many and in the order in which a hidden check may tell them."""
    failures = [failure for report in reports for failure in report.get("failures") or []]
    return choose_causes(failure.get("cause") for failure in failures if isinstance(failure, Mapping))
