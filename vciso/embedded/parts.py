"""Using PostgreSQL and Redis for a while: the last one out turns them off.

`bin/up`, `bin/manage` and `bin/test` may overlap. Whoever comes first starts the
servers, whoever leaves last stops them, and one that is killed counts as gone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from vciso.embedded.layout import Layout, write_private
from vciso.embedded.locks import Lock
from vciso.embedded.postgres import ROLES_SQL, SUPERUSER, Postgres
from vciso.embedded.redis import Redis


@dataclass
class Parts:
    """The embedded servers one process wants; either may be left out."""

    layout: Layout
    with_postgres: bool = True
    with_redis: bool = True
    forgetful: bool = False
    opened: list[Path] = field(default_factory=list)

    @cached_property
    def postgres(self) -> Postgres:
        return Postgres(self.layout, self.forgetful)

    @cached_property
    def redis(self) -> Redis:
        return Redis(self.layout, self.forgetful)

    def prepare(self) -> None:
        """Make folders and secrets, and check what both servers need of the machine."""
        self.layout.prepare()
        self.opened = self.layout.account.ensure_way_to(self.layout.var / "pg")
        if self.with_postgres:
            self.opened += self.layout.account.ensure_way_to(self.postgres.programs / "postgres")
        self.layout.check_shared_memory()

    def start(self) -> None:
        """Start what is wanted and down; roles are made on the way."""
        if self.with_postgres:
            self.postgres.ensure_made()
            self.postgres.start()
            self._ensure_roles()
        if self.with_redis:
            self.redis.start()

    def _ensure_roles(self) -> None:
        """Run roles.sql once for each version of it and each data folder; a new one may take the old one's place."""
        stamp = self.layout.secrets / "roles.sha256"
        folder = str((self.layout.pg_data / "global").stat().st_ino)
        wanted = hashlib.sha256(ROLES_SQL.read_bytes() + folder.encode()).hexdigest()
        if stamp.exists() and stamp.read_text() == wanted:
            return
        self.postgres.ensure_roles()
        write_private(stamp, wanted)

    def start_missing(self) -> list[str]:
        """Start what has ended meanwhile; returns the names of what had to be started."""
        found = []
        if self.with_postgres and not self.postgres.is_running():
            self.postgres.start()
            found.append("database")
        if self.with_redis and not self.redis.is_running():
            self.redis.start()
            found.append("queue")
        return found

    def stop(self) -> None:
        if self.with_redis:
            self.redis.stop()
        if self.with_postgres:
            self.postgres.stop()

    @contextmanager
    def in_use(self) -> Iterator[None]:
        """The servers run while the block does; afterwards the last user stops them."""
        self.prepare()
        change, use = Lock(self.layout.run / "change.lock"), Lock(self.layout.run / "use.lock")
        try:
            change.take()
            use.share()
            self.start()
            change.release()
            yield
        finally:
            change.take()
            use.release()
            if use.take_at_once():
                self.stop()
            use.close()
            change.close()

    def environment(self) -> dict[str, str]:
        """The addresses of the wanted servers, as the settings read them."""
        found = {}
        if self.with_postgres:
            found["DATABASE_URL"] = self.postgres.url("vciso_app", "vciso_app")
            found["MIGRATOR_DATABASE_URL"] = self.postgres.url("vciso_migrator", "vciso_migrator")
        if self.with_redis:
            found["REDIS_URL"] = self.redis.broker_url
            found["CACHE_URL"] = self.redis.cache_url
        return found

    def admin_address(self) -> str:
        """The superuser's address of the embedded server; for tests of the server itself."""
        return self.postgres.url(SUPERUSER, "postgres", database="postgres")
