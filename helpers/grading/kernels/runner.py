"""The process that runs a notebook's cells, inside the sandbox.

It reads requests from its channel: {"do": "run", "nonce", "source", "timeout_s"} and {"do": "snapshot", "nonce",
"number"}. A snapshot is a fork that waits with all variables as they are now, and answers on a channel of its own;
later cells cannot change it, and nothing that it learns comes back into the notebook.
"""

import os
import signal

from helpers.grading.kernels.frames import read_frame
from helpers.grading.kernels.outputs import Outputs, PrintedByPrograms
from helpers.grading.kernels.shell import CellShell, make_shell, run_cell


def run_notebook(main: int, snapshots: list[int]) -> None:
    """Serve the channel `main` until it ends; `snapshots` are the channels of the forks to come."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    make_repeatable()
    shell = make_shell(Outputs(main))
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
    while request := read_frame(shell.outputs.descriptor):
        shell.outputs.begin(request["nonce"])
        if request["do"] == "snapshot":
            printed, snapshots = _take_snapshot(shell, request["number"], printed, snapshots)
        else:
            succeeded = run_cell(shell, request["source"], printed, timeout_s=request.get("timeout_s", 0))
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
        shell.outputs.descriptor, shell.outputs.process = snapshots[number], os.getpid()
        return PrintedByPrograms(), {}
    os.close(snapshots.pop(number))
    shell.outputs.send("done", ok=True)
    return printed, snapshots
