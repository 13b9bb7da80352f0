"""A preprocessing that stands in for a real one while a function is checked: it notes what it is given."""

from PIL import Image
from torch import Tensor
from torchvision.transforms.functional import pil_to_tensor

from helpers.line.kinds import name_type


class RecordingPreprocess:
    """Turns an RGB photo into a float tensor [3, height, width], and notes the mode of every photo it is given."""

    def __init__(self) -> None:
        self.modes: list[str] = []

    def __call__(self, image: Image.Image) -> Tensor:
        """Refuse all modes but RGB, as a real preprocessing does that holds three means."""
        if not isinstance(image, Image.Image):
            raise TypeError(f"preprocess takes a PIL image, not {name_type(image)}")
        self.modes.append(image.mode)
        if image.mode != "RGB":
            channels = len(image.getbands())
            raise RuntimeError(f"The size of tensor a ({channels}) must match the size of tensor b (3)")
        return self.compute(image)

    def compute(self, image: Image.Image) -> Tensor:
        """Turn an RGB photo into a tensor; its values are from -0.5 to 0.5."""
        return pil_to_tensor(image).float() / 255 - 0.5
