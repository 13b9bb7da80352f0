"""Hidden checks draw their numbers: the same for the same seed, others for another; what they try stays as written."""

import contextlib
import re
from itertools import pairwise
from unittest.mock import patch

import pytest

from helpers.checks.class_seed import Draw, draw_for, use_class_seed
from helpers.exercises.exercise_01 import EXERCISES
from helpers.grading.commands.demonstration_class import read_solutions
from helpers.grading.judge.checks import make_namespace, run_check
from helpers.grading.judge.remote import Packer
from helpers.grading.judge.scoring import judge_check
from helpers.grading.judge.transcript import name_bytes
from helpers.line import callbacks
from helpers.line.asking import Answer, observe, read_happened
from helpers.line.callbacks import Callback
from helpers.line.decode import decode
from helpers.line.guard import keep_global_state, make_scratch_folder
from tests.answers.grading import make_exercise
from tests.support.notebook_cells import HIDDEN, NOTEBOOKS, grade_id, is_autograded, is_hidden, read_cells

NOTHING_TO_DRAW = {
    "read_architecture_model": "facts about ResNet50",
    "predict_range_computed": "the limits of one recipe",
    "image_classifier_loading": "only how often a model is loaded",
    "predict_batch_bugs": "no photo is classified",
    "predict_within_memory_errors": "no logits come back",
}
WRITTEN = [[20] * 7, [5, 6, 7], [2000, 17, 21, 16, 19, 18, 1500], [0.25, 0.75, 0.5, 90, 0.5], [7], range(1, 101)]
DRAWS = re.compile(r'draw_for\("(\w+)"\)')


@pytest.mark.parametrize("values", WRITTEN, ids=str)
def test_varied_numbers_keep_their_order_and_what_is_equal_stays_equal(values):
    for number in range(100):
        varied = Draw(f"{number}").vary(values)
        assert min(varied) > 0 and varied == [round(value, 2) for value in varied]
        for one, other in pairwise(sorted(zip(values, varied, strict=True))):
            assert (one[1] == other[1]) if one[0] == other[0] else (one[1] < other[1])


def test_numbers_that_cannot_be_told_apart_are_refused():
    with pytest.raises(ValueError, match="keep their order"):
        Draw("any").vary([0.001, 0.002], digits=2)


def test_shares_add_up_to_one_in_the_same_order():
    shares = draw_for("any").vary_shares([3, 1, 2])
    assert sum(shares) == pytest.approx(1)
    assert shares[1] < shares[2] < shares[0]


def test_mixed_values_neither_rise_nor_fall():
    for number in range(100):
        mixed = Draw(f"{number}").mix([3, 1, 2])
        assert sorted(mixed) == [1, 2, 3] and mixed not in ([1, 2, 3], [3, 2, 1])
    assert Draw("any").mix([4]) == [4]


def test_a_seed_holds_as_long_as_its_context():
    def draw():
        return draw_for("any").draw_seed(), draw_for("other").draw_seed()

    usual = draw()
    with use_class_seed("a"):
        first = draw()
        with use_class_seed("b"):
            second = draw()
        assert draw() == first
    assert draw() == usual
    assert len({*usual, *first, *second}) == 6


def test_each_hidden_check_draws_by_its_own_name_and_no_other_check_does():
    for cell in (cell for path in NOTEBOOKS for cell in read_cells(path) if is_autograded(cell)):
        drawn = set(DRAWS.findall(cell.source))
        wanted = {grade_id(cell)} if is_hidden(cell) and grade_id(cell) not in NOTHING_TO_DRAW else set()
        assert drawn == wanted, grade_id(cell)
        assert not wanted or "draw_for" not in HIDDEN.sub("", cell.source)


class NotingLine:
    """Asks answers in this process, and notes each question, and each reply to a callback, as a transcript would."""

    is_live = True

    def __init__(self, names):
        self.names, self.noted, self._packer = names, [], Packer()

    def ask(self, name, observer, inputs):
        self.noted.append(name_bytes(name.encode() + self._packer.pack((observer, dict(inputs)))))
        call = Callback.__call__

        def call_and_note(callback, *args, **kwargs):
            reply = call(callback, *args, **kwargs)
            self.noted.append(name_bytes(self._packer.pack(reply)))
            return reply

        with patch.object(Callback, "__call__", call_and_note):
            return read_happened(decode(*observe(observer, self.names[name], inputs)))


@contextlib.contextmanager
def _in_a_fresh_process():
    nothing_kept = patch.object(callbacks, "_kept", [])
    with keep_global_state(), make_scratch_folder() as folder, contextlib.chdir(folder), nothing_kept:
        yield


def list_questions(exercise, seed):
    """Return what each hidden check that draws asks the solution, and replies to it; all of it as hashes."""
    template = make_exercise(exercise)
    with _in_a_fresh_process(), use_class_seed(seed):
        given = make_namespace(template)
        names = dict(given)
        exec(read_solutions()[exercise], names)
        noted = {}
        for cell in template.full.cells:
            if "draw_for" in cell.source:
                line = NotingLine(names)
                answers = {name: Answer(name, line) for name in names if name not in given and name in cell.source}
                result = run_check(cell.source, given, answers)
                assert judge_check(cell, result).passed, result.outputs
                noted[cell.id] = tuple(line.noted)
        return noted


DRAWING = [exercise.id for exercise in EXERCISES if exercise.id not in ("read_architecture", "predict_range")]
TIMES_ONLY = "image_classifier_time"  # how long a step takes is told to nobody, and depends on the machine


@pytest.mark.parametrize("exercise", DRAWING)
def test_a_seed_decides_what_is_asked(exercise):
    first, again, *others = (list_questions(exercise, seed) for seed in "aabc")
    assert first and all(first.values())
    for name in first.keys() - {TIMES_ONLY}:
        assert first[name] == again[name], name
        assert {first[name]} != {other[name] for other in others}, name
