"""Published accuracies: every model has one, with its source."""

import pytest

from helpers.models.catalog import EMBEDDED, list_models
from helpers.models.published_accuracy import read_published_accuracy


def test_embedded_models_have_the_numbers_of_their_makers():
    found = [read_published_accuracy(name) for name in EMBEDDED]
    assert [accuracy.top1_percent for accuracy in found] == [75.1, 76.7, 77.6]
    assert all("tensorflow/tpu" in accuracy.source for accuracy in found)


def test_torchvision_says_it_about_its_default_weights():
    accuracy = read_published_accuracy("resnet50")
    assert accuracy.top1_percent == pytest.approx(80.858)
    assert "ResNet50_Weights.IMAGENET1K_V2" in accuracy.source


def test_every_model_has_one():
    assert all(50 < read_published_accuracy(name).top1_percent < 95 for name in list_models())


def test_an_unknown_model_is_refused():
    with pytest.raises(ValueError, match="nearest names"):
        read_published_accuracy("resnet5")
