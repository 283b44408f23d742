"""Stored files in an object store: the real client, speaking to a small store of this test's own over HTTP."""

import email.utils
import hashlib
import re
import threading
import uuid
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape

import pytest

from vciso import files
from vciso.files import places
from vciso.files.storage import Damaged
from vciso.settings.addresses import object_store

CLIENT = uuid.UUID(int=0xAC)
KEY, SECRET, BUCKET = "the-portals-key", "the-portals-secret-0123456789", "portal-files"


class Store(ThreadingHTTPServer):
    """Objects in memory; notes every request, refuses what is not signed with the key."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.objects: dict[str, bytes] = {}
        self.seen: list[tuple[str, str, dict[str, str]]] = []


class Handler(BaseHTTPRequestHandler):
    server: Store

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet."""

    def _begin(self) -> str | None:
        parts = urlsplit(self.path)
        self.query = parse_qs(parts.query, keep_blank_values=True)
        self.server.seen.append((self.command, self.path, {k.lower(): v for k, v in self.headers.items()}))
        if f"Credential={KEY}/" not in self.headers.get("Authorization", ""):
            self._answer(403)
            return None
        return unquote(parts.path).removeprefix(f"/{BUCKET}").lstrip("/")

    def _answer(self, status: int, content: bytes = b"", *, length: int | None = None) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(content) if length is None else length))
        self.send_header("Last-Modified", email.utils.formatdate(usegmt=True))
        self.send_header("ETag", f'"{hashlib.sha256(content).hexdigest()[:32]}"')
        self.end_headers()
        self.wfile.write(content)

    def do_PUT(self) -> None:
        key = self._begin()
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if "aws-chunked" in self.headers.get("Content-Encoding", ""):
            body = b"".join(data for data in unchunked(body))
        if key is not None:
            self.server.objects[key] = body
            self._answer(200)

    def do_GET(self) -> None:
        key = self._begin()
        if key == "":
            self._answer(200, self._listing())
        elif key is not None:
            found = self.server.objects.get(key)
            self._answer(200, found) if found is not None else self._answer(404)

    def do_HEAD(self) -> None:
        key = self._begin()
        if key is not None:
            found = self.server.objects.get(key)
            self._answer(404) if found is None else self._answer(200, length=len(found))

    def do_DELETE(self) -> None:
        key = self._begin()
        if key is not None:
            self.server.objects.pop(key, None)
            self._answer(204)

    def _listing(self) -> bytes:
        prefix = self.query.get("prefix", [""])[0]
        below = [key.removeprefix(prefix) for key in sorted(self.server.objects) if key.startswith(prefix)]
        folders = sorted({part.split("/")[0] for part in below if "/" in part})
        contents = "".join(
            f"<Contents><Key>{escape(prefix + name)}</Key></Contents>" for name in below if "/" not in name
        )
        common = "".join(
            f"<CommonPrefixes><Prefix>{escape(prefix + name)}/</Prefix></CommonPrefixes>" for name in folders
        )
        return f"<ListBucketResult><IsTruncated>false</IsTruncated>{contents}{common}</ListBucketResult>".encode()


def unchunked(body: bytes) -> Iterator[bytes]:
    while body:
        head, _, body = body.partition(b"\r\n")
        size = int(head.split(b";")[0] or b"0", 16)
        if not size:
            return
        yield body[:size]
        body = body[size + 2 :]


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Iterator[Store]:
    server = Store()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    for name, value in {
        "VCISO_S3_BUCKET": BUCKET, "VCISO_S3_ENDPOINT": f"http://127.0.0.1:{server.server_port}",
        "VCISO_S3_REGION": "eu-central-1", "VCISO_S3_KEY": KEY, "VCISO_S3_SECRET": SECRET,
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    settings.STORAGES = {**settings.STORAGES, **object_store()}
    yield server
    server.shutdown()
    server.server_close()


def test_files_are_kept_in_the_bucket_given_back_listed_and_removed(store: Store) -> None:
    kept = files.store(CLIENT, b"pages", suffix=".pdf")
    assert store.objects == {kept.key: b"pages"}
    store.objects[kept.key] = b"torn"
    assert files.store(CLIENT, b"pages", suffix=".pdf") == kept  # and heals what lay there
    assert files.read(kept.key) == b"pages"
    assert list(files.stored_keys()) == list(files.stored_keys(client_id=CLIENT)) == [kept.key]
    files.delete(kept.key)
    assert store.objects == {} and not files.exists(kept.key)
    with pytest.raises(FileNotFoundError):
        files.read(kept.key)


def test_what_was_changed_in_the_bucket_is_damaged(store: Store) -> None:
    kept = files.store(CLIENT, b"pages", suffix=".pdf")
    store.objects[kept.key] = b"other pages"
    with pytest.raises(Damaged):
        files.read(kept.key)


def test_the_bucket_can_be_probed_and_keeps_nothing_of_it(store: Store) -> None:
    files.probe()
    assert store.objects == {}


def test_requests_are_signed_and_make_nothing_public(store: Store) -> None:
    files.probe()
    assert store.seen
    for _, path, headers in store.seen:
        assert headers["authorization"].startswith("AWS4-HMAC-SHA256 ")
        assert "x-amz-acl" not in headers and SECRET not in str(headers) and SECRET not in path
        assert re.match(rf"/{BUCKET}(/|\?|$)", path)


def test_a_refused_key_is_an_error_of_the_surroundings_not_a_missing_file(store: Store, settings: Any) -> None:
    kept = files.store(CLIENT, b"pages", suffix=".pdf")
    options = {**settings.STORAGES["files"]["OPTIONS"], "access_key": "another"}
    settings.STORAGES = {**settings.STORAGES, "files": {**settings.STORAGES["files"], "OPTIONS": options}}
    with pytest.raises(OSError) as refused:
        places.place().read(kept.key)
    assert not isinstance(refused.value, FileNotFoundError)
