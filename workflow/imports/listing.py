"""A list of another system, declared: its columns, what they hold, and what a line of it comes to. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, TypeAlias


class Holds(StrEnum):
    """What is in a column: one line, words of any length, a day, or a value that has a code here."""

    LINE = "line"
    WORDS = "words"
    DAY = "day"
    CODE = "code"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of ours. `called` are its names elsewhere, in small letters and digits, likeliest first."""

    name: str
    says: str
    holds: Holds = Holds.LINE
    needed: bool = False
    called: tuple[str, ...] = ()
    #: (code, label) a value can be translated to.
    codes: tuple[tuple[str, str], ...] = ()
    longest: int = 200
    #: Never repeated in what is said about a row: that is printed, and kept in logs.
    personal: bool = False
    #: Whether a day may lie after the day of the import.
    may_come: bool = False
    #: What becomes of a value without a translation.
    unmapped: str = "left open"


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row that is not taken, and why; `number` is what a spreadsheet program shows beside it."""

    number: int
    column: str
    value: str
    reason: str


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that can be read: texts, days and codes by our column; what is empty is not there.

    `parts` has the columns in which its rows may differ, a row each; `number` is its first row.
    """

    number: int
    reference: str
    values: Mapping[str, Any]
    digest: str
    parts: tuple[Mapping[str, Any], ...] = ()

    def text(self, name: str) -> str:
        found = self.values.get(name, "")
        assert isinstance(found, str)
        return found

    def day(self, name: str) -> date | None:
        found = self.values.get(name)
        assert found is None or isinstance(found, date)
        return found


#: Our column, and why a line cannot be taken.
Objection: TypeAlias = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Listing:
    """`name` as the command says it, `one` of its things in words; `objections` look at a whole line."""

    name: str
    one: str
    columns: tuple[Column, ...]
    objections: Callable[[Line], Iterable[Objection]] = lambda _line: ()
    #: Columns in which several rows of one thing may differ; none: a thing is one row.
    parts: tuple[str, ...] = ()

    def column(self, name: str) -> Column:
        return next(c for c in self.columns if c.name == name)


@dataclass
class Read:
    """What a file holds: lines that can be taken, rows that cannot, and what was not understood."""

    rows: int = 0
    lines: list[Line] = field(default_factory=list)
    refused: list[RefusedRow] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    #: Values without a translation: (our column, theirs) and how often.
    unmapped: Counter[tuple[str, str]] = field(default_factory=Counter)


REFERENCE = Column(
    "reference",
    "the other system's own number",
    needed=True,
    called=("reference", "number", "id", "caseid", "casenumber"),
    longest=80,
)
#: How a line names the agreement it is about: by our reference, or by the agency and the model.
AGREEMENT = (
    Column("agreement", "our reference of the agreement", called=("agreement", "agreementreference")),
    Column("agency", "the agency's name", called=("agency", "lea", "lawenforcementagency", "partner")),
    Column("agency_state", "the state it lies in", called=("state", "agencystate")),
    Column("model", "JEM, WSO …", called=("model", "supporttype", "program")),
)
