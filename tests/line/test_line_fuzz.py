"""Messages made up by the line's own grammar, right and spoilt: each is a value or a LineFault, whatever it says.

FUZZ_MESSAGES sets how many are tried (`make fuzz`: 400,000).
"""

import ast
import json
import math
import os
import random
from pathlib import Path

import coverage
import pytest

from helpers.line import decode as reader
from helpers.line import frames, kinds
from helpers.line.encode import encode

MESSAGES = int(os.environ.get("FUZZ_MESSAGES", "20000"))
MEASURED = 10_000  # with the branches counted, which is slow
TEXTS = ["", "a", "\ud800", "zèbre", "cpu", "meta", "cuda:0", "cuda:123", "mps:x", "float32", "<f4", "L", "x" * 400]
NUMBERS = [0, 1, 2, 3, -1, 7, 10**30, 0.5, math.nan, math.inf, True, False, None]
DIGITS = ["0x1", "-0x3", "0x0", "x", "1.50", "1e99999", "nan", "inf", "-inf", "sNaN", "1" * 5_000]
DTYPES = [*kinds.DTYPES, "object"]
NUMPY_DTYPES = ["<f4", "<f8", "|b1", "<i2", "|u1", "<c8", "|O", "<V4", "f4", "", "<f99"]
MODES = [*kinds.PICTURE_MODES, "XYZ"]
SIZES = [0, 1, 2, 3, 4, 6, 8, 12, 16, 24, 768, 2_000]
GRAMMAR = {
    **{tag: "D" for tag in ("integer", "float", "decimal")},
    **{"complex": "DD", "fraction": "DD", "bytes": "b", "list": "*", "tuple": "*", "set": "*", "dict": "p"},
    **{"iterator": "t*", "array": "nsb", "number": "nb", "tensor": "dsogT", "dtype": "d", "device": "t", "path": "t"},
    **{"image": "mSbo", "error": "Nt?tt", "other": "ttt", "kept": "k", "unknown": "t"},
}


class Maker:
    """Makes up messages from a seed; one in three is spoilt in one place."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def message(self):
        """Return a tree and its blobs."""
        blobs = [bytes(self._random.choice(SIZES)) for _ in range(self._random.randrange(4))]
        tree = self.tree(4)
        if self._random.random() < 0.3:
            tree = self._spoil(tree)
        return tree, blobs

    def tree(self, depth):
        """Return a value's tree, right by the grammar if not always in what it says."""
        choose = self._random.choice
        if depth == 0 or self._random.random() < 0.25:
            return choose([*NUMBERS, *TEXTS])
        tag = choose(list(GRAMMAR))
        return [tag, *(self._part(kind, depth - 1) for kind in GRAMMAR[tag])]

    def _part(self, kind, depth):
        choose, number = self._random.choice, self._random.randrange
        if kind in "*p":
            items = [self.tree(depth) for _ in range(number(4))]
            return items if kind == "*" else [[item, self.tree(depth)] for item in items]
        parts = {
            "D": lambda: choose(DIGITS),
            "t": lambda: choose(TEXTS),
            "T": lambda: choose(["cpu", "cpu", "meta", "gpu", "cuda:1"]),
            "N": lambda: [choose(TEXTS) for _ in range(number(3))],
            "d": lambda: choose(DTYPES),
            "n": lambda: choose(NUMPY_DTYPES),
            "m": lambda: choose(MODES),
            "s": lambda: [number(4) for _ in range(number(4))],
            "S": lambda: choose([[1, 1], [1, 1], [2, 1], [1], [0, 1], [1 << 30, 1]]),
            "b": lambda: number(-1, 4),
            "o": lambda: choose([None, number(-1, 4)]),
            "g": lambda: choose([True, False, False]),
            "?": lambda: choose([True, False, False]),
            "k": lambda: choose(NUMBERS),
        }
        return parts[kind]()

    def _spoil(self, tree):
        """Put something else in one place of a tree, or cut it off."""
        if not isinstance(tree, list) or not tree:
            return self._random.choice([[], {}, [1], {"list": []}, [[]]])
        place = self._random.randrange(len(tree))
        if self._random.random() < 0.5:
            return [*tree[:place], self._spoil(tree[place]), *tree[place + 1 :]]
        other = self._random.choice([self.tree(2), 3, "list", None, [[1]], {"a": 1}])
        return self._random.choice([tree[:place], [*tree[:place], other, *tree[place + 1 :]], [*tree, other]])


def read(tree, blobs):
    """Read a message, look at its value and send it again. Nothing but LineFault may come out; return if it did."""
    try:
        value = reader.decode(tree, blobs)
    except kinds.LineFault:
        return True
    repr(value)
    reader.decode(*encode(value))
    return False


def test_made_up_messages_are_values_or_faults_of_one_kind():
    maker = Maker(seed=1)
    refused = sum(read(*maker.message()) for _ in range(MESSAGES))
    assert MESSAGES / 10 < refused < MESSAGES * 9 / 10, "the grammar makes too few of one sort to try the reader"


def test_made_up_messages_reach_every_branch_of_the_reader():
    maker, measured = Maker(seed=2), coverage.Coverage(branch=True, data_file=None, include=[reader.__file__])
    with measured.collect():
        for _ in range(MEASURED):
            read(*maker.message())
        read(["bytes", 0], [bytes(1 + kinds.MAX_BLOBS_MB * 1_000_000)])
        read(["dict", [[0, 0]] * (kinds.MAX_KEYS + 1)], [])
        read(["image", "1", [1 << 13, 1 << 13], 0, None], [bytes(1 << 23)])
        read(["list", [["list", [0] * 150_000]] * 2], [])
        read(["iterator", "a", [0] * (kinds.MAX_ITEMS + 1)], [])
    missing = set(measured.analysis2(reader.__file__)[3])
    source = Path(reader.__file__).read_text(encoding="utf-8")
    functions = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef)]
    inside = {line for node in functions for line in range(node.body[0].lineno, node.end_lineno + 1)}
    assert [source.splitlines()[line - 1].strip() for line in sorted(missing & inside)] == []


@pytest.mark.parametrize("seed", [3, 4])
def test_made_up_frames_are_read_or_refused(seed):
    maker = Maker(seed)
    for _ in range(MESSAGES // 4):
        tree, blobs = maker.message()
        sizes = [*map(len, blobs), *maker.message()[1]][: len(blobs)]
        tail = b"".join(blobs)
        for body in (json.dumps({"value": tree, "blobs": sizes}), json.dumps(tree), repr(tree)):
            try:
                message, parts = frames.parse(body.encode("utf-8", "replace"), tail)
            except kinds.LineFault:
                continue
            assert b"".join(parts) == tail
            assert isinstance(message, dict)
