"""Pictures from people: read, drawn anew and written again, so that nothing else travels with them."""

from __future__ import annotations

import io
import warnings

from PIL import Image, ImageOps, UnidentifiedImageError

from vciso.files.uploads import UploadRefused

MAX_PIXELS = 8_000_000
MAX_SIDE = 1200
MAX_PHOTO = 50_000_000
MAX_PHOTO_SIDE = 4_000
_FORMS = {"PNG": (".png", "image/png"), "JPEG": (".jpg", "image/jpeg")}


def clean_logo(content: bytes) -> tuple[bytes, str]:
    """A logo as a new PNG or JPEG without metadata, and its file suffix.

    Refuses everything but PNG and JPEG (SVG can carry scripts), and pictures
    of more than 8 million points.
    """
    if not content.startswith((b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")):
        raise UploadRefused("A logo must be a PNG or JPEG picture. Save it as PNG and choose that.")
    return _again(*_opened(content, MAX_PIXELS, "8 million"))


def _opened(content: bytes, most: int, words: str) -> tuple[Image.Image, str]:
    """The picture, read whole, and its form; its size is looked at before a point is drawn."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            picture = Image.open(io.BytesIO(content), formats=("PNG", "JPEG"))
            if picture.width * picture.height > most:
                raise UploadRefused(f"The picture has more than {words} points. Make it smaller and try again.")
            form = picture.format or "PNG"
            picture.load()
    except UploadRefused:
        raise
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Warning, Image.DecompressionBombError,
            EOFError, IndexError, TypeError, MemoryError) as error:  # fmt: skip
        raise UploadRefused("The picture is damaged. Save it again as PNG and choose that.") from error
    return picture, form


def clean_picture(content: bytes, wanted: str) -> tuple[bytes, str]:
    """A photograph or screenshot as a new file of the same form, at most 4,000 points wide or high."""
    mark = b"\x89PNG\r\n\x1a\n" if wanted == "png" else b"\xff\xd8\xff"
    if not content.startswith(mark):
        raise UploadRefused(f"The name ends in .{wanted} but the content is no such picture. Save it again and try.")
    return _again(*_opened(content, MAX_PHOTO, "50 million"), side=MAX_PHOTO_SIDE)


def _again(picture: Image.Image, form: str, side: int = MAX_SIDE) -> tuple[bytes, str]:
    # The camera's turn is part of what is dropped, so it is carried out first.
    plain = (ImageOps.exif_transpose(picture) or picture).convert("RGB" if form == "JPEG" else "RGBA")
    plain.thumbnail((side, side))
    fresh = Image.new(plain.mode, plain.size)
    fresh.paste(plain)
    out = io.BytesIO()
    fresh.save(out, format=form, optimize=True)
    return out.getvalue(), _FORMS[form][0]
