"""What ends a run of grading, and how one student's trouble is told from everybody's, such as a full disk."""

import errno

from sqlalchemy import exc

FOR_ALL = {
    *(errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO),
    *(errno.EMFILE, errno.ENFILE, errno.ENOMEM),
}
IN_A_NAME = {errno.ENAMETOOLONG, errno.EINVAL, errno.EILSEQ}
ABOUT_ONE_ROW = (exc.DataError, exc.IntegrityError, exc.ProgrammingError, exc.NotSupportedError)
MAX_MESSAGE = 200  # characters


class GradingError(RuntimeError):
    """A step of grading could not be done; the message says why, and what to do."""


def concerns_everybody(error: BaseException) -> bool:
    """Tell whether the next student would meet the same: no disk or files left, or a gradebook out of order."""
    if isinstance(error, OSError):
        return error.errno in FOR_ALL
    return isinstance(error, exc.DatabaseError) and not isinstance(error, ABOUT_ONE_ROW)


def is_about_a_name(error: BaseException) -> bool:
    """Tell whether a file could not be written because no file can have its name."""
    return error.errno in IN_A_NAME if isinstance(error, OSError) else isinstance(error, ValueError)


def explain_to_all(error: BaseException) -> str:
    """Return one line on trouble that concerns everybody, and what to do about it."""
    return (
        f"Results could not be written: {describe_error(error)}. Nothing that was graded is lost: see to the disk and "
        "to gradebook.db (no other program may hold it, and it must be writable), and give the command again."
    )


def describe_error(error: BaseException) -> str:
    """Return an error's kind and message as part of a sentence, in one short line that can be printed."""
    origin = getattr(error, "orig", None) or error  # SQLAlchemy wraps it in the whole statement
    message = " ".join(str(origin).encode("utf-8", "replace").decode().split())
    return f"{type(origin).__name__}: {message[:MAX_MESSAGE]}".rstrip(".: ")
