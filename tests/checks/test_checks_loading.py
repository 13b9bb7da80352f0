"""Checks of notebook 02, loading: wrong answers fail with their cause's name, right answers of any style pass."""

import copy
import os
import sys
import warnings
from collections import OrderedDict

import pytest
import torch
from torch import nn
from tqdm import tqdm

from helpers.checks.loading.checkpoints import (
    ProbeNet,
    hear_programs,
    make_numbers,
    pack_as_from_gpu,
    pack_with_program,
)
from helpers.checks.loading.load_checkpoint import (
    check_load_checkpoint,
    check_load_checkpoint_mismatch,
    check_load_checkpoint_other_device,
    check_load_checkpoint_untrusted,
)

CHECKS = {
    "usual": check_load_checkpoint,
    "mismatch": check_load_checkpoint_mismatch,
    "other_device": check_load_checkpoint_other_device,
    "untrusted": check_load_checkpoint_untrusted,
}
SIZES = {"channels": 6, "classes": 5}


def read(path, **options):
    return torch.load(path, **{"map_location": "cpu", "weights_only": True, **options})


def load(model, path):
    """A right answer: what the wrong ones below change in one place."""
    model.load_state_dict(read(path))
    return model.eval()


def not_answered(model, path):
    raise NotImplementedError


def load_without_return(model, path):
    load(model, path)


def load_without_eval(model, path):
    model.load_state_dict(read(path))
    return model


def load_without_call_of_eval(model, path):
    model.load_state_dict(read(path))
    model.eval  # noqa: B018
    return model


def load_with_eval_outside(model, path):
    model.load_state_dict(read(path))
    model.training = False
    return model


def load_without_map_location(model, path):
    model.load_state_dict(torch.load(path, weights_only=True))
    return model.eval()


def load_anything(model, path):
    model.load_state_dict(read(path, weights_only=False))
    return model.eval()


def load_what_fits(model, path):
    model.load_state_dict(read(path), strict=False)
    return model.eval()


def load_parameters_only(model, path):
    numbers = read(path)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            parameter.copy_(numbers[name])
    return model.eval()


def swallow_errors(model, path):
    try:
        return load(model, path)
    except Exception as error:
        print("something went wrong:", error)


def load_into_nothing(model, path):
    read(path)
    return model.eval()


def load_onto_meta(model, path):
    return load(model, path).to("meta")


WRONG = {  # name -> answer, and the causes that each check names ([] where it passes)
    "blank": (not_answered, {name: ["not_answered"] for name in CHECKS}),
    "crash": (lambda model, path: model.load(path), {name: ["raised_error"] for name in CHECKS}),
    "dict as model": (lambda model, path: read(path), {name: ["state_dict_returned"] for name in CHECKS}),
    "ordered dict as model": (lambda m, path: OrderedDict(read(path)), {"usual": ["state_dict_returned"]}),
    "report as model": (lambda model, path: model.load_state_dict(read(path)), {"usual": ["load_result_returned"]}),
    "no return": (load_without_return, {"usual": ["model_not_returned"]}),
    "text": (lambda model, path: "loaded", {"usual": ["wrong_type"]}),
    "number": (lambda model, path: torch.tensor(3.0), {"usual": ["wrong_type"]}),
    "nothing loaded": (load_into_nothing, {"usual": ["numbers_not_loaded"], "untrusted": ["numbers_not_loaded"]}),
    "no eval": (load_without_eval, {"usual": ["eval_missing"], "mismatch": [], "other_device": [], "untrusted": []}),
    "eval without ()": (load_without_call_of_eval, {"usual": ["eval_missing"]}),
    "eval outside": (load_with_eval_outside, {"usual": ["eval_only_outside"]}),
    "no map_location": (load_without_map_location, {"usual": [], "other_device": ["map_location_missing"]}),
    "map to the GPU": (
        lambda model, path: model.load_state_dict(read(path, map_location="cuda:0")) and model.eval(),
        {name: ["raised_error"] for name in CHECKS},
    ),
    "weights_only=False": (load_anything, {"usual": [], "untrusted": ["untrusted_program_run"]}),
    "strict=False": (load_what_fits, {"usual": [], "mismatch": ["mismatch_hidden"] * 3, "untrusted": []}),
    "buffers left out": (load_parameters_only, {"usual": ["buffers_not_loaded"]}),
    "errors swallowed": (swallow_errors, {"mismatch": ["mismatch_hidden"] * 3, "untrusted": ["untrusted_accepted"]}),
    "on another device": (load_onto_meta, {"usual": ["numbers_on_other_device"]}),
    "another model": (lambda model, path: nn.Linear(2, 2), {"usual": ["wrong_values"]}),
}


def load_a_copy(model, path):
    return load(copy.deepcopy(model), path)


def load_with_assign(model, path):
    model.load_state_dict(read(path, mmap=True), assign=True)
    return model.train(False)


def load_and_read_the_report(model, path):
    report = model.load_state_dict(read(path), strict=False)
    if report.missing_keys or report.unexpected_keys:
        raise ValueError(f"the file does not fit: {report}")
    return model.eval()


def load_by_hand(model, path):
    numbers, own = read(path), model.state_dict()
    assert set(numbers) == set(own), "names differ"
    for name, number in own.items():
        number.copy_(numbers[name])
    return model.eval()


def load_from_open_file(model, path):
    with open(path, "rb") as file:
        return load(model, file)


def load_to_cuda_if_there(model, path):
    device = "cuda" if torch.cuda.is_available() else "cpu"
    model.load_state_dict(read(path, map_location=device))
    return model.cpu().eval()


def load_with_noise(model, path):
    warnings.warn("this file is old", stacklevel=1)
    print("loading", file=sys.stderr)
    os.write(2, b"from C code\n")
    for part in tqdm(model.modules()):
        part.train(False)
    model.load_state_dict(read(path))
    return model


def spoil_global_state(model, path):
    torch.set_grad_enabled(False)
    os.chdir("/")
    torch.manual_seed(0)
    return load(model, path)


RIGHT = {
    "usual": load,
    "default weights_only": lambda m, path: m.load_state_dict(torch.load(path, map_location="cpu")) and m.eval(),
    "device": lambda m, path: m.load_state_dict(read(path, map_location=torch.device("cpu"))) and m.eval(),
    "dict": lambda m, path: m.load_state_dict(read(path, map_location={"cuda:0": "cpu"})) and m.eval(),
    "lambda": lambda m, path: m.load_state_dict(read(path, map_location=lambda data, place: data)) and m.eval(),
    "copy": load_a_copy,
    "assign and mmap": load_with_assign,
    "strict=False and a test": load_and_read_the_report,
    "by hand": load_by_hand,
    "open file": load_from_open_file,
    "cuda if there": load_to_cuda_if_there,
    "frozen": lambda model, path: load(model, path).requires_grad_(False),
    "eval first": lambda model, path: load(model.eval(), str(path)),
    "noise": load_with_noise,
    "global state": spoil_global_state,
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_loading_is_named(run_check, name):
    answer, causes_by_check = WRONG[name]
    for check, causes in causes_by_check.items():
        assert run_check(CHECKS[check], answer, **SIZES).causes == causes, check


@pytest.mark.parametrize("name", WRONG)
def test_wrong_loading_fails_somewhere(run_check, name):
    assert not all(run_check(check, WRONG[name][0], **SIZES).passed for check in CHECKS.values())


@pytest.mark.filterwarnings("ignore:this file is old")
@pytest.mark.parametrize("style", RIGHT)
@pytest.mark.parametrize("check", CHECKS)
def test_right_loading_passes(run_check, check, style, capfd):
    result = run_check(CHECKS[check], RIGHT[style], **SIZES)
    assert result.passed, result.text
    assert capfd.readouterr().err == ""


def test_forgotten_call_is_the_other_cause(run_check):
    assert "eval_without_call" in run_check(check_load_checkpoint, load_without_call_of_eval, **SIZES).text


def test_program_in_a_file_does_not_run_unless_the_student_lets_it(run_check):
    rung = []
    with hear_programs(lambda: rung.append(True)):
        run_check(check_load_checkpoint_untrusted, load, **SIZES)
        assert not rung
        run_check(check_load_checkpoint_untrusted, load_anything, **SIZES)
        assert len(rung) == 1


def test_program_that_ran_before_an_error_is_noticed(run_check):
    def load_too_late(model, path):
        numbers = read(path, weights_only=False)
        read(path)
        model.load_state_dict(numbers)
        return model.eval()

    assert run_check(check_load_checkpoint_untrusted, load_too_late, **SIZES).causes == ["untrusted_program_run"]


def test_bell_of_a_program_is_heard_only_meanwhile(tmp_path):
    (tmp_path / "parcel.pt").write_bytes(pack_with_program(make_numbers(ProbeNet(**SIZES))))
    rung = []
    with hear_programs(lambda: rung.append(True)):
        pass
    read(tmp_path / "parcel.pt", weights_only=False)
    assert not rung


def test_values_and_not_flags_show_evaluation_mode(run_check):
    """Flags that claim evaluation mode help nobody, and parts whose mode changes nothing cost nobody."""

    class Lying(ProbeNet):
        training = property(lambda self: False, lambda self, value: None)

    def lie(model, path):
        liar = Lying(**SIZES)
        liar.features, liar.head = model.features.train(), model.head.train()
        liar.load_state_dict(read(path))
        return liar

    def switch_what_matters(model, path):
        load(model, path)
        model.training = model.features.training = True
        return model

    assert run_check(check_load_checkpoint, lie, **SIZES).causes == ["eval_only_outside"]
    assert run_check(check_load_checkpoint, switch_what_matters, **SIZES).passed


def test_model_that_cannot_predict_fails(run_check):
    def break_it(model, path):
        load(model, path).forward = None
        return model

    result = run_check(check_load_checkpoint, break_it, **SIZES)
    assert result.causes == ["wrong_values"] and "TypeError" in result.text


def test_model_of_another_precision_predicts_in_its_own(run_check):
    assert run_check(check_load_checkpoint, lambda model, path: load(model, path).double(), **SIZES).passed


def test_file_from_a_gpu_says_so(tmp_path):
    numbers = make_numbers(ProbeNet(**SIZES))
    (tmp_path / "gpu.pt").write_bytes(pack_as_from_gpu(numbers))
    places = []
    torch.load(tmp_path / "gpu.pt", map_location=lambda data, place: places.append(place) or data, weights_only=True)
    assert set(places) == {"cuda:0"}
