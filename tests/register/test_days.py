from __future__ import annotations

from datetime import date, datetime, time

import pytest

from workflow.register.cells import Cell
from workflow.register.days import day_in, list_date, parse_day
from workflow.register.names import Unfit


@pytest.mark.parametrize(
    "written",
    [
        "2025-02-06", " 2025-2-6 ", "2025/02/06", "2025-02-06T00:00:00", "2025-02-06 00:00:00",
        "2/6/2025", "02-06-2025", "2/6/2025 0:00", "February 6, 2025", "Feb. 6 2025", "feb 6, 2025",
        "6-Feb-2025", "6 February 2025",
    ],
)  # fmt: skip
def test_a_day_is_read_in_iso_and_american_order(written):
    assert parse_day(written) == date(2025, 2, 6)


def test_sept_is_september():
    assert parse_day("Sept. 22, 2025") == date(2025, 9, 22)


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("2/6/25", "two digits"),
        ("13/12/2025", "no calendar"),
        ("2025-02-30", "no calendar"),
        ("soon", "not a date"),
        ("Febtember 6, 2025", "not a date"),
        ("Foo 6, 2025", "not a date"),
        ("45922", "not a date"),
        ("٢٠٢٥-٠٢-٠٦", "not a date"),
    ],
)
def test_what_is_no_day_is_refused(written, why):
    with pytest.raises(Unfit, match=why):
        parse_day(written)


def test_a_date_cell_is_a_day_and_a_number_is_not():
    assert day_in(Cell(datetime(2025, 2, 6, 13, 30))) == date(2025, 2, 6)  # noqa: DTZ001
    assert day_in(Cell(date(2025, 2, 6))) == date(2025, 2, 6)
    for value in (45922, 45922.5, True, time(12)):
        with pytest.raises(Unfit, match="format the column as a date"):
            day_in(Cell(value))


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("List-20210113002027.xlsx", date(2021, 1, 13)),
        ("agencies05182026am.xlsx", date(2026, 5, 18)),
        ("agencies.xlsx", None),
        ("agencies99999999.xlsx", None),
        ("agencies10011500.csv", None),
    ],
)
def test_a_file_name_may_carry_the_date_of_the_list(name, day):
    assert list_date(name) == day
