"""Sample photos that come with scikit-image and matplotlib: no network needed."""

from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

_FOLDERS = {"skimage": "data", "matplotlib": "mpl-data/sample_data"}
_INSTALL_NAMES = {"skimage": "scikit-image", "matplotlib": "matplotlib"}


class PhotoError(RuntimeError):
    """A photo that is not where it should be; the message says what to do."""


@dataclass(frozen=True)
class Photo:
    """A photo file and what is known about it."""

    name: str  # "coffee"
    path: Path = field(repr=False)  # where this installation keeps it
    labels: tuple[str, ...]  # ImageNet labels that count as right; () if ImageNet has no right one
    description: str  # what is to be seen, in one sentence
    licence: str
    source: str  # who made it, and where it comes from


# Package, file, then the fields of Photo from `labels` on. Licences and sources as the docstrings of
# scikit-image 0.26's `skimage.data` give them, except where noted.
_SAMPLES: dict[str, tuple[str, str, tuple[str, ...], str, str, str]] = {
    "chelsea": (
        "skimage",
        "chelsea.png",
        ("tabby", "tiger cat", "Egyptian cat"),  # three classes of ImageNet that overlap
        "The face of a striped cat named Chelsea.",
        "CC0",
        "Stefan van der Walt, scikit-image",
    ),
    "coffee": (
        "skimage",
        "coffee.png",
        ("espresso", "cup"),
        "A red cup of espresso with saucer and spoon on a wooden table.",
        "CC0",
        "Rachel Michetti, courtesy of Pikolo Espresso Bar, scikit-image",
    ),
    "rocket": (
        "skimage",
        "rocket.jpg",
        ("missile", "projectile"),  # ImageNet has no rocket; these two classes come nearest
        "A Falcon 9 rocket on its launch pad at dusk, between steel towers.",
        "public domain, according to scikit-image (see its issue 5095)",
        "SpaceX, https://www.flickr.com/photos/spacexphotos/16511594820, scikit-image",
    ),
    # Terms: https://vision.middlebury.edu/stereo/data/
    "motorcycle_left": (
        "skimage",
        "motorcycle_left.png",
        ("moped",),  # ImageNet has no motorcycle; this class comes nearest
        "A red motorcycle in a garage, in front of shelves and a bench.",
        "free to use and publish; the authors ask to be cited",
        "Middlebury stereo datasets 2014 (Scharstein et al., GCPR 2014), scikit-image",
    ),
    # Year: https://github.com/scikit-image/scikit-image/pull/4913
    "camera": (
        "skimage",
        "camera.png",
        ("tripod",),  # the camera on it is neither a "reflex camera" nor a "Polaroid camera"
        "A man in a dark coat looks into a small camera on a tripod, in shades of grey.",
        "CC0",
        "Lav Varshney, 2006, scikit-image",
    ),
    # The address is in the file's own comment.
    "grace_hopper": (
        "matplotlib",
        "grace_hopper.jpg",
        ("military uniform",),
        "Commodore Grace Hopper, a pioneer of programming, in navy uniform before a flag.",
        "public domain (work of the U.S. Navy)",
        "James S. Davis, U.S. Navy, 1984, https://commons.wikimedia.org/wiki/File:Grace_Hopper.jpg, matplotlib",
    ),
    "astronaut": (
        "skimage",
        "astronaut.png",
        (),  # ImageNet has hardly any classes for people; the shuttle behind her is a small model
        "Astronaut Eileen Collins in an orange suit, helmet in hand, a model of a space shuttle behind her.",
        "public domain",
        "NASA Great Images, https://flic.kr/p/r9qvLn, scikit-image",
    ),
    "hubble_deep_field": (
        "skimage",
        "hubble_deep_field.jpg",
        (),  # ImageNet has no galaxies
        "Hundreds of galaxies on a black sky, taken by the Hubble space telescope.",
        "public domain",
        "NASA, http://hubblesite.org/newscenter/archive/releases/2012/37/image/a/, scikit-image",
    ),
}


def sample_photos() -> dict[str, Photo]:
    """Give the sample photos by name, in a fixed order.

    Labels are exact names of `ResNet50_Weights.DEFAULT.meta["categories"]`.
    Raises PhotoError if a package or one of its photos is not installed.
    """
    photos = {}
    for name, sample in _SAMPLES.items():
        photos[name] = Photo(name, _locate(*sample[:2]), *sample[2:])
    return photos


def _locate(package: str, file: str) -> Path:
    install_name = _INSTALL_NAMES[package]
    spec = find_spec(package)  # finds the folder without importing the package
    if spec is None or not spec.submodule_search_locations:
        raise PhotoError(f"{install_name} is not installed: run `pip install {install_name}`.")
    path = Path(spec.submodule_search_locations[0]) / _FOLDERS[package] / file
    if not path.is_file():
        raise PhotoError(
            f"The sample photo {file} is missing from the installed {install_name}: "
            f"run `pip install --force-reinstall {install_name}`."
        )
    return path
