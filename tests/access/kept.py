"""Pages that were asked for before, so that nobody asks for the same one twice to look at something else in it."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.access.asking import Answer, Asker


@dataclass
class Kept:
    """The page that each person got at each path, packed; nothing for what is no page."""

    packed: dict[tuple[str, str], bytes] = field(default_factory=dict)

    def keep(self, asker: Asker, answer: Answer) -> None:
        """The first answer stays: requests change nothing, so the next one would be the same."""
        self.packed.setdefault((asker.someone.key, answer.path), zlib.compress(answer.page, 1))

    def page(self, asker: Asker, path: str) -> bytes:
        """The page as it was answered, asked for now if it was not before; empty where it is none."""
        if (asker.someone.key, path) not in self.packed:
            self.keep(asker, asker.ask(path))
        return zlib.decompress(self.packed[asker.someone.key, path])
