"""Fetch trained weights by a model's name, when they are not on this computer yet."""

from pathlib import Path

from helpers.models.catalog import EMBEDDED, check_weights, find_weights
from helpers.models.embedded import find_embedded_file
from helpers.models.weight_files import WeightsError, fetch_file


class MissingWeightsError(WeightsError):
    """Trained weights are not on this computer and could not be downloaded; the message names the ways out."""


def fetch_weights(name: str, *, weights: str = "DEFAULT", mirror: str | None = None, progress: bool = True) -> Path:
    """Make sure that the trained weights of classifier `name` are on this computer, and return their file.

    weights: "DEFAULT" or a member's name such as "IMAGENET1K_V1". mirror: address of a folder on a web
    server, else the environment variable EXERCISE_WEIGHTS_MIRROR, else the usual place.
    A file that is there is checked, and fetched again when it is damaged. Embedded models need no download.
    ValueError for an unknown model, unknown weights or an impossible mirror; WeightsError when it fails.
    """
    if name in EMBEDDED:
        check_weights(name, weights)
        return find_embedded_file(name)
    return fetch_file(find_weights(name, weights), mirror=mirror, progress=progress)
