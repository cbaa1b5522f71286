"""Months as numbers, so that they can be added and compared."""

from datetime import date


def month_number(day):
    """Months since year 0."""
    return day.year * 12 + day.month - 1


def first_of(number):
    """The first day of a month of `month_number`."""
    return date(number // 12, number % 12 + 1, 1)
