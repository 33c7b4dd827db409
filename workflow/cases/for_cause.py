"""An inspection for cause is proposed by what happened, never ordered: why, once a cause, what came of it.

A proposal is a follow-up of the case that gives cause, so that undoing the step takes it back. Accepting one
opens an inspection and is done in `inspections.for_cause`; what gives cause is written in `reactions`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Select, and_, select

from workflow.cases import tasks
from workflow.cases.access import case_for, sees
from workflow.cases.calendars import calendar_of
from workflow.cases.followups import end, promise, words_of
from workflow.cases.kinds import House
from workflow.cases.models import Case, Clock
from workflow.cases.promises import FollowUp
from workflow.db.session import session
from workflow.engine.actors import SYSTEM, Actor, Role
from workflow.engine.calendar import day_words
from workflow.engine.effects import Limit
from workflow.people.queries import names
from workflow.policy.duties import IN_FORCE
from workflow.policy.queries import book
from workflow.register.models import Agency, Agreement

#: What a manager is asked.
TITLE: Final = "Decide whether to inspect for cause"
#: Where it is decided.
PAGE: Final = "inspections.decide_cause"
DECIDE: Final = Limit("inspection.for_cause")
#: Who decides, and who else looks on.
DECIDERS: Final = frozenset({Role.MANAGER, Role.PROGRAMME_MANAGER})
READERS: Final = DECIDERS | {Role.AUDITOR}

COMPLAINT, REPEATS, LATE, REFUSED = (
    "sustained_complaint",
    "repeat_deficiencies",
    "late_correction",
    "access_refused",
)
CAUSES: Final = (COMPLAINT, REPEATS, LATE, REFUSED)
ACCEPTED, DECLINED, OVER = "inspection_opened", "not_inspected", "agreement_over"
#: What is promised on the cases that give cause, and what can come of it, in words.
PROMISES: Final[Mapping[str, str]] = {
    COMPLAINT: "Inspection for cause, after a sustained allegation",
    REPEATS: "Inspection for cause, after two repeat deficiencies",
    LATE: "Inspection for cause, after a late correction",
    REFUSED: "Inspection for cause, after access was refused",
    ACCEPTED: "An inspection for cause was opened",
    DECLINED: "No inspection for cause, with reasons",
    OVER: "The agreement ended first",
    "undone": "The step that gave cause was undone",
}


def propose(
    house: House, case: Case, cause: str, *, after: int | None = None, now: datetime
) -> FollowUp | None:
    """Ask a manager whether to inspect the agreement of a case, which is locked; None if that was asked.

    None too where no agreement is in force; while it is suspended, the proposal waits. `after` is
    the version that gave cause. What follows a refusal of access is promised with the other attempts.
    """
    agreement = session().get(Agreement, case.agreement_id) if case.agreement_id else None
    if agreement is None or agreement.status not in IN_FORCE or _was_proposed(case, cause):
        return None
    calendar = calendar_of(case.office_id)
    due_at = tasks.within(case, DECIDE, book=book(case.policy_id), calendar=calendar, at=now)
    return promise(house, case, cause, TITLE, Role.MANAGER, due_at=due_at, now=now, page=PAGE, after=after)


def _was_proposed(case: Case, cause: str) -> bool:
    """Whether it stands or was decided; one that was undone may come again."""
    found = select(FollowUp.result).where(FollowUp.case_id == case.id, FollowUp.kind == cause)
    return any(result != "undone" for result in session().scalars(found))


def last_proposed(agreement_id: int, cause: str) -> int:
    """The latest case of an agreement that a cause was proposed from, by its id; 0 for none."""
    found = (
        select(Case.id)
        .join(FollowUp, FollowUp.case_id == Case.id)
        .where(Case.agreement_id == agreement_id, FollowUp.kind == cause)
        .order_by(Case.id.desc())
        .limit(1)
    )
    return session().scalar(found) or 0


def agreement_over(house: House, agreement_id: int, *, now: datetime) -> None:
    """Nothing is left to inspect: what was proposed under an agreement is proposed no longer."""
    found = (
        select(FollowUp, Case.reference)
        .join(Case, FollowUp.case_id == Case.id)
        .where(Case.agreement_id == agreement_id, FollowUp.page == PAGE, FollowUp.outcome.is_(None))
        .order_by(Case.id, FollowUp.number)
    )
    for row, reference in session().execute(found).all():
        # What else the end did to the case is written first: it is read afresh.
        session().flush()
        case = case_for(SYSTEM, reference, lock=True)
        end(house, row, case, SYSTEM, "cancelled", OVER, None, now=now)


# --- reading --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Proposal:
    """A proposal as it is listed: of which agreement, the sentence that explains it, what came of it."""

    reference: str
    number: int
    agreement: str
    agency: str
    model: str
    cause: str
    sentence: str
    proposed_at: datetime
    due_at: datetime
    zone: str
    result: str | None = None
    decided_at: datetime | None = None
    decided_by: str | None = None
    reasons: str | None = None

    @property
    def is_open(self) -> bool:
        return self.result is None


def proposals(
    house: House,
    actor: Actor,
    *,
    agreement_id: int | None = None,
    is_open: bool | None = None,
    limit: int = 50,
) -> list[Proposal]:
    """The proposals whose case and agreement this person may see, open ones first. Two queries, or three.

    Nobody but a manager, headquarters and the auditors sees any.
    """
    if not actor.roles & READERS:
        return []
    found = _seen(actor)
    if agreement_id is not None:
        found = found.where(Agreement.id == agreement_id)
    if is_open is not None:
        found = found.where(FollowUp.outcome.is_(None) if is_open else FollowUp.outcome.is_not(None))
    newest = (FollowUp.outcome.is_not(None), FollowUp.promised_at.desc(), FollowUp.id.desc())
    rows = session().execute(found.order_by(*newest).limit(limit)).all()
    people = names({row.ended_by_id for row, *_ in rows if row.ended_by_id})
    return [_proposal(house, actor, *row, people=people) for row in rows]


def waiting_for(actor: Actor) -> int:
    """How many proposals wait that this person may see. One query, none for who sees none."""
    if not actor.roles & READERS:
        return 0
    found = _seen(actor).where(FollowUp.outcome.is_(None)).with_only_columns(FollowUp.id)
    return len(session().execute(found).all())


def _seen(actor: Actor) -> Select[*tuple[Any, ...]]:
    lives = select(Case.agreement_id).where(Case.kind == "agreement", sees(actor)).correlate(None)
    return (
        select(FollowUp, Case, Agreement, Agency.name, Clock.original_due_at)
        .join(Case, FollowUp.case_id == Case.id)
        .join(Agreement, Agreement.id == Case.agreement_id)
        .join(Agency, Agency.id == Agreement.agency_id)
        .outerjoin(Clock, and_(Clock.case_id == Case.id, Clock.name == "correct"))
        .where(FollowUp.page == PAGE, sees(actor), Agreement.id.in_(lives))
    )


def _proposal(
    house: House,
    actor: Actor,
    row: FollowUp,
    case: Case,
    agreement: Agreement,
    agency: str,
    owed_at: datetime | None,
    *,
    people: Mapping[int, str],
) -> Proposal:
    calendar = calendar_of(case.office_id)
    return Proposal(
        reference=case.reference,
        number=row.number,
        agreement=agreement.reference,
        agency=agency,
        model=agreement.model,
        cause=row.kind,
        sentence=sentence(
            row.kind,
            case,
            calendar.day_of(row.promised_at),
            calendar.day_of(owed_at) if owed_at else None,
        ),
        proposed_at=row.promised_at,
        due_at=row.due_at,
        zone=str(calendar.zone),
        result=row.result,
        decided_at=row.ended_at,
        decided_by=people.get(row.ended_by_id or 0),
        reasons=words_of(house, case, row) if house.kind_of(case).reads(actor, case) else None,
    )


def sentence(cause: str, case: Case, on: date, owed_on: date | None) -> str:
    """Why it is proposed. Whoever complained is in no word of it, and the complaint is not named."""
    day = day_words(on)
    match cause:
        case "sustained_complaint":
            return f"On {day} an allegation of tier 1 or 2 concerning this agreement was sustained."
        case "repeat_deficiencies":
            return (
                f"Two deficiencies under this agreement that had been found before were found again, "
                f"the latest on record on {day} at inspection {case.reference}."
            )
        case "late_correction":
            until = f"was due on {day_words(owed_on)} and" if owed_on else "is late and"
            given = "more time that was given does not count"
            return f"The correction {case.reference} {until} had not come by {day}; {given}."
        case _:
            return f"Access was refused at inspection {case.reference}; that was recorded on {day}."


def of_case(house: House, actor: Actor, reference: str, number: int) -> Proposal | None:
    """One proposal; None for hidden and missing alike."""
    found = _seen(actor).where(Case.reference == reference, FollowUp.number == number)
    row = session().execute(found).one_or_none()
    if row is None or not actor.roles & READERS:
        return None
    people = names({row[0].ended_by_id}) if row[0].ended_by_id else {}
    return _proposal(house, actor, *row, people=people)
