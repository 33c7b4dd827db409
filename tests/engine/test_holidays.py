"""The federal holidays: against the `holidays` package, and against days worked by hand."""

from __future__ import annotations

from datetime import date

import holidays
import pytest

from workflow.engine.holidays_us import federal_holidays

#: What the package calls the days that we name otherwise.
THEIR_NAMES = {
    "Martin Luther King Jr. Day": "Birthday of Martin Luther King, Jr.",
    "Juneteenth National Independence Day": "Juneteenth",
    "Thanksgiving": "Thanksgiving Day",
}


def in_our_words(name: str) -> str:
    title, observed, _ = name.partition(" (observed)")
    return THEIR_NAMES.get(title, title) + observed


@pytest.mark.parametrize("year", range(2000, 2101))
def test_the_holidays_are_those_of_the_holidays_package(year):
    theirs = holidays.country_holidays("US", years=year)

    # Two holidays never share a day here, so every name is a single one.
    assert dict(federal_holidays(year)) == {day: in_our_words(name) for day, name in theirs.items()}


@pytest.mark.parametrize("year", range(2000, 2101))
def test_washington_also_has_inauguration_day(year):
    theirs = holidays.country_holidays("US", subdiv="DC", years=year)
    extra = {day for day, name in theirs.items() if "Inauguration" in name}

    added = federal_holidays(year, inauguration=True).keys() - federal_holidays(year).keys()

    # On a Monday it may be the birthday of Dr. King, which then gives the day its name (2025, 2053 …);
    # no day is given in lieu of a weekend.
    assert added == {day for day in extra if day.day == 20} - federal_holidays(year).keys()


@pytest.mark.parametrize(
    ("day", "name"),
    [
        # 19 June 2021 was a Saturday, two days after the law; the Friday was given at once.
        (date(2021, 6, 18), "Juneteenth (observed)"),
        # 4 July 2026 is a Saturday, 4 July 2027 a Sunday.
        (date(2026, 7, 3), "Independence Day (observed)"),
        (date(2027, 7, 5), "Independence Day (observed)"),
        # 1 January 2022 was a Saturday: observed in the year before.
        (date(2021, 12, 31), "New Year's Day (observed)"),
        # 31 May 2027 is the last Monday of May; 25 November 2027 the fourth Thursday.
        (date(2027, 5, 31), "Memorial Day"),
        (date(2027, 11, 25), "Thanksgiving Day"),
        # From 1971 to 1977 on the fourth Monday of October.
        (date(1971, 10, 25), "Veterans Day"),
        (date(1977, 10, 24), "Veterans Day"),
        (date(1978, 11, 11), "Veterans Day"),
        # First observed on the third Monday of January 1986.
        (date(1986, 1, 20), "Birthday of Martin Luther King, Jr."),
    ],
)
def test_a_day_worked_by_hand(day, name):
    assert federal_holidays(day.year)[day] == name


@pytest.mark.parametrize(
    "day",
    [date(2020, 6, 19), date(1985, 1, 21), date(1975, 11, 11), date(1970, 10, 26), date(2021, 1, 20)],
)
def test_before_its_law_a_day_was_no_holiday(day):
    assert day not in federal_holidays(day.year)


def test_the_last_year_there_is_has_its_holidays_too():
    assert date(9999, 12, 25) in federal_holidays(9999)
    # 1 January 10000 would be a Saturday, and 31 December 9999 is a Friday.
    assert federal_holidays(9999)[date(9999, 12, 31)] == "New Year's Day (observed)"


def test_inauguration_day_is_a_holiday_every_fourth_year_from_1965():
    kept = {
        year for year in range(1950, 1981) if date(year, 1, 20) in federal_holidays(year, inauguration=True)
    }

    assert kept == {1965, 1969, 1973, 1977}
