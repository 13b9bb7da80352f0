"""Make JPEG photos of the size that phones and cameras export, the same ones each time."""

import json
import os
import shutil
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image
from tqdm import tqdm

from helpers import images

MEGAPIXELS = (1.3, 1.9)
_RECIPE = 1  # count up when the photos below come out differently: those that are there are then made anew
_ASPECTS = (4 / 3, 3 / 2, 16 / 9, 3 / 4, 2 / 3, 1.0)  # width : height
_NOISE_LEVELS = (2.0, 5.0)  # of 255: the grain of a camera, without which files would be too small
_QUALITIES = (85, 93)
_NOISE_SIDE = 512


def make_photos(
    folder: Path, number: int, *, megapixels: tuple[float, float] = MEGAPIXELS, seed: int = 0
) -> list[Path]:
    """Make `number` distinct JPEGs in `folder` from the sample photos, or keep those that are there already.

    Each is a part of a sample photo, enlarged to a size within `megapixels`, brighter or darker, mirrored or not,
    with noise. Photo i depends on the seed and on i alone.
    """
    _drop_other_photos(folder, {"recipe": _RECIPE, "seed": seed, "megapixels": list(megapixels)})
    paths = [folder / f"photo_{index:03d}.jpg" for index in range(number)]
    missing = [(index, path) for index, path in enumerate(paths) if not path.exists()]
    sources = [images.open_image(photo.path) for photo in images.sample_photos().values() if photo.labels]
    for index, path in tqdm(missing, desc="Making photos", unit="photo", disable=not missing):
        rng = np.random.default_rng([seed, index])
        partial = path.with_suffix(".part")
        photo = _make_photo(sources, rng, megapixels)
        photo.save(partial, "JPEG", quality=int(rng.integers(*_QUALITIES)))
        os.replace(partial, path)
    return paths


def _drop_other_photos(folder: Path, recipe: dict) -> None:
    """Empty the folder unless what is in it was made by this recipe."""
    note = folder / "recipe.json"
    if not note.exists() or json.loads(note.read_text(encoding="utf-8")) != recipe:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        note.write_text(json.dumps(recipe), encoding="utf-8")


def _make_photo(
    sources: Sequence[Image.Image], rng: np.random.Generator, megapixels: tuple[float, float]
) -> Image.Image:
    source = sources[rng.integers(len(sources))]
    aspect = rng.choice(_ASPECTS)
    height = (rng.uniform(*megapixels) * 1e6 / aspect) ** 0.5
    photo = source.resize(
        (int(height * aspect), int(height)), Image.Resampling.BICUBIC, _choose_box(source, aspect, rng)
    )
    values = np.asarray(photo, dtype=np.float32) * rng.uniform(0.8, 1.15)
    values += _make_noise(photo, rng)
    photo = Image.fromarray(values.clip(0, 255).astype(np.uint8))
    return photo.transpose(Image.Transpose.FLIP_LEFT_RIGHT) if rng.random() < 0.5 else photo


def _choose_box(source: Image.Image, aspect: float, rng: np.random.Generator) -> tuple[float, float, float, float]:
    """Choose a part of `source` with this aspect, 70 to 100 % of the largest: left, upper, right, lower."""
    width = min(source.width, source.height * aspect) * rng.uniform(0.7, 1.0)
    height = width / aspect
    left, upper = rng.uniform(0, source.width - width), rng.uniform(0, source.height - height)
    return left, upper, left + width, upper + height


def _make_noise(photo: Image.Image, rng: np.random.Generator) -> np.ndarray:
    """Make noise of shape [height, width, 3] by repeating a smaller piece."""
    piece = rng.normal(0, rng.uniform(*_NOISE_LEVELS), (_NOISE_SIDE, _NOISE_SIDE, 3)).astype(np.float32)
    repeats = (-(-photo.height // _NOISE_SIDE), -(-photo.width // _NOISE_SIDE), 1)
    return np.tile(piece, repeats)[: photo.height, : photo.width]
