"""The simulated accelerator: its queue, clock and memory behave like a device's, and say that they are simulated."""

import copy
import itertools

import pytest
import torch

from helpers import plots
from helpers.simulator import SimulatedAccelerator, SimulatedModel, SimulatedSpan, SimulatedTensor
from helpers.simulator.accelerator import COPY_START_MS


def ms(seconds):
    return pytest.approx(seconds, abs=1e-9)


@pytest.fixture
def gpu():
    return SimulatedAccelerator(launch_ms=0.01, copy_gb_per_s=8, memory_mb=1000)


def read_ms(gpu):
    return 1000 * gpu.clock()


# The queue and the clock -------------------------------------------------------------------------------


def test_a_launch_returns_at_once_and_synchronize_waits(gpu):
    gpu.launch(10)
    assert read_ms(gpu) == ms(0.01)
    gpu.synchronize()
    assert read_ms(gpu) == ms(10.01)
    gpu.synchronize()  # nothing left to wait for
    assert read_ms(gpu) == ms(10.01)


def test_work_queues_up_one_after_the_other(gpu):
    for _ in range(3):
        gpu.launch(10)
    assert read_ms(gpu) == ms(0.03)
    gpu.synchronize()
    assert read_ms(gpu) == ms(30.01)  # the first starts after its launch, the others when the one before is done


def test_short_work_is_bound_by_its_launches(gpu):
    for _ in range(100):
        gpu.launch(0.005)
    gpu.synchronize()
    assert read_ms(gpu) == ms(1.005)


def test_the_host_goes_on_while_the_device_works(gpu):
    gpu.launch(10)
    gpu.compute_on_host(6)
    gpu.synchronize()
    assert read_ms(gpu) == ms(10.01)


def test_a_copy_waits_for_the_queue_and_keeps_the_host(gpu):
    gpu.launch(10)
    gpu.copy(16)
    assert read_ms(gpu) == ms(10.01 + COPY_START_MS + 2)
    gpu.launch(1)
    gpu.synchronize()
    assert read_ms(gpu) == ms(10.01 + COPY_START_MS + 2 + 1.01)


def test_only_the_simulation_moves_the_clock(gpu):
    assert [gpu.clock() for _ in range(3)] == [0.0] * 3


def test_the_timeline_never_overlaps_in_a_lane(gpu):
    model = SimulatedModel(gpu, photo_ms=1, kernels=3).to(gpu.device)
    for _ in range(2):
        model(SimulatedTensor(4, 3, 8, 8, accelerator=gpu).to(gpu.device))
        gpu.clock()
    gpu.synchronize()
    for lane in ("host", "device"):
        spans = [span for span in gpu.timeline if span.lane == lane]
        assert all(before.end_ms <= after.start_ms for before, after in itertools.pairwise(spans))
    assert {span.what for span in gpu.timeline} == {"launch", "wait", "copy", "compute", "clock", "synchronize"}


# Tensors and models ------------------------------------------------------------------------------------


def test_moving_a_tensor_returns_another_one_and_takes_time(gpu):
    x = SimulatedTensor(8, 3, 224, 224, accelerator=gpu)
    moved = x.to(device="meta", non_blocking=True)
    assert (x.device.type, moved.device.type) == ("cpu", "meta")
    assert read_ms(gpu) == ms(COPY_START_MS + 8 * 3 * 224 * 224 * 4 / 1e6 / 8)
    assert moved.to(torch.device("meta")) is moved
    assert moved.cpu().shape == x.shape == torch.Size([8, 3, 224, 224])
    assert read_ms(gpu) == ms(2 * (COPY_START_MS + 8 * 3 * 224 * 224 * 4 / 1e6 / 8))


def test_a_tensor_can_be_split(gpu):
    parts = SimulatedTensor(10, 3, 4, 4, accelerator=gpu).split(4)
    assert [tuple(part.shape) for part in parts] == [(4, 3, 4, 4), (4, 3, 4, 4), (2, 3, 4, 4)]


def test_a_model_takes_the_time_it_was_told(gpu):
    model = SimulatedModel(gpu, photo_ms=0.5, cpu_photo_ms=3, slow_calls=2, slow_ms=40, weights_mb=80)
    x = SimulatedTensor(4, 3, 8, 8, accelerator=gpu)
    assert tuple(model(x).shape) == (4, 1000)
    assert read_ms(gpu) == ms(12)
    assert model.to(gpu.device) is model
    assert read_ms(gpu) == ms(12 + COPY_START_MS + 10)
    x, times = x.to(gpu.device), []
    for _ in range(3):
        start = read_ms(gpu)
        assert model(x).device.type == "meta"
        gpu.synchronize()
        times.append(read_ms(gpu) - start)
    assert times == [ms(42.01), ms(42.01), ms(2.01)]


def test_a_model_can_come_back_and_keeps_its_switches(gpu):
    model = SimulatedModel(gpu, photo_ms=1).eval().requires_grad_(False)
    model.to("meta").to("cpu")
    assert model.weight.device.type == "cpu"
    assert not model.training
    assert not model.weight.requires_grad


def test_a_copied_model_runs_on_the_same_accelerator(gpu):
    model = copy.deepcopy(SimulatedModel(gpu, photo_ms=1)).to(gpu.device)
    assert model.accelerator is gpu


def test_model_and_batch_must_be_in_one_place(gpu):
    model = SimulatedModel(gpu, photo_ms=1)
    x = SimulatedTensor(2, 3, 8, 8, accelerator=gpu)
    with pytest.raises(RuntimeError, match="Tensor on device meta is not on the expected device cpu!"):
        model(x.to(gpu.device))
    with pytest.raises(RuntimeError, match="Tensor on device cpu is not on the expected device meta!"):
        model.to(gpu.device)(x)


@pytest.mark.parametrize("device", ["cuda", "cuda:0", "mps"])
def test_other_devices_are_refused(gpu, device):
    for part in (SimulatedTensor(1, accelerator=gpu), SimulatedModel(gpu, photo_ms=1)):
        with pytest.raises(RuntimeError, match=f"The simulation has the devices cpu and meta, and no '{device}'"):
            part.to(device)


# Memory ------------------------------------------------------------------------------------------------


def make_hungry_model(gpu):
    return SimulatedModel(gpu, photo_ms=1, weights_mb=100, layer_mb=(8, 12)).to(gpu.device)


def test_memory_is_taken_and_given_back(gpu):
    model = make_hungry_model(gpu)
    assert gpu.used_mb == 100
    x = SimulatedTensor(100, 1000, accelerator=gpu).to(gpu.device)
    assert gpu.used_mb == pytest.approx(100.4)
    x = x.to("cpu")
    assert gpu.used_mb == pytest.approx(100)
    model.to("cpu")
    assert gpu.used_mb == pytest.approx(0)
    assert x.device.type == "cpu"


def test_too_large_a_batch_is_out_of_memory(gpu):
    model = make_hungry_model(gpu)
    model(SimulatedTensor(40, 10, accelerator=gpu).to(gpu.device))
    with pytest.raises(torch.OutOfMemoryError, match=r"Simulated accelerator out of memory\. Tried to allocate 960 MB"):
        model(SimulatedTensor(80, 10, accelerator=gpu).to(gpu.device))


def test_a_living_error_keeps_the_memory(gpu):
    model = make_hungry_model(gpu)

    def run(photos):
        model(SimulatedTensor(photos, 10, accelerator=gpu).to(gpu.device))

    too_large = False
    try:
        run(80)
    except torch.OutOfMemoryError:
        too_large = True
        assert gpu.used_mb > 700
        with pytest.raises(torch.OutOfMemoryError):
            run(40)
    assert too_large
    assert gpu.used_mb == pytest.approx(100)
    run(40)


# Plainly simulated -------------------------------------------------------------------------------------


def test_everything_says_that_it_is_simulated(gpu):
    for thing in (
        gpu,
        SimulatedTensor(1, accelerator=gpu),
        SimulatedModel(gpu, photo_ms=1),
        SimulatedSpan("host", "", 0, 0),
    ):
        assert "simulated" in repr(thing).lower()


def record(gpu, *, wait):
    gpu.timeline.clear()
    gpu.clock()
    gpu.launch(10)
    if wait:
        gpu.synchronize()
    gpu.clock()
    return list(gpu.timeline)


def test_timelines_are_drawn_as_simulated(gpu):
    without, waiting = plots.plot_timelines(
        {"Without": record(gpu, wait=False), "With": record(SimulatedAccelerator(), wait=True)}
    )
    assert (without.get_title(), waiting.get_title()) == ("Without (simulated)", "With (simulated)")
    assert waiting.get_xlabel() == "simulated time (ms)"
    assert without.texts[0].get_text().strip() == "two readings, 0.01 ms apart"
    assert waiting.texts[0].get_text().strip() == "two readings, 10.01 ms apart"
    assert without.get_xlim() == waiting.get_xlim()
    assert len(without.patches) == 2  # launch, compute
    assert len(waiting.patches) == 3  # launch, wait, compute


def test_empty_timelines_are_refused(gpu):
    for timelines in ({}, {"nothing": []}):
        with pytest.raises(ValueError, match="nothing to draw"):
            plots.plot_timelines(timelines)


@pytest.mark.parametrize(("simulated", "kind"), [(True, "simulated"), (False, "measured on this computer")])
def test_throughput_says_which_kind_it_is(simulated, kind):
    curves = [plots.Curve("a", {1: 10.0, 8: 20.0}, simulated), plots.Curve("b", {8: 160.0, 1: 20.0}, simulated)]
    ax = plots.plot_throughput(curves, title="a model")
    assert ax.get_title() == f"a model ({kind})"
    assert [list(line.get_ydata()) for line in ax.lines] == [[100, 400], [50, 50]]
    assert ax.get_yscale() == "log"


def test_a_flat_line_is_drawn_from_zero():
    ax = plots.plot_throughput([plots.Curve("cpu", {1: 50.0, 2: 110.0}, simulated=False)], title="a model")
    assert ax.get_yscale() == "linear"
    assert ax.get_ylim() == pytest.approx((0, 23))


@pytest.mark.parametrize(
    ("curves", "message"),
    [
        ([plots.Curve("a", {1: 1.0}, True), plots.Curve("b", {1: 1.0}, False)], "simulated and some are measured"),
        ([plots.Curve("a", {1: 1.0}, True), plots.Curve("b", {2: 1.0}, True)], "different batch sizes"),
        ([plots.Curve("a", {}, True)], "nothing to draw"),
        ([], "nothing to draw"),
    ],
)
def test_curves_that_do_not_belong_together_are_refused(curves, message):
    with pytest.raises(ValueError, match=message):
        plots.plot_throughput(curves, title="a model")
