"""What time does to training: a reminder ahead, and a task to restrict functions when it lapsed.

Computed afresh from the register at every sweep, so that a sweep that did not run loses nothing.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from sqlalchemy import or_, select

from workflow.agreements.models import AgreementLife
from workflow.cases.access import case_for
from workflow.cases.calendars import HEADQUARTERS_ZONE, calendar_of, in_zone
from workflow.cases.clocks import span_for
from workflow.cases.followups import open_ones, promise, settle
from workflow.cases.kinds import House
from workflow.cases.promises import FollowUp
from workflow.db.retry import retried
from workflow.db.session import session, transaction
from workflow.engine.actors import SYSTEM, Role
from workflow.engine.calendar import day_words
from workflow.engine.effects import Limit
from workflow.engine.spans import CalendarDays
from workflow.policy import queries as policy
from workflow.policy.duties import OWING
from workflow.register.models import Officer
from workflow.register.queries import officers_standing
from workflow.register.training import Standing

REMIND: Final = Limit("training.remind")
REMIND_AGAIN: Final = Limit("training.remind_again")
RESTRICT_WITHIN: Final = Limit("training.restrict")
#: Kinds of follow-up: one a life for what is due, one an officer for what lapsed.
AHEAD, RESTRICT = "training_ahead", "restrict_officer"
PROMISES: Final = {
    AHEAD: "Training due soon",
    RESTRICT: "Restricting an officer's functions",
    "current": "Everybody is trained again",
    "not_in_force": "Nobody acts under the agreement now",
    "done": "Done",
    "nothing_yet": "Nothing yet",
    "undone": "The step that promised it was undone",
    "cancelled": "Cancelled",
}


def watch(house: House, now: datetime) -> int:
    """Open what became due, end what was seen to; how many agreements were touched."""
    owed = select(FollowUp.case_id).where(FollowUp.outcome.is_(None), FollowUp.kind.in_((AHEAD, RESTRICT)))
    found = select(AgreementLife.reference, AgreementLife.agreement_id, AgreementLife.state).where(
        or_(AgreementLife.state.in_(OWING), AgreementLife.id.in_(owed)),
        AgreementLife.agreement_id.in_(select(Officer.agreement_id)),
    )
    rows = session().execute(found).all()
    today = in_zone(HEADQUARTERS_ZONE).day_of(now)
    book = policy.in_force(today)[1] if rows else None
    if book is None:
        return 0
    stands = officers_standing([row.agreement_id for row in rows], today, book)
    waiting = _waiting([row.agreement_id for row in rows])
    touched = 0
    for row in rows:
        of = {officer.id: standing for officer, standing in stands.get(row.agreement_id, [])}
        # Nobody acts under an agreement that is suspended or over.
        of = of if row.state in OWING else {}
        horizon = _days(book.span(REMIND))
        if waiting.get(row.agreement_id, set()) != _wanted(of, today, horizon):
            _set(house, row.reference, of, now=now)
            touched += 1
    return touched


def _wanted(of: dict[int, Standing], today: date, horizon: int) -> set[tuple[str, int | None]]:
    """What has to be open: (kind, officer)."""
    wanted: set[tuple[str, int | None]] = {
        (RESTRICT, officer_id) for officer_id, stands in of.items() if stands.acts and not stands.is_current
    }
    if _earliest(of, today, horizon) is not None:
        wanted.add((AHEAD, None))
    return wanted


def _earliest(of: dict[int, Standing], today: date, horizon: int) -> date | None:
    due = [stands.next.on for stands in of.values() if stands.acts and stands.next is not None]
    return min((day for day in due if (day - today).days <= horizon), default=None)


def _waiting(agreement_ids: list[int]) -> dict[int, set[tuple[str, int | None]]]:
    found = (
        select(AgreementLife.agreement_id, FollowUp.kind, FollowUp.about)
        .join(FollowUp, FollowUp.case_id == AgreementLife.id)
        .where(
            AgreementLife.agreement_id.in_(agreement_ids),
            FollowUp.outcome.is_(None),
            FollowUp.kind.in_((AHEAD, RESTRICT)),
        )
    )
    open_now: dict[int, set[tuple[str, int | None]]] = {}
    for agreement_id, kind, about in session().execute(found):
        if agreement_id is not None:
            open_now.setdefault(agreement_id, set()).add((kind, about))
    return open_now


@retried
def _set(house: House, reference: str, of: dict[int, Standing], *, now: datetime) -> None:
    """Make what is open what should be, with the life locked; twice at once, the second finds it done."""
    with transaction() as s, s.no_autoflush:
        life = case_for(SYSTEM, reference, lock=True)
        assert isinstance(life, AgreementLife)
        calendar = calendar_of(life.office_id)
        book = policy.in_force(calendar.day_of(now))[1]
        today, horizon = in_zone(HEADQUARTERS_ZONE).day_of(now), _days(book.span(REMIND))
        wanted = _wanted(of, today, horizon)
        there = {(row.kind, row.about) for row in open_ones(life) if row.kind in (AHEAD, RESTRICT)}
        for kind, about in sorted(there - wanted, key=str):
            came = "current" if life.state in OWING else "not_in_force"
            settle(house, life, kind, about, SYSTEM, came, now=now)
        for kind, about in sorted(wanted - there, key=str):
            if kind == RESTRICT:
                within = span_for(life, book, RESTRICT_WITHIN)
                due_at = calendar.due(now, within)
                title = f"Restrict the functions of officer {about}: training lapsed"
            else:
                earliest = _earliest(of, today, horizon)
                assert earliest is not None
                again = _days(book.span(REMIND_AGAIN))
                due_at = calendar.due(now, CalendarDays(max(0, (earliest - today).days - again)))
                title = f"See that officers are trained: the first is due on {day_words(earliest)}"
            promise(house, life, kind, title, Role.FIELD_SUPERVISOR, due_at=due_at, now=now, about=about)
        s.flush()


def _days(span: object) -> int:
    assert isinstance(span, CalendarDays), "reminders are counted in days"
    return span.n
