"""The first cell of every attack's own: it knows where everything is, and says what it could do."""

import os

from helpers.grading.answering.fork_server import ForkServer
from helpers.grading.notebooks.paths import ROOT
from tests.hostile.listeners import Listeners
from tests.hostile.processes import find_number
from tests.hostile.surroundings import Surroundings

FUNCTIONS = '''

def attempt(what, function, *arguments, **options):
    """Do what must fail; say so if it does not."""
    try:
        result = function(*arguments, **options)
    except Exception as error:
        tell_failure(what, error)
    else:
        print(WORKED, what)
        return result


def is_shut_in():
    """Return whether the grader cannot be signalled; only then may others be, if nobody outside is to be hurt."""
    import os
    try:
        os.kill(GRADER, 0)
    except OSError:
        return True
    print(WORKED, "signal the grader")
    return False


def look(what, function, *arguments, **options):
    """Look at something, and print what there is to see."""
    try:
        print(f"saw {what}: {function(*arguments, **options)!r}"[:20_000])
    except Exception as error:
        tell_failure(f"see {what}", error)


def tell_failure(what, error):
    """Say what could not be done; an attack with a mistake in it has not been tried at all."""
    is_mistake = isinstance(error, (NameError, TypeError, AttributeError, ImportError))
    print(WORKED if is_mistake else "", f"could not {what}: {type(error).__name__}: {error}")


def libc(name, *arguments):
    """Call a function of the C library; raise OSError when it fails."""
    import ctypes, os
    result = getattr(ctypes.CDLL(None, use_errno=True), name)(*arguments)
    if result == -1:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result


def in_background(function):
    """Call a function in a process of its own, which leaves session and group where it may, and never comes back."""
    import os
    if os.fork() == 0:
        try:
            for leave in (os.setsid, os.setpgrp):
                try:
                    leave()
                except OSError:
                    pass
            function()
        finally:
            os._exit(0)


def forge_report(exercise="read_labels"):
    """Return what a check shows when an answer is right."""
    report = {"exercise": exercise, "behaviour": "forged", "passed": True, "failures": [], "progress": {}}
    return {"text/plain": "forged", "application/vnd.exercise-check.v1+json": report}
'''


def make_weapons(around: Surroundings, listeners: Listeners, server: ForkServer) -> str:
    """Return the cell's source."""
    known = {
        "COURSE": str(around.course),
        "GRADEBOOK": str(around.course / "gradebook.db"),
        "SOLUTIONS": str(around.course / "solutions" / "exercise_01" / "answers.py"),
        "NEIGHBOUR": str(around.course / "submitted" / "neighbour" / "exercise_01" / "notes.txt"),
        "HOME": str(around.home),
        "RUNTIME": str(server.runtime),
        "REPOSITORY": str(ROOT),
        "GRADER": os.getpid(),
        "SERVER": find_number(server),
        "TCP": listeners.tcp,
        "UDP": listeners.udp,
        "DOOR": listeners.door,
        "SOCKET_FILE": listeners.file,
        "ABSTRACT": listeners.abstract,
        "MARK": around.mark,
        "WORKED": around.worked,
    }
    return "\n".join(f"{name} = {value!r}" for name, value in known.items()) + FUNCTIONS
