"""The user who runs the servers: never root.

PostgreSQL refuses to run as root, and a web server that reads strangers' spreadsheets
should not either. Started by root, everything that stays running drops to the service
user `vciso`; started by anyone else, it runs as the caller.
"""

from __future__ import annotations

import os
import pwd
import shutil
import struct
import subprocess
from dataclasses import dataclass
from pathlib import Path

from vciso.embedded.errors import PartFailed

DEFAULT_NAME = "vciso"
ACL_ATTRIBUTE = "system.posix_acl_access"
ACL_VERSION = 2
ACL_USER_OBJ, ACL_USER, ACL_GROUP_OBJ, ACL_GROUP, ACL_MASK, ACL_OTHER = 1, 2, 4, 8, 16, 32
NO_ID = 0xFFFFFFFF
EXECUTE = 1


@dataclass(frozen=True)
class Account:
    """A user of this machine under whom the servers run."""

    name: str
    uid: int
    gid: int

    @classmethod
    def choose(cls, name: str | None = None) -> Account:
        """The caller, or for root the service user, who is made if missing."""
        if os.geteuid() != 0:
            me = pwd.getpwuid(os.geteuid())
            return cls(me.pw_name, me.pw_uid, me.pw_gid)
        name = name or os.environ.get("VCISO_SERVICE_USER") or DEFAULT_NAME
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            entry = _create(name)
        if entry.pw_uid == 0:
            raise PartFailed(
                f"The service user {name} is root.",
                remedy="Set VCISO_SERVICE_USER to an ordinary user, or leave it unset.",
            )
        return cls(entry.pw_name, entry.pw_uid, entry.pw_gid)

    @classmethod
    def of_data(cls, folder: Path) -> Account:
        """The owner of a data folder that is there already, else who `choose` names.

        So root takes over what somebody made as themselves without changing its owner.
        """
        if os.geteuid() == 0 and folder.exists() and (owner := folder.stat().st_uid) != 0:
            entry = pwd.getpwuid(owner)
            return cls(entry.pw_name, entry.pw_uid, entry.pw_gid)
        return cls.choose()

    @property
    def differs_from_caller(self) -> bool:
        return self.uid != os.geteuid()

    def command(self, argv: list[str], *, dies_with_parent: bool = False) -> list[str]:
        """`argv` as this account runs it; optionally ended when its parent is killed."""
        prefix = ["setpriv"]
        if self.differs_from_caller:
            prefix += [f"--reuid={self.uid}", f"--regid={self.gid}", "--init-groups"]
            prefix += ["--no-new-privs"]
        if dies_with_parent:
            prefix += ["--pdeathsig", "TERM"]
        return argv if len(prefix) == 1 else [*prefix, "--", *argv]

    def own(self, path: Path) -> None:
        """Give `path` itself (not what is below it) to this account."""
        if self.differs_from_caller:
            os.chown(path, self.uid, self.gid, follow_symlinks=False)

    def own_tree(self, top: Path) -> None:
        """Give `top` and everything below it that is not yet this account's to it."""
        if not self.differs_from_caller or not top.exists():
            return
        self.own(top)
        for folder, folders, files in os.walk(top):
            for name in (*folders, *files):
                path = Path(folder, name)
                if path.lstat().st_uid != self.uid:
                    self.own(path)

    def can(self, mode: str, path: Path) -> bool:
        """Whether this account may read (`r`), write (`w`) or pass (`x`) `path`."""
        test = ["test", f"-{mode}", str(path)]
        return subprocess.run(self.command(test), cwd="/", check=False).returncode == 0

    def ensure_way_to(self, path: Path) -> list[Path]:
        """Make sure this account can pass every folder above `path`.

        A checkout below root's closed home is out of its reach. Root then gives the
        service user alone the right to pass through such a folder (an access-control
        entry, execute only); the folder's mode for everybody else stays as it is.
        Returns the folders that were changed; raises PartFailed where it cannot be done.
        """
        opened: list[Path] = []
        folders = path.resolve().parents
        if self.can("x", folders[0]):
            return opened
        for folder in reversed(folders):
            if self.can("x", folder):
                continue
            try:
                _let_pass(folder, self.uid)
            except OSError as error:
                raise PartFailed(
                    f"The user {self.name} cannot pass through {folder} ({error.strerror}).",
                    remedy=f"Move the checkout, for example to /opt, or run: chmod o+x {folder}",
                ) from error
            opened.append(folder)
        return opened


def _create(name: str) -> pwd.struct_passwd:
    useradd = shutil.which("useradd") or "/usr/sbin/useradd"
    command = [useradd, "--system", "--user-group", "--no-create-home"]
    command += ["--home-dir", "/nonexistent", "--shell", "/usr/sbin/nologin", name]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise PartFailed(
            f"The service user {name} could not be made: {done.stderr.strip()}",
            remedy="Make a system user yourself and name it in VCISO_SERVICE_USER.",
        )
    return pwd.getpwnam(name)


def _let_pass(folder: Path, uid: int) -> None:
    """Add `user:uid:--x` to the folder's access-control list, keeping what is there."""
    entries = _acl(folder)
    entries[(ACL_USER, uid)] = EXECUTE
    group_side = [bits for (tag, _), bits in entries.items() if tag in (ACL_USER, ACL_GROUP_OBJ, ACL_GROUP)]
    mask = 0
    for bits in group_side:
        mask |= bits
    entries[(ACL_MASK, NO_ID)] = mask
    packed = struct.pack("<I", ACL_VERSION)
    for (tag, who), bits in sorted(entries.items()):
        packed += struct.pack("<HHI", tag, bits, who)
    os.setxattr(folder, ACL_ATTRIBUTE, packed)


def _acl(folder: Path) -> dict[tuple[int, int], int]:
    """The folder's access-control entries; made from its mode where it has none."""
    try:
        raw = os.getxattr(folder, ACL_ATTRIBUTE)
    except OSError:
        mode = folder.stat().st_mode
        return {
            (ACL_USER_OBJ, NO_ID): mode >> 6 & 7,
            (ACL_GROUP_OBJ, NO_ID): mode >> 3 & 7,
            (ACL_OTHER, NO_ID): mode & 7,
        }
    return {(tag, who): bits for tag, bits, who in struct.iter_unpack("<HHI", raw[4:])}
