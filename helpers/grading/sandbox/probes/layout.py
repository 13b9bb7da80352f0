"""What the prober lays out around a sandbox, and what it looks at afterwards."""

import os
import select
import signal
import socket
from pathlib import Path

from helpers.grading.sandbox.probes.target import Target
from helpers.grading.sandbox.settings import SandboxLimits, find_environment


def lay_out(folder: Path, token: str, *, port: int, limits: SandboxLimits) -> Target:
    """Make files with a token in them in `folder`, open to everyone; return what is to be aimed at."""
    for name in ("readable", "work", "outside"):
        (folder / name).mkdir()
        (folder / name).chmod(0o777)  # what keeps confined code out must be the sandbox, not the file's mode
    folder.chmod(0o755)
    for name in ("readable/file.txt", "work/handed-in.txt", "outside/secret.txt"):
        (folder / name).write_text(token, encoding="utf-8")
    home = Path.home()
    on_the_way = {path.relative_to(home).parts[0] for path in find_environment() if path.is_relative_to(home)}
    names = {entry.name for entry in home.iterdir()} if home.is_dir() else set()
    return Target(
        process=os.getpid(),
        token=token,
        readable=folder / "readable" / "file.txt",
        secret=folder / "outside" / "secret.txt",
        port=port,
        home=home,
        home_names=frozenset(names - on_the_way),
        limits=limits,
    )


def find_traces(folder: Path, token: str, server: socket.socket) -> dict[str, bool]:
    """Return what can be seen from outside only: did a signal, a connection, or a file get out? Files are removed."""
    places = (folder / "outside", folder / "readable", Path.home(), Path("/"), Path("/dev/shm"), Path("/tmp"))
    written = [place / f"written-{token}" for place in places if (place / f"written-{token}").exists()]
    for path in written:
        path.unlink()
    return {
        "signal a process outside": signal.SIGURG in signal.sigpending(),
        "connect to a local server": bool(select.select([server], [], [], 0)[0]),
        "write outside": bool(written),
    }
