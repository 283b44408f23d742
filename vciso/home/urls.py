"""Addresses of the pages that join apps."""

from django.conf import settings
from django.urls import path

from vciso.home.accounts import tokens
from vciso.home.views import (
    audit,
    board,
    clients,
    find,
    front,
    help,
    inbox,
    owner,
    practice,
    sign_in,
    today,
    view_as,
)

app_name = "home"
urlpatterns = [
    path("", front.root, name="root"),
    path("today/", today.today, name="today"),
    path("clients/", clients.client_list, name="clients"),
    path("clients/new/", clients.new, name="new-client"),
    path("clients/switcher/", clients.switcher, name="switcher"),
    path("help/api/", help.api, name="help-api"),
    path("find/", find.find, name="find"),
    path("preview/", find.preview_markdown, name="preview-markdown"),
    path("practice/settings/", practice.settings_page, name="practice-settings"),
    path("practice/logo/", practice.logo, name="practice-logo"),
    path("practice/people/", practice.people, name="practice-people"),
    path("practice/people/<uuid:pk>/end/", practice.end_access, name="practice-end-access"),
    path("practice/people/<uuid:pk>/clients/", practice.assign, name="practice-assign"),
    path("practice/invitations/<uuid:pk>/withdraw/", practice.withdraw, name="practice-withdraw"),
    path("practice/sign-in/", sign_in.rules, name="practice-sign-in"),
    path("practice/sign-in/<uuid:pk>/", sign_in.member, name="practice-member"),
    path("practice/sign-in/<uuid:pk>/end-sessions/", sign_in.end_sessions, name="practice-member-end-sessions"),
    path("practice/sign-in/<uuid:pk>/reset/", sign_in.reset, name="practice-member-reset"),
    path("practice/tokens/", tokens.practice, name="practice-tokens"),
    path("practice/audit/", audit.trail, name="audit"),
    path("practice/audit/export/", audit.export, name="audit-export"),
    path("c/<slug:client_key>/", clients.overview, name="overview"),
    path("c/<slug:client_key>/view-as/", view_as.start, name="view-as"),
    path("c/<slug:client_key>/view-as/stop/", view_as.stop, name="view-as-stop"),
    path("c/<slug:client_key>/view-as/owner/", view_as.as_owner, name="view-as-owner"),
    path("c/<slug:client_key>/view-as/director/", view_as.as_director, name="view-as-director"),
    path("my/<slug:client_key>/", owner.home, name="owner"),
    path("my/<slug:client_key>/programme/", owner.programme, name="owner-programme"),
    path("board/<slug:client_key>/", board.home, name="board"),
]
if settings.DEMO:
    urlpatterns.append(path("inbox/", inbox.inbox, name="inbox"))
