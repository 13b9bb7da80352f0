"""Backend "landlock": for machines that do not let ordinary users have namespaces.

The process that asked supervises from outside, and its child gives up its rights by Landlock and seccomp. What is
weaker than with namespaces: names and sizes of files outside can be asked for (not their content), the
scratch folder is on a disk, and there is no network inside either, no shared memory and no pseudo-terminal.
"""

import os
import stat
import tempfile
from collections.abc import Callable
from pathlib import Path

from helpers.grading.sandbox.backends.files import copy_work, make_scratch, remove_tree
from helpers.grading.sandbox.backends.first_process import Start, start_confined
from helpers.grading.sandbox.backends.request import Request
from helpers.grading.sandbox.linux import identity, kernel
from helpers.grading.sandbox.linux import landlock as kernel_landlock
from helpers.grading.sandbox.linux.descriptors import close_others
from helpers.grading.sandbox.linux.landlock import READ, READ_FILE, TRUNCATE, WRITE_FILE, Ruleset
from helpers.grading.sandbox.linux.limits import count_tasks
from helpers.grading.sandbox.linux.processes import Descendants, GroupedDescendants, check_listing, kill_all, reap
from helpers.grading.sandbox.linux.seccomp import install_filter, write_filter
from helpers.grading.sandbox.linux.seccomp_policy import list_landlock_rules
from helpers.grading.sandbox.settings import CPU_FOLDER, DEVICES, SYSTEM_FILES, SYSTEM_FOLDERS, SandboxError, View
from helpers.grading.sandbox.watch.scratch import ScratchWatch
from helpers.grading.sandbox.watch.supervisor import Supervisor
from helpers.grading.sandbox.watch.usage import Paced

_FIRST_WITH_SCOPES = 6  # from this version on Landlock itself keeps signals in
_OWN_PROC_FILES = ("status", "stat", "statm", "maps", "smaps_rollup", "limits", "cmdline", "comm", "fd", "fdinfo")
_PROC_FILES = ("/proc/cpuinfo", "/proc/meminfo", "/proc/stat", "/proc/loadavg", "/proc/version")


def run(request: Request) -> None:
    """Set everything up and supervise until it is over. Raises SandboxError on a kernel without Landlock."""
    version = find_version(request.landlock_version)
    who = identity.choose_identity()
    check_listing()
    kernel.control_process(kernel.PR_SET_CHILD_SUBREAPER, 1)
    kernel.control_process(kernel.PR_SET_DUMPABLE, 0)
    scratch = tempfile.mkdtemp(prefix="exercise-sandbox-")
    try:
        _supervise(request, who, scratch, version)
    finally:
        kill_all(Descendants(), reap)
        identity.use_files_as(identity.Identity(os.geteuid(), os.getegid()))
        remove_tree(scratch)


def find_version(forced: int | None) -> int:
    """Return the Landlock interface to use: the kernel's, or an older one to try it."""
    version = kernel_landlock.find_version()
    if not version:
        raise SandboxError("This kernel has no Landlock (Linux 5.13, and landlock in the list of active modules).")
    return min(version, forced or version)


def _supervise(request: Request, who: identity.Identity, scratch: str, version: int) -> None:
    owner = (who.user, who.group)
    make_scratch(scratch, owner=owner)
    copy_work(str(request.view.work), f"{scratch}/work", limits=request.limits, owner=owner)
    start = Start(
        run=request.run,
        control=request.control,
        keep=request.keep,
        limits=request.limits,
        scratch=scratch,
        who=who,
        prepare=lambda: _prepare(request.view, scratch, who, version),
        other_tasks=0 if who.held is not None else count_tasks(who.user),
        kept_capability=_choose_capability(request.view) if who.held is not None else None,
    )
    main = start_confined(start)
    close_others({request.control.fileno()} | who.descriptors)
    identity.use_files_as(who)
    processes = GroupedDescendants(main)
    Supervisor(
        main,
        control=request.control,
        processes=processes,
        limits=request.limits,
        watches=(Paced(ScratchWatch(request.limits, scratch, processes.list), share=0.02),),
        is_wanted=lambda: os.getppid() == request.parent,
    ).serve()


def _choose_capability(view: View) -> int | None:
    """Return the right to read whatever Landlock allows, if others than root cannot get at the environment."""
    if not identity.has_capability(identity.CAP_DAC_READ_SEARCH):
        return None
    for path in view.readable:
        for folder in (path.resolve(), *path.resolve().parents):
            if folder.exists() and not folder.stat().st_mode & stat.S_IXOTH:
                return identity.CAP_DAC_READ_SEARCH
    return None


def _prepare(view: View, scratch: str, who: identity.Identity, version: int) -> Callable[[], None]:
    ruleset = Ruleset(version)
    own = [f"/proc/{os.getpid()}/{name}" for name in _OWN_PROC_FILES]
    readable: list[str | Path] = [*SYSTEM_FOLDERS, *SYSTEM_FILES, *_PROC_FILES, *own, CPU_FOLDER, *view.readable]
    for path in readable:
        ruleset.allow(path, READ)
    for name in DEVICES:
        ruleset.allow(Path("/dev", name), READ_FILE)
    ruleset.allow("/dev/null", READ_FILE | WRITE_FILE | TRUNCATE)
    ruleset.allow_working(scratch)
    signals_stay_in = version >= _FIRST_WITH_SCOPES or who.held is not None
    rules = list_landlock_rules(own_process=None if signals_stay_in else os.getpid())

    def enforce() -> None:
        ruleset.enforce()
        install_filter(write_filter(rules))

    return enforce
