"""Turn what an answer gave into a message of the line: a tree of JSON values, and blobs of bytes beside it.

This runs beside the answer and is not trusted: whoever reads the message takes nothing for granted (`decode`). So
nothing here has to withstand objects that lie; they only harm their own result.
"""

import math
import traceback
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator
from decimal import Decimal
from fractions import Fraction
from itertools import islice
from pathlib import PurePath
from typing import Any

import numpy as np
import torch
from PIL import Image
from torch._C import DisableTorchFunctionSubclass

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
    MAX_RESERVED,
    MAX_TEXT,
    MAX_VALUES,
    PICTURE_MODES,
    Iterated,
    Kept,
    Other,
    Raised,
    name_class,
)

Tree = Any  # None, bool, int, float, str, or a list that begins with a tag
EXACT_INTEGERS = 1 << 63
TOO_LARGE = "too large to be looked at"


def encode(value: Any) -> tuple[Tree, list[bytes]]:
    """Return the tree of a value, and the blobs that it names by their number.

    What would break the line's limits becomes "something else", with a few words about it.
    """
    encoder = _Encoder()
    return encoder.encode(value, MAX_DEPTH), encoder.blobs


class _Encoder:
    """Encodes one message, and keeps count of what is in it."""

    def __init__(self) -> None:
        self.blobs: list[bytes] = []
        self._values_left, self._bytes_left = MAX_VALUES - MAX_RESERVED, MAX_BLOBS_MB * 1_000_000

    def encode(self, value: Any, depth: int) -> Tree:
        self._values_left -= 1
        if depth == 0 or self._values_left < 0:
            return encode_other(value)
        for kinds, encode_kind in _ENCODERS:
            if isinstance(value, kinds) and issubclass(type(value), kinds):
                return self._try(encode_kind, value, depth - 1)
        return encode_other(value)

    def _try(self, encode_kind: Callable, value: Any, depth: int) -> Tree:
        """Return the value's tree; in place of one that resists, what it looks like."""
        try:
            return encode_kind(self, value, depth)
        except Exception:
            return encode_other(value)

    def items(self, values: Iterable, depth: int) -> list[Tree] | None:
        """Return the trees of values, or None if they are more than the message has room for."""
        trees = []
        for value in values:
            if self._values_left <= 0:
                return None
            trees.append(self.encode(value, depth))
        return trees

    def blob(self, data: bytes) -> int:
        """Add a blob, and return its number. Raises OverflowError if there is no room."""
        self._bytes_left -= len(data)
        if self._bytes_left < 0:
            raise OverflowError(TOO_LARGE)
        self.blobs.append(data)
        return len(self.blobs) - 1


def encode_other(value: Any, text: str | None = None) -> Tree:
    """Return the tree of something that is not sent: its type's name and what it looks like."""
    try:
        text = repr(value) if text is None else text
    except Exception:
        text = ""
    kind = type(value)
    return ["other", kind.__name__[:MAX_NAME], str(kind.__module__)[:MAX_NAME], text[:MAX_MESSAGE]]


def _encode_integer(encoder: _Encoder, value: int, depth: int) -> Tree:
    number = int.__index__(value)
    if abs(number) < EXACT_INTEGERS:
        return number
    text = hex(number)
    return ["integer", text] if len(text) <= MAX_DIGITS else encode_other(value, TOO_LARGE)


def _encode_float(encoder: _Encoder, value: float, depth: int) -> Tree:
    number = float.__float__(value)
    return number if math.isfinite(number) else ["float", str(number)]


def _encode_text(encoder: _Encoder, value: str, depth: int) -> Tree:
    text = str.__str__(value)
    return text if len(text) <= MAX_TEXT else encode_other(value, TOO_LARGE)


def _encode_bytes(encoder: _Encoder, value: bytes | bytearray, depth: int) -> Tree:
    return _or_too_large(value, lambda: ["bytes", encoder.blob(bytes(value))])


def _or_too_large(value: Any, encode_value: Callable[[], Tree]) -> Tree:
    try:
        return encode_value()
    except OverflowError:
        return encode_other(value, TOO_LARGE)


def _encode_items(tag: str, kind: type[Collection]) -> Callable:
    def encode_items(encoder: _Encoder, value: Any, depth: int) -> Tree:
        items = encoder.items(kind.__iter__(value), depth)
        return encode_other(value, TOO_LARGE) if items is None else [tag, items]

    return encode_items


def _encode_set(encoder: _Encoder, value: set | frozenset, depth: int) -> Tree:
    kind: type[Collection] = set if isinstance(value, set) else frozenset
    if kind.__len__(value) > MAX_KEYS:
        return encode_other(value, TOO_LARGE)
    return _encode_items("set", kind)(encoder, value, depth)


def _encode_dict(encoder: _Encoder, value: dict, depth: int) -> Tree:
    if dict.__len__(value) > MAX_KEYS:
        return encode_other(value, TOO_LARGE)
    keys, values = encoder.items(dict.keys(value), depth), encoder.items(dict.values(value), depth)
    if keys is None or values is None:
        return encode_other(value, TOO_LARGE)
    return ["dict", [list(pair) for pair in zip(keys, values, strict=True)]]


def _encode_iterator(encoder: _Encoder, value: Iterator, depth: int) -> Tree:
    items = encoder.items(islice(value, MAX_ITEMS), depth)
    return encode_other(value, TOO_LARGE) if items is None else ["iterator", type(value).__name__[:MAX_NAME], items]


def _encode_array(encoder: _Encoder, value: np.ndarray, depth: int) -> Tree:
    array = np.ndarray.view(value, np.ndarray)
    if array.dtype.kind not in "biufc" or not array.dtype.isnative or array.dtype.itemsize > 16:
        return encode_other(value)
    data = array.tobytes()
    return _or_too_large(value, lambda: ["array", array.dtype.str, list(array.shape), encoder.blob(data)])


def _encode_numpy_value(encoder: _Encoder, value: np.generic, depth: int) -> Tree:
    if isinstance(value, str):
        return _encode_text(encoder, value, depth)
    if value.dtype.kind not in "biufc" or value.dtype.itemsize > 16:
        return encode_other(value)
    return ["number", value.dtype.str, encoder.blob(value.tobytes())]


def _encode_tensor(encoder: _Encoder, value: torch.Tensor, depth: int) -> Tree:
    with DisableTorchFunctionSubclass(), torch.no_grad():
        requires_grad, device = bool(value.requires_grad), str(value.device)
        plain = torch.Tensor.as_subclass(value, torch.Tensor).detach()
        name, shape = str(plain.dtype).removeprefix("torch."), list(plain.shape)
        if plain.device.type not in DEVICES or name not in DTYPES or plain.ndim > MAX_DIMENSIONS:
            return encode_other(value)
        if plain.layout != torch.strided or plain.is_quantized:
            return encode_other(value)
        if plain.is_meta:
            return ["tensor", name, shape, None, requires_grad, device]
        numbers = plain.cpu().resolve_conj().resolve_neg().contiguous().flatten()
        data = numbers.view(torch.uint8).numpy().tobytes()
    return _or_too_large(value, lambda: ["tensor", name, shape, encoder.blob(data), requires_grad, device])


def _encode_image(encoder: _Encoder, value: Image.Image, depth: int) -> Tree:
    width, height = value.size
    if value.mode not in PICTURE_MODES or min(width, height) < 1 or width * height > MAX_BLOBS_MB * 1_000_000:
        return encode_other(value)
    palette = value.getpalette() if value.mode in ("P", "PA") else None
    data = value.tobytes()

    def encode_picture() -> Tree:
        colours = None if palette is None else encoder.blob(bytes(palette))
        return ["image", value.mode, list(value.size), encoder.blob(data), colours]

    return _or_too_large(value, encode_picture)


def _encode_error(encoder: _Encoder, value: BaseException, depth: int) -> Tree:
    classes = [name_class(kind)[:MAX_NAME] for kind in type(value).__mro__[:MAX_CLASSES]]
    try:
        text = str(value)
    except Exception:
        text = "(its message cannot be read)"
    asked = type(value.obj).__name__[:MAX_NAME] if isinstance(value, AttributeError) else ""
    return ["error", classes, text[:MAX_MESSAGE], not value.args, _find_line(value)[:MAX_NAME], asked]


def _find_line(error: BaseException) -> str:
    """Return the last line of a notebook's own code that the error came through, with its number in the cell."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if "<ipython-input" in frame.filename or "ipykernel_" in frame.filename]
    return f"line {own[-1].lineno}: {own[-1].line}" if own and own[-1].line else ""


def _encode_decimal(encoder: _Encoder, value: Decimal, depth: int) -> Tree:
    large = value.is_finite() and abs(value.adjusted()) >= MAX_DIGITS
    return encode_other(value) if large or len(str(value)) > MAX_DIGITS else ["decimal", str(value)]


def _encode_device(encoder: _Encoder, value: torch.device, depth: int) -> Tree:
    return ["device", str(value)] if value.type in DEVICES and (value.index or 0) < 100 else encode_other(value)


def _encode_fraction(encoder: _Encoder, value: Fraction, depth: int) -> Tree:
    numbers = [hex(value.numerator), hex(value.denominator)]
    return encode_other(value, TOO_LARGE) if max(map(len, numbers)) > MAX_DIGITS else ["fraction", *numbers]


_ENCODERS: tuple[tuple[Any, Callable], ...] = (
    (type(None), lambda encoder, value, depth: None),
    (bool, lambda encoder, value, depth: bool(value)),
    (np.generic, _encode_numpy_value),
    (int, _encode_integer),
    (float, _encode_float),
    (str, _encode_text),
    (complex, lambda encoder, value, depth: ["complex", repr(value.real), repr(value.imag)]),
    (torch.Tensor, _encode_tensor),
    (np.ndarray, _encode_array),
    (tuple, _encode_items("tuple", tuple)),
    (list, _encode_items("list", list)),
    (dict, _encode_dict),
    ((bytes, bytearray), _encode_bytes),
    ((set, frozenset), _encode_set),
    (deque, _encode_items("list", deque)),
    (PurePath, lambda encoder, value, depth: ["path", str(value)[:MAX_MESSAGE]]),
    (Fraction, _encode_fraction),
    (Decimal, _encode_decimal),
    (torch.dtype, lambda encoder, value, depth: ["dtype", str(value).removeprefix("torch.")]),
    (torch.device, _encode_device),
    (Image.Image, _encode_image),
    (
        Raised,
        lambda encoder, value, depth: ["error", list(value.classes), value.text, value.bare, value.line, value.asked],
    ),
    (BaseException, _encode_error),
    (Kept, lambda encoder, value, depth: ["kept", value.number]),
    (Iterated, lambda encoder, value, depth: ["iterator", value.type_name, encoder.items(value.items, depth) or []]),
    (Other, lambda encoder, value, depth: ["other", value.type_name, value.module, value.text]),
    (Iterator, _encode_iterator),
)
