"""How often one person may ask for what costs much: counted for all processes, in fixed windows."""

import functools
import logging
import time
from collections.abc import Callable
from typing import Any

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from redis.exceptions import RedisError

log = logging.getLogger(__name__)
View = Callable[..., HttpResponse]


class TooMany(Exception):
    """Asked too often; `wait` is how many seconds until it may be asked again."""

    def __init__(self, wait: int) -> None:
        super().__init__(f"too many requests, {wait} s to wait")
        self.wait = wait


def spend(request: HttpRequest, what: str) -> None:
    """Counts one use of what `settings.THROTTLES` limits; raises `TooMany` past the limit.

    Without the cache nothing is counted and signed-in work goes on; sign-in itself is closed then.
    """
    most, window = settings.THROTTLES[what]
    who = request.user.pk if request.user.is_authenticated else get_adapter().get_client_ip(request)
    now = int(time.time())
    key = f"throttle:{what}:{who}:{now // window}"
    try:
        cache.add(key, 0, window)
        used = cache.incr(key)
    except RedisError:
        log.warning("limits are not counted: the cache is away")
        return
    except ValueError:  # the window ended in this very moment
        return
    if used > most:
        raise TooMany(window - now % window)


def throttled(what: str, *, methods: frozenset[str] = frozenset({"GET", "POST"})) -> Callable[[View], View]:
    """Declares the limit of a view; goes below `@requires`. `methods`: which of them count."""

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method in methods:
                spend(request, what)
            return view(request, *args, **kwargs)

        return guarded

    return decorate


POSTED = frozenset({"POST"})
