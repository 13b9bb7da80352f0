"""Open an image file: an upright RGB image, or one clear error.

Readers are chosen by the first bytes of the file, not by its name. They are Pillow's own, called without
`Image.open`, so that the result does not hang on Pillow's global limit on pixels or on its global switch for
truncated files, which other code may have changed.
"""

import io
import os
import warnings
from pathlib import Path

from PIL import Image, ImageFile, ImageOps
from PIL.BmpImagePlugin import BmpImageFile
from PIL.GifImagePlugin import GifImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.TiffImagePlugin import TiffImageFile
from PIL.WebPImagePlugin import WebPImageFile

from helpers.images.colours import to_rgb

MAX_PIXELS = 80_000_000  # 240 MB as RGB; a 50-megapixel phone photo passes
MAX_FILE_BYTES = 500_000_000  # more than any photo within MAX_PIXELS needs

_READERS: dict[bytes, type[ImageFile.ImageFile]] = {
    b"\xff\xd8\xff": JpegImageFile,
    b"\x89PNG\r\n\x1a\n": PngImageFile,
    b"GIF8": GifImageFile,
    b"RIFF": WebPImageFile,
    b"BM": BmpImageFile,
    b"II*\x00": TiffImageFile,
    b"MM\x00*": TiffImageFile,
}


class ImageError(ValueError):
    """A file that cannot be opened as an image; the message says why and what to do."""


def open_image(path: str | os.PathLike) -> Image.Image:
    """Open the image file at `path` as an upright RGB image of 8 bits a channel.

    The camera's orientation mark (EXIF) is applied. Transparent parts become white. An animation gives its
    first frame. 16-bit grey is scaled to 8 bits. Colour profiles are ignored.

    Raises ImageError, with the file's name, if there is no such file or it holds no whole image.
    """
    path = Path(path)
    try:
        if path.is_dir():
            raise ImageError(f"{path} is a folder: give the path of an image file inside it.")
        if not path.is_file():
            raise ImageError(f"There is no file {path}: check the spelling and the folder (capital letters count).")
        if path.stat().st_size > MAX_FILE_BYTES:
            raise ImageError(f"{path.name} is larger than {MAX_FILE_BYTES // 10**6} MB: choose a smaller photo.")
        data = path.read_bytes()
    except OSError as error:
        raise ImageError(f"{path.name} cannot be read ({error.strerror}): check its permissions.") from error
    return decode_image(data, name=path.name)


def decode_image(data: bytes, *, name: str) -> Image.Image:
    """Decode the bytes of an image file, as `open_image` does; `name` is used in error messages."""
    reader = _find_reader(data, name)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Pillow's remarks on odd metadata; the pixels are what counts
        try:
            image = reader(_WholeFile(data))
            _check_size(image.size, name)
            image.load()
            _turn_upright(image)
            return to_rgb(image)
        except ImageError:
            raise
        except Image.DecompressionBombError as error:  # Pillow looks at TIFF tiles and WebP canvases itself
            raise ImageError(f"{name} has too many pixels: make it smaller with an image program first.") from error
        except Exception as error:  # each format has its own ways to fail
            raise ImageError(
                f"{name} is damaged or cut short: download or copy it again, or choose another photo."
            ) from error


class _WholeFile(io.BytesIO):
    """The bytes of a file; to read on after the last one is an error.

    Without it, one `ImageFile.LOAD_TRUNCATED_IMAGES = True` anywhere would show half a photo in silence.
    """

    def read(self, size: int | None = -1) -> bytes:
        data = super().read(size)
        if not data and size != 0:
            raise OSError("the file ends too early")
        return data


def _find_reader(data: bytes, name: str) -> type[ImageFile.ImageFile]:
    if not data:
        raise ImageError(f"{name} is empty: download or copy it again.")
    if data[:512].lstrip().startswith(b"<"):
        raise ImageError(f"{name} holds a web page or a drawing (HTML or SVG): download the photo itself.")
    for start, reader in _READERS.items():
        if data.startswith(start) and (start != b"RIFF" or data[8:12] == b"WEBP"):
            return reader
    raise ImageError(
        f"{name} is not a JPEG, PNG, GIF, WebP, BMP or TIFF image: "
        "choose another file, or save the photo as JPEG or PNG first."
    )


def _check_size(size: tuple[int, int], name: str) -> None:
    width, height = size
    if width * height > MAX_PIXELS:
        raise ImageError(
            f"{name} would have {width} x {height} pixels, and the limit is {MAX_PIXELS // 10**6} million: "
            "make it smaller with an image program first."
        )


def _turn_upright(image: Image.Image) -> None:
    try:
        ImageOps.exif_transpose(image, in_place=True)
    except Exception:  # EXIF that cannot be read names no orientation
        return
