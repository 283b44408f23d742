"""Storage, names, pictures and downloads."""

from __future__ import annotations

import io
import uuid
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from vciso import files
from vciso.files import places
from vciso.files.images import clean_logo
from vciso.files.responses import disposition, download
from vciso.files.scanning import MalwareFound
from vciso.files.storage import Damaged
from vciso.files.uploads import UploadRefused, safe_name, taken

ACME, GLOBEX = (uuid.UUID(f"00000000-0000-4000-8000-0000000000{end}") for end in ("ac", "bd"))


@pytest.fixture(autouse=True)
def own_files(settings: Any, tmp_path: Path) -> Path:
    settings.FILES_ROOT = tmp_path / "files"
    return tmp_path / "files"


def test_stored_bytes_come_back_and_lie_with_their_client(own_files: Path) -> None:
    stored = files.store(ACME, b"hello", suffix=".pdf")
    assert files.read(stored.key) == b"hello" and stored.size == 5
    assert files.store(ACME, b"hello", suffix=".pdf") == stored
    assert files.store(GLOBEX, b"hello", suffix=".pdf").key != stored.key
    assert files.tenant_safe(stored.key, ACME) and not files.tenant_safe(stored.key, GLOBEX)
    assert [path.suffix for path in own_files.rglob("*") if path.is_file()] == [".pdf", ".pdf"]


@pytest.mark.parametrize(
    "key", ["", "../../etc/passwd", "c/x/../y", "/etc/passwd", f"c/{ACME}/aa/bb.pdf", "c\\x", "c/\0"]
)
def test_no_key_leaves_the_storage(key: str) -> None:
    with pytest.raises(FileNotFoundError):
        files.read(key)
    assert not files.tenant_safe(key, ACME)


def test_changed_bytes_are_never_handed_out(own_files: Path) -> None:
    stored = files.store(ACME, b"hello", suffix=".pdf")
    (own_files / stored.key).write_bytes(b"hullo")
    with pytest.raises(FileNotFoundError):
        files.read(stored.key)


def test_harmful_content_is_not_stored(own_files: Path) -> None:
    harm = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
    with pytest.raises(MalwareFound):
        files.store(ACME, harm)
    assert not own_files.exists()


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd", "passwd"), ("C:\\fakepath\\list.xlsx", "list.xlsx"), ("a\r\nb\0.csv", "ab.csv"),
        ('say "hi".csv', "say hi.csv"), ("\u202egnp.exe", "gnp.exe"), ("...", "file"), ("", "file"),
        ("größe.pdf", "größe.pdf"),
    ],
)  # fmt: skip
def test_names_are_safe_to_show(name: str, kept: str) -> None:
    assert safe_name(name) == kept


def test_a_download_names_its_file_and_is_never_run() -> None:
    answer = download(b"x", name='Größe "final"\r\nSet-Cookie: a.pdf')
    told = answer["Content-Disposition"]
    assert told.startswith("attachment; filename=") and "\r" not in told and "filename*=UTF-8''Gr%C3%B6%C3%9Fe" in told
    assert answer["X-Content-Type-Options"] == "nosniff" and "sandbox" in answer["Content-Security-Policy"]
    assert disposition("a.pdf", inline=True).startswith("inline")


def test_uploads_over_the_limit_are_read_no_further() -> None:
    with pytest.raises(UploadRefused, match="2 MB"):
        taken(io.BytesIO(b"x" * (2 * 1024 * 1024 + 5)), kind="logo")
    with pytest.raises(UploadRefused, match="empty"):
        taken(io.BytesIO(b""), kind="logo")


def picture(form: str = "PNG", size: tuple[int, int] = (40, 20)) -> bytes:
    out = io.BytesIO()
    image = Image.new("RGB", size, "teal")
    exif = Image.Exif()
    exif[0x010E] = "a secret place"
    image.save(out, format=form, exif=exif)
    return out.getvalue()


@pytest.mark.parametrize(("form", "suffix"), [("PNG", ".png"), ("JPEG", ".jpg")])
def test_logos_are_drawn_anew_without_what_travels_with_them(form: str, suffix: str) -> None:
    content, found = clean_logo(picture(form))
    assert found == suffix and b"a secret place" not in content
    assert Image.open(io.BytesIO(content)).size == (40, 20)


@pytest.mark.parametrize(
    "content",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", b"GIF89a....", b"\x89PNG\r\n\x1a\n broken", b"",
        picture()[:60], picture(size=(4000, 3000)),
    ],
    ids=["svg", "gif", "broken", "empty", "cut", "huge"],
)  # fmt: skip
def test_other_pictures_are_refused(content: bytes) -> None:
    with pytest.raises(UploadRefused):
        clean_logo(content)


# --- Other places, and files that a proxy serves ------------------------------------------------


@pytest.fixture(params=["folder", "object store"])
def anywhere(request: Any, settings: Any, tmp_path: Path) -> None:
    """The same storage in a folder and behind Django's interface for object stores."""
    settings.FILES_ROOT = tmp_path / "files"
    if request.param == "object store":
        settings.STORAGES = {**settings.STORAGES, "files": {"BACKEND": "django.core.files.storage.InMemoryStorage"}}


def test_both_places_keep_give_list_and_forget_alike(anywhere: None) -> None:
    stored = files.store(ACME, b"pages", suffix=".pdf")
    assert files.store(ACME, b"pages", suffix=".pdf") == stored
    other = files.store(GLOBEX, b"pages", suffix=".pdf")
    assert files.read(stored.key) == b"pages" and files.exists(stored.key)
    assert list(files.stored_keys(client_id=ACME)) == [stored.key]
    assert sorted(files.stored_keys()) == sorted([stored.key, other.key])
    assert list(files.stored_keys(older_than=3600)) == []
    assert files.remove_unfinished(older_than=0) == 0
    files.delete(stored.key)
    files.delete(stored.key)
    assert not files.exists(stored.key)
    with pytest.raises(FileNotFoundError):
        files.read(stored.key)


def test_both_places_can_be_probed_and_keep_nothing_of_it(anywhere: None) -> None:
    files.probe()
    assert list(files.stored_keys()) == []


def test_an_object_that_was_changed_is_damaged(anywhere: None) -> None:
    stored = files.store(ACME, b"pages", suffix=".pdf")
    places.place().write(stored.key, b"other")
    with pytest.raises(Damaged):
        files.read(stored.key)


def test_what_a_killed_process_was_writing_is_removed_when_it_is_old(settings: Any, tmp_path: Path) -> None:
    settings.FILES_ROOT = tmp_path
    stored = files.store(ACME, b"pages", suffix=".pdf")
    half = tmp_path / stored.key.rsplit("/", 1)[0] / ".new-abc"
    half.write_bytes(b"pa")
    assert files.remove_unfinished(older_than=3600) == 0
    assert files.remove_unfinished(older_than=0) == 1
    assert files.read(stored.key) == b"pages" and not half.exists()


def test_a_proxy_gets_the_key_and_the_browser_no_bytes_of_ours(settings: Any) -> None:
    key = f"c/{ACME}/ab/{'ab' * 32}.pdf"
    settings.FILES_ACCEL = "/protected/"
    answer = download(b"pages", name="Report.pdf", key=key)
    assert answer.content == b"" and answer.headers["X-Accel-Redirect"] == f"/protected/{key}"
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    made_for_this_answer = download(b"rows", name="rows.csv")
    assert made_for_this_answer.content == b"rows" and "X-Accel-Redirect" not in made_for_this_answer.headers
    settings.FILES_ACCEL = ""
    assert download(b"pages", name="Report.pdf", key=key).content == b"pages"
