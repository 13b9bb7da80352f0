"""Archives that write where they must not, or become far larger than they are."""

import io
import tarfile
import zipfile

import nbformat

from helpers.grading.records import UNREADABLE
from tests.hostile.attacks import Handin
from tests.hostile.exercise import NAME
from tests.hostile.submissions import folder


def pack(handin: Handin, name: str, entries: dict[str, bytes | str]) -> None:
    """Write a zip with these entries in place of the attacker's folder; a text is the target of a link."""
    handin.folder.rmdir()
    with zipfile.ZipFile(handin.top / name, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"{NAME}.ipynb", nbformat.writes(handin.notebook))
        for entry, data in entries.items():
            info = zipfile.ZipInfo(entry)
            info.external_attr = (0o120777 if isinstance(data, str) else 0o100644) << 16
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, data)


@folder()
def writes_out_of_its_archive(handin):
    """A zip whose entries lead out of it: with .., from the root, by drive, by a link."""
    mark, data = handin.around.mark, b"escaped"
    names = (
        f"../{mark}",
        f"../../course/solutions/{mark}",
        f"/tmp/{mark}",
        f"C:\\{mark}",
        f"..\\{mark}",
        f"a/../../{mark}",
    )
    links = {"out": str(handin.around.course), "out/gradebook.db": b"overwritten"}
    pack(handin, "attacker.zip", {**dict.fromkeys(names, data), **links})


@folder()
def writes_out_of_a_tar(handin):
    """A tar with hard links, links that are followed by files below them, and a device."""
    handin.folder.rmdir()
    course, notebook = handin.around.course, nbformat.writes(handin.notebook).encode()
    with tarfile.open(handin.top / "attacker.tar.gz", "w:gz") as archive:
        for name, kind, target, data in (
            (f"{NAME}.ipynb", tarfile.REGTYPE, "", notebook),
            ("out", tarfile.SYMTYPE, str(course), b""),
            (f"out/{handin.around.mark}", tarfile.REGTYPE, "", b"escaped"),
            ("hard.txt", tarfile.LNKTYPE, str(course / "gradebook.db"), b""),
            ("disk", tarfile.BLKTYPE, "", b""),
            (f"../{handin.around.mark}", tarfile.REGTYPE, "", b"escaped"),
        ):
            info = tarfile.TarInfo(name)
            info.type, info.linkname, info.size = kind, target, len(data)
            archive.addfile(info, io.BytesIO(data))


@folder()
def hands_in_a_zip_bomb(handin):
    """A zip that becomes 10,000 times as large, and a zip within a zip."""
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zeros", bytes(100_000_000))
    pack(handin, "attacker.zip", {"zeros.bin": bytes(300_000_000), "inner.zip": inner.getvalue()})


@folder(statuses=(UNREADABLE,), points=0)
def hides_its_archive(handin):
    """An archive with a password."""
    pack(handin, "attacker.zip", {})
    path = handin.top / "attacker.zip"
    data = bytearray(path.read_bytes())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(signature) + offset] |= 1  # the flag that says "encrypted"
    path.write_bytes(data)
