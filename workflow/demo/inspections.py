"""Two years of made-up inspections and what was done about the deficiencies, taken there by real steps."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from random import Random
from typing import Any, Final

from sqlalchemy import select

from workflow.cases.access import case_for
from workflow.cases.kinds import House
from workflow.cases.models import Case
from workflow.corrective.models import CorrectiveAction
from workflow.db.session import session, transaction
from workflow.demo.agencies import Signed
from workflow.demo.people import Cast
from workflow.demo.walker import Script, Walker
from workflow.engine.actors import SYSTEM, Actor, Role
from workflow.engine.machine import Ask, Refused
from workflow.inspections.answers import Given, answer_items
from workflow.inspections.facts import COMPLIANT, NOT_COMPLIANT, WITH_DEFICIENCIES
from workflow.inspections.findings import Draft, record_finding
from workflow.inspections.kind import items_of
from workflow.inspections.models import Inspection, ModelQualification
from workflow.inspections.service import open_for_cause, plan

NUMBER: Final = 190
_MADE_UP: Final = "Made up for the demonstration."


def _answer(house: House, case: Case, actor: Actor, now: datetime, chance: Random) -> None:
    """Fill in the checklist; some items fail, and a deficiency is written for each."""
    assert isinstance(case, Inspection)
    items = items_of(case)
    _fill_in(house, case, actor, now, chance, {item.code for item in items if chance.random() < 0.045})


def _answer_with_one_minor(house: House, case: Case, actor: Actor, now: datetime, chance: Random) -> None:
    """Fill in the checklist with one small deficiency, which an agency can put right."""
    assert isinstance(case, Inspection)
    small = next(item.code for item in items_of(case) if not item.critical)
    _fill_in(house, case, actor, now, chance, {small}, minor=True)


def _fill_in(
    house: House,
    case: Inspection,
    actor: Actor,
    now: datetime,
    chance: Random,
    failing: set[str],
    *,
    minor: bool = False,
) -> None:
    items = items_of(case)
    given = {
        item.code: Given("no" if item.code in failing else "yes", _MADE_UP if item.code in failing else None)
        for item in items
    }
    answer_items(house, case.reference, actor, given, now=now)
    for item in items:
        if item.code in failing:
            grave = "critical" if item.critical and chance.random() < 0.4 else "major"
            draft = Draft(
                item=item.code,
                result="deficiency",
                clause=item.clause,
                class_code=grave if not minor and chance.random() < 0.4 else "minor",
                evidence=_MADE_UP,
            )
            seen = case_for(SYSTEM, case.reference).version
            record_finding(house, case.reference, actor, draft, seen=seen, now=now)


def _rating(case: Case, _ask: Ask, _now: datetime, _chance: Random) -> Any:
    assert isinstance(case, Inspection)
    found = [f.class_code for f in case.findings if f.is_deficiency]
    if not found:
        return COMPLIANT
    grave = "critical" in found or found.count("major") >= 3
    return NOT_COMPLIANT if grave else WITH_DEFICIENCIES


def _day(days: int) -> Callable[[Case, Ask, datetime, Random], date]:
    return lambda _case, _ask, now, _chance: (now + timedelta(days=days)).date()


INSPECTION: Final = Script(
    ways={
        "planned": {"schedule": 1.0},
        "scheduled": {"notify": 1.0, "postpone": 0.06},
        "postponed": {"reschedule": 1.0},
        "notified": {"begin": 1.0},
        "in_progress": {"complete_fieldwork": 1.0},
        "fieldwork_complete": {"draft_findings": 1.0},
        "findings_drafted": {"pass_review": 0.85, "send_back": 0.15},
        "with_agency": {"take_comments": 0.5, "comments_lapsed": 0.5},
        "ready_to_issue": {"issue_report": 1.0},
        "report_issued": {"close_clean": 1.0, "request_correction": 1.0},
        "verified": {"close": 1.0},
    },
    days={
        "planned": 9,
        "scheduled": 5,
        "postponed": 20,
        "notified": 22,
        "in_progress": 3,
        "fieldwork_complete": 13,
        "findings_drafted": 4,
        "with_agency": 12,
        "ready_to_issue": 6,
        "report_issued": 3,
        "verified": 5,
    },
    answers={
        "scheduled_on": _day(21),
        # Three days, the first one counted: as long as a visit on site may last.
        "until_on": _day(23),
        "new_on": _day(60),
        "unannounced": lambda *_: None,
        "second_reader": lambda *_: None,
        "summary": lambda *_: _MADE_UP,
        "comments": lambda *_: None,
        "rating": _rating,
    },
    prepare={"complete_fieldwork": _answer},
)

#: An inspection of which it is known that a correction will follow.
WITH_ONE_MINOR: Final = replace(INSPECTION, prepare={"complete_fieldwork": _answer_with_one_minor})

CORRECTIVE: Final = Script(
    ways={
        "open": {"submit_plan": 0.95, "correct_on_site": 0.05},
        "plan_submitted": {"accept_plan": 0.8, "return_plan": 0.2},
        "plan_accepted": {"claim_corrected": 1.0},
        "corrected": {"verify": 0.85, "reject_correction": 0.15},
    },
    days={"open": 16, "plan_submitted": 7, "plan_accepted": 38, "corrected": 9},
    answers={"target_on": _day(55), "note": lambda *_: None},
    asides=(("plan_accepted", "extend", 0.1),),
)


def qualify(cast: Cast, models: Sequence[str], *, today: datetime) -> None:
    """Everybody who conducts inspections was trained for every model, some years ago."""
    since = today.date() - timedelta(days=1500)
    with transaction() as s:
        s.add_all(
            ModelQualification(person_id=person.id, model=model, since=since)
            for person in cast.everybody
            if person.roles & {Role.INSPECTOR, Role.FIELD_SUPERVISOR}
            for model in models
        )


def fill(walker: Walker, signed: Sequence[Signed], *, echo: Callable[[str], None]) -> None:
    """Plan the inspections in order of time and walk each, and its corrections, as far as by today."""
    chance = walker.chance
    moments = sorted(walker.today - timedelta(days=chance.uniform(1, 700)) for _ in range(NUMBER))
    for number, moment in enumerate(moments):
        if number % 50 == 0:
            echo(f"Walking inspections through two years: {number} of {NUMBER} …")
        old_enough = [a for a in signed if a.signed_on + timedelta(days=60) < moment.date()]
        routine = [a for a in old_enough if a.model != "TFM"]
        one = chance.choice(routine if routine and chance.random() < 0.85 else old_enough)
        with transaction():
            reference = begin(walker, one, moment, for_cause=one.model == "TFM")
            if reference is None:
                continue
            walker.walk(reference, INSPECTION, begun=moment)
            _correct(walker, reference)


def begin(walker: Walker, one: Signed, moment: datetime, *, for_cause: bool) -> str | None:
    """A routine inspection, or one for cause where the model has no rhythm; None if one is under way."""
    try:
        if for_cause:
            manager = walker.people(Role.MANAGER, one.office_id)[0]
            return open_for_cause(
                walker.house, one.id, trigger="other", explanation=_MADE_UP, actor=manager, now=moment
            ).reference
        due = (moment + timedelta(days=75)).date()
        basis = "24 months after the last completed inspection"
        return plan(walker.house, one.id, due_on=due, basis=basis, now=moment).reference
    except Refused:
        return None


def _correct(walker: Walker, reference: str) -> None:
    """Walk the corrections of an inspection, then close it if all are settled."""
    inspection = case_for(SYSTEM, reference)
    for correction in corrections_of(inspection):
        walker.walk(correction.reference, CORRECTIVE, begun=correction.state_since)
    inspection = case_for(SYSTEM, reference)
    if inspection.state == "verified":
        walker.walk(reference, INSPECTION, begun=inspection.state_since)


def corrections_of(inspection: Case) -> Sequence[CorrectiveAction]:
    """What was opened for its deficiencies, in order."""
    return (
        session()
        .scalars(
            select(CorrectiveAction)
            .where(CorrectiveAction.caused_by_id == inspection.id)
            .order_by(CorrectiveAction.id)
        )
        .all()
    )
