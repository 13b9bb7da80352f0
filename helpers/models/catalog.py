"""Which classifiers there are, and which trained weights each one has. Only names: nothing is loaded here."""

import difflib

import torchvision
from torchvision.models import WeightsEnum

EMBEDDED = ("efficientnet_lite0", "efficientnet_lite1", "efficientnet_lite2")
"""Models whose trained weights were installed by pip together with `helpers`: they need no download."""


def list_models() -> tuple[str, ...]:
    """Return the names of all classifiers: the embedded ones first, then torchvision's by alphabet."""
    return EMBEDDED + tuple(torchvision.models.list_models(module=torchvision.models))


def check_name(name: str) -> None:
    """Raise a ValueError with the nearest names when there is no classifier called `name`."""
    names = list_models()
    if name in names:
        return
    near = difflib.get_close_matches(str(name).lower(), names, n=3)
    advice = f"The nearest names are {', '.join(near)}." if near else "No name is near to it."
    raise ValueError(f"There is no model named {name!r}. {advice} models.list_models() gives all names.")


def list_weights(name: str) -> tuple[str, ...]:
    """Return the names of the trained weights of classifier `name`; "DEFAULT" is the first and the best."""
    check_name(name)
    return ("DEFAULT",) if name in EMBEDDED else ("DEFAULT", *_classifying_weights(name))


def check_weights(name: str, weights: str) -> None:
    """Raise a ValueError that lists what there is when classifier `name` has no weights named `weights`."""
    there_are = list_weights(name)
    if weights not in there_are:
        raise ValueError(f"{name} has no weights named {weights!r}. Choose from {', '.join(there_are)}.")


def find_weights(name: str, weights: str) -> WeightsEnum:
    """Return torchvision's entry for the weights of its classifier `name`.

    `weights` is "DEFAULT" or a member's name such as "IMAGENET1K_V1"; torchvision's longer spelling,
    "ResNet50_Weights.IMAGENET1K_V1", and the member itself are understood too. ValueError otherwise.
    """
    check_name(name)
    entries = torchvision.models.get_model_weights(name)
    short = str(weights).removeprefix(f"{entries.__name__}.")
    check_weights(name, short)
    return entries[short]


def _classifying_weights(name: str) -> list[str]:
    """Leave out weights without class names, such as VGG16's for style transfer: they cannot classify."""
    return [entry.name for entry in torchvision.models.get_model_weights(name) if entry.meta["categories"]]
