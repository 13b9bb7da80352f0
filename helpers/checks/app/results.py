"""Compare an app's results, a list of {"class", "probability", "class_id"}, with what a pretended model knows."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from helpers.checks.app.pretend_models import PretendModel
from helpers.checks.model_calls import expect_eval
from helpers.checks.probe_models import ModelLog
from helpers.checks.report import Check
from helpers.checks.values import as_integer, as_number

TOLERANCE = 1e-4  # of a probability
KEYS = ("class", "probability", "class_id")
OFFSET = 2  # what pretended models add to the logarithms of the shares


@dataclass(frozen=True)
class ResultEntry:
    """One result of the student's app."""

    label: str
    probability: float
    class_id: int


def expect_ready_model(check: Check, log: ModelLog) -> None:
    """Fail if the model ran in training mode, or while autograd was recording."""
    expect_eval(check, log, in_training_now=log.calls[-1].in_training if log.calls else False)
    recorded = any(call.is_recorded for call in log.calls)
    check.expect(not recorded, "graph_recorded", got="a run that was recorded", expected="a run with nothing recorded")


def expect_results(check: Check, value: object, pretend: PretendModel, *, colour: str, top_k: int) -> None:
    """Fail unless `value` holds the `top_k` best classes of a photo of this colour, best first."""
    entries = _read_entries(check, value, top_k)
    shares = pretend.shares[colour]
    best = sorted(range(len(shares)), key=lambda number: -shares[number])
    _expect_matching_labels(check, entries, pretend)
    ids, right = [entry.class_id for entry in entries], best[:top_k]
    if ids != right:
        cause = _find_order_cause(ids, pretend, best, colour)
        got = f"classes {ids}: {', '.join(entry.label for entry in entries)}"
        check.stop(cause, got=got, expected=f"classes {right}: {', '.join(pretend.labels[i] for i in right)}")
    probabilities, expected = [entry.probability for entry in entries], [shares[number] for number in right]
    if _differ(probabilities, expected) > TOLERANCE:
        cause = _find_probability_cause(probabilities, expected, shares)
        check.fail(cause, got=[round(p, 4) for p in probabilities], expected=[round(p, 4) for p in expected])


def expect_made_of_results(check: Check, value: object, pretend: PretendModel, *, colour: str) -> None:
    """Fail unless the first result comes from a photo of this colour, in whatever form: the form is judged elsewhere.

    Enough is the label or the number of the best class, or of the worst.
    """
    shares = list(pretend.shares[colour])
    ends = [shares.index(max(shares)), shares.index(min(shares))]
    first = value[0] if isinstance(value, list | tuple) and value else None
    parts = list(first.values()) if isinstance(first, dict) else []
    numbers = [as_integer(part) for part in parts]
    texts = [part for part in parts if isinstance(part, str)]
    if not any(place in numbers or pretend.labels[place] in texts for place in ends):
        check.fail("wrong_values", got=value, expected=f"the results of a {colour} photo")


def _read_entries(check: Check, value: object, top_k: int) -> list[ResultEntry]:
    wanted = f"a list of {top_k} dictionaries with the keys {', '.join(KEYS)}"
    if not isinstance(value, list | tuple) or not all(isinstance(entry, dict) for entry in value):
        check.stop("wrong_type", got=value, expected=wanted)
    if len(value) != top_k:
        check.stop("top_k_ignored", got=f"{len(value)} results", expected=wanted)
    missing = [key for entry in value for key in KEYS if key not in entry]
    if missing:
        check.stop("key_missing", got=f"no {missing[0]!r} in {sorted(map(str, value[0]))}", expected=wanted)
    if any(not isinstance(entry["class"], str) for entry in value):
        check.stop("class_number_not_label", got=value[0], expected="a label under 'class'")
    numbers = [(as_number(entry["probability"]), as_integer(entry["class_id"])) for entry in value]
    entries = [
        ResultEntry(entry["class"], probability, class_id)
        for entry, (probability, class_id) in zip(value, numbers, strict=True)
        if probability is not None and class_id is not None
    ]
    if len(entries) < len(value):
        check.stop("wrong_type", got=value[0], expected="a number under 'probability', a whole one under 'class_id'")
    return entries


def _expect_matching_labels(check: Check, entries: Sequence[ResultEntry], pretend: PretendModel) -> None:
    """Stop unless every label is the model's own name of the class beside it."""
    labels = list(pretend.labels)
    for entry in entries:
        if entry.label not in labels:
            check.stop("labels_of_another_model", got=entry.label, expected=f"one of {', '.join(labels)}")
        place = labels.index(entry.label)
        if place != entry.class_id:
            cause = "top_k_off_by_one" if abs(place - entry.class_id) == 1 else "label_and_id_differ"
            check.stop(cause, got=f"{entry.label!r} as class {entry.class_id}", expected=f"class {place}")


def _find_order_cause(ids: list[int], pretend: PretendModel, best: list[int], colour: str) -> str:
    count = len(ids)
    others = [shares for name, shares in pretend.shares.items() if name != colour]
    of_others = [sorted(range(len(shares)), key=lambda number: -shares[number])[:count] for shares in others]
    if sorted(ids) == sorted(best[:count]):
        return "top_k_not_sorted"
    if ids in of_others:
        return "other_photo_answered"
    return "top_k_worst" if sorted(ids) == sorted(best[-count:]) else "top_k_wrong_labels"


def _differ(values: Sequence[float], others: Sequence[float]) -> float:
    differences = [abs(value - other) for value, other in zip(values, others, strict=True)]
    return max(differences) if all(map(math.isfinite, differences)) else math.inf


def _find_probability_cause(values: list[float], right: list[float], shares: Sequence[float]) -> str:
    all_again = sum(math.exp(share) for share in shares)
    wrong = {
        "probability_in_percent": [100 * share for share in right],
        "logits_not_probabilities": [math.log(share) + OFFSET for share in right],
        "log_of_probability": [math.log(share) for share in right],
        "softmax_of_the_best_only": [share / sum(right) for share in right],
        "softmax_twice": [math.exp(share) / all_again for share in right],
        "softmax_over_wrong_dimension": [1.0 for _ in right],
        "sigmoid_not_softmax": [1 / (1 + math.exp(-math.log(share) - OFFSET)) for share in right],
    }
    for cause, numbers in wrong.items():
        if _differ(values, numbers) <= TOLERANCE * max(1, *numbers):
            return cause
    if all(min(abs(value - share) for share in shares) <= TOLERANCE for value in values):
        return "probability_of_another_class"
    return "probability_rounded" if _differ(values, right) <= 0.0051 else "wrong_values"
