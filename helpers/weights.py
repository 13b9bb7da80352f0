"""Download the trained weights of torchvision's models ahead of time.

    python -m helpers.weights resnet50 resnet18
    python -m helpers.weights resnet50 --mirror http://192.168.0.10:8000/weights

A mirror is any web server with the same files, for a classroom whose network is slow or missing.
Exit code: 0 when all weights are there, 1 when some could not be fetched, 2 for a wrong command.
"""

import argparse
import sys

from helpers.models.catalog import EMBEDDED, check_weights, find_weights
from helpers.models.fetching import fetch_weights
from helpers.models.weight_files import WeightsError, is_whole, locate_file


def main(arguments: list[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    options = _read_arguments(arguments)
    failures = 0
    try:
        for name in options.models:  # a wrong name is found before the first download
            check_weights(name, options.weights)
        for name in options.models:
            failures += not _fetch_and_report(name, options)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("Stopped. Run the same command again to go on.", file=sys.stderr)
        return 130
    return 1 if failures else 0


def _fetch_and_report(name: str, options: argparse.Namespace) -> bool:
    """Fetch one model's weights, print one line about it, and tell whether they are there now."""
    if name in EMBEDDED:
        print(f"{name}: needs no download, its weights were installed with the packages", flush=True)
        return True
    path = locate_file(find_weights(name, options.weights))
    try:
        news = "already there" if is_whole(path) else "fetched"
        if news == "fetched":
            fetch_weights(name, weights=options.weights, mirror=options.mirror, progress=sys.stderr.isatty())
    except (WeightsError, OSError) as error:
        print(f"{name}: {error}", file=sys.stderr, flush=True)
        return False
    print(f"{name}: {news} ({path.stat().st_size / 1e6:.1f} MB, {path})", flush=True)
    return True


def _read_arguments(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m helpers.weights",
        description="Download the trained weights of torchvision's models, each checked against its hash.",
    )
    parser.add_argument("models", nargs="+", metavar="MODEL", help="for example resnet50")
    parser.add_argument("--weights", default="DEFAULT", help="for example IMAGENET1K_V1 (default: the best)")
    parser.add_argument("--mirror", metavar="URL", help="fetch from this folder on a web server instead")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
