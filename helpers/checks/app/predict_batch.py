"""Checks of notebook 07: many photos in one batch, and files among them that are no photos."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from helpers.checks.app.pretend_models import COLOURS, Loaded, PretendModel, make_photos
from helpers.checks.app.results import expect_ready_model, expect_results
from helpers.checks.app.stand_ins import Parts, build_classifier
from helpers.checks.model_calls import count_photos
from helpers.checks.probe_models import ModelLog
from helpers.checks.report import Check, checking
from helpers.line.callbacks import Callback
from helpers.line.folders import FolderCall, InFolder, call_in_folder, read_folder_call
from helpers.line.kinds import Raised

DEFAULT_TOP_K = 5
_BAD_FILES = {"text": b"no photo", "cut": b"\x89PNG\r\n\x1a\n\x00\x00", "empty": b"", "folder": b"", "missing": None}


def check_predict_batch(predict_batch: Callable, *, model: PretendModel, photos: Sequence[str], top_k: int) -> None:
    """Check `predict_batch(classifier, paths, top_k)` on photos of these colours: right, in order, in one run."""
    with checking("predict_batch", "all photos in one run, in order") as check:
        with check.probe(f"{len(photos)} photos: {', '.join(photos)}"):
            log, answers, errors = _predict(check, predict_batch, model, photos, top_k, shows_mode=True)
            _expect_one_run(check, log, len(photos))
            expect_ready_model(check, log)
            if not any(call.in_training for call in log.calls):  # or that explains wrong answers
                _expect_answers(check, answers, photos, model, top_k)
            check.expect(not errors, "error_invented", got=list(errors.items()), expected="no errors")
        if not check.failures:
            with check.probe("one photo, top_k left out"):
                _, answers, _ = _predict(check, predict_batch, model, photos[:1], None)
                _expect_answers(check, answers, photos[:1], model, DEFAULT_TOP_K)


def check_predict_batch_bad_files(predict_batch: Callable, *, model: PretendModel, files: Sequence[str]) -> None:
    """Check files: "red", "green", "blue" are photos; "missing", "text", "cut", "empty", "folder" are not."""
    about, where = "a bad file is reported, the others are classified", f"{len(files)} files: {', '.join(files)}"
    with checking("predict_batch", about) as check, check.probe(where):
        log, answers, errors = _predict(check, predict_batch, model, files, 2, cause="batch_stopped")
        _expect_one_run(check, log, sum(kind in COLOURS for kind in files))
        _expect_answers(check, answers, files, model, 2)
        _expect_errors(check, errors, files)


def check_predict_batch_bugs(predict_batch: Callable, *, model: PretendModel) -> None:
    """Check no photos at all, bad files alone, and that a bug in the preprocessing comes out."""
    with checking("predict_batch", "nothing to do is no error, and a bug comes out") as check:
        for kinds in ([], ["missing", "text"]):
            with check.probe(f"files: {kinds}"):
                log, answers, errors = _predict(check, predict_batch, model, kinds, 1)
                _expect_answers(check, answers, kinds, model, 1)
                check.expect(not log.calls, "empty_batch_run", got="a run of the model", expected="no run")
                _expect_errors(check, errors, kinds)
        with check.probe("a preprocessing that has a bug (NameError)"):
            parts = replace(Loaded(model).make_parts(), preprocess=Callback(_fail))
            came = _call(check, predict_batch, parts, ["red"], 1)
            if came.error is None or not came.error.is_a(NameError):
                got = came.value if came.error is None else str(came.error)
                check.fail("bug_swallowed", got=got, expected="NameError comes out")


def _fail(image: object) -> None:
    """Raise what a misspelt name in a preprocessing raises: no photo's fault."""
    raise NameError("name 'resize_sise' is not defined")


def call_with_classifier(answer: Callable, *, parts: Parts, args: tuple, files: Mapping[str, bytes]) -> dict[str, Any]:
    """Observer: as `call_in_folder`, for an answer whose first argument is a classifier made of these parts."""
    return call_in_folder(answer, args=(build_classifier("resnet18", parts), *args), kwargs={}, files=files)


def _call(check: Check, predict_batch: Callable, parts: Parts, kinds: Sequence[str], top_k: int | None) -> FolderCall:
    named = [_make_file(kind, number) for number, kind in enumerate(kinds)]
    paths = [InFolder(name.rstrip("/")) for name, _ in named]
    files = {name: content for name, content in named if content is not None}
    args = (paths,) if top_k is None else (paths, top_k)
    value = check.ask_or("raised_error", call_with_classifier, predict_batch, parts=parts, args=args, files=files)
    came = read_folder_call(value)
    check.stop_at_stub(came.error)
    return came


def _predict(
    check: Check,
    predict_batch: Callable,
    model: PretendModel,
    kinds: Sequence[str],
    top_k: int | None,
    *,
    cause: str | None = None,
    shows_mode: bool = False,
) -> tuple[ModelLog, list, Mapping]:
    loaded = Loaded(model)
    came = _call(check, predict_batch, loaded.make_parts(shows_mode=shows_mode), kinds, top_k)
    if came.error:
        not_rgb = loaded.preprocess.modes[-1:] not in ([], ["RGB"])
        check.stop_for_error("photo_not_rgb" if not_rgb else cause or "raised_error", came.error)
    value, wanted = came.value, "two things: a list with one entry a path, and a dictionary of errors"
    if not isinstance(value, tuple | list) or len(value) != 2 or not isinstance(value[1], Mapping):
        check.stop("wrong_type", got=value, expected=wanted)
    if not isinstance(value[0], list | tuple):
        check.stop("wrong_type", got=value[0], expected=wanted)
    if len(value[0]) != len(kinds):
        check.stop("entries_missing", got=f"{len(value[0])} entries", expected=f"{len(kinds)}, one a path")
    return loaded.log, list(value[0]), value[1]


def _expect_one_run(check: Check, log: ModelLog, photos: int) -> None:
    sizes = count_photos(log)
    if sizes != [photos]:
        cause = "model_not_called" if not sizes else "one_run_each" if max(sizes) == 1 else "not_one_batch"
        check.fail(cause, got=f"runs with {sizes} photos", expected=f"one run with {photos}")


def _expect_answers(check: Check, answers: list, kinds: Sequence[str], model: PretendModel, top_k: int) -> None:
    for number, (answer, kind) in enumerate(zip(answers, kinds, strict=True)):
        if kind in COLOURS:
            expect_results(check, answer, model, colour=kind, top_k=top_k)
        elif answer is not None:
            check.stop("bad_file_answered", got=f"entry {number}: {answer}", expected=f"entry {number}: None")


def _expect_errors(check: Check, errors: Mapping, kinds: Sequence[str]) -> None:
    bad = [_make_file(kind, number)[0].rstrip("/") for number, kind in enumerate(kinds) if kind not in COLOURS]
    named = sorted(Path(str(path)).name for path in errors)
    if named != sorted(bad):
        check.stop("bad_file_not_named", got=f"errors for {named}", expected=f"errors for {sorted(bad)}")
    texts = {path: message.text if isinstance(message, Raised) else message for path, message in errors.items()}
    empty = [path for path, text in texts.items() if text is None or not str(text).strip()]
    check.expect(not empty, "error_not_explained", got=f"no words for {empty}", expected="a reason for each")


def _make_file(kind: str, number: int) -> tuple[str, bytes | None]:
    """Return name and content of a file of this kind; no content for one that is missing, a slash for a folder."""
    if kind in COLOURS:
        return make_photos()[kind]
    return f"{number}_{kind}.png" + "/" * (kind == "folder"), _BAD_FILES[kind]
