"""torch.utils.benchmark, imported in silence.

It imports PyTorch's C++ tools, which log a warning to stderr where CUDA's compiler is installed and no driver is.
That has nothing to do with measuring, and would be the first thing that readers see.
"""

import logging

_LOGGER = logging.getLogger("torch.utils.cpp_extension")
_level = _LOGGER.level
_LOGGER.setLevel(logging.ERROR)
try:
    from torch.utils import benchmark
finally:
    _LOGGER.setLevel(_level)

__all__ = ["benchmark"]
