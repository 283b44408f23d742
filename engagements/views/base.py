"""What the pages of this app share."""

from vciso.web import here
from vciso.web.here import form_page, refused
from vciso.web.responses import posted as data_of

__all__ = ["Here", "data_of", "form_page", "refused"]


class Here(here.Here):
    """Where and when a request is, with this app's addresses."""

    namespace = "engagements"
