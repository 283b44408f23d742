"""Looks at the bytes before any parser does, and refuses early.

An archive is inflated while counting, never trusting the sizes it claims, so
that a bomb costs no more than the limit (checklist D6).
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib

from vciso.imports.reading.refused import ImportRefused

MAX_FILE = 10 * 1024 * 1024
MAX_UNPACKED = 20 * 1024 * 1024
MAX_MEMBERS = 200
_CHUNK = 256 * 1024

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ARCHIVES = (".zip", ".xlsx", ".xlsm", ".docx", ".pptx", ".jar", ".7z", ".rar", ".gz", ".xlsb")
SAVE_AS = "Open it in your spreadsheet program and save it as XLSX or CSV."
EXPORT = "Export the list as XLSX or CSV where it was made, or copy its table into a spreadsheet."
UNPACK = "Unpack it and choose the spreadsheet inside."
CHOOSE = "Choose the spreadsheet that holds your list."
_OTHERS = (
    (b"%PDF", "a PDF", EXPORT),
    (b"{\\rtf", "a Word (RTF) document", EXPORT),
    (b"\x89PNG", "a picture", EXPORT),
    (b"\xff\xd8\xff", "a picture", EXPORT),
    (b"GIF8", "a picture", EXPORT),
    (b"Rar!", "a RAR archive", UNPACK),
    (b"7z\xbc\xaf", "a 7-Zip archive", UNPACK),
    (b"\x1f\x8b", "a gzip archive", UNPACK),
    (b"BZh", "a bzip2 archive", UNPACK),
    (b"MZ", "a program", CHOOSE),
    (b"\x7fELF", "a program", CHOOSE),
)
_HTML = re.compile(rb"^\s*(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)*<(!doctype\s+html|html|table|meta|head)", re.I)
_XML = re.compile(rb"^\s*<\?xml", re.I)
_ENTITIES = tuple(
    mark.encode(form) for mark in ("<!DOCTYPE", "<!ENTITY") for form in ("ascii", "utf-16-le", "utf-16-be")
)
OWN_ENTITIES = (
    "The workbook defines entities of its own, which no spreadsheet program writes. "
    "Copy the list into a new workbook and choose that."
)
TEXT_ENDINGS = {"csv", "tsv", "txt", "tab"}
BOOK_ENDINGS = {"xlsx", "xlsm", "xltx", "xltm"}


def ending(name: str) -> str:
    base = name.replace("\\", "/").rsplit("/", 1)[-1]
    return base.rsplit(".", 1)[-1].lower() if "." in base else ""


def form_of(name: str, data: bytes) -> str:
    """``"xlsx"`` or ``"csv"``, by content; refuses what is neither or is not what its name says."""
    if not data:
        raise ImportRefused("The file is empty. Choose the file with your list in it.")
    if len(data) > MAX_FILE:
        raise ImportRefused(
            f"The file has {len(data) / 1048576:.1f} MB; at most {MAX_FILE // 1048576} MB can be read. "
            "Delete pictures and old tabs, or save the list's tab alone."
        )
    suffix = ending(name)
    if data[:8] == _OLE:
        raise ImportRefused(_ole_sentence(data, suffix))
    if data[:4] in (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08"):
        if suffix in TEXT_ENDINGS:
            raise ImportRefused(
                f"The name ends in .{suffix} but the content is a workbook. "
                "Rename the file to end in .xlsx and try again."
            )
        if suffix == "xls":
            raise ImportRefused(
                "The name ends in .xls but the content is of the newer kind. Rename the file to end in .xlsx."
            )
        if suffix and suffix not in BOOK_ENDINGS:
            raise ImportRefused(_not_ours(suffix))
        return "xlsx"
    _refuse_other_forms(data, suffix)
    if suffix in BOOK_ENDINGS:
        raise ImportRefused(
            f"The name ends in .{suffix} but the content is not a workbook, or its beginning is missing. "
            "Download or save the file again; if it is text, rename it to end in .csv."
        )
    if suffix == "xls":
        raise ImportRefused(
            "The name ends in .xls but the content is plain text or damaged. "
            "If it opens in a spreadsheet program, save it as XLSX; if it is text, rename it to end in .csv."
        )
    if suffix and suffix not in TEXT_ENDINGS:
        raise ImportRefused(_not_ours(suffix))
    return "csv"


def _not_ours(suffix: str) -> str:
    named = {
        "ods": "an OpenDocument spreadsheet",
        "xlsb": "a binary workbook",
        "numbers": "a Numbers document",
        "docx": "a Word document",
        "pptx": "a presentation",
        "zip": "an archive",
        "xls": "an old Excel workbook",
    }.get(suffix)
    what = f"This is {named} (.{suffix})" if named else f"A file ending in .{suffix} is not a spreadsheet we read"
    if suffix == "zip":
        return f"{what}. {UNPACK}"
    remedy = EXPORT if suffix in ("docx", "pptx") else SAVE_AS
    return f"{what}; XLSX, XLSM and CSV can be read. {remedy}"


def _ole_sentence(data: bytes, suffix: str) -> str:
    head = data[: 2 * 1024 * 1024]
    if "EncryptedPackage".encode("utf-16-le") in head or "EncryptionInfo".encode("utf-16-le") in head:
        return (
            "The workbook is protected with a password, so nothing in it can be read. "
            "Open it, take the password off (File, Info, Protect Workbook) and save it again."
        )
    if suffix in BOOK_ENDINGS:
        return (
            f"The name ends in .{suffix} but the content is an old or password-protected Office file. "
            "Open it, take off any password and save it as XLSX."
        )
    return "This is an Excel file of the old kind (.xls). Open it and save it as XLSX (File, Save as, Excel Workbook)."


def _refuse_other_forms(data: bytes, suffix: str) -> None:
    for magic, what, remedy in _OTHERS:
        if data.startswith(magic):
            raise ImportRefused(f"This is {what}, not a spreadsheet. {remedy}")
    if _HTML.match(data[:2000]):
        raise ImportRefused(f"This is a web page named like a spreadsheet. {SAVE_AS}")
    if _XML.match(data[:200]):
        raise ImportRefused(f"This is an XML file, not a workbook or CSV. {SAVE_AS}")


def unpack(data: bytes) -> dict[str, bytes]:
    """The members of a workbook, inflated within the limits.

    Refuses more than 200 members, more than 20 MB unpacked, names that leave
    the archive, encrypted members, archives inside and damaged data.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = archive.infolist()
            _refuse_names(infos)
            return _inflate(archive, infos)
    except ImportRefused:
        raise
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError,
            RuntimeError, IndexError, KeyError, OverflowError, MemoryError, TypeError) as error:  # fmt: skip
        raise ImportRefused(
            "The workbook is damaged or only part of it arrived. Download or save it again and retry."
        ) from error


def _refuse_names(infos: list[zipfile.ZipInfo]) -> None:
    if len(infos) > MAX_MEMBERS:
        raise ImportRefused(
            f"The workbook holds {len(infos)} parts; at most {MAX_MEMBERS} can be read. "
            "Copy the list's tab alone into a new workbook."
        )
    for info in infos:
        name = info.filename.replace("\\", "/")
        if name.startswith("/") or ".." in name.split("/") or ":" in name.split("/")[0]:
            raise ImportRefused(
                "The workbook holds a part whose name points outside it, which no spreadsheet program writes. "
                "Copy the list into a new workbook."
            )
        if info.flag_bits & 0x1:
            raise ImportRefused("The workbook is protected with a password. Take the password off and save it again.")
        if name.lower().endswith(_ARCHIVES):
            raise ImportRefused(_nested(name))


def _nested(name: str) -> str:
    return (
        f"The workbook has another file inside ({name.rsplit('/', 1)[-1][:60]}), which is not opened. "
        "Delete the embedded file, or copy the list's tab alone into a new workbook."
    )


def _inflate(archive: zipfile.ZipFile, infos: list[zipfile.ZipInfo]) -> dict[str, bytes]:
    left = MAX_UNPACKED
    parts: dict[str, bytes] = {}
    for info in infos:
        if info.is_dir():
            continue
        chunks: list[bytes] = []
        with archive.open(info) as member:
            while chunk := member.read(min(_CHUNK, left + 1)):
                left -= len(chunk)
                if left < 0:
                    raise ImportRefused(
                        f"The workbook unpacks to more than {MAX_UNPACKED // 1048576} MB. Mostly that is empty rows "
                        "that were once formatted, or pictures: copy the list alone into a new workbook."
                    )
                chunks.append(chunk)
        content = b"".join(chunks)
        if content[:4] == b"PK\x03\x04":
            raise ImportRefused(_nested(info.filename))
        if info.filename.lower().endswith((".xml", ".rels", ".vml")) and any(mark in content for mark in _ENTITIES):
            raise ImportRefused(OWN_ENTITIES)
        parts[info.filename.replace("\\", "/").lstrip("/")] = content
    return parts
