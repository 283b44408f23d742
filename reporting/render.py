"""Documents as pages: HTML for the PDF and for the browser, and the PDF itself.

Both are made from the same section templates, which get `report` and nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.conf import settings
from django.template.loader import get_template
from django.utils.safestring import SafeString

from reporting import narrow
from reporting.documents import Document, MonthlyReport
from reporting.presenting import Presented
from vciso.pdf import render_limited

# A pack takes two seconds, a register of thousands is cut by its page, so a minute is plenty.
TIMEOUT_SECONDS = 60


def html(document: Document) -> str:
    """The page that becomes the PDF."""
    return _rendered("pdf", document)


def page(document: Document) -> SafeString:
    """The sections for reading in the browser, to be placed below a page's own heading."""
    return SafeString(narrow.labelled(_rendered("web", document)))


def pdf(document: Document, *, assets: Mapping[str, bytes] | None = None) -> bytes:
    """The tagged PDF, drawn under limits. Raises `vciso.pdf.RenderFailed` with a sentence.

    `assets` holds the practice's logo as PNG or JPEG under the name `edition.logo`.
    """
    edition = document.edition
    return render_limited(
        html(document),
        paper=edition.paper,
        assets=assets,
        accent=edition.accent,
        timeout=TIMEOUT_SECONDS,
        memory_mb=settings.RENDER_MEMORY_MB,
    )


def _rendered(medium: str, document: Document) -> str:
    name = "monthly" if isinstance(document, MonthlyReport) else "board"
    template = get_template(f"reporting/{medium}/{name}.html")
    return str(template.render({"report": Presented(document, screens=medium == "web")}))
