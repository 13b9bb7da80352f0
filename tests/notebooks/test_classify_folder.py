"""The instructor's app: order, bad files, what it writes, exit codes, and the same answers as with PIL."""

import csv
import json
import os
import subprocess
import sys

import numpy as np
import pytest
import torch
from PIL import Image

from helpers import images, models
from helpers.grading.notebooks.paths import SOLUTIONS

FOLDER_APP = SOLUTIONS / "folder_app"
sys.path.append(str(FOLDER_APP))  # the app's modules import each other by their bare names

import batch_predictor
import classify_folder
import worker_process
from fast_reading import normalize_pixels, read_pixels

MODEL = "efficientnet_lite0"
BAD = ["f_cut_short.jpg", "g_web_page.jpg"]
GOOD = ["a_colour.jpg", "b_turned.jpg", "c_grey.jpg", "d_cmyk.jpg", "e_palette.png", "h_sixteen.png", "more/i_png.png"]
IN_ORDER = sorted([*GOOD, *BAD])
FAST = {"a_colour.jpg", "c_grey.jpg"}  # read without PIL


def enlarge(name, *, size):
    return images.open_image(images.sample_photos()[name].path).resize(size, Image.Resampling.BICUBIC)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Photos of many kinds, two that cannot be read, and files that are no photos."""
    folder = tmp_path_factory.mktemp("photos")
    (folder / "more").mkdir()
    coffee, rocket = enlarge("coffee", size=(900, 600)), enlarge("rocket", size=(800, 533))
    coffee.save(folder / "a_colour.jpg", quality=92)
    exif = Image.Exif()
    exif[0x0112] = 6  # "turn me clockwise by 90 degrees"
    rocket.transpose(Image.Transpose.ROTATE_90).save(folder / "b_turned.jpg", exif=exif, quality=92)
    enlarge("camera", size=(700, 700)).convert("L").save(folder / "c_grey.jpg", quality=92)
    coffee.convert("CMYK").save(folder / "d_cmyk.jpg", quality=92)
    coffee.quantize(200).save(folder / "e_palette.png")
    (folder / BAD[0]).write_bytes((folder / "a_colour.jpg").read_bytes()[:20_000])
    (folder / BAD[1]).write_text("<!doctype html>")
    grey = np.asarray(enlarge("camera", size=(600, 400)).convert("L"), dtype=np.uint16)
    Image.fromarray(grey * 257).save(folder / "h_sixteen.png")
    enlarge("chelsea", size=(500, 350)).save(folder / "more" / "i_png.png")
    (folder / "notes.txt").write_text("not a photo")
    (folder / ".hidden.jpg").write_bytes(b"")
    return folder


@pytest.fixture(scope="module")
def classifier():
    return models.load_classifier(MODEL)


@pytest.fixture(scope="module")
def expected(folder, classifier):
    """Logits [1000] of each good photo, the slow way: PIL and the model's own preprocessing, one by one."""
    with torch.no_grad():
        return {
            name: classifier.model(classifier.preprocess(images.open_image(folder / name))[None])[0] for name in GOOD
        }


def run_app(capsys, *arguments):
    code = classify_folder.main([*map(str, arguments), "--model", MODEL])
    return code, *capsys.readouterr()


# ---- Reading ----


@pytest.mark.parametrize("name", GOOD)
def test_fast_reading_agrees_with_pil(folder, classifier, expected, name, monkeypatch):
    opened = []
    monkeypatch.setattr(images, "open_image", lambda path, real=images.open_image: opened.append(path) or real(path))
    inputs = normalize_pixels(read_pixels(folder / name, classifier.expects)[None], classifier.expects)
    right = classifier.preprocess(images.decode_image((folder / name).read_bytes(), name=name))
    assert (inputs[0] - right).abs().mean() < 1e-3
    assert (inputs[0] - right).abs().max() < 0.05
    with torch.no_grad():
        logits = classifier.model(inputs)[0]
    assert (logits - expected[name]).abs().max() < 0.1
    assert logits.argmax() == expected[name].argmax()
    assert bool(opened) is (name not in FAST)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_turned_photo_is_put_upright(tmp_path, classifier, orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    enlarge("rocket", size=(500, 333)).save(tmp_path / "photo.jpg", exif=exif)
    pixels = read_pixels(tmp_path / "photo.jpg", classifier.expects)[None]
    right = classifier.preprocess(images.open_image(tmp_path / "photo.jpg"))
    assert (normalize_pixels(pixels, classifier.expects)[0] - right).abs().max() < 0.05


@pytest.mark.parametrize("name", [*BAD, "missing.jpg", ""])
def test_what_cannot_be_read_is_named(folder, classifier, name):
    with pytest.raises(images.ImageError, match=name or folder.name):
        read_pixels(folder / name, classifier.expects)


# ---- The program ----


def test_a_folder_in_one_process(folder, expected, tmp_path, capsys):
    table, tree = tmp_path / "answers.csv", tmp_path / "answers.json"
    code, out, err = run_app(capsys, folder, "--workers", 1, "--top-k", 2, "--csv", table, "--json", tree)
    assert code == 1
    assert [line.partition(": ")[0] for line in out.splitlines()] == [str(folder / name) for name in GOOD]
    assert [line for line in err.splitlines() if line.startswith("classify_folder: ")] == [
        line for line in err.splitlines() if any(name in line for name in BAD)
    ]
    assert "9 files" in err and "2 could not be classified" in err
    check_json(tree, folder, expected)
    check_csv(table, folder)


def check_json(path, folder, expected):
    answers = json.loads(path.read_text(encoding="utf-8"))
    assert answers["model"] == MODEL
    assert [photo["file"] for photo in answers["photos"]] == [str(folder / name) for name in IN_ORDER]
    labels = models.load_classifier(MODEL).labels
    for name, photo in zip(IN_ORDER, answers["photos"], strict=True):
        assert ("error" in photo) is (name in BAD)
        if name in GOOD:
            shares, ids = expected[name].softmax(dim=0).topk(2)
            assert [found["class_id"] for found in photo["predictions"]] == ids.tolist()
            assert [found["class"] for found in photo["predictions"]] == [labels[number] for number in ids]
            assert [found["probability"] for found in photo["predictions"]] == pytest.approx(shares.tolist(), abs=0.02)


def check_csv(path, folder):
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    files = [str(folder / name) for name in IN_ORDER for _ in range(1 if name in BAD else 2)]
    assert [row["file"] for row in rows] == files
    assert all(bool(row["error"]) is not bool(row["class"]) for row in rows)
    assert [row["rank"] for row in rows if row["class"]] == ["1", "2"] * len(GOOD)


def test_as_a_program_with_several_processes(folder, expected, tmp_path):
    answers = tmp_path / "answers.json"
    command = [sys.executable, FOLDER_APP / "classify_folder.py", folder, "--model", MODEL, "--json", answers]
    command += ["--workers", "2", "--batch-size", "2", "--top-k", "2", "--device", "cpu"]
    result = subprocess.run(list(map(str, command)), capture_output=True, encoding="utf-8", timeout=120)
    assert result.returncode == 1, result.stderr
    assert "Traceback" not in result.stderr
    check_json(answers, folder, expected)


def test_files_keep_the_order_they_were_given_in(folder, capsys):
    code, out, _ = run_app(capsys, folder / "c_grey.jpg", folder / "more", folder / "a_colour.jpg")
    names = [line.partition(": ")[0].rpartition("/")[2] for line in out.splitlines()]
    assert (code, names) == (0, ["c_grey.jpg", "i_png.png", "a_colour.jpg"])


def test_only_bad_files(folder, capsys):
    code, out, err = run_app(capsys, folder / BAD[0], "missing.jpg")
    assert (code, out) == (2, "")
    assert BAD[0] in err and "missing.jpg" in err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["x.jpg", "--model", "efficientnet_lite"], "nearest names are"),
        (["x.jpg", "--device", "tpu"], "available: cpu"),
        (["x.jpg", "--top-k", "1001"], "--top-k must be from 1 to 1000"),
        (["x.jpg", "--batch-size", "0"], "--batch-size must be"),
        (["x.jpg", "--workers", "many"], "invalid int value: 'many'"),
        (["x.jpg", "--json", "no/such/folder/answers.json"], "folder that exists"),
        ([], "required: PATH"),
        (["EMPTY"], "there are no photos in"),
    ],
)
def test_what_cannot_be_done_is_told_in_one_line(tmp_path, capsys, arguments, words):
    arguments = [str(tmp_path) if argument == "EMPTY" else argument for argument in arguments]
    code = classify_folder.main(arguments)
    out, err = capsys.readouterr()
    assert (code, out) == (2, "")
    assert words in err and err.count("\n") == 1


def test_without_a_compiler(folder, capsys, monkeypatch):
    def fail(*arguments, **options):
        raise RuntimeError("no C++ compiler found\nand many more lines")

    monkeypatch.setattr(torch, "compile", lambda model, **options: fail)
    code, _, err = run_app(capsys, folder / "a_colour.jpg", "--compile")
    assert code == 2
    assert "no C++ compiler found" in err and "leave --compile out" in err and err.count("\n") == 1


# ---- Batches and settings ----


def test_compiled_code_sees_one_batch_size(folder, expected, monkeypatch):
    """Batches that are not full, or hold bad files only, are filled up, and the filling leaves no trace."""
    sizes = []

    def pretend_to_compile(model, **options):
        return lambda batch: sizes.append(len(batch)) or model(batch)

    monkeypatch.setattr(torch, "compile", pretend_to_compile)
    predictor = batch_predictor.BatchPredictor(batch_predictor.Settings(MODEL, compile=True, batch_size=3))
    full = predictor.classify([folder / "a_colour.jpg", folder / BAD[0], folder / "c_grey.jpg"]).answers
    bad = predictor.classify([folder / BAD[0]]).answers
    assert set(sizes) == {3}
    assert [bool(answer.error) for answer in (*full, *bad)] == [False, True, False, True]
    assert full[2].predictions[0]["class_id"] == expected["c_grey.jpg"].argmax()


@pytest.mark.parametrize(
    ("arguments", "photos", "workers", "batch_size"),
    [
        ([], 10, 1, 8),
        ([], 33, 2, 8),
        ([], 1000, 4, 8),
        (["--workers", "3"], 10, 3, 4),
        (["--workers", "8", "--batch-size", "32"], 2, 2, 1),
    ],
)
def test_workers_and_batches_fit_the_photos(monkeypatch, arguments, photos, workers, batch_size):
    monkeypatch.setattr(classify_folder, "count_cores", lambda: 4)
    options = classify_folder.parse_arguments(["photos", "--device", "cpu", *arguments])
    settings = classify_folder.choose_settings(options, photos)
    assert (settings.workers, settings.batch_size) == (workers, batch_size)


def test_the_environment_is_for_workers_only(monkeypatch):
    monkeypatch.setenv("SET_BY_USER", "kept")
    monkeypatch.delenv("ADDED", raising=False)
    with worker_process.added_to_environment({"ADDED": "1", "SET_BY_USER": "2"}):
        assert (os.environ["ADDED"], os.environ["SET_BY_USER"]) == ("1", "kept")
    assert "ADDED" not in os.environ
    assert os.environ["SET_BY_USER"] == "kept"
