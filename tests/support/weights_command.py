"""Run `python -m helpers.weights` where the weights of squeezenet1_1 are the made-up ones at a given address.

Usage: weights_command.py ADDRESS ARGUMENTS..., in a process of its own that a test can kill.
"""

import sys

import torchvision

from helpers.weights import main

torchvision.models.SqueezeNet1_1_Weights.IMAGENET1K_V1.value.url = sys.argv[1]
sys.exit(main(sys.argv[2:]))
