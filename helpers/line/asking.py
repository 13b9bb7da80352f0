"""Ask an answer: in this very process, as a student's own notebook does, or on the other side of the line.

An observer is a function `observer(answer, **inputs)` that runs beside the answer, calls it, and returns what
happened. It knows nothing about what is right. Its result, or the error that came out, is all that the check gets,
as plain data, wherever the answer runs.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from helpers.line.decode import decode
from helpers.line.encode import encode
from helpers.line.guard import keep_global_state, make_scratch_folder
from helpers.line.kinds import LineFault, NotLive, Raised

Observer = Callable[..., Any]


class Line(Protocol):
    """Whatever carries a question to an answer and what happened back."""

    is_live: bool  # whether the answer runs now, and not in a transcript

    def ask(self, name: str, observer: Observer, inputs: Mapping[str, Any]) -> "Happened":
        """Return what happened when `observer` called the answer of this name. Raises NotBound if there is none."""
        ...


@dataclass(frozen=True)
class Happened:
    """What happened: the observer's result, or the error that came out of it."""

    value: Any = None
    error: Raised | None = None


class Answer:
    """Stands on the judging side for a name of the student's notebook; a check asks it as it asks a function."""

    def __init__(self, name: str, line: Line) -> None:
        self.name, self.line = name, line

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call the student's function with plain data; files that are named among it go along."""
        files = {str(path): path.read_bytes() for path in args if isinstance(path, Path) and path.is_file()}
        happened = ask(call_with_files, self, args=args, kwargs=kwargs, files=files)
        if happened.error is not None:
            raise RuntimeError(str(happened.error))
        return happened.value


def require_live(answer: Any) -> None:
    """End a check whose verdict depends on real time, if the answer does not run now. Raises NotLive."""
    if isinstance(answer, Answer) and not answer.line.is_live:
        raise NotLive


def ask(observer: Observer, answer: Any, **inputs: Any) -> Happened:
    """Have `observer` call the answer with these inputs, and return what happened as plain data."""
    if isinstance(answer, Answer):
        return answer.line.ask(answer.name, observer, inputs)
    return read_happened(decode(*observe(observer, answer, inputs)))


def observe(observer: Observer, answer: Any, inputs: Mapping[str, Any]) -> tuple[Any, list[bytes]]:
    """Call the observer beside the answer; return its result or its error, encoded. An interrupt comes out."""
    with keep_global_state():
        try:
            return encode({"value": observer(answer, **inputs)})
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            return encode({"error": error})


def read_happened(value: Any) -> Happened:
    """Return what `observe` encoded. Raises LineFault if it is something else."""
    if isinstance(value, dict) and list(value) == ["value"]:
        return Happened(value["value"])
    if isinstance(value, dict) and list(value) == ["error"] and isinstance(value["error"], Raised):
        return Happened(error=value["error"])
    raise LineFault("neither a value nor an error")


def call(answer: Callable, *, args: tuple, kwargs: Mapping[str, Any]) -> Any:
    """Observer: call the answer, return what it returns."""
    return answer(*args, **kwargs)


def read(answer: Any) -> Any:
    """Observer: return the answer itself, which is a value."""
    return answer


def call_with_files(answer: Callable, *, args: tuple, kwargs: Mapping[str, Any], files: Mapping[str, bytes]) -> Any:
    """Observer: call the answer; paths among its arguments that are in `files` lead to files with these bytes."""
    with make_scratch_folder() as folder:
        moved = [write_file(folder, path, files) if str(path) in files else path for path in args]
        return answer(*moved, **kwargs)


def write_file(folder: Path, path: Path, files: Mapping[str, bytes]) -> Path:
    """Write the file of this name into `folder`, and return where it lies."""
    target = folder / path.name
    target.write_bytes(files[str(path)])
    return target
