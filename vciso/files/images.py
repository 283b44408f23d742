"""Pictures from people: read, drawn anew and written again, so that nothing else travels with them."""

from __future__ import annotations

import io
import warnings

from PIL import Image, UnidentifiedImageError

from vciso.files.uploads import UploadRefused

MAX_PIXELS = 8_000_000
MAX_SIDE = 1200
_FORMS = {"PNG": (".png", "image/png"), "JPEG": (".jpg", "image/jpeg")}


def clean_logo(content: bytes) -> tuple[bytes, str]:
    """A logo as a new PNG or JPEG without metadata, and its file suffix.

    Refuses everything but PNG and JPEG (SVG can carry scripts), and pictures
    of more than 8 million points.
    """
    if not content.startswith((b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")):
        raise UploadRefused("A logo must be a PNG or JPEG picture. Save it as PNG and choose that.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            picture = Image.open(io.BytesIO(content), formats=("PNG", "JPEG"))
            if picture.width * picture.height > MAX_PIXELS:
                raise UploadRefused("The picture has more than 8 million points. Make it smaller and try again.")
            form = picture.format or "PNG"
            picture.load()
    except UploadRefused:
        raise
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Warning, Image.DecompressionBombError,
            EOFError, IndexError, TypeError, MemoryError) as error:  # fmt: skip
        raise UploadRefused("The picture is damaged. Save it again as PNG and choose that.") from error
    return _again(picture, form)


def _again(picture: Image.Image, form: str) -> tuple[bytes, str]:
    plain = picture.convert("RGB" if form == "JPEG" else "RGBA")
    plain.thumbnail((MAX_SIDE, MAX_SIDE))
    fresh = Image.new(plain.mode, plain.size)
    fresh.paste(plain)
    out = io.BytesIO()
    fresh.save(out, format=form, optimize=True)
    return out.getvalue(), _FORMS[form][0]
