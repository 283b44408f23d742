"""What the pages of this app share."""

from vciso.web import here
from vciso.web.here import form_page, refused

__all__ = ["Here", "form_page", "refused"]


class Here(here.Here):
    """Where and when a request is, with this app's addresses."""

    namespace = "engagements"
