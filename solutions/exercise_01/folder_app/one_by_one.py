"""Classify photos one by one, as most people write it first. `make bench` compares classify_folder.py with this."""

from collections.abc import Sequence
from pathlib import Path

import torch
from PIL import Image
from torchvision import transforms

from helpers import models


def make_transform(expects: models.InputSpec) -> transforms.Compose:
    """Make the usual preprocessing with PIL, with the model's own numbers."""
    return transforms.Compose(
        [
            transforms.Resize(expects.resize_size, interpolation=expects.interpolation),
            transforms.CenterCrop(expects.crop_size),
            transforms.ToTensor(),
            transforms.Normalize(mean=expects.mean, std=expects.std),
        ]
    )


def classify_one_by_one(
    paths: Sequence[Path], classifier: models.Classifier, *, top_k: int = 5
) -> list[list[tuple[int, float]]]:
    """Classify each photo on its own: for each, `top_k` pairs of class number and probability, the best first."""
    transform = make_transform(classifier.expects)
    answers = []
    for path in paths:
        image = Image.open(path).convert("RGB")
        batch = transform(image).unsqueeze(0)
        with torch.no_grad():
            output = classifier.model(batch)
        probabilities = torch.nn.functional.softmax(output[0], dim=0)
        top_probabilities, top_ids = torch.topk(probabilities, top_k)
        answers.append([(top_ids[i].item(), top_probabilities[i].item()) for i in range(top_k)])
    return answers
