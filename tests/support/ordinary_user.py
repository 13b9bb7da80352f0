"""Run a command as an ordinary user, also when the tests run as root and Python lives below root's own folder.

As a program: ordinary_user.py COMMAND... becomes that user and then the command.
"""

import os
import shutil
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

USER = 61999
REPOSITORY = Path(__file__).resolve().parents[2]


def run_as_ordinary_user(command: list[str], **options) -> subprocess.CompletedProcess:
    """Run `command` as a user without rights, with `subprocess.run` and its options; return what that returns.

    A user other than root runs it as it is. HOME is an empty folder of that user's, there for as long as the
    command runs; nothing is written next to the modules.
    """
    environment = dict(options.pop("env", os.environ)) | {"PYTHONDONTWRITEBYTECODE": "1"}
    home = tempfile.mkdtemp(prefix="ordinary-user-")
    try:
        if os.geteuid() == 0:
            os.chown(home, USER, USER)
            environment["PYTHONPATH"] = os.pathsep.join([str(REPOSITORY), environment.get("PYTHONPATH", "")]).strip(":")
            command = [sys.executable, __file__, *command]
        return subprocess.run(command, env=environment | {"HOME": home}, **options)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def open_closed_folders(paths: set[Path]) -> None:
    """In a mount namespace of our own, let others reach `paths`, also where a folder above them is closed.

    A closed folder is covered by an empty one that holds nothing but these paths.
    """
    from helpers.grading.sandbox.linux import kernel

    wanted: dict[Path, list[Path]] = {}
    for path in sorted(paths):
        closed = [above for above in path.parents if not above.stat().st_mode & stat.S_IXOTH]
        if closed:
            wanted.setdefault(closed[-1], []).append(path)
    if wanted:
        kernel.leave_namespaces(kernel.CLONE_NEWNS)
        kernel.mount("none", "/", flags=kernel.MS_REC | kernel.MS_PRIVATE)
    for closed, inside in wanted.items():
        handles = [(path, os.open(path, os.O_PATH)) for path in inside]
        kernel.mount("tmpfs", str(closed), kind="tmpfs", options="mode=755,size=1m")
        for path, handle in handles:
            path.mkdir(parents=True, exist_ok=True)
            kernel.mount(f"/proc/self/fd/{handle}", str(path), flags=kernel.MS_BIND | kernel.MS_REC)
            os.close(handle)


def main() -> None:
    """Become the ordinary user, then the command."""
    from helpers.grading.sandbox.linux import identity, kernel
    from helpers.grading.sandbox.settings import find_environment

    open_closed_folders({path for path in find_environment() if path.exists()})
    identity.drop_bounding_set()
    os.setgroups([])
    os.setresgid(USER, USER, USER)
    os.setresuid(USER, USER, USER)
    kernel.control_process(kernel.PR_SET_DUMPABLE, 1)
    os.execvp(sys.argv[1], sys.argv[1:])


if __name__ == "__main__":
    main()
