"""Every address of the portal. Client pages carry the client's key: /c/, /my/ and /board/,
and for programs /api/v1/c/."""

from importlib.util import find_spec

from django.urls import include, path

BUSINESS = ["engagements", "policies", "vendors", "risks", "reporting"]

urlpatterns = [
    path("account/", include("vciso.home.accounts.sign_in")),
    path("account/", include("vciso.home.accounts.urls")),
    path("", include("vciso.operations.urls")),
    path("", include("vciso.home.urls")),
    path("", include("vciso.home.imports.urls")),
    path("", include("vciso.web.urls")),
    path("api/v1/", include("vciso.home.api")),
    *(path("api/v1/c/<slug:client_key>/", include(f"{app}.api")) for app in BUSINESS),
    *(path("", include(f"{app}.urls")) for app in BUSINESS if find_spec(f"{app}.urls")),
]

handler400 = "vciso.web.errors.bad_request"
handler403 = "vciso.web.errors.forbidden"
handler404 = "vciso.web.errors.not_found"
# Read by django-allauth.
handler429 = "vciso.web.errors.too_many"
handler500 = "vciso.web.errors.broken"
