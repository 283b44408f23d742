"""The development inbox: what the portal mailed, where no mail server is set. Demonstration only."""

import email
import email.policy
import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from vciso.tenancy.permissions import PUBLIC, requires
from vciso.web import responses

NEWEST = 60
LINK = re.compile(r"https?://\S+")


@dataclass(frozen=True)
class Mail:
    to: str
    subject: str
    body: str
    sent_at: datetime
    links: tuple[str, ...]


def _read(path: Path) -> Mail:
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    body = message.get_content() if message.get_content_maintype() == "text" else ""
    text = LINK.sub("", body).strip("- \n")
    return Mail(
        to=str(message["To"] or ""),
        subject=str(message["Subject"] or ""),
        body=text,
        sent_at=datetime.fromtimestamp(path.stat().st_mtime, tz=timezone.get_current_timezone()),
        links=tuple(LINK.findall(body)),
    )


@requires(PUBLIC)
def inbox(request: HttpRequest) -> HttpResponse:
    folder = Path(settings.EMAIL_FILE_PATH)
    files = sorted(folder.glob("*.log"), key=lambda path: path.stat().st_mtime, reverse=True)[:NEWEST]
    mails = [_read(path) for path in files]
    wanted = request.GET.get("to", "").strip().lower()
    if wanted:
        mails = [mail for mail in mails if wanted in mail.to.lower()]
    return responses.page(request, "home/inbox.html", {"mails": mails, "wanted": wanted})
