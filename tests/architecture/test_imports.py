"""Who may import whom, and which way foreign keys may point."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps

ROOT = Path(__file__).resolve().parents[2]
# Top to bottom; the same stack as the "layers" contract in pyproject.toml.
STACK = [
    {"home"},
    {"reporting"},
    {"risks"},
    {"policies", "vendors"},
    {"engagements"},
    {"web"},
    {"imports"},
    {"files", "pdf", "charts"},
    {"accounts"},
    {"audit", "jobs"},
    {"tenancy"},
]
OURS = {label for level in STACK for label in level} | {"seed"}
BUSINESS = ("engagements", "policies", "vendors", "risks", "reporting")
HTTP = ("django.http", "django.shortcuts", "django.urls", "rest_framework", "django_htmx")


def level(label):
    return next((index for index, labels in enumerate(STACK) if label in labels), -1)


def test_import_contracts_hold():
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_foreign_keys_point_downward_too():
    upward = [
        f"{model._meta.label}.{field.name} → {field.related_model._meta.label}"
        for model in apps.get_models()
        if model._meta.app_label in OURS
        for field in model._meta.get_fields()
        if field.is_relation and field.concrete and field.related_model
        if field.related_model._meta.app_label in OURS
        if level(field.related_model._meta.app_label) < level(model._meta.app_label)
    ]
    assert upward == []


def test_no_model_has_a_relation_that_escapes_the_composite_keys():
    found = [
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        if model._meta.app_label in OURS
        for field in (*model._meta.many_to_many, *model._meta.private_fields)
        if not getattr(field.remote_field, "through", None) or field.remote_field.through._meta.auto_created
    ]
    assert found == []


def module_files(*parts):
    for room in (*BUSINESS, "vciso"):
        for part in parts:
            yield from (ROOT / room).rglob(f"{part}.py")
            yield from (ROOT / room).rglob(f"{part}/*.py")


@pytest.mark.parametrize("kind", ["services", "selectors", "rules", "models"])
def test_what_knows_the_business_knows_no_http(kind):
    found = []
    for file in module_files(kind):
        for node in ast.walk(ast.parse(file.read_text())):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.module:
                names = [node.module]
            allowed = ("django.urls",) if kind == "selectors" else ()
            found += [
                f"{file.relative_to(ROOT)} imports {name}"
                for name in names
                if name.startswith(HTTP) and not name.startswith(allowed or ("\0",))
            ]
    assert found == []
