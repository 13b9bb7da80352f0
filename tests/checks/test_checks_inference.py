"""Checks of notebook 04: usual wrong answers get their cause, unusual right ones pass."""

import copy
import math
import sys
import warnings

import numpy as np
import pytest
import torch
from PIL import Image
from torch import nn
from tqdm import tqdm

from helpers.checks.inference.predict_class import (
    check_predict_class,
    check_predict_class_device,
    check_predict_class_modes,
)
from helpers.checks.inference.predict_in_batches import check_predict_in_batches
from helpers.checks.inference.predict_logits import check_predict_logits
from helpers.checks.inference.top_k import Scores, check_top_k

# --- predict_logits -------------------------------------------------------------------------------------------


def right_logits(model, batch):
    model.eval()
    with torch.no_grad():
        return model(batch)


def eval_without_parentheses(model, batch):
    model.eval  # noqa: B018
    with torch.no_grad():
        return model(batch)


def eval_afterwards(model, batch):
    with torch.no_grad():
        logits = model(batch)
    model.eval()
    return logits


def eval_of_the_top_only(model, batch):
    model.training = False
    with torch.no_grad():
        return model(batch)


def no_grad_on_its_own_line(model, batch):
    model.eval()
    torch.no_grad()
    return model(batch)


def block_closed_before_the_call(model, batch):
    with torch.no_grad():
        model.eval()
    return model(batch)


def detached_afterwards(model, batch):
    return model.eval()(batch).detach()


def turned_into_numpy(model, batch):
    return model.eval()(batch).detach().numpy()


def one_photo_at_a_time(model, batch):
    return torch.cat([right_logits(model, photo[None]) for photo in batch])


def called_twice(model, batch):
    right_logits(model, batch)
    return right_logits(model, batch)


def nothing_returned(model, batch):
    right_logits(model, batch)


def model_forgotten(model, batch):
    model.eval()
    return torch.zeros(len(batch), 6)


WRONG_LOGITS = [
    (eval_without_parentheses, "ran_in_training_mode"),
    (eval_afterwards, "eval_too_late"),
    (eval_of_the_top_only, "ran_in_training_mode"),
    (no_grad_on_its_own_line, "graph_recorded"),
    (block_closed_before_the_call, "graph_recorded"),
    (lambda model, batch: model.eval()(batch), "graph_recorded"),
    (detached_afterwards, "graph_cut_too_late"),
    (turned_into_numpy, "graph_cut_too_late"),
    (one_photo_at_a_time, "batch_taken_apart"),
    (called_twice, "model_called_again"),
    (nothing_returned, "wrong_type"),
    (model_forgotten, "model_not_called"),
    (lambda model, batch: right_logits(model, batch).softmax(1), "softmax_too_early"),
    (lambda model, batch: right_logits(model, batch).argmax(1), "classes_not_logits"),
    (lambda model, batch: right_logits(model, batch)[0], "first_photo_only"),
    (lambda model, batch: right_logits(model, batch).T, "wrong_shape"),
    (lambda model, batch: right_logits(model, batch) + 1, "wrong_values"),
    (lambda model, batch: right_logits(model, batch).tolist(), "wrong_type"),
    (lambda model, batch: right_logits(model, batch[0]), "raised_error"),
    (lambda model, batch: right_logits(model, batch.numpy()), "raised_error"),
    (lambda model, batch: sys.exit(1), "raised_error"),
]


@pytest.mark.parametrize(("answer", "cause"), WRONG_LOGITS)
def test_predict_logits_names_the_cause(run_check, answer, cause):
    assert cause in run_check(check_predict_logits, answer, sizes=[4]).causes


def with_inference_mode(model, batch):
    with torch.inference_mode():
        return model.eval()(batch)


@torch.no_grad
def with_bare_decorator(model, batch):
    return model.train(False).forward(batch)


@torch.inference_mode()
def with_decorator(model, batch):
    return model.eval()(batch)


def with_frozen_parameters(model, batch):
    return model.eval().requires_grad_(False)(batch)


def with_global_switch(model, batch):
    torch.set_grad_enabled(False)
    return model.eval()(batch)


def with_mode_put_back(model, batch):
    before = model.training
    model.eval()
    try:
        with torch.set_grad_enabled(False):
            return model(batch)
    finally:
        model.train(before)


def with_each_layer(model, batch):
    for module in model.modules():
        module.training = False
    with torch.no_grad():
        return model(batch)


def with_a_copy(model, batch):
    return right_logits(copy.deepcopy(model), batch)


def with_functional_call(model, batch):
    numbers = {name: value.detach() for name, value in model.eval().state_dict().items()}
    return torch.func.functional_call(model, numbers, (batch,))


def with_numpy_result(model, batch):
    return right_logits(model, batch).numpy()


def with_noise_on_every_stream(model, batch):
    warnings.warn("this only warns", stacklevel=1)
    print("to stderr", file=sys.stderr)
    for _ in tqdm(range(2)):
        pass
    return right_logits(model, batch)


RIGHT_LOGITS = [
    right_logits,
    with_inference_mode,
    with_bare_decorator,
    with_decorator,
    with_frozen_parameters,
    with_global_switch,
    with_mode_put_back,
    with_each_layer,
    with_a_copy,
    with_functional_call,
    with_numpy_result,
    with_noise_on_every_stream,
]


@pytest.mark.filterwarnings("ignore:this only warns")
@pytest.mark.parametrize("answer", RIGHT_LOGITS)
def test_predict_logits_accepts(run_check, capfd, answer):
    for check, inputs in LOGITS_CHECKS:
        assert run_check(check, answer, **inputs).causes == []
    assert capfd.readouterr().err == ""


LOGITS_CHECKS = [
    (check_predict_logits, {"sizes": [4]}),
    (check_predict_logits, {"sizes": [1, 5], "only": "eval", "seed": 2}),
    (check_predict_logits, {"sizes": [3, 2], "only": "no_grad", "seed": 3}),
]


def test_predict_logits_gives_partial_credit(run_check):
    outcomes = {
        answer: [run_check(check, answer, **inputs).passed for check, inputs in LOGITS_CHECKS]
        for answer in (no_grad_on_its_own_line, detached_afterwards, eval_without_parentheses, eval_afterwards)
    }
    assert list(outcomes.values()) == [[False, True, False]] * 2 + [[False, False, True]] * 2


def test_a_changed_model_is_named(run_check):
    def spoil(model, batch):
        logits = right_logits(model, batch)
        model.train().body(batch)
        return logits

    result = run_check(check_predict_logits, spoil, sizes=[4])
    assert result.causes == ["model_changed"]


# --- top_k ----------------------------------------------------------------------------------------------------

LABELS = ["ant", "bee", "cat", "dog", "elk"]
ANIMALS = Scores(LABELS, [0.047, 0.236, 0.016, 0.514, 0.187], [("dog", 0.514), ("bee", 0.236), ("elk", 0.187)])
HUGE = Scores(LABELS, [0.047, 0.236, 0.016, 0.514, 0.187], [("dog", 0.514), ("bee", 0.236)], offset=1000)
TOP_ONE = Scores(LABELS, [0.6, 0.2, 0.1, 0.06, 0.04], [("ant", 0.6)])


def right_top_k(logits, labels, k=5):
    shares, classes = logits.softmax(0).topk(k)
    return [(labels[number], share) for number, share in zip(classes.tolist(), shares.tolist(), strict=True)]


def pairs(logits, labels, k, *, shares):
    """The right labels with other numbers."""
    return [(label, float(shares[labels.index(label)])) for label, _ in right_top_k(logits, labels, k)]


def softmax_after_topk(logits, labels, k=5):
    best, classes = logits.topk(k)
    return [(labels[number], share) for number, share in zip(classes, best.softmax(0).tolist(), strict=True)]


def exp_without_care(logits, labels, k=5):
    powers = logits.exp()
    return pairs(logits, labels, k, shares=powers / powers.sum())


WRONG_TOP_K = [
    (lambda z, names, k: pairs(z, names, k, shares=z), ["logits_not_probabilities"]),
    (softmax_after_topk, ["softmax_of_the_best_only"]),
    (lambda z, names, k: right_top_k(z.softmax(0), names, k), ["softmax_twice"]),
    (lambda z, names, k: pairs(z, names, k, shares=z[None].softmax(0)[0]), ["softmax_over_wrong_dimension"]),
    (lambda z, names, k: pairs(z, names, k, shares=z.sigmoid()), ["sigmoid_not_softmax"]),
    (lambda z, names, k: pairs(z, names, k, shares=z.log_softmax(0)), ["log_of_probability"]),
    (lambda z, names, k: pairs(z, names, k, shares=100 * z.softmax(0)), ["probability_in_percent"]),
    (lambda z, names, k: [(n, round(p, 2)) for n, p in right_top_k(z, names, k)], ["probability_rounded"]),
    (lambda z, names, k: pairs(z, names, k, shares=z.softmax(0) * 0.5), ["wrong_values"]),
    (lambda z, names, k: right_top_k(z, names, k)[::-1], ["top_k_not_sorted"]),
    (lambda z, names, k: sorted(right_top_k(z, names, k)), ["top_k_not_sorted"]),
    (lambda z, names, k: right_top_k(-z, names, k), ["top_k_worst", "wrong_values"]),
    (lambda z, names, k: right_top_k(z, ["?"] * 5, k), ["top_k_wrong_labels"]),
    (lambda z, names, k: right_top_k(z, [*names[1:], names[0]], k), ["top_k_off_by_one"]),
    (lambda z, names, k: right_top_k(z, ["background", *names], k), ["top_k_off_by_one"]),
    (lambda z, names, k: [(p, n) for n, p in right_top_k(z, names, k)], ["pair_swapped"]),
    (lambda z, names, k: [(names.index(n), p) for n, p in right_top_k(z, names, k)], ["class_number_not_label"]),
    (lambda z, names, k: tuple(zip(*right_top_k(z, names, k), strict=True)), ["not_pairs"]),
    (lambda z, names, k: z.softmax(0).topk(k), ["not_pairs"]),
    (lambda z, names, k: [n for n, _ in right_top_k(z, names, k)], ["not_pairs"]),
    (lambda z, names, k: right_top_k(z, names, 5), ["k_ignored"]),
    (lambda z, names, k: [], ["k_ignored"]),
    (lambda z, names, k: dict(right_top_k(z, names, k)), ["wrong_type"]),
    (lambda z, names, k: [(n, f"{p:.1%}") for n, p in right_top_k(z, names, k)], ["wrong_type"]),
    (lambda z, names, k: None, ["wrong_type"]),
    (lambda z, names, k: z.softmax(0), ["wrong_type"]),
    (lambda z, names, k: [("dog", math.nan)] * k, ["exp_overflow"] * 2),
    (lambda z, names, k: z.nonsense, ["raised_error"]),
]


@pytest.mark.parametrize(("answer", "causes"), WRONG_TOP_K)
def test_top_k_names_the_cause(run_check, answer, causes):
    assert run_check(check_top_k, answer, cases=[ANIMALS]).causes == causes


def test_top_k_names_an_overflow(run_check):
    assert run_check(check_top_k, exp_without_care, cases=[ANIMALS, HUGE]).causes == ["exp_overflow"]


def with_argsort(logits, labels, k=5):
    shares = torch.nn.functional.softmax(logits, dim=-1)
    return [(labels[number], shares[number]) for number in shares.argsort(descending=True)[:k]]


def with_numpy(logits, labels, k=5):
    numbers = logits.double().numpy()
    shares = np.exp(numbers - numbers.max())
    shares /= shares.sum()
    return tuple((labels[number], shares[number]) for number in np.argsort(-shares)[:k])


def with_logsumexp(logits, labels, k=5):
    ranked = sorted(zip(labels, (logits - logits.logsumexp(0)).exp().tolist(), strict=True), key=lambda p: p[1])
    return ranked[::-1][:k]


def with_ranked_logits(logits, labels, k=5):
    shares = nn.Softmax(dim=0)(logits)
    return [[labels[number], shares[number].item()] for number in logits.topk(k).indices]


def with_a_batch_of_one(logits, labels, k=5):
    shares, classes = logits.unsqueeze(0).softmax(dim=1).sort(dim=1, descending=True)
    return [(labels[classes[0, place].item()], shares[0, place].item()) for place in range(k)]


@pytest.mark.parametrize(
    "answer", [right_top_k, with_argsort, with_numpy, with_logsumexp, with_ranked_logits, with_a_batch_of_one]
)
def test_top_k_accepts(run_check, answer):
    for only in ("all", "labels", "probabilities"):
        assert run_check(check_top_k, answer, cases=[ANIMALS, HUGE, TOP_ONE], only=only).causes == []


def test_top_k_gives_partial_credit(run_check):
    reverse, raw = (lambda *a: right_top_k(*a)[::-1]), (lambda z, names, k: pairs(z, names, k, shares=z))
    outcomes = [
        [run_check(check_top_k, answer, cases=[ANIMALS], only=only).passed for only in ("labels", "probabilities")]
        for answer in (reverse, raw)
    ]
    assert outcomes == [[False, True], [True, False]]


# --- predict_in_batches ---------------------------------------------------------------------------------------


def right_batches(model, images, batch_size):
    return torch.cat([right_logits(model, part) for part in images.split(batch_size)])


def remainder_dropped(model, images, batch_size):
    starts = [number * batch_size for number in range(len(images) // batch_size)]
    return torch.cat([right_logits(model, images[start : start + batch_size]) for start in starts])


def return_inside_the_loop(model, images, batch_size):
    for part in images.split(batch_size):
        return right_logits(model, part)


def last_batch_filled_up(model, images, batch_size):
    short = -len(images) % batch_size
    filled = torch.cat([images, images[:short]])
    return right_batches(model, filled, batch_size)[: len(images)]


def shuffled(model, images, batch_size):
    return right_batches(model, images[torch.randperm(len(images))], batch_size)


def last_batch_first(model, images, batch_size):
    parts = [right_logits(model, part) for part in images.split(batch_size)]
    return torch.cat(parts[::-1])


def state_forgotten(model, images, batch_size):
    return torch.cat([model(part) for part in images.split(batch_size)])


def graphs_cut_afterwards(model, images, batch_size):
    model.eval()
    return torch.cat([model(part) for part in images.split(batch_size)]).detach()


WRONG_BATCHES = [
    (remainder_dropped, ["remainder_dropped"]),
    (return_inside_the_loop, ["photos_missing"]),
    (lambda model, images, size: right_batches(model, images, 1), ["one_by_one"]),
    (lambda model, images, size: right_batches(model, images, 2), ["too_many_batches"]),
    (lambda model, images, size: right_batches(model, images, 5), ["batch_too_large"]),
    (lambda model, images, size: right_logits(model, images), ["all_at_once"]),
    (last_batch_filled_up, ["photos_sent_twice"]),
    (shuffled, ["order_lost"]),
    (last_batch_first, ["order_lost"]),
    (lambda model, images, size: [right_logits(model, part) for part in images.split(size)], ["batches_not_joined"]),
    (lambda model, images, size: torch.stack([right_logits(model, p) for p in images.split(size)]), ["raised_error"]),
    (state_forgotten, ["ran_in_training_mode", "graph_recorded"]),
    (graphs_cut_afterwards, ["graph_cut_too_late"]),
    (lambda model, images, size: right_batches(model, images, size).softmax(1), ["softmax_too_early"]),
    (lambda model, images, size: right_batches(model, images, size).argmax(1), ["classes_not_logits"]),
    (lambda model, images, size: None, ["model_not_called"]),
]


@pytest.mark.parametrize(("answer", "causes"), WRONG_BATCHES)
def test_predict_in_batches_names_the_cause(run_check, answer, causes):
    assert run_check(check_predict_in_batches, answer, cases=[(10, 4)]).causes == causes


def with_slices(model, images, batch_size):
    model.eval()
    logits = []
    with torch.inference_mode():
        for start in range(0, images.shape[0], batch_size):
            logits.append(model(images[start : start + batch_size]))
    return torch.vstack(logits)


def with_data_loader(model, images, batch_size):
    loader = torch.utils.data.DataLoader(torch.utils.data.TensorDataset(images), batch_size=batch_size)
    return torch.cat([right_logits(model, part) for (part,) in loader])


def with_equal_parts(model, images, batch_size):
    return torch.cat([right_logits(model, part) for part in images.chunk(math.ceil(len(images) / batch_size))])


def with_a_prepared_result(model, images, batch_size):
    result = None
    for start in range(0, len(images), batch_size):
        logits = right_logits(model, images[start : start + batch_size])
        result = torch.empty(len(images), logits.shape[1]) if result is None else result
        result[start : start + len(logits)] = logits
    return result


BATCHES_CHECKS = [
    (check_predict_in_batches, {"cases": [(10, 4)]}),
    (check_predict_in_batches, {"cases": [(12, 4), (3, 8), (2, 1), (7, 3)], "only": "sizes", "seed": 5}),
    (check_predict_in_batches, {"cases": [(11, 4), (6, 2), (2, 5), (1, 1)], "only": "order", "seed": 6}),
    (check_predict_in_batches, {"cases": [(5, 2)], "only": "state", "seed": 7}),
]


@pytest.mark.parametrize(
    "answer", [right_batches, with_slices, with_data_loader, with_equal_parts, with_a_prepared_result]
)
def test_predict_in_batches_accepts(run_check, answer):
    for check, inputs in BATCHES_CHECKS:
        assert run_check(check, answer, **inputs).causes == []


def test_predict_in_batches_gives_partial_credit(run_check):
    answers = (lambda model, images, size: right_batches(model, images, 1), shuffled, graphs_cut_afterwards)
    outcomes = [[run_check(check, a, **inputs).passed for check, inputs in BATCHES_CHECKS[1:]] for a in answers]
    assert outcomes == [[False, True, True], [True, False, True], [True, True, False]]


# --- predict_class ----------------------------------------------------------------------------------------


def right_class(image, model, preprocess, device="cpu"):
    batch = preprocess(image.convert("RGB")).unsqueeze(0).to(device)
    return right_logits(model.to(device), batch).argmax().item()


def broken(image, model, preprocess, device="gpu"):
    pixels = preprocess(image).byte()
    model.to(device)
    return model(pixels).argmax().item()


def no_batch(image, model, preprocess, device="cpu"):
    return right_logits(model, preprocess(image)).argmax().item()


def misplaced_batch(image, model, preprocess, device="cpu"):
    return right_logits(model, preprocess(image).unsqueeze(1)).argmax().item()


def bytes_kept(image, model, preprocess, device="cpu"):
    return right_logits(model, preprocess(image).byte()[None]).argmax().item()


def own_preprocessing(image, model, preprocess, device="cpu"):
    pixels = torch.from_numpy(np.array(image)).permute(2, 0, 1).float() / 255
    return right_logits(model, pixels[None]).argmax().item()


def state_left_out(image, model, preprocess, device="cpu"):
    return model(preprocess(image)[None]).argmax().item()


def label_returned(image, model, preprocess, device="cpu"):
    return f"class {right_class(image, model, preprocess)}"


def values_returned(image, model, preprocess, device="cpu"):
    return right_logits(model, preprocess(image)[None])


def model_left_out(image, model, preprocess, device="cpu"):
    preprocess(image)
    return 0


def lowest_class(image, model, preprocess, device="cpu"):
    return right_logits(model, preprocess(image)[None]).argmin().item()


WRONG_CLASS = [
    (no_batch, "batch_dimension_missing"),
    (misplaced_batch, "batch_dimension_misplaced"),
    (bytes_kept, "input_not_float"),
    (own_preprocessing, "preprocess_not_called"),
    (state_left_out, "ran_in_training_mode"),
    (label_returned, "not_a_class_number"),
    (values_returned, "not_a_class_number"),
    (model_left_out, "model_not_called"),
    (lowest_class, "wrong_class"),
    (broken, "raised_error"),
    (lambda image, model, preprocess: None, "preprocess_not_called"),
    (lambda image, model, preprocess: preprocess(np.array(image)), "raised_error"),
]
COLOURED = [((210, 40, 30), 0), ((30, 60, 200), 2)]
MODES = [("RGBA", (40, 190, 30), 1), ("P", (20, 40, 180), 2), ("L", (120, 120, 120), 3), ("CMYK", (220, 40, 60), 0)]


@pytest.mark.parametrize(("answer", "cause"), WRONG_CLASS)
def test_repair_names_the_cause(run_check, answer, cause):
    assert run_check(check_predict_class, answer, photos=COLOURED).causes[0] == cause


def photo_not_converted(image, model, preprocess, device="cpu"):
    return right_logits(model, preprocess(image)[None]).argmax().item()


def converted_in_vain(image, model, preprocess, device="cpu"):
    image.convert("RGB")
    return photo_not_converted(image, model, preprocess)


def converted_to_grey(image, model, preprocess, device="cpu"):
    return photo_not_converted(image.convert("L").convert("RGB"), model, preprocess)


def test_repair_names_a_photo_that_is_not_rgb(run_check):
    for answer in (photo_not_converted, converted_in_vain):
        assert set(run_check(check_predict_class_modes, answer, photos=MODES).causes) == {"photo_not_rgb"}
    assert run_check(check_predict_class_modes, converted_to_grey, photos=MODES[:2]).causes == ["wrong_class"] * 2


def photo_left_behind(image, model, preprocess, device="cpu"):
    batch = preprocess(image)[None]
    batch.to(device)
    return right_logits(model.to(device), batch).argmax().item()


def model_left_behind(image, model, preprocess, device="cpu"):
    return right_logits(model, preprocess(image)[None].to(device)).argmax().item()


def silent_cpu(image, model, preprocess, device="cpu"):
    device = device if device == "meta" else "cpu"
    return right_class(image, model, preprocess, device)


def error_swallowed(image, model, preprocess, device="cpu"):
    try:
        return right_class(image, model, preprocess, device)
    except Exception:
        return None


@pytest.mark.parametrize(
    ("answer", "causes"),
    [
        (photo_left_behind, ["photo_not_moved"] * 2),
        (model_left_behind, ["model_not_moved"] * 2),
        (photo_not_converted, ["device_ignored"] * 2 + ["device_replaced"] * 2),
        (silent_cpu, ["device_replaced"] * 2),
        (error_swallowed, ["device_replaced"] * 2),
    ],
)
def test_repair_names_the_device_fault(run_check, answer, causes):
    assert run_check(check_predict_class_device, answer, missing=("gpu", "cuda:99")).causes == causes


def with_a_checked_device(image, model, preprocess, device="cpu"):
    device = torch.device(device)
    if device.type == "cuda" and not torch.cuda.is_available():
        raise SystemExit("there is no such card")
    model = copy.deepcopy(model).to(device).eval()
    with torch.inference_mode():
        return int(model(torch.stack([preprocess(image.convert("RGB"))]).to(device))[0].cpu().numpy().argmax())


def with_white_background(image, model, preprocess, device="cpu"):
    rgba = image.convert("RGBA")
    white = Image.new("RGBA", image.size, "white")
    rgb = Image.alpha_composite(white, rgba).convert("RGB")
    return right_logits(model.to(device), preprocess(rgb)[None].to(device)).argmax(dim=1)


def with_conversion_where_needed(image, model, preprocess, device="cpu"):
    photo = image if image.mode == "RGB" else image.convert("RGB")
    logits = right_logits(model.to(device), preprocess(photo)[None].to(device, torch.float32))
    return max(range(logits.shape[1]), key=lambda number: logits[0, number])


def with_a_second_attempt(image, model, preprocess, device="cpu"):
    try:
        batch = preprocess(image)[None]
    except RuntimeError:
        batch = preprocess(image.convert("RGB"))[None]
    return right_logits(model.to(device), batch.to(device)).argmax().item()


REPAIR_CHECKS = [
    (check_predict_class, {"photos": COLOURED}),
    (check_predict_class_modes, {"photos": MODES}),
    (check_predict_class_device, {"missing": ("gpu", "cuda:99")}),
]


@pytest.mark.parametrize(
    "answer",
    [
        right_class,
        with_a_checked_device,
        with_white_background,
        with_conversion_where_needed,
        with_a_second_attempt,
    ],
)
def test_repair_accepts(run_check, answer):
    for check, inputs in REPAIR_CHECKS:
        assert run_check(check, answer, **inputs).causes == []


def test_repair_gives_partial_credit(run_check):
    def state_forgotten(image, model, preprocess, device="cpu"):
        return model.to(device)(preprocess(image.convert("RGB"))[None].to(device)).argmax().item()

    answers = (photo_not_converted, silent_cpu, state_forgotten)
    outcomes = [[run_check(check, answer, **inputs).passed for check, inputs in REPAIR_CHECKS] for answer in answers]
    assert outcomes == [[True, False, False], [True, True, False], [False, True, True]]


# --- all ------------------------------------------------------------------------------------------------------

TOP_K_CHECKS = [(check_top_k, {"cases": [ANIMALS], "only": only}) for only in ("all", "labels", "probabilities")]
ALL_CHECKS = LOGITS_CHECKS + TOP_K_CHECKS + BATCHES_CHECKS + REPAIR_CHECKS


@pytest.mark.parametrize(("check", "inputs"), ALL_CHECKS)
def test_the_empty_stub_fails(run_check, check, inputs):
    def stub(*arguments):
        raise NotImplementedError()

    assert set(run_check(check, stub, **inputs).causes) == {"not_answered"}


@pytest.mark.parametrize(("check", "inputs"), ALL_CHECKS)
@pytest.mark.parametrize("value", [None, 3, "text", [], {}, torch.zeros(()), np.zeros((2, 2)), object(), "x" * 10**6])
def test_strange_results_fail_without_a_crash(run_check, check, inputs, value):
    def strange(first, *others):
        if isinstance(first, nn.Module):
            right_logits(first, others[0])
        return value

    result = run_check(check, strange, **inputs)
    looks_at_the_calls_alone = inputs.get("only") in ("eval", "no_grad", "sizes", "state")
    assert looks_at_the_calls_alone or not result.passed
    assert "cannot_compare" not in result.causes


def test_torchs_own_not_implemented_error_is_no_empty_stub(run_check):
    def unsupported(model, batch):
        return right_logits(model, batch).long().softmax(1)

    assert "not_answered" not in run_check(check_predict_logits, unsupported, sizes=[2]).causes
