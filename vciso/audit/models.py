"""The trail: what happened, told once, chained, never changed.

There is one chain per client, one per practice and one for the installation (sign-ins,
settings). The database numbers and hashes each event in a trigger; the application can insert
and read, nothing more. Personal data is referred to by id; the changing content (`before`,
`after`, `reason`) enters the chain as its own hash, so it could be erased without breaking it.
"""

from datetime import datetime

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from vciso.tenancy.models import Client, Practice, User, UUIDModel

# What was done, where it does not end in “ed”.
TOLD = frozenset({"begun", "given", "kept", "made", "put", "sent", "set", "taken", "withdrawn", "written"})
# How a verb is told where its own words would read badly after a name.
SAID = {
    "ask.answer_confirmed": "confirmed the answer to question",
    "ask.answer_recorded": "recorded the answer to question",
    "ask.answer_withdrawn": "withdrew the answer to question",
    "ask.answered": "answered question",
    "ask.commented": "commented on question",
    "ask.put": "asked question",
    "ask.reminded": "sent a reminder of question",
    "ask.record_downloaded": "downloaded the signed record of question",
    "ask.replied": "replied to question",
    "ask.withdrawn": "withdrew question",
    "decision.put": "asked for decision",
    "decision.withdrawn": "withdrew decision",
    "import.imported": "brought in a list",
    "import.previewed": "looked at a list before bringing it in",
    "import.undone": "took back a list that was brought in",
    "policy.approval_withdrawn": "took back the request to approve policy",
    "policy.brought_in": "brought in policy",
    "policy.reviewed_unchanged": "reviewed, unchanged, policy",
    "policy.sent_for_approval": "asked for approval of policy",
    "report.approval_withdrawn": "took back the approval of report",
    "report.handed_back": "handed back report",
    "report.status_cleared": "took back the status word of report",
    "report.status_set": "changed the status word of report",
    "report.submitted": "handed in report",
    "risk.acceptance_asked": "asked for acceptance of risk",
    "risk.acceptance_ended": "ended the acceptance of risk",
    "risk.assessment_asked": "asked for approval of risk assessment",
    "risk.assessment_downloaded": "downloaded risk assessment",
    "risk.assessment_drafted": "began risk assessment",
    "risk.assessment_discarded": "discarded the draft of risk assessment",
    "risk.assessment_edited": "edited risk assessment",
    "risk.assessment_file_missing": "missed the pages of risk assessment",
    "risk.assessment_read_again": "read the register again into risk assessment",
    "risk.assessment_restored": "took back the discarded risk assessment",
    "risk.authority_set": "changed who signs for risks",
    "risk.effect_estimated": "estimated what the plan leaves of risk",
    "risk.library_change_accepted": "took over a change of the library into risk",
    "risk.library_change_declined": "declined a change of the library for risk",
    "risk.limits_asked": "asked for approval of the limits",
    "risk.limit_set": "set the limit",
    "risk.import_undone": "took back an import into risk",
    "risk.linked": "linked a record with risk",
    "risk.plan_asked": "asked for approval of the plan for risk",
    "risk.scale_set": "changed the scale of risks",
    "risk.step_added": "planned a step for risk",
    "risk.step_changed": "changed a step for risk",
    "risk.treatment_planned": "planned the treatment of risk",
    "risk.unlinked": "took a link off risk",
    "scenario.added": "wrote a scenario for the risk library",
    "scenario.changed": "changed a scenario of the risk library",
    "scenario.offered": "offered a change of the risk library",
    "scenario.retired": "took a scenario out of the risk library",
    "task.done": "finished task",
    "vendor.review_taken_back": "took back a review of vendor",
    "vendor.taken_into_use": "took into use again vendor",
}


class EventQuerySet(models.QuerySet["Event"]):
    def newest_first(self) -> "EventQuerySet":
        return self.order_by("-happened_at", "-recorded_at", "-seq")

    def between(self, start: datetime, end: datetime) -> "EventQuerySet":
        return self.filter(happened_at__gte=start, happened_at__lt=end)


class Event(UUIDModel):
    """One thing that happened, in the same transaction as the thing itself."""

    client = models.ForeignKey(Client, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    practice = models.ForeignKey(Practice, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    seq = models.BigIntegerField(default=0, help_text="Place in its chain, from 1; set by the database.")
    verb = models.CharField(max_length=60, help_text="As in “risk.accepted”.")
    actor = models.ForeignKey(
        User,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        help_text="Empty: the portal itself.",
    )
    acting_as = models.CharField(max_length=80, blank=True, help_text="“job:reporting.build” or “via API token sync”.")
    object_type = models.CharField(max_length=60, blank=True)
    object_id = models.UUIDField(null=True)
    object_label = models.CharField(max_length=200, blank=True)
    before = models.JSONField(null=True, encoder=DjangoJSONEncoder)
    after = models.JSONField(null=True, encoder=DjangoJSONEncoder)
    reason = models.TextField(blank=True)
    happened_at = models.DateTimeField(help_text="When it happened, as the service says.")
    recorded_at = models.DateTimeField(null=True, help_text="When it was written; set by the database.")
    content_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64, blank=True)

    objects = EventQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(client=None) | models.Q(practice=None), name="audit_event_one_scope"
            ),
        ]
        indexes = [
            models.Index(fields=["client", "-seq"], name="audit_event_client"),
            models.Index(fields=["practice", "-seq"], name="audit_event_practice"),
            models.Index(fields=["client", "object_id"], name="audit_event_object"),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.object_label}".strip()

    @property
    def words(self) -> str:
        """The verb as people read it after a name: “risk.plan_approved” → “approved risk plan”."""
        if self.verb in SAID:
            return SAID[self.verb]
        noun, *more, last = self.verb.replace(".", "_").split("_")
        told = last.endswith("ed") or last in TOLD
        return " ".join([last, noun, *more] if told else [noun, *more, last])


class Head(models.Model):
    """The end of each chain: its last number and hash. Only the trigger writes it."""

    chain = models.CharField(max_length=60, primary_key=True)
    seq = models.BigIntegerField()
    hash = models.CharField(max_length=64)
