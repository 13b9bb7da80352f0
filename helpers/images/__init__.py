"""Photos: open any image file, sample photos that need no network, three photos from the web."""

from helpers.images.opening import MAX_FILE_BYTES, MAX_PIXELS, ImageError, decode_image, open_image
from helpers.images.samples import Photo, PhotoError, sample_photos
from helpers.images.web import WEB_PHOTOS, fetch_web_photos

__all__ = [
    "MAX_FILE_BYTES",
    "MAX_PIXELS",
    "WEB_PHOTOS",
    "ImageError",
    "Photo",
    "PhotoError",
    "decode_image",
    "fetch_web_photos",
    "open_image",
    "sample_photos",
]
