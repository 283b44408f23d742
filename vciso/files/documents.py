"""What is attached to a record: ending, first bytes and a parser must agree before it is kept.

Pictures are drawn anew, so that neither places nor programs travel with them. Office files are
inflated while counting and opened by no program of ours. Everything else is refused with the
endings that are taken; pages and drawings that can run scripts (HTML, SVG) among it.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from xml.parsers import expat

from vciso.files.images import clean_picture
from vciso.files.uploads import MB, UploadRefused, ending

MAX_MEMBERS = 500
MAX_UNPACKED = 100 * MB
MAX_RATIO = 200
"""Unpacked bytes for one packed; a workbook of empty rows reaches 100, a bomb a thousand."""

_ZIP = b"PK\x03\x04"
_ARCHIVES = (".zip", ".7z", ".rar", ".gz", ".jar", ".docx", ".xlsx", ".pptx", ".xlsm")
_OFFICE = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml"}
_TEXTS = frozenset({"csv", "txt", "md"})
_MARKUP = re.compile(rb"^\s*(?:\xef\xbb\xbf)?\s*<(?:!doctype|html|svg|\?xml|script|head|body|iframe)", re.IGNORECASE)
TAKEN = "PDF, PNG, JPEG, DOCX, XLSX, CSV, TXT and MD"


def agreed(name: str, content: bytes) -> tuple[bytes, str]:
    """The bytes to keep and their ending; refuses what is not what its name says."""
    given = ending(name)
    if given in ("png", "jpg", "jpeg"):
        return clean_picture(content, "png" if given == "png" else "jpg")
    if given == "pdf":
        if not content.startswith(b"%PDF-") or b"%%EOF" not in content[-2048:]:
            raise _other(given)
        return content, ".pdf"
    if given in _OFFICE:
        _check_office(content, given)
        return content, f".{given}"
    if given in _TEXTS:
        if b"\0" in content or _MARKUP.match(content) or content.startswith((b"%PDF", _ZIP, b"MZ", b"\x7fELF")):
            raise _other(given)
        return content, f".{given}"
    named = f"A file ending in .{given}" if given else "A file without an ending"
    raise UploadRefused(f"{named} is not kept here. {TAKEN} are; print anything else as a PDF.")


def _other(given: str) -> UploadRefused:
    return UploadRefused(
        f"The name ends in .{given} but the content is something else or damaged. Save the file again and try."
    )


def _check_office(content: bytes, given: str) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            infos = archive.infolist()
            names = {info.filename for info in infos}
            if _OFFICE[given] not in names or "[Content_Types].xml" not in names:
                raise _other(given)
            if len(infos) > MAX_MEMBERS:
                raise UploadRefused(f"The file holds {len(infos)} parts; at most {MAX_MEMBERS} are taken.")
            left = min(MAX_UNPACKED, max(len(content), 1) * MAX_RATIO)
            for info in infos:
                left = _count(archive, info, left)
            with archive.open(_OFFICE[given]) as main:
                _check_xml(main.read(), given)
    except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError, ValueError, OSError) as error:
        raise _other(given) from error


def _count(archive: zipfile.ZipFile, info: zipfile.ZipInfo, left: int) -> int:
    """What may still be unpacked after this part; the sizes it claims are not trusted."""
    if info.flag_bits & 0x1:
        raise UploadRefused("The file is protected with a password. Take it off and try again.")
    if info.filename.lower().endswith(_ARCHIVES):
        raise UploadRefused("The file has another file inside. Attach that one by itself.")
    with archive.open(info) as part:
        first = True
        while chunk := part.read(256 * 1024):
            if first and chunk.startswith(_ZIP):
                raise UploadRefused("The file has another file inside. Attach that one by itself.")
            first = False
            left -= len(chunk)
            if left < 0:
                raise UploadRefused("The file unpacks to far more than it seems to hold, so it is not taken.")
    return left


def _check_xml(part: bytes, given: str) -> None:
    """The main part is well formed and declares neither a document type nor entities."""

    def refuse(*_: object) -> None:
        raise UploadRefused("The file defines entities of its own, which no office program writes.")

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    try:
        parser.Parse(part, True)
    except expat.ExpatError as error:
        raise _other(given) from error
