"""What every source file keeps to: size, reasons for exceptions, a strict content policy."""

import ast
import re
import subprocess
from pathlib import Path

import pytest

from tests.conftest import LONGEST

ROOT = Path(__file__).resolve().parents[2]
LONGEST_FILE = 500
LONGEST_FUNCTION = 50
EXCEPTION = re.compile(
    r"#\s*(noqa|type:\s*ignore)(?P<codes>:?\s*[A-Z]+[0-9]+(,\s*[A-Z]+[0-9]+)*|\[[a-z, -]+\])?(?P<rest>.*)"
)
STARTED_ELSEWHERE = {"utils.py", "helpers.py", "common.py", "misc.py"}


def ls_files(*patterns):
    """What git keeps; also where the checkout belongs to somebody else, as in a container."""
    command = ["git", "-c", f"safe.directory={ROOT}", "ls-files", "--", *patterns]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()


def tracked(*patterns):
    return [ROOT / line for line in ls_files(*patterns) if (ROOT / line).is_file()]


PYTHON = tracked("*.py")
TEMPLATES = tracked("*.html", "*.txt.html")


def name(path):
    return str(path.relative_to(ROOT))


def body_lines(function):
    """The lines a function takes to do its work: no signature, no docstring."""
    body = function.body[1:] if ast.get_docstring(function) and len(function.body) > 1 else function.body
    return body[-1].end_lineno - body[0].lineno + 1


@pytest.mark.parametrize("path", [path for path in PYTHON if path.parent.name != "migrations"], ids=name)
def test_python_files_and_functions_stay_small_enough_to_read(path):
    text = path.read_text()
    assert text.count("\n") <= LONGEST_FILE
    long = [
        f"{node.name}: {body_lines(node)} lines"
        for node in ast.walk(ast.parse(text))
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        if body_lines(node) > LONGEST_FUNCTION and not path.is_relative_to(ROOT / "tests")
    ]
    assert long == []


def test_no_module_is_a_drawer_for_odds_and_ends():
    assert [name(path) for path in PYTHON if path.name in STARTED_ELSEWHERE] == []


def test_every_exception_from_a_check_names_the_check_and_the_reason():
    bare = []
    for path in PYTHON:
        if path == Path(__file__):
            continue
        for number, line in enumerate(path.read_text().splitlines(), 1):
            found = EXCEPTION.search(line)
            if found and (not found["codes"] or not re.search(r"[a-z]{3}", found["rest"])):
                bare.append(f"{name(path)}:{number}: {line.strip()}")
    assert bare == []


def test_nothing_is_left_to_do_in_the_sources():
    marks = tuple("".join(parts) for parts in (["TO", "DO"], ["FIX", "ME"], ["XX", "X:"]))
    found = [
        f"{name(path)}:{number}"
        for path in (*PYTHON, *TEMPLATES, *tracked("static/*.css", "static/*.js", "bin/*"))
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if any(mark in line for mark in marks)
    ]
    assert found == []


INLINE = {
    "a style attribute": re.compile(r"<[a-z][^>]*\sstyle\s*=", re.I | re.S),
    "an event attribute": re.compile(r"<[a-z][^>]*\son[a-z]+\s*=", re.I | re.S),
    "a style element": re.compile(r"<style\b", re.I),
    "a script without a file": re.compile(r"<script\b(?![^>]*\b(src|type=\"application/json\")\b)", re.I),
    "a javascript address": re.compile(r"(href|src|action)\s*=\s*[\"']?\s*javascript:", re.I),
}


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_templates_hold_no_inline_style_or_script(path):
    text = re.sub(r"{#.*?#}|{%\s*comment\b.*?{%\s*endcomment\s*%}", "", path.read_text(), flags=re.S)
    assert [what for what, pattern in INLINE.items() if pattern.search(text)] == []


def test_locks_hold_hashes_and_no_addresses():
    for path in (ROOT / "requirements.txt", ROOT / "requirements-dev.txt", ROOT / "requirements-uv.txt"):
        text = path.read_text()
        assert "://" not in text
        assert re.findall(r"^[a-z0-9].*==.*", text, re.M)
        assert all("--hash=sha256:" in block for block in re.split(r"\n(?=[a-z0-9])", text.strip()) if "==" in block)
    assert '"resolved"' not in (ROOT / "package-lock.json").read_text()


def test_only_the_repository_is_committed():
    secret = re.compile(r"^(var|node_modules|\.venv)/|(^|/)\.env$|\.pem$|\.key$")
    assert [path for path in ls_files() if secret.search(path)] == []


def test_what_the_tests_begin_with_is_there():
    """A file that was renamed would run last again, with one process waiting for the other."""
    assert [place for place in LONGEST if not (ROOT / place).exists()] == []
