"""Addresses of reports; a period stands in them in lower case, 2026-10 or 2026-q3."""

from django.urls import path, register_converter

from reporting.views import desk, readers, verbs, words
from reporting.views.loading import PeriodConverter

register_converter(PeriodConverter, "period")

app_name = "reporting"

DESK = "c/<slug:client_key>/reports/"
ONE = DESK + "<period:period>/"
OWNER = "my/<slug:client_key>/reports/"
BOARD = "board/<slug:client_key>/packs/"

urlpatterns = [
    path(DESK, desk.index, name="list"),
    path(DESK + "new/", desk.request_report, name="request"),
    path(ONE, desk.detail, name="detail"),
    path(ONE + "progress/", desk.progress, name="progress"),
    path(ONE + "figures/", desk.figures, name="figures"),
    path(ONE + "revisions/<int:revision>/", desk.detail, name="revision"),
    path(ONE + "r<int:revision>.pdf", readers.desk_pdf, name="pdf"),
    path(ONE + "sections/<slug:key>/", words.section, name="section"),
    path(ONE + "sections/<slug:key>/restore/", words.restore, name="restore"),
    path(ONE + "status/", words.status, name="status"),
    path(ONE + "status/clear/", words.clear_status, name="clear-status"),
    path(ONE + "refresh/", verbs.refresh, name="refresh"),
    path(ONE + "submit/", verbs.submit, name="submit"),
    path(ONE + "hand-back/", verbs.hand_back, name="hand-back"),
    path(ONE + "approve/", verbs.approve, name="approve"),
    path(ONE + "take-back/", verbs.take_back, name="take-back"),
    path(ONE + "publish/", verbs.publish, name="publish"),
    path(ONE + "correct/", verbs.correct, name="correct"),
    path(ONE + "release/", verbs.ask_release, name="release"),
    path(OWNER, readers.owner_list, name="owner-list"),
    path(OWNER + "<period:period>/", readers.owner_read, name="owner-read"),
    path(OWNER + "<period:period>/r<int:revision>/", readers.owner_read, name="owner-revision"),
    path(OWNER + "<period:period>.pdf", readers.owner_pdf, name="owner-pdf"),
    path(OWNER + "<period:period>/r<int:revision>.pdf", readers.owner_pdf, name="owner-revision-pdf"),
    path(BOARD + "<period:period>/", readers.board_read, name="board-read"),
    path(BOARD + "<period:period>.pdf", readers.board_pdf, name="board-pdf"),
]
