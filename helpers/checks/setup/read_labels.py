"""Checks of notebook 01: a labels file."""

from collections.abc import Callable, Sequence

from helpers.checks.report import checking
from helpers.line.folders import InFolder


def check_read_labels(read_labels: Callable, *, labels: Sequence[str], blank_lines_at_end: int = 0) -> None:
    """Check `read_labels(path) -> list of labels` on a UTF-8 file made of these labels, one a line."""
    behaviour = "one label a line, in the order of the file"
    text = "\n".join(labels) + "\n" * (1 + blank_lines_at_end)
    with checking("read_labels", behaviour) as check, check.probe(f"a file of {len(labels)} labels"):
        files = {"labels.txt": text.encode("utf-8")}
        came = check.ask_with_files(read_labels, InFolder("labels.txt"), files=files)
        if came.error:
            check.stop_for_error("labels_garbled" if came.error.is_a(UnicodeError) else "raised_error", came.error)
        value = came.value
        if not isinstance(value, list | tuple) or not all(isinstance(label, str) for label in value):
            check.stop("wrong_type", got=value, expected="a list of strings")
        if list(value) != list(labels):
            check.fail(_find_labels_cause(list(value), list(labels)), got=value, expected=list(labels))


def _find_labels_cause(value: list[str], labels: list[str]) -> str:
    wrong_by_cause = {
        "labels_blank_line_kept": [label for label in value if label.strip()] == labels,
        "newline_kept": [label.rstrip("\r\n") for label in value if label.strip()] == labels,
        "labels_sorted": value == sorted(labels),
        "labels_split_at_spaces": value == " ".join(labels).split(),
        "labels_off_by_one": value in (labels[1:], ["background", *labels], ["", *labels]),
        "labels_split_into_letters": bool(value) and all(len(label) == 1 for label in value),
        "labels_cut_at_commas": value == [label.split(",")[0] for label in labels],
        "labels_garbled": _keep_english_letters(value) == _keep_english_letters(labels),
        "labels_hard_coded": len(value) == 1000 != len(labels) or _share_no_word(value, labels),
    }
    return next((cause for cause, is_so in wrong_by_cause.items() if is_so), "wrong_values")


def _keep_english_letters(labels: list[str]) -> list[str]:
    return [label.encode("ascii", errors="ignore").decode("ascii") for label in labels]


def _share_no_word(value: list[str], labels: list[str]) -> bool:
    words, right_words = (set(" ".join(of).casefold().split()) for of in (value, labels))
    return bool(words) and words.isdisjoint(right_words)
