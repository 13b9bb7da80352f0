"""How the checks of notebook 07 make a student's `ImageClassifier` and call it, with every way that can go wrong."""

import contextlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from helpers.checks.app.classifier_observers import Pretence, make_and_keep, predict, read_device
from helpers.checks.app.pretend_models import Loaded, Loads, PretendModel, make_photos
from helpers.checks.app.stand_ins import replace_loader
from helpers.checks.report import Check, checking
from helpers.checks.values import as_number
from helpers.line.callbacks import Callback
from helpers.line.kinds import Kept, Raised


@dataclass
class Setting:
    """What a check works with: the failures, the student's class, what was loaded, and what else is pretended."""

    check: Check
    image_classifier: type
    loads: Loads
    pretences: list[Pretence] = field(default_factory=list)

    def make(self, *arguments: Any) -> Kept:
        """Make the student's classifier; end the probe if that fails."""
        classifier, error = self.try_make(*arguments)
        return self.check.stop_for_error("raised_error", error) if error else classifier

    def try_make(self, *arguments: Any) -> tuple[Any, Raised | None]:
        """Make the student's classifier; return what stands for it (Kept), or the error that came."""
        options = {"arguments": arguments, "pretences": self._list_pretences()}
        return self.check.ask(make_and_keep, self.image_classifier, **options)

    def predict(self, classifier: Kept, colour: str, *arguments: Any, as_text: bool = False) -> tuple[object, float]:
        """Call `predict`; return the results as they came, and the time in milliseconds."""
        value, error = self.try_predict(classifier, colour, *arguments, as_text=as_text)
        if error:
            self.check.stop_for_error(self._find_cause() or "raised_error", error)
        loaded = self.expect_any_load()
        if isinstance(value, list) and value and isinstance(value[0], dict):
            self.check.stop("latency_not_returned", got="the results alone", expected="(results, inference_ms)")
        if not isinstance(value, tuple | list) or len(value) != 2:
            self.check.stop("wrong_type", got=value, expected="two things: (results, inference_ms)")
        inference_ms = as_number(value[1])
        if inference_ms is None:
            self.check.stop("wrong_type", got=value[1], expected="a number of milliseconds, as the second thing")
        cause = self._find_cause() or (None if loaded.log.calls else "model_not_called")
        if cause:
            self.check.stop(cause, got=value, expected="a batch of one, made by the model's own preprocessing")
        return value[0], inference_ms

    def try_predict(
        self, classifier: Kept, colour: str, *arguments: Any, as_text: bool = False
    ) -> tuple[Any, Raised | None]:
        """Call `predict` for a photo of this colour; return what came, or the error."""
        options = {"number": classifier.number, "photo": make_photos()[colour], "as_text": as_text}
        options |= {"arguments": arguments, "pretences": self._list_pretences()}
        return self.check.ask(predict, self.image_classifier, **options)

    def read_device(self, classifier: Kept) -> str | None:
        """Return what the student's classifier calls its device; None if it does not."""
        name, _ = self.check.ask(read_device, self.image_classifier, number=classifier.number)
        return name if isinstance(name, str) else None

    def expect_any_load(self) -> Loaded:
        """Return the newest model; end the probe if none came through the loader."""
        if not self.loads.names or self.loads.last is None:
            wanted = "a model from models.load_classifier(model_name)"
            self.check.stop("loader_not_called", got="no model was loaded", expected=wanted)
        return self.loads.last

    def expect_loaded(self, name: str) -> None:
        """Fail unless `name` was loaded, and only once."""
        names = self.loads.names
        if names != [name]:
            cause = "model_loaded_again" if set(names) == {name} else "model_name_ignored"
            self.check.fail(cause, got=f"loaded: {', '.join(names)}", expected=f"loaded: {name}")

    def _list_pretences(self) -> list[Pretence]:
        return [partial(replace_loader, Callback(self.loads.load)), *self.pretences]

    def _find_cause(self) -> str | None:
        """Name what is wrong with what reached the preprocessing and the model; None if nothing is."""
        if self.loads.last is None:
            return None
        modes, calls = self.loads.last.preprocess.modes, self.loads.last.log.calls
        if not modes:
            return "preprocess_not_called"
        if modes[-1] != "RGB":
            return "photo_not_rgb"
        return "batch_dimension_missing" if calls and len(calls[-1].shape) == 3 else None


@contextlib.contextmanager
def setting(
    behaviour: str,
    image_classifier: type,
    pretends: Mapping[str, PretendModel],
    *,
    step: Callable[[str], None] | None = None,
) -> Iterator[Setting]:
    """Start a check of exercise "image_classifier" on these models; `step` is told when a part has its turn."""
    options: dict[str, Any] = {} if step is None else {"step": step}
    with checking("image_classifier", behaviour) as check:
        yield Setting(check, image_classifier, Loads(pretends, **options))
