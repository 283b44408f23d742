"""`sbom`: what the portal is made of, as a CycloneDX document."""

import json
from importlib import metadata
from typing import Any

from django.core.management.base import CommandParser

from vciso.settings.addresses import ROOT
from vciso.tenancy.commands import PortalCommand


class Command(PortalCommand):
    help = "Lists every Python and npm package with version and licence, in CycloneDX's JSON, on standard output."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.set_defaults(json=True)

    def run(self, **options: Any) -> dict[str, Any]:
        components = [*_python(), *_npm()]
        return {
            "bomFormat": "CycloneDX",
            "specVersion": "1.5",
            "version": 1,
            "metadata": {"component": {"type": "application", "name": "vciso-portal"}},
            "components": sorted(components, key=lambda component: component["purl"]),
        }


def _python() -> list[dict[str, Any]]:
    found = {}
    for package in metadata.distributions():
        name = package.metadata["Name"].lower().replace("_", "-")
        told = package.metadata.json
        licence = str(told.get("license_expression") or told.get("license") or "")
        found[name] = _component("pypi", name, package.version, licence.splitlines()[0] if licence else "")
    return list(found.values())


def _npm() -> list[dict[str, Any]]:
    lock = json.loads((ROOT / "package-lock.json").read_text())
    return [
        _component("npm", path.removeprefix("node_modules/"), entry["version"], entry.get("license", ""))
        for path, entry in lock["packages"].items()
        if path and not entry.get("dev")
    ]


def _component(kind: str, name: str, version: str, licence: str) -> dict[str, Any]:
    found: dict[str, Any] = {
        "type": "library",
        "name": name,
        "version": version,
        "purl": f"pkg:{kind}/{name.replace('@', '%40')}@{version}",
    }
    if licence:
        found["licenses"] = [{"license": {"name": licence[:100]}}]
    return found
