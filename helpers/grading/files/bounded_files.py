"""Files that refuse to be read without bound: what stands between a hostile archive and the standard library."""

import gzip
import io
import lzma
from typing import Any, BinaryIO

from helpers.grading.files.items import CHUNK_BYTES, SWELLS, IntakeLimits, Refused

MAX_DIRECTORY_BYTES = 16_000_000
MAX_HEADER_BYTES = 1_000_000
MAX_XZ_MEMORY_BYTES = 128_000_000  # xz -9 takes 65 MB


class ZipSource:
    """A zip file of which no single read gives more than 16 MB: zipfile reads its directory in one piece."""

    def __init__(self, file: BinaryIO):
        self._file = file
        self.seek, self.tell, self.seekable = file.seek, file.tell, file.seekable

    def read(self, size: int = -1) -> bytes:
        """Read `size` bytes, or all when it is negative; ValueError when that is too much."""
        if size > MAX_DIRECTORY_BYTES:
            raise ValueError("the directory of the archive is too large")
        data = self._file.read(size if size >= 0 else MAX_DIRECTORY_BYTES + 1)
        if len(data) > MAX_DIRECTORY_BYTES:
            raise ValueError("the directory of the archive is too large")
        return data


class TarSource:
    """A tar file that is read once, front to back, and not further than `most_bytes`.

    `packed` is "gz", "xz" or "".
    tarfile reads a long name in one piece of any declared size, and goes back only when a size is a lie.
    """

    def __init__(self, file: BinaryIO, limits: IntakeLimits, *, packed: str, most_bytes: int):
        self._packed, self._limits, self._most_bytes = file, limits, most_bytes
        self._file: BinaryIO | gzip.GzipFile | XzFile = file
        if packed:
            self._file = gzip.GzipFile(fileobj=file, mode="rb") if packed == "gz" else XzFile(file)
        self._position = 0

    def read(self, size: int) -> bytes:
        """Read `size` bytes. ValueError when that is too much at once, Refused when too much came out in all."""
        if not 0 <= size <= MAX_HEADER_BYTES:
            raise ValueError("one piece of the archive is too large")
        data = self._file.read(size)
        self._position += len(data)
        if self._position > self._most_bytes:
            raise Refused(f"unpacks to more than {self._most_bytes / 1e6:g} MB and was left out: ask for fewer files.")
        limits = self._limits
        if self._position > max(limits.ratio_from_bytes, limits.ratio * self._packed.tell()):
            raise Refused(SWELLS)
        return data

    def seek(self, offset: int) -> int:
        """Move forward; ValueError when it would go back."""
        if offset < self._position:
            raise ValueError("the archive leads back into itself")
        while offset > self._position and self.read(min(offset - self._position, MAX_HEADER_BYTES)):
            pass
        return self._position

    def tell(self) -> int:
        """Return the position."""
        return self._position


class XzFile:
    """An xz file that is read front to back, with no more memory than its usual settings need."""

    def __init__(self, file: BinaryIO):
        self._file, self._data = file, b""
        self._unpacker = self._start()

    @staticmethod
    def _start() -> lzma.LZMADecompressor:
        return lzma.LZMADecompressor(format=lzma.FORMAT_XZ, memlimit=MAX_XZ_MEMORY_BYTES)

    def read(self, size: int) -> bytes:
        """Read `size` bytes, fewer at the end; lzma.LZMAError or EOFError if it is damaged."""
        parts, missing = [], size
        while missing > 0:
            if self._unpacker.eof:
                self._data = self._unpacker.unused_data.lstrip(b"\0") or self._file.read(CHUNK_BYTES).lstrip(b"\0")
                if not self._data:
                    break
                self._unpacker = self._start()
            if self._unpacker.needs_input:
                self._data = self._data or self._file.read(CHUNK_BYTES)
                if not self._data:
                    raise EOFError("the archive is cut off")
            part = self._unpacker.decompress(self._data, missing)
            self._data = b""
            parts.append(part)
            missing -= len(part)
        return b"".join(parts)


class Slice(io.RawIOBase):
    """The bytes `start` to `start + size` of another file, as a file of its own."""

    def __init__(self, file: BinaryIO, start: int, size: int):
        self._file, self._position, self._end = file, start, start + size

    def readable(self) -> bool:
        """Tell that it can be read."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Read the next bytes into `buffer` and return how many they were."""
        self._file.seek(self._position)
        data = self._file.read(min(len(buffer), self._end - self._position))
        buffer[: len(data)] = data
        self._position += len(data)
        return len(data)
