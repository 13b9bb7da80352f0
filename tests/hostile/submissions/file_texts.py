"""Files whose text breaks whoever reads it: each is refused in one sentence, or read as what it is."""

import json

from helpers.grading.records import GRADED, TAMPERED, UNREADABLE
from tests.hostile.submissions import file


@file()
def hands_in_half_a_file(notebook):
    """JSON that stops in the middle."""
    return json.dumps(notebook)[:2000]


@file()
def hands_in_another_encoding(notebook):
    """A notebook in UTF-16."""
    return json.dumps(notebook).encode("utf-16")


@file()
def hands_in_deep_nesting(notebook):
    """JSON that is nested 200,000 times, which overflows a parser's stack."""
    return '{"nbformat": 4, "nbformat_minor": 5, "metadata": {"x": ' + "[" * 200_000 + "]" * 200_000 + '}, "cells": []}'


@file()
def hands_in_nested_metadata(notebook):
    """Metadata nested 900 times: a parser can read it, a copy overflows."""
    text = json.dumps(notebook)
    return text.replace('"metadata": {', '"metadata": {"x": ' + "[" * 900 + "]" * 900 + ", ", 1)


@file(statuses=(GRADED,), points=6)
def hands_in_no_numbers(notebook):
    """NaN and Infinity, which JSON does not know, in what is dropped anyway."""
    notebook["cells"][1]["metadata"]["x"] = [float("nan"), float("inf")]
    return json.dumps(notebook)


@file(statuses=(UNREADABLE, GRADED), points=None)
def hands_in_a_huge_number(notebook):
    """A number of a million digits, which takes Python minutes to read."""
    return json.dumps(notebook).replace('"nbformat_minor": 5', '"nbformat_minor": 5, "x": ' + "9" * 1_000_000)


@file(statuses=(GRADED, TAMPERED, UNREADABLE), points=None)
def hands_in_half_characters(notebook):
    """Lone surrogates in sources and names: text that cannot be written as UTF-8."""
    notebook["cells"][1]["source"] = "# \ud800 and \udfff"
    notebook["cells"][2]["id"] = "\ud800"
    notebook["metadata"]["title"] = "\udcff"
    return json.dumps(notebook)


@file()
def hands_in_raw_half_characters(notebook):
    """The same as raw bytes that are no UTF-8."""
    return json.dumps(notebook, ensure_ascii=False).replace("read_labels", "read\ud800labels", 1)


@file(statuses=(GRADED, TAMPERED, UNREADABLE), points=None)
def hands_in_two_of_everything(notebook):
    """Keys that stand twice: tools disagree about which one counts."""
    text = json.dumps(notebook)
    return text.replace('"grade": true', '"grade": false, "grade": true').replace(
        '"points": 1', '"points": 9, "points": 1'
    )
