"""The accuracy that a model's makers have published, and where: measured by them on ImageNet, not here."""

from dataclasses import dataclass

from helpers.models.catalog import EMBEDDED, check_name, find_weights

_LITE_SOURCE = "https://github.com/tensorflow/tpu/tree/master/models/official/efficientnet/lite (README, FP32 accuracy)"
_LITE_TOP1_PERCENT = dict(zip(EMBEDDED, (75.1, 76.7, 77.6), strict=True))


@dataclass(frozen=True)
class PublishedAccuracy:
    """The share, in percent, of ImageNet's 50,000 validation photos whose best class is right; who says so."""

    top1_percent: float
    source: str


def read_published_accuracy(name: str) -> PublishedAccuracy:
    """Return the published top-1 accuracy of classifier `name` with its default weights.

    ValueError for an unknown model.
    """
    check_name(name)
    if name in EMBEDDED:
        return PublishedAccuracy(_LITE_TOP1_PERCENT[name], _LITE_SOURCE)
    entry = find_weights(name, "DEFAULT")
    accuracy = entry.meta["_metrics"]["ImageNet-1K"]["acc@1"]
    return PublishedAccuracy(accuracy, f"torchvision, {entry}.meta (recipe: {entry.meta['recipe']})")
