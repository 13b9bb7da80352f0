"""Checks of notebook 03, preprocess: wrong answers fail with their cause's name, right ones of any style pass."""

import sys
import warnings

import numpy as np
import pytest
import torch
from PIL import Image
from torchvision import transforms
from torchvision.models import ResNet50_Weights
from torchvision.transforms import InterpolationMode, v2
from torchvision.transforms import functional as F
from tqdm import tqdm

from helpers import images
from helpers.checks.preprocessing.preprocess import (
    check_preprocess,
    check_preprocess_geometry,
    check_preprocess_modes,
    check_preprocess_values,
)
from helpers.checks.preprocessing.repeated_calls import call_repeatedly
from helpers.checks.preprocessing.synthetic_photos import make_mode_pair, make_noise_photo
from helpers.checks.preprocessing.wrong_pipelines import alter_recipe
from helpers.models.embedded import build_embedded_preprocess

IMAGENET = {"mean": (0.485, 0.456, 0.406), "std": (0.229, 0.224, 0.225)}
OTHER = {"mean": (0.30, 0.55, 0.80), "std": (0.35, 0.20, 0.15)}
BILINEAR, BICUBIC = InterpolationMode.BILINEAR, InterpolationMode.BICUBIC


def make_recipe(resize_size=40, crop_size=32, interpolation=BILINEAR, **numbers):
    settings = {"resize_size": resize_size, "crop_size": crop_size, "interpolation": interpolation}
    return ResNet50_Weights.DEFAULT.transforms(**settings, **(numbers or OTHER))


COLOURS = {"dark red": (40, 10, 5), "orange": (250, 130, 20), "blue": (15, 40, 220)}
VALUES = {"recipes": {"ImageNet's": make_recipe(**IMAGENET), "another": make_recipe()}, "colours": COLOURS}
GEOMETRY = {
    "recipes": [make_recipe(42, 32), make_recipe(50, 40, BICUBIC), make_recipe(40, 32)],
    "images": [
        make_noise_photo(99, 63, seed=1),
        make_noise_photo(70, 98, seed=2),
        make_noise_photo(24, 36, seed=3),
    ],
}
MODES = {"recipe": make_recipe(), "modes": ["L", "LA", "RGBA", "P", "CMYK"], "seed": 4}
CHECKS = {"usual", "values", "geometry", "modes"}


@pytest.fixture(scope="session")
def usual():
    """What the notebook's visible check is called with."""
    paths = {name: photo.path for name, photo in images.sample_photos().items()}
    photos = {name: images.open_image(paths[name]) for name in ("coffee", "grace_hopper")}
    return {"recipe": build_embedded_preprocess("efficientnet_lite0"), "photos": photos}


@pytest.fixture(scope="session")
def usual_but_small(usual):
    """The same with photos of half the width, for speed."""
    small = {name: photo.resize((photo.width // 2, photo.height // 2)) for name, photo in usual["photos"].items()}
    return {"recipe": alter_recipe(usual["recipe"], resize_size=[128], crop_size=[112]), "photos": small}


@pytest.fixture
def run_all(run_check, usual_but_small):
    """Run an answer through all four checks; give the causes of each that failed."""

    def run(answer):
        results = {
            "usual": run_check(check_preprocess, answer, **usual_but_small),
            "values": run_check(check_preprocess_values, answer, **VALUES),
            "geometry": run_check(check_preprocess_geometry, answer, **GEOMETRY),
            "modes": run_check(check_preprocess_modes, answer, **MODES),
        }
        return {name: set(result.causes) for name, result in results.items() if not result.passed}

    return run


def prepare(image, *, mean, std, resize_size, crop_size, interpolation):
    """A right answer: what the wrong ones below change in one place."""
    image = F.center_crop(F.resize(image.convert("RGB"), resize_size, interpolation), crop_size)
    return F.normalize(F.to_tensor(image), mean, std)


def compose(image, *, mean, std, resize_size, crop_size, interpolation):
    steps = [transforms.Resize(resize_size, interpolation), transforms.CenterCrop(crop_size)]
    steps += [transforms.ToTensor(), transforms.Normalize(mean, std)]
    return transforms.Compose(steps)(image.convert("RGB"))


def compose_v2(image, *, mean, std, resize_size, crop_size, interpolation):
    steps = [v2.RGB(), v2.ToImage(), v2.Resize(resize_size, interpolation, antialias=True), v2.CenterCrop(crop_size)]
    return v2.Compose([*steps, v2.ToDtype(torch.float32, scale=True), v2.Normalize(mean, std)])(image)


def resize_floats(image, *, mean, std, resize_size, crop_size, interpolation):
    tensor = F.to_tensor(image.convert("RGB"))
    tensor = F.center_crop(F.resize(tensor, [resize_size], interpolation, antialias=True), [crop_size])
    return (tensor - torch.tensor(mean)[:, None, None]) / torch.tensor(std)[:, None, None]


def use_pillow_and_numpy(image, *, mean, std, resize_size, crop_size, interpolation):
    image = image.convert("RGB")
    scale = resize_size / min(image.size)
    size = (round(image.width * scale), round(image.height * scale))
    image = image.resize(size, getattr(Image.Resampling, interpolation.name))
    left, top = (size[0] - crop_size) // 2, (size[1] - crop_size) // 2
    array = np.asarray(image.crop((left, top, left + crop_size, top + crop_size)), dtype=np.float64) / 255
    array = (array - np.array(mean)) / np.array(std)
    return torch.from_numpy(array.transpose(2, 0, 1)).float()


def use_preset(image, **settings):
    return ResNet50_Weights.DEFAULT.transforms(**settings)(image.convert("RGB"))


def compose_over_white(image, **settings):
    if image.mode in ("RGBA", "LA"):
        image = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image)
    return prepare(image, **settings)


def print_much(image, **settings):
    warnings.warn("this is only a warning", stacklevel=1)
    print("to stderr", file=sys.stderr)
    for _ in tqdm([0]):
        return prepare(image, **settings)


def leave_traces(image, **settings):
    torch.set_default_dtype(torch.float64)
    torch.set_grad_enabled(False)
    return prepare(image, **settings).float().requires_grad_(False)


RIGHT = [
    prepare,
    compose,
    compose_v2,
    resize_floats,
    use_pillow_and_numpy,
    use_preset,
    compose_over_white,
    print_much,
    leave_traces,
]


@pytest.mark.parametrize("answer", RIGHT, ids=lambda answer: answer.__name__)
def test_right_answers_of_any_style_pass(answer, run_all, run_check, usual):
    assert run_all(answer) == {}
    assert run_check(check_preprocess, answer, **usual).passed
    assert torch.get_default_dtype() == torch.float32 and torch.is_grad_enabled()


def show(image, **settings):
    """Give the picture [3, H, W] in 0..1, for answers that go wrong afterwards."""
    return prepare(image, **{**settings, "mean": (0, 0, 0), "std": (1, 1, 1)})


def normalize(tensor, mean, std):
    return (tensor - torch.tensor(mean).view(3, 1, 1)) / torch.tensor(std).view(3, 1, 1)


def subtract_only(image, **settings):
    return show(image, **settings) - torch.tensor(settings["mean"]).view(3, 1, 1)


def standardize(image, **settings):
    picture = show(image, **settings)
    return (picture - picture.mean((1, 2), keepdim=True)) / picture.std((1, 2), keepdim=True)


WRONG_VALUES = {
    "normalization_left_out": show,
    "values_0_255": lambda image, **settings: show(image, **settings) * 255,
    "scaled_twice": lambda image, mean, std, **settings: normalize(
        show(image, mean=mean, std=std, **settings) / 255, mean, std
    ),
    "normalized_before_scaling": lambda image, mean, std, **settings: normalize(
        show(image, mean=mean, std=std, **settings) * 255, mean, std
    ),
    "mean_std_swapped": lambda image, mean, std, **settings: prepare(image, mean=std, std=mean, **settings),
    "numbers_hard_coded": lambda image, **settings: prepare(image, **{**settings, **IMAGENET}),
    "half_normalized": subtract_only,
    "own_statistics": standardize,
    "blue_first": lambda image, **settings: prepare(Image.merge("RGB", image.convert("RGB").split()[::-1]), **settings),
    "not_float32": lambda image, **settings: prepare(image, **settings).double(),
}


@pytest.mark.parametrize("cause", WRONG_VALUES)
def test_wrong_values_are_named_and_cost_nothing_else(cause, run_all):
    causes = run_all(WRONG_VALUES[cause])
    assert causes["values"] == {cause}
    assert cause in causes["usual"]
    assert "geometry" not in causes


@pytest.mark.parametrize("cause", [cause for cause in WRONG_VALUES if cause != "blue_first"])
def test_wrong_values_cost_no_points_for_modes(cause, run_check):
    assert run_check(check_preprocess_modes, WRONG_VALUES[cause], **MODES).passed


def finish(image, mean, std):
    return normalize(F.to_tensor(image.convert("RGB")), mean, std)


def squash(image, *, mean, std, resize_size, crop_size, interpolation):
    return finish(image.convert("RGB").resize((crop_size, crop_size), Image.Resampling.BILINEAR), mean, std)


def squash_then_crop(image, *, resize_size, **settings):
    return prepare(image, resize_size=[resize_size, resize_size], **settings)


def squash_without_crop(image, *, mean, std, resize_size, crop_size, interpolation):
    return finish(F.resize(image.convert("RGB"), [resize_size] * 2, interpolation), mean, std)


def crop_only(image, *, mean, std, resize_size, crop_size, interpolation):
    return finish(F.center_crop(image.convert("RGB"), crop_size), mean, std)


def resize_only(image, *, mean, std, resize_size, crop_size, interpolation):
    return finish(F.resize(image.convert("RGB"), resize_size, interpolation), mean, std)


def resize_to_crop(image, *, crop_size, **settings):
    return prepare(image, **{**settings, "crop_size": crop_size, "resize_size": crop_size})


def crop_first(image, *, mean, std, resize_size, crop_size, interpolation):
    image = F.center_crop(image.convert("RGB"), crop_size)
    return finish(F.resize(image, resize_size, interpolation), mean, std)


def crop_to_resize_size(image, *, resize_size, crop_size, **settings):
    return prepare(image, resize_size=resize_size, crop_size=resize_size, **settings)


def ignore_interpolation(image, *, interpolation, **settings):
    return prepare(image, interpolation=InterpolationMode.NEAREST, **settings)


def prefer_bilinear(image, *, interpolation, **settings):
    return prepare(image, interpolation=BILINEAR, **settings)


def skip_antialias(image, *, mean, std, resize_size, crop_size, interpolation):
    tensor = F.resize(F.to_tensor(image.convert("RGB")), [resize_size], interpolation, antialias=False)
    return normalize(F.center_crop(tensor, crop_size), mean, std)


def swap_height_and_width(image, **settings):
    return prepare(image, **settings).transpose(1, 2)


def reshape(image, mean, std, **settings):
    picture = show(image, mean=mean, std=std, **settings)
    return normalize(picture.permute(1, 2, 0).reshape(picture.shape), mean, std)


def flip_at_random(image, **settings):
    return transforms.RandomHorizontalFlip()(prepare(image, **settings))


def augment(image, *, mean, std, resize_size, crop_size, interpolation):
    return finish(transforms.RandomResizedCrop(crop_size)(image.convert("RGB")), mean, std)


def shrink_in_place(image, *, mean, std, resize_size, crop_size, interpolation):
    image.thumbnail((resize_size, resize_size))
    return finish(F.center_crop(image.convert("RGB"), crop_size), mean, std)


def cut_corner(image, *, mean, std, resize_size, crop_size, interpolation):
    return finish(F.resize(image.convert("RGB"), resize_size, interpolation), mean, std)[:, :crop_size, :crop_size]


WRONG_GEOMETRY = [
    (squash, "squashed"),
    (squash_then_crop, "squashed"),
    (squash_without_crop, "squashed"),
    (crop_only, "resize_left_out"),
    (resize_only, "crop_left_out"),
    (resize_to_crop, "resize_size_ignored"),
    (crop_first, "crop_before_resize"),
    (crop_to_resize_size, "crop_size_ignored"),
    (ignore_interpolation, "wrong_interpolation"),
    (prefer_bilinear, "wrong_interpolation"),
    (skip_antialias, "antialias_missing"),
    (swap_height_and_width, "height_width_swapped"),
    (reshape, "reshape_for_permute"),
    (flip_at_random, "random_augmentation"),
    (augment, "random_augmentation"),
    (cut_corner, "other_picture"),
]


def test_a_photo_that_was_changed_is_named(run_all):
    assert "photo_changed" in run_all(shrink_in_place)["usual"]


@pytest.mark.parametrize(("answer", "cause"), WRONG_GEOMETRY, ids=lambda item: getattr(item, "__name__", item))
def test_wrong_pictures_are_named(answer, cause, run_all):
    causes = run_all(answer)
    assert cause in causes["geometry"]
    assert cause in causes["usual"]
    assert causes.get("values", {cause}) == {cause}
    if answer not in (swap_height_and_width, reshape, flip_at_random, augment):
        assert "modes" not in causes  # the photos there need neither resizing nor cropping


def take_as_it_is(image, *, mean, std, resize_size, crop_size, interpolation):
    image = F.center_crop(F.resize(image, resize_size, interpolation), crop_size)
    return F.normalize(F.to_tensor(image), mean, std)


def take_indices(image, mean, std, **settings):
    if image.mode == "P":
        image = Image.frombytes("L", image.size, image.tobytes())
    return prepare(image, mean=mean, std=std, **settings)


def take_three_inks(image, **settings):
    if image.mode == "CMYK":
        image = Image.merge("RGB", image.split()[:3])
    return prepare(image, **settings)


def convert_late(image, *, mean, std, resize_size, crop_size, interpolation):
    return finish(F.center_crop(F.resize(image, resize_size, interpolation), crop_size), mean, std)


@pytest.mark.parametrize(
    ("answer", "causes"),
    [
        (take_as_it_is, {"mode_ignored"}),
        (take_indices, {"palette_indices"}),
        (take_three_inks, {"mode_ignored"}),
        (convert_late, {"converted_too_late"}),
    ],
    ids=lambda item: getattr(item, "__name__", None),
)
def test_other_modes_than_rgb(answer, causes, run_all):
    failed = run_all(answer)
    assert failed == {"modes": causes}


def raise_not_answered(image, **settings):
    raise NotImplementedError


def test_the_empty_stub_fails_everywhere(run_all):
    assert run_all(raise_not_answered) == {name: {"not_answered"} for name in CHECKS}


@pytest.mark.parametrize(
    ("value", "cause"),
    [
        (None, "wrong_type"),
        ("a photo", "wrong_type"),
        ([1, 2, 3], "wrong_type"),
        (np.zeros((3, 256, 256)), "wrong_type"),
        (torch.tensor(1.0), "wrong_shape"),
        (torch.zeros(0), "wrong_shape"),
        (torch.zeros(1, 3, 24, 24), "batch_dimension_added"),
        (torch.zeros(24, 24, 3), "channels_last"),
        (torch.zeros(24, 24), "mode_ignored"),
        (torch.zeros(4, 24, 24), "mode_ignored"),
        (torch.full((3, 24, 24), torch.nan), "own_statistics"),
        (torch.zeros(3, 24, 24, dtype=torch.complex64), "not_float32"),
        (torch.zeros(3, 24, 24, dtype=torch.bool), "not_float32"),
        (torch.zeros(3, 24, 24).to_sparse(), "wrong_type"),
        (torch.zeros(3, 24, 24, device="meta"), "cannot_compare"),
    ],
)
def test_any_result_gets_a_sensible_answer(value, cause, run_all):
    causes = run_all(lambda image, **settings: value)
    assert set(causes) == CHECKS
    assert cause in causes["values"]


def test_wrong_keyword_names_are_an_error_of_the_answer(run_all):
    assert run_all(lambda image, mean, std: None)["values"] == {"raised_error"}


@pytest.mark.parametrize("mode", ["RGB", "L", "LA", "RGBA", "P", "CMYK"])
def test_mode_pairs_show_the_same_picture(mode):
    photo, twin = make_mode_pair(mode, side=12, seed=5)
    assert photo.mode == mode
    assert photo.convert("RGB").tobytes() == twin.tobytes()


def test_one_call_of_eight_that_differs_is_noticed(run_check):
    numbers = iter([0] * 7 + [1])

    def answer(image, **settings):
        return prepare(image, **settings) + next(numbers)

    photo = {"recipes": GEOMETRY["recipes"][:1], "images": GEOMETRY["images"][:1]}
    assert run_check(check_preprocess_geometry, answer, **photo).causes == ["random_augmentation"]


def test_equal_tensors_are_sent_once_and_all_others_as_they_are():
    results = [torch.ones(2), torch.ones(2), torch.ones(2).double(), torch.full((2,), torch.nan), "text", "text"]
    given = iter(results)
    told = call_repeatedly(lambda image: next(given), image=GEOMETRY["images"][0], settings={}, calls=6)
    assert told["changed"] is None and told["first"] is results[0]
    assert [str(other) for other in told["different"]] == [str(other) for other in results[2:]]
