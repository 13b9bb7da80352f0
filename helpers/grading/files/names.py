"""Names that come from outside: which are safe as a path or as a student's id, and how they are shown."""

import hashlib
import re
import unicodedata

MAX_PART_BYTES = 255
MAX_PATH_BYTES = 1_000
MAX_ID, MAX_ID_BYTES = 80, 120  # some file systems take 143 bytes: room for .ID.json.tmp and the like
MAX_SHOWN = 100

IGNORED = frozenset({"__macosx", "thumbs.db", "desktop.ini", "__pycache__", "venv", "node_modules"})
"""Files and folders that computers leave behind, in lower case; and everything whose name begins with a dot."""

CHECKPOINTS = ".ipynb_checkpoints"
_ICLOUD = re.compile(r"\..*\.ipynb(\.json|\.txt)?\.icloud", re.I)
_DRIVE = re.compile(r"^[A-Za-z]:")
_UNSAFE_IN_ID = re.compile(r"[^\w .@+-]")
_TAKEN = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.I)  # Windows has devices of these names
_ZIP = re.compile(r"\.(zip)$", re.I)  # beside the folder feedback/ID lies feedback/ID.zip


def show_name(name: str) -> str:
    """Return a name as a message shows it: one line, printable, not too long."""
    shown = "".join(sign if sign.isprintable() else "?" for sign in name)
    half = MAX_SHOWN // 2
    return shown if len(shown) <= MAX_SHOWN else f"{shown[:half]}...{shown[-half:]}"


def explain_bad_path(name: str) -> str:
    """Return what is wrong with a path from an archive or a folder, or "" if it is safe below any folder."""
    name = unicodedata.normalize("NFC", name)  # as it will be written, which may be longer
    if any(unicodedata.category(sign) in ("Cc", "Cs") for sign in name):
        return "has signs in its name that cannot be printed"
    if "\\" in name:
        return "has a backslash in its name"
    if name.startswith("/") or _DRIVE.match(name):
        return "has an absolute path for a name"
    if ".." in name.split("/"):
        return "has a name that leads out of its folder (..)"
    if any(len(part.encode()) > MAX_PART_BYTES for part in name.split("/")):
        return "has a name that is too long"
    return "has a path that is too long" if len(name.encode()) > MAX_PATH_BYTES else ""


def split_path(name: str) -> tuple[str, ...]:
    """Return the parts of a safe path, in Unicode's composed form, without empty ones and dots."""
    return tuple(unicodedata.normalize("NFC", part) for part in name.split("/") if part not in ("", "."))


def is_notebook_name(name: str) -> bool:
    """Tell whether a name is that of a notebook: also with .json or .txt behind it, as browsers save it, or blanks."""
    return name.strip().casefold().endswith((".ipynb", ".ipynb.json", ".ipynb.txt"))


def may_be_notebook_name(name: str) -> bool:
    """Tell whether a file of this name may hold a notebook all the same: one ending in .json or .txt, or in nothing."""
    return name.strip().casefold().endswith((".json", ".txt")) or "." not in name


def find_stem(name: str) -> str:
    """Return a notebook's name without its endings."""
    return re.sub(r"(\.ipynb)?(\.json|\.txt)?$", "", name.strip(), flags=re.I)


def explain_trace(parts: tuple[str, ...]) -> str:
    """Return what to say of a trace of a notebook that is not the notebook, "" for anything else."""
    if _ICLOUD.fullmatch(parts[-1]):
        return "stands in iCloud, and only its place was handed in: ask for it again, opened on the computer first."
    if CHECKPOINTS in parts[:-1] and is_notebook_name(parts[-1]):
        return "is a checkpoint copy that Jupyter makes, perhaps an older one: ask for the notebook itself."
    return ""


def is_ignored(parts: tuple[str, ...]) -> bool:
    """Tell whether a path is one that nobody hands in on purpose."""
    return any(part.startswith(".") or part.casefold() in IGNORED for part in parts)


def make_id(text: str) -> str:
    """Return `text` as a student's id: safe as the name of a file and of a folder. "" if nothing is left of it.

    A long one is cut, and ends in signs that tell it from others that begin alike.
    """
    text = unicodedata.normalize("NFC", text)
    safe = _UNSAFE_IN_ID.sub("_", text).strip(" ").lstrip(".-+@ ").rstrip(". ")
    safe = _ZIP.sub(r"_\1", f"_{safe}" if _TAKEN.fullmatch(safe) else safe)
    if len(safe) <= MAX_ID and len(safe.encode()) <= MAX_ID_BYTES:
        return safe
    ending = f"-{hashlib.sha256(text.encode(errors='surrogatepass')).hexdigest()[:8]}"
    start = safe[: MAX_ID - len(ending)].encode()[: MAX_ID_BYTES - len(ending)]
    return start.decode(errors="ignore") + ending


def fold_id(text: str) -> str:
    """Return an id for comparing: those that any file system may take for one name are equal."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


def fold(text: str) -> str:
    """Return `text` for comparing names: letters and digits alone, without regard to case."""
    text = unicodedata.normalize("NFKC", text).casefold()
    return "".join(sign for sign in unicodedata.normalize("NFC", text) if sign.isalnum())
