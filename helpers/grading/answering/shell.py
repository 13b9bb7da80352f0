"""IPython without Jupyter's message channels: runs one cell after the other in this process."""

import contextlib
import signal
import sys
from collections.abc import Callable, Iterator
from typing import Any as AnyValue

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from traitlets import Any, Type
from traitlets.config import Config

from helpers.grading.answering.outputs import Outputs, PrintedByPrograms, Stream


class _Publisher(DisplayPublisher):
    """display(...) goes to the judge."""

    def publish(self, data, metadata=None, *, transient=None, update=False, **options):  # type: ignore[override]  # no source
        if not update:
            self.shell.outputs.show("display", data)

    def clear_output(self, wait=False):
        self.shell.outputs.clear()


class _ResultHook(DisplayHook):
    """The value of a cell's last expression goes to the judge."""

    def write_output_prompt(self):
        """Print no prompt."""

    def write_format_data(self, format_dict, md_dict=None):
        self.shell.outputs.show("result", format_dict)  # type: ignore[union-attr]  # there is one

    def finish_displayhook(self):
        """Print no line break."""


class CellShell(InteractiveShell):
    """Runs cells, and sends what they print, show and raise through `outputs`."""

    outputs = Any()
    display_pub_class = Type(_Publisher)
    displayhook_class = Type(_ResultHook)

    def _showtraceback(self, etype, evalue, stb):
        self.outputs.fail(etype, evalue, stb)

    def enable_gui(self, gui=None):
        """There is no screen."""

    def enter_folder(self, folder: str) -> None:
        """Find the student's own modules in `folder`, after all others."""
        sys.path[:] = [entry for entry in sys.path if entry] + [folder]


def make_shell(outputs: Outputs) -> CellShell:
    """Return the one shell of this process, with an empty namespace and no history on disk."""
    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.colors = "nocolor"
    config.InteractiveShell.xmode = "Plain"  # feedback shows the last line alone, and this costs a tenth
    return CellShell.instance(config=config, outputs=outputs)


def run_cell(shell: CellShell, source: str, printed: PrintedByPrograms) -> bool:
    """Run one cell, and return whether it ended without an error. An interrupt ends the cell, nothing else."""
    result = run_interruptible(shell.outputs, lambda: shell.run_cell(source, store_history=True), timeout_s=0)
    if result is None:
        shell.outputs.fail(KeyboardInterrupt, KeyboardInterrupt(), ["KeyboardInterrupt"])
    shell.outputs.print(printed.take())
    return bool(result and result.success)


def run_interruptible(outputs: Outputs, run: Callable[[], AnyValue], *, timeout_s: float) -> AnyValue:
    """Return what `run` gives, or None after an interrupt; what it prints goes to the judge.

    After `timeout_s` (0: never) it is interrupted from here, as far as student code lets it.
    """
    with _streams(outputs), _interruptible(timeout_s):
        try:
            return run()
        except KeyboardInterrupt:
            return None


@contextlib.contextmanager
def _streams(outputs: Outputs) -> Iterator[None]:
    sys.stdout, sys.stderr = Stream(outputs, 1), Stream(outputs, 2)
    try:
        yield
    finally:
        sys.stdout, sys.stderr = sys.__stdout__, sys.__stderr__


@contextlib.contextmanager
def _interruptible(timeout_s: float) -> Iterator[None]:
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGALRM, signal.default_int_handler)
    signal.setitimer(signal.ITIMER_REAL, timeout_s)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
