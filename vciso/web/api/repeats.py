"""Idempotency keys: a repeated request gets the first one's answer, and changes nothing again."""

import hashlib
import json
import re
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request

from vciso.accounts import replies
from vciso.web.problems import Problem

HEADER = "Idempotency-Key"
WRITTEN = re.compile(r"[\x21-\x7e]{8,200}")
KEPT = ("ETag", "Location")


@dataclass(frozen=True)
class Repeat:
    """A claimed key; `answer` is the earlier request's, if this one repeats it."""

    claim: replies.Claim

    @property
    def answer(self) -> HttpResponse | None:
        reply = self.claim.reply
        if not self.claim.is_repeat:
            return None
        headers = {**reply.headers, "Idempotency-Replayed": "true"}
        return HttpResponse(reply.body, status=reply.status, headers=headers, content_type="application/json")

    def keep(self, response: Any) -> HttpResponse:
        """Stores the answer in the request's transaction, so key and change are kept together."""
        headers = {name: response.headers[name] for name in KEPT if name in response.headers}
        body = JSONRenderer().render(response.data).decode()
        replies.keep(self.claim.reply, status=response.status_code, headers=headers, body=body)
        return HttpResponse(body, status=response.status_code, headers=headers, content_type="application/json")


def begin(request: Request, body: Any) -> Repeat | None:
    """Claims the request's key, if it has one. Refuses one that stands for another request."""
    key = request.headers.get(HEADER)
    if key is None:
        return None
    if not WRITTEN.fullmatch(key):
        raise Problem(400, "malformed", f"{HEADER} takes 8 to 200 plain characters without spaces, such as a UUID.")
    asked = request._request
    text = json.dumps([request.method, request.path, body], sort_keys=True)
    try:
        claim = replies.claim(
            client=asked.client,  # type: ignore[attr-defined]  # set by the middleware
            user=request.user,
            token=request.auth.id if request.auth else None,
            key=key,
            request_hash=hashlib.sha256(text.encode(errors="replace")).hexdigest(),
            at=timezone.now(),
        )
    except replies.KeyReused:
        raise Problem(422, "key_reused", f"This {HEADER} was sent with another request. Use a new one.") from None
    return Repeat(claim)
