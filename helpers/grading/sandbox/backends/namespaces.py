"""Backend "namespaces": processes, files, network and IPC of its own, as containers have.

The process that asked goes into new namespaces and waits; its child is process 1 there, builds the file system,
starts the confined process and supervises it. When process 1 ends, the kernel kills all that is left.
"""

import os
import select
from collections.abc import Callable

from helpers.grading.sandbox.backends.first_process import FAILED_STATUS, Start, start_confined
from helpers.grading.sandbox.backends.request import Request
from helpers.grading.sandbox.backends.root import SCRATCH, enter_root
from helpers.grading.sandbox.linux import identity, kernel
from helpers.grading.sandbox.linux.descriptors import close_others
from helpers.grading.sandbox.linux.limits import count_tasks
from helpers.grading.sandbox.linux.processes import NamespaceProcesses
from helpers.grading.sandbox.linux.seccomp import install_filter, write_filter
from helpers.grading.sandbox.linux.seccomp_policy import list_namespaces_rules
from helpers.grading.sandbox.watch.supervisor import Supervisor

_SEPARATE = (
    kernel.CLONE_NEWNS
    | kernel.CLONE_NEWPID
    | kernel.CLONE_NEWNET
    | kernel.CLONE_NEWIPC
    | kernel.CLONE_NEWUTS
    | kernel.CLONE_NEWCGROUP
)
_COUNTED_PER_NAMESPACE = (5, 14)  # since then RLIMIT_NPROC counts a user's tasks in the user namespace alone


def run(request: Request) -> None:
    """Set everything up and wait until it is over. Raises OSError where the kernel or its policy refuses."""
    who = identity.choose_identity()
    other_tasks = 0 if who.held is not None else _count_other_tasks(who.user)
    _enter_namespaces(who)
    kernel.end_with_parent(request.parent)
    watched, _held = os.pipe()  # what is held closes with this process
    supervisor = os.fork()
    if supervisor == 0:
        request.report_failure(lambda: _supervise(request, who, watched, other_tasks))
        os._exit(0)
    # One by one: the supervisor's new root is this process's as well, and the new /proc does not show it its own.
    for descriptor in (watched, request.control.fileno(), *request.keep):
        os.close(descriptor)
    os.waitpid(supervisor, 0)


def _count_other_tasks(user: int) -> int:
    release = tuple(int(part) for part in os.uname().release.split("-")[0].split(".")[:2])
    return 2 if release >= _COUNTED_PER_NAMESPACE else count_tasks(user) + 2


def _enter_namespaces(who: identity.Identity) -> None:
    if who.held is not None:
        kernel.leave_namespaces(_SEPARATE)
        return
    kernel.leave_namespaces(_SEPARATE | kernel.CLONE_NEWUSER)
    for name, text in (
        ("setgroups", "deny"),
        ("uid_map", f"{who.user} {who.user} 1"),
        ("gid_map", f"{who.group} {who.group} 1"),
    ):
        with open(f"/proc/self/{name}", "w", encoding="ascii") as table:
            table.write(text)


def _supervise(request: Request, who: identity.Identity, watched: int, other_tasks: int) -> None:
    """Be process 1."""
    os.setsid()
    kernel.control_process(kernel.PR_SET_DUMPABLE, 0)
    enter_root(request.view, limits=request.limits, user=who.user, group=who.group)
    kernel.start_loopback()
    kernel.name_machine("sandbox")
    start = Start(
        run=request.run,
        control=request.control,
        keep=request.keep,
        limits=request.limits,
        scratch=SCRATCH,
        who=who,
        prepare=_prepare,
        other_tasks=other_tasks,
    )
    main = start_confined(start)
    close_others({request.control.fileno(), watched})
    identity.use_files_as(who)
    identity.set_capabilities(identity.read_capabilities() & (1 << identity.CAP_KILL | 1 << identity.CAP_SYS_NICE))
    _end_with_parent_outside(watched)
    Supervisor(main, control=request.control, processes=NamespaceProcesses(), limits=request.limits).serve()


def _prepare() -> Callable[[], None]:
    return lambda: install_filter(write_filter(list_namespaces_rules()))


def _end_with_parent_outside(watched: int) -> None:
    """Like end_with_parent, for a parent whose number is not seen in here: its pipe tells whether it lives."""
    kernel.end_with_parent()
    if select.select([watched], [], [], 0)[0]:
        os._exit(FAILED_STATUS)
    os.close(watched)
