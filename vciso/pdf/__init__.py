"""The one renderer of every PDF of the product; nothing else imports WeasyPrint."""

from vciso.pdf.errors import RenderFailed
from vciso.pdf.limited import render_limited
from vciso.pdf.renderer import Renderer, renderer, warm

__all__ = ["RenderFailed", "Renderer", "render_limited", "renderer", "warm"]
