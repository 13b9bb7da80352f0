"""nbgrader's exchange folder, which this course does without: nothing misses it, and buttons say what to run."""

from nbgrader.exchange.default import (
    ExchangeCollect,
    ExchangeList,
    ExchangeReleaseAssignment,
    ExchangeReleaseFeedback,
)


class ListNothing(ExchangeList):
    """Finds an exchange in which there is nothing."""

    def start(self) -> list:
        """Return what lies in the exchange."""
        return []


class RefuseRelease(ExchangeReleaseAssignment):
    """Answers the button that would hand out."""

    def start(self) -> None:
        """Say how notebooks are handed out."""
        self.fail("This course is handed out as a zip: make kit")


class RefuseCollect(ExchangeCollect):
    """Answers the button that would take in."""

    def start(self) -> None:
        """Say how submissions are taken in."""
        self.fail("This course takes in what was downloaded: make grade SUBMISSIONS=...")


class RefuseFeedback(ExchangeReleaseFeedback):
    """Answers the button that would hand back."""

    def start(self) -> None:
        """Say how feedback is handed back."""
        self.fail("This course writes a zip for each student: make feedback")
