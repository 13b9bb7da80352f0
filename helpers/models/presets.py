"""What torchvision's presets for image classification hold: torchvision itself has no types."""

from collections.abc import Sequence
from typing import Protocol

from PIL import Image
from torch import Tensor
from torchvision.transforms import InterpolationMode


class Preset(Protocol):
    """Resizes, crops and normalizes a photo. The sizes are lists of one number, in pixels."""

    resize_size: Sequence[int]
    crop_size: Sequence[int]
    interpolation: InterpolationMode
    mean: Sequence[float]
    std: Sequence[float]

    def __call__(self, image: Image.Image | Tensor) -> Tensor:
        """Return the float tensor [3, crop, crop] of an RGB photo."""
