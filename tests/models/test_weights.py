"""Fetching trained weights from a server on loopback: what goes right, what goes wrong, and the command line.

The weights of squeezenet1_1 stand for all others: made-up numbers, served under a name that carries their hash.
"""

import os
import pickle
import shutil
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
import torch
import torchvision

from helpers import models, weights
from helpers.grading.notebooks.paths import ROOT
from helpers.models import weight_files
from helpers.models.fetching import MissingWeightsError, fetch_weights
from tests.support.synthetic import make_model, write_resnet18, write_with_hash
from tests.support.weights_server import serve

COMMAND = ROOT / "tests" / "support" / "weights_command.py"
MODEL = "squeezenet1_1"
ENTRY = torchvision.models.SqueezeNet1_1_Weights.IMAGENET1K_V1


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory):
    """The made-up weights of squeezenet1_1, as a file with its hash in its name."""
    return write_with_hash(tmp_path_factory.mktemp("mirror"), MODEL)


@pytest.fixture
def server(monkeypatch):
    monkeypatch.setenv("no_proxy", "*")
    with serve() as server:
        yield server


@pytest.fixture
def torch_home(monkeypatch, tmp_path):
    """An empty weights folder, so that the user's own is not touched."""
    monkeypatch.setenv("TORCH_HOME", str(tmp_path / "torch"))
    monkeypatch.setattr(torch.hub, "_hub_dir", None)
    monkeypatch.delenv(weight_files.MIRROR_VARIABLE, raising=False)
    return tmp_path / "torch"


@pytest.fixture
def usual_place(monkeypatch, server, torch_home, checkpoint):
    """The server is where torchvision says that the weights of squeezenet1_1 are; it has them."""
    path = f"/usual/{checkpoint.name}"
    monkeypatch.setattr(ENTRY.value, "url", server.address + path)
    server.answers[path] = checkpoint.read_bytes()
    return path


@pytest.fixture
def closed_address():
    """An address on loopback where nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{taken.getsockname()[1]}"


def list_cache(torch_home):
    return sorted(path.name for path in (torch_home / "hub" / "checkpoints").glob("*"))


def keep(torch_home, source, name=None):
    """Put a copy of the file into the weights folder."""
    target = torch_home / "hub" / "checkpoints" / (name or source.name)
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)
    return target


def assert_one_sentence(error, *words):
    text = str(error)
    assert "\n" not in text and "Traceback" not in text
    for word in words:
        assert word in text


# What goes right


def test_fetch_keeps_the_file_under_its_name(usual_place, torch_home, checkpoint):
    path = fetch_weights(MODEL, progress=False)
    assert path == torch_home / "hub" / "checkpoints" / checkpoint.name
    assert path.read_bytes() == checkpoint.read_bytes()
    assert list_cache(torch_home) == [checkpoint.name]


def test_fetch_does_not_download_twice(usual_place, server):
    fetch_weights(MODEL, progress=False)
    fetch_weights(MODEL, progress=False)
    assert server.requests == [usual_place]


def test_fetch_replaces_a_damaged_file(usual_place, torch_home, checkpoint):
    path = keep(torch_home, checkpoint)
    path.write_bytes(path.read_bytes()[:1000])
    assert fetch_weights(MODEL, progress=False).read_bytes() == checkpoint.read_bytes()


@pytest.mark.parametrize("how", ["argument", "slash at the end", "environment"])
def test_fetch_from_a_mirror(how, usual_place, server, checkpoint, monkeypatch):
    mirror = f"{server.address}/class"
    server.answers[f"/class/{checkpoint.name}"] = checkpoint.read_bytes()
    if how == "environment":
        monkeypatch.setenv(weight_files.MIRROR_VARIABLE, mirror)
        mirror = None
    fetch_weights(MODEL, mirror=mirror + "/" if how == "slash at the end" else mirror, progress=False)
    assert server.requests == [f"/class/{checkpoint.name}"]


def test_fetch_shows_progress_on_stderr(usual_place, capfd):
    fetch_weights(MODEL)
    shown = capfd.readouterr()
    assert "100%" in shown.err and shown.out == ""


def test_fetch_gives_the_installed_file_of_an_embedded_model(torch_home):
    assert fetch_weights("efficientnet_lite0").name == "efficientnet-lite0-57934424.pth"
    assert list_cache(torch_home) == []


def test_every_file_name_carries_a_hash():
    for name in models.list_models()[len(models.EMBEDDED) :]:
        for entry in torchvision.models.get_model_weights(name):
            assert len(weight_files._read_hash(Path(entry.url))) >= 8


def test_two_at_a_time_download_once(usual_place, server, torch_home, checkpoint, capfd):
    server.answers[usual_place] = server.wait_halfway(checkpoint.read_bytes())
    paths = []
    threads = [threading.Thread(target=lambda: paths.append(fetch_weights(MODEL))) for _ in range(2)]
    for thread in threads:
        thread.start()
    shown = ""
    while "Waiting for another download" not in shown:
        time.sleep(0.02)
        shown += capfd.readouterr().err
    server.released.set()
    for thread in threads:
        thread.join()
    assert len(paths) == 2
    assert server.requests == [usual_place]
    assert list_cache(torch_home) == [checkpoint.name]


# What goes wrong


def expect_failure(torch_home, *words, **options):
    timeout = socket.getdefaulttimeout()
    with pytest.raises(weights.WeightsError) as caught:
        fetch_weights(MODEL, progress=False, **options)
    assert_one_sentence(caught.value, *words)
    assert list_cache(torch_home) == []
    assert socket.getdefaulttimeout() == timeout


def test_file_not_found(usual_place, server, torch_home):
    server.answers.clear()
    expect_failure(torch_home, "404", server.address + usual_place, "check the address")


def test_truncated(usual_place, server, torch_home, checkpoint):
    server.answers[usual_place] = server.stop_halfway(checkpoint.read_bytes())
    expect_failure(torch_home, "incomplete", "try again")


def test_wrong_hash(usual_place, server, torch_home):
    server.answers[usual_place] = b"<html>Please sign in to the network</html>"
    expect_failure(torch_home, "another file", "SHA-256")


def test_refused(usual_place, torch_home, closed_address):
    expect_failure(torch_home, "cannot reach", closed_address, "Connection refused", mirror=closed_address)


def test_silent_server(usual_place, server, torch_home, monkeypatch):
    monkeypatch.setattr(weight_files, "TIMEOUT_S", 0.1)
    server.answers[usual_place] = server.stay_silent
    expect_failure(torch_home, "no answer", "0.1 seconds")


def test_server_hangs_up(usual_place, server, torch_home):
    server.answers[usual_place] = lambda handler: None
    expect_failure(torch_home, "broke off", "try again")


def test_full_disk(usual_place, torch_home):
    resource = pytest.importorskip("resource", reason="needs a limit on the size of files, which Windows lacks")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1020 * 1024, hard))  # here torch.hub would leave its file behind
    try:
        expect_failure(torch_home, "no room", str(torch_home), "TORCH_HOME")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_folder_that_cannot_be_written(usual_place, torch_home):
    torch_home.write_text("a file where the folder should be")
    expect_failure(torch_home, "cannot write to", str(torch_home), "TORCH_HOME")


@pytest.mark.parametrize("mirror", ["192.168.0.10:8000", "the USB stick", "ftp://example.org"])
def test_mirror_that_is_no_web_address(torch_home, mirror):
    with pytest.raises(ValueError, match="A mirror is a web address such as http://"):
        fetch_weights(MODEL, mirror=mirror)


# The command line


def test_command_prints_one_line_a_model(usual_place, torch_home, checkpoint, capsys):
    for news in ("fetched", "already there"):
        assert weights.main(["efficientnet_lite1", MODEL]) == 0
        lines = capsys.readouterr().out.splitlines()
        assert lines[0].startswith("efficientnet_lite1: needs no download")
        assert lines[1].startswith(f"{MODEL}: {news} (") and checkpoint.name in lines[1]
        assert len(lines) == 2


def test_command_goes_on_after_a_failure(usual_place, torch_home, server, checkpoint, capsys):
    assert weights.main(["alexnet", MODEL, "--mirror", f"{server.address}/usual"]) == 1
    shown = capsys.readouterr()
    assert shown.err.startswith("alexnet: the server answered 404 (Not Found) for http://")
    assert_one_sentence(shown.err.rstrip("\n"))
    assert shown.out.startswith(f"{MODEL}: fetched")
    assert list_cache(torch_home) == [checkpoint.name]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([MODEL, "resnet5"], ["no model named 'resnet5'", "resnet50"]),
        ([MODEL, "resnet50", "--weights", "IMAGENET1K_V2"], [f"{MODEL} has no weights named", "IMAGENET1K_V1"]),
        ([MODEL, "--mirror", "here"], ["A mirror is a web address"]),
    ],
)
def test_command_refuses_before_the_first_download(arguments, words, usual_place, server, capsys):
    assert weights.main(arguments) == 2
    assert_one_sentence(capsys.readouterr().err.rstrip("\n"), *words)
    assert server.requests == []


def test_command_without_a_model_shows_its_usage(capsys):
    with pytest.raises(SystemExit) as caught:
        weights.main([])
    assert caught.value.code == 2
    assert capsys.readouterr().err.startswith("usage: python -m helpers.weights")


def run_command(command, torch_home, **options):
    environment = {**os.environ, "TORCH_HOME": str(torch_home), "OMP_NUM_THREADS": "1"}
    return subprocess.run(command, env=environment, capture_output=True, text=True, **options)


def test_killed_halfway_and_started_again(usual_place, server, torch_home, checkpoint):
    command = [
        sys.executable,
        str(COMMAND),
        server.address + usual_place,
        MODEL,
    ]
    server.answers[usual_place] = server.wait_halfway(checkpoint.read_bytes())
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    with subprocess.Popen(command, env=environment) as process:
        while not any(path.stat().st_size for path in torch_home.glob("hub/checkpoints/*.partial")):
            assert process.poll() is None, "the command ended before it was killed"
            time.sleep(0.02)
        process.kill()
    (stale,) = list_cache(torch_home)
    assert stale.endswith(".partial")

    seen = []
    server.answers[usual_place] = server.call_first(
        lambda: seen.extend(list_cache(torch_home)), checkpoint.read_bytes()
    )
    again = run_command(command, torch_home)
    assert (again.returncode, again.stderr) == (0, "")
    assert again.stdout.startswith(f"{MODEL}: fetched")
    assert stale not in seen and len(seen) == 1  # removed before the new download, which has its own
    assert list_cache(torch_home) == [checkpoint.name]
    assert weight_files.is_whole(torch_home / "hub" / "checkpoints" / checkpoint.name)


def test_command_without_network(torch_home):
    alone = ["unshare", "-rn"]
    if not shutil.which("unshare") or subprocess.run([*alone, "true"], capture_output=True).returncode:
        pytest.skip("this computer cannot run a command without network")
    result = run_command([*alone, sys.executable, "-m", "helpers.weights", "resnet18"], torch_home)
    assert result.returncode == 1
    assert result.stdout == ""
    assert_one_sentence(result.stderr.rstrip("\n"), "resnet18: cannot reach https://", "check the network")


# Loading


def test_load_fetches_what_is_missing_and_only_that(usual_place, server, checkpoint, capfd):
    first = models.load_classifier(MODEL)
    second = models.load_classifier(MODEL)
    assert server.requests == [usual_place]
    expected = torch.load(checkpoint, weights_only=True)
    for name, numbers in second.model.state_dict().items():
        assert torch.equal(numbers, expected[name])
    assert first.source == f"torchvision weights SqueezeNet1_1_Weights.IMAGENET1K_V1 (file {checkpoint.name})"
    assert capfd.readouterr().out == ""


def test_load_does_not_check_the_hash_again(torch_home, monkeypatch):
    write_resnet18(torch_home)
    monkeypatch.setattr(weight_files, "is_whole", lambda path: pytest.fail("hashed"))
    assert not models.load_classifier("resnet18").model.training


@pytest.mark.parametrize("name", ["resnet18", "resnet50"])
def test_load_without_file_or_network_names_two_ways_out(name, torch_home, monkeypatch, closed_address):
    monkeypatch.setenv("no_proxy", "*")
    monkeypatch.setenv(weight_files.MIRROR_VARIABLE, closed_address)
    with pytest.raises(MissingWeightsError) as caught:
        models.load_classifier(name)
    text = str(caught.value)
    assert f"weights of {name} are not on this computer" in text
    assert str(weight_files.locate_file(torchvision.models.get_model_weights(name).DEFAULT)) in text
    assert "Connection refused" in text
    assert f'make weights MODELS="{name}"' in text and f"python -m helpers.weights {name}" in text
    assert 'MODEL = "efficientnet_lite0"' in text
    assert caught.value.__cause__ is None and caught.value.__suppress_context__


def test_load_advises_the_command_for_other_weights(torch_home, monkeypatch, closed_address):
    monkeypatch.setenv("no_proxy", "*")
    monkeypatch.setenv(weight_files.MIRROR_VARIABLE, closed_address)
    with pytest.raises(MissingWeightsError, match=r"helpers\.weights resnet50 --weights IMAGENET1K_V1"):
        models.load_classifier("resnet50", weights="IMAGENET1K_V1")


class Trap:
    """Runs code when it is unpickled without care."""

    def __reduce__(self):
        return (pytest.fail, ("code from a checkpoint was run",))


@pytest.mark.parametrize("damage", ["truncated", "empty", "not a checkpoint", "code inside"])
def test_load_says_that_a_file_is_damaged(damage, torch_home, checkpoint, usual_place, server):
    path = keep(torch_home, checkpoint)
    damaged = {
        "truncated": path.read_bytes()[:-1000],
        "empty": b"",
        "not a checkpoint": b"<html>Please sign in to the network</html>",
        "code inside": pickle.dumps({"weight": Trap()}, protocol=2),
    }
    path.write_bytes(damaged[damage])
    with pytest.raises(weights.WeightsError) as caught:
        models.load_classifier(MODEL)
    assert_one_sentence(caught.value, str(path), "damaged or incomplete", "Delete it", "python -m helpers.weights")
    assert server.requests == []


@pytest.mark.parametrize("content", ["another architecture", "one tensor", "a list"])
def test_load_says_that_a_file_does_not_fit(content, torch_home, usual_place, checkpoint):
    path = keep(torch_home, checkpoint)
    contents = {
        "another architecture": make_model("mobilenet_v3_small").state_dict(),
        "one tensor": torch.zeros(3),
        "a list": [1, 2, 3],
    }
    torch.save(contents[content], path)
    with pytest.raises(weights.WeightsError) as caught:
        models.load_classifier(MODEL)
    assert_one_sentence(caught.value, str(path), f"does not hold the weights of {MODEL}", "Delete it")


def test_load_renames_the_numbers_of_an_old_densenet(torch_home):
    numbers = make_model("densenet121").state_dict()
    old = {}
    for name, value in numbers.items():
        for layer in ("norm1", "norm2", "conv1", "conv2"):
            if "denselayer" in name:
                name = name.replace(layer, f"{layer[:-1]}.{layer[-1]}")
        old[name] = value
    entry = torchvision.models.DenseNet121_Weights.DEFAULT
    write_as_cached(torch_home, entry, old)
    loaded = models.load_classifier("densenet121").model.state_dict()
    assert all(torch.equal(loaded[name], numbers[name]) for name in numbers)


def test_load_leaves_out_the_training_heads_of_googlenet(torch_home):
    numbers = make_model("googlenet", init_weights=False, aux_logits=True).state_dict()
    write_as_cached(torch_home, torchvision.models.GoogLeNet_Weights.DEFAULT, numbers)
    loaded = models.load_classifier("googlenet").model.state_dict()
    assert {name for name in numbers if name not in loaded} == {name for name in numbers if name.startswith("aux")}


def write_as_cached(torch_home, entry, numbers):
    path = weight_files.locate_file(entry)
    path.parent.mkdir(parents=True, exist_ok=True)
    torch.save(numbers, path)


def test_made_up_resnet18_predicts_the_same_each_time(torch_home):
    write_resnet18(torch_home)
    numbers = torch.load(write_resnet18(torch_home), weights_only=True)
    model = models.load_classifier("resnet18").model
    assert all(torch.equal(value, numbers[name]) for name, value in model.state_dict().items())
    photos = torch.rand(4, 3, 64, 64, generator=torch.Generator().manual_seed(0))
    with torch.inference_mode():
        assert torch.equal(model(photos), model(photos))
