"""How complaints and allegations end, and how often in a way that says little. Reads only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, or_, select

from workflow.cases.access import sees
from workflow.complaints import matters
from workflow.complaints.definitions import (
    CATCH_ALL_DISPOSITIONS,
    CATCH_ALL_REASONS,
    CATCH_ALL_TYPES,
    CLOSING_MEANS,
    DISPOSITION_MEANS,
)
from workflow.complaints.facts import CLOSING_REASONS, DISPOSITIONS
from workflow.complaints.models import Allegation, Complaint
from workflow.db.session import session
from workflow.engine.actors import Actor


@dataclass(frozen=True, slots=True)
class Ending:
    """How often something ended in one way, what that means, and whether it says little."""

    title: str
    means: str
    number: int
    share: str
    says_little: bool


def endings(actor: Actor) -> tuple[tuple[str, list[Ending]], ...]:
    """How allegations and complaints this person may see ended, and what they are about. Three queries."""
    about = (
        select(Allegation.code, func.count())
        .join(Complaint, Complaint.id == Allegation.complaint_id)
        .where(sees(actor))
        .group_by(Allegation.code)
    )
    disposed = (
        select(Allegation.disposition, func.count())
        .join(Complaint, Complaint.id == Allegation.complaint_id)
        .where(sees(actor), Allegation.disposition.is_not(None))
        .group_by(Allegation.disposition)
    )
    closed = (
        select(Complaint.closing_reason, func.count())
        .where(sees(actor), Complaint.closing_reason.is_not(None))
        .group_by(Complaint.closing_reason)
    )
    return (
        (
            "Allegations, by disposition",
            _told(disposed, DISPOSITIONS, DISPOSITION_MEANS, CATCH_ALL_DISPOSITIONS),
        ),
        (
            "Complaints without a finding, by reason",
            _told(closed, CLOSING_REASONS, CLOSING_MEANS, CATCH_ALL_REASONS),
        ),
        (
            "Allegations, by what they are about",
            _told(about, tuple(matters.titles().items()), matters.meanings(), CATCH_ALL_TYPES),
        ),
    )


def _told(
    query: Select[Any, Any],
    listed: tuple[tuple[str, str], ...],
    means: dict[str, str],
    little: frozenset[str],
) -> list[Ending]:
    found = {str(row[0]): int(row[1]) for row in session().execute(query)}
    total = sum(found.values())
    return [
        Ending(
            title=title,
            means=means[code],
            number=(number := found.get(code, 0)),
            share=f"{100 * number / total:.0f} %" if total else "none yet",
            says_little=code in little,
        )
        for code, title in listed
    ]


@dataclass(frozen=True, slots=True)
class Share:
    """How many of something say little."""

    title: str
    number: int
    of: int

    @property
    def words(self) -> str:
        """Such as "3 of 40, 8 %"."""
        return f"{self.number} of {self.of}, {100 * self.number / self.of:.0f} %" if self.of else "none yet"


def catch_alls(actor: Actor) -> tuple[Share, ...]:
    """How much of what this person may see says little: types, dispositions, closings. Two queries."""
    little = or_(
        Allegation.disposition.in_(CATCH_ALL_DISPOSITIONS), Allegation.closing_reason.in_(CATCH_ALL_REASONS)
    )
    alleged = (
        select(
            func.count(),
            func.count().filter(Allegation.code.in_(CATCH_ALL_TYPES)),
            func.count(Allegation.disposition),
            func.count().filter(Allegation.disposition.is_not(None), little),
        )
        .join(Complaint, Complaint.id == Allegation.complaint_id)
        .where(sees(actor))
    )
    closed = select(func.count(), func.count().filter(Complaint.closing_reason.in_(CATCH_ALL_REASONS))).where(
        sees(actor), Complaint.closing_reason.is_not(None)
    )
    alleged_all, other, disposed, vague = session().execute(alleged).one()
    closed_all, said_little = session().execute(closed).one()
    return (
        Share("Allegations about “something else”", other, alleged_all),
        Share("Allegations with an ending that says little", vague, disposed),
        Share("Complaints closed without a finding for a reason that says little", said_little, closed_all),
    )
