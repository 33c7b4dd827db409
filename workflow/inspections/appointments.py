"""What announcing a visit, the agency's answer, an attempt and time leave to be done, beside the states.

Each is a follow-up with a task of its own; what has come settles it. The steps are in `steps`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select

from workflow.cases import followups, tasks
from workflow.cases.access import case_for
from workflow.cases.calendars import calendar_of
from workflow.cases.for_cause import PAGE, REFUSED
from workflow.cases.kinds import House, Reaction
from workflow.cases.models import Case, Clock, Event
from workflow.cases.promises import FollowUp
from workflow.db.retry import retried
from workflow.db.session import session, transaction
from workflow.engine.actors import SYSTEM, Role
from workflow.engine.effects import Limit
from workflow.inspections.attempts import NEXT, NextStep
from workflow.inspections.facts import ANOTHER_DAY, ATTEMPTS, FOR_CAUSE, OTHER_DAY, State
from workflow.inspections.models import Inspection
from workflow.policy.queries import book

CONFIRMATION, DOCUMENTS = "confirmation", "documents"
#: What the follow-ups of a visit are called in a history.
PROMISES: Final = {
    CONFIRMATION: "Whether the visit can take place",
    DOCUMENTS: "Documents that did not come",
    **{step.kind: step.title for step in NEXT.values()},
}
CONFIRM_WITHIN: Final = Limit("inspection.confirmation")
CHASE_WITHIN: Final = Limit("inspection.chase_documents")
#: How the settled ones ended, as a code of the follow-up.
CAME, MOVED_ON = "came", "moved_on"
#: What is over once the visit is held, put off or called off. What follows a refusal is decided all the same.
_OF_THE_DAY: Final = (CONFIRMATION, DOCUMENTS, *(NEXT[a].kind for a, _ in ATTEMPTS if a != "access_refused"))


@dataclass(frozen=True, slots=True)
class Attempt:
    """An attempt as the page shows it: when, what happened, and the next step with how it stands."""

    at: datetime
    what: str
    step: NextStep
    is_open: bool
    due_at: datetime | None


def announced(house: House, case: Any, event: Event, now: datetime) -> None:
    """After a notice somebody asks the agency whether the visit can take place, on its day at the latest."""
    assert isinstance(case, Inspection)
    due_at = _within(case, CONFIRM_WITHIN, event.occurred_at)
    if case.scheduled_on is not None:
        due_at = min(due_at, calendar_of(case.office_id).end_of(case.scheduled_on))
    _promise(
        house, case, CONFIRMATION, "Ask the agency to confirm the visit", Role.INSPECTOR, due_at, event, now
    )


def answered(house: House, case: Any, event: Event, now: datetime) -> None:
    """The agency's answer came; where it asks for another day a manager decides."""
    assert isinstance(case, Inspection)
    followups.settle(house, case, CONFIRMATION, None, SYSTEM, CAME, now=now)
    if event.codes["reply"] == ANOTHER_DAY:
        _next(house, case, NEXT[OTHER_DAY], event, now)
    else:
        followups.settle(house, case, NEXT[OTHER_DAY].kind, None, SYSTEM, MOVED_ON, now=now)


def attempted(house: House, case: Any, event: Event, now: datetime) -> None:
    """Each sort of attempt leaves its own next step, due by the policy."""
    assert isinstance(case, Inspection)
    _next(house, case, NEXT[event.codes["attempt"]], event, now)


def documents_came(house: House, case: Any, _event: Event, now: datetime) -> None:
    """Nobody asks for documents that are here."""
    assert isinstance(case, Inspection)
    followups.settle(house, case, DOCUMENTS, None, SYSTEM, CAME, now=now)


def day_is_over(house: House, case: Any, _event: Event, now: datetime) -> None:
    """The visit is held, put off or called off: what was to be done for that day is not any more."""
    assert isinstance(case, Inspection)
    for row in followups.open_ones(case):
        if row.kind in _OF_THE_DAY:
            followups.end(house, row, case, SYSTEM, "kept", MOVED_ON, None, now=now)


def _next(house: House, inspection: Inspection, step: NextStep, event: Event, now: datetime) -> None:
    if followups.open_ones(inspection, step.kind):
        return
    due_at = _within(inspection, step.limit, event.occurred_at)
    _promise(house, inspection, step.kind, step.title, step.role, due_at, event, now)


def _promise(
    house: House,
    inspection: Inspection,
    kind: str,
    title: str,
    role: Role,
    due_at: datetime,
    event: Event | None,
    now: datetime,
) -> None:
    """Promise it once; what an inspector has to do is the lead's."""
    session().flush()
    holder = inspection.owner_id if role is Role.INSPECTOR else None
    after = event.version if event is not None else None
    # What follows a refusal is whether to inspect for cause, unless that is what was refused.
    page = PAGE if kind == REFUSED and inspection.kind_of != FOR_CAUSE else None
    followups.promise(
        house, inspection, kind, title, role, due_at=due_at, now=now, holder_id=holder, page=page, after=after
    )


def _within(inspection: Inspection, limit: Limit, at: datetime) -> datetime:
    calendar = calendar_of(inspection.office_id)
    return tasks.within(inspection, limit, book=book(inspection.policy_id), calendar=calendar, at=at)


# --- as time passes -------------------------------------------------------------------------------


def chase_documents(house: House, now: datetime) -> int:
    """Open a task for every request whose documents did not come in time; once for each. How many."""
    chased = (
        select(FollowUp.id)
        .where(
            FollowUp.case_id == Clock.case_id,
            FollowUp.kind == DOCUMENTS,
            FollowUp.promised_at > Clock.due_at,
        )
        .exists()
    )
    late = (
        select(Case.reference)
        .join(Clock, Clock.case_id == Case.id)
        .where(
            Case.kind == "inspection",
            Case.state.in_((State.NOTIFIED, State.IN_PROGRESS)),
            Clock.name == "documents",
            Clock.stopped_at.is_(None),
            Clock.due_at < now,
            ~chased,
        )
        .order_by(Case.id)
    )
    return sum(_chase(house, reference, now=now) for reference in session().scalars(late).all())


@retried
def _chase(house: House, reference: str, *, now: datetime) -> bool:
    """Looked at again with the case locked: twice at once, the second finds it done."""
    with transaction() as s, s.no_autoflush:
        inspection = case_for(SYSTEM, reference, lock=True)
        assert isinstance(inspection, Inspection)
        clock = next(c for c in inspection.clocks if c.name == DOCUMENTS)
        is_late = clock.stopped_at is None and clock.due_at is not None and clock.due_at < now
        known = [row for row in followups.of_case(inspection) if row.kind == DOCUMENTS]
        if not is_late or any(clock.due_at and row.promised_at > clock.due_at for row in known):
            return False
        due_at = _within(inspection, CHASE_WITHIN, now)
        title = "Ask for the documents that did not come"
        _promise(house, inspection, DOCUMENTS, title, Role.INSPECTOR, due_at, None, now)
        s.flush()
        return True


# --- on the page ----------------------------------------------------------------------------------


def attempts_of(inspection: Inspection) -> tuple[Attempt, ...]:
    """The attempts at this visit, the latest first, each with its next step. Two queries where there are."""
    found = select(Event).where(Event.case_id == inspection.id, Event.verb == "record_attempt")
    events = list(session().scalars(found.order_by(Event.version.desc())))
    if not events:
        return ()
    rows = followups.of_case(inspection)
    return tuple(_attempt(event, rows) for event in events)


def _attempt(event: Event, rows: list[FollowUp]) -> Attempt:
    code = event.codes["attempt"]
    step = NEXT[code]
    # An attempt while the same is still to be done adds no second task.
    own = [row for row in rows if row.kind == step.kind and row.promised_at_version <= event.version]
    row = own[-1] if own else None
    is_open = row is not None and row.outcome is None
    return Attempt(event.occurred_at, dict(ATTEMPTS)[code], step, is_open, row.due_at if row else None)


_OVER: Final[tuple[Reaction, ...]] = (day_is_over,)
#: What the steps of a visit lead to.
REACTIONS: Final[Mapping[tuple[str, str], tuple[Reaction, ...]]] = {
    ("inspection", "notify"): (announced,),
    ("inspection", "confirm_visit"): (answered,),
    ("inspection", "record_attempt"): (attempted,),
    ("inspection", "receive_documents"): (documents_came,),
    ("inspection", "begin"): _OVER,
    ("inspection", "postpone"): _OVER,
    ("inspection", "cancel"): _OVER,
    ("inspection", "lapse"): _OVER,
    ("inspection", "complete_fieldwork"): _OVER,
}
