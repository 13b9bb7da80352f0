"""Checks of notebook 07's optional exercises: usual wrong answers get their cause, unusual right ones pass."""

import functools
import statistics
import time
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from helpers import images
from helpers.checks.app.compare_models import Candidate, check_compare_models
from helpers.checks.app.predict_batch import (
    check_predict_batch,
    check_predict_batch_bad_files,
    check_predict_batch_bugs,
)
from helpers.checks.app.predict_within_memory import check_predict_within_memory, check_predict_within_memory_errors
from tests.support.pretended import ANIMALS, FRUIT, STRANGE, empty_stub

# --- predict_batch --------------------------------------------------------------------------------------------


def sort_out(classifier, shares, top_k):
    values, places = shares.topk(top_k)
    pairs = zip(places.tolist(), values.tolist(), strict=True)
    return [{"class": classifier.labels[i], "probability": p, "class_id": i} for i, p in pairs]


def right_batch(classifier, paths, top_k=5, *, catch=images.ImageError, order=lambda opened: opened):
    opened, errors = {}, {}
    for place, path in enumerate(paths):
        try:
            opened[place] = classifier.preprocess(images.open_image(path))
        except catch as error:
            errors[str(path)] = str(error)
    answers = [None] * len(paths)
    if opened:
        with torch.no_grad():
            shares = classifier.model(torch.stack(list(opened.values()))).softmax(-1)
        for place, row in zip(order(list(opened)), shares, strict=True):
            answers[place] = sort_out(classifier, row, top_k)
    return answers, errors


def stops_at_a_bad_file(classifier, paths, top_k=5):
    batch = torch.stack([classifier.preprocess(images.open_image(path)) for path in paths])
    with torch.no_grad():
        return [sort_out(classifier, row, top_k) for row in classifier.model(batch).softmax(1)], {}


def bad_files_left_out(classifier, paths, top_k=5):
    answers, errors = right_batch(classifier, paths, top_k)
    return [answer for answer in answers if answer], errors


def errors_without_words(classifier, paths, top_k=5):
    answers, errors = right_batch(classifier, paths, top_k)
    return answers, dict.fromkeys(errors, "")


def errors_forgotten(classifier, paths, top_k=5):
    return right_batch(classifier, paths, top_k)[0], {}


def errors_for_all(classifier, paths, top_k=5):
    return right_batch(classifier, paths, top_k)[0], {path: "looked at" for path in paths}


def one_by_one(classifier, paths, top_k=5):
    pairs = [right_batch(classifier, [path], top_k) for path in paths]
    return [answers[0] for answers, _ in pairs], {key: text for _, errors in pairs for key, text in errors.items()}


def padded(classifier, paths, top_k=5):
    answers, errors = [], {}
    tensors = []
    for path in paths:
        try:
            tensors.append(classifier.preprocess(images.open_image(path)))
        except images.ImageError as error:
            errors[path] = str(error)
            tensors.append(torch.zeros(3, 8, 8))
    with torch.no_grad():
        answers = [sort_out(classifier, row, top_k) for row in classifier.model(torch.stack(tensors)).softmax(1)]
    return answers, errors


def empty_batch(classifier, paths, top_k=5):
    answers, errors = right_batch(classifier, paths, top_k)
    if len(errors) == len(paths):
        classifier.model(torch.zeros(0, 3, 8, 8))
    return answers, errors


def shares_over_the_batch(classifier, paths, top_k=5):
    batch = torch.stack([classifier.preprocess(images.open_image(path)) for path in paths])
    with torch.no_grad():
        return [sort_out(classifier, row, top_k) for row in classifier.model(batch).softmax(0)], {}


def graph_recorded(classifier, paths, top_k=5):
    batch = torch.stack([classifier.preprocess(images.open_image(path)) for path in paths])
    return [sort_out(classifier, row, top_k) for row in classifier.model(batch).softmax(1)], {}


FILES = ["text", "green", "missing", "cut", "red", "empty", "folder", "blue", "green"]
PHOTOS = ["blue", "red", "green", "red"]
BATCH_CHECKS = [
    (check_predict_batch, {"model": FRUIT, "photos": PHOTOS, "top_k": 2}),
    (check_predict_batch_bad_files, {"model": FRUIT, "files": FILES}),
    (check_predict_batch_bugs, {"model": FRUIT}),
]


@pytest.mark.parametrize(
    ("answer", "cause"),
    [
        (one_by_one, "one_run_each"),
        (graph_recorded, "graph_recorded"),
        (errors_for_all, "error_invented"),
        (shares_over_the_batch, "top_k_wrong_labels"),
        (functools.partial(right_batch, order=lambda places: places[::-1]), "other_photo_answered"),
        (lambda classifier, paths, top_k: right_batch(classifier, paths), "top_k_ignored"),
        (lambda classifier, paths, top_k: right_batch(classifier, paths, top_k)[0], "wrong_type"),
        (lambda classifier, paths, top_k: right_batch(classifier, paths[1:], top_k), "entries_missing"),
        (lambda classifier, paths, top_k: ([None] * len(paths), {}), "model_not_called"),
    ],
)
def test_predict_batch_names_the_cause(run_check, answer, cause):
    assert cause in run_check(check_predict_batch, answer, model=FRUIT, photos=PHOTOS, top_k=2).causes


@pytest.mark.parametrize(
    ("answer", "cause"),
    [
        (stops_at_a_bad_file, "batch_stopped"),
        (bad_files_left_out, "entries_missing"),
        (errors_without_words, "error_not_explained"),
        (errors_forgotten, "bad_file_not_named"),
        (padded, "bad_file_answered"),
        (padded, "not_one_batch"),
    ],
)
def test_predict_batch_names_the_bad_file(run_check, answer, cause):
    assert cause in run_check(check_predict_batch_bad_files, answer, model=FRUIT, files=FILES).causes


@pytest.mark.parametrize(
    ("answer", "cause"),
    [
        (functools.partial(right_batch, catch=Exception), "bug_swallowed"),
        (stops_at_a_bad_file, "raised_error"),
        (empty_batch, "empty_batch_run"),
        (padded, "bad_file_answered"),
    ],
)
def test_predict_batch_names_the_bug(run_check, answer, cause):
    assert cause in run_check(check_predict_batch_bugs, answer, model=FRUIT).causes


def with_paths_as_keys_and_exceptions(classifier, paths, top_k=5):
    answers, errors = right_batch(classifier, paths, top_k, catch=(images.ImageError, OSError))
    return tuple(answers), {Path(path): ValueError(text) for path, text in errors.items()}


def with_pillow(classifier, paths, top_k=5):
    answers, errors, tensors = {}, {}, {}
    for number, path in enumerate(paths):
        try:
            with Image.open(path) as image:
                tensors[number] = classifier.preprocess(image.convert("RGB"))
        except OSError as error:
            errors[path] = repr(error)
            answers[number] = None
    if tensors:
        with torch.inference_mode():
            rows = torch.softmax(classifier.model(torch.cat([t[None] for t in tensors.values()])), dim=1)
        answers |= {n: sort_out(classifier, row, top_k) for n, row in zip(tensors, rows, strict=True)}
    return [answers[number] for number in sorted(answers)], errors


@pytest.mark.parametrize("answer", [right_batch, with_paths_as_keys_and_exceptions, with_pillow])
def test_predict_batch_accepts(run_check, answer):
    for check, inputs in BATCH_CHECKS:
        assert run_check(check, answer, **inputs).causes == []


# --- predict_within_memory ------------------------------------------------------------------------------------


def right_memory(predict, batch):
    size = len(batch)
    while True:
        try:
            return torch.cat([predict(part) for part in batch.split(size)])
        except torch.OutOfMemoryError:
            if size == 1:
                raise
        size //= 2


def again_inside_the_block(predict, batch):
    try:
        return predict(batch)
    except torch.OutOfMemoryError:
        if len(batch) == 1:
            raise
        half = len(batch) // 2
        return torch.cat([again_inside_the_block(predict, part) for part in (batch[:half], batch[half:])])


def error_kept_by_name(predict, batch):
    size, errors = len(batch), []
    while True:
        try:
            return torch.cat([predict(part) for part in batch.split(size)])
        except torch.OutOfMemoryError as error:
            errors.append(error)
            if size == 1:
                raise
        size //= 2


def one_by_one_at_once(predict, batch):
    try:
        return predict(batch)
    except torch.OutOfMemoryError:
        pass
    return torch.cat([predict(photo[None]) for photo in batch])


def remainder_lost(predict, batch):
    size = len(batch)
    while size:
        try:
            return torch.cat([predict(batch[i * size : (i + 1) * size]) for i in range(len(batch) // size)])
        except torch.OutOfMemoryError:
            size //= 2
    raise torch.OutOfMemoryError


def any_runtime_error(predict, batch):
    size = len(batch)
    while True:
        try:
            return torch.cat([predict(part) for part in batch.split(size)])
        except RuntimeError:
            if size == 1:
                raise
        size //= 2


def without_end(predict, batch):
    size = len(batch)
    while True:
        try:
            return torch.cat([predict(part) for part in batch.split(max(1, size))])
        except torch.OutOfMemoryError:
            size //= 2


def computed_without_the_model(predict, batch):
    """Learn from one photo what the model does, and do it for the others."""
    logits = right_memory(predict, batch)
    return 2 * batch + (logits[0] - 2 * batch[0])


def two_at_least(predict, batch):
    size = len(batch)
    while True:
        try:
            return torch.cat([predict(part) for part in batch.split(size)])
        except torch.OutOfMemoryError:
            if size <= 2:
                raise
        size //= 2


def gives_up_in_silence(predict, batch):
    try:
        return right_memory(predict, batch)
    except torch.OutOfMemoryError:
        return None


MEMORY_CASES = [(11, 4), (5, 5), (6, 1), (1, 1), (13, 6)]


@pytest.mark.parametrize(
    ("answer", "cause"),
    [
        (again_inside_the_block, "error_kept"),
        (error_kept_by_name, "error_kept"),
        (one_by_one_at_once, "batches_too_small"),
        (remainder_lost, "photos_missing"),
        (lambda predict, batch: predict(batch), "raised_error"),
        (lambda predict, batch: list(right_memory(predict, batch)), "batches_not_joined"),
        (lambda predict, batch: right_memory(predict, batch.flip(0)), "order_lost"),
        (lambda predict, batch: right_memory(predict, batch) + 1, "wrong_values"),
        (lambda predict, batch: str(right_memory(predict, batch)), "wrong_type"),
        (lambda predict, batch: batch, "function_not_called"),
        (computed_without_the_model, "wrong_values"),
    ],
)
def test_predict_within_memory_names_the_cause(run_check, answer, cause):
    assert cause in run_check(check_predict_within_memory, answer, cases=MEMORY_CASES).causes


@pytest.mark.parametrize(
    ("answer", "cause"),
    [
        (any_runtime_error, "other_error_retried"),
        (without_end, "loop_without_end"),
        (gives_up_in_silence, "error_hidden"),
        (lambda predict, batch: predict(batch), "gave_up_too_early"),
        (two_at_least, "gave_up_too_early"),
        (lambda predict, batch: 1 / 0, "wrong_error_type"),
    ],
)
def test_predict_within_memory_names_the_error(run_check, answer, cause):
    assert cause in run_check(check_predict_within_memory_errors, answer, photos=8).causes


def upwards(predict, batch):
    """Find the largest power of two that works, then go through with it."""
    size = 1
    while size < len(batch):
        try:
            predict(batch[: size * 2])
        except torch.cuda.OutOfMemoryError:
            break
        size *= 2
    return torch.cat([predict(batch[at : at + size]) for at in range(0, len(batch), size)])


def with_a_flag(predict, batch):
    parts, at, size = [], 0, len(batch)
    while at < len(batch):
        full = False
        try:
            parts.append(predict(batch[at : at + size]))
        except torch.OutOfMemoryError:
            full = True
            if size <= 1:
                raise
        if full:
            size = max(1, size // 2)
            continue
        at += size
    return torch.cat(parts)


def with_recursion(predict, batch):
    logits = None
    try:
        logits = predict(batch)
    except torch.OutOfMemoryError:
        if len(batch) == 1:
            raise
    if logits is None:
        logits = torch.vstack([with_recursion(predict, part) for part in batch.chunk(2)])
    return logits


@pytest.mark.parametrize("answer", [right_memory, upwards, with_a_flag, with_recursion])
def test_predict_within_memory_accepts(run_check, answer):
    assert run_check(check_predict_within_memory, answer, cases=MEMORY_CASES).causes == []
    assert run_check(check_predict_within_memory_errors, answer, photos=8).causes == []


# --- compare_models -------------------------------------------------------------------------------------------


def measure(classifier, photos, clock, *, warm_up=True, average=statistics.median, no_grad=torch.no_grad):
    times, right = [], 0
    for image, labels in photos:
        batch = classifier.preprocess(image)[None]
        with no_grad():
            if warm_up and not times:
                classifier.model(batch)
            start = clock()
            logits = classifier.model(batch)
            times.append((clock() - start) * 1000)
        right += classifier.labels[logits.argmax()] in labels
    return average(times), right


def count(model):
    return sum(p.numel() for p in model.parameters())


def right_size(model):
    return sum(p.numel() * p.element_size() for p in model.parameters()) / 1e6


def right_comparison(classifiers, photos, clock=time.perf_counter, *, size=right_size, scale=1, **options):
    rows = []
    for classifier in classifiers:
        latency_ms, right = measure(classifier, photos, clock, **options)
        size_mb = size(classifier.model)
        rows.append({"model": classifier.name, "size_mb": size_mb, "latency_ms": latency_ms * scale, "right": right})
    return rows


def with_preprocessing_timed(classifiers, photos, clock=time.perf_counter):
    rows = right_comparison(classifiers, photos, clock)
    for row, classifier in zip(rows, classifiers, strict=True):
        times = []
        for image, _ in photos:
            start = clock()
            with torch.no_grad():
                classifier.model(classifier.preprocess(image)[None])
            times.append((clock() - start) * 1000)
        row["latency_ms"] = statistics.median(times)
    return rows


def change(**changes):
    def compare(classifiers, photos, clock):
        rows = right_comparison(classifiers, photos, clock)
        return [row | {key: function(row[key]) for key, function in changes.items()} for row in rows]

    return compare


SMALL = Candidate("resnet18", FRUIT, numbers=3_000_000, dtype=torch.float32, latencies_ms=[20, 10, 90])
HALF = Candidate("resnet34", FRUIT, numbers=2_000_000, dtype=torch.float16, latencies_ms=[31, 33, 32])
SOLE = Candidate("alexnet", ANIMALS, numbers=700_000, dtype=torch.float64, latencies_ms=[7])
THREE = [("red", ["cherry", "apple"]), ("green", ["apple"]), ("blue", ["elderberry"])]
COMPARE_CHECKS = [
    (check_compare_models, {"candidates": [SMALL, HALF], "photos": THREE, "right": [2, 2]}),
    (check_compare_models, {"candidates": [SOLE], "photos": [("red", ["ant", "cat"])], "right": [0]}),
]


@pytest.mark.parametrize(
    ("answer", "cause"),
    [
        (functools.partial(right_comparison, warm_up=False), "warm_up_counted"),
        (functools.partial(right_comparison, average=statistics.mean), "mean_not_median"),
        (functools.partial(right_comparison, average=sum), "time_of_all_calls"),
        (functools.partial(right_comparison, average=max), "other_latency"),
        (functools.partial(right_comparison, scale=1e-3), "seconds_not_milliseconds"),
        (with_preprocessing_timed, "other_work_timed"),
        (lambda classifiers, photos, clock: right_comparison(classifiers, photos), "clock_ignored"),
        (functools.partial(right_comparison, size=lambda m: count(m) * 4e-6), "bytes_assumed"),
        (functools.partial(right_comparison, size=lambda m: count(m) / 1e6), "parameters_not_bytes"),
        (functools.partial(right_comparison, size=lambda m: right_size(m) * 1e6 / 2**20), "mebibytes"),
        (functools.partial(right_comparison, size=lambda m: right_size(m) * 1e6), "bytes_not_megabytes"),
        (functools.partial(right_comparison, size=lambda m: 3.7), "wrong_size"),
        (change(right=lambda right: 3 - right), "wrong_answers_counted"),
        (change(right=lambda right: 0), "answers_miscounted"),
        (change(right=lambda right: "two"), "wrong_type"),
        (lambda *given: right_comparison(*given)[:1], "wrong_rows"),
        (lambda *given: right_comparison(*given)[::-1], "wrong_rows"),
        (lambda *given: [{"model": row["model"]} for row in right_comparison(*given)], "key_missing"),
        (lambda classifiers, photos, clock: [{"model": c.name} for c in classifiers], "model_not_called"),
    ],
)
def test_compare_models_names_the_cause(run_check, answer, cause):
    assert cause in run_check(check_compare_models, answer, **COMPARE_CHECKS[0][1]).causes


def with_separate_loops(classifiers, photos, clock=time.perf_counter):
    rows = []
    with torch.inference_mode():
        for classifier in classifiers:
            batches = [classifier.preprocess(image).unsqueeze(0) for image, _ in photos]
            best = [classifier.labels[int(classifier.model(batch).argmax(1))] for batch in batches]
            times = []
            for batch in batches:
                before = clock()
                classifier.model(batch)
                times.append(clock() - before)
            right = sum(label in labels for label, (_, labels) in zip(best, photos, strict=True))
            size = sum(v.nbytes for v in classifier.model.parameters())
            latency_ms = round(1000 * float(np.median(times)), 2)
            row = {"right": right, "latency_ms": latency_ms, "size_mb": round(size / 1e6, 1), "model": classifier.name}
            rows.append(row)
    return tuple(rows)


def with_tensors(classifiers, photos, clock=time.perf_counter):
    def percentile(times):
        return np.percentile(times, 50)

    rows = right_comparison(classifiers, photos, clock, average=percentile)
    return [row | {"right": torch.tensor(row["right"])} for row in rows]


@pytest.mark.parametrize("answer", [right_comparison, with_separate_loops, with_tensors])
def test_compare_models_accepts(run_check, answer):
    for check, inputs in COMPARE_CHECKS:
        assert run_check(check, answer, **inputs).causes == []


# --- all ------------------------------------------------------------------------------------------------------

MEMORY_CHECKS = [
    (check_predict_within_memory, {"cases": MEMORY_CASES}),
    (check_predict_within_memory_errors, {"photos": 8}),
]
OPTIONAL_CHECKS = BATCH_CHECKS + MEMORY_CHECKS + COMPARE_CHECKS


@pytest.mark.parametrize(("check", "inputs"), OPTIONAL_CHECKS)
def test_the_empty_stub_fails(run_check, check, inputs):
    assert set(run_check(check, empty_stub, **inputs).causes) == {"not_answered"}


@pytest.mark.parametrize(("check", "inputs"), OPTIONAL_CHECKS)
@pytest.mark.parametrize("value", STRANGE, ids=lambda value: type(value).__name__)
def test_strange_results_fail_without_a_crash(run_check, check, inputs, value):
    result = run_check(check, lambda *arguments: value, **inputs)
    assert not result.passed
    assert "cannot_compare" not in result.causes
