"""Sentences that both reports use, so that the same thing has the same words each time."""

from __future__ import annotations

from reporting.documents import About, Acceptances, Figure, Hours, Plan, Risks
from reporting.formats import capital, counted, hours, in_words, listing


def since(about: About) -> str:
    """ "since September 2026", or nothing in a first report."""
    return f"since {about.previous.period_label}" if about.previous else ""


def number(figure: Figure) -> int:
    """The count of a figure, 0 when it is not known; ask `known` where that matters."""
    return int(figure.value or 0)


def risks_heading(block: Risks, limits: str) -> str:
    """How many risks are above the limits, and how many moved."""
    total = number(block.total)
    if not total:
        return "Risks: nothing is known yet"
    if number(block.unrated) >= total:
        return f"{capital(counted(total, 'risk'))} on the register, none rated yet"
    if not block.above.known:
        return f"{capital(counted(total, 'risk'))} on the register, no limit set yet"
    above = number(block.above)
    if above:
        head = f"{capital(counted(above, 'risk'))} {'is' if above == 1 else 'are'} above {limits}"
    else:
        head = f"No rated risk is above {limits}"
    moved = _moved(block)
    return f"{head}; {moved}" if moved else head


def _moved(block: Risks) -> str:
    worse, better = block.worse, block.better
    if not worse.known and not better.known:
        return ""
    if not number(worse) and not number(better):
        return "none moved"
    parts = []
    if number(better):
        parts.append(f"{in_words(number(better))} got better")
    if number(worse):
        parts.append(f"{in_words(number(worse))} got worse")
    else:
        parts.append("none got worse")
    return listing(parts)


def plan_heading(block: Plan) -> str:
    """What was finished, what runs, what is late."""
    if not block.rows and not number(block.finished):
        return "Work: nothing is known yet"
    late = number(block.late)
    finished = number(block.finished)
    done = f"{capital(counted(finished, 'piece'))} of work finished" if finished else "No work finished"
    tail = f"{in_words(late)} late" if late else "none late"
    return f"{done}, {in_words(number(block.open))} open, {tail}"


def hours_sentence(block: Hours) -> str:
    """31.5 of 36 agreed hours used, or what is missing to say so."""
    if not block.used.value:
        return "Hours: not known"
    if not block.included.known:
        return f"{capital(hours(block.used.value))} used; the agreed hours are not recorded"
    included = block.included.value or 0
    left = included - block.used.value
    tail = f"{_short(left)} left" if left > 0 else f"{_short(-left)} over" if left else "none left"
    return f"{_short(block.used.value)} of {_short(included)} agreed hours used, {tail}"


def _short(minutes: float) -> str:
    """Hours without the word, as a sentence that has said it wants them."""
    return f"{minutes / 60:.1f}".removesuffix(".0")


def accepted_heading(block: Acceptances) -> str:
    """How many acceptances are in force, end soon, or ran out with the risk still open."""
    if not block.rows and not number(block.in_force):
        return "Accepted risks: none known"
    if expired := number(block.expired):
        head = f"{capital(counted(expired, 'acceptance'))} ran out and the risk is still open"
        return head
    head = f"{capital(counted(number(block.in_force), 'accepted risk'))} in force"
    ending = number(block.ending)
    tail = f"{in_words(ending)} end{'s' if ending == 1 else ''} within {block.days} days"
    return f"{head}; {tail if ending else f'none ends within {block.days} days'}"
