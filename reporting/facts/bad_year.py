"""How bad a bad year could be: the estimated risks added up, as the board reads it."""

from __future__ import annotations

from reporting import documents, formats
from reporting.documents import Figure, Record
from reporting.facts.basis import Basis
from reporting.facts.register import risk_record
from risks import selectors as risk_selectors
from risks.rules import money
from vciso.web.formats import years_above

FEWEST = 3
SAME = 0.05
"""Share within which two sums of money count as the same."""
STORIES = 2


def losses(basis: Basis) -> risk_selectors.Losses:
    """The years of the risks that were open on the day, by the estimates of that day."""
    names = {row.id: (row.reference, row.title) for row in basis.register.open}
    return risk_selectors.losses_of(names, basis.client, basis.as_of)


def gather(basis: Basis, found: risk_selectors.Losses) -> documents.BadYear | None:
    """Figures, curve and what makes them again; None while nothing is estimated."""
    if not found.risks:
        return None
    records = tuple(Record("risk", one.reference, str(one.risk_id)) for one in found.risks)
    estimated = Figure.count("money.estimated.1", records)
    standing = Figure.count("risks.total.1", [risk_record(row) for row in basis.register.open])
    if len(found.risks) < FEWEST:
        return documents.BadYear(estimated=estimated, open=standing)
    known = risk_selectors.tolerance(basis.client, basis.as_of)
    most = known.sum_minor if known else None
    before = _before(basis)

    def year(label: str, formula: str, sum_minor: int, without: str) -> tuple[str, Figure]:
        words = f"{formats.money(sum_minor, basis.client.currency, about=True)} or more" if sum_minor else without
        was = dict(before.rows).get(label) if before else None
        return label, Figure(value=sum_minor, text=words, formula=formula, records=records).since(was, tolerance=SAME)

    mean = formats.money(found.mean, basis.client.currency, about=True)
    was = dict(before.rows).get(AVERAGE) if before else None
    return documents.BadYear(
        estimated=estimated,
        open=standing,
        rows=(
            (
                AVERAGE,
                Figure(value=found.mean, text=mean, formula="money.mean.1", records=records).since(was, tolerance=SAME),
            ),
            year("1-in-10 year", "money.one_in_ten.1", found.one_in_ten, "no loss in 9 years of 10"),
            year("1-in-50 year", "money.one_in_fifty.1", found.one_in_fifty, "no loss in 49 years of 50"),
        ),
        exceeding=_exceeding(found, most, records, before) if most else None,
        tolerance_minor=most,
        curve=tuple((round(sum_minor), chance) for sum_minor, chance in money.curve(found.years)),
        sources=tuple(
            documents.EstimateSource(
                record=record,
                estimate_id=str(one.estimate_id),
                seed=one.seed,
                method=one.method,
                numpy_version=one.numpy_version,
            )
            for record, one in zip(records, found.risks, strict=True)
        ),
    )


AVERAGE = "Average year"


def _before(basis: Basis) -> documents.BadYear | None:
    return basis.previous.bad_year if isinstance(basis.previous, documents.BoardPack) else None


def _exceeding(
    found: risk_selectors.Losses, most: int, records: tuple[Record, ...], before: documents.BadYear | None
) -> Figure:
    """The chance of a year above the tolerance; against another tolerance it is not comparable."""
    chance = money.chance_of_exceeding(found.years, most)
    same_tolerance = before is not None and before.tolerance_minor == most
    was = before.exceeding if before is not None and same_tolerance else None
    return Figure(value=chance, text=years_above(chance), formula="money.exceeding.1", records=records).since(
        was, tolerance=SAME
    )


def scenarios(
    basis: Basis, found: risk_selectors.Losses, year: documents.BadYear | None
) -> tuple[documents.Scenario, ...]:
    """The two risks that make the worst years; the two ranked highest while too few are estimated."""
    if year is not None and year.rows:
        dearest = sorted(found.risks, key=lambda one: (-one.one_in_fifty, one.reference))[:STORIES]
        rows = [row for one in dearest if (row := basis.register.get(one.reference)) is not None]
    else:
        rows = [row for row in basis.register.open if row.now is not None][:STORIES]
    return tuple(documents.Scenario(row.title, row.statement, risk_record(row)) for row in rows)
