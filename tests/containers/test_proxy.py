"""The proxy: what it lets in, what it keeps in, and what it serves only when the portal says so."""

import datetime
import http.client
import shutil
import socket
import ssl
import subprocess
import threading
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings as django_settings
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest, HttpResponse
from django.urls import path

from tests.containers.reading import ROOT, Block, nginx, services
from vciso import files, serving
from vciso.files import responses
from vciso.operations.middleware import GIVEN
from vciso.tenancy.permissions import PUBLIC, requires
from vciso.urls import handler400, handler403, handler404, handler500
from vciso.urls import urlpatterns as portals
from vciso.web.middleware import HEADERS

__all__ = ["handler400", "handler403", "handler404", "handler500"]
CLIENT = uuid.UUID(int=7)
PAGES = b"%PDF-1.7 pages"


@requires(PUBLIC)
def stored(request: HttpRequest) -> HttpResponse:
    kept = files.store(CLIENT, PAGES, suffix=".pdf")
    return responses.download(files.read(kept.key), name="Board pack.pdf", key=kept.key)


@requires(PUBLIC)
def told(request: HttpRequest) -> HttpResponse:
    """What reached the portal of the headers that matter."""
    names = ("X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "X-Real-IP", "Forwarded", "X-Request-ID")
    return HttpResponse("\n".join(f"{name}: {request.headers.get(name, '-')}" for name in names))


urlpatterns = [*portals, path("try/stored/", stored), path("try/told/", told)]


@pytest.fixture(scope="module")
def conf() -> Block:
    (http_block,) = nginx().find("http")
    return http_block


def servers(conf: Block) -> dict[str, Block]:
    return {server.find("listen")[0].words[1]: server for server in conf.find("server")}


def test_it_listens_where_compose_publishes_and_asks_where_the_portal_listens(conf: Block) -> None:
    published = {port.rpartition(":")[2] for port in services()["proxy"]["ports"]}
    assert set(servers(conf)) == published
    (upstream,) = conf.find("upstream", "portal")
    assert upstream.find("server")[0].words[1] == "web:8000"
    assert services()["web"]["environment"]["VCISO_BIND"].endswith(":8000")
    assert "8080/proxy/live" in services()["proxy"]["healthcheck"]["test"][-1]


def test_stored_files_are_internal_and_lie_where_the_portal_keeps_them(conf: Block) -> None:
    (location,) = servers(conf)["8443"].find("location", "/protected/")
    assert location.find("internal")
    (alias,) = location.find("alias")
    assert f"files:{alias.words[1].rstrip('/')}:ro" in services()["proxy"]["volumes"]
    assert "VCISO_ACCEL-/protected/" in services()["web"]["environment"]["VCISO_ACCEL"]
    kept = {block.words[1] for block in location.find("add_header")}
    assert set(HEADERS) | {"Content-Security-Policy", "Strict-Transport-Security", "X-Request-ID"} == kept
    assert not servers(conf)["8080"].find("location", "/protected/")


def test_what_a_stranger_says_about_the_way_is_replaced(conf: Block) -> None:
    (location,) = servers(conf)["8443"].find("location", "/")
    headers = {block.words[1]: block.words[2] for block in location.find("proxy_set_header")}
    assert headers["X-Forwarded-For"] == "$remote_addr" and headers["X-Forwarded-Proto"] == "https"
    assert headers["Forwarded"] == headers["X-Forwarded-Host"] == headers["X-Real-IP"] == ""
    assert services()["web"]["environment"]["VCISO_PROXIES"] == "${VCISO_PROXIES:-1}"


def test_its_lines_hold_no_address_and_its_answers_no_version(conf: Block) -> None:
    (form,) = conf.find("log_format", "json")
    line = "".join(form.words)
    assert "$request_id" in line
    assert not {'$request"', "$request_uri", "$uri", "$args", "$http_referer"} & set(line.replace('"', '" ').split())
    assert "$request_uri" not in line and "$uri" not in line and "$args" not in line
    assert nginx().find("error_log")[0].words[-1] == "crit"
    assert conf.find("server_tokens")[0].words[1] == "off"


def test_it_waits_longer_than_the_web_server_and_takes_what_the_portal_takes(conf: Block) -> None:
    (location,) = servers(conf)["8443"].find("location", "/")
    assert int(location.find("proxy_read_timeout")[0].words[1].rstrip("s")) > serving.timeout
    from vciso.files.uploads import LIMITS

    assert int(conf.find("client_max_body_size")[0].words[1].rstrip("m")) * 1024 * 1024 > max(LIMITS.values())


# --- With nginx itself, where it is installed -----------------------------------------------------


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def certificate(folder: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1)).sign(key, hashes.SHA256())
    )  # fmt: skip
    (folder / "fullchain.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "privkey.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )


class Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """The portal's own line is enough."""


def settings_of(folder: Path, *, http_port: int, https_port: int, portal: int) -> str:
    """docker/nginx.conf, with this test's ports and folders in place of the container's."""
    text = (ROOT / "docker/nginx.conf").read_text()
    for old, new in (
        (" /tmp/", f" {folder}/"),
        ("listen 8080", f"listen 127.0.0.1:{http_port}"), ("listen 8443", f"listen 127.0.0.1:{https_port}"),
        ("server web:8000", f"server 127.0.0.1:{portal}"), ("/etc/nginx/tls", str(folder)),
        ("/var/lib/vciso/files", str(folder / "files")), ("/dev/stdout", str(folder / "access.log")),
    ):  # fmt: skip
        assert old in text
        text = text.replace(old, new)
    # A test run by root would otherwise hand the files to nobody.
    return f"daemon off;\nuser root;\n{text}"


@pytest.fixture
def through_nginx(tmp_path: Path, settings: Any) -> Iterator[Any]:
    """Asks the real proxy before the real portal; answers None where there is no nginx."""
    program = shutil.which("nginx")
    settings.FILES_ROOT, settings.FILES_ACCEL = tmp_path / "files", "/protected/"
    settings.ROOT_URLCONF, settings.ALLAUTH_TRUSTED_PROXY_COUNT = __name__, 1
    if program is None:
        yield None
        return
    certificate(tmp_path)
    portal = make_server("127.0.0.1", 0, WSGIHandler(), handler_class=Quiet)
    threading.Thread(target=portal.serve_forever, daemon=True).start()
    http_port, https_port = free_port(), free_port()
    conf = tmp_path / "nginx.conf"
    conf.write_text(settings_of(tmp_path, http_port=http_port, https_port=https_port, portal=portal.server_port))
    assert subprocess.run([program, "-t", "-c", str(conf)], capture_output=True, check=False).returncode == 0
    process = subprocess.Popen([program, "-c", str(conf)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def ask(where: str, *, tls: bool = True, **headers: str) -> http.client.HTTPResponse:
        trusting = ssl._create_unverified_context()
        connection: http.client.HTTPConnection = (
            http.client.HTTPSConnection("127.0.0.1", https_port, context=trusting, timeout=20)
            if tls
            else http.client.HTTPConnection("127.0.0.1", http_port, timeout=20)
        )
        connection.request("GET", where, headers={name.replace("_", "-"): value for name, value in headers.items()})
        answer = connection.getresponse()
        answer.body = answer.read()  # type: ignore[attr-defined]  # kept for the test
        return answer

    for _ in range(200):
        try:
            ask("/proxy/live", tls=False)
            break
        except OSError:
            threading.Event().wait(0.05)
    yield ask
    process.terminate()
    process.wait()
    portal.shutdown()
    portal.server_close()


def test_the_real_proxy_serves_stored_files_only_through_the_portal(through_nginx: Any, tmp_path: Path) -> None:
    ask = through_nginx
    kept = files.store(CLIENT, PAGES, suffix=".pdf")
    if ask is None:
        return
    answer = ask("/try/stored/")
    assert (answer.status, answer.body) == (200, PAGES)
    assert answer.headers["Content-Type"] == "application/pdf"
    assert "Board%20pack.pdf" in answer.headers["Content-Disposition"]
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["Content-Security-Policy"].startswith("sandbox")
    assert {name: answer.headers[name] for name in HEADERS} == HEADERS
    assert "X-Accel-Redirect" not in answer.headers
    assert ask(f"/protected/{kept.key}").status == 404
    assert ask(f"/protected/../protected/{kept.key}").status == 404

    forged = {
        "X_Forwarded_For": "6.6.6.6",
        "X_Real_IP": "6.6.6.6",
        "X_Forwarded_Host": "evil.test",
        "Forwarded": "for=6",
    }
    said = dict(line.split(": ", 1) for line in ask("/try/told/", **forged).body.decode().splitlines())
    assert GIVEN.match(said.pop("X-Request-ID"))
    assert said == {
        "X-Forwarded-For": "127.0.0.1", "X-Forwarded-Proto": "https", "X-Forwarded-Host": "-", "X-Real-IP": "-",
        "Forwarded": "-",
    }  # fmt: skip

    assert ask("/health/live").status == 200
    assert [ask(where).status for where in ("/health/ready", "/metrics")] == [404, 404]
    plain = ask("/try/told/?token=s3cr3t", tls=False)
    assert plain.status == 301 and plain.headers["Location"] == "https://127.0.0.1/try/told/?token=s3cr3t"
    assert ask("/api/v1/clients/", tls=False).status == 403
    assert {answer.headers["Server"], plain.headers["Server"]} == {"nginx"}
    assert "s3cr3t" not in (tmp_path / "access.log").read_text()
    assert django_settings.FILES_ACCEL == "/protected/"
