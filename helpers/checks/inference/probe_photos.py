"""Photos of one colour, and a model that tells the colours."""

import numpy as np
import torch
from PIL import Image

from helpers.checks.probe_models import ModelLog, RecordingModel

Colour = tuple[int, int, int]  # red, green, blue, from 0 to 255
HEIGHT, WIDTH = 21, 34  # pixels of a photo


def make_colour_model(log: ModelLog) -> RecordingModel:
    """Make a model of four classes: 0 reddish, 1 greenish, 2 bluish, 3 grey; it arrives in training mode."""
    weight = 1.5 * torch.eye(3) - 0.5
    zeros = torch.zeros(3)
    grey_row = torch.zeros(1, 3)
    bias = torch.tensor([0.0, 0.0, 0.0, 0.05])
    return RecordingModel(torch.cat([weight, grey_row]), bias, mean=zeros, variance=zeros + 1, log=log)


def make_photo(mode: str, colour: Colour) -> Image.Image:
    """Make a photo of about this colour: noise of up to 8 grey levels around it."""
    noise = np.random.default_rng(11).integers(0, 9, (HEIGHT, WIDTH, 3))
    image = Image.fromarray(np.clip(np.array(colour) + noise, 0, 255).astype(np.uint8))
    return image.convert(mode, palette=Image.Palette.ADAPTIVE) if mode == "P" else image.convert(mode)
