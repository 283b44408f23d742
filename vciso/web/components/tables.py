"""Lists: tables with sortable headers, pages, filters, the queue, maps and running jobs."""

from typing import Any

from django import template
from django.core.paginator import Page
from django.template import TemplateSyntaxError
from django.utils.html import format_html
from django.utils.safestring import SafeString

from vciso.web import attention
from vciso.web.components.props import draw
from vciso.web.filters import FilterBar
from vciso.web.heatmap import HeatMap, RatingPath
from vciso.web.icons import svg
from vciso.web.pagination import Sorting
from vciso.web.responses import query

register = template.Library()


def _swap(url: str, target: str) -> SafeString:
    """A link that htmx answers within the page, all of it spelt out and nothing inherited."""
    return format_html('href="{}" hx-get="{}" hx-target="{}" hx-swap="outerHTML" hx-push-url="true"', url, url, target)


@register.simple_block_tag
def table(content: str, label: str, narrow: bool = False) -> SafeString:
    """A table in a named region that scrolls sideways by itself.

    The name ends in “table”, so that it differs from the section that holds it.
    """
    label = label if str(label).lower().endswith("table") else f"{label}, table"
    css = "table table-narrow" if narrow else "table"
    return format_html(
        '<div class="table-wrap" tabindex="0" role="region" aria-label="{}"><table class="{}">{}</table></div>',
        label, css, content,
    )  # fmt: skip


@register.simple_tag(takes_context=True)
def th(context: dict[str, Any], text: str, sort: str = "", num: bool = False, target: str = "#list") -> SafeString:
    """A column's header. `sort` names the order, a key of the view's `sorting` in the context."""
    css = SafeString(' class="num"') if num else ""
    if not sort:
        return format_html('<th scope="col"{}>{}</th>', css, text)
    order = context.get("sorting")
    if not isinstance(order, Sorting):
        raise TemplateSyntaxError("th: sort needs `sorting` (web.pagination.sorting) in the context")
    url = query(context["request"], sort=order.next_value(sort))
    if order.name != sort.lstrip("-"):
        return format_html('<th scope="col"{}><a class="sort" {}>{}</a></th>', css, _swap(url, target), text)
    return format_html(
        '<th scope="col"{} aria-sort="{}"><a class="sort" {}>{}{}</a></th>',
        css,
        "descending" if order.descending else "ascending",
        _swap(url, target),
        text,
        svg("arrow-down" if order.descending else "arrow-up", "sm"),
    )


@register.simple_tag(takes_context=True)
def pagination(
    context: dict[str, Any], page: Page[Any], noun: str, target: str = "#list", keys: bool = True
) -> SafeString:
    """How many of how many, and the pages; `noun` as `counted` takes it: “risk”, or “policy,policies”."""
    request = context["request"]

    def address(number: int) -> str:
        base = query(request)
        return f"{base}{'&' if base.startswith('?') else '?'}page={number}"

    return draw(
        "pagination",
        {
            "page": page,
            "noun": noun,
            "keys": keys,
            "previous": _swap(address(page.previous_page_number()), target) if page.has_previous() else "",
            "next": _swap(address(page.next_page_number()), target) if page.has_next() else "",
        },
    )


@register.simple_tag(takes_context=True)
def filter_bar(
    context: dict[str, Any], filterset: Any, label: str, target: str = "#list", search: str = "q"
) -> SafeString:
    """Search and filters of a list, from a django-filter FilterSet; `label` is “Search risks”."""
    bar = FilterBar(context["request"], filterset, search=search)
    return draw("filter_bar", {"bar": bar, "label": label, "target": target, "path": context["request"].path})


@register.simple_tag
def queue(groups: list[attention.Group], show_client: bool = True) -> SafeString:
    """What needs somebody, in groups made by `attention.grouped`; one verb per row."""
    return draw("queue", {"groups": groups, "show_client": show_client})


@register.simple_tag
def heatmap(map: HeatMap) -> SafeString:
    return draw("heatmap", {"map": map})


@register.simple_tag
def rating_path(path: RatingPath) -> SafeString:
    """The small map of one risk: before, now, target and the way between them."""
    return draw("rating_path", {"path": path})


@register.simple_tag(takes_context=True)
def job_progress(context: dict[str, Any], job: Any, url: str, title: str, usual: str = "") -> SafeString:
    """A background job that this page follows.

    `job` has `state`, `step`, `of` and `message`; `url` answers this component again, and once the
    job has ended `responses.loads_anew`. `usual` is the usual duration in words.
    """
    state = str(job.state)
    return draw(
        "job_progress",
        {
            "job": job, "url": url, "title": title, "usual": usual,
            "live": state in ("queued", "running", "waiting"),
            "failed": state in ("failed", "refused", "cancelled"),
        },
    )  # fmt: skip
