"""Header dictionary of risk registers, with the words their cells hold.

Case, spaces, punctuation and plural make no difference, so each synonym stands
here once, in lower case and singular.
"""

from __future__ import annotations

from vciso.imports.registry import Alone, Field, FieldKind
from vciso.imports.words import languages

TREATMENTS = {
    "reduce": (
        "Reduce", "mitigate", "treat", "treatment", "mitigation", "remediate", "fix", "control",
        "modify", "minimise", "minimize", "lower", "improve",
    ),
    "accept": ("Accept", "tolerate", "retain", "accepted", "acceptance", "take", "absorb"),
    "transfer": ("Transfer", "share", "insure", "insurance", "outsource", "sharing"),
    "avoid": ("Avoid", "terminate", "eliminate", "stop", "remove", "avoidance"),
    "untreated": ("Untreated", "not treated", "undecided"),
}  # fmt: skip

STATUSES = {
    "open": (
        "Open", "active", "in progress", "ongoing", "live", "current", "monitoring", "monitor", "in arbeit",
        "monitored", "wip", "started", "on hold", "in treatment", "treating", "under review",
        "not started", "pending", "in remediation", "overdue", "reopened", "yes", "o",
        "on track", "at risk", "delayed", "managed", "under treatment", "assigned", "planned",
    ),
    "proposed": ("Proposed", "new", "draft", "identified", "raised", "candidate", "submitted"),
    "closed": (
        "Closed", "resolved", "done", "complete", "completed", "mitigated", "remediated",
        "retired", "fixed", "eliminated", "archived", "inactive", "no", "c", "withdrawn",
        "cancelled", "rejected", "expired", "finished", "implemented",
    ),
    "accepted": ("Accepted", "risk accepted", "tolerated", "acceptance", "signed off"),
}  # fmt: skip

_RATING = {
    "before": ("inherent", "gross", "initial", "raw", "pre treatment", "before control", "untreated",
               "pre mitigation", "unmitigated", "uncontrolled", "baseline", "original", "absolute",
                  "before", "pre",
               "without control"),
    "now": ("current", "residual", "net", "mitigated", "after control", "post treatment",
            "post mitigation", "controlled", "remaining", "today", "now", "managed", "present",
            "with control", "actual", "after", "post"),
    "target": ("target", "planned", "desired", "projected", "future", "expected", "goal",
               "forecast", "aim"),
}  # fmt: skip
_LIKELIHOOD = ("likelihood", "probability", "prob", "frequency", "freq", "proba",
                  "likelihood score",
               "likelihood rating", "probability score", "probability rating", "chance",
               "likelihood level", "probability level", "probability of occurrence",
               "likelihood of occurrence", *languages.LIKELIHOOD)  # fmt: skip
_IMPACT = ("impact", "severity", "consequence", "harm", "damage", "impact score", "impact rating", "consequence rating",
           "severity score", "severity rating", "magnitude", "impact level", "severity level",
           "business impact", "consequence score", "impact severity", "overall impact", *languages.IMPACT)  # fmt: skip
_SCORE = ("score", "rating", "risk rating", "risk level", "risk score", "rag", "exposure", "level",
          "risk", "exposure rating", "risk value", "overall risk", "overall rating", "rank",
          "risk rank", "total score", "risk exposure", "risk class",
          "rag status", "overall score", "grade", "total risk", "risk magnitude",
          *languages.SCORE, "priority")  # fmt: skip
_LETTERS = {"likelihood": ("l", "p", "lh"), "impact": ("i", "s", "imp", "sev")}
# Where a file tells "current" from "residual", the residual rating is the one aimed at.
_AIMED = ("residual", "net", "after treatment")
_SAID = {when: words + languages.RATING[when] for when, words in _RATING.items()}
_LABELS = {"before": "before controls", "now": "now", "target": "target"}


def _joined(when: str, words: tuple[str, ...]) -> tuple[str, ...]:
    made: list[str] = []
    for prefix in _SAID[when] + (_AIMED if when == "target" else ()):
        for word in words:
            made += [f"{prefix} {word}", f"{word} {prefix}"]
            if not word.startswith("risk"):
                made += [f"{prefix} risk {word}"]
    return tuple(made)


def _rating(when: str) -> tuple[Field, ...]:
    bare = when == "before"
    likelihood, impact = f"likelihood_{when}", f"impact_{when}"
    score_words = tuple(word for word in _SCORE if word != "priority")
    return (
        Field(
            key=likelihood,
            label=f"Likelihood {_LABELS[when]}",
            kind=FieldKind.SCALE,
            synonyms=_joined(when, _LIKELIHOOD + _LETTERS["likelihood"])
            + (_LIKELIHOOD + _LETTERS["likelihood"] if bare else ()),
            instead="likelihood_now" if bare else "",
            marks=_SAID[when],
            prose="notes",
            help="1 to 5, or the words of your scale",
            examples=("3",),
            group=f"Rating {_LABELS[when]}",
        ),
        Field(
            key=impact,
            label=f"Impact {_LABELS[when]}",
            kind=FieldKind.SCALE,
            synonyms=_joined(when, _IMPACT + _LETTERS["impact"]) + (_IMPACT + _LETTERS["impact"] if bare else ()),
            instead="impact_now" if bare else "",
            marks=_SAID[when],
            prose="consequence",
            alone=Alone(partner=likelihood, words=("severity", "sev"), to=f"score_{when}"),
            help="1 to 5, or the words of your scale",
            examples=("4",),
            group=f"Rating {_LABELS[when]}",
        ),
        Field(
            key=f"score_{when}",
            label=f"Score {_LABELS[when]}",
            kind=FieldKind.SCORE,
            synonyms=_joined(when, score_words) + (tuple(_SCORE) if bare else ()),
            of=(likelihood, impact),
            multiple=True,
            instead="score_now" if bare else "",
            marks=_SAID[when],
            help="Read only to compare with likelihood × impact",
            group=f"Rating {_LABELS[when]}",
        ),
    )


_WORDS = (
    Field(
        key="reference",
        label="Reference",
        synonyms=("id", "risk id", "ref", "ref no", "their id",
                  "reference no", "no", "nr", "risk no",
                  "risk number", "permanent id", "key", "risk ref", "risk reference", "number",
                  "item", "item no", "sl no", "s no", "sr no", "serial", "serial no", "index",
                  "identifier", "risk identifier", "risk key", "unique id", "record id", "n",
                  "finding id", "issue id", "ticket", "uid", "seq", "line"),
        help="Your own number; a second import with the same number updates the risk",
        examples=("R-001",),
        max_length=60,
        numbers=True,
    ),
    Field(
        key="title",
        label="Title",
        synonyms=("risk", "risk name", "name", "risk title",
                  "threat", "scenario", "risk scenario",
                  "event name", "risk summary", "summary", "headline", "short description", "finding",
                  "issue", "observation", "risk event name", "threat scenario", "subject", "concern",
                  "vulnerability", "threat event", "risk topic", "hazard", "weakness", "item name", "failure mode",
                  "potential failure mode"),
        required=True,
        fallback=("description", "event", "cause", "consequence"),
        help="What could go wrong, in one line",
        examples=("Patient files are unavailable for days",),
        max_length=200,
    ),
    Field(
        key="description",
        label="Description",
        synonyms=("risk description",
                  "risk statement", "detail", "risk detail", "what could happen",
                  "cause consequence", "description of risk", "long description", "narrative",
                  "statement", "full description", "risk narrative", "what can go wrong",
                  "observation detail", "finding description", "description of the risk", "observation",
                  "finding",
                  "risk definition", "cause event consequence"),
        multiple=True,
    ),
    Field(
        key="cause",
        label="Cause",
        synonyms=("risk cause", "root cause", "source", "driver", "because", "trigger", "caused by",
                  "as a result of", "due to the fact that",
                  "risk source", "threat source", "due to", "underlying cause", "risk driver",
                  "contributing factor", "vulnerability description", "vulnerability", "threat"),
        group="Wording",
        multiple=True,
        examples=("One person can restore the server",),
    ),
    Field(
        key="event",
        label="Event",
        synonyms=("risk event", "what happen", "what might happen", "threat description", "there is a risk that",
                  "risk that", "the risk is that", "if"),
        group="Wording",
        multiple=True,
        examples=("the server fails while she is away",),
    ),
    Field(
        key="consequence",
        label="Consequence",
        synonyms=("effect", "result", "outcome", "impact description", "resulting in", "which may result in",
                  "which would result in", "then", "consequence description",
                  "potential consequence", "potential impact", "business consequence", "leading to",
                  "impact detail", "description of impact", "potential effect", "impact statement",
                  "risk consequence", "possible consequence", "potential outcome"),
        group="Wording",
        multiple=True,
        examples=("no patient can be seen for two days",),
    ),
    Field(
        key="category",
        label="Category",
        synonyms=("type", "domain", "area", "risk category",
                  "theme", "risk type", "risk area",
                  "class", "risk domain", "family", "group", "risk group", "classification",
                  "risk theme", "control family", "risk family", "topic", "pillar", "categorisation",
                  "categorization"),
        examples=("Operational",),
        max_length=120,
    ),
    Field(
        key="asset",
        label="Asset or process",
        synonyms=("asset", "asset process", "system", "process", "affected asset", "business unit",
                  "asset name", "application", "service", "information asset", "department",
                  "affected system", "business process", "function", "location", "site", "scope",
                  "project", "vendor", "supplier", "third party", "business area", "unit", "team",
                  "asset group", "asset type", "affected process", "division", "resource"),
        max_length=200,
        multiple=True,
        examples=("Practice server",),
    ),
)  # fmt: skip

_REST = (
    Field(
        key="controls",
        label="Existing controls",
        synonyms=("existing control", "current control", "control", "mitigation in place",
                  "mitigating control", "safeguard", "control in place", "key control",
                  "existing mitigation", "current mitigation", "control description",
                  "existing measure", "current measure", "mitigation", "mitigating factor",
                  "countermeasure", "existing safeguard", "internal control", "controls in place",
                  "existing control measure", "control measure", "key mitigation"),
        multiple=True,
        examples=("Nightly backup to a second site",),
    ),
    Field(
        key="treatment",
        label="Treatment",
        kind=FieldKind.CHOICE,
        prose="action",
        choices=languages.choices(TREATMENTS, languages.TREATMENTS),
        otherwise="untreated",
        synonyms=("response", "risk response", "strategy", "decision", "4t", "risk treatment",
                  "treatment option", "response type", "treatment strategy", "response strategy",
                  "risk strategy", "risk decision", "treatment decision", "treatment type", "4ts",
                  "treat tolerate transfer terminate", "risk response type", "handling",
                  "risk handling", "treatment approach", "approach"),
        help="Reduce, accept, transfer or avoid",
        examples=("Reduce",),
    ),
    Field(
        key="action",
        label="Action plan",
        synonyms=("action", "planned action",
                  "treatment plan", "mitigation plan", "recommendation",
                  "next step", "mitigation strategy", "risk treatment plan", "planned control",
                  "remediation", "remediation plan", "mitigation action", "response description",
                  "corrective action", "proposed action", "recommended action", "plan",
                  "further action", "action required", "additional control", "risk mitigation",
                  "recommended control", "planned mitigation", "response plan", "proposed mitigation",
                  "mitigation step", "treatment action", "response title", "response1 title",
                  "additional mitigation", "action to take",
                  "risk response description", "treatment description", "mitigation measure",
                  "proposed control", "planned treatment", "proposed treatment", "contingency plan",
                  "planned measure", "action item", "further control", "recommended mitigation"),
        multiple=True,
        examples=("Move the file server to a hosted service by March",),
    ),
    Field(
        key="owner",
        label="Owner",
        kind=FieldKind.PERSON,
        synonyms=("risk owner", "responsible", "accountable", "assigned to", "lead", "responsible person",
                  "responsibility", "owner name", "action owner", "control owner", "assignee", "who",
                  "responsible party", "treatment owner", "business owner", "manager", "person responsible",
                  "accountable person", "risk manager", "owned by", "point of contact", "poc",
                  "risk lead", "mitigation owner", "owner role", "risk owner name", "custodian", "by whom", "resp"),
        help="A name or an address; nobody found leaves the risk unassigned",
        examples=("Dana Field <dana@example.org>",),
    ),
    Field(
        key="due",
        label="Target date",
        kind=FieldKind.DATE,
        synonyms=("due", "due date",
                  "deadline", "completion date", "anticipated completion date",
                  "date due", "by when", "target completion date", "planned completion", "eta",
                  "target completion", "expected completion", "completion", "treatment due date",
                  "implementation date", "timeline", "timeframe", "mitigation date", "end date",
                  "expected completion date", "planned completion date", "target resolution date",
                  "remediation date", "action due date", "when", "planned end date", "target",
                  "mitigation due date", "response enddate", "response1 enddate",
                  "finish date", "resolution date", "treatment date"),
        examples=("2027-03-31",),
    ),
    Field(
        key="review",
        label="Next review",
        kind=FieldKind.DATE,
        synonyms=("review date", "review", "next review date", "review due", "date of next review",
                  "review on", "risk review date", "review due date", "revisit"),
        asks="last_reviewed",
        examples=("2027-01-15",),
    ),
    Field(
        key="last_reviewed",
        label="Last reviewed",
        kind=FieldKind.DATE,
        synonyms=("last review", "last review date", "reviewed on", "date reviewed", "last updated",
                  "date of last review", "reviewed", "last assessed", "assessment date", "updated",
                  "last update", "date assessed", "last assessment", "date updated", "update date",
                  "last modified", "modified"),
        asks="review",
    ),
    Field(
        key="raised_on",
        label="Raised on",
        kind=FieldKind.DATE,
        synonyms=("date raised", "raised", "date identified", "identified on", "date opened", "opened",
                  "created", "date created", "created on", "date logged", "logged", "date added",
                  "identified date", "creation date", "open date", "entry date", "identification date",
                  "date", "date of identification", "date entered", "raised date", "reported on",
                  "date reported", "opened on", "start date", "discovery date"),
    ),
    Field(
        key="status",
        label="Status",
        kind=FieldKind.CHOICE,
        prose="notes",
        choices=languages.choices(STATUSES, languages.STATUSES),
        otherwise="open",
        synonyms=("state", "open closed", "stage", "risk status", "current status",
                  "treatment status",
                  "action status", "progress", "mitigation status", "lifecycle", "workflow state",
                  "implementation status", "risk state", "open or closed"),
        help="Proposed, open or closed",
        examples=("Open",),
    ),
    Field(
        key="closed_on",
        label="Closed on",
        kind=FieldKind.DATE,
        synonyms=("date closed", "closed date", "completed date", "close date", "closure date",
                  "date completed", "completed on", "actual completion date", "resolved on",
                  "date resolved", "closing date", "completed"),
    ),
    Field(
        key="accepted",
        prose="accepted_by",
        label="Accepted",
        kind=FieldKind.BOOL,
        synonyms=("accepted y n", "risk accepted", "acceptance", "risk acceptance", "risk accepted y n",
                  "is accepted", "accept y n", "accept risk"),
        group="Acceptance",
    ),
    Field(
        key="accepted_by",
        label="Accepted by",
        synonyms=("sign off", "signed off by", "approved by", "risk accepted by", "acceptance by",
                  "accepted by name", "signed by", "acceptor", "sign off by"),
        group="Acceptance",
    ),
    Field(
        key="accepted_on",
        label="Accepted on",
        kind=FieldKind.DATE,
        synonyms=("acceptance date", "date accepted", "sign off date", "approval date", "signed on",
                  "date of acceptance"),
        group="Acceptance",
    ),
    Field(
        key="accepted_until",
        label="Accepted until",
        kind=FieldKind.DATE,
        synonyms=("acceptance until", "acceptance expiry", "acceptance expires", "expiry", "expiry date",
                  "valid until", "acceptance end", "acceptance review date", "expires"),
        group="Acceptance",
    ),
    Field(
        key="notes",
        label="Private notes",
        synonyms=("note", "comment", "remark", "additional information", "update", "additional comment",
                  "progress note", "additional note", "general comment", "private note",
                  "status update", "justification", "rationale"),
        multiple=True,
        appends=True,
        help="Only the practice sees these",
    ),
)  # fmt: skip

FIELDS: tuple[Field, ...] = languages.with_words(
    (*_WORDS, *_rating("before"), *_rating("now"), *_rating("target"), *_REST), languages.RISKS
)
