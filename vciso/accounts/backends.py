"""Who a password belongs to, found in as many steps whether somebody has the address or nobody."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from vciso.tenancy.models import User


class OneLookup(AuthenticationBackend):  # type: ignore[misc]  # allauth ships no types
    """One look-up and one hash. A refusal is final: no other backend is asked."""

    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> User:
        user: User | None = super().authenticate(request, **credentials)
        if user is None:
            raise PermissionDenied
        return user

    def _authenticate_by_email(self, email: str, password: str) -> User | None:
        user = User.objects.filter(email=email.strip().lower()).first()
        found: User | None = self._check_password(user, password)
        return found
