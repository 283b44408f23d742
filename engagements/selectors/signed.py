"""What was asked and what was answered as one record, and the fingerprint that names it."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from typing import Any

from engagements.models import Answer, Ask


def fingerprint(ask: Ask, answer: Answer) -> str:
    """SHA-256 over the frozen question and the answer to it, in hexadecimal digits.

    The database keeps both from changing, and the trail holds the fingerprint from the moment of
    the answer, so a record on paper can be compared with either at any later time.
    """
    plain = json.dumps(_parts(ask, answer), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(plain.encode()).hexdigest()


def _parts(ask: Ask, answer: Answer) -> dict[str, Any]:
    return {
        "client": str(ask.client_id),
        "reference": ask.reference,
        "kind": ask.kind,
        "subject": ask.subject,
        "title": ask.title,
        "text": ask.text,
        "facts": ask.facts,
        "options": ask.options,
        "asked_of": ask.asked_of_name,
        "asked_by": str(ask.asked_by_id),
        "asked_at": _moment(ask.asked_at),
        "choice": answer.choice,
        "reason": answer.reason,
        "by": str(answer.by_id or ""),
        "as_deputy": answer.as_deputy,
        "recorded_by": str(answer.recorded_by_id or ""),
        "witness": answer.witness,
        "on": answer.on.isoformat(),
        "at": _moment(answer.at),
    }


def _moment(at: dt.datetime) -> str:
    return at.astimezone(dt.UTC).isoformat(timespec="microseconds")
