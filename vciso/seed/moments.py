"""Days of the stories: “-3/12” is the 12th, three months ago; “+1/05” the 5th of next month."""

import calendar
import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

FORM = re.compile(r"^([+-])(\d+)/(\d{1,2})$")


def day(words: str, *, today: date) -> date:
    """The day that the words mean, seen from today; the 31st becomes the month's last day."""
    match = FORM.match(words)
    if match is None:
        raise ValueError(f"“{words}” is no day of a story. Write it as -3/12 or +1/05.")
    sign, months, number = match.groups()
    index = today.year * 12 + today.month - 1 + (int(months) if sign == "+" else -int(months))
    year, month = divmod(index, 12)
    return date(year, month + 1, min(int(number), calendar.monthrange(year, month + 1)[1]))


def moment(on: date, zone: ZoneInfo, *, hour: int = 10, minute: int = 0) -> datetime:
    """A moment of that day where the client is, in UTC."""
    return datetime.combine(on, time(hour, minute), zone).astimezone(UTC)


def working_day(on: date) -> date:
    """The day itself, or the Monday after a weekend."""
    return on + timedelta(days={5: 2, 6: 1}.get(on.weekday(), 0))


def month_starts(first: date, until: date) -> list[date]:
    """First days of the months from `first` to `until`, both months included."""
    found = []
    index = first.year * 12 + first.month - 1
    while index <= until.year * 12 + until.month - 1:
        found.append(date(index // 12, index % 12 + 1, 1))
        index += 1
    return found
