"""Where each line of the exercise's brief is taught: a notebook, a cell, and words that must be in it.

The brief is the outline that this exercise was made from. A row fails when its cell goes away or no longer says it.
"""

import re

import pytest
from tests.support.notebook_cells import NOTEBOOKS, read_cells

COVERAGE = (  # line of the brief, notebook, cell, pattern
    ("1.1 create a virtual environment", "01", "section-versions", r"python -m venv"),
    ("1.1 install torch, torchvision, pillow", "01", "section-versions", r"pip install torch torchvision pillow"),
    ("1.2 versions of torch and torchvision", "01", "show-versions", r"torchvision"),
    ("1.2 CUDA version", "01", "show-versions", r"torch\.version\.cuda"),
    ("1.2 name of the GPU", "01", "show-devices", r"list_devices"),
    ("1.3 download dog, cat and car", "01", "web-photos-switch", r"fetch_web_photos"),
    ("1.3 a download that can fail", "01", "download-file-task", r"Write `download_file"),
    ("2.1 ResNet50 from PyTorch Hub", "02", "load-from-hub-read", r'hub\.load\("pytorch/vision:v[\d.]+", "resnet50"'),
    ("2.1 pretrained=True", "02", "list-weights-read", r"pretrained=True"),
    ("2.1 evaluation mode", "02", "section-modes", r"model\.eval\(\)"),
    ("2.1 number of parameters", "02", "count-parameters-task", r"Write `count_parameters"),
    ("2.2 print the model", "02", "print-model", r"print\(untrained\.model\)"),
    ("2.2 count layers by type", "02", "layers-wrong-way", r"Counter"),
    ("2.2 what the model expects", "02", "input-and-output", r"crop_size"),
    ("2.2 three questions", "02", "read-architecture-task", r"conv_layers"),
    ("3.1 a preprocessing pipeline", "03", "preprocess-task", r"Write `preprocess"),
    ("3.1 Compose", "03", "section-ready-steps", r"Compose"),
    ("3.1 ToTensor", "03", "ready-steps", r"ToTensor\(\)"),
    ("3.1 convert to RGB", "03", "preprocess-try-read", r'convert\("RGB"\)'),
    ("3.1 shape, type and range of the tensor", "03", "step-normalize-look", r"dtype"),
    ("3.1 the batch dimension", "03", "batch-shapes", r"unsqueeze\(0\)"),
    ("3.2 why 256, then 224", "03", "question-explain-preprocessing", r"Why these two steps"),
    ("3.2 what the normalization values mean", "03", "compare-recipes-read", r"ImageNet's training photos"),
    ("3.2 why the range is negative", "03", "step-normalize-read", r"negative"),
    ("4.1 eval and no_grad", "04", "predict-logits-task", r"eval mode and nothing is recorded"),
    ("4.1 shape and type of the output", "04", "first-call", r"output\.dtype"),
    ("4.2 labels", "01", "read-labels-task", r"Write `read_labels"),
    ("4.2 softmax", "04", "softmax-words", r"\*\*Softmax\*\*"),
    ("4.2 top 5 predictions", "04", "top-k-task", r"Write `top_k"),
    ("5.1 warm-up, then latency", "05", "measure-latency-task", r"warmup"),
    ("5.1 throughput", "05", "compute-throughput-task", r"Write `compute_throughput"),
    ("5.2 batch sizes 1, 4, 8, 16, 32", "05", "profile", r"\[1, 4, 8, 16, 32\]"),
    ("6.1 CPU against GPU", "06", "cpu-or-gpu", r"times as fast"),
    ("6.1 synchronize", "06", "benchmark-task", r"synchronize\(\)"),
    ("7.1 the class ImageClassifier", "07", "image-classifier-task", r"ImageClassifier\(model_name=\"resnet50\""),
    ("7.1 device auto", "07", "image-classifier-task", r'"auto"'),
    ("7.1 the command line", "07", "main-task", r"--top-k 10"),
    ("7.1 with torchvision alone", "07", "torchvision-alone", r"ResNet50_Weights\.IMAGENET1K_V2"),
    ("challenge 1: a batch of photos", "07", "predict-batch-task", r"Write `predict_batch"),
    ("challenge 2: compare models", "07", "compare-models-task", r"Write `compare_models"),
    ("challenge 3: invalid files, no GPU", "07", "handle-errors-task", r"a device that is not there"),
    ("challenge 3: out of memory", "07", "predict-within-memory-task", r"OutOfMemoryError"),
    ("validation and testing", "07", "validation-test", r"def test_classifier"),
    ("the test of 0.95 to 1.05", "04", "section-sum", r"0\.95 and 1\.05"),
    ("reflection 1: eval", "07", "question-eval", r"model\.eval\(\)"),
    ("reflection 2: no_grad", "07", "question-no-grad", r"no_grad"),
    ("reflection 3: normalization", "07", "question-normalization", r"mean and std"),
    ("reflection 4: batch size", "07", "question-batch-size", r"batch size"),
    ("reflection 5: CPU or GPU", "07", "question-cpu-or-gpu", r"choose the CPU"),
    ("debug common errors", "04", "section-errors", r"Four errors"),
    ("next: the same in TensorFlow", "07", "section-series", r"TensorFlow"),
)


def find_cell(number, cell_id):
    path = next(path for path in NOTEBOOKS if path.stem.startswith(number))
    return next((cell for cell in read_cells(path) if cell.id == cell_id), None)


@pytest.mark.parametrize(("line", "number", "cell_id", "pattern"), COVERAGE, ids=[row[0] for row in COVERAGE])
def test_a_line_of_the_brief_is_covered(line, number, cell_id, pattern):
    cell = find_cell(number, cell_id)
    assert cell is not None, f"notebook {number} has no cell {cell_id}"
    assert re.search(pattern, cell.source)
