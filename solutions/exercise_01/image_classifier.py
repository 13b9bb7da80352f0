"""Say what is on a photo: python image_classifier.py dog.jpg --model efficientnet_lite0 --top-k 3"""

import argparse
import sys
import time

import torch

from helpers import devices, images, models
from helpers.models.weight_files import WeightsError


class ImageClassifier:
    """A model that is loaded once, and then says what is on any number of photos."""

    def __init__(self, model_name="resnet50", device="auto"):
        best = next((found.name for found in devices.list_devices() if found.name != "cpu"), "cpu")
        self.device = devices.check_device(best if device == "auto" else device)
        self.classifier = models.load_classifier(model_name)
        self.classifier.model.to(self.device)

    def predict(self, path, top_k=5):
        """Return the `top_k` best classes of the photo file `path`, and the model's time in ms."""
        labels = self.classifier.labels
        if not 1 <= top_k <= len(labels):
            raise ValueError(f"top_k must lie between 1 and {len(labels)}, not at {top_k}.")
        batch = self.classifier.preprocess(images.open_image(path)).unsqueeze(0).to(self.device)
        start = time.perf_counter()
        with torch.no_grad():
            logits = self.classifier.model(batch)[0].cpu()  # to the CPU: this waits for a GPU
        inference_ms = (time.perf_counter() - start) * 1000
        best = zip(*(part.tolist() for part in logits.softmax(dim=0).topk(top_k)), strict=True)
        return [{"class": labels[i], "probability": p, "class_id": i} for p, i in best], inference_ms


def format_results(results, inference_ms):
    """Return the text for the user: a heading with the time in ms, then one line for each result."""
    lines = [f"Top {len(results)} Predictions (inference: {inference_ms:.2f}ms):"]
    for place, result in enumerate(results, start=1):
        lines.append(f"  {place}. {result['class']:<30} {result['probability'] * 100:>6.2f}%")
    return "\n".join(lines)


def main(argv):
    """Classify the photo that the words in `argv` name; return the exit code, 0 or 2."""
    parser = argparse.ArgumentParser(description="Say what is on a photo.")
    parser.add_argument("image", help="the photo's file")
    parser.add_argument("--model", default="resnet50", help="the model's name (default: %(default)s)")
    parser.add_argument("--top-k", type=int, default=5, help="how many classes (default: %(default)s)")
    parser.add_argument("--device", default="auto", help="cpu, cuda, mps or auto (default: %(default)s)")
    options = parser.parse_args(argv)
    try:
        classifier = ImageClassifier(options.model, options.device)
        results, inference_ms = classifier.predict(options.image, options.top_k)
    except (ValueError, WeightsError, torch.OutOfMemoryError) as error:
        print("error:", " ".join(str(error).split()), file=sys.stderr)
        return 2
    print(format_results(results, inference_ms))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
