"""Made-up weights for tests: checkpoints that fit torchvision's models, with numbers that come from a seed."""

import hashlib
from pathlib import Path

import torch
import torchvision
from torch import Tensor, nn


def write_resnet18(torch_home: Path) -> Path:
    """Write made-up weights where `load_classifier("resnet18")` looks when TORCH_HOME is `torch_home`.

    Predictions with them mean nothing, but they are the same each time and differ from photo to photo, and the
    best class is further ahead of the second than rounding on another processor could change.
    """
    entry = torchvision.models.ResNet18_Weights.DEFAULT
    path = torch_home / "hub" / "checkpoints" / Path(entry.url).name
    path.parent.mkdir(parents=True, exist_ok=True)
    torch.save(_make_resnet18_numbers(), path)
    return path


def write_with_hash(folder: Path, name: str) -> Path:
    """Write made-up weights of torchvision's model `name` to a file named as torchvision names its own."""
    unnamed = folder / f"{name}.tmp"
    torch.save(make_model(name).state_dict(), unnamed)
    digest = hashlib.sha256(unnamed.read_bytes()).hexdigest()
    return unnamed.rename(folder / f"{name}-{digest[:8]}.pth")


def make_model(name: str, **options) -> nn.Module:
    """Build torchvision's model `name` with random numbers of seed 1, so that they differ from seed 0."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(1)
        return torchvision.models.get_model(name, weights=None, **options)


@torch.no_grad()
def _make_resnet18_numbers() -> dict[str, Tensor]:
    """Fit the batch statistics to coloured blobs, then give every class a direction of its own in feature space."""
    model = make_model("resnet18")
    noise = torch.Generator().manual_seed(1)
    blobs = 1.5 * nn.functional.interpolate(torch.randn(16, 3, 7, 7, generator=noise), size=112, mode="bilinear")
    blobs += 0.3 * torch.randn(blobs.shape, generator=noise)  # texture, without which photos look too alike
    for layer in model.modules():
        if isinstance(layer, nn.BatchNorm2d):
            layer.momentum = None  # plain average: one pass in training mode sets the statistics
    model(blobs)
    head, model.fc = model.fc, nn.Identity()
    features = model.eval()(blobs)
    directions = torch.randn(head.weight.shape, generator=noise) / features.std(dim=0) / features.shape[1] ** 0.5
    head.weight.copy_(2.5 * directions)
    head.bias.copy_(-head.weight @ features.mean(dim=0))
    model.fc = head
    return model.state_dict()
