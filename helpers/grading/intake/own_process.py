"""Take in what students handed in, in a process apart, with limits for each: what costs too much costs nobody else.

The process is a fork, as archives are open already. It goes on to the next student, since a fork can take as long as
taking in; when a student's work exceeds a limit, or anything else goes wrong, it ends, and another takes its place.
"""

import contextlib
import errno
import json
import math
import multiprocessing
import os
import resource
import signal
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess

from helpers.grading.files.items import IntakeLimits
from helpers.grading.intake.taking import IntakeDesk, take_in
from helpers.grading.lms.claim import Claim
from helpers.grading.lms.layouts import DownloadEntry
from helpers.grading.records import Student, Submission, parse_submission
from helpers.grading.sandbox.linux import kernel

FORK = multiprocessing.get_context("fork")
MEGABYTE = 1 << 20
MAX_STUDENTS = 50  # of one process: what it may have kept of them ends with it
MAX_ANSWER_BYTES = 10_000_000

OURS = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO, errno.EACCES, errno.EPERM, errno.ENFILE})
"""Errors that are not a student's doing: the disk is full or broken, so that nobody else can be taken in either."""

ADVICE = "ask for the notebooks alone, saved by Jupyter."
LIMIT = f"What was handed in took more than {{limit}} to take in: {ADVICE}"
FAILED = f"What was handed in could not be taken in ({{error}}): {ADVICE}"

Work = tuple[Student, list[tuple[Claim, DownloadEntry]]]


def take_in_apart(work: Sequence[Work], desk: IntakeDesk) -> Iterator[Submission]:
    """Yield what `take_in` makes of each student's work, in order; it is unreadable if it exceeds the limits.

    OSError if the disk is at fault.
    """
    done = 0
    while done < len(work):
        next_ones = work[done : done + MAX_STUDENTS]
        with _start(next_ones, desk) as (process, receiver):
            for student, _ in next_ones:
                answer = _wait_for_answer(receiver, process, desk.limits)
                done += 1
                if "stops" in answer:
                    raise OSError(*answer["stops"])
                if "submission" not in answer:
                    yield Submission(student.id, problems=(answer["problem"],), assignment=desk.assignment)
                    break
                yield parse_submission(answer["submission"])


@contextlib.contextmanager
def _start(work: Sequence[Work], desk: IntakeDesk) -> Iterator[tuple[BaseProcess, Connection]]:
    """Give a process that takes in this work, and where its answers come; it ends with the context."""
    receiver, sender = FORK.Pipe(duplex=False)
    process = FORK.Process(target=_work, args=(sender, work, desk), daemon=True)
    process.start()
    sender.close()
    try:
        yield process, receiver
    finally:
        process.kill()
        process.join()
        receiver.close()


def _wait_for_answer(receiver: Connection, process: BaseProcess, limits: IntakeLimits) -> dict:
    """Return the process's next answer, or a sentence if it ends without, or gives none."""
    if not receiver.poll(limits.wall_s):
        return {"problem": LIMIT.format(limit=f"{limits.wall_s:g} s")}
    try:
        return json.loads(receiver.recv_bytes(MAX_ANSWER_BYTES))
    except (EOFError, OSError):
        process.join()
    if process.exitcode == -signal.SIGXCPU:
        return {"problem": LIMIT.format(limit=f"{limits.cpu_s} s of computing")}
    return {"problem": FAILED.format(error=f"its process ended with {process.exitcode}")}


def _work(sender: Connection, work: Sequence[Work], desk: IntakeDesk) -> None:
    """Take in one after the other, and send what came of each, up to the first that goes wrong."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the command, which then ends this process
    if sys.platform == "linux":
        kernel.end_with_parent()
    for student, sources in work:
        _limit(desk.limits)
        answer = _answer(student, sources, desk)
        sender.send_bytes(json.dumps(answer).encode())
        if "submission" not in answer:
            break


def _answer(student: Student, sources: list[tuple[Claim, DownloadEntry]], desk: IntakeDesk) -> dict:
    try:
        return {"submission": asdict(take_in(student, sources, desk))}
    except MemoryError:
        return {"problem": LIMIT.format(limit=f"{desk.limits.memory_mb:,} MB of memory")}
    except OSError as error:
        if error.errno in OURS:
            return {"stops": (error.errno, error.strerror, error.filename and os.fspath(error.filename))}
        return {"problem": FAILED.format(error=error.strerror)}
    except Exception as error:  # whatever hostile files make of a parser must not stop the class
        return {"problem": FAILED.format(error=type(error).__name__)}


def _limit(limits: IntakeLimits) -> None:
    """Limit what this process may use beyond what it has used so far."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _lower(resource.RLIMIT_CPU, math.ceil(used.ru_utime + used.ru_stime) + limits.cpu_s)
    _lower(resource.RLIMIT_CORE, 0)
    if sys.platform == "linux":
        with open("/proc/self/statm", encoding="ascii") as sizes:
            mapped = int(sizes.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
        _lower(resource.RLIMIT_AS, mapped + limits.memory_mb * MEGABYTE)


def _lower(kind: int, value: int) -> None:
    """Set a limit, which can be raised again as far as the one that holds for this process anyway."""
    _, hard = resource.getrlimit(kind)
    resource.setrlimit(kind, (value if hard == resource.RLIM_INFINITY else min(value, hard), hard))
