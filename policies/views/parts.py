"""What this app puts on the pages of lower apps."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string

from policies.models import Approval
from policies.selectors import comparison
from vciso.web.markdown import to_html


def approval_text(request: HttpRequest, *, object: Any) -> str:
    """On the answering page: the text asked about, and what changed since the version in force."""
    approval = (
        Approval.objects.filter(ask_id=object.pk).select_related("version__policy__owner", "version__author").first()
    )
    if approval is None:
        return ""
    version = approval.version
    before = (
        version.policy.versions.issued().exclude(pk=version.pk).filter(major__lte=version.major).newest_first().first()
    )
    result = comparison.compare(before.body, version.body) if before else None
    return render_to_string(
        "policies/_approval.html",
        {"version": version, "before": before, "result": result, "html": to_html(version.body)},
        request,
    )
