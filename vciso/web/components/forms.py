"""Forms: the summary of errors, and a form with its buttons."""

from typing import Any

from django import template
from django.forms import BaseForm, BoundField
from django.utils.html import format_html
from django.utils.safestring import SafeString

from vciso.web.components.buttons import _csrf, submit
from vciso.web.components.props import draw, inner
from vciso.web.forms import QUESTION

register = template.Library()


@register.simple_tag
def error_summary(form: BaseForm, failed: str = "This could not be saved") -> SafeString:
    """What is to be fixed, on top, each linked to its field; takes the focus. `failed` stands
    above what is wrong with no single field. Where all of it are questions, it says so."""
    if not form.is_bound or not form.errors:
        return SafeString("")
    fields = [(bound.id_for_label or bound.auto_id, error) for bound in form for error in bound.errors]
    asks = all(error.code == QUESTION for found in form.errors.as_data().values() for error in found)
    context = {"general": form.non_field_errors(), "fields": fields, "failed": failed, "asks": asks}
    return draw("error_summary", context)


@register.simple_block_tag(takes_context=True)
def form(
    context: dict[str, Any],
    content: str,
    form: BaseForm,
    verb: str,
    action: str = "",
    cancel: str = "",
    cancel_text: str = "Cancel",
    danger: bool = False,
    also: str = "",
    files: bool = False,
) -> SafeString:
    """A form with its error summary, its fields (or what stands inside) and its buttons.

    `cancel` is the address to go back to; `also` is markup of further buttons; `files` for
    uploads. What is typed is guarded against being left by accident.
    """
    return draw(
        "form",
        {
            "form": form, "content": inner(content), "action": action, "cancel": cancel,
            "cancel_text": cancel_text, "also": also, "files": files or form.is_multipart(),
            "csrf": _csrf(context), "button": submit(verb, "danger" if danger else "primary"),
        },
    )  # fmt: skip


@register.simple_tag
def field(field: BoundField) -> SafeString:
    """One field of a form that is laid out by hand."""
    return field.as_field_group()


@register.simple_block_tag
def field_row(content: str) -> SafeString:
    """Two fields side by side where there is room."""
    return format_html('<div class="form-grid">{}</div>', content)
