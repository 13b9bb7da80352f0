"""Checks of notebook 04: the k best labels with their probabilities.

Every probe starts from the shares that are to come out; the logits are their logarithms, moved by an offset.
So the right answer is known without computing it, and so are the usual wrong ones.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch

from helpers.checks.class_seed import Draw
from helpers.checks.report import Check, checking
from helpers.checks.values import as_number

TOLERANCE = 1e-4  # of a probability; logits around 1000 are stored to 6e-5
DEFAULT_K = 5
Pair = tuple[str, float]
BEHAVIOURS = {
    "all": "the best labels first, each with its share among all classes",
    "labels": "the right labels, best first",
    "probabilities": "probabilities that are shares among all classes",
}


@dataclass(frozen=True)
class Scores:
    """One photo's scores: `shares[i]` is the probability of class i, named `labels[i]`; `best` comes out."""

    labels: Sequence[str]
    shares: Sequence[float]
    best: Sequence[Pair]
    offset: float = 2.0  # added to every logit: changes no probability

    @property
    def logits(self) -> list[float]:
        """The logits of all classes."""
        return [math.log(share) + self.offset for share in self.shares]


def draw_scores(
    draw: Draw, labels: Sequence[str], shares: Sequence[float], best: Sequence[str], *, offset: float = 2.0
) -> Scores:
    """Make scores whose shares are drawn near these, in the same order; `best` are the labels that come out."""
    drawn = dict(zip(labels, draw.vary_shares(shares), strict=True))
    return Scores(labels, list(drawn.values()), [(label, drawn[label]) for label in best], offset)


def check_top_k(top_k: Callable, *, cases: Sequence[Scores], only: str = "all") -> None:
    """Check `top_k(logits, labels, k) -> [(label, probability), ...]`; `only` is a key of BEHAVIOURS."""
    with checking("top_k", BEHAVIOURS[only]) as check:
        for scores in cases:
            with check.probe(_describe_case(scores)):
                value = check.call(top_k, torch.tensor(scores.logits), list(scores.labels), len(scores.best))
                pairs = _read_pairs(check, value, len(scores.best))
                if only in ("all", "labels"):
                    _expect_labels(check, pairs, scores)
                if only in ("all", "probabilities"):
                    _expect_probabilities(check, [probability for _, probability in pairs], scores)
        if only == "all" and not check.failures:
            _expect_default(check, top_k, [scores for scores in cases if len(scores.labels) >= DEFAULT_K])


def _expect_default(check: Check, top_k: Callable, cases: Sequence[Scores]) -> None:
    """Fail unless there are DEFAULT_K entries when k is left out."""
    for scores in cases:
        with check.probe(f"{len(scores.shares)} classes, k left out"):
            value = check.call(top_k, torch.tensor(scores.logits), list(scores.labels))
            entries = len(_read_pairs(check, value, len(value) if isinstance(value, list | tuple) else DEFAULT_K))
            if entries != DEFAULT_K:
                check.fail("wrong_default", got=f"{entries} entries", expected=f"{DEFAULT_K} entries, as k=5 says")


def _describe_case(scores: Scores) -> str:
    return f"{len(scores.shares)} classes, k={len(scores.best)}, the highest logit {max(scores.logits):.4g}"


def _read_pairs(check: Check, value: object, k: int) -> list[Pair]:
    """Return k pairs of text and float; anything else is a failure that ends the probe."""
    wanted = f"a list of {k} tuples (label, probability)"
    if not isinstance(value, list | tuple):
        check.stop("wrong_type", got=value, expected=wanted)
    if not all(isinstance(pair, list | tuple) and len(pair) == 2 for pair in value):
        check.stop("not_pairs", got=value, expected=wanted)
    if len(value) != k:
        check.stop("k_ignored", got=f"{len(value)} pairs", expected=wanted)
    if all(isinstance(second, str) and as_number(first) is not None for first, second in value):
        check.stop("pair_swapped", got=value[0], expected="(label, probability)")
    if not all(isinstance(label, str) for label, _ in value):
        check.stop("class_number_not_label", got=value[0], expected="a label, then a probability")
    numbers = [(label, as_number(probability)) for label, probability in value]
    pairs = [(label, number) for label, number in numbers if number is not None]
    if len(pairs) < len(numbers):
        check.stop("wrong_type", got=value[0], expected="a label, then a number")
    return pairs


def _expect_labels(check: Check, pairs: list[Pair], scores: Scores) -> None:
    labels, right = [label for label, _ in pairs], [label for label, _ in scores.best]
    if labels != right:
        cause = _find_equal_values_cause(pairs) or _find_labels_cause(pairs, scores)
        check.fail(cause, got=labels, expected=right)


def _find_equal_values_cause(pairs: list[Pair]) -> str | None:
    """Name what leaves nothing to rank by: probabilities that are no numbers, or are all 1; None if they differ."""
    values = [value for _, value in pairs]
    if not all(math.isfinite(value) for value in values):
        return "exp_overflow"
    return "softmax_over_wrong_dimension" if all(abs(value - 1) <= TOLERANCE for value in values) else None


def _find_labels_cause(pairs: list[Pair], scores: Scores) -> str:
    labels, right = [label for label, _ in pairs], [label for label, _ in scores.best]
    places = [list(scores.labels).index(label) for label in right]
    shifted = [[scores.labels[(place + step) % len(scores.labels)] for place in places] for step in (1, -1)]
    shares = dict(zip(scores.labels, scores.shares, strict=True))
    have_own_shares = all(abs(shares.get(label, math.inf) - value) <= TOLERANCE for label, value in pairs)
    if labels in shifted and not have_own_shares:
        return "top_k_off_by_one"
    worst = sorted(scores.labels, key=shares.__getitem__)[: len(right)]
    if labels != worst and sorted(labels) == sorted(right):
        return "top_k_not_sorted"
    return "top_k_worst" if sorted(labels) == sorted(worst) else "top_k_wrong_labels"


def _expect_probabilities(check: Check, values: list[float], scores: Scores) -> None:
    right = [probability for _, probability in scores.best]
    if not all(math.isfinite(value) for value in values):
        check.stop("exp_overflow", got=values, expected=right)
    values = sorted(values, reverse=True)
    if _differ(values, right) <= TOLERANCE:
        return
    wrong = {cause: _differ(values, numbers) for cause, numbers in _compute_wrong_values(scores).items()}
    nearest = min(wrong, key=wrong.__getitem__)
    cause = nearest if wrong[nearest] <= TOLERANCE else "wrong_values"
    if cause == "wrong_values" and _differ(values, right) <= 0.0051:
        cause = "probability_rounded"
    check.fail(cause, got=[round(value, 4) for value in values], expected=[round(value, 4) for value in right])


def _differ(values: Sequence[float], others: Sequence[float]) -> float:
    return max(abs(value - other) for value, other in zip(values, others, strict=True))


def _compute_wrong_values(scores: Scores) -> dict[str, list[float]]:
    """Return what the usual mistakes give for the best classes, best first."""
    right = [probability for _, probability in scores.best]
    logits = [math.log(share) + scores.offset for share in right]
    all_again = sum(math.exp(share) for share in scores.shares)
    return {
        "logits_not_probabilities": logits,
        "softmax_of_the_best_only": [share / sum(right) for share in right],
        "softmax_twice": [math.exp(share) / all_again for share in right],
        "softmax_over_wrong_dimension": [1.0 for _ in right],
        "sigmoid_not_softmax": torch.sigmoid(torch.tensor(logits)).tolist(),
        "log_of_probability": [math.log(share) for share in right],
        "probability_in_percent": [100 * share for share in right],
    }
