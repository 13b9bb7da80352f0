"""What may come over the line beside Python's, NumPy's and torch's own plain values, and how much of it."""

from dataclasses import dataclass
from typing import Any

MAX_DEPTH = 12  # lists in lists
MAX_VALUES = 200_000  # of all kinds, in one message
MAX_TEXT = 500_000  # characters, of one text
MAX_MESSAGE = 4_000  # characters of an error's message, or of a description
MAX_NAME = 300  # characters, of a type's name
MAX_CLASSES = 40  # of an error's own class and those it comes from
MAX_BLOBS_MB = 32  # numbers and pixels of one message, as they are decoded
MAX_KEYS = 2_000  # of a dict or a set: keys can be made so that each is compared with all others
MAX_DIMENSIONS = 64
MAX_ITEMS = 10_000  # taken out of an iterator
MAX_DIGITS = 3_000  # of a whole number, in hexadecimal: Python writes no more than 4300 decimal ones
MAX_RESERVED = 1_000  # values that an encoder leaves free for what it says about those that are too large
DTYPES = (
    *("float32", "float64", "float16", "bfloat16", "complex64", "complex128", "bool"),
    *("int8", "int16", "int32", "int64", "uint8"),
)
DEVICES = ("cpu", "meta", "cuda", "mps", "xpu")
PICTURE_MODES = {  # bytes a pixel; mode "1" has 8 pixels a byte
    **{"1": 0, "L": 1, "P": 1, "LA": 2, "PA": 2, "RGB": 3, "YCbCr": 3, "HSV": 3, "LAB": 3},
    **{"RGBA": 4, "CMYK": 4, "I": 4, "F": 4, "I;16": 2},
}


class LineFault(ValueError):
    """What came over the line breaks its rules."""


class AnswerLost(BaseException):
    """Nothing came back from an answer: its process died, or its time is over. It ends the check that asked."""

    def __init__(self, state: str) -> None:
        super().__init__(state)
        self.state = state


class NotBound(BaseException):
    """The notebook has no answer of this name. It ends the check that asked."""

    def __init__(self, name: str) -> None:
        super().__init__(f"name {name!r} is not defined")


class NotLive(BaseException):
    """What was asked then cannot be judged now: the answer has to be asked again. It ends the check."""


@dataclass(frozen=True)
class Raised:
    """An exception that came out of an answer: words, and nothing that acts.

    classes: its class and those it comes from, each with its module. bare: whether it was raised without arguments,
    as an empty stub does. line: the line of the answer's source in which it came up, "" if there is none.
    asked: the type of the object that lacks an attribute, for an AttributeError.
    """

    classes: tuple[str, ...]
    text: str
    bare: bool = False
    line: str = ""
    asked: str = ""

    @property
    def name(self) -> str:
        """The name of the class alone."""
        return self.classes[0].rpartition(".")[2]

    def is_a(self, *kinds: type) -> bool:
        """Return whether the exception says to be of one of these classes."""
        return any(name_class(kind) in self.classes for kind in kinds)

    def __str__(self) -> str:
        return f"{self.name}: {self.text}"


@dataclass(frozen=True)
class Iterated:
    """An iterator of a type of this name, and what came out of it."""

    type_name: str
    items: list[Any]

    def __repr__(self) -> str:
        return f"a {self.type_name}"


@dataclass(frozen=True)
class Other:
    """Something else: what its type is called, where that is defined, and what it looks like."""

    type_name: str
    module: str
    text: str

    def __repr__(self) -> str:
        return self.text or f"an object of type {self.type_name}"


@dataclass(frozen=True)
class Kept:
    """Something that stays on the answering side; a later question can name it."""

    number: int


def name_class(kind: type) -> str:
    """Return a class's name with its module, as `Raised.classes` has it."""
    return f"{kind.__module__}.{kind.__qualname__}"


def name_type(value: Any) -> str:
    """Return what the type of a value is called, also of one that did not cross the line itself."""
    return value.type_name if isinstance(value, Iterated | Other) else type(value).__name__
