"""Photos as files that a check hands to an answer."""

import io
from pathlib import PurePath

from PIL import Image


def save_photo(image: Image.Image, name: str) -> bytes:
    """Return the bytes of a file of this name that holds the picture."""
    buffer, ending = io.BytesIO(), PurePath(name).suffix.lower()
    image.save(buffer, format=Image.registered_extensions()[ending])
    return buffer.getvalue()
