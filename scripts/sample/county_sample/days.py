"""The calendar of autumn 2026: working days, the two Fridays, how weeks are named.

Holidays: the State Council's notice for 2026 (National Day 1–7 October, 10 October works).
"""

from dataclasses import dataclass
from datetime import date, timedelta

OFF = {date(2026, 10, d) for d in range(1, 8)}
MAKE_UP = {date(2026, 10, 10)}
WEEKDAYS = "一二三四五六日"


def is_workday(day):
    if day in OFF:
        return False
    return day in MAKE_UP or day.weekday() < 5


def add_workdays(day, count):
    """The working day `count` after (or, negative, before) `day`."""
    step = timedelta(days=1 if count > 0 else -1)
    for _ in range(abs(count)):
        day += step
        while not is_workday(day):
            day += step
    return day


def lead_days(applied_on, opens_on):
    """Working days d with applied_on ≤ d < opens_on."""
    span = (opens_on - applied_on).days
    return sum(is_workday(applied_on + timedelta(days=i)) for i in range(max(span, 0)))


@dataclass(frozen=True)
class Week:
    """A reporting week: its Friday, and the week to come that its timetables are about."""

    number: int
    friday: date

    @property
    def id(self):
        return f"2026-W{self.number}"

    @property
    def monday(self):
        """Monday of the coming week."""
        return self.friday + timedelta(days=3)

    @property
    def sunday(self):
        return self.friday + timedelta(days=9)

    @property
    def span(self):
        """The coming week as clerks write it: 11月30日-12月6日."""
        return f"{cjk_short(self.monday)}-{cjk_short(self.sunday)}"


def cjk_short(day):
    return f"{day.month}月{day.day}日"


def cjk(day):
    return f"{day.year}年{day.month}月{day.day}日"


W46 = Week(46, date(2026, 11, 13))
W47 = Week(47, date(2026, 11, 20))
W48 = Week(48, date(2026, 11, 27))
WEEKS = [W47, W48]
