"""The fork server: imports everything once, then forks a confined process for each notebook.

python -m helpers.grading.answering.server DESCRIPTOR

It never runs student code itself. Its one socket brings requests, a packet each, with the descriptors of a channel
for the answer, a control channel, the notebook's channel and those of its snapshots; see session.py for the other side.
For each kind of notebook it forks a process in which the set-up cells run, once, and hands the requests on to it.
"""

import contextlib
import gc
import importlib
import io
import json
import mimetypes
import os
import pkgutil
import socket
import sys
import traceback
from pathlib import Path

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

import helpers
from helpers import models
from helpers.grading.answering.runner import make_ready, run_notebook
from helpers.grading.answering.shell import CellShell
from helpers.grading.answering.single_thread import check_single_thread
from helpers.grading.sandbox.enter import run_confined
from helpers.grading.sandbox.linux import kernel
from helpers.grading.sandbox.linux.huge_pages import use_huge_pages
from helpers.grading.sandbox.settings import BACKENDS, SandboxLimits, View
from helpers.models import architectures, embedded

PRELOADED = (
    "torch",
    "torchvision.transforms.v2",
    "torch.utils.flop_counter",
    "torch.fx.experimental.optimization",
    "torch._subclasses.schema_check_mode",
    "matplotlib.pyplot",
    "matplotlib.style.core",
    "pandas.io.formats.html",
    "pandas.io.formats.string",
    "skimage",
    "IPython.core.magics",
    "IPython.core.completer",
    "IPython.core.oinspect",
    "encodings.unicode_escape",
    "multiprocessing.synchronize",
)
MAX_DESCRIPTORS = 200
MAX_PACKET_BYTES = 200_000


def main() -> int:
    """Import, then serve requests until everybody on the other side has closed that end."""
    kernel.end_with_parent()
    connection = socket.socket(fileno=int(sys.argv[1]))
    import_everything()
    warm_up()
    check_single_thread()
    gc.collect()
    gc.freeze()  # the collector leaves what is here alone, so that forks go on sharing its memory
    use_huge_pages()
    return serve(connection)


def serve(connection: socket.socket) -> int:
    """Hand each request on to the process that has run its notebook's set-up; start that when it is asked for first."""
    prepared: dict[str, socket.socket] = {}
    while True:
        packet, descriptors, _, _ = socket.recv_fds(connection, MAX_PACKET_BYTES, MAX_DESCRIPTORS)
        if not packet:
            return 0
        set_up = json.dumps(json.loads(packet)["set_up"])
        for _ in range(2):  # one that has been killed is started anew
            if set_up not in prepared:
                others = [connection.fileno(), *(other.fileno() for other in prepared.values()), *descriptors]
                prepared[set_up] = start_prepared(json.loads(set_up), not_for_it=others)
            try:
                socket.send_fds(prepared[set_up], [packet], descriptors)
                break
            except OSError:
                prepared.pop(set_up).close()
        for descriptor in descriptors:
            os.close(descriptor)
        reap()


def start_prepared(set_up: list[str], *, not_for_it: list[int]) -> socket.socket:
    """Fork the process in which these cells run once, and that forks notebooks then; return the socket to it.

    It closes what is not for it: a copy of a notebook's channel would keep that open when the notebook has ended.
    """
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    parent = os.getpid()
    if os.fork():
        theirs.close()
        return ours
    with contextlib.suppress(BaseException):  # a child never comes back into the server's loop
        kernel.end_with_parent(parent)
        for descriptor in (ours.fileno(), *not_for_it):
            os.close(descriptor)
        fork_notebooks(set_up, theirs)
    os._exit(1)


def fork_notebooks(set_up: list[str], connection: socket.socket) -> None:
    """Run the set-up cells, then fork a notebook for each request until the server closes the other end."""
    try:
        shell = make_ready(set_up)
        check_single_thread()
    except Exception:
        traceback.print_exc()
        raise
    gc.collect()
    gc.freeze()
    use_huge_pages()
    while True:
        packet, descriptors, _, _ = socket.recv_fds(connection, MAX_PACKET_BYTES, MAX_DESCRIPTORS)
        if not packet:
            return
        answer, *channels = descriptors
        process = fork_notebook(json.loads(packet), channels, shell)
        with contextlib.suppress(OSError):  # whoever asked may have gone
            os.write(answer, str(process).encode())
        for descriptor in descriptors:
            os.close(descriptor)
        reap()


def import_everything() -> None:
    """Import what notebooks import, and what the sandbox needs in the fork."""
    for name in PRELOADED:
        importlib.import_module(name)
    for module in pkgutil.walk_packages(helpers.__path__, "helpers."):
        if not module.name.endswith("__main__") and ".grading" not in module.name:
            importlib.import_module(module.name)
    for backend in (*BACKENDS, "none"):
        importlib.import_module(f"helpers.grading.sandbox.backends.{backend}")


def warm_up() -> None:
    """Do what is slow the first time: fonts, file types, weights, and networks without weights."""
    figure = Figure()
    figure.subplots().set_title("ready")
    FigureCanvasAgg(figure).print_png(io.BytesIO())
    mimetypes.init()
    for name in models.EMBEDDED:
        embedded.read_numbers_once(name)
    for name in ("resnet50", "resnet18"):
        architectures.build_once(name, "DEFAULT")


def fork_notebook(request: dict, descriptors: list[int], shell: CellShell) -> int:
    """Fork the process tree of one notebook; return the number of its first process."""
    process = os.fork()
    if process:
        return process
    with contextlib.suppress(BaseException):  # a child never comes back into the server's loop
        os.setsid()
        control, notebook, *snapshots = descriptors
        run_confined(
            lambda: run_notebook(shell, notebook, snapshots),
            backend=request["backend"],
            view=View(tuple(map(Path, request["readable"])), Path(request["work"])),
            limits=SandboxLimits(**request["limits"]),
            control=socket.socket(fileno=control),
            keep=(notebook, *snapshots),
        )
    os._exit(1)


def reap() -> None:
    """Take leave of the children that have ended."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


if __name__ == "__main__":
    sys.exit(main())
