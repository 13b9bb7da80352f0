"""Exercise 01: from a trained model to an app."""

from helpers.exercises.rows import Exercise, Question

EXERCISES = (
    Exercise("describe_photo", "01_setup", minutes=4, difficulty=1),
    Exercise("read_labels", "01_setup", minutes=5, difficulty=1, core=False),
    Exercise("download_file", "01_setup", minutes=8, difficulty=2, core=False),
    Exercise("count_parameters", "02_loading", minutes=4, difficulty=1),
    Exercise("read_architecture", "02_loading", minutes=3, difficulty=1),
    Exercise("load_checkpoint", "02_loading", minutes=8, difficulty=2, core=False),
    Exercise("count_layers", "02_loading", minutes=6, difficulty=2, core=False),
    Exercise("preprocess", "03_preprocessing", minutes=10, difficulty=2),
    Exercise("predict_range", "03_preprocessing", minutes=3, difficulty=1, core=False),
    Exercise("make_batch", "03_preprocessing", minutes=5, difficulty=1, core=False),
    Exercise("undo_normalize", "03_preprocessing", minutes=6, difficulty=2, core=False),
    Exercise("make_rgb", "03_preprocessing", minutes=10, difficulty=2, core=False),
    Exercise("predict_logits", "04_inference", minutes=5, difficulty=1),
    Exercise("top_k", "04_inference", minutes=8, difficulty=2),
    Exercise("predict_in_batches", "04_inference", minutes=8, difficulty=3, core=False),
    Exercise("predict_class", "04_inference", minutes=8, difficulty=2, core=False),
    Exercise("measure_latency", "05_latency", minutes=10, difficulty=2),
    Exercise("compute_throughput", "05_latency", minutes=4, difficulty=1),
    Exercise("same_answers", "05_latency", minutes=5, difficulty=2, core=False),
    Exercise("move_to_device", "06_gpu", minutes=4, difficulty=1),
    Exercise("benchmark", "06_gpu", minutes=10, difficulty=3),
    Exercise("choose_device", "06_gpu", minutes=5, difficulty=2, core=False),
    Exercise("image_classifier", "07_app", minutes=15, difficulty=3),
    Exercise("main", "07_app", minutes=10, difficulty=2),
    Exercise("handle_errors", "07_app", minutes=8, difficulty=2, core=False),
    Exercise("predict_batch", "07_app", minutes=8, difficulty=2, core=False),
    Exercise("predict_within_memory", "07_app", minutes=6, difficulty=2, core=False),
    Exercise("compare_models", "07_app", minutes=10, difficulty=2, core=False),
)

QUESTIONS = (
    Question("explain_modes", "02_loading", core=False),
    Question("explain_preprocessing", "03_preprocessing", core=False),
    Question("explain_unknown_photo", "04_inference", core=False),
    Question("explain_eval", "07_app"),
    Question("explain_no_grad", "07_app"),
    Question("explain_normalization", "07_app"),
    Question("explain_batch_size", "07_app"),
    Question("explain_cpu_or_gpu", "07_app"),
)
