"""Photos as files, of the kinds that are opened wrongly without an error; beside each, what mistakes make of it.

Pictures are whole numbers from 0 to 255, [H, W, 3]. Each photo is made from the picture that it must give.
"""

import io
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from PIL import ExifTags, Image

from helpers.checks.preprocessing.synthetic_photos import make_mode_pair

Colour = tuple[int, int, int]
Turn = Image.Transpose

HEIGHT, WIDTH = 8, 13  # pixels: different, so that a turn shows in the size
LEVELS = (30, 226)  # neither black nor white: a stretched picture differs
SHARES = (0.0, 0.3, 0.7, 1.0)  # of opacity: half transparent on both sides of one half
STORED_TURNED = {  # how a photo lies in the file, by its EXIF orientation
    1: None,
    **{2: Turn.FLIP_LEFT_RIGHT, 3: Turn.ROTATE_180, 4: Turn.FLIP_TOP_BOTTOM},
    **{5: Turn.TRANSPOSE, 6: Turn.ROTATE_90, 7: Turn.TRANSVERSE, 8: Turn.ROTATE_270},
}


@dataclass(frozen=True)
class StoredPhoto:
    """A photo file, the picture that it must give, and wrong ones by their causes, the likeliest first."""

    data: bytes
    right: np.ndarray
    wrong: Mapping[str, list[np.ndarray]]


def store_plain(mode: str, *, seed: int) -> StoredPhoto:
    """Store a photo in a mode without transparency: "RGB", "L", "P" or "CMYK"."""
    photo, twin = make_mode_pair(mode, side=HEIGHT, seed=seed)
    picture, raw = np.array(twin), np.array(photo)
    wrong = {"P": {"palette_indices": [_make_grey(raw)]}, "CMYK": {"mode_ignored": [raw[..., :3]]}}
    return StoredPhoto(_save(photo), picture, wrong.get(mode, {}))


def store_turned(orientation: int, *, mode: str, seed: int) -> StoredPhoto:
    """Store a photo as it lies in the camera, with its EXIF orientation; "I;16" gives one of black and white alone."""
    picture = np.random.default_rng(seed).integers(*LEVELS, size=(HEIGHT, WIDTH, 3), dtype=np.uint8)
    if mode == "L":
        picture = _make_grey(picture[..., 0])
    if mode == "I;16":
        picture = _make_grey(np.where(picture[..., 0] < 128, 0, 255))
    upright, turn = Image.fromarray(picture), STORED_TURNED[orientation]
    lying = upright if turn is None else upright.transpose(turn)
    stored = Image.fromarray(np.array(lying)[..., 0].astype(np.uint16) * 257) if mode == "I;16" else lying.convert(mode)
    wrong = {"exif_mirrored" if orientation in (2, 4, 5, 7) else "exif_ignored": [np.array(lying)]}
    wrong["exif_wrong_way"] = [np.array(upright.transpose(other)) for other in STORED_TURNED.values() if other]
    return StoredPhoto(_save(stored, orientation), picture, wrong)


def store_transparent(mode: str, *, background: Colour, seed: int) -> StoredPhoto:
    """Store a photo with transparent parts, that of mode "LA" in grey; `right` has this background below them."""
    random = np.random.default_rng(seed)
    index = random.permutation(np.arange(HEIGHT * WIDTH) % 8).reshape(HEIGHT, WIDTH).astype(np.uint8)
    palette = random.integers(*LEVELS, size=(8, 3), dtype=np.uint8)
    palette = palette[:, [0, 0, 0]] if mode == "LA" else palette
    levels = np.round(255 * np.repeat(SHARES, 2)).astype(np.uint8)
    colours, opacity = palette[index], levels[index]
    if mode == "P":
        photo = Image.frombytes("P", (WIDTH, HEIGHT), index.tobytes())
        photo.putpalette(palette.tobytes())
    else:
        photo = Image.fromarray(np.dstack([colours[..., :1] if mode == "LA" else colours, opacity]))
    data = _save(photo, transparency=levels.tobytes()) if mode == "P" else _save(photo)
    return StoredPhoto(data, _mix(colours, opacity, background), _mix_wrongly(colours, opacity, background))


def store_deep(*, darkest: int, brightest: int, seed: int) -> StoredPhoto:
    """Store a grey photo with 16 bits a pixel, whose values run from `darkest` to `brightest` (0 to 65535)."""
    values = np.random.default_rng(seed).integers(darkest, brightest + 1, size=(HEIGHT, WIDTH), dtype=np.uint16)
    values[0, 0], values[-1, -1] = low, high = darkest, brightest
    wrong = {
        "deep_clipped": [values.clip(0, 255)],
        "deep_low_byte": [values % 256],
        "deep_stretched": [(values - low) / (high - low) * 255.0, values / high * 255.0],
    }
    shown = {cause: [_make_grey(picture) for picture in pictures] for cause, pictures in wrong.items()}
    return StoredPhoto(_save(Image.fromarray(values)), _make_grey(values / 257), shown)


def _mix(colours: np.ndarray, opacity: np.ndarray, background: Colour) -> np.ndarray:
    share = opacity[..., None] / 255
    return (share * colours + (1 - share) * np.array(background)).round().astype(np.uint8)


def _mix_wrongly(colours: np.ndarray, opacity: np.ndarray, background: Colour) -> dict[str, list[np.ndarray]]:
    others: list[Colour] = [(255, 255, 255), (0, 0, 0), (background[2], background[1], background[0])]
    masks = [np.where(mask, np.uint8(255), np.uint8(0)) for mask in (opacity > 0, opacity > 127, opacity == 255)]
    return {
        "hidden_colours_shown": [colours],
        "background_hard_coded": [_mix(colours, opacity, other) for other in others],
        "alpha_all_or_nothing": [_mix(colours, mask, background) for mask in masks],
        "alpha_reversed": [_mix(colours, 255 - opacity, background)],
    }


def _make_grey(values: np.ndarray) -> np.ndarray:
    return np.repeat(values.round().astype(np.uint8)[..., None], 3, axis=2)


def _save(photo: Image.Image, orientation: int = 1, **options) -> bytes:
    exif, buffer = Image.Exif(), io.BytesIO()
    exif[ExifTags.Base.Orientation] = orientation
    marks = {"exif": exif} if orientation != 1 else {}
    photo.save(buffer, format="TIFF" if photo.mode == "CMYK" else "PNG", **marks, **options)
    return buffer.getvalue()
