"""How each figure is computed, in words: the written calculation behind every number.

The id of a formula is frozen with the figure. When a calculation changes, its id
gets the next number, and a figure made by another id is printed as not comparable.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Formula:
    """A name as printed and the calculation in a sentence or two."""

    name: str
    words: str


FORMULAS: dict[str, Formula] = {
    "risks.total.1": Formula("Open risks", "Risks whose status was open at the end of the last day of the period."),
    "risks.above.1": Formula(
        "Risks above your limit",
        "Open risks whose present band is above the limit set for any category they touch, or whose "
        "1-in-10-year loss is above the limit in money. An accepted risk still counts.",
    ),
    "risks.unrated.1": Formula("Risks not rated", "Open risks without a present rating."),
    "risks.without_limit.1": Formula("Risks without a limit", "Open risks in categories for which no limit is set."),
    "risks.at_start.1": Formula("Open at the start", "Risks open at the end of the day before."),
    "risks.opened.1": Formula("New risks", "Risks opened in the period."),
    "risks.opened.2": Formula("New risks", "Risks added in the period."),
    "risks.reopened.1": Formula("Reopened risks", "Risks closed before and open again."),
    "risks.closed.1": Formula("Closed risks", "Risks closed in the period, each with a reason."),
    "risks.closed.2": Formula("Closed risks", "Risks closed in the period, and still."),
    "risks.worse.1": Formula("Risks that got worse", "Open risks whose score is higher than in the last report."),
    "risks.better.1": Formula("Risks that got better", "Open risks whose score is lower than in the last report."),
    "risks.reviewed.1": Formula("Risks reviewed", "Open risks with a review dated in the period, changed or not."),
    "needs.waiting.1": Formula(
        "Waiting for you",
        "Open decisions, approvals, acceptances and tasks that your people were asked for.",
    ),
    "needs.minutes.1": Formula("Minutes asked", "The sum of the minutes named on the items that wait for you."),
    "dates.coming.1": Formula(
        "Due soon",
        "Policy reviews, supplier reviews, contract notices, tasks and decisions due within "
        "the days stated, and those overdue.",
    ),
    "dates.overdue.1": Formula("Overdue", "Items whose due date is before the day of the data and that are not done."),
    "incidents.month.1": Formula("Incidents", "Incidents opened in the period."),
    "plan.open.1": Formula("Open work", "Tasks and treatment steps not finished."),
    "plan.finished.1": Formula("Finished work", "Tasks and treatment steps done in the period."),
    "plan.late.1": Formula("Late work", "Open work whose date has passed."),
    "plan.promised.1": Formula(
        "Promised and delivered", "Work due in the period and how much of it was done by its date."
    ),
    "hours.used.1": Formula("Hours used", "Time entries of the practice within the agreement, dated in the period."),
    "hours.included.1": Formula("Hours included", "Hours per month of the engagement, times the months of the period."),
    "hours.left.1": Formula("Hours left", "Hours included minus hours used."),
    "hours.client.1": Formula("Your own time", "Time entries of your people dated in the period."),
    "hours.fee.1": Formula("Fee", "The fee of the engagement for the period."),
    "acceptances.in_force.1": Formula("Accepted risks", "Signed acceptances whose last day has not passed."),
    "acceptances.ending.1": Formula(
        "Acceptances that end soon", "Acceptances in force that end within the days stated."
    ),
    "acceptances.expired.1": Formula(
        "Expired acceptances", "Acceptances past their last day whose risk is still open."
    ),
    "acceptances.opening.1": Formula("At the start", "Acceptances in force on the first day."),
    "acceptances.new.1": Formula("New", "Acceptances signed in the period."),
    "acceptances.ended.1": Formula("Ended", "Acceptances withdrawn, or whose risk was closed, in the period."),
    "acceptances.lapsed.1": Formula("Expired", "Acceptances whose last day was in the period."),
    "acceptances.exposure.1": Formula(
        "Accepted in money", "Average years of the accepted risks that are estimated, added up."
    ),
    "decisions.asked.1": Formula("Decisions asked", "Open decisions put to the board."),
    "decisions.cost.1": Formula(
        "Cost of what we recommend",
        "One-off cost of the recommended option of each decision asked, summed.",
    ),
    "decisions.minutes.1": Formula("Minutes needed", "The sum of the minutes named on the decisions asked."),
    "policies.total.1": Formula("Policies", "Policies of the written programme, not retired."),
    "policies.in_force.1": Formula(
        "Policies in force", "Policies with an approved version whose review is not overdue."
    ),
    "policies.overdue.1": Formula("Policies overdue", "Policies past their review date."),
    "policies.awaiting.1": Formula(
        "Policies awaiting approval", "Policies with a version put to an owner and not answered."
    ),
    "vendors.total.1": Formula("Suppliers", "Suppliers in use."),
    "vendors.critical.1": Formula("Critical suppliers", "Suppliers of the highest tier."),
    "vendors.current.1": Formula("Review current", "Suppliers whose next review is ahead."),
    "vendors.due.1": Formula("Review due", "Suppliers whose review falls within 60 days."),
    "vendors.overdue.1": Formula("Review overdue", "Suppliers past their review date."),
    "vendors.never.1": Formula("Never reviewed", "Suppliers without any review on record."),
    "money.estimated.1": Formula("Risks estimated", "Open risks with an estimate in money."),
    "money.mean.1": Formula("Average year", "The mean of 10,000 simulated years of the estimated risks, added up."),
    "money.one_in_ten.1": Formula("1-in-10 year", "The 9,000th of the 10,000 simulated years, from cheap to dear."),
    "money.one_in_fifty.1": Formula("1-in-50 year", "The 9,800th of the 10,000 simulated years, from cheap to dear."),
    "money.exceeding.1": Formula(
        "Years above the tolerance", "The share of 10,000 simulated years that cost more than the tolerance."
    ),
    "money.plan_cost.1": Formula(
        "Cost of a plan",
        "Spent once (by its steps, where they take more) ÷ years it lasts + spent each year + hours × their rate.",
    ),
    "money.removed.1": Formula("Loss removed", "Average year before minus after the plan, same random numbers."),
    "money.each.1": Formula("Removed per unit", "Loss removed ÷ cost of the plan in a year; never added up."),
    "plans.decided.1": Formula("Plans", "Open risks that are to be reduced, transferred or avoided."),
    "quality.estimated.1": Formula("Risks estimated", "Share of open risks with an estimate in money."),
    "quality.rated.1": Formula("Risks rated", "Open risks with a present rating, of all open."),
    "quality.owned.1": Formula("Risks with an owner", "Open risks that name a person, of all open."),
    "quality.reviewed.1": Formula(
        "Risks reviewed in time", "Open risks whose review date has not passed, of all open."
    ),
    "quality.suppliers.1": Formula(
        "Suppliers reviewed", "Suppliers with a review in the last 12 months, of all in use."
    ),
    "limits.set.1": Formula("Limits set", "Impact categories with a level or a sum as their limit on the day."),
    "quality.limits.1": Formula("Categories with a limit", "Impact categories for which the business has set a limit."),
}


def formula(key: str) -> Formula:
    """The formula of an id; an unknown id is a mistake of the caller."""
    return FORMULAS[key]
