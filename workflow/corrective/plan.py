"""The plan of an agency: its parts as handed in, and what was said of each. Handed in by `plan_service`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import func, select

from workflow.cases import sealed
from workflow.cases.kinds import House
from workflow.cases.models import Event
from workflow.corrective.facts import POSITIONS
from workflow.corrective.models import CorrectiveAction, PlanElement, PlanVerdict
from workflow.corrective.sealed import words_of
from workflow.db.seal import Keyring
from workflow.db.session import session

ACCEPTED: Final = "accepted"
RETURNED: Final = "returned"


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a plan: agreed or not, what will be done, by which post, by when."""

    position: str
    action: str
    responsible: str
    target_on: date


@dataclass(frozen=True, slots=True)
class Reviewed(Part):
    """A part as it is shown, with what the last review said of it."""

    number: int
    outcome: str | None
    reason: str | None

    @property
    def stance(self) -> str:
        return dict(POSITIONS).get(self.position, "not said")


# --- what is kept -------------------------------------------------------------------------------


def keep_plan(house: House, case: Any, event: Event, _now: datetime) -> None:
    """A plan that was handed in on its own has one part: what the step was told."""
    assert isinstance(case, CorrectiveAction)
    if elements(case, event.version):
        return
    words = words_of(case, house.keyring)
    assert case.target_on is not None
    one = Part(case.position or "agree", words.action or "", words.responsible or "", case.target_on)
    session().add_all(rows(house, case, [one], version=event.version))


def keep_verdicts(house: House, case: Any, event: Event, now: datetime) -> None:
    """What was said of the whole plan was said of each part, where nothing else was."""
    assert isinstance(case, CorrectiveAction)
    parts = elements(case, latest(case))
    known = select(PlanVerdict.element_id).where(
        PlanVerdict.element_id.in_([e.id for e in parts]), PlanVerdict.case_version == event.version
    )
    judged = set(session().scalars(known))
    outcome = ACCEPTED if event.verb == "accept_plan" else RETURNED
    session().add_all(
        PlanVerdict(
            element_id=element.id,
            case_version=event.version,
            outcome=outcome,
            by_id=event.actor_id,
            at=now,
        )
        for element in parts
        if element.id not in judged
    )


def rows(house: House, case: CorrectiveAction, parts: Sequence[Part], *, version: int) -> list[PlanElement]:
    """The parts of one plan, sealed, to be added."""

    def keep(number: int, column: str, words: str) -> bytes:
        return sealed.keep(case, place(case, version, number, column), words, house.keyring)

    return [
        PlanElement(
            case_id=case.id,
            plan_version=version,
            number=n,
            position=part.position,
            action=keep(n, "action", part.action),
            responsible=keep(n, "responsible", part.responsible),
            target_on=part.target_on,
        )
        for n, part in enumerate(parts, start=1)
    ]


# --- reading ------------------------------------------------------------------------------------


def latest(case: CorrectiveAction) -> int:
    """The version at which the plan was handed in that stands now; 0 without one."""
    found = select(func.max(PlanElement.plan_version)).where(PlanElement.case_id == case.id)
    return session().scalar(found) or 0


def plan_of(case: CorrectiveAction, keyring: Keyring) -> list[Reviewed]:
    """The parts of the plan that stands now, each with what was last said of it. At most four queries."""
    version = latest(case)
    parts = elements(case, version)
    if not parts:
        return []
    undone = {
        codes["voids"]
        for codes in session().scalars(
            select(Event.codes).where(Event.case_id == case.id, Event.verb == "void")
        )
    }
    found = (
        select(PlanVerdict)
        .where(PlanVerdict.element_id.in_([e.id for e in parts]))
        .order_by(PlanVerdict.case_version)
    )
    last = {v.element_id: v for v in session().scalars(found) if v.case_version not in undone}
    return [_shown(case, element, last.get(element.id), keyring) for element in parts]


def _shown(
    case: CorrectiveAction, element: PlanElement, verdict: PlanVerdict | None, keyring: Keyring
) -> Reviewed:
    def read(column: str, kept: bytes | None) -> str | None:
        return sealed.read(case, place(case, element.plan_version, element.number, column), kept, keyring)

    return Reviewed(
        position=element.position,
        action=read("action", element.action) or "",
        responsible=read("responsible", element.responsible) or "",
        target_on=element.target_on,
        number=element.number,
        outcome=verdict.outcome if verdict else None,
        reason=read(f"reason:{verdict.case_version}", verdict.reason) if verdict else None,
    )


def elements(case: CorrectiveAction, version: int) -> list[PlanElement]:
    """The parts of the plan that was handed in at this version."""
    found = (
        select(PlanElement)
        .where(PlanElement.case_id == case.id, PlanElement.plan_version == version)
        .order_by(PlanElement.number)
    )
    return list(session().scalars(found))


def place(case: CorrectiveAction, version: int, number: int, column: str) -> str:
    """Where words of a part are sealed."""
    return f"plan_element:{case.reference}:{version}:{number}:{column}"
