"""Headings of ratings: likelihood, impact, impact by category and score, each before controls, now and as target."""

from __future__ import annotations

from vciso.imports.registry import Aimed, Alone, Each, Field, FieldKind
from vciso.imports.words import languages

_RATING = {
    "before": ("inherent", "gross", "initial", "raw", "pre treatment", "before control", "untreated",
               "pre mitigation", "unmitigated", "uncontrolled", "baseline", "original", "absolute",
                  "before", "pre",
               "without control"),
    "now": ("current", "residual", "net", "mitigated", "after control", "post treatment",
            "post mitigation", "controlled", "remaining", "today", "now", "managed", "present",
            "with control", "actual", "after", "post", "without additional control", "without further action",
            "before further action"),
    "target": ("target", "planned", "desired", "projected", "future", "expected", "goal",
               "forecast", "aim", "with additional control", "after additional control", "after further action",
               "after further control", "after planned action"),
}  # fmt: skip
_LIKELIHOOD = ("likelihood", "probability", "prob", "prb", "occ", "frequency", "freq", "proba",
                  "likelihood score",
               "likelihood rating", "probability score", "probability rating", "chance",
               "likelihood level", "probability level", "probability of occurrence",
               "likelihood of occurrence", *languages.LIKELIHOOD)  # fmt: skip
_OVERALL = tuple(
    f"{first} {second}"
    for word in ("overall", "max", "maximum", "highest", "worst", "total", "combined", "final", "aggregate")
    for first, second in ((word, "impact"), ("impact", word))
)
_IMPACT = ("impact", "severity", "consequence", "harm", "damage", "impact score", "impact rating", "consequence rating",
           "severity score", "severity rating", "magnitude", "impact level", "severity level",
           "business impact", "consequence score", "impact severity", "worst case impact",
           "overall severity", "overall consequence", "max severity", "highest severity",
           "maximum consequence", "highest consequence", *languages.IMPACT)  # fmt: skip
SORTS = {
    "financial": ("financial", "finance", "monetary", "cost", "economic", "money", "revenue", "budget",
                  *languages.SORTS["financial"]),
    "operational": ("operational", "operation", "business continuity", "continuity", "process", "productivity",
                    "service delivery", "delivery", "schedule", *languages.SORTS["operational"]),
    "legal": ("legal", "regulatory", "compliance", "regulation", "law", "contractual", "legislative", "statutory",
              *languages.SORTS["legal"]),
    "reputation": ("reputation", "reputational", "image", "brand", "publicity", "media",
                   *languages.SORTS["reputation"]),
    "people": ("people", "safety", "health", "human", "staff", "employee", "personnel", "injury", "life", "physical",
               "wellbeing", "hse", "ehs", *languages.SORTS["people"]),
    "strategic": ("strategic", "strategy", "mission", "objective", *languages.SORTS["strategic"]),
    "customer": ("customer", "client", "patient", "citizen", "student", "user", "stakeholder",
                 *languages.SORTS["customer"]),
    "environment": ("environment", "environmental", "ecological", "climate", *languages.SORTS["environment"]),
    "privacy": ("privacy", "data protection", "data subject", "personal data", *languages.SORTS["privacy"]),
    "quality": ("quality", "technical", "performance", "scope", *languages.SORTS["quality"]),
    "confidentiality": ("confidentiality", "c", *languages.SORTS["confidentiality"]),
    "integrity": ("integrity", "i", *languages.SORTS["integrity"]),
    "asset": ("asset", "property", "equipment", "production", "facility"),
    "availability": ("availability", "a", *languages.SORTS["availability"]),
}  # fmt: skip
"""Sorts of impact with the words that head a column for one of them."""
_SORT_WORDS = tuple(word for words in SORTS.values() for word in words)
_OF_EACH = ("impact", "consequence", *languages.IMPACT)
_OF_NAMED = ("severity", "harm", "damage", "effect")
_ASIDE = tuple(
    """score rating level value class assessment estimate estimated rank grade worst case potential business risk
    overall total max maximum highest average mean combined numeric number description detail statement analysis
    comment note category type area date scale text qualitative quantitative organisation organization company
    enterprise corporate calculated adjusted final primary main factor index weight weighted code likely
    expected likelihood probability gesamt insgesamt maximal maximale global globale totale complessivo massimo
    maximo geral totaal x if any by with without control mitigation treatment id risque risiko riesgo rischio risico
    risco""".split()
)
"""Words beside "impact" that name no sort of it."""
_SCORE = ("score", "rating", "risk rating", "risk level", "risk score", "rag", "exposure", "level",
          "risk", "exposure rating", "risk value", "overall risk", "overall rating", "rank",
          "risk rank", "total score", "risk factor", "rpn", "risk priority number", "risk index",
          "risk exposure", "risk class",
          "rag status", "overall score", "grade", "total risk", "risk magnitude",
          *languages.SCORE, "priority")  # fmt: skip
_LETTERS = {"likelihood": ("l", "p", "lh"), "impact": ("i", "s", "c", "imp", "sev")}
_ABBREVIATED = {
    "likelihood": ("l", "p", "lh", "ew", "w", "k", "v", "f", "o", "prob", "lik", "e"),
    "impact": ("i", "sh", "imp", "sev", "g", "s", "c", "d", "a", "sw", "aw", "e"),
    "score": ("r", "rz", "rs", "rw", "rk", "rpz", "rpn", "npr", "sc", "t", "rag", "s", "c"),
}
"""What stands under "Inherent risk" in English, German, French, Dutch, Spanish, Italian and Portuguese."""
# Where a file tells "current" from "residual", the residual rating is the one aimed at.
_TODAY = ("current", "today", "present", "actual")
_AIMED = ("residual", "net", "after treatment")
MARKS = {when: words + languages.RATING[when] for when, words in _RATING.items()}
_LABELS = {"before": "before controls", "now": "now", "target": "target"}


def _joined(when: str, words: tuple[str, ...]) -> tuple[str, ...]:
    made: list[str] = []
    risks = _compounds(when, ("risiko", "risico"))
    for prefix in (*MARKS[when], *risks, *(_AIMED if when == "target" else ())):
        for word in words:
            made += [f"{prefix} {word}", f"{word} {prefix}"]
            if not word.startswith("risk"):
                made += [f"{prefix} risk {word}"]
    made += _compounds(when, words)
    return tuple(made)


def _compounds(when: str, words: tuple[str, ...]) -> list[str]:
    return [prefix + word for prefix in languages.COMPOUNDS[when] for word in words if " " not in word]


def _each(when: str, marks: tuple[str, ...]) -> Field:
    """A column for one sort of impact, of which a file has several; the worst of them counts."""
    bare = when == "before"
    # "Impact (I)" is the impact: letters tell sorts apart only where there are several.
    words = [word for word in _SORT_WORDS if len(word) > 1]
    named = tuple(name for word in words for name in (f"{word} impact", f"impact {word}"))
    return Field(
        key=f"impact_each_{when}",
        label=f"Category impact {_LABELS[when]}",
        kind=FieldKind.LEVELS,
        synonyms=named if bare else (),
        each=Each(
            rating=f"impact_{when}",
            of=_OF_EACH,
            named_only=_OF_NAMED,
            sorts=_SORT_WORDS,
            aside=_ASIDE,
            assets=(SORTS["confidentiality"], SORTS["integrity"], SORTS["availability"]),
            aimed=Aimed(words=_AIMED, beside=_TODAY, to="impact_each_target") if when == "now" else None,
        ),
        multiple=True,
        only_checked=True,
        instead="impact_each_now" if bare else "",
        marks=marks,
        prose="consequence",
        help="One of several columns such as “Financial impact”; the worst of them counts",
        group=f"Rating {_LABELS[when]}",
    )


def _rating(when: str) -> tuple[Field, ...]:
    bare = when == "before"
    likelihood, impact, group = f"likelihood_{when}", f"impact_{when}", f"Rating {_LABELS[when]}"
    words = languages.LIKELIHOOD + languages.IMPACT + languages.SCORE + languages.RISK
    marks = (*MARKS[when], *_compounds(when, words))
    scores = (*(word for word in _SCORE if word != "priority"), *languages.RISK)
    return (
        Field(
            key=likelihood,
            label=f"Likelihood {_LABELS[when]}",
            kind=FieldKind.SCALE,
            synonyms=_said(when, _LIKELIHOOD + _LETTERS["likelihood"]),
            instead="likelihood_now" if bare else "",
            marks=marks,
            letters=_ABBREVIATED["likelihood"] if bare else (),
            prose="notes",
            help="1 to 5, or the words of your scale",
            examples=("3",),
            group=group,
        ),
        Field(
            key=impact,
            label=f"Impact {_LABELS[when]}",
            kind=FieldKind.SCALE,
            synonyms=_said(when, _IMPACT + _LETTERS["impact"]) + (_OVERALL if bare else ()),
            instead="impact_now" if bare else "",
            marks=marks,
            letters=_ABBREVIATED["impact"] if bare else (),
            prose="consequence",
            alone=Alone(partner=likelihood, words=("severity", "sev"), to=f"score_{when}"),
            help="1 to 5, or the words of your scale",
            examples=("4",),
            group=group,
        ),
        _each(when, marks),
        _pair(when, marks),
        Field(
            key=f"score_{when}",
            label=f"Score {_LABELS[when]}",
            kind=FieldKind.SCORE,
            synonyms=_joined(when, (*scores, "r")) + (_SCORE if bare else ()),
            of=(likelihood, impact),
            multiple=True,
            instead="score_now" if bare else "",
            marks=marks,
            letters=_ABBREVIATED["score"] if bare else (),
            help="Read only to compare with likelihood × impact",
            group=group,
        ),
    )


def _said(when: str, words: tuple[str, ...]) -> tuple[str, ...]:
    """The words with what tells one rating from the others, and bare ones for the first of them."""
    return _joined(when, words) + (words if when == "before" else ())


def _pair(when: str, marks: tuple[str, ...]) -> Field:
    """Both in one cell. What heads a score heads a pair too where its cells hold pairs; see ``columns``."""
    return Field(
        key=f"pair_{when}",
        label=f"Likelihood × impact {_LABELS[when]}",
        kind=FieldKind.PAIR,
        synonyms=MARKS[when],
        of=(f"likelihood_{when}", f"impact_{when}"),
        only_checked=True,
        instead="pair_now" if when == "before" else "",
        marks=marks,
        help="Both in one cell, as “5 x 4 = 20”",
        examples=("5 x 4 = 20",),
        group=f"Rating {_LABELS[when]}",
    )


FIELDS: tuple[Field, ...] = (*_rating("before"), *_rating("now"), *_rating("target"))
