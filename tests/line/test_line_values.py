"""What crosses the line: plain values come out as they went in, and nothing that acts or claims comes out at all."""

import collections
import math
from decimal import Decimal
from fractions import Fraction
from pathlib import Path, PurePosixPath

import numpy as np
import pytest
import torch
from PIL import Image

from helpers.line import kinds
from helpers.line.decode import decode
from helpers.line.encode import encode
from helpers.line.frames import FrameReader, pack
from helpers.line.kinds import Iterated, Kept, LineFault, Other, Raised

Point = collections.namedtuple("Point", "x y")


def cross(value):
    """Return a value as it arrives on the other side."""
    tree, blobs = encode(value)
    ((message, arrived),) = FrameReader().feed(pack({"value": tree}, blobs))
    return decode(message["value"], arrived)


def agree(base, **more):
    """Return a subclass whose objects equal everything."""
    answers = {"__eq__": lambda self, other: True, "__ne__": lambda self, other: False, "__hash__": lambda self: 0}
    return type("Agreeable", (base,), answers | more)


class AgreeableTensor(torch.Tensor):
    """A tensor that says yes to every comparison."""

    @classmethod
    def __torch_function__(cls, function, types, args=(), kwargs=None):
        return True if function in (torch.equal, torch.allclose) else super().__torch_function__(function, types, args)


class AlwaysSame(type):
    """A class that claims to be any other class."""

    __eq__ = lambda self, other: True  # noqa: E731
    __hash__ = type.__hash__


@pytest.mark.parametrize(
    "value",
    [
        *(None, True, 7, -(2**63), 2**200, 0.5, math.inf, -math.inf, 1 + 2j, "text", "zèbre 🦓", b"", b"\x00\xff"),
        *([1, [2.0, ("a",)]], {"a": [1], 2: None, (1, "b"): 3.5}, (), [], {1, "a"}, Fraction(-1, 3), Decimal("1.50")),
        *(PurePosixPath("/a/b"), torch.float16, torch.device("cuda:1"), Kept(3), Iterated("map", [1, 2])),
        *(Other("module", "builtins", "<module>"), Raised(("builtins.ValueError",), "no", line="line 2: x")),
    ],
)
def test_plain_values_come_out_as_they_went_in(value):
    arrived = cross(value)
    assert type(arrived) is type(value)
    assert arrived == value


@pytest.mark.parametrize(
    "tensor",
    [
        *(torch.rand(2, 3), torch.tensor(3), torch.empty(0, 4), torch.rand(3, 4).t(), torch.tensor([True, False])),
        *(torch.ones(3, dtype=torch.bfloat16), torch.tensor([1 + 2j]), torch.ones(2, 1, 1, dtype=torch.int16)),
        *(torch.rand(2, requires_grad=True) * 2, torch.tensor([math.nan, math.inf]), torch.rand(4)[::2]),
    ],
)
def test_tensors_keep_shape_type_numbers_and_whether_they_are_recorded(tensor):
    arrived = cross(tensor)
    assert (arrived.shape, arrived.dtype, arrived.requires_grad) == (tensor.shape, tensor.dtype, tensor.requires_grad)
    assert torch.equal(arrived.nan_to_num(), tensor.detach().nan_to_num())


def test_a_tensor_without_numbers_keeps_its_shape():
    arrived = cross(torch.empty(7, 10**9, device="meta", dtype=torch.float16))
    assert (arrived.shape, arrived.dtype, arrived.device.type) == ((7, 10**9), torch.float16, "meta")


@pytest.mark.parametrize("array", [np.arange(6).reshape(2, 3), np.array(2.5), np.array([True]), np.zeros((0, 2), "f2")])
def test_arrays_keep_shape_type_and_numbers(array):
    arrived = cross(array)
    assert (arrived.shape, arrived.dtype) == (array.shape, array.dtype)
    assert np.array_equal(arrived, array)


@pytest.mark.parametrize("number", [np.float32(2.5), np.int8(-3), np.bool_(True), np.float64(0.1), np.complex64(1j)])
def test_numpy_numbers_keep_their_type(number):
    arrived = cross(number)
    assert type(arrived) is type(number)
    assert arrived == number


@pytest.mark.parametrize("mode", kinds.PICTURE_MODES)
def test_pictures_of_every_mode_arrive(mode):
    picture = Image.new(mode, (9, 4))
    picture.putpixel((8, 3), picture.getpixel((0, 0)))
    arrived = cross(picture)
    assert (arrived.mode, arrived.size, arrived.tobytes()) == (mode, (9, 4), picture.tobytes())


def test_a_palette_arrives_with_its_picture():
    picture = Image.new("RGB", (4, 4), (10, 200, 30)).convert("P", palette=Image.Palette.ADAPTIVE)
    assert cross(picture).convert("RGB").getpixel((1, 1)) == picture.convert("RGB").getpixel((1, 1))


@pytest.mark.parametrize(
    ("value", "right"),
    [
        *((agree(int)(3), 3), (agree(float)(0.5), 0.5), (agree(str)("no"), "no"), (agree(list)([1, 2]), [1, 2])),
        *((agree(tuple)([1, 2]), (1, 2)), (agree(dict)(a=1), {"a": 1}), (collections.OrderedDict(a=1), {"a": 1})),
        ([agree(int)(3), (agree(str)("no"), 1)], [3, ("no", 1)]),
        ({agree(str)("key"): agree(float)(0.5)}, {"key": 0.5}),
        (Point(agree(int)(3), 4), (3, 4)),
        (agree(list, __iter__=lambda self: iter("abc"))([1]), [1]),
        (agree(dict, items=lambda self: [("b", 2)])(a=1), {"a": 1}),
        (agree(str, __str__=lambda self: "yes")("no"), "no"),
        (agree(float, __float__=lambda self: 9.0, __repr__=lambda self: "9.0")(0.5), 0.5),
        (AlwaysSame("Liar", (int,), {"__eq__": lambda self, other: True, "__hash__": int.__hash__})(3), 3),
        (np.str_("RGB"), "RGB"),
        (torch.Size([1, 2]), (1, 2)),
        (collections.deque([1]), [1]),
        (Path("a"), PurePosixPath("a")),
        (bytearray(b"x"), b"x"),
    ],
)
def test_what_equals_everything_becomes_plain(value, right):
    plain = cross(value)
    assert type(plain) is type(right)
    assert repr(plain) == repr(right)
    assert plain != "something else"


def test_a_tensor_that_agrees_becomes_plain():
    right = torch.tensor([1.0, 2.0])
    liar = torch.tensor([5.0, 6.0]).as_subclass(AgreeableTensor)
    assert torch.equal(liar, right)
    assert type(cross(liar)) is torch.Tensor
    assert not torch.equal(cross([liar])[0], right)
    assert not np.array_equal(cross(agree(np.ndarray)((2,))), "x")


@pytest.mark.parametrize("base", [int, str, list, torch.Tensor, dict, Raised])
def test_a_claim_to_be_of_a_kind_is_not_believed(base):
    liar = type("Liar", (), {"__class__": property(lambda self: base), "__eq__": lambda self, other: True})()
    assert isinstance(liar, base)
    assert isinstance(cross(liar), Other)
    assert cross(liar) != 3


def test_other_things_become_a_few_words():
    class Loud:
        def __repr__(self):
            raise RuntimeError("no")

    assert cross(print) == Other("builtin_function_or_method", "builtins", "<built-in function print>")
    assert repr(cross(Loud())) == "an object of type Loud"
    assert cross(np.array(["a"])).type_name == "ndarray"
    assert cross(torch.nn.ReLU()).text == "ReLU()"
    assert len(cross(type("Long", (), {"__repr__": lambda self: "x" * 10**6})()).text) == kinds.MAX_MESSAGE


def test_iterators_are_taken_out_as_far_as_is_bearable():
    assert cross(map(str, [1, 2])) == Iterated("map", ["1", "2"])
    assert cross(reversed([1, 2])).items == [2, 1]
    endless = cross(iter(int, 1))
    assert (endless.type_name, len(endless.items)) == ("callable_iterator", kinds.MAX_ITEMS)


@pytest.mark.parametrize(
    "value",
    [
        *([0] * 300_000, {number: 0 for number in range(2_001)}, "x" * 600_000, 10**5_000, torch.zeros(30_000_000)),
        *(np.zeros(30_000_000), b"x" * 100_000_000, Fraction(1, 10**5_000), [[0] * 150_000, [0] * 150_000]),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_is_too_large_is_said_to_be(value):
    arrived = cross(value)
    assert "too large" in repr(arrived)


def test_lists_that_hold_themselves_come_to_an_end():
    endless = []
    endless.append(endless)
    assert isinstance(cross(endless), list)


def test_text_that_cannot_be_written_is_made_writable():
    assert cross({"a\ud800": ["\udfff"]}) == {"a?": ["?"]}
    assert str(cross(ValueError("\ud800"))) == "ValueError: ?"


def test_an_error_arrives_as_words():
    class Own(KeyError):
        def __str__(self):
            raise RuntimeError

    error = cross(FileNotFoundError(2, "nothing there"))
    assert error.is_a(OSError)
    assert not error.is_a(ValueError)
    assert (error.name, error.text, error.bare) == ("FileNotFoundError", "[Errno 2] nothing there", False)
    assert cross(NotImplementedError()).bare
    assert cross(Own()).is_a(KeyError)
    try:
        {}.keyz  # noqa: B018
    except AttributeError as missing:
        assert cross(missing).asked == "dict"


@pytest.mark.parametrize(
    ("tree", "blobs"),
    [
        *(([], []), ([1], []), (["unknown"], []), (["list"], []), (["list", 3], []), (["list", [], []], []), ({}, [])),
        *((["bytes", 0], []), (["bytes", -1], [b""]), (["bytes", True], [b"", b""]), (["bytes", "0"], [b""])),
        *((["integer", "x"], []), (["integer", "1" * 5_000], []), (["integer", 3], []), (["float", "1.5"], [])),
        *((["float", "snan"], []), (["complex", "a", "b"], []), (["complex", "1" * 50, "1"], [])),
        *((["fraction", "1", "0"], []), (["fraction", "1", "-2"], []), (["decimal", "x"], []), (["path", 3], [])),
        *((["decimal", "1e999999"], []), (["dict", [1]], []), (["dict", [[1]]], []), (["dict", {}], [])),
        *(
            (["array", "|O", [1], 0], [b"x" * 8]),
            (["array", "<f4", [2], 0], [b"x" * 4]),
            (["array", "<f4", 1, 0], [b""]),
        ),
        *(
            (["array", "<f4", [-1], 0], [b""]),
            (["array", "f4", [], 0], [b"x" * 4]),
            (["array", "<V4", [1], 0], [b"xxxx"]),
        ),
        *((["number", "<f8", 0], [b"x"]), (["number", "<M8", 0], [b"x" * 8]), (["array", "<f99", [0], 0], [b""])),
        *((["tensor", "float32", [1], 0, False, "cpu"], [b""]), (["tensor", "object", [0], 0, False, "cpu"], [b""])),
        *(
            (["tensor", "float32", [1], None, False, "cpu"], []),
            (["tensor", "float32", [1], 0, False, "meta"], [b"xxxx"]),
        ),
        *((["tensor", "float32", [0], 0, 1, "cpu"], [b""]), (["tensor", "float32", [0], 0, False, "gpu"], [b""])),
        *(
            (["tensor", "float32", [2**40, 2**40], None, False, "meta"], []),
            (["tensor", "float32", [0] * 65, 0, False, "cpu"], [b""]),
        ),
        *((["dtype", "int"], []), (["device", "cuda:x"], []), (["device", "cuda:100"], []), (["device", 1], [])),
        *((["image", "RGB", [1, 1], 0, None], [b"xx"]), (["image", "XYZ", [1, 1], 0, None], [b"x"])),
        *(
            (["image", "L", [0, 1], 0, None], [b""]),
            (["image", "L", [1], 0, None], [b"x"]),
            (["image", "L", [1, 1], 0, 1], [b"x", b"x" * 768]),
        ),
        *((["image", "P", [1, 1], 0, 1], [b"x", b"x" * 2_000]), (["image", "L", [1 << 30, 0], 0, None], [b""])),
        *(
            (["error", [], "", False, "", ""], []),
            (["error", ["a"], "", 0, "", ""], []),
            (["error", "a", "", False, "", ""], []),
        ),
        *((["error", ["a"] * 50, "", False, "", ""], []), (["error", ["a"], "x" * 5_000, False, "", ""], [])),
        *(
            (["iterator", 1, []], []),
            (["iterator", "a", [0] * 10_001], []),
            (["other", "a", "b"], []),
            (["kept", -1], []),
        ),
        *((["kept", 1.0], []), (math.nan, []), ("x" * 600_000, []), (["list", [["list", [0] * 199_999], 0, 0]], [])),
        (["bytes", 0], [b"x" * 33_000_000]),
        (["list", [["bytes", 0], ["bytes", 0]]], [b"x"]),
        (["dict", [[number, 0] for number in range(2_001)]], []),
        (["set", list(range(2_001))], []),
        (["image", "1", [8_000, 8_000], 0, None], [b"x" * 8_000_000]),
    ],
)
def test_what_is_no_value_is_refused(tree, blobs):
    with pytest.raises(LineFault):
        decode(tree, blobs)


def test_lists_that_are_too_deep_are_refused():
    tree = 1
    for _ in range(kinds.MAX_DEPTH + 1):
        tree = ["list", [tree]]
    with pytest.raises(LineFault, match="too deep"):
        decode(tree, [])


def test_keys_that_cannot_be_keys_become_words():
    arrived = decode(["dict", [[["list", []], 1], [["set", [["list", []]]], 2]]], [])
    assert list(arrived.values()) == [1, 2]
    assert all(isinstance(key, Other) for key in arrived)
