"""Where a point hangs on a note: on something that only the process of the answer can tell.

An answer that patches its own process could forge the note; each of these cells asks for right values besides, which
it could not. All other cells are decided by values that came back, and by calls that the judging side saw itself.
"""

FILES_LEFT = "which files lie in the folder afterwards"
INPUT_CHANGED = "whether what was given has been changed"
RECORDED = "whether autograd recorded the run"
MEMORY_IN_USE = "whether the memory of a call that failed is still in use"

NOTES = {
    "download_file_usual": FILES_LEFT,
    "download_file_skips": FILES_LEFT,
    "download_file_breaks": FILES_LEFT,
    "preprocess_usual": INPUT_CHANGED,
    "undo_normalize_input": INPUT_CHANGED,
    "make_rgb_input": INPUT_CHANGED,
    "predict_logits_usual": RECORDED,
    "predict_logits_no_grad": RECORDED,
    "predict_in_batches_usual": RECORDED,
    "predict_in_batches_state": RECORDED,
    "predict_class_usual": f"{RECORDED}, and the model's mode",
    "benchmark_simulated": f"{RECORDED}, and the simulated model's mode",
    "benchmark_state": RECORDED,
    "image_classifier_usual": RECORDED,
    "predict_batch_usual": RECORDED,
    "predict_within_memory_usual": MEMORY_IN_USE,
    "predict_within_memory_sizes": MEMORY_IN_USE,
}
MAX_POINTS = 18  # of those that checks give
