"""Opening images of every kind, and the sample photos."""

import struct
import subprocess
import sys
import zlib

import numpy as np
import pytest
from PIL import Image, ImageFile

from helpers import images
from helpers.images import samples

RED, WHITE = (255, 0, 0), (255, 255, 255)


def save(image, path, **options):
    image.save(path, **options)
    return path


def pixel(path, x=0, y=0):
    image = images.open_image(path)
    assert image.mode == "RGB"
    return image.getpixel((x, y))


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def write_png(path, width, height, *, pixels=b""):
    """Write a one-bit grey PNG whose header claims width x height."""
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    parts = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(pixels, 9)) + chunk(b"IEND", b"")
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + parts)
    return path


@pytest.fixture
def noise():
    """A photo-like picture that does not compress to nothing."""
    return Image.fromarray(np.random.default_rng(0).integers(0, 256, (60, 80, 3), dtype=np.uint8))


# What cameras and programs produce -----------------------------------------------------------------


@pytest.mark.parametrize("ending", ["png", "jpg", "bmp", "tiff", "webp", "gif"])
def test_opens_each_format(tmp_path, ending):
    path = save(Image.new("RGB", (8, 6), RED), tmp_path / f"photo.{ending}")
    image = images.open_image(path)
    assert (type(image), image.mode, image.size) == (Image.Image, "RGB", (8, 6))
    assert np.allclose(image.getpixel((3, 3)), RED, atol=3)


def test_goes_by_content_not_by_name(tmp_path):
    path = save(Image.new("RGB", (8, 6), RED), tmp_path / "really_a_png.jpg", format="PNG")
    assert pixel(str(path)) == RED


@pytest.mark.parametrize("ending", ["jpg", "png", "tiff", "webp"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_turns_a_photo_upright(tmp_path, ending, orientation):
    upright = Image.new("RGB", (32, 16), "white")
    upright.paste(RED, (0, 0, 16, 8))  # the upper left quarter
    undo = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}  # Pillow's Transpose that the camera "did"
    stored = upright.transpose(Image.Transpose(undo[orientation])) if orientation in undo else upright
    exif = Image.Exif()
    exif[0x0112] = orientation
    image = images.open_image(save(stored, tmp_path / f"photo.{ending}", exif=exif, quality=95))
    assert image.size == (32, 16)
    corners = [image.getpixel(at) for at in ((4, 2), (28, 2), (4, 14), (28, 14))]
    assert np.allclose(corners, [RED, WHITE, WHITE, WHITE], atol=12)


def test_unreadable_exif_does_not_matter(tmp_path, recwarn):
    path = save(
        Image.new("RGB", (8, 6), RED), tmp_path / "photo.jpg", exif=b"Exif\0\0II*\0\xff\xff\xff\xff", quality=95
    )
    assert np.allclose(pixel(path), RED, atol=3)
    assert not recwarn.list


def test_palette(tmp_path):
    image = Image.new("RGB", (8, 6), RED).quantize()
    assert image.mode == "P"
    assert pixel(save(image, tmp_path / "palette.png")) == RED


@pytest.mark.parametrize("transparency", [0, bytes([0, 255])])
def test_palette_with_transparency(tmp_path, transparency):
    image = Image.new("P", (2, 1))
    image.putpalette([0, 0, 255, 255, 0, 0])
    image.putdata([0, 1])
    path = save(image, tmp_path / "palette.png", transparency=transparency)
    assert [pixel(path, 0), pixel(path, 1)] == [WHITE, RED]


@pytest.mark.parametrize(
    ("mode", "colour", "expected"),
    [
        ("RGBA", (255, 0, 0, 255), RED),
        ("RGBA", (255, 0, 0, 0), WHITE),
        ("RGBA", (255, 0, 0, 51), (255, 204, 204)),  # one fifth red over white
        ("LA", (0, 0), WHITE),
        ("LA", (100, 255), (100, 100, 100)),
        ("L", 100, (100, 100, 100)),
        ("1", 1, WHITE),
        ("1", 0, (0, 0, 0)),
    ],
)
def test_grey_and_alpha(tmp_path, mode, colour, expected):
    assert pixel(save(Image.new(mode, (4, 4), colour), tmp_path / "photo.png")) == expected


def test_rgb_with_a_transparent_colour(tmp_path):
    path = save(Image.new("RGB", (4, 4), RED), tmp_path / "photo.png", transparency=RED)
    assert pixel(path) == WHITE


@pytest.mark.parametrize("ending", ["jpg", "tiff"])
def test_cmyk(tmp_path, ending):
    path = save(Image.new("CMYK", (8, 8), (0, 255, 255, 0)), tmp_path / f"print.{ending}", quality=95)
    assert np.allclose(pixel(path), RED, atol=5)


@pytest.mark.parametrize("mode", ["LAB", "YCbCr"])
def test_other_colour_spaces(tmp_path, mode):
    image = Image.new("RGB", (4, 4), RED)
    assert np.allclose(pixel(save(image.convert(mode), tmp_path / "photo.tiff")), RED, atol=5)


@pytest.mark.parametrize("ending", ["png", "tiff"])
def test_16_bit_grey_is_scaled_not_clipped(tmp_path, ending):
    values = np.array([[0, 257, 32896, 65535]], dtype=np.uint16)
    image = images.open_image(save(Image.fromarray(values), tmp_path / f"grey.{ending}"))
    assert np.asarray(image)[0, :, 0].tolist() == [0, 1, 128, 255]


def test_16_bit_grey_big_endian(tmp_path):
    data = np.array([[0, 32896, 65535]], dtype=">u2")
    image = Image.frombytes("I;16B", (3, 1), data.tobytes())
    assert np.asarray(images.open_image(save(image, tmp_path / "grey.tiff")))[0, :, 0].tolist() == [0, 128, 255]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([0, 100, 255], [0, 100, 255]),  # 8-bit values in a 32-bit file
        ([0, 32896, 65535], [0, 128, 255]),  # 16-bit values
        ([0, 50_000, 100_000], [0, 128, 255]),  # more than 16 bits: lowest black, highest white
        ([-10, 0, 10], [0, 128, 255]),
        ([7, 7, 7], [7, 7, 7]),
        ([100_000, 100_000, 100_000], [0, 0, 0]),
    ],
)
def test_32_bit_grey(tmp_path, values, expected):
    path = save(Image.fromarray(np.array([values], dtype=np.int32)), tmp_path / "grey.tiff")
    assert np.asarray(images.open_image(path))[0, :, 0].tolist() == expected


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([0, 0.5, 1], [0, 128, 255]),
        ([0, 100, 255], [0, 100, 255]),
        ([-1, 0, 1], [0, 128, 255]),
        ([np.nan, 0.5, 1], [0, 128, 255]),
        ([-np.inf, 0.5, np.inf], [0, 128, 255]),
        ([np.nan, np.nan, np.nan], [0, 0, 0]),
    ],
)
def test_float_grey(tmp_path, values, expected):
    path = save(Image.fromarray(np.array([values], dtype=np.float32)), tmp_path / "grey.tiff")
    assert np.asarray(images.open_image(path))[0, :, 0].tolist() == expected


@pytest.mark.parametrize("ending", ["gif", "png", "webp", "tiff"])
def test_animation_gives_its_first_frame(tmp_path, ending):
    frames = [Image.new("RGB", (8, 6), colour) for colour in ("red", "lime", "blue")]
    path = save(frames[0], tmp_path / f"film.{ending}", save_all=True, append_images=frames[1:])
    assert np.allclose(pixel(path), RED, atol=3)


def test_the_file_is_closed_and_unchanged(tmp_path):
    path = save(Image.new("RGB", (8, 6), RED), tmp_path / "photo.png")
    before = path.read_bytes()
    image = images.open_image(path)
    path.unlink()
    image.putpixel((0, 0), WHITE)  # needs no file any more
    assert images.decode_image(before, name="photo.png").getpixel((0, 0)) == RED


# What cannot be opened -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", r"odd\.jpg is empty"),
        (b"hello, I am a text", r"odd\.jpg is not a JPEG, PNG, GIF, WebP, BMP or TIFF image"),
        (b"RIFF\x24\0\0\0WAVEfmt ", r"odd\.jpg is not a JPEG"),
        (b"\0\0\0\x18ftypheic", r"odd\.jpg is not a JPEG.* save the photo as JPEG"),
        (b"\n<!DOCTYPE html><html>404</html>", r"odd\.jpg holds a web page"),
        (b"\xff\xd8\xff", r"odd\.jpg is damaged or cut short"),
        (b"\x89PNG\r\n\x1a\n", r"odd\.jpg is damaged or cut short"),
        (b"GIF89a", r"odd\.jpg is damaged or cut short"),
        (b"BM", r"odd\.jpg is damaged or cut short"),
        (b"II*\x00", r"odd\.jpg is damaged or cut short"),
        (b"RIFF\x24\0\0\0WEBPVP8 ", r"odd\.jpg is damaged or cut short"),
    ],
)
def test_not_an_image(tmp_path, content, message):
    path = tmp_path / "odd.jpg"
    path.write_bytes(content)
    with pytest.raises(images.ImageError, match=message) as caught:
        images.open_image(path)
    assert isinstance(caught.value, ValueError)
    assert "\n" not in str(caught.value)


def test_missing_file(tmp_path):
    with pytest.raises(images.ImageError, match=r"There is no file .*dgo\.jpg: check the spelling"):
        images.open_image(tmp_path / "dgo.jpg")


def test_folder(tmp_path):
    with pytest.raises(images.ImageError, match="is a folder"):
        images.open_image(tmp_path)


def test_unreadable_file(tmp_path, monkeypatch):
    path = save(Image.new("RGB", (8, 6)), tmp_path / "secret.png")

    def refuse(self):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(type(path), "read_bytes", refuse)  # chmod does not stop root
    with pytest.raises(images.ImageError, match=r"secret\.png cannot be read \(Permission denied\)"):
        images.open_image(path)


def test_a_file_too_large_to_be_a_photo_is_not_read(tmp_path, monkeypatch):
    path = save(Image.new("RGB", (8, 6)), tmp_path / "huge.png")
    monkeypatch.setattr(images.opening, "MAX_FILE_BYTES", 10)
    with pytest.raises(images.ImageError, match=r"huge\.png is larger than"):
        images.open_image(path)


@pytest.mark.parametrize("share", [0.3, 0.9, 0.99])
@pytest.mark.parametrize("ending", ["jpg", "png", "gif", "bmp", "webp", "tiff"])
@pytest.mark.parametrize("lenient", [False, True])
def test_truncated_file(tmp_path, monkeypatch, noise, ending, share, lenient):
    """Also when some other code has told Pillow to load truncated files."""
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", lenient)
    path = save(noise, tmp_path / f"cut.{ending}")
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * share)])
    with pytest.raises(images.ImageError, match=rf"cut\.{ending} is damaged or cut short"):
        images.open_image(path)
    assert ImageFile.LOAD_TRUNCATED_IMAGES is lenient


def test_damaged_in_the_middle(tmp_path, noise):
    path = save(noise, tmp_path / "bad.png")
    data = bytearray(path.read_bytes())
    data[len(data) // 2 : len(data) // 2 + 200] = bytes(200)
    path.write_bytes(data)
    with pytest.raises(images.ImageError, match=r"bad\.png is damaged"):
        images.open_image(path)


# Decompression bombs -------------------------------------------------------------------------------


@pytest.mark.parametrize("pillow_limit", [None, 1, 10**12])
def test_bomb_that_only_claims_its_size(tmp_path, monkeypatch, pillow_limit):
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", pillow_limit)
    path = write_png(tmp_path / "bomb.png", 2**31 - 1, 2**31 - 1)
    assert path.stat().st_size < 100
    with pytest.raises(images.ImageError, match=r"bomb\.png would have 2147483647 x 2147483647 pixels"):
        images.open_image(path)


def test_real_bomb_is_refused_before_decoding(tmp_path, monkeypatch):
    side = 9_600
    path = write_png(tmp_path / "bomb.png", side, side, pixels=bytes(side * (side // 8 + 1)))
    assert side * side > images.MAX_PIXELS
    assert path.stat().st_size < 20_000

    def decode(self):
        raise AssertionError("the pixels were decoded")

    monkeypatch.setattr(ImageFile.ImageFile, "load", decode)
    with pytest.raises(images.ImageError, match="the limit is 80 million"):
        images.open_image(path)


def test_the_limit_is_our_own(tmp_path, monkeypatch, recwarn):
    """A photo within it opens in silence, whatever Pillow's global limit; and that limit is left alone."""
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 1)
    for ending in ("png", "jpg", "gif", "bmp"):
        images.open_image(save(Image.new("RGB", (30, 30), RED), tmp_path / f"photo.{ending}"))
    assert not recwarn.list
    for ending in ("tiff", "webp"):  # here Pillow looks at its own limit too; the error says what is wrong
        with pytest.raises(images.ImageError, match=rf"photo\.{ending} has too many pixels"):
            images.open_image(save(Image.new("RGB", (30, 30), RED), tmp_path / f"photo.{ending}"))
    assert Image.MAX_IMAGE_PIXELS == 1


# Sample photos -------------------------------------------------------------------------------------


def test_sample_photos_are_there_and_open():
    photos = images.sample_photos()
    assert list(photos) == [
        "chelsea",
        "coffee",
        "rocket",
        "motorcycle_left",
        "camera",
        "grace_hopper",
        "astronaut",
        "hubble_deep_field",
    ]
    for name, photo in photos.items():
        assert photo.name == name
        assert photo.description.endswith(".")
        assert photo.licence
        assert photo.source
        assert min(images.open_image(photo.path).size) >= 224


def test_sample_labels_are_exact_imagenet_names():
    from torchvision.models import ResNet50_Weights

    categories = ResNet50_Weights.DEFAULT.meta["categories"]
    labels = {label for photo in images.sample_photos().values() for label in photo.labels}
    assert labels <= set(categories)
    assert all(categories.count(label) == 1 for label in labels)


def test_a_photo_does_not_show_where_this_machine_keeps_it():
    photo = images.sample_photos()["coffee"]
    assert str(photo.path.parent) not in repr(photo)


def test_finding_the_photos_imports_nothing_heavy():
    code = (
        "import sys; from helpers import images; images.sample_photos(); "
        "print([name for name in ('torch', 'skimage', 'matplotlib', 'scipy') if name in sys.modules])"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert (result.stdout.strip(), result.stderr) == ("[]", "")


def test_package_that_is_not_installed(monkeypatch):
    monkeypatch.setattr(samples, "find_spec", lambda name: None)
    with pytest.raises(images.PhotoError, match="scikit-image is not installed: run `pip install scikit-image`"):
        images.sample_photos()


def test_photo_missing_from_the_install(monkeypatch):
    package, _, *facts = samples._SAMPLES["coffee"]
    monkeypatch.setitem(samples._SAMPLES, "coffee", (package, "no_such.png", *facts))
    with pytest.raises(images.PhotoError, match=r"no_such\.png is missing from the installed scikit-image"):
        images.sample_photos()
