"""The steps in a policy's life: sending, taking back, reminding, reviewing, retiring."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from engagements.enums import AskState
from engagements.services import asks
from policies import services
from policies.forms import ReasonForm, ReviewForm, SendForm
from policies.models import Approval, Policy
from policies.services.approving import DAYS_TO_ANSWER
from policies.views.base import Here, form_page, policies, refused
from vciso.tenancy.permissions import requires
from vciso.web import responses


@requires("policies.send", policies)
def policy_send(request: HttpRequest, policy: Policy) -> HttpResponse:
    here = Here(request)
    version = policy.versions.filter(state="draft").without_words().first()
    if version is None:
        refusal = ValidationError("There is no draft to send. Edit the policy first.")
        return refused(request, refusal, title=policy.title, back=here.of(policy))
    due = here.today + dt.timedelta(days=DAYS_TO_ANSWER)
    form = SendForm(responses.posted(request), initial={"due_on": due})
    sent = form.attempt(lambda values: services.send_for_approval(version=version, by=here.user, at=here.at, **values))
    if sent is not None:
        return responses.done(request, here.of(policy), f"Sent to {sent.ask.asked_of_name}.")
    who = policy.owner.name if policy.owner else "Nobody yet: name an owner first"
    return form_page(
        request, form, here, policy=policy, title=f"Send {version.number} for approval", verb="Send for approval",
        text=f"Asked of: {who}. The text is frozen until the answer comes.",
    )  # fmt: skip


@requires("policies.send", policies)
def policy_withdraw(request: HttpRequest, policy: Policy) -> HttpResponse:
    here = Here(request)
    version = policy.versions.filter(state="in_review").without_words().first()
    if version is None:
        refusal = ValidationError("Nothing waits for approval.")
        return refused(request, refusal, title=policy.title, back=here.of(policy))
    form = ReasonForm(responses.posted(request))
    done = form.attempt(lambda values: services.withdraw_approval(version=version, by=here.user, at=here.at, **values))
    if done is not None:
        return responses.done(request, here.of(policy), f"Version {version.number} is a draft again.")
    return form_page(
        request, form, here, policy=policy, title=f"Take {version.number} back", verb="Take it back",
        text="The owner is no longer asked. The version becomes a draft that you can change.",
    )  # fmt: skip


@requires("policies.send", policies)
@require_POST
def policy_remind(request: HttpRequest, policy: Policy) -> HttpResponse:
    here = Here(request)
    waiting = Approval.objects.filter(version__policy=policy, ask__state=AskState.OPEN)
    approval = waiting.select_related("ask__client", "ask__asked_user", "ask__deputy_user").first()
    try:
        if approval is None:
            raise ValidationError("Nothing waits for approval.")
        asks.remind(ask=approval.ask, by=here.user, at=here.at)
    except ValidationError as refusal:
        return refused(request, refusal, title=policy.title, back=here.of(policy))
    return responses.done(request, here.of(policy), f"{approval.ask.asked_of_name} gets the link again.")


@requires("policies.review", policies)
def policy_review(request: HttpRequest, policy: Policy) -> HttpResponse:
    here = Here(request)
    form = ReviewForm(responses.posted(request), client=here.client, initial={"on": here.today})
    kept = form.attempt(lambda values: services.record_review(policy=policy, by=here.user, at=here.at, **values))
    if kept is not None:
        return responses.done(request, here.of(policy), "Reviewed, no change. The next review is set.")
    return form_page(
        request, form, here, policy=policy, title="Reviewed, no change", verb="Keep this review",
        text=f"Version {policy.current_number or '–'} was read and is still right. A dated record is kept.",
    )  # fmt: skip


@requires("policies.retire", policies)
def policy_retire(request: HttpRequest, policy: Policy) -> HttpResponse:
    here = Here(request)
    form = ReasonForm(responses.posted(request))
    kept = form.attempt(lambda values: services.retire_policy(policy=policy, by=here.user, at=here.at, **values))
    if kept is not None:
        return responses.done(
            request, here.of(policy), f"{policy.title} was retired.", undo=here.of(policy, "reinstate")
        )
    return form_page(
        request, form, here, policy=policy, title="Retire this policy", verb="Retire", danger=True,
        text="It leaves the programme. Every version stays readable.",
    )  # fmt: skip


@requires("policies.reinstate", policies)
@require_POST
def policy_reinstate(request: HttpRequest, policy: Policy) -> HttpResponse:
    here = Here(request)
    try:
        services.reinstate_policy(policy=policy, by=here.user, at=here.at)
    except ValidationError as refusal:
        return refused(request, refusal, title=policy.title, back=here.of(policy))
    return responses.done(request, here.of(policy), f"{policy.title} is in use again.")
