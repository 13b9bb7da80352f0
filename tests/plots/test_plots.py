"""Figures: what they draw, that they look the same on every run, and that they can be read aloud."""

import base64
import io
import os
import re

import matplotlib as mpl
import nbformat
import numpy as np
import pytest
import torch
from bs4 import BeautifulSoup
from matplotlib import pyplot as plt
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from nbclient import NotebookClient
from nbconvert import HTMLExporter
from PIL import Image

from helpers import plots
from helpers.plots import style

LABELS = ["tabby", "tiger cat", "lynx"]


@pytest.fixture
def shown(monkeypatch):
    """What `show` displays, instead of displaying it: the HTML and the text."""
    displayed = []

    def keep(bundle, *, raw):
        assert raw
        assert list(bundle) == ["text/html", "text/plain"]
        displayed.append((bundle["text/html"], bundle["text/plain"]))

    monkeypatch.setattr(style, "display", keep)
    return displayed


def read_png(tag):
    return base64.b64decode(re.search(r'src="data:image/png;base64,([^"]+)">$', tag)[1])


@pytest.fixture
def photo():
    return Image.fromarray(np.random.default_rng(0).integers(0, 256, (40, 60, 3), dtype=np.uint8))


def bar_texts(ax):
    return [text.get_text() for text in ax.texts]


def names(ax):
    return [text.get_text() for text in ax.get_yticklabels()]


def colours(ax):
    return [to_hex(bar.get_facecolor()).upper() for bar in ax.patches]


# Showing -------------------------------------------------------------------------------------------


def test_show_displays_a_png_with_its_text(shown):
    plots.show(plots.plot_bars({"Conv2d": 53}, xlabel="layers"), alt='One bar:\n  "53" layers < 54.')
    ((tag, text),) = shown
    assert tag.startswith('<img alt="One bar: &quot;53&quot; layers &lt; 54." width="864" src="data:')
    assert text == '[figure: One bar: "53" layers < 54.]'
    assert Image.open(io.BytesIO(read_png(tag))).size[0] == 1080


def test_while_grading_only_the_text_is_shown(monkeypatch):
    displayed = []
    monkeypatch.setattr(style, "display", lambda bundle, *, raw: displayed.append(bundle))
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    figure, ax = plt.subplots()
    plots.show(ax, alt="an\nempty plot")
    assert displayed == [{"text/plain": "[figure, not drawn while grading: an empty plot]"}]
    assert not plt.fignum_exists(figure.number)
    with pytest.raises(ValueError, match="alt is empty"):
        plots.show(ax, alt=" ")


def test_the_same_figure_gives_the_same_bytes(shown, photo):
    for setting in ({}, {"font.size": 30, "savefig.dpi": 20, "axes.facecolor": "red", "savefig.bbox": "tight"}):
        with mpl.rc_context(setting):
            plots.show(plots.plot_top_k(LABELS, [0.5, 0.3, 0.1], title="chelsea"), alt="bars")
            plots.show(plots.plot_images([photo, photo]), alt="pictures")
            plots.show(plots.plot_histogram({"red": photo}, xlabel="value"), alt="a histogram")
    assert shown[:3] == shown[3:]
    assert b"Software" not in read_png(shown[0][0])


def test_settings_are_left_alone(shown, photo):
    before = dict(mpl.rcParams)
    plots.show(plots.plot_images([photo]), alt="a picture")
    assert dict(mpl.rcParams) == before


@pytest.mark.parametrize("alt", ["", "  \n", None])
def test_show_wants_a_description(shown, alt):
    with pytest.raises(ValueError, match="alt is empty: say in one sentence"):
        plots.show(plots.make_axes(), alt=alt)
    assert not shown


def test_show_takes_a_figure_an_ax_or_axes(shown):
    own = plots.make_axes(2)
    figure, array = plt.subplots(1, 2)
    for target in (own, list(own), own[1], own[0].figure, array, figure):
        plots.show(target, alt="two empty plots")
    assert len(shown) == 6
    with pytest.raises(ValueError, match="nothing to show"):
        plots.show([], alt="nothing")


def test_figures_do_not_pile_up(shown):
    figure, _ = plt.subplots()
    plots.plot_bars({"a": 1}, xlabel="layers")  # never shown: known to nobody
    assert plt.get_fignums() == [figure.number]
    plots.show(figure, alt="an empty plot")
    assert plt.get_fignums() == []


def test_html_export_has_the_alternative_texts(tmp_path):
    """In a notebook each figure appears once, and its text reaches the exported page."""
    cells = [
        "from helpers import plots",
        'plots.show(plots.plot_bars({"Conv2d": 53}, xlabel="layers"), alt="53 layers < 54.")',
        "import matplotlib.pyplot as plt\nfigure, ax = plt.subplots()\nax.plot([1, 2])\n"
        'plots.show(figure, alt="A line going up.")',
    ]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": os.fspath(tmp_path)}}).execute()
    assert [len(cell.outputs) for cell in notebook.cells] == [0, 1, 1]
    for template in ("lab", "classic"):  # nbconvert's default, and the one under nbgrader's feedback
        page, _ = HTMLExporter(template_name=template).from_notebook_node(notebook)
        assert "No description has been provided for this image" not in page
        texts = [image["alt"] for image in BeautifulSoup(page, "html.parser").select("img")]
        assert texts == ["53 layers < 54.", "A line going up."]


# Pictures ------------------------------------------------------------------------------------------


def test_plot_images_draws_every_kind(photo):
    values = np.asarray(photo)
    kinds = {
        "PIL colour": photo,
        "PIL grey": photo.convert("L"),
        "PIL palette": photo.quantize(),
        "uint8 array": values,
        "integers": values.astype(np.int64),
        "float tensor": torch.from_numpy(values / 255).requires_grad_(),
        "uint8 tensor": torch.from_numpy(values.copy()),
        "grey tensor": torch.rand(40, 60),
        "true or false": values[..., 0] > 128,
        "rounding errors": (values / 255).clip(0, 1) * 1.0005 - 0.0002,
    }
    axes = plots.plot_images(list(kinds.values()), titles=list(kinds))
    assert [ax.get_title().replace("\n", " ") for ax in axes] == list(kinds)
    for ax in axes:
        assert ax.get_xlabel() == "60 × 40 px"
        drawn = ax.images[0].get_array()
        assert drawn.shape[:2] == (40, 60)
        assert 0 <= drawn.min() <= drawn.max() <= 1
        assert ax.images[0].get_clim() == (0, 1)
    for index in (0, 3, 4, 5, 6):
        assert np.allclose(axes[index].images[0].get_array(), values / 255)


def test_plot_images_lays_out_rows(photo):
    axes = plots.plot_images([photo] * 5, columns=2)
    assert len(axes) == 5
    assert axes[0].get_gridspec().get_geometry() == (3, 2)
    assert len(axes[0].figure.axes) == 6
    assert not axes[0].figure.axes[5].axison


def test_plot_images_at_the_same_scale():
    large, small = plots.plot_images([torch.rand(100, 200, 3), torch.rand(50, 60, 3)], same_scale=True)
    for ax in (large, small):
        assert np.ptp(ax.get_xlim()) == 200
        assert np.ptp(ax.get_ylim()) == 100
    assert np.mean(small.get_xlim()) == (60 - 1) / 2


@pytest.mark.parametrize(
    ("image", "message"),
    [
        (torch.rand(3, 8, 9), r"\[3, 8, 9\], channels first: use tensor\.permute\(1, 2, 0\)"),
        (torch.rand(1, 3, 8, 9), r"\[1, 3, 8, 9\], a batch: draw its pictures"),
        (torch.rand(8, 9, 4), r"\[8, 9, 4\], and a picture is \[height, width, 3\]"),
        (torch.rand(9), r"\[9\], and a picture is"),
        (torch.rand(0, 9), r"\[0, 9\], and a picture is"),
        (torch.full((8, 9, 3), -1.5), r"run from -1\.5 to -1\.5, .* are they still normalized\?"),
        (torch.full((8, 9, 3), 200.0), r"run from 200 to 200, .* divided by 255\?"),
        (torch.full((8, 9, 3), 300), r"run from 0 to 255"),
        (torch.full((8, 9, 3), torch.nan), r"not numbers \(nan\) or infinite"),
    ],
)
def test_plot_images_names_the_cause(image, message):
    with pytest.raises(ValueError, match=message):
        plots.plot_images([image])


def test_plot_images_counts(photo):
    with pytest.raises(ValueError, match="no pictures to draw"):
        plots.plot_images([])
    with pytest.raises(ValueError, match="2 pictures and 1 titles"):
        plots.plot_images([photo, photo], titles=["one"])


# Bars ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [list, np.array, torch.tensor])
def test_top_k_has_the_best_on_top(kind):
    ax = plots.plot_top_k(LABELS, kind([0.1, 0.85, 0.05]), title="chelsea")
    assert names(ax) == ["tiger cat", "tabby", "lynx"]
    assert bar_texts(ax) == ["85.0%", "10.0%", "5.0%"]
    assert np.allclose([bar.get_width() for bar in ax.patches], [85, 10, 5])
    assert ax.get_ylim()[0] > ax.get_ylim()[1]  # the first one on top
    assert (ax.get_xlabel(), ax.get_title()) == ("probability (%)", "chelsea")
    assert set(colours(ax)) == {plots.COLOURS["blue"]}


def test_top_k_marks_the_right_ones():
    ax = plots.plot_top_k(LABELS, [0.5, 0.3, 0.1], right=("tabby", "Egyptian cat"))
    assert names(ax) == ["✓ tabby", "tiger cat", "lynx"]
    assert colours(ax) == [plots.COLOURS[name] for name in ("blue", "grey", "grey")]
    assert ax.get_xlabel() == "probability (%), ✓ = right"


def test_top_k_says_when_none_is_right():
    ax = plots.plot_top_k(LABELS, [0.5, 0.3, 0.1], right=())
    assert ax.get_xlabel() == "probability (%), none of these is right"
    assert set(colours(ax)) == {plots.COLOURS["grey"]}


def test_top_k_keeps_two_classes_of_one_name_apart():
    ax = plots.plot_top_k(["crane", "crane"], [0.6, 0.3])  # ImageNet has two: the bird and the machine
    assert np.allclose([bar.get_width() for bar in ax.patches], [60, 30])
    assert len({bar.get_y() for bar in ax.patches}) == 2


@pytest.mark.parametrize(
    ("labels", "probabilities", "message"),
    [
        (["a", "b"], [0.5], r"2 labels and probabilities of shape \[1\]"),
        (["a", "b"], [[0.5, 0.5]], r"2 labels and probabilities of shape \[1, 2\]"),
        (["a", "b"], [7.1, -2.0], r"run from -2 to 7\.1: was softmax left out\?"),
        ([], [], "0 bars to draw"),
        ([str(n) for n in range(1000)], [0.001] * 1000, "1000 bars to draw, and the plot has room for 1 to 20"),
    ],
)
def test_top_k_names_the_cause(labels, probabilities, message):
    with pytest.raises(ValueError, match=message):
        plots.plot_top_k(labels, probabilities)


def test_bars_are_sorted_and_labelled():
    ax = plots.plot_bars({"Linear": 1, "Conv2d": np.int64(25_557_032)}, xlabel="parameters", title="resnet50")
    assert names(ax) == ["Conv2d", "Linear"]
    assert bar_texts(ax) == ["25,557,032", "1"]
    assert (ax.get_xlabel(), ax.get_title()) == ("parameters", "resnet50")
    ax.figure.draw_without_rendering()
    assert ax.get_xticklabels()[1].get_text() == "20,000,000"


def test_bars_in_the_order_given():
    ax = plots.plot_bars({"batch 1": 12.345, "batch 8": 80.0, "batch 2": 0.01}, xlabel="ms", sort=False)
    assert names(ax) == ["batch 1", "batch 8", "batch 2"]
    assert bar_texts(ax) == ["12.3", "80", "0.01"]


def test_bars_that_are_all_zero():
    assert plots.plot_bars({"a": 0}, xlabel="layers").get_xlim() == (0, 1)


@pytest.mark.parametrize(
    ("counts", "message"),
    [({}, "0 bars to draw"), ({"a": -1}, "from 0 up"), ({"a": float("nan")}, "from 0 up")],
)
def test_bars_name_the_cause(counts, message):
    with pytest.raises(ValueError, match=message):
        plots.plot_bars(counts, xlabel="layers")


def test_plots_draw_into_a_given_ax():
    left, middle, right = plots.make_axes(3, height_in=2)
    assert plots.plot_top_k(LABELS, [0.5, 0.3, 0.1], ax=left) is left
    assert plots.plot_bars({"a": 1}, xlabel="layers", ax=middle) is middle
    assert plots.plot_histogram({"red": [0.0, 1.0]}, xlabel="value", ax=right) is right
    assert tuple(left.figure.get_size_inches()) == (9, 2)
    other = Figure().subplots()
    assert plots.plot_bars({"a": 1}, xlabel="layers", ax=other) is other


# Histograms ----------------------------------------------------------------------------------------


def test_histogram_shows_shares_and_statistics():
    channels = {"red": torch.rand(50, 50), "green": np.zeros(10), "other": [0.2, 0.4]}
    ax = plots.plot_histogram(channels, xlabel="value (0 to 1)", title="before Normalize", bins=10)
    for line in ax.lines:
        assert line.get_ydata().sum() == pytest.approx(100)
        assert len(line.get_ydata()) == 10
    texts = [text.get_text() for text in ax.get_legend().get_texts()]
    assert texts[1:] == ["green: mean 0.00, std 0.00", "other: mean 0.30, std 0.10"]
    assert [to_hex(line.get_color()).upper() for line in ax.lines[:2]] == [plots.COLOURS["red"], plots.COLOURS["green"]]
    assert len({line.get_linestyle() for line in ax.lines}) == 3  # told apart without colour too
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("value (0 to 1)", "share of values (%)")


@pytest.mark.parametrize("groups", [{}, {"red": []}])
def test_histogram_of_nothing(groups):
    with pytest.raises(ValueError, match="no values to draw"):
        plots.plot_histogram(groups, xlabel="value")


# Colours -------------------------------------------------------------------------------------------


def test_colours_differ_for_colour_blind_readers_and_in_grey():
    """The colours that mean something side by side differ in lightness as well."""
    from matplotlib.colors import to_rgb

    def lightness(name):
        return np.dot(to_rgb(plots.COLOURS[name]), (0.2126, 0.7152, 0.0722))

    assert abs(lightness("blue") - lightness("grey")) > 0.1
    assert len(set(plots.COLOURS.values())) == len(plots.COLOURS)
