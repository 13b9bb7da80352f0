"""Run a student's code so that it can neither spoil later checks nor lose points by what it prints."""

import contextlib
import os
import random
import sys
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from PIL import Image, ImageFile

CHECK_SEED = 20_01  # every check starts from the same random numbers


@contextlib.contextmanager
def keep_global_state() -> Iterator[None]:
    """Start from a fixed seed, and put back every global setting that inference code tends to change."""
    folder, filters = os.getcwd(), warnings.filters[:]
    python_state, numpy_state, torch_state = random.getstate(), np.random.get_state(legacy=False), torch.get_rng_state()
    threads, dtype, gradients = torch.get_num_threads(), torch.get_default_dtype(), torch.is_grad_enabled()
    device = torch.get_default_device()
    truncated, pixels = ImageFile.LOAD_TRUNCATED_IMAGES, Image.MAX_IMAGE_PIXELS
    seed_everything()
    torch.set_grad_enabled(True)
    try:
        yield
    finally:
        os.chdir(folder)
        warnings.filters[:] = filters  # type: ignore[index]  # it is a list
        random.setstate(python_state)
        np.random.set_state(numpy_state)
        torch.set_rng_state(torch_state)
        torch.set_default_dtype(dtype)
        if torch.get_default_device() != device:
            torch.set_default_device(device)
        torch.set_grad_enabled(gradients)
        if torch.get_num_threads() != threads:
            torch.set_num_threads(threads)
        ImageFile.LOAD_TRUNCATED_IMAGES, Image.MAX_IMAGE_PIXELS = truncated, pixels


def seed_everything(seed: int = CHECK_SEED) -> None:
    """Seed Python's, NumPy's and torch's random numbers, the latter on the CPU.

    `torch.manual_seed` also notes a call with a stack trace for each kind of GPU that has not been used yet: 1 ms.
    """
    random.seed(seed)
    np.random.seed(seed)
    torch.default_generator.manual_seed(seed)


@contextlib.contextmanager
def send_stderr_to_stdout() -> Iterator[None]:
    """Let warnings, progress bars and C code print to stdout: nbgrader takes any stderr for a failed cell."""
    with contextlib.redirect_stderr(sys.stdout), _redirect_descriptor(source=2, target=1):
        yield


@contextlib.contextmanager
def _redirect_descriptor(*, source: int, target: int) -> Iterator[None]:
    try:
        saved = os.dup(source)
        os.dup2(target, source)
    except OSError:  # closed descriptors, as under pythonw: nothing can be printed there
        yield
        return
    try:
        yield
    finally:
        os.dup2(saved, source)
        os.close(saved)


@contextlib.contextmanager
def make_scratch_folder() -> Iterator[Path]:
    """Give an empty folder that disappears afterwards."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        yield Path(folder)
