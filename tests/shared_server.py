"""One fork server for all that a test grades with the command's own functions: each would start one, for 7 CPU-s."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from direct_grading import start_server

from helpers.grading import run_class


@contextlib.contextmanager
def share_server(folder: Path) -> Iterator[None]:
    """While this lasts, every run in this process uses the same server, which lives below `folder`."""
    with contextlib.closing(start_server(folder)) as server, pytest.MonkeyPatch.context() as patch:
        patch.setattr(run_class, "_start_server", lambda runtime, backend: contextlib.nullcontext(server))
        yield
