"""How views answer: a page or its fragment, a form with errors, a redirect with a message."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.template.loader import render_to_string
from django.utils.cache import patch_vary_headers

PRIVATE = "private, no-store"


def posted(request: HttpRequest) -> Any:
    """What a form binds to: the posted values, also when there are none, or None before that."""
    return request.POST if request.method == "POST" else None


def wants_fragment(request: HttpRequest) -> bool:
    """Whether htmx asks for a piece. A restored page of the history is asked for whole."""
    headers = request.headers
    return (
        headers.get("HX-Request") == "true"
        and headers.get("HX-History-Restore-Request") != "true"
        and headers.get("HX-Boosted") != "true"
    )


def private(response: HttpResponse) -> HttpResponse:
    """Marks an answer as one reader's own and as depending on who asks for how much."""
    patch_vary_headers(response, ["HX-Request"])
    response.headers["Cache-Control"] = PRIVATE
    return response


def page(
    request: HttpRequest,
    template: str,
    context: dict[str, Any] | None = None,
    *,
    partial: str = "",
    status: int = 200,
) -> HttpResponse:
    """The whole page, or `template#partial` when htmx asks and the page names such a piece."""
    if partial and wants_fragment(request):
        body = render_to_string(f"{template}#{partial}", context, request)
        body += render_to_string("components/toasts_oob.html", {}, request)
        return private(HttpResponse(body, status=status))
    return private(render(request, template, context, status=status))


def invalid(request: HttpRequest, template: str, context: dict[str, Any], *, partial: str = "") -> HttpResponse:
    """The form again, with its errors: status 422, so that nothing of this request is kept."""
    return page(request, template, context, partial=partial, status=422)


def conflict(request: HttpRequest, form: Any, *, again: str) -> HttpResponse:
    """Somebody saved in between: both values side by side, nothing overwritten (409)."""
    context = {"form": form, "differences": form.differences(), "again": again}
    return private(render(request, "409.html", context, status=409))


def answer_form(request: HttpRequest, template: str, context: dict[str, Any], *, form: Any) -> HttpResponse:
    """What an unsaved form deserves: the page, the errors, or the conflict."""
    if getattr(form, "conflicts", False):
        return conflict(request, form, again=request.get_full_path())
    if form.is_bound:
        return invalid(request, template, {**context, "form": form})
    return page(request, template, {**context, "form": form})


def done(
    request: HttpRequest,
    to: Any,
    message: str = "",
    *,
    undo: str = "",
    level: int = messages.SUCCESS,
    **kwargs: Any,
) -> HttpResponse:
    """Goes on to another page (303) with a message there; `undo` is an address to post to."""
    if message:
        messages.add_message(request, level, message, extra_tags=f"undo:{undo}" if undo else "")
    target = resolve_url(to, **kwargs)
    if wants_fragment(request):
        return private(HttpResponse(status=204, headers={"HX-Redirect": target}))
    response = HttpResponseRedirect(target)
    response.status_code = 303
    return private(response)


def loads_anew() -> HttpResponse:
    """What a page that follows some work is told at its end: ask no more (286), and load yourself anew."""
    return private(HttpResponse(status=286, headers={"HX-Refresh": "true"}))


def query(request: HttpRequest, **changes: Any) -> str:
    """This page's query with some values set, or removed when None; the page starts over."""
    params = request.GET.copy()
    params.pop("page", None)
    for name, value in changes.items():
        params.pop(name, None)
        if value not in (None, "", []):
            params.setlist(name, value if isinstance(value, list) else [str(value)])
    pairs = [(name, value) for name, values in params.lists() for value in values if value != ""]
    return f"?{urlencode(pairs)}" if pairs else request.path
