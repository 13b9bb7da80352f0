"""How the checks of notebook 07 make a student's `ImageClassifier` and call it, with every way that can go wrong."""

import contextlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from helpers.checks.app.pretend_models import Loads, PretendModel, pretend_models, write_photos
from helpers.checks.guard import make_scratch_folder
from helpers.checks.probe_models import call_with_model
from helpers.checks.report import Check, checking
from helpers.checks.values import as_number


@dataclass(frozen=True)
class Setting:
    """What a check works with: the failures, what was loaded, and the path of a photo of each colour."""

    check: Check
    loads: Loads
    paths: Mapping[str, Path]

    def make(self, image_classifier: type, *arguments: Any) -> Any:
        """Make the student's classifier; end the probe if that fails."""
        return call_with_model(self.check, lambda: None, image_classifier, arguments)

    def predict(self, classifier: Any, path: str | Path, *arguments: Any) -> tuple[object, float]:
        """Call `predict`; return the results as they came, and the time in milliseconds."""
        value = call_with_model(self.check, self._find_cause, lambda: classifier.predict(path, *arguments), ())
        self.expect_any_load()
        if isinstance(value, list) and value and isinstance(value[0], dict):
            self.check.stop("latency_not_returned", got="the results alone", expected="(results, inference_ms)")
        if not isinstance(value, tuple | list) or len(value) != 2:
            self.check.stop("wrong_type", got=value, expected="two things: (results, inference_ms)")
        if as_number(value[1]) is None:
            self.check.stop("wrong_type", got=value[1], expected="a number of milliseconds, as the second thing")
        cause = self._find_cause() or (None if self.loads.last[0].calls else "model_not_called")
        if cause:
            self.check.stop(cause, got=value, expected="a batch of one, made by the model's own preprocessing")
        return value[0], as_number(value[1])

    def expect_any_load(self) -> None:
        """End the probe if no model came through the loader."""
        if not self.loads.names:
            wanted = "a model from models.load_classifier(model_name)"
            self.check.stop("loader_not_called", got="no model was loaded", expected=wanted)

    def expect_loaded(self, name: str) -> None:
        """Fail unless `name` was loaded, and only once."""
        names = self.loads.names
        if names != [name]:
            cause = "model_loaded_again" if set(names) == {name} else "model_name_ignored"
            self.check.fail(cause, got=f"loaded: {', '.join(names)}", expected=f"loaded: {name}")

    def _find_cause(self) -> str | None:
        """Name what is wrong with what reached the preprocessing and the model; None if nothing is."""
        if self.loads.last is None:
            return None
        model, preprocess = self.loads.last
        if not preprocess.modes:
            return "preprocess_not_called"
        if preprocess.modes[-1] != "RGB":
            return "photo_not_rgb"
        if model.calls and len(model.calls[-1].shape) == 3:
            return "batch_dimension_missing"
        return None


@contextlib.contextmanager
def setting(
    behaviour: str, pretends: Mapping[str, PretendModel], *, step: Callable[[str], None] | None = None
) -> Iterator[Setting]:
    """Start a check of exercise "image_classifier" on these models; `step` is told when a part has its turn."""
    options = {} if step is None else {"step": step}
    with (
        checking("image_classifier", behaviour) as check,
        make_scratch_folder() as folder,
        pretend_models(pretends, **options) as loads,
    ):
        yield Setting(check, loads, write_photos(folder))
