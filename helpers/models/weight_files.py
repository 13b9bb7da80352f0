"""One weights file of torchvision: where it is kept, whether it is whole, and how to download it whole."""

import contextlib
import errno
import hashlib
import http.client
import os
import re
import socket
from pathlib import Path
from urllib.error import HTTPError, URLError

import torch
from torchvision.models import WeightsEnum

from helpers.folder_lock import wait_for_folder

MIRROR_VARIABLE = "EXERCISE_WEIGHTS_MIRROR"
"""The environment variable that names a mirror when none is given."""

TIMEOUT_S = 20
"""A server that is silent for this long, in seconds, counts as not there."""

_HASH_IN_NAME = re.compile(r"-([0-9a-f]{8,})\.")  # f37072fd in resnet18-f37072fd.pth
_DISK_IS_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class WeightsError(RuntimeError):
    """Trained weights could not be fetched or read; the message says why and what to do."""


def locate_file(entry: WeightsEnum) -> Path:
    """Return where torch.hub keeps the file of `entry`, whether it is there or not.

    That is hub/checkpoints in the folder named by the environment variable TORCH_HOME, or in ~/.cache/torch.
    """
    return Path(torch.hub.get_dir()) / "checkpoints" / Path(entry.url).name


def is_whole(path: Path) -> bool:
    """Tell whether the file is there and its SHA-256 begins as its name says."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest().startswith(_read_hash(path))


def fetch_file(entry: WeightsEnum, *, mirror: str | None = None, progress: bool = True) -> Path:
    """Download the file of `entry` unless it is there and whole; return its path.

    mirror: address of a folder on a web server; else the environment variable EXERCISE_WEIGHTS_MIRROR, else
    the usual place. progress: show a bar on stderr. The file appears under its name only when it is whole.
    WeightsError, in one sentence, when it cannot be had; ValueError for a mirror that is no web address.
    """
    path, url = locate_file(entry), _choose_url(entry, mirror)
    try:
        if is_whole(path):
            return path
        path.parent.mkdir(parents=True, exist_ok=True)
        with wait_for_folder(path.parent, say_so=progress):
            if not is_whole(path):  # the one before us may have fetched it
                _download(url, path, progress=progress)
    except (OSError, RuntimeError, http.client.HTTPException) as error:
        raise WeightsError(_explain(error, url, path)) from None
    return path


def _read_hash(path: Path) -> str:
    return _HASH_IN_NAME.search(path.name).group(1)  # type: ignore[union-attr]  # each file of torchvision has one


def _choose_url(entry: WeightsEnum, mirror: str | None) -> str:
    mirror = mirror or os.environ.get(MIRROR_VARIABLE)
    if not mirror:
        return entry.url
    if not mirror.startswith(("http://", "https://")):
        raise ValueError(f"A mirror is a web address such as http://192.168.0.10:8000/weights, not {mirror!r}.")
    return f"{mirror.rstrip('/')}/{Path(entry.url).name}"


def _download(url: str, path: Path, *, progress: bool) -> None:
    """Download with torch.hub, which writes to `path`.<random>.partial, checks the hash and renames."""
    timeout_before = socket.getdefaulttimeout()
    _remove_partial_files(path)  # of a download that was killed
    socket.setdefaulttimeout(TIMEOUT_S)  # torch.hub has no other way to set it
    try:
        torch.hub.download_url_to_file(url, str(path), hash_prefix=_read_hash(path), progress=progress)
    finally:
        socket.setdefaulttimeout(timeout_before)
        _remove_partial_files(path)  # torch.hub leaves one behind when the disk is full


def _remove_partial_files(path: Path) -> None:
    for partial in path.parent.glob(f"{path.name}.*.partial"):
        with contextlib.suppress(OSError):
            partial.unlink()


def _explain(error: Exception, url: str, path: Path) -> str:
    """Say in one sentence why a download failed and what to do."""
    reason = getattr(error, "reason", None) or getattr(error, "strerror", None) or error
    reason = getattr(reason, "strerror", None) or reason or type(error).__name__
    if isinstance(error, HTTPError):
        return f"the server answered {error.code} ({reason}) for {url}: check the address."
    if isinstance(error, URLError):
        return f"cannot reach {url} ({reason}): check the network and the address."
    if isinstance(error, TimeoutError):
        return f"no answer from {url} for {TIMEOUT_S} seconds: check the network, or try again."
    if isinstance(error, OSError) and error.errno in _DISK_IS_FULL:
        return f"no room on the disk for {path} ({reason}): free some, or set TORCH_HOME to another folder."
    if isinstance(error, OSError) and error.filename:
        return f"cannot write to {path.parent} ({reason}): set TORCH_HOME to a folder that you may write to."
    if isinstance(error, RuntimeError):
        return (
            f"what came from {url} is incomplete or is another file (its SHA-256 does not begin with "
            f"{_read_hash(path)}): try again, and if it stays so, the file on the server is wrong."
        )
    return f"the download of {url} broke off ({reason}): try again."
