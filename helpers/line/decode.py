"""Read a message of the line. What it says comes from student code: it is plain data of bounded size, or LineFault.

Nothing is called by a name that the message gives, nothing is imported, and every value is made here.
"""

import math
from collections.abc import Callable, Sequence
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from pathlib import PurePosixPath
from typing import Any

import numpy as np
import torch
from PIL import Image

from helpers.line.kinds import (
    DEVICES,
    DTYPES,
    MAX_BLOBS_MB,
    MAX_CLASSES,
    MAX_DEPTH,
    MAX_DIGITS,
    MAX_DIMENSIONS,
    MAX_ITEMS,
    MAX_KEYS,
    MAX_MESSAGE,
    MAX_NAME,
    MAX_TEXT,
    MAX_VALUES,
    PICTURE_MODES,
    Iterated,
    Kept,
    LineFault,
    Other,
    Raised,
)

TORCH_DTYPES = {name: getattr(torch, name) for name in DTYPES}
MAX_COLOURS = 1024  # bytes of a palette
MAX_SIDE = 1 << 24  # pixels
ERRORS = (ValueError, TypeError, OverflowError, RuntimeError, MemoryError, RecursionError, InvalidOperation)


def decode(tree: Any, blobs: Sequence[bytes]) -> Any:
    """Return the value of a message. Raises LineFault if it is none."""
    if sum(map(len, blobs)) > MAX_BLOBS_MB * 1_000_000:
        raise LineFault("too many bytes")
    try:
        return _Decoder(blobs).decode(tree, MAX_DEPTH)
    except LineFault:
        raise
    except ERRORS as error:
        raise LineFault(f"not a value: {type(error).__name__}") from error


class _Decoder:
    """Reads one message, and counts what it has read."""

    def __init__(self, blobs: Sequence[bytes]) -> None:
        self._blobs, self._left = dict(enumerate(blobs)), MAX_VALUES

    def decode(self, tree: Any, depth: int) -> Any:
        self._left -= 1
        if depth < 0 or self._left < 0:
            raise LineFault("too deep, or too many values")
        if tree is None or isinstance(tree, bool | int):
            return tree
        if isinstance(tree, float):
            return _require(tree, math.isfinite(tree))
        if isinstance(tree, str):
            return read_text(tree, MAX_TEXT)
        if not isinstance(tree, list) or not tree or not isinstance(tree[0], str):
            raise LineFault("neither a value nor a tag")
        reader = _READERS.get(tree[0])
        if reader is None:
            raise LineFault("an unknown tag")
        return reader(self, depth - 1, *tree[1:])

    def items(self, trees: Any, depth: int, *, most: int = MAX_VALUES) -> list[Any]:
        if not isinstance(trees, list) or len(trees) > most:
            raise LineFault("no list")
        return [self.decode(tree, depth) for tree in trees]

    def blob(self, number: Any) -> bytes:
        """Return a blob; each may be named once, so that a message holds no more than was sent."""
        if type(number) is not int or number not in self._blobs:
            raise LineFault("no such blob, or one that was named before")
        return self._blobs.pop(number)


def read_text(value: Any, most: int) -> str:
    """Return a text that can be written to any file; raise LineFault if it is none or too long."""
    if not isinstance(value, str) or len(value) > most:
        raise LineFault("no text, or too long")
    return value if value.isascii() else value.encode("utf-8", "replace").decode("utf-8")


def _require(value: Any, condition: bool) -> Any:
    if not condition:
        raise LineFault("a value that is not allowed")
    return value


def _read_integer(decoder: _Decoder, depth: int, text: Any) -> int:
    return int(read_text(text, MAX_DIGITS), 16)


def _read_float(decoder: _Decoder, depth: int, text: Any) -> float:
    return float(_require(text, text in ("nan", "inf", "-inf")))


def _read_complex(decoder: _Decoder, depth: int, real: Any, imaginary: Any) -> complex:
    return complex(float(read_text(real, 40)), float(read_text(imaginary, 40)))


def _read_fraction(decoder: _Decoder, depth: int, numerator: Any, denominator: Any) -> Fraction:
    below = int(read_text(denominator, MAX_DIGITS), 16)
    return Fraction(int(read_text(numerator, MAX_DIGITS), 16), _require(below, below > 0))


def _read_decimal(decoder: _Decoder, depth: int, text: Any) -> Decimal:
    number = Decimal(read_text(text, MAX_DIGITS))
    return _require(number, not number.is_finite() or abs(number.adjusted()) < MAX_DIGITS)


def _read_dict(decoder: _Decoder, depth: int, pairs: Any) -> dict:
    if not isinstance(pairs, list) or len(pairs) > MAX_KEYS:
        raise LineFault("no pairs, or too many")
    if not all(isinstance(pair, list) and len(pair) == 2 for pair in pairs):
        raise LineFault("no pairs")
    return {_as_key(decoder.decode(key, depth)): decoder.decode(value, depth) for key, value in pairs}


def _as_key(value: Any) -> Any:
    """Return a value that can be a key; in place of one that cannot, what its type is called."""
    try:
        hash(value)
    except TypeError:
        return Other(type(value).__name__, "", "")
    return value


def _read_set(decoder: _Decoder, depth: int, trees: Any) -> set:
    return set(map(_as_key, decoder.items(trees, depth, most=MAX_KEYS)))


def _read_array(decoder: _Decoder, depth: int, dtype: Any, shape: Any, blob: Any) -> np.ndarray:
    kind = _read_numpy_dtype(dtype)
    data = _sized(decoder.blob(blob), shape, kind.itemsize)
    numbers = np.frombuffer(data, np.uint8) != 0 if kind.kind == "b" else np.frombuffer(data, kind)
    return numbers.reshape(shape)


def _read_number(decoder: _Decoder, depth: int, dtype: Any, blob: Any) -> np.generic:
    return _read_array(decoder, depth, dtype, [1], blob)[0]


def _read_numpy_dtype(text: Any) -> np.dtype:
    name = read_text(text, 8)
    return np.dtype(_require(name, name[1:2] in tuple("biufc") and name[2:].isdecimal() and name[0] in "<|="))


def _sized(data: bytes, shape: Any, item_bytes: int) -> bytearray:
    """Return the bytes if they are as many as the shape says."""
    return bytearray(_require(data, _count(shape) * item_bytes == len(data)))


def _count(shape: Any) -> int:
    if not isinstance(shape, list) or len(shape) > MAX_DIMENSIONS or not all(type(n) is int and n >= 0 for n in shape):
        raise LineFault("no shape")
    return _require(math.prod(shape), math.prod(n or 1 for n in shape) < 1 << 62)


def _read_tensor(decoder, depth, dtype: Any, shape: Any, blob: Any, requires_grad: Any, device: Any) -> torch.Tensor:
    kind = TORCH_DTYPES.get(read_text(dtype, MAX_NAME))
    is_meta = _read_device(decoder, depth, device).type == "meta"
    if kind is None or type(requires_grad) is not bool or (blob is None) is not is_meta:
        raise LineFault("no tensor")
    if is_meta:
        _count(shape)
        tensor = torch.empty(shape, dtype=kind, device="meta")
    else:
        tensor = _read_numbers(_sized(decoder.blob(blob), shape, kind.itemsize), kind).reshape(shape)
    return tensor.requires_grad_(requires_grad and (kind.is_floating_point or kind.is_complex))


def _read_numbers(data: bytearray, kind: torch.dtype) -> torch.Tensor:
    if not data:
        return torch.empty(0, dtype=kind)
    return (
        torch.frombuffer(data, dtype=torch.uint8).bool() if kind == torch.bool else torch.frombuffer(data, dtype=kind)
    )


def _read_dtype(decoder: _Decoder, depth: int, name: Any) -> torch.dtype:
    kind = TORCH_DTYPES.get(read_text(name, MAX_NAME))
    return _require(kind, kind is not None)


def _read_device(decoder: _Decoder, depth: int, name: Any) -> torch.device:
    kind, _, number = read_text(name, MAX_NAME).partition(":")
    return torch.device(_require(name, kind in DEVICES and (not number or (number.isdecimal() and len(number) < 3))))


def _read_image(decoder: _Decoder, depth: int, mode: Any, size: Any, blob: Any, palette: Any) -> Image.Image:
    name, data = read_text(mode, 8), decoder.blob(blob)
    if _count(size) < 1 or len(size) != 2 or max(size) > MAX_SIDE or name not in PICTURE_MODES:
        raise LineFault("no picture")
    width, height = size
    if width * height > MAX_BLOBS_MB * 1_000_000:  # a pixel of mode "1" takes a bit on the line, and then a byte
        raise LineFault("too many pixels")
    line = (width + 7) // 8 if name == "1" else width * PICTURE_MODES[name]
    picture = Image.frombytes(name, (width, height), _require(data, len(data) == line * height))
    if palette is not None:
        colours = decoder.blob(palette)
        picture.putpalette(_require(colours, len(colours) <= MAX_COLOURS and name in ("P", "PA")))
    return picture


def _read_error(decoder, depth, classes: Any, text: Any, bare: Any, line: Any, asked: Any) -> Raised:
    if not isinstance(classes, list) or not 0 < len(classes) <= MAX_CLASSES or type(bare) is not bool:
        raise LineFault("no error")
    names = tuple(read_text(name, MAX_NAME) for name in classes)
    return Raised(names, read_text(text, MAX_MESSAGE), bare, read_text(line, MAX_NAME), read_text(asked, MAX_NAME))


def _read_iterator(decoder: _Decoder, depth: int, type_name: Any, trees: Any) -> Iterated:
    return Iterated(read_text(type_name, MAX_NAME), decoder.items(trees, depth, most=MAX_ITEMS))


def _read_other(decoder: _Decoder, depth: int, type_name: Any, module: Any, text: Any) -> Other:
    return Other(read_text(type_name, MAX_NAME), read_text(module, MAX_NAME), read_text(text, MAX_MESSAGE))


def _read_kept(decoder: _Decoder, depth: int, number: Any) -> Kept:
    return Kept(_require(number, type(number) is int and 0 <= number < MAX_VALUES))


_READERS: dict[str, Callable] = {
    "integer": _read_integer,
    "float": _read_float,
    "complex": _read_complex,
    "fraction": _read_fraction,
    "decimal": _read_decimal,
    "bytes": lambda decoder, depth, blob: decoder.blob(blob),
    "list": lambda decoder, depth, trees: decoder.items(trees, depth),
    "tuple": lambda decoder, depth, trees: tuple(decoder.items(trees, depth)),
    "set": _read_set,
    "dict": _read_dict,
    "iterator": _read_iterator,
    "array": _read_array,
    "number": _read_number,
    "tensor": _read_tensor,
    "dtype": _read_dtype,
    "device": _read_device,
    "image": _read_image,
    "path": lambda decoder, depth, text: PurePosixPath(read_text(text, MAX_MESSAGE)),
    "error": _read_error,
    "other": _read_other,
    "kept": _read_kept,
}
