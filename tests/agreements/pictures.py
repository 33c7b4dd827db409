"""Pictures of agreements for pure tests: facts in any state, under any model, without a database."""

from __future__ import annotations

from datetime import UTC, date, datetime
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from workflow.agreements.facts import MEASURED, AgreementFacts, State
from workflow.engine.calendar import OfficeCalendar
from workflow.policy.book import Book
from workflow.policy.standard import BOOK

#: Monday 5 January 2026, nine in the morning in New York.
NOW = datetime(2026, 1, 5, 14, tzinfo=UTC)
TODAY = date(2026, 1, 5)
CALENDAR = OfficeCalendar(ZoneInfo("America/New_York"))


def picture(state: str, *, model: str = "WSO", book: Book = BOOK, **more: Any) -> AgreementFacts:
    """An agreement in a state, as its rules see it."""
    given: dict[str, Any] = {
        "version": 1,
        "calendar": CALENDAR,
        "spans": MappingProxyType({limit.name: book.span(limit, model=model) for limit in MEASURED}),
        "templates": frozenset(t.revision for t in book.templates if t.model == model),
        "offices": frozenset({"ATL", "BOS"}),
        "times": {"register": 1},
        **more,
    }
    return AgreementFacts(state=State(state), **given)
