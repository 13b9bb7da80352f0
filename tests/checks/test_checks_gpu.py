"""Checks of notebook 06: wrong answers are named, right answers of any style pass."""

import copy
import io
import pickletools
import statistics
import time
import warnings

import cloudpickle
import numpy as np
import pytest
import torch

from helpers.checks.gpu import timed_device
from helpers.checks.gpu.asynchronous_probe import TimedCase, make_simulated_probe, make_timed_probe
from helpers.checks.gpu.benchmark import check_benchmark, check_benchmark_state, check_benchmark_time
from helpers.checks.gpu.choose_device import check_choose_device
from helpers.checks.gpu.move_to_device import check_move_to_device
from helpers.line.callbacks import Callback

NO_CUDA = pytest.mark.skipif(torch.cuda.is_available(), reason="this answer is right by chance where CUDA is")


def not_answered(*args, **kwargs):
    raise NotImplementedError


# move_to_device --------------------------------------------------------------------------------------


def forget_batch(model, batch, device):
    model.to(device)
    batch.to(device)
    return model, batch


def forget_model(model, batch, device):
    return model, batch.to(device)


def ignore_device(model, batch, device):
    return model, batch


def write_cuda(model, batch, device):
    return model.cuda(), batch.cuda()


def write_meta(model, batch, device):
    return model.to("meta"), batch.to("meta")


def move_last_layer_only(model, batch, device):
    model.head.to(device)
    return model, batch.to(device)


def move_in_half_precision(model, batch, device):
    return model.to(device, torch.float16), batch.to(device, torch.float16)


def move_empty(model, batch, device):
    model = model.to_empty(device=device)
    for numbers in model.state_dict().values():
        numbers.zero_()
    return model, batch.to(device)


WRONG_MOVES = {
    "blank": (not_answered, "not_answered"),
    "batch not assigned": (forget_batch, "batch_not_moved"),
    "model forgotten": (forget_model, "model_left_behind"),
    "device ignored": (ignore_device, "device_ignored"),
    "last layer only": (move_last_layer_only, "model_left_behind"),
    "swapped": (lambda model, batch, device: (batch.to(device), model.to(device)), "model_batch_swapped"),
    "ran": (lambda model, batch, device: model.to(device)(batch.to(device)), "model_ran"),
    "model alone": (lambda model, batch, device: model.to(device), "pair_expected"),
    "nothing": (lambda model, batch, device: None, "pair_expected"),
    "text": (lambda model, batch, device: "moved", "pair_expected"),
    "half precision": (move_in_half_precision, "dtype_changed"),
    "numpy": (lambda model, batch, device: (model.to(device), np.zeros(3)), "pair_expected"),
    "crash": (lambda model, batch, device: model.move(device), "raised_error"),
}


@pytest.mark.parametrize("name", WRONG_MOVES)
def test_wrong_move_is_named(run_check, name):
    answer, cause = WRONG_MOVES[name]
    assert run_check(check_move_to_device, answer, devices=["meta"], photos=2).causes == [cause]


@NO_CUDA
def test_hard_coded_cuda_is_named(run_check):
    assert run_check(check_move_to_device, write_cuda, devices=["meta"], photos=2).causes == ["device_hard_coded"]


@pytest.mark.parametrize(("answer", "cause"), [(write_meta, "device_ignored"), (move_empty, "numbers_changed")])
def test_wrong_move_to_the_processor_is_named(run_check, answer, cause):
    assert run_check(check_move_to_device, answer, devices=["cpu"], photos=2).causes == [cause]


@pytest.mark.parametrize(
    ("change", "cause"),
    [(torch.flatten, "cannot_compare"), (lambda batch: batch[:1], "numbers_changed"), (torch.flip, "raised_error")],
)
def test_other_batch_is_named(run_check, change, cause):
    def move(model, batch, device):
        return model.to(device), change(batch).to(device)

    assert run_check(check_move_to_device, move, devices=["cpu"], photos=2).causes == [cause]


def move_with_names(model, batch, device):
    return [model.to(device=device), batch.to(device=device, non_blocking=True)]


def move_after_asking_the_model(model, batch, device):
    model = model.to(torch.device(device))
    return model, batch.to(next(model.parameters()).device)


def move_a_copy(model, batch, device):
    warnings.warn("copying", stacklevel=1)
    return copy.deepcopy(model).to(device), torch.as_tensor(batch, device=device)


RIGHT_MOVES = {
    "usual": lambda model, batch, device: (model.to(device), batch.to(device)),
    "names": move_with_names,
    "asking": move_after_asking_the_model,
    "copy": move_a_copy,
}


@pytest.mark.filterwarnings("ignore:copying")
@pytest.mark.parametrize("style", RIGHT_MOVES)
def test_right_move_passes(run_check, style, capfd):
    devices = ["meta", "cpu", torch.device("meta"), torch.device("cpu")]
    for dtype in (torch.float32, torch.float64):
        result = run_check(check_move_to_device, RIGHT_MOVES[style], devices=devices, photos=3, dtype=dtype)
        assert result.passed, result.text
    assert capfd.readouterr().err == ""


# choose_device ---------------------------------------------------------------------------------------

AUTO = [
    ("auto", ["cpu"], "cpu"),
    ("auto", ["cpu", "mps", "cuda:0", "cuda:1"], "cuda:0"),
    ("auto", ["mps", "cpu"], "mps"),
]
NAMED = [
    ("cpu", ["cpu", "cuda:0"], "cpu"),
    ("cuda", ["cpu", "cuda:1", "cuda:3"], "cuda:1"),
    ("cuda:3", ["cpu", "cuda:1", "cuda:3"], "cuda:3"),
    ("mps", ["cpu", "mps"], "mps"),
]
MISSING = [("cuda", ["cpu", "mps"]), ("cuda:1", ["cpu", "cuda:0", "cuda:10"]), ("gpu", ["cpu", "cuda:0"])]


def choose(wanted, available):
    """The right answer that others change."""
    if wanted == "auto":
        return next(name for kind in ("cuda", "mps", "cpu") for name in available if name.startswith(kind))
    found = [name for name in available if name == wanted or (wanted == "cuda" and name.startswith("cuda"))]
    if not found:
        raise ValueError(f"{wanted!r} is not there; available: {', '.join(available)}")
    return found[0]


def give_the_wish(wanted, available):
    return wanted


def take_first(wanted, available):
    return available[0]


def take_last(wanted, available):
    return available[-1]


def ask_the_machine(wanted, available):
    if wanted == "auto":
        return "cuda" if torch.cuda.is_available() else "mps" if torch.backends.mps.is_available() else "cpu"
    return choose(wanted, available)


def forget_parentheses(wanted, available):
    return ("cuda:0" if torch.cuda.is_available else "cpu") if wanted == "auto" else choose(wanted, available)


def put_mps_first(wanted, available):
    return sorted(available)[-1] if wanted == "auto" else choose(wanted, available)


def refuse_cuda(wanted, available):
    if wanted != "auto" and wanted not in available:
        raise ValueError(f"not in {available}")
    return choose(wanted, available)


def know_cuda_only(wanted, available):
    if wanted == "mps":
        raise ValueError(f"only cpu and cuda, of {available}")
    return choose(wanted, available)


def fall_back(wanted, available):
    try:
        return choose(wanted, available)
    except ValueError:
        return "cpu"


def fall_back_loudly(wanted, available):
    print("not there, using the CPU")
    return fall_back(wanted, available)


def take_any_number(wanted, available):
    kind = wanted.partition(":")[0]
    return choose("auto" if wanted == "auto" else kind, available)


def change_error(error):
    def answer(wanted, available):
        try:
            return choose(wanted, available)
        except ValueError:
            raise error from None

    return answer


def return_message(wanted, available):
    try:
        return choose(wanted, available)
    except ValueError as error:
        return str(error)


def return_nothing(wanted, available):
    return None


WRONG_CHOICES = {
    "blank": (not_answered, ["not_answered"] * 3, ["not_answered"] * 4, ["not_answered"] * 3),
    "wish": (
        give_the_wish,
        ["auto_returned"] * 3,
        ["missing_device_returned"],
        ["missing_device_returned"] * 3,
    ),
    "first": (
        take_first,
        ["best_device_missed"],
        ["other_device_taken"] * 3,
        ["missing_device_replaced"] * 3,
    ),
    "last": (
        take_last,
        ["best_device_missed"] * 2,
        ["other_device_taken"] * 2,
        ["missing_device_replaced"] * 3,
    ),
    "mps first": (put_mps_first, ["best_device_missed"], [], []),
    "no number refused": (refuse_cuda, [], ["cuda_refused"], []),
    "mps refused": (know_cuda_only, [], ["device_refused"], []),
    "fall-back": (fall_back, [], [], ["missing_device_replaced"] * 3),
    "fall-back with a message": (fall_back_loudly, [], [], ["missing_device_replaced"] * 3),
    "message returned": (return_message, [], [], ["missing_device_unreported"] * 3),
    "KeyError": (change_error(KeyError("cpu mps cuda:0 cuda:10")), [], [], ["wrong_error_type"] * 3),
    "RuntimeError": (change_error(RuntimeError("no")), [], [], ["wrong_error_type"] * 3),
    "SystemExit": (change_error(SystemExit(2)), [], [], ["wrong_error_type"] * 3),
    "bare error": (change_error(ValueError("not there")), [], [], ["error_without_names"] * 3),
    "nothing": (return_nothing, ["wrong_type"] * 3, ["wrong_type"] * 4, ["missing_device_unreported"] * 3),
    "number": (lambda wanted, available: 0, ["wrong_type"] * 3, ["wrong_type"] * 4, ["missing_device_unreported"] * 3),
}


@pytest.mark.parametrize("name", WRONG_CHOICES)
def test_wrong_choice_is_named(run_check, name):
    answer, auto, named, missing = WRONG_CHOICES[name]
    assert run_check(check_choose_device, answer, about="auto", cases=AUTO).causes == auto
    assert run_check(check_choose_device, answer, about="named", cases=NAMED).causes == named
    assert run_check(check_choose_device, answer, about="missing", missing=MISSING).causes == missing


def test_number_ignored_is_named(run_check):
    assert run_check(check_choose_device, take_any_number, about="named", cases=NAMED).causes == ["other_device_taken"]
    result = run_check(check_choose_device, take_any_number, about="missing", missing=MISSING[1:2])
    assert result.causes == ["missing_device_replaced"]


@pytest.mark.parametrize("cuda", [False, True])
def test_asking_the_machine_is_named_on_any_machine(run_check, monkeypatch, cuda):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: cuda)
    result = run_check(check_choose_device, ask_the_machine, about="auto", cases=AUTO)
    assert set(result.causes) == {"machine_asked"}
    result = run_check(check_choose_device, forget_parentheses, about="auto", cases=AUTO)
    assert result.causes == ["missing_device_returned"] * 2


class DeviceError(ValueError):
    """An error of one's own."""


def choose_by_max(wanted, available):
    wish = {"auto": ("cuda", "mps", "cpu"), "cuda": ("cuda",)}.get(wanted)
    if wish:
        there = [name for name in available if name.split(":")[0] in wish]
        if there:
            return min(there, key=lambda name: wish.index(name.split(":")[0]))
    if wanted in available:
        return torch.device(wanted)
    raise DeviceError("Choose from", *available)


def choose_with_cuda(wanted, available):
    name = choose(wanted, available)
    return "cuda" if name == "cuda:0" else name


@pytest.mark.parametrize("answer", [choose, choose_by_max, choose_with_cuda])
def test_right_choice_passes(run_check, answer):
    result = run_check(check_choose_device, answer, about="all", cases=AUTO + NAMED, missing=MISSING)
    assert result.passed, result.text


# benchmark -------------------------------------------------------------------------------------------


def prepare(model, x, device):
    return model.to(device).eval(), x.to(device)


@torch.no_grad()
def once_around(model, x, device, *, synchronize, clock, warmup=3, iterations=10):
    """The right answer: one reading before all calls, one behind."""
    model, x = prepare(model, x, device)
    for _ in range(warmup):
        model(x)
    synchronize()
    start = clock()
    for _ in range(iterations):
        model(x)
    synchronize()
    return (clock() - start) / iterations * 1000


def each_call(average=statistics.median, *, before=True, after=True, scale=1000.0):
    """Return a benchmark that reads the clock around each call."""

    def benchmark(model, x, device, *, synchronize, clock, warmup=3, iterations=10):
        model, x = prepare(model, x, device)
        times = []
        with torch.inference_mode():
            for _ in range(warmup):
                model(x)
            for _ in range(iterations):
                if before:
                    synchronize()
                start = clock()
                model(x)
                if after:
                    synchronize()
                times.append(clock() - start)
        return average(times) * scale

    return benchmark


def around(before=True, after=True, scale=lambda seconds, count: 1000 * seconds / count):
    """Return a benchmark with one reading before and one behind, and parts left out."""

    def benchmark(model, x, device, *, synchronize, clock, warmup=3, iterations=10):
        model, x = prepare(model, x, device)
        with torch.no_grad():
            for _ in range(warmup):
                model(x)
            if before:
                synchronize()
            start = clock()
            for _ in range(iterations):
                model(x)
            if after:
                synchronize()
            return scale(clock() - start, iterations)

    return benchmark


def synchronize_inside_the_window(model, x, device, *, synchronize, clock, warmup=3, iterations=10):
    model, x = prepare(model, x, device)
    with torch.no_grad():
        for _ in range(warmup):
            model(x)
        start = clock()
        synchronize()
        for _ in range(iterations):
            model(x)
        synchronize()
        return (clock() - start) / iterations * 1000


def leave_warm_up_out(model, x, device, *, warmup=3, **options):
    return once_around(model, x, device, warmup=0, **options)


def warm_up_three_times(model, x, device, *, warmup=3, **options):
    return once_around(model, x, device, warmup=3, **options)


def time_ten_calls(model, x, device, *, iterations=10, **options):
    return once_around(model, x, device, iterations=10, **options)


def count_warm_up(average):
    def benchmark(model, x, device, *, warmup=3, iterations=10, **options):
        options |= {"warmup": 0, "iterations": warmup + iterations}
        return each_call(average)(model, x, device, **options)

    return benchmark


def move_each_time(model, x, device, *, synchronize, clock, warmup=3, iterations=10):
    model.to(device).eval()
    times = []
    with torch.no_grad():
        for _ in range(warmup + iterations):
            synchronize()
            start = clock()
            model(x.to(device))
            synchronize()
            times.append(clock() - start)
    return statistics.mean(times[warmup:]) * 1000


def move_behind_the_start(model, x, device, *, synchronize, clock, warmup=3, iterations=10):
    start = clock()
    model, x = prepare(model, x, device)
    with torch.no_grad():
        for _ in range(iterations):
            model(x)
        synchronize()
    return (clock() - start) / iterations * 1000


def own_clock(model, x, device, *, synchronize, clock, warmup=3, iterations=10):
    return once_around(
        model, x, device, synchronize=synchronize, clock=time.perf_counter, warmup=warmup, iterations=iterations
    )


def cuda_synchronize(model, x, device, *, synchronize, **options):
    return once_around(model, x, device, synchronize=torch.cuda.synchronize, **options)


def guarded_synchronize(model, x, device, *, synchronize, **options):
    def wait():
        if torch.device(device).type == "cuda":
            synchronize()

    return once_around(model, x, device, synchronize=wait, **options)


def ignore_the_device(model, x, device, **options):
    return once_around(model, x, "cpu", **options)


def forget_x(model, x, device, **options):
    class Stuck:
        def to(self, device):
            return x

    return once_around(model, Stuck(), device, **options)


def train_mode(model, x, device, **options):
    class Stubborn:
        def to(self, device):
            model.to(device)
            return self

        def eval(self):
            return model

    return once_around(Stubborn(), x, device, **options)


def with_gradients(model, x, device, *, synchronize, clock, warmup=3, iterations=10):
    return each_with_mode(model, x, device, synchronize, clock, warmup, iterations)


def each_with_mode(model, x, device, synchronize, clock, warmup, iterations):
    model, x = prepare(model, x, device)
    torch.no_grad()
    for _ in range(warmup):
        model(x)
    synchronize()
    start = clock()
    for _ in range(iterations):
        model(x)
    synchronize()
    return (clock() - start) / iterations * 1000


# The same conditions as in the notebook: more warm-up than calls, and one call alone.
SIMULATED = [TimedCase(8.0, warmup=6, iterations=5), TimedCase(3.0, warmup=6, iterations=5, device="cpu")]
WAITING = [TimedCase(7.0, 4, 1, slow_ms=0), TimedCase(15.0, 5, 3, slow_ms=0)]
WARM = [TimedCase(12.0, 6, 5, device="cpu"), TimedCase(6.0, 5, 3, device="cpu")]
MOVED = [TimedCase(9.0, 2, 4, slow_ms=0, copy_ms=45, blocking=True)]
STATE = [TimedCase(5.0, 1, 2), TimedCase(5.0, 1, 2, device="cpu")]


def run_all(run_check, answer):
    """Return the set of causes that each of the five graded checks names."""
    results = [
        run_check(check_benchmark, answer, cases=SIMULATED),
        run_check(check_benchmark_time, answer, about="waits", cases=WAITING),
        run_check(check_benchmark_time, answer, about="warms up", cases=WARM, count_calls=True),
        run_check(check_benchmark_time, answer, about="moves first", cases=MOVED),
        run_check(check_benchmark_state, answer, cases=STATE),
    ]
    return [set(result.causes) for result in results]


def everywhere(cause):
    return [{cause}] * 5


def only(*places, cause):
    """Return what is named if `cause` is seen by the checks at these places alone."""
    return [{cause} if place in places else set() for place in range(5)]


WRONG_BENCHMARKS = {
    "blank": (not_answered, everywhere("not_answered")),
    "no synchronize, once": (around(False, False), only(0, 1, cause="not_synchronized")),
    "no synchronize, each": (each_call(before=False, after=False), only(0, 1, cause="not_synchronized")),
    "only before, once": (around(after=False), only(0, 1, cause="clock_stopped_too_early")),
    "only before, each": (each_call(statistics.mean, after=False), only(0, 1, cause="clock_stopped_too_early")),
    "only after, once": (around(before=False), only(0, 1, cause="warm_up_still_running")),
    "only after, each, mean": (
        each_call(statistics.mean, before=False),
        only(0, 1, cause="warm_up_still_running"),
    ),
    "only after, each, median": (each_call(before=False), only(1, cause="warm_up_still_running")),
    "clock before waiting": (synchronize_inside_the_window, only(0, 1, cause="warm_up_still_running")),
    "seconds": (
        around(scale=lambda seconds, count: seconds / count),
        only(0, 1, 2, 3, cause="seconds_not_milliseconds"),
    ),
    "divided twice": (
        each_call(lambda times: statistics.mean(times) / len(times)),
        [{"divided_twice"}, {"divided_twice"}, {"divided_twice"}, {"divided_twice"}, set()],
    ),
    "all calls": (each_call(sum), only(0, 1, 2, 3, cause="time_of_all_calls")),
    "rate": (each_call(lambda times: 1e-3 / statistics.median(times)), only(0, 1, 2, 3, cause="rate_not_time")),
    "no warm-up": (leave_warm_up_out, only(0, 2, cause="warm_up_left_out")),
    "three warm-ups": (warm_up_three_times, only(0, 2, cause="warm_up_left_out")),
    "warm-up counted, mean": (count_warm_up(statistics.mean), only(0, 2, cause="warm_up_counted")),
    "warm-up counted, median": (count_warm_up(statistics.median), only(0, 2, cause="warm_up_counted")),
    "ten calls": (time_ten_calls, only(0, 2, cause="iterations_ignored")),
    "moved each time": (move_each_time, only(0, 1, 3, cause="transfer_timed")),
    "own clock": (own_clock, only(0, 1, 2, 3, cause="clock_ignored")),
    "guarded": (guarded_synchronize, only(0, 1, cause="not_synchronized")),
    "device ignored": (ignore_the_device, only(0, 1, 3, 4, cause="device_ignored")),
    "gradients": (with_gradients, only(0, 4, cause="graph_recorded")),
    "training mode": (train_mode, only(0, 4, cause="ran_in_training_mode")),
    "nothing": (
        lambda model, x, device, **options: once_around(model, x, device, **options) and None,
        only(0, 1, 2, 3, cause="wrong_type"),
    ),
    "nothing done": (lambda model, x, device, **options: 8.0, everywhere("model_not_called")),
    "x forgotten": (forget_x, only(0, 1, 3, 4, cause="batch_not_moved")),
    "wrong name": (lambda model, x, device, sync, clock: 8.0, everywhere("raised_error")),
}


@pytest.mark.parametrize("name", WRONG_BENCHMARKS)
def test_wrong_benchmark_is_named(run_check, name):
    answer, causes = WRONG_BENCHMARKS[name]
    assert run_all(run_check, answer) == causes


def say_eval(model, x, device, **options):
    state = model.describe_state
    model.describe_state = lambda photos: state(photos) | {"in_training": False}
    model.eval = lambda: model
    return once_around(model, x, device, **options)


def report_without_running(model, x, device, **options):
    model.forward = lambda photos: model._report(photos, model.describe_state(photos))
    return once_around(model, x, device, **options)


@pytest.mark.parametrize("answer", [say_eval, report_without_running])
def test_a_state_that_is_only_said_is_seen_by_the_logits(run_check, answer):
    assert run_check(check_benchmark_state, answer, cases=STATE).causes == ["wrong_values"]


def wait_for_ever(model, x, device, *, synchronize, clock, **options):
    start = clock()
    while clock() - start < 1:
        synchronize()


def call_for_ever(model, x, device, **options):
    while True:
        try:
            model.to("cpu")(x.to("meta"))
        except RuntimeError as error:
            if "does not end" in str(error):
                raise


@pytest.mark.parametrize(("answer", "cause"), [(wait_for_ever, "raised_error"), (call_for_ever, "model_left_behind")])
def test_an_endless_loop_ends(run_check, monkeypatch, answer, cause):
    monkeypatch.setattr(timed_device, "MAX_EVENTS", 200)
    assert run_check(check_benchmark, answer, cases=SIMULATED[:1]).causes == [cause]
    assert run_check(check_benchmark_time, answer, about="waits", cases=WAITING[:1]).causes == [cause]


class LinePickler(cloudpickle.Pickler):
    """Packs what goes to an answer as the line does: of a callback only a number."""

    def persistent_id(self, obj):
        return "callback" if isinstance(obj, Callback) else None


@pytest.mark.parametrize("make_probe", [make_simulated_probe, make_timed_probe])
def test_what_lies_beside_a_benchmark_knows_no_duration(make_probe):
    case = TimedCase(call_ms=1234.5, warmup=7777, iterations=8888, slow_ms=4321.5, copy_ms=2345.5)
    probe, buffer = make_probe(case), io.BytesIO()
    LinePickler(buffer).dump((probe.model, probe.batch))
    told = {argument for _, argument, _ in pickletools.genops(buffer.getvalue()) if isinstance(argument, float | int)}
    assert not told & {1234.5, 1234.5 / len(probe.batch), 7777, 8888, 4321.5, 2345.5}
    assert b"timed_device" not in buffer.getvalue()


def test_moving_behind_the_start_is_named(run_check):
    result = run_check(check_benchmark_time, move_behind_the_start, about="moves first", cases=MOVED)
    assert result.causes == ["transfer_timed"]


@NO_CUDA
def test_hard_coded_synchronize_is_named(run_check):
    assert run_all(run_check, cuda_synchronize)[0] == {"device_hard_coded"}


@pytest.mark.parametrize(
    "value", [None, "8.0", "8 ms", [8.0], (8.0, 9.0), float("nan"), float("inf"), -8.0, 0.0, True, torch.rand(3)]
)
def test_odd_results_are_failures(run_check, value):
    def benchmark(model, x, device, **options):
        once_around(model, x, device, **options)
        return value

    for causes in run_all(run_check, benchmark)[:4]:
        assert causes & {"wrong_type", "wrong_time"}


def warm_up_longer(model, x, device, *, warmup=3, **options):
    return once_around(model, x, device, warmup=warmup + 4, **options)


def drop_first_times(model, x, device, *, synchronize, clock, warmup=3, iterations=10):
    model, x = prepare(copy.deepcopy(model), x, torch.device(device))
    times = []
    with torch.inference_mode():
        for _ in range(warmup + iterations):
            synchronize()
            start = clock()
            model(x)
            synchronize()
            times.append(clock() - start)
    return np.median(times[warmup:]) * 1e3


def read_back(model, x, device, *, synchronize, clock, warmup=3, iterations=10):
    print("a copy back to the host waits as well")
    model, x = model.to(device=device).eval(), x.to(device=device, non_blocking=True)
    with torch.set_grad_enabled(False):
        for _ in range(warmup):
            model(x).cpu()
        start = clock()
        for _ in range(iterations):
            model(x).to("cpu")
        return torch.tensor((clock() - start) / iterations * 1000)


def freeze(model, x, device, **options):
    model.requires_grad_(False)
    return each_with_mode(model, x, device, **{"warmup": 3, "iterations": 10} | options)


def synchronize_often(model, x, device, *, synchronize, clock, warmup=3, iterations=10):
    warnings.warn("waiting", stacklevel=1)
    model, x = prepare(model, x, device)
    total = 0.0
    with torch.no_grad():
        for step in range(warmup + iterations):
            synchronize()
            start = clock()
            model(x)
            synchronize()
            total += (clock() - start) * (step >= warmup)
    return 1000 * total / iterations


RIGHT_BENCHMARKS = {
    "once around": once_around,
    "each, median": each_call(),
    "each, mean": each_call(statistics.mean),
    "each, numpy": each_call(np.mean),
    "longer warm-up": warm_up_longer,
    "first times dropped": drop_first_times,
    "read back": read_back,
    "frozen": freeze,
    "often": synchronize_often,
}


@pytest.mark.filterwarnings("ignore:waiting")
@pytest.mark.parametrize("style", RIGHT_BENCHMARKS)
def test_right_benchmark_passes(run_check, style, capfd):
    answer = RIGHT_BENCHMARKS[style]
    assert run_all(run_check, answer) == [set()] * 5
    assert capfd.readouterr().err == ""


def test_defaults_of_the_student_are_not_relied_on(run_check):
    def without_defaults(model, x, device, *, synchronize, clock, warmup, iterations):
        options = {"synchronize": synchronize, "clock": clock, "warmup": warmup, "iterations": iterations}
        return once_around(model, x, device, **options)

    assert run_all(run_check, without_defaults) == [set()] * 5
