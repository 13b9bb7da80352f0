"""The process in which a notebook's answers run, inside the sandbox.

It reads requests from its channel: {"do": "run", "nonce", "source"}, {"do": "snapshot", "nonce", "number"}, and
{"do": "ask", "nonce", "name", "timeout_s"} with a question in its blob. A snapshot is a fork that waits with all
variables as they are now, and answers on a channel of its own; later cells cannot change it.
"""

import os
import signal

from helpers.grading.answering.outputs import Outputs, PrintedByPrograms
from helpers.grading.answering.questions import answer_question
from helpers.grading.answering.shell import CellShell, make_shell, run_cell
from helpers.line.frames import read_frame


def make_ready(set_up: list[str]) -> CellShell:
    """Return a shell in which these cells have run. Raises RuntimeError if one of them fails."""
    make_repeatable()
    nothing = os.open(os.devnull, os.O_WRONLY)
    shell = make_shell(Outputs(nothing))
    for source in set_up:
        result = shell.run_cell(source, store_history=True, silent=False)
        if not result.success:
            raise RuntimeError(f"A set-up cell failed: {result.error_before_exec or result.error_in_exec!r}")
    os.close(nothing)
    return shell


def run_notebook(shell: CellShell, main: int, snapshots: list[int]) -> None:
    """Serve the channel `main` until it ends; `snapshots` are the channels of the forks to come."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    shell.enter_folder(os.getcwd())
    shell.outputs.serve(main)
    _serve(shell, PrintedByPrograms(), dict(enumerate(snapshots)))


def make_repeatable() -> None:
    """Fix the random numbers and use one thread, so that grading twice gives the same scores."""
    import random

    import numpy as np
    import torch

    torch.set_num_threads(1)
    random.seed(0)
    np.random.seed(0)  # torch starts from a fixed seed by itself


def _serve(shell: CellShell, printed: PrintedByPrograms, snapshots: dict[int, int]) -> None:
    while frame := read_frame(shell.outputs.descriptor):
        request, blobs = frame
        shell.outputs.begin(request["nonce"])
        if request["do"] == "snapshot":
            printed, snapshots = _take_snapshot(shell, request["number"], printed, snapshots)
        elif request["do"] == "ask":
            answer_question(shell, request, blobs[0], printed)
        else:
            succeeded = run_cell(shell, request["source"], printed)
            if os.getpid() != shell.outputs.process:
                os._exit(0)  # a process that the cell forked, and that came back from it: it must not go on here
            shell.outputs.send("done", ok=succeeded)


def _take_snapshot(shell: CellShell, number: int, printed: PrintedByPrograms, snapshots: dict[int, int]):
    """Fork; the child goes on serving the snapshot's channel alone, the parent its own without that one."""
    if os.fork() == 0:
        os.close(shell.outputs.descriptor)
        for other, descriptor in snapshots.items():
            if other != number:
                os.close(descriptor)
        shell.outputs.serve(snapshots[number])
        return PrintedByPrograms(), {}
    os.close(snapshots.pop(number))
    shell.outputs.send("done", ok=True)
    return printed, snapshots
