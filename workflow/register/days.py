"""Dates as people type them into lists. Knows no calendar of an office and no clock."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Final

from workflow.register.cells import Cell
from workflow.register.names import Unfit

_MONTHS: Final = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), start=1
    )
}
_ISO = re.compile(
    r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})([t ]\d{1,2}:\d{2}.*)?", re.ASCII
)
_AMERICAN = re.compile(
    r"(?P<month>\d{1,2})[-/.](?P<day>\d{1,2})[-/.](?P<year>\d{4})( \d{1,2}:\d{2}.*)?", re.ASCII
)
_MONTH_FIRST = re.compile(r"(?P<word>[a-z]+)\.? (?P<day>\d{1,2}),? (?P<year>\d{4})", re.ASCII)
_DAY_FIRST = re.compile(r"(?P<day>\d{1,2})[- ](?P<word>[a-z]+)\.?,?[- ](?P<year>\d{4})", re.ASCII)


def day_in(cell: Cell) -> date:
    """The calendar date in a cell: a date, or text in ISO or American order. Raises `Unfit`."""
    if isinstance(cell.value, datetime):
        return cell.value.date()
    if isinstance(cell.value, date):
        return cell.value
    if isinstance(cell.value, str):
        return parse_day(cell.value)
    raise Unfit("is not a date; format the column as a date, or write it as 2025-02-26")


def parse_day(text: str) -> date:
    """2025-02-26, 2/26/2025 (month first, as the United States write it), Feb. 26, 2025 or 26-Feb-2025.

    Raises `Unfit`, also for a year of two digits.
    """
    written = " ".join(text.split()).casefold()
    for pattern in (_ISO, _AMERICAN, _MONTH_FIRST, _DAY_FIRST):
        found = pattern.fullmatch(written)
        if found is None:
            continue
        parts = found.groupdict()
        month = _month(parts["word"]) if "word" in parts else int(parts["month"])
        try:
            return date(int(parts["year"]), month, int(parts["day"]))
        except ValueError as error:
            raise Unfit("is a day that no calendar has") from error
    if re.fullmatch(r"\d{1,2}[-/.]\d{1,2}[-/.]\d{2}", written, re.ASCII):
        raise Unfit("has a year of two digits; write all four")
    raise Unfit("is not a date; write it as 2025-02-26")


def list_date(file_name: str) -> date | None:
    """The date a list's file name carries, as in "list-20210113.xlsx" or "list05182026am.xlsx"; else none."""
    for digits in re.findall(r"\d{8}", file_name, re.ASCII):
        for order in ("%Y%m%d", "%m%d%Y"):
            try:
                day = datetime.strptime(digits, order).date()  # noqa: DTZ007
            except ValueError:
                continue
            if 1996 <= day.year < 2100:
                return day
    return None


def _month(word: str) -> int:
    month = _MONTHS.get(word[:3])
    full = (
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    )
    if month is None or not (full[month - 1].startswith(word) or word == "sept"):
        raise Unfit("is not a date; write it as 2025-02-26")
    return month
