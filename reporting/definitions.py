"""What the words of a report mean. They are frozen with its facts."""

from __future__ import annotations

from reporting.documents.base import Term

STATUS = (
    Term(
        "Act now",
        "A risk is above your limit without an approved plan or a live acceptance, "
        "or something with a legal or contractual date is overdue.",
    ),
    Term(
        "Watch",
        "A risk is above your limit with a plan or an acceptance, or something due within 30 days has no owner.",
    ),
    Term("Inside your limits", "Neither of these is the case."),
)
FIGURES = (
    Term(
        "Score",
        "Likelihood, 1 to 5, times impact, 1 to 5, with today's controls. "
        "The worst category counts. Scores are never turned into money or added up.",
    ),
    Term(
        "Above your limit",
        "The band is higher than the limit you set, or one year in ten costs more than your limit in money. "
        "At the limit is not above.",
    ),
    Term("Better, worse, same", "Compared with the last published report of the same kind."),
    Term("Overdue", "The date was before the day of the data and the item is not done."),
    Term("Not known", "Nothing is on record. It is never counted as zero or as fine."),
)
ALL = STATUS + FIGURES
