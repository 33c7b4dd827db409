"""Pictures painted anew: the same to look at, without place, time, camera, thumbnail or remark."""

from __future__ import annotations

import io
import sys
import warnings
from typing import Final

from PIL import Image, ImageOps, PngImagePlugin, UnidentifiedImageError

from workflow.documents.confined import Unfit, run

#: More than any telephone's camera takes; asked before anything is unpacked.
MOST_PIXELS: Final = 70_000_000
LONGEST_SIDE: Final = 20_000
#: The longest side of a copy: every letter of a page stays legible.
SIDE_OF_A_COPY: Final = 4_096
FORMATS: Final = ("JPEG", "PNG", "WEBP")


def painted_anew(content: bytes) -> bytes:
    """A JPEG of a JPEG, a PNG of everything else, upright, its first frame alone. Raises `Unfit`."""
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    PngImagePlugin.MAX_TEXT_CHUNK = PngImagePlugin.MAX_TEXT_MEMORY = 1024 * 1024
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as picture:
            if max(picture.size) > LONGEST_SIDE or picture.width * picture.height > MOST_PIXELS:
                raise Unfit("pixels")
            was = picture.format
            picture.draft("RGB", (SIDE_OF_A_COPY, SIDE_OF_A_COPY))
            return _painted(picture, was)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Unfit("pixels") from None
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, IndexError, KeyError):
        raise Unfit("damaged") from None


def _painted(picture: Image.Image, was: str | None) -> bytes:
    picture.load()
    upright = ImageOps.exif_transpose(picture)
    upright.thumbnail((SIDE_OF_A_COPY, SIDE_OF_A_COPY))
    mode = "RGB" if was == "JPEG" or not upright.has_transparency_data else "RGBA"
    painted = upright.convert(mode)
    # From the bare pixels: a picture that was opened would hand on comments and profiles.
    bare = Image.frombytes(mode, painted.size, painted.tobytes())
    out = io.BytesIO()
    if was == "JPEG":
        bare.save(out, "JPEG", quality=90)
    else:
        bare.save(out, "PNG")
    return out.getvalue()


if __name__ == "__main__":
    sys.exit(run(painted_anew))
