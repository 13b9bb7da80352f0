"""The embedded models as a local torch.hub repository: offline, silent, and listed by torch.hub's rules."""

import builtins
import importlib.util
import re
import socket
from pathlib import Path

import pytest
import torch
from setuptools import find_packages

from helpers import models
from helpers.grading.notebooks.paths import ROOT


@pytest.fixture(autouse=True)
def alone(monkeypatch, tmp_path):
    """No network, nobody to answer a question, and an empty weights folder."""

    def refuse(*arguments, **options):
        pytest.fail("torch.hub asked a question or used the network")

    monkeypatch.setattr(builtins, "input", refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    monkeypatch.setattr(torch.hub, "_hub_dir", None)


@pytest.fixture
def hubconf():
    """The repository's hubconf.py, imported as torch.hub imports it."""
    specification = importlib.util.spec_from_file_location("hubconf", Path(models.HUB_FOLDER) / "hubconf.py")
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", models.EMBEDDED)
def test_hub_gives_the_trained_model(name, capfd, tmp_path):
    model = torch.hub.load(models.HUB_FOLDER, name, source="local")
    assert capfd.readouterr() == ("", "")
    assert list(tmp_path.iterdir()) == []
    expected = models.load_classifier(name).model.state_dict()
    assert all(torch.equal(value, expected[key]) for key, value in model.state_dict().items())
    assert model.training


def test_hub_gives_the_architecture_alone():
    state = torch.get_rng_state()
    model = torch.hub.load(models.HUB_FOLDER, "efficientnet_lite0", source="local", weights=None)
    expected = models.load_classifier("efficientnet_lite0", weights=None).model.state_dict()
    assert all(torch.equal(value, expected[key]) for key, value in model.state_dict().items())
    assert torch.equal(torch.get_rng_state(), state)


def test_hub_lists_the_embedded_models_and_nothing_else(hubconf):
    """By the rule of torch.hub.list: whatever can be called and has no leading underscore."""
    listed = [name for name in dir(hubconf) if callable(getattr(hubconf, name)) and not name.startswith("_")]
    assert tuple(listed) == models.EMBEDDED


@pytest.mark.parametrize("name", models.EMBEDDED)
def test_docstring_tells_the_truth(name, hubconf):
    classifier = models.load_classifier(name, weights=None)
    text = getattr(hubconf, name).__doc__
    parameters = sum(parameter.numel() for parameter in classifier.model.parameters())
    assert re.findall(r"[\d,]+,\d{3}", text) == [f"{parameters:,}"]
    assert f"{classifier.expects.crop_size} x {classifier.expects.crop_size} pixels" in text


def test_dependencies_are_named_and_there(hubconf):
    assert {"torch", "helpers", "efficientnet_lite_pytorch"} < set(hubconf.dependencies)
    assert all(importlib.util.find_spec(name) for name in hubconf.dependencies)


def test_hub_refuses_what_it_does_not_have():
    with pytest.raises(RuntimeError, match="Cannot find callable efficientnet_lite9 in hubconf"):
        torch.hub.load(models.HUB_FOLDER, "efficientnet_lite9", source="local")
    with pytest.raises(ValueError, match="efficientnet_lite0 has no weights named 'V2'"):
        torch.hub.load(models.HUB_FOLDER, "efficientnet_lite0", source="local", weights="V2")
    with pytest.raises(TypeError, match="pretrained"):
        torch.hub.load(models.HUB_FOLDER, "efficientnet_lite0", source="local", pretrained=True)


def test_hub_folder_is_installed_with_the_package():
    assert "helpers.models.hub" in find_packages(str(ROOT), include=["helpers*"])
