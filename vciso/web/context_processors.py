"""What the frame around every page needs, read only when a template asks for it."""

import time
from functools import cached_property
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from vciso.accounts.reactions import STARTED
from vciso.tenancy.models import Client, Practice, User
from vciso.tenancy.permissions import Actor, may
from vciso.web import brand, navigation

PLAIN_ACCENT = "#2a4fc4"


class Shell:
    """The frame of one request. A fragment that uses none of it costs no query."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @cached_property
    def actor(self) -> Actor | None:
        return getattr(self._request, "actor", None)

    @cached_property
    def user(self) -> User | None:
        user = getattr(self._request, "user", None)
        return user if user is not None and user.is_authenticated else None

    @cached_property
    def client(self) -> Client | None:
        return getattr(self._request, "client", None)

    @cached_property
    def practice(self) -> Practice | None:
        """The client's practice; over all clients, the one the person belongs to."""
        if self.client is not None:
            return self.client.practice
        if self.user is None or self.actor is None:
            return None
        own = Practice.objects.filter(memberships__user=self.user, memberships__client=None)
        return own.order_by("created_at").first()

    @property
    def theme(self) -> str:
        return self.user.theme if self.user else "auto"

    @property
    def language(self) -> str:
        return self.client.language if self.client else "en-GB"

    @property
    def session_ends(self) -> int:
        """Seconds until this session ends, however much it is used."""
        now = int(time.time())
        return max(0, settings.SESSION_LONGEST - (now - int(self._request.session.get(STARTED, now))))

    @property
    def session_idle(self) -> int:
        """Seconds without use that end this session; 0 where only its length counts."""
        return settings.SESSION_IDLE if self.actor and self.actor.is_practice_side else 0

    @property
    def keys(self) -> bool:
        """Single-letter keys are the consultants', and can be switched off by each."""
        return bool(self.user and self.user.shortcuts and self.actor and self.actor.is_practice_side)

    @property
    def demo(self) -> bool:
        return bool(getattr(settings, "DEMO", False))

    @cached_property
    def brand_url(self) -> str:
        """The style sheet of the practice's colour; none for the plain or an unreadable one."""
        accent = self.practice.accent.lower() if self.practice else PLAIN_ACCENT
        if accent == PLAIN_ACCENT:
            return ""
        try:
            brand.tokens(accent)
            return reverse("web:brand", kwargs={"accent": accent[1:]})
        except (brand.UnreadableAccent, NoReverseMatch):
            return ""

    def _allowed(self, permission: str) -> bool:
        return bool(may(self.actor, permission))

    @cached_property
    def counts(self) -> dict[str, int]:
        return navigation.count_all(self.client)

    @cached_property
    def client_nav(self) -> list[navigation.Section]:
        return navigation.sections(
            "client",
            client=self.client,
            path=self._request.path,
            counts=self.counts,
            allowed=self._allowed,
        )

    @cached_property
    def practice_nav(self) -> list[navigation.Section]:
        return navigation.sections("practice", path=self._request.path, allowed=self._allowed)

    @cached_property
    def owner_nav(self) -> list[navigation.Section]:
        return navigation.sections("owner", client=self.client, path=self._request.path)

    @cached_property
    def new_items(self) -> list[tuple[navigation.NewItem, str]]:
        return navigation.new_items(client=self.client, allowed=self._allowed)


def shell(request: HttpRequest) -> dict[str, Any]:
    return {"shell": Shell(request)}
