"""What exercises do in a sandbox, and what has to work there."""

import multiprocessing
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path


def do_usual_things() -> list[str]:
    """Do what exercises do; return the names of what failed."""
    usual = (copy_files, use_temporary_files, start_programs, use_threads, use_processes, talk_to_self, read_self)
    failed = []
    for function in usual:
        try:
            function()
        except Exception as error:
            failed.append(f"{function.__name__}: {type(error).__name__}: {error}")
    return failed


def copy_files() -> None:
    Path("original.txt").write_text("text")
    Path("touched").touch()
    assert Path("touched").exists()
    os.chmod("original.txt", 0o644)
    shutil.copy("original.txt", "copy.txt")
    shutil.copy2("original.txt", "copy2.txt")
    shutil.copytree(".", "../tmp/tree")
    shutil.move("copy.txt", "../tmp/moved.txt")
    os.replace("copy2.txt", "copy.txt")
    with open("copy.txt", "w") as emptied:
        emptied.truncate(0)
    shutil.rmtree("../tmp/tree")


def use_temporary_files() -> None:
    assert tempfile.gettempdir() == os.environ["TMPDIR"]
    with tempfile.TemporaryDirectory() as folder, tempfile.NamedTemporaryFile(dir=folder) as file:
        file.write(b"x")
    Path("~/.cache/some").expanduser().mkdir(parents=True)


def start_programs() -> None:
    assert subprocess.run(["/bin/sh", "-c", "echo $HOME"], capture_output=True, text=True).stdout.strip()
    code = "import json, os; print(json.dumps(os.getcwd()))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, close_fds=True)
    assert done.stdout.strip() == f'"{os.getcwd()}"', done.stderr


def use_threads() -> None:
    threads = [threading.Thread(target=time.sleep, args=(0.01,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def use_processes() -> None:
    receiver, sender = multiprocessing.get_context("fork").Pipe()
    process = multiprocessing.get_context("fork").Process(target=sender.send, args=("sent",))
    process.start()
    assert receiver.recv() == "sent"
    process.join()


def talk_to_self() -> None:
    first, second = socket.socketpair()
    first.sendall(b"x")
    assert second.recv(1) == b"x"


def read_self() -> None:
    assert Path("/proc/self/status").read_text()
    assert os.cpu_count()
    assert Path("/proc/meminfo").read_text()
    assert os.open("/dev/null", os.O_WRONLY) and os.urandom(4)


def do_what_needs_namespaces() -> str:
    """Use what only a machine of one's own has: a network with itself, shared memory, terminals."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname(), timeout=2)
    with multiprocessing.get_context("fork").Lock():
        os.close(os.openpty()[0])
    return "done"
