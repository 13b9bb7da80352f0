"""Loading classifiers by name: what comes, that it is right, and what bad names say."""

import inspect
import warnings
from pathlib import Path

import matplotlib
import numpy as np
import pytest
import skimage
import torch
import torchvision
from PIL import Image
from torchvision.transforms import InterpolationMode

from helpers import models
from helpers.models import architectures, loading

PHOTOS = {
    "grace_hopper": Path(matplotlib.get_data_path()) / "sample_data" / "grace_hopper.jpg",
    **{
        Path(name).stem: Path(skimage.__file__).parent / "data" / name
        for name in ("chelsea.png", "coffee.png", "rocket.jpg", "motorcycle_left.png", "camera.png")
    },
}
UNTRAINED = "no trained weights: random numbers, seed 0; good for counting and timing only"


@pytest.fixture(scope="module")
def embedded():
    """The three embedded models, loaded without network and without a word on stdout or stderr."""
    return {name: models.load_classifier(name) for name in models.EMBEDDED}


def open_photo(name):
    with Image.open(PHOTOS[name]) as photo:
        return photo.convert("RGB")


def find_best(classifier, photo_name, k=3):
    """Return the k best (label, probability), computed here from first principles."""
    with torch.inference_mode():
        logits = classifier.model(classifier.preprocess(open_photo(photo_name)).unsqueeze(0))[0].numpy()
    probabilities = np.exp(logits - logits.max())
    probabilities /= probabilities.sum()
    return [(classifier.labels[i], float(probabilities[i])) for i in np.argsort(-probabilities)[:k]]


# The embedded models


@pytest.mark.parametrize(
    ("photo", "expected"),
    [
        ("chelsea", [("tiger cat", 0.395), ("Egyptian cat", 0.355), ("tabby", 0.170)]),
        ("coffee", [("espresso", 0.951)]),
        ("rocket", [("missile", 0.272)]),
        ("motorcycle_left", [("moped", 0.540)]),
        ("camera", [("tripod", 0.937)]),
        ("grace_hopper", [("academic gown", 0.244)]),
    ],
)
def test_lite0_predicts(photo, expected, embedded):
    found = find_best(embedded["efficientnet_lite0"], photo, k=len(expected))
    assert [label for label, _ in found] == [label for label, _ in expected]
    assert [p for _, p in found] == pytest.approx([p for _, p in expected], abs=0.002)


@pytest.mark.parametrize(
    ("name", "rocket"),
    [("efficientnet_lite1", ("space shuttle", 0.099)), ("efficientnet_lite2", ("drilling platform", 0.094))],
)
def test_lite1_and_lite2_predict(name, rocket, embedded):
    assert {label for label, _ in find_best(embedded[name], "chelsea")} == {"tiger cat", "Egyptian cat", "tabby"}
    assert find_best(embedded[name], "coffee")[0][0] == "espresso"
    assert find_best(embedded[name], "rocket", k=1) == [(rocket[0], pytest.approx(rocket[1], abs=0.002))]


@pytest.mark.parametrize(
    ("name", "parameters", "resize_size", "crop_size"),
    [
        ("efficientnet_lite0", 4_652_008, 256, 224),
        ("efficientnet_lite1", 5_416_680, 272, 240),
        ("efficientnet_lite2", 6_092_072, 292, 260),
    ],
)
def test_embedded_model_is_complete(name, parameters, resize_size, crop_size, embedded):
    classifier = embedded[name]
    assert classifier.name == name
    assert classifier.expects == models.InputSpec(
        resize_size, crop_size, InterpolationMode.BICUBIC, mean=(127 / 255,) * 3, std=(128 / 255,) * 3
    )
    assert sum(parameter.numel() for parameter in classifier.model.parameters()) == parameters
    assert not any(module.training for module in classifier.model.modules())
    assert {parameter.device.type for parameter in classifier.model.parameters()} == {"cpu"}
    assert len(classifier.labels) == len(set(classifier.labels)) == 1000
    assert classifier.labels[281] == "tabby"
    assert name.replace("_", "-") in classifier.source
    assert classifier.source.startswith("trained weights of the Python package")


def test_embedded_preprocessing_step_by_step(embedded):
    """The same numbers as Pillow and NumPy give."""
    photo = open_photo("chelsea")  # 451 x 300 pixels
    small = photo.resize((int(256 * 451 / 300), 256), Image.Resampling.BICUBIC)
    left, top = round((small.width - 224) / 2), (256 - 224) // 2
    pixels = np.asarray(small.crop((left, top, left + 224, top + 224)), dtype=np.float32)
    expected = torch.from_numpy((pixels - 127) / 128).permute(2, 0, 1)
    torch.testing.assert_close(embedded["efficientnet_lite0"].preprocess(photo), expected, rtol=0, atol=1e-5)


def test_embedded_model_without_weights():
    classifier = models.load_classifier("efficientnet_lite1", weights=None)
    assert (classifier.labels, classifier.source) == ((), UNTRAINED)
    assert classifier.expects.crop_size == 240
    assert classifier.model(torch.zeros(1, 3, 240, 240)).shape == (1, 1000)


# Torchvision's models


def test_list_models_names_embedded_and_torchvision_models():
    names = models.list_models()
    assert names[:3] == models.EMBEDDED == ("efficientnet_lite0", "efficientnet_lite1", "efficientnet_lite2")
    assert {"resnet18", "resnet50", "mobilenet_v3_small", "vit_b_16"} < set(names)
    assert len(names) == len(set(names)) > 80


def test_resnet50_without_weights():
    classifier = models.load_classifier("resnet50", weights=None)
    assert sum(parameter.numel() for parameter in classifier.model.parameters()) == 25_557_032
    assert not classifier.model.training
    assert (classifier.labels, classifier.source) == ((), UNTRAINED)
    assert classifier.expects == models.InputSpec(
        232, 224, InterpolationMode.BILINEAR, mean=(0.485, 0.456, 0.406), std=(0.229, 0.224, 0.225)
    )


def test_preprocessing_is_that_of_the_default_weights():
    photo = open_photo("coffee")
    expected = torchvision.models.MobileNet_V3_Small_Weights.DEFAULT.transforms()(photo)
    assert torch.equal(models.load_classifier("mobilenet_v3_small", weights=None).preprocess(photo), expected)


def test_every_input_spec_can_be_read():
    for name in models.list_models()[len(models.EMBEDDED) :]:
        for entry in torchvision.models.get_model_weights(name):
            spec = loading._read_input_spec(entry.transforms())
            assert 224 <= spec.crop_size <= spec.resize_size
            assert len(spec.mean) == len(spec.std) == 3


def test_same_seed_each_time_and_global_random_state_untouched():
    torch.manual_seed(123)
    state = torch.get_rng_state()
    first = models.load_classifier("squeezenet1_1", weights=None).model.state_dict()
    assert torch.equal(torch.get_rng_state(), state)
    models.load_classifier("efficientnet_lite0")
    assert torch.equal(torch.get_rng_state(), state)
    torch.manual_seed(456)
    second = models.load_classifier("squeezenet1_1", weights=None).model.state_dict()
    assert all(torch.equal(first[name], second[name]) for name in first)


@pytest.mark.parametrize(
    ("name", "parameters", "side"), [("googlenet", 6_624_904, 224), ("inception_v3", 27_161_264, 299)]
)
def test_models_with_heads_for_training_give_plain_logits(name, parameters, side, capfd):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        model = models.load_classifier(name, weights=None).model
        with torch.inference_mode():
            logits = model(torch.zeros(1, 3, side, side))
    assert logits.shape == (1, 1000)
    assert sum(parameter.numel() for parameter in model.parameters()) == parameters
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(("weights", "side"), [("IMAGENET1K_V1", 224), ("IMAGENET1K_SWAG_E2E_V1", 384)])
def test_vision_transformer_fits_the_photos_of_its_weights(weights, side):
    model = architectures.build_architecture("vit_b_16", weights=weights)
    parameters = sum(parameter.numel() for parameter in model.parameters())
    assert parameters == torchvision.models.ViT_B_16_Weights[weights].meta["num_params"]
    assert model.image_size == side


# Quiet, short, and clear about mistakes


def test_loading_prints_nothing(capfd):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        classifier = models.load_classifier("efficientnet_lite0")
        classifier.model(classifier.preprocess(open_photo("coffee")).unsqueeze(0))
    assert capfd.readouterr() == ("", "")


def test_shown_in_a_notebook_it_is_short_and_holds_no_path(embedded):
    shown = repr(embedded["efficientnet_lite0"])
    assert len(shown) < 500 and "espresso" not in shown
    assert str(Path.home()) not in shown and "site-packages" not in shown


@pytest.mark.parametrize(
    ("wrong", "near"),
    [
        ("resnet5", "resnet50"),
        ("ResNet18", "resnet18"),
        ("resnet-50", "resnet50"),
        ("efficientnet-lite0", "efficientnet_lite0"),
        ("mobilenet", "mobilenet_v2"),
        ("inception", "inception_v3"),
        ("yolo9000x", "No name is near"),
        ("", "No name is near"),
        (50, "list_models()"),
        (None, "list_models()"),
    ],
)
def test_unknown_name_gives_the_nearest_names(wrong, near):
    with pytest.raises(ValueError) as caught:
        models.load_classifier(wrong)
    assert str(caught.value).startswith(f"There is no model named {wrong!r}.")
    assert near in str(caught.value)


@pytest.mark.parametrize(
    ("name", "wrong", "advice"),
    [
        ("resnet50", "IMAGENET1K_V3", "Choose from DEFAULT, IMAGENET1K_V1, IMAGENET1K_V2."),
        ("resnet50", True, "Choose from DEFAULT, IMAGENET1K_V1, IMAGENET1K_V2."),
        ("resnet50", torchvision.models.ResNet18_Weights.DEFAULT, "Choose from DEFAULT,"),
        ("vgg16", "IMAGENET1K_FEATURES", "Choose from DEFAULT, IMAGENET1K_V1."),
        ("efficientnet_lite0", "IMAGENET1K_V1", "Choose from DEFAULT."),
    ],
)
def test_unknown_weights_give_those_that_exist(name, wrong, advice):
    with pytest.raises(ValueError, match=f"{name} has no weights named") as caught:
        models.load_classifier(name, weights=wrong)
    assert advice in str(caught.value)


def test_weights_are_asked_for_by_keyword():
    assert inspect.signature(models.load_classifier).parameters["weights"].kind is inspect.Parameter.KEYWORD_ONLY


# Building fast


@pytest.mark.parametrize(
    "name",
    ["efficientnet_lite0", "googlenet", "inception_v3", "mobilenet_v3_small", "resnet18", "swin_t", "densenet121"],
)
def test_a_model_built_for_a_file_has_everything_else(name):
    """What the file does not hold, as buffers that are not stored, is as in a model that was built in full."""
    state = torch.get_rng_state()
    full, unfilled = architectures.build_architecture(name), architectures.build_unfilled(name)
    unfilled.load_state_dict(full.state_dict())
    assert torch.equal(torch.get_rng_state(), state)
    assert repr(unfilled) == repr(full)
    for kind in ("named_parameters", "named_buffers"):
        ours, theirs = dict(getattr(unfilled, kind)()), dict(getattr(full, kind)())
        assert ours.keys() == theirs.keys()
        for key, tensor in theirs.items():
            assert torch.equal(ours[key], tensor) and ours[key].requires_grad == tensor.requires_grad, key


@pytest.mark.parametrize("weights", ["DEFAULT", None])
def test_while_grading_models_are_the_same_and_independent(weights, monkeypatch):
    usual = models.load_classifier("efficientnet_lite0", weights=weights).model.state_dict()
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    for _ in range(2):
        model = models.load_classifier("efficientnet_lite0", weights=weights).model
        assert all(torch.equal(numbers, usual[name]) for name, numbers in model.state_dict().items())
        with torch.no_grad():
            for numbers in model.state_dict().values():
                numbers.zero_()  # must not reach the next one
