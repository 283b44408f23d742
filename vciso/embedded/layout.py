"""Where the embedded parts keep their data, sockets and secrets.

Everything lies under one data folder (`var/` of the checkout, or VCISO_VAR). Socket
paths are short by law of the kernel, so a deep checkout keeps its sockets elsewhere.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import stat
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from vciso.embedded.account import Account
from vciso.embedded.errors import PartFailed

# PostgreSQL appends "/.s.PGSQL.NNNNN.lock"; 92 bytes of folder still work, 93 do not.
# Redis silently cuts a path that is too long, so the limit is kept for both.
LONGEST_SOCKET_FOLDER = 92
PORT = 5432
SERVICE_FOLDERS = ("files", "mail", "tmp", "cache", "redis", "pglog", "static", "beat")


@dataclass(frozen=True)
class Layout:
    """The paths of one installation and the account that owns them."""

    root: Path
    var: Path
    account: Account = field(default_factory=Account.choose)

    @property
    def pg_data(self) -> Path:
        return self.var / "pg"

    @property
    def redis_data(self) -> Path:
        return self.var / "redis"

    @property
    def secrets(self) -> Path:
        return self.var / "secrets"

    @property
    def run(self) -> Path:
        return self.var / "run"

    @property
    def log(self) -> Path:
        return self.var / "log"

    @cached_property
    def sockets(self) -> Path:
        """The closed folder of the sockets; outside `var` only where that is too deep."""
        inside = self.var / "sockets"
        if len(os.fsencode(inside)) <= LONGEST_SOCKET_FOLDER:
            return inside
        name = "vciso-" + hashlib.sha256(os.fsencode(self.var)).hexdigest()[:12]
        base = Path("/run") if os.geteuid() == 0 else Path(f"/run/user/{os.geteuid()}")
        if not os.access(base, os.W_OK):
            base, name = Path("/tmp"), f"{name}-{self.account.uid}"  # noqa: S108 (checked below)
        return base / name

    @property
    def redis_socket(self) -> Path:
        return self.sockets / "redis.sock"

    def prepare(self) -> None:
        """Make the folders, each with its owner and mode; may be called again."""
        self.var.mkdir(parents=True, exist_ok=True)
        self.var.chmod(0o755)
        for name in SERVICE_FOLDERS:
            folder = self.var / name
            folder.mkdir(exist_ok=True)
            folder.chmod(0o750)
            self.account.own(folder)
        for folder, mode in ((self.secrets, 0o700), (self.run, 0o755), (self.log, 0o750)):
            folder.mkdir(exist_ok=True)
            folder.chmod(mode)
        self._prepare_sockets()

    def _prepare_sockets(self) -> None:
        folder = self.sockets
        try:
            folder.mkdir(mode=0o700)
            self.account.own(folder)
        except FileExistsError:
            found = folder.lstat()
            if not stat.S_ISDIR(found.st_mode) or found.st_uid != self.account.uid:
                raise PartFailed(
                    f"{folder} exists but is not a folder of the user {self.account.name}.",
                    remedy=f"Look at it, remove it (rm -r {folder}) and start again.",
                ) from None
        folder.chmod(0o700)

    def secret(self, name: str) -> str:
        """The random password called `name`; made once, readable by the caller alone."""
        path = self.secrets / name
        try:
            return path.read_text().strip()
        except FileNotFoundError:
            value = secrets.token_hex(32)
            write_private(path, value)
            return value

    def check_shared_memory(self) -> None:
        """Refuse where semaphores cannot be made: database and worker both need them."""
        if not self.account.can("w", Path("/dev/shm")):  # noqa: S108 (fixed kernel path)
            raise PartFailed(
                f"The user {self.account.name} cannot write to /dev/shm.",
                remedy="Mount it: mount -t tmpfs -o mode=1777 tmpfs /dev/shm",
            )


def write_private(path: Path, text: str) -> None:
    """Write `text` to a new file of mode 0600 and put it in place in one step."""
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(text)
    os.replace(temporary, path)
