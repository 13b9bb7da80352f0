"""Checks of notebook 07: many photos in one batch, and files among them that are no photos."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from helpers import models
from helpers.checks.app.pretend_models import ColourModel, PretendModel, pretend_models, write_photos
from helpers.checks.app.results import expect_ready_model, expect_results
from helpers.checks.guard import make_scratch_folder
from helpers.checks.model_calls import count_photos
from helpers.checks.probe_models import call_with_model
from helpers.checks.report import Check, checking

DEFAULT_TOP_K = 5
COLOURS = ("red", "green", "blue")
_PNG_START = b"\x89PNG\r\n\x1a\n"


class BrokenPreprocess:
    """A preprocessing with a bug: no photo's fault."""

    def __call__(self, image: object) -> None:
        """Raise what a misspelt name raises."""
        raise NameError("name 'resize_sise' is not defined")


def check_predict_batch(predict_batch: Callable, *, model: PretendModel, photos: Sequence[str], top_k: int) -> None:
    """Check `predict_batch(classifier, paths, top_k)` on photos of these colours: right, in order, in one run."""
    with checking("predict_batch", "all photos in one run, in order") as check, make_scratch_folder() as folder:
        paths = [write_photos(folder)[colour] for colour in photos]
        with check.probe(f"{len(photos)} photos: {', '.join(photos)}"):
            loaded, answers, errors = _predict(check, predict_batch, model, paths, top_k)
            _expect_one_run(check, loaded, len(photos))
            _expect_answers(check, answers, photos, model, top_k)
            check.expect(not errors, "error_invented", got=list(errors.items()), expected="no errors")
        if not check.failures:
            with check.probe("one photo, top_k left out"):
                _, answers, _ = _predict(check, predict_batch, model, paths[:1], None)
                _expect_answers(check, answers, photos[:1], model, DEFAULT_TOP_K)


def check_predict_batch_bad_files(predict_batch: Callable, *, model: PretendModel, files: Sequence[str]) -> None:
    """Check files: "red", "green", "blue" are photos; "missing", "text", "cut", "empty", "folder" are not."""
    about = "a bad file is reported, the others are classified"
    with checking("predict_batch", about) as check, make_scratch_folder() as folder:
        paths = [_write_file(folder, kind, number) for number, kind in enumerate(files)]
        with check.probe(f"{len(files)} files: {', '.join(files)}"):
            loaded, answers, errors = _predict(check, predict_batch, model, paths, 2, cause="batch_stopped")
            _expect_one_run(check, loaded, sum(kind in COLOURS for kind in files))
            _expect_answers(check, answers, files, model, 2)
            bad = [path.name for path, kind in zip(paths, files, strict=True) if kind not in COLOURS]
            _expect_errors(check, errors, bad)


def check_predict_batch_bugs(predict_batch: Callable, *, model: PretendModel) -> None:
    """Check no photos at all, bad files alone, and that a bug in the preprocessing comes out."""
    about = "nothing to do is no error, and a bug comes out"
    with checking("predict_batch", about) as check, make_scratch_folder() as folder:
        for kinds in ([], ["missing", "text"]):
            with check.probe(f"files: {kinds}"):
                paths = [_write_file(folder, kind, number) for number, kind in enumerate(kinds)]
                loaded, answers, errors = _predict(check, predict_batch, model, paths, 1)
                _expect_answers(check, answers, kinds, model, 1)
                check.expect(not loaded.calls, "empty_batch_run", got="a run of the model", expected="no run")
                _expect_errors(check, errors, [path.name for path in paths])
        with check.probe("a preprocessing that has a bug (NameError)"), pretend_models({"resnet18": model}):
            classifier = replace(models.load_classifier("resnet18"), preprocess=BrokenPreprocess())
            _expect_bug(check, predict_batch, classifier, [_write_file(folder, "red", 9)])


def _expect_bug(check: Check, predict_batch: Callable, classifier: models.Classifier, paths: list[Path]) -> None:
    value, error = check.attempt(predict_batch, classifier, paths, 1)
    if not isinstance(error, NameError):
        got = value if error is None else f"{type(error).__name__}: {error}"
        check.fail("bug_swallowed", got=got, expected="NameError comes out")


def _predict(
    check: Check, predict_batch: Callable, model: PretendModel, paths: list[Path], top_k: int | None, *, cause=None
) -> tuple[ColourModel, list, Mapping]:
    def find_cause() -> str | None:
        return "photo_not_rgb" if loads.last[1].modes[-1:] not in ([], ["RGB"]) else cause

    with pretend_models({"resnet18": model}) as loads:
        classifier = models.load_classifier("resnet18")
        arguments = (classifier, list(paths), *([] if top_k is None else [top_k]))
        value = call_with_model(check, find_cause, predict_batch, arguments)
    wanted = "two things: a list with one entry a path, and a dictionary of errors"
    if not isinstance(value, tuple | list) or len(value) != 2 or not isinstance(value[1], Mapping):
        check.stop("wrong_type", got=value, expected=wanted)
    if not isinstance(value[0], list | tuple):
        check.stop("wrong_type", got=value[0], expected=wanted)
    if len(value[0]) != len(paths):
        check.stop("entries_missing", got=f"{len(value[0])} entries", expected=f"{len(paths)}, one a path")
    return loads.last[0], list(value[0]), value[1]


def _expect_one_run(check: Check, model: ColourModel, photos: int) -> None:
    sizes = count_photos(model)
    if sizes != [photos]:
        cause = "model_not_called" if not sizes else "one_run_each" if max(sizes) == 1 else "not_one_batch"
        check.fail(cause, got=f"runs with {sizes} photos", expected=f"one run with {photos}")
    expect_ready_model(check, model)


def _expect_answers(check: Check, answers: list, kinds: Sequence[str], model: PretendModel, top_k: int) -> None:
    for number, (answer, kind) in enumerate(zip(answers, kinds, strict=True)):
        if kind in COLOURS:
            expect_results(check, answer, model, colour=kind, top_k=top_k)
        elif answer is not None:
            check.stop("bad_file_answered", got=f"entry {number}: {answer}", expected=f"entry {number}: None")


def _expect_errors(check: Check, errors: Mapping, bad: Sequence[str]) -> None:
    named = sorted(Path(str(path)).name for path in errors)
    if named != sorted(bad):
        check.stop("bad_file_not_named", got=f"errors for {named}", expected=f"errors for {sorted(bad)}")
    empty = [path for path, message in errors.items() if not str(message).strip() or message is None]
    check.expect(not empty, "error_not_explained", got=f"no words for {empty}", expected="a reason for each")


def _write_file(folder: Path, kind: str, number: int) -> Path:
    if kind in COLOURS:
        return write_photos(folder)[kind]
    path = folder / f"{number}_{kind}.png"
    if kind == "folder":
        path.mkdir()
    elif kind != "missing":
        path.write_bytes({"text": b"no photo", "cut": _PNG_START + b"\x00\x00", "empty": b""}[kind])
    return path
