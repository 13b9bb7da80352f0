"""Hostile code that reaches for what is outside its sandbox: files, servers, names. See attacks.py."""

import fcntl
import os
import socket
import struct
from collections.abc import Callable
from pathlib import Path

from tests.support.sandbox.attacks import libc, list_successes


def attack_files(secret: str, shown: str) -> list[str]:
    """Try to read, change, lock or watch a file outside (secret) and one that may only be read (shown)."""
    watch = libc.inotify_init1(0)
    tries: dict[str, Callable] = {
        "read secret": lambda: Path(secret).read_text(),
        "read secret by /proc": lambda: Path(f"/proc/self/root{secret}").read_text(),
        "read secret by link": lambda: os.symlink(secret, "link") or Path("link").read_text(),
        "watch secret": lambda: libc.inotify_add_watch(watch, os.path.dirname(secret).encode(), 0xFFF) >= 0,
        "lease shown": lambda: fcntl.fcntl(os.open(shown, os.O_RDONLY), fcntl.F_SETLEASE, fcntl.F_WRLCK),
        "create beside secret": lambda: Path(secret + ".new").write_text("x"),
        "create beside shown": lambda: Path(shown + ".new").write_text("x"),
        "make folder": lambda: os.mkdir(shown + ".folder"),
        "attributes of shown": lambda: fcntl.ioctl(os.open(shown, os.O_RDONLY), 0x40086602, struct.pack("@l", 0x80)),
    }
    for name, path in (("secret", secret), ("shown", shown)):
        tries |= {
            f"write {name}": lambda path=path: Path(path).write_text("x"),
            f"append to {name}": lambda path=path: os.open(path, os.O_WRONLY | os.O_APPEND),
            f"empty {name}": lambda path=path: os.truncate(path, 0),
            f"empty {name} reading": lambda path=path: os.open(path, os.O_RDONLY | os.O_TRUNC),
            f"own {name}": lambda path=path: os.chown(path, os.getuid(), -1),
            f"mark {name}": lambda path=path: os.setxattr(path, "user.mark", b"x"),
            f"touch {name}": lambda path=path: os.utime(path),
            f"rename {name}": lambda path=path: os.rename(path, path + ".moved"),
            f"move {name}": lambda path=path: os.rename(path, "moved"),
            f"link {name}": lambda path=path: os.link(path, "linked"),
            f"delete {name}": lambda path=path: os.unlink(path),
        }
    done = list_successes(tries)
    for path in (secret, shown):  # these may claim to have worked: the test looks at the files
        list_successes({"mode": lambda path=path: os.chmod(path, 0o600)})
        list_successes({"times": lambda path=path: os.utime(path, (1, 1))})
    return done


def attack_network(port: int, unix: str, abstract: str) -> list[str]:
    """Reach servers outside: over loopback, by the paths of their sockets, and by abstract names."""
    kinds = {"netlink": (16, 3), "packet": (17, 3), "vsock": (40, 1), "crypto": (38, 5), "raw": (2, 3)}
    tries: dict[str, Callable] = {
        name: lambda kind=kind: socket.socket(kind[0], kind[1]) for name, kind in kinds.items()
    }
    tries |= {
        "sctp": lambda: socket.socket(socket.AF_INET, socket.SOCK_STREAM, 132),
        "tcp": lambda: socket.create_connection(("127.0.0.1", port), timeout=2),
        "tcp 6": lambda: socket.create_connection(("::1", port), timeout=2),
        "outside": lambda: socket.create_connection(("1.1.1.1", 53), timeout=2),
        "unix": lambda: socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM).connect(unix),
        "abstract": lambda: socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM).connect("\0" + abstract),
        "pair": lambda: socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)[0].sendto(b"x", unix),
        "pair abstract": lambda: socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)[0].sendto(b"x", "\0" + abstract),
    }
    return list_successes(tries)


def look_around(token: str, closed: list[str]) -> list[str]:
    """Look for the token and for folders outside in everything that can be read."""
    seen = []
    for process in [name for name in _list("/proc") if name.isdigit()] + ["self", str(os.getppid())]:
        for name in ("environ", "cmdline"):
            try:
                if token.encode() in Path(f"/proc/{process}/{name}").read_bytes():
                    seen.append(f"{process} {name}")
            except OSError:
                pass
    seen += [folder for folder in closed if _list(folder)]
    descriptors = set(map(int, _list("/proc/self/fd"))) - {0, 1, 2}
    links = [f"/proc/self/fd/{number}" for number in descriptors]
    kinds = [os.readlink(link) for link in links if os.path.lexists(link)]
    return seen + [kind for kind in kinds if not kind.startswith("pipe:")] + (["descriptors"] if len(kinds) > 1 else [])


def _list(folder: str) -> list[str]:
    try:
        return os.listdir(folder)
    except OSError:
        return []
