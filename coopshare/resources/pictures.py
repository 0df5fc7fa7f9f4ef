"""Pictures people send: read with bounds, turned upright, stripped, resized, encoded again."""

import warnings
from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageOps

from coopshare.kernel.text import Sentence, marked
from coopshare.resources.errors import UnreadablePhoto

FORMATS = ("JPEG", "PNG", "WEBP")
MOST_BYTES = 8 * 1024 * 1024
MOST_PIXELS = 40_000_000
LARGE, SMALL = (1600, 1200), (480, 360)
CONTENT_TYPE = "image/webp"


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of ours: WebP, upright, without any data of the camera."""

    content: bytes
    thumbnail: bytes
    width: int
    height: int
    content_type: str = CONTENT_TYPE


def read(content: bytes) -> Picture:
    """Return a picture of ours made from what was sent.

    Raises `UnreadablePhoto` for anything but a JPEG, PNG or WebP of at most 8 MB and 40 million
    pixels.
    """
    if len(content) > MOST_BYTES:
        raise refused(marked("Cette image est trop lourde : 8 Mo au plus."))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            image = Image.open(BytesIO(content), formats=FORMATS)
            if image.width * image.height > MOST_PIXELS:
                raise refused(
                    marked("Cette image est trop grande : 40 millions de points au plus.")
                )
            upright = ImageOps.exif_transpose(image).convert("RGB")
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError, Warning) as error:
        raise refused(
            marked("Cette image ne peut pas être lue. Envoyez une photo JPEG, PNG ou WebP.")
        ) from error
    large = ImageOps.contain(upright, LARGE) if _exceeds(upright) else upright
    small = ImageOps.fit(upright, SMALL)
    return Picture(_encoded(large), _encoded(small), large.width, large.height)


def refused(message: str) -> UnreadablePhoto:
    """Return the refusal of a picture, on its field."""
    return UnreadablePhoto({"photo": [Sentence(message)]})


def _exceeds(image: Image.Image) -> bool:
    return image.width > LARGE[0] or image.height > LARGE[1]


def _encoded(image: Image.Image) -> bytes:
    bare = Image.new("RGB", image.size)
    bare.paste(image)
    out = BytesIO()
    bare.save(out, "WEBP", quality=82, method=4)
    return out.getvalue()
