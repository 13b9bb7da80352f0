"""Backend "none", for --no-sandbox in so many words: the same processes and commands, without confinement."""

import contextlib
import os
import tempfile
import traceback

from helpers.grading.sandbox.backends.files import copy_work, make_scratch, remove_tree
from helpers.grading.sandbox.backends.first_process import set_environment
from helpers.grading.sandbox.backends.request import Request
from helpers.grading.sandbox.linux import kernel
from helpers.grading.sandbox.linux.descriptors import close_others, reset_signals
from helpers.grading.sandbox.linux.processes import Descendants
from helpers.grading.sandbox.watch.supervisor import Supervisor


def run(request: Request) -> None:
    """Start the notebook's process, and supervise it until it is over."""
    kernel.control_process(kernel.PR_SET_CHILD_SUBREAPER, 1)
    owner = (os.geteuid(), os.getegid())
    scratch = tempfile.mkdtemp(prefix="exercise-unconfined-")
    try:
        make_scratch(scratch, owner=owner)
        copy_work(str(request.view.work), f"{scratch}/work", limits=request.limits, owner=owner)
        main = _start(request, scratch)
        close_others({request.control.fileno()})
        Supervisor(main, control=request.control, processes=Descendants(), limits=request.limits).serve()
    finally:
        remove_tree(scratch)


def _start(request: Request, scratch: str) -> int:
    supervisor = os.getpid()
    process = os.fork()
    if process:
        return process
    with contextlib.suppress(BaseException):
        kernel.end_with_parent(supervisor)
        reset_signals(as_python=True)
        close_others(set(request.keep))
        set_environment(scratch)
        os.chdir(f"{scratch}/work")
        try:
            request.run()
        except Exception:
            traceback.print_exc()
    os._exit(0)
