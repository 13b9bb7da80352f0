"""What checks get to see of a result: nothing that can claim to be equal to what is expected."""

import collections

import numpy as np
import pytest
import torch

from helpers.checks.plain import as_plain

Point = collections.namedtuple("Point", "x y")


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
    ("value", "right"),
    [
        (agree(int)(3), 3),
        (agree(float)(0.5), 0.5),
        (agree(str)("no"), "no"),
        (agree(list)([1, 2]), [1, 2]),
        (agree(tuple)([1, 2]), (1, 2)),
        (agree(dict)(a=1), {"a": 1}),
        ([agree(int)(3), (agree(str)("no"), 1)], [3, ("no", 1)]),
        ({agree(str)("key"): agree(float)(0.5)}, {"key": 0.5}),
        (Point(agree(int)(3), 4), (3, 4)),
        (agree(list, __iter__=lambda self: iter("abc"))([1]), [1]),
        (AlwaysSame("Liar", (int,), {"__eq__": lambda self, other: True, "__hash__": int.__hash__})(3), 3),
        (np.float64(0.5), 0.5),
        (collections.OrderedDict(a=1), {"a": 1}),
    ],
)
def test_what_equals_everything_becomes_plain(value, right):
    plain = as_plain(value)
    assert type(plain) is type(right)
    assert repr(plain) == repr(right)
    assert plain != "something else"


def test_a_tensor_that_agrees_becomes_plain():
    right = torch.tensor([1.0, 2.0])
    liar = torch.tensor([5.0, 6.0]).as_subclass(AgreeableTensor)
    assert torch.equal(liar, right)
    assert type(as_plain(liar)) is torch.Tensor
    assert not torch.equal(as_plain([liar])[0], right)
    assert not np.array_equal(as_plain(agree(np.ndarray)((2,))), "x")


@pytest.mark.parametrize("base", [int, str, list, torch.Tensor])
def test_a_claim_to_be_of_a_kind_is_not_believed(base):
    liar = type("Liar", (), {"__class__": property(lambda self: base), "__eq__": lambda self, other: True})()
    assert isinstance(liar, base)
    assert not isinstance(as_plain(liar), base)
    assert as_plain(liar) != 3


@pytest.mark.parametrize(
    "value",
    [
        *(7, True, None, 0.5, "text", b"bytes", [1, [2.0, ("a",)]], {"a": [1]}, (1, 2), {1, 2}, Point(1, 2), range(3)),
        *(torch.ones(2), torch.nn.Parameter(torch.ones(2)), np.ones(2), torch.nn.Identity(), print),
    ],
)
def test_what_is_plain_stays_the_same_object(value):
    assert as_plain(value) is value


def test_lists_that_hold_themselves_come_to_an_end():
    endless = []
    endless.append(endless)
    assert as_plain(endless) is endless
