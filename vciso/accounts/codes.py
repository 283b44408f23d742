"""A code of an authenticator app works once, also after the cache has forgotten it.

django-allauth keeps the mark of a used code in the cache for one half minute, while a code is taken for three (one
step of tolerance to each side). RFC 6238, section 5.2 asks that a code accepted once is never accepted again; the
step it stood for is therefore kept beside the seed.
"""

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    compare_user_code,
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)

from vciso.tenancy.models import User

LAST_STEP = "last_step"


def lock_second_steps(user: User) -> None:
    """Two people who type the same code at once come one after the other. Wants a transaction."""
    list(Authenticator.objects.select_for_update().filter(user=user).order_by("pk").values_list("pk", flat=True))


def is_first_use(app: Authenticator, code: str) -> bool:
    """Whether the code of this app is newer than the last one taken, which it then becomes."""
    seed = get_adapter().decrypt(app.data["secret"])
    shown = {step: format_hotp_value(hotp_value(seed, step)) for step in yield_hotp_counters_from_time()}
    steps = [step for step, digits in shown.items() if compare_user_code(actual=code, expected=digits)]
    if not steps or steps[-1] <= app.data.get(LAST_STEP, -1):
        return False
    app.data[LAST_STEP] = steps[-1]
    app.save(update_fields=["data"])
    return True
