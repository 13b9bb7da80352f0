"""List what is in a .zip, .tar.gz or .tar.xz, without writing any of it under a name from the archive."""

import math
import stat
import tarfile
import tempfile
import zipfile
from contextlib import ExitStack
from datetime import datetime
from typing import BinaryIO

from helpers.grading.files.bounded_files import Slice, TarSource, ZipSource
from helpers.grading.files.items import CHUNK_BYTES, LINK, NOT_PLAIN, IntakeLimits, Item, Refused
from helpers.grading.files.names import explain_bad_path, explain_trace, is_ignored, split_path

ARCHIVES = (".zip", ".tar.gz", ".tgz", ".tar.xz", ".txz", ".tar")
PACKED = {".tar.gz": "gz", ".tgz": "gz", ".tar.xz": "xz", ".txz": "xz"}
OTHER_ARCHIVES = (".7z", ".rar", ".tar.bz2", ".tbz2", ".gz", ".bz2", ".xz")

WRONG_ARCHIVE = "is an archive of a kind that is not opened here and was left out: ask for a .zip."
TOO_DEEP = "is an archive inside an archive and was left out: ask for the files in one .zip."
BROKEN = "is damaged, or is no {kind} archive, and was left out: ask for it again."
TOO_MANY = "holds more than {most:,} files and was left out: ask for the notebooks alone."
ENCRYPTED = "is encrypted and was left out: ask for it without a password."
UNUSUAL = "is packed in an unusual way and was left out: ask for an ordinary .zip."


def find_archive_suffix(name: str) -> str:
    """Return the ending of an archive that can be opened here, or ""."""
    return next((suffix for suffix in ARCHIVES if name.casefold().endswith(suffix)), "")


def is_other_archive(name: str) -> bool:
    """Tell whether the name is that of an archive that cannot be opened here."""
    return not find_archive_suffix(name) and name.casefold().endswith(OTHER_ARCHIVES)


def list_archive(
    file: BinaryIO, name: str, stack: ExitStack, limits: IntakeLimits, *, whole_class: bool = False
) -> list[Item]:
    """Return the files in an open archive; they can be read until `stack` is closed.

    `name` tells the kind by its ending; `whole_class` allows as much as a whole class hands in. Refused when the
    archive itself cannot be opened; a bad entry is an item that says so.
    """
    suffix = find_archive_suffix(name)
    most_files = limits.class_files if whole_class else 10 * limits.student_files
    try:
        entries = _open_zip(file, stack) if suffix == ".zip" else _open_tar(file, suffix, stack, limits, whole_class)
        found = []
        for entry in entries:
            found.append(entry)
            if len(found) > most_files:
                raise Refused(TOO_MANY.format(most=most_files))
    except (Refused, MemoryError):
        raise
    except Exception:  # whatever a damaged archive makes of its reader
        raise Refused(BROKEN.format(kind=suffix)) from None
    return [item for entry_name, fields in found for item in _make_item(name, entry_name, fields)]


def _make_item(archive: str, name: str, fields: dict) -> list[Item]:
    if find_archive_suffix(archive) == ".zip":  # as some programs of Windows write paths
        name = name.replace("\\", "/")
    wrong, label, parts = explain_bad_path(name), f"{archive}: {name}", split_path(name)
    if wrong:
        return [Item((), label, refused=f"{wrong} and was left out: rename it and pack again.")]
    if parts and (trace := explain_trace(parts)):
        return [Item(parts, label, refused=trace, is_trace=True)]
    return [] if not parts or is_ignored(parts) else [Item(parts, label, **fields)]


def _open_zip(file: BinaryIO, stack: ExitStack):
    archive = stack.enter_context(zipfile.ZipFile(ZipSource(file)))
    for info in archive.infolist():
        if not info.orig_filename.endswith(("/", "\\")):
            yield info.orig_filename, _describe_zip_entry(archive, info)


def _describe_zip_entry(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> dict:
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind == stat.S_IFLNK:
        return {"refused": LINK}
    if kind not in (0, stat.S_IFREG):
        return {"refused": NOT_PLAIN}
    if info.flag_bits & 0x1:
        return {"refused": ENCRYPTED}
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return {"refused": UNUSUAL}
    size, modified_s = max(info.compress_size, 1), _read_zip_time(info)
    return {"open": lambda: archive.open(info), "packed_bytes": size, "modified_s": modified_s}


def _read_zip_time(info: zipfile.ZipInfo) -> float | None:
    """Return an entry's time. A zip holds local time without a zone: it is taken for this machine's."""
    try:
        return datetime(*info.date_time).timestamp()
    except (ValueError, OverflowError, OSError):
        return None


def _open_tar(file: BinaryIO, suffix: str, stack: ExitStack, limits: IntakeLimits, whole_class: bool):
    """Unpack a tar archive, front to back, into one nameless temporary file, and yield slices of it."""
    most_bytes = limits.class_bytes if whole_class else limits.student_bytes
    source = TarSource(file, limits, packed=PACKED.get(suffix, ""), most_bytes=most_bytes)
    store = stack.enter_context(tempfile.TemporaryFile())  # noqa: SIM115  (open as long as its slices)
    with tarfile.TarFile(fileobj=source, mode="r") as archive:  # type: ignore[arg-type]  # read, tell and seek are enough
        while (member := archive.next()) is not None:
            archive.members.clear()  # type: ignore[attr-defined]  # not documented; else every header stays in memory
            if not member.isdir():
                yield member.name, _unpack_tar_entry(archive, member, store)


def _unpack_tar_entry(archive: tarfile.TarFile, member: tarfile.TarInfo, store: BinaryIO) -> dict:
    if member.issym() or member.islnk():
        return {"refused": LINK}
    if not member.isreg() or member.issparse():
        return {"refused": NOT_PLAIN}
    start, source = store.tell(), archive.extractfile(member)
    assert source is not None  # it is a plain file
    while chunk := source.read(CHUNK_BYTES):
        store.write(chunk)
    size = store.tell() - start
    modified_s = float(member.mtime) if math.isfinite(member.mtime) else None
    return {"open": lambda: Slice(store, start, size), "modified_s": modified_s}
