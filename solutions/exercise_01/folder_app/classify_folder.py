"""Classify image files and whole folders, fast.

python classify_folder.py photos --model efficientnet_lite0
python classify_folder.py photos dog.jpg --top-k 3 --csv answers.csv --json answers.json --compile

One line a photo, in order, on the standard output; what cannot be classified is named on the standard error, and
the rest goes on. Exit code: 0 every photo has an answer, 1 some could not be classified, 2 nothing could be done.
"""

import argparse
import csv
import json
import math
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

import torch
from batch_predictor import Answer, EngineError, Settings
from folder_engine import count_cores, open_engine
from tqdm import tqdm

from helpers import devices, models
from helpers.models.weight_files import WeightsError

PROGRAM = "classify_folder"
SUFFIXES = {".jpg", ".jpeg", ".png", ".gif", ".webp", ".bmp", ".tif", ".tiff"}  # of photos in a folder
PHOTOS_A_WORKER = 32  # for fewer, another process costs more time than it saves
CLASSES = 1000
SOME_FAILED, NOTHING_DONE, INTERRUPTED = 1, 2, 130


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program with the arguments `argv` (by default those of the command line) and return its exit code."""
    try:
        options = parse_arguments(argv)
        paths = list_photos(options.paths)
        answers = classify(paths, choose_settings(options, len(paths)))
        if options.json:
            write_json(options.json, answers, model=options.model)
        if options.csv:
            write_csv(options.csv, answers)
    except BrokenProcessPool:
        return _fail("a worker process ended; if memory ran out, give fewer --workers or a smaller --batch-size.")
    except torch.OutOfMemoryError:
        return _fail("the memory of the graphics card is full: give a smaller --batch-size.")
    except (EngineError, WeightsError, ValueError, OSError) as error:
        return _fail(str(error))
    except KeyboardInterrupt:
        _fail("interrupted.")
        return INTERRUPTED
    failed = sum(bool(answer.error) for answer in answers)
    return NOTHING_DONE if failed == len(answers) else SOME_FAILED if failed else 0


# ---- What to do ----


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> None:
        raise ValueError(f"{message} (--help explains the options).")


def parse_arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    """Read the command line. ValueError, in one sentence, for what it cannot mean."""
    parser = _Parser(PROGRAM, description="Classify image files and folders of them.")
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="an image file, or a folder of them")
    parser.add_argument("--model", default="resnet50", help="name of the model (default: %(default)s)")
    parser.add_argument("--top-k", type=int, default=1, help="answers for each photo (default: %(default)s)")
    parser.add_argument("--device", default="auto", help="cpu, cuda, mps or auto (default: %(default)s)")
    parser.add_argument("--batch-size", type=int, default=8, help="photos in one call (default: %(default)s)")
    parser.add_argument("--workers", type=int, help="processes, on a graphics card threads (default: as fits)")
    parser.add_argument("--compile", action="store_true", help="torch.compile first: pays off for many photos")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the answers to FILE as JSON")
    parser.add_argument("--csv", type=Path, metavar="FILE", help="write the answers to FILE as a table")
    options = parser.parse_args(argv)
    for name, highest in (("top_k", CLASSES), ("batch_size", 4096), ("workers", 256)):
        value = getattr(options, name)
        if value is not None and not 1 <= value <= highest:
            raise ValueError(f"--{name.replace('_', '-')} must be from 1 to {highest}, and it is {value}.")
    for file in (options.json, options.csv):
        if file and (file.is_dir() or not file.parent.is_dir()):
            raise ValueError(f"{file} cannot be written: give a file in a folder that exists.")
    return options


def list_photos(paths: Sequence[Path]) -> list[Path]:
    """List the files of `paths` in order, a folder's photos (and its subfolders') by name.

    In a folder, what has no ending of a photo or is hidden is left out. A file that does not exist is kept: it
    becomes an error of its own. ValueError if there is nothing at all.
    """
    photos = [photo for path in paths for photo in (_list_folder(path) if path.is_dir() else [path])]
    if not photos:
        raise ValueError(f"there are no photos in {', '.join(map(str, paths))}: give another folder.")
    return photos


def _list_folder(folder: Path) -> list[Path]:
    return sorted(
        path
        for path in folder.rglob("*")
        if path.suffix.lower() in SUFFIXES
        and not any(part.startswith(".") for part in path.relative_to(folder).parts)
        and not path.is_dir()
    )


def choose_settings(options: argparse.Namespace, photos: int) -> Settings:
    """Fit the settings to the number of photos. ValueError for a device or model that is not there."""
    cards = [device.name for device in devices.list_devices()][1:]
    device = (cards or ["cpu"])[0] if options.device == "auto" else options.device
    workers = options.workers or min(count_cores(), math.ceil(photos / PHOTOS_A_WORKER))
    workers = min(workers, photos)
    return Settings(
        model=options.model,
        device=str(devices.check_device(device)),
        compile=options.compile,
        batch_size=min(options.batch_size, math.ceil(photos / workers)),
        workers=workers,
        top_k=options.top_k,
    )


# ---- Classify, print, write ----


def classify(paths: Sequence[Path], settings: Settings) -> list[Answer]:
    """Classify the photos, print each answer as it comes, and return them all in the order of `paths`."""
    models.load_classifier(settings.model)  # its errors once, not once a worker; downloads what is missing
    with open_engine(settings) as engine:
        start = time.perf_counter()
        answers = [_show(answer) for answer in _flatten(engine, paths)]
        seconds = time.perf_counter() - start
    failed = sum(bool(answer.error) for answer in answers)
    rate = f"{len(paths)} files in {seconds:.1f} s, {len(paths) / seconds:.1f} a second after the start"
    print(f"{rate}; {failed} could not be classified." if failed else f"{rate}.", file=sys.stderr)
    return answers


def _flatten(engine, paths: Sequence[Path]) -> Iterator[Answer]:
    with tqdm(total=len(paths), unit="photo", file=sys.stderr, disable=None, leave=False) as bar:
        for batch in engine.classify(paths):
            bar.update(len(batch.answers))
            yield from batch.answers


def _show(answer: Answer) -> Answer:
    if answer.error:
        tqdm.write(f"{PROGRAM}: {answer.path}: {answer.error}", file=sys.stderr)
    else:
        shares = (f"{found['class']} {found['probability']:.2%}" for found in answer.predictions)
        tqdm.write(f"{answer.path}: {', '.join(shares)}", file=sys.stdout)
    return answer


def write_json(file: Path, answers: Sequence[Answer], *, model: str) -> None:
    """Write the answers: {"model", "photos": [{"file", "predictions" or "error"}]}."""
    photos = [
        {"file": str(answer.path), **({"error": answer.error} if answer.error else {"predictions": answer.predictions})}
        for answer in answers
    ]
    file.write_text(json.dumps({"model": model, "photos": photos}, indent=1) + "\n", encoding="utf-8")


def write_csv(file: Path, answers: Sequence[Answer]) -> None:
    """Write one row for each prediction, and one for each file with an error."""
    with file.open("w", encoding="utf-8", errors="backslashreplace", newline="") as stream:
        table = csv.DictWriter(stream, ["file", "rank", "class", "class_id", "probability", "error"])
        table.writeheader()
        for answer in answers:
            if answer.error:
                table.writerow({"file": answer.path, "error": answer.error})
            for rank, found in enumerate(answer.predictions, start=1):
                table.writerow({"file": answer.path, "rank": rank, **found})


def _fail(message: str) -> int:
    print(f"{PROGRAM}: {' '.join(message.split())}", file=sys.stderr)
    return NOTHING_DONE


if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="backslashreplace")  # a file name that the terminal cannot show
    sys.exit(main())
