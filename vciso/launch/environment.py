"""The environment each process of the portal gets, and no more than it needs.

Addresses in the caller's environment replace the embedded parts. Only migrations and
set-up see the migrator's password; only the making of roles sees the superuser's.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from vciso.embedded.account import Account
from vciso.embedded.layout import Layout
from vciso.embedded.parts import Parts
from vciso.launch.console import StepFailed

ROOT = Path(__file__).resolve().parents[2]
POSTGRES_NAMES = ("DATABASE_URL", "MIGRATOR_DATABASE_URL")
REDIS_NAMES = ("REDIS_URL", "CACHE_URL")
ADMIN_NAME = "ADMIN_DATABASE_URL"
KEPT = (
    "PATH", "LANG", "LC_ALL", "TERM", "TMPDIR", "COLUMNS", "SSL_CERT_FILE", "HTTPS_PROXY",
    "HTTP_PROXY", "NO_PROXY", "SECRET_KEY_FALLBACKS",
)  # fmt: skip
KEPT_PREFIXES = ("VCISO_", "SMTP_", "JOB_")
# Marks every process the portal keeps running, so that none is overlooked when it ends.
MARKER = "VCISO_SUPERVISED"


@dataclass(frozen=True)
class Installation:
    """One checkout with its data, its parts and its address."""

    layout: Layout
    parts: Parts
    port: int
    given: Mapping[str, str]

    @classmethod
    def find(cls, *, var: Path | None = None, forgetful: bool = False) -> Installation:
        """The installation the caller's environment describes."""
        given = dict(os.environ)
        var = var or Path(given.get("VCISO_VAR") or ROOT / "var")
        var = var.resolve()
        layout = Layout(ROOT, var, Account.of_data(var / "pg"))
        parts = Parts(
            layout,
            with_postgres=not _all_or_none(given, POSTGRES_NAMES),
            with_redis=not _all_or_none(given, REDIS_NAMES),
            forgetful=forgetful,
        )
        return cls(layout, parts, _port(given.get("PORT", "8000")), given)

    @property
    def address(self) -> str:
        return self.given.get("VCISO_BASE_URL") or f"http://localhost:{self.port}"

    def base(self) -> dict[str, str]:
        """What every process of the portal gets."""
        kept = {name: value for name, value in self.given.items() if name in KEPT or name.startswith(KEPT_PREFIXES)}
        venv = ROOT / ".venv" / "bin"
        var = self.layout.var
        kept |= {
            "PATH": f"{venv}:{kept.get('PATH', '/usr/local/bin:/usr/bin:/bin')}",
            "HOME": str(var / "tmp"),
            "XDG_CACHE_HOME": str(var / "cache"),
            "LANG": "C.UTF-8",
            "PYTHONUNBUFFERED": "1",
            "PYTHONPATH": str(ROOT),
            "DJANGO_SETTINGS_MODULE": self.given.get("DJANGO_SETTINGS_MODULE", "vciso.settings"),
            "SECRET_KEY": self.given.get("SECRET_KEY") or self.layout.secret("secret_key"),
            "VCISO_VAR": str(var),
            "VCISO_BASE_URL": self.address,
            "PORT": str(self.port),
        }
        # Demonstration data and the inbox page belong to a database of one's own alone.
        kept.setdefault("VCISO_DEMO", "1" if self.parts.with_postgres else "0")
        kept.pop("LC_ALL", None)
        return kept

    def addresses(self) -> dict[str, str]:
        """The four server addresses, given or embedded."""
        names = (*POSTGRES_NAMES, *REDIS_NAMES)
        return {**{n: self.given[n] for n in names if n in self.given}, **self.parts.environment()}

    def app(self, *, pool: bool = False) -> dict[str, str]:
        """For the web server and the workers: the app role and nothing above it."""
        found = {**self.base(), **self.addresses(), "VCISO_DB_ROLE": "app"}
        found.pop("MIGRATOR_DATABASE_URL")
        found["VCISO_DB_POOL"] = "1" if pool else "0"
        return self.as_service(found)

    def as_service(self, environment: dict[str, str]) -> dict[str, str]:
        """For what runs as the service user, who cannot write compiled code beside the source."""
        if not self.layout.account.differs_from_caller:
            return environment
        return {**environment, "PYTHONPYCACHEPREFIX": str(self.layout.var / "cache" / "python")}

    def command(self, *, role: str) -> dict[str, str]:
        """For management commands; set-up commands work as the migrator."""
        return {**self.base(), **self.addresses(), "VCISO_DB_ROLE": role, "VCISO_DB_POOL": "0"}


def _all_or_none(given: Mapping[str, str], names: tuple[str, ...]) -> bool:
    """Whether all the addresses are given; half of them is a mistake."""
    present = [name for name in names if given.get(name)]
    if present and len(present) < len(names):
        lacking = ", ".join(name for name in names if name not in present)
        raise StepFailed(
            f"{', '.join(present)} is set, but {lacking} is not.",
            remedy=f"Set {' and '.join(names)} together, or none of them.",
        )
    return bool(present)


def _port(text: str) -> int:
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise StepFailed(f"PORT is {text!r}.", remedy="Give a number from 1 to 65535.")
    return int(text)
